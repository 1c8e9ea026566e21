"""Who presents."""

from __future__ import annotations

from server.detailing import access
from server.detailing.messages.lease import LeaseGiven, LeaseTaken, Presenter
from server.detailing.reads import presenter_of
from server.detailing.tables import Detailing
from server.people.identity import StaffMember
from server.store import Refusal, Transaction


def hand_over(tx: Transaction, detailing_id: str, to: str, epoch: int, *, by: StaffMember) -> int:
    """Give the lease to the rep or to an MSL who is in the session; returns its new epoch.

    Raises `Refusal`: `not_found`, `not_live`, `not_presenting`, `not_in_the_room`.
    """
    detailing = access.detailing_presented(tx.session, detailing_id, epoch, by)
    if to != detailing.rep_id and not access.is_in_the_room(tx.session, detailing_id, to):
        raise Refusal("not_in_the_room")
    return give_lease(tx, detailing, to)


def take_over(tx: Transaction, detailing_id: str, epoch: int, *, by: StaffMember) -> int:
    """Go on presenting from another screen, or from somebody else; returns the lease's new epoch.

    Raises `Refusal`: `not_found`, `not_live`, `not_presenting` when the lease is not of this epoch, or not an MSL's own.
    """
    detailing = access.detailing_attended(tx.session, detailing_id, by)
    if epoch != detailing.epoch or by.id not in (detailing.rep_id, detailing.presenter_id):
        raise Refusal("not_presenting")
    tx.announce(detailing.id, LeaseTaken(**_moved(tx, detailing, by.id).model_dump()))
    return detailing.epoch


def give_lease(tx: Transaction, detailing: Detailing, to: str) -> int:
    """Make the lease somebody's; returns its new epoch."""
    tx.announce(detailing.id, LeaseGiven(**_moved(tx, detailing, to).model_dump()))
    return detailing.epoch


def _moved(tx: Transaction, detailing: Detailing, to: str) -> Presenter:
    detailing.presenter_id, detailing.epoch = to, detailing.epoch + 1
    tx.session.flush()
    return presenter_of(tx.session, detailing)
