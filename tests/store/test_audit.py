"""The audit chain tells of whoever tampers with it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from server.store import Refusal, Store, Transaction
from server.store.transaction import broken_audit_entry

TAMPERED = {
    "a changed actor": "UPDATE audit SET actor = 'nobody' WHERE seq = 3",
    "a changed time": "UPDATE audit SET at = (SELECT at FROM audit WHERE seq = 1) WHERE seq = 3",
    "a changed detail": "UPDATE audit SET detail = '{\"number\": 33}' WHERE seq = 3",
    "a removed entry": "DELETE FROM audit WHERE seq = 3",
    "two that changed places": "UPDATE audit SET seq = CASE seq WHEN 3 THEN 103 WHEN 4 THEN 3 END WHERE seq IN (3, 4)",
}


@pytest.fixture
async def store(database: str) -> AsyncIterator[Store]:
    """A door behind which five things have happened."""
    store = Store(database)
    for number in range(1, 6):
        await store.change(lambda tx, number=number: tx.audit("tested", f"subject {number}", by="tests", number=number))
    yield store
    await store.close()


async def test_an_untouched_chain_holds(store: Store) -> None:
    assert await store.read(broken_audit_entry) is None


@pytest.mark.parametrize("statement", TAMPERED.values(), ids=TAMPERED)
async def test_tampering_is_found_where_it_happened(statement: str, store: Store) -> None:
    await store.change(lambda tx: tx.session.execute(text(statement)) and None)

    assert await store.read(broken_audit_entry) == 3


async def test_a_last_entry_that_was_removed_is_missed(store: Store) -> None:
    await store.change(lambda tx: tx.session.execute(text("DELETE FROM audit WHERE seq = 5")) and None)

    assert await store.read(broken_audit_entry) == 5


async def test_what_is_undone_leaves_no_link(store: Store) -> None:
    def audit_then_fail(tx: Transaction) -> None:
        tx.audit("tested", "subject", by="tests")
        raise Refusal("not_allowed")

    with pytest.raises(Refusal):
        await store.change(audit_then_fail)
    await store.change(lambda tx: tx.audit("tested", "subject", by="tests"))

    assert await store.read(broken_audit_entry) is None
