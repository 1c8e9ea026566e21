"""The only ways to reach an inquiry. For anyone but medical staff, every inquiry is as absent as one that never was."""

from __future__ import annotations

from sqlalchemy.orm import Session

from server.medical.tables import MedicalInquiry
from server.people.identity import StaffMember
from server.people.reads import staff_member
from server.store import Refusal


def inquiry_to_read(session: Session, inquiry_id: str, by: StaffMember) -> MedicalInquiry:
    """An inquiry on the desk. Raises `Refusal('not_found')`."""
    if not by.may_act_as("msl"):
        raise Refusal("not_found")
    found = session.get(MedicalInquiry, inquiry_id)
    if found is None:
        raise Refusal("not_found")
    return found


def inquiry_to_answer(session: Session, inquiry_id: str, by: StaffMember) -> MedicalInquiry:
    """An inquiry that this MSL has assigned to themselves.

    Raises `Refusal`: `not_found`, `already_answered`, `not_assigned_to_you`.
    """
    found = inquiry_to_read(session, inquiry_id, by)
    if found.state == "answered":
        raise Refusal("already_answered")
    if found.msl_id != by.id:
        raise Refusal("not_assigned_to_you", name=owner_name(session, found))
    return found


def owner_name(session: Session, inquiry: MedicalInquiry) -> str:
    """Who has the inquiry now, by name; empty when nobody has."""
    owner = None if inquiry.msl_id is None else staff_member(session, inquiry.msl_id)
    return "" if owner is None else owner.name
