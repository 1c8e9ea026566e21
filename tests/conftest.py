"""The house under test: the real app on a real port, an empty database a test, real browsers' requests and real sockets.

`database` has two values, so whatever reaches the store runs on SQLite and on PostgreSQL. Where a test changes who, when or what
is approved, `furnished` has the actions; where it speaks for itself on the wire, `running` has browsers and lines.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import furnished
import pytest
from furnished import Account, Invite, Invited, Join, Room, SignedIn
from postgresql import Cluster, NoPostgreSQL
from running import Browser, Line, Relais, free_port

from server.settings import Settings


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Cluster]:
    """One PostgreSQL for the whole run, started when the first test asks for it."""
    try:
        cluster = Cluster()
    except NoPostgreSQL as missing:
        pytest.fail(str(missing), pytrace=False)
    yield cluster
    cluster.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database: a file's path, or a URL."""
    if request.param == "sqlite":
        yield str(tmp_path / "relais.db")
        return
    cluster: Cluster = request.getfixturevalue("postgresql")
    with cluster.lend() as url:
        yield url


@pytest.fixture
def settings(database: str, tmp_path: Path) -> Settings:
    """The settings of the server under test."""
    port = free_port()
    return Settings(
        host="127.0.0.1",
        port=port,
        folder=tmp_path,
        database=database,
        public_url=f"http://127.0.0.1:{port}",
        embed_origins=("https://lab.invalid",),
        country="FR",
        laboratory="Laboratoire Fictif",
        secret=b"a secret of tests, 32 bytes long",
    )


@pytest.fixture
async def relais(settings: Settings) -> AsyncIterator[Relais]:
    """The server, running; it and every browser are closed after the test."""
    relais = Relais(settings)
    await relais.start()
    yield relais
    await relais.close()


@pytest.fixture
def sign_in(relais: Relais) -> SignedIn:
    """`await sign_in(account)`: a browser in which this member of staff has signed in."""

    async def signed_in(account: Account) -> Browser:
        browser = relais.browser()
        answer = await browser.sign_in(account.email, furnished.PASSWORD)
        assert answer.status == 303, answer.text
        return browser

    return signed_in


@pytest.fixture
async def rep(relais: Relais) -> Account:
    """Who presents."""
    return await furnished.account(relais, "Camille Fictive", "rep")


@pytest.fixture
async def msl(relais: Relais) -> Account:
    """Who answers for medical."""
    return await furnished.account(relais, "Sacha Exemple", "msl")


@pytest.fixture
async def importer(relais: Relais) -> Account:
    """Who brings content in."""
    return await furnished.account(relais, "Lou Essai", "content")


@pytest.fixture
async def content_manager(relais: Relais) -> Account:
    """Who approves what somebody else brought in."""
    return await furnished.account(relais, "Alix Maquette", "content")


@pytest.fixture
async def admin(relais: Relais) -> Account:
    """Who makes accounts."""
    return await furnished.account(relais, "Charlie Gestion", "admin")


@pytest.fixture
async def hcp(relais: Relais) -> str:
    """The golden record of Dr Claire Fictif-Martin: its id."""
    return await furnished.hcp(relais)


@pytest.fixture
async def deck(relais: Relais, importer: Account, content_manager: Account) -> str:
    """An approved deck of four slides: its edition id."""
    edition_id = await furnished.take_in(relais, furnished.deck(), by=importer)
    await furnished.approve(relais, edition_id, by=content_manager)
    return edition_id


@pytest.fixture
async def label(relais: Relais, importer: Account, content_manager: Account) -> str:
    """An approved summary of product characteristics (allopurinol): its edition id."""
    edition_id = await furnished.take_in(relais, furnished.label(), by=importer)
    await furnished.approve(relais, edition_id, by=content_manager)
    return edition_id


@pytest.fixture
async def detailing(relais: Relais, rep: Account, deck: str) -> str:
    """A session of the rep with the deck, planned for now: its id."""
    return await furnished.plan(relais, rep, deck)


@pytest.fixture
def invite(relais: Relais, rep: Account, detailing: str, hcp: str) -> Invite:
    """`await invite()`: link and code for the HCP (or `hcp_id=`) to the session (or `detailing_id=`)."""

    async def invited(*, hcp_id: str = hcp, detailing_id: str = detailing) -> Invited:
        return await furnished.invite(relais, rep, detailing_id, hcp_id)

    return invited


@pytest.fixture
def join(relais: Relais, sign_in: SignedIn, invite: Invite, rep: Account, msl: Account, detailing: str) -> Join:
    """`await join("hcp")`, `join("rep")`, `join("msl")`, `join("colleague")`, an MSL in the session: a joined line.

    An HCP comes in by `invitation=` (default: a fresh one for the usual HCP), with consent unless `tracking=False`; staff may be
    another one `by=`. The line carries its person's browser as `line.browser`.
    """

    async def joined(
        role: str,
        *,
        invitation: Invited | None = None,
        tracking: bool = True,
        by: Account | None = None,
        detailing_id: str = detailing,
    ) -> Line:
        if role == "hcp":
            browser = relais.browser()
            await browser.enter((invitation or await invite(detailing_id=detailing_id)).token, tracking=tracking)
            return await browser.line("hcp")
        someone = by or (rep if role == "rep" else msl)
        browser = await sign_in(someone)
        if role == "msl":
            return await browser.line("msl")
        if role == "colleague":
            await furnished.come_in(relais, someone, detailing_id)
        return await browser.line("rep" if role == "rep" else "msl", detailing_id=detailing_id)

    return joined


@pytest.fixture
async def room(join: Join, detailing: str) -> Room:
    """A session on its first slide with the rep and one consenting HCP in it."""
    rep, hcp = await join("rep"), await join("hcp")
    participant_id = hcp.snapshot["participant"]["id"]
    assert (await rep.call("admit_hcp", {"participant_id": participant_id}))["ok"]
    assert (await rep.call("start_detailing"))["ok"]
    await hcp.hears("admission_granted")
    await hcp.join({})
    await rep.hears("slide_shown")
    return Room(detailing, rep, hcp, participant_id)
