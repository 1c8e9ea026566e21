"""What may change in a session. Slides shown and viewed are hot: they speak Core."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, insert, select, update

from content.gate import Viewer
from content.model import Audience
from server.detailing import access
from server.detailing.messages import (
    AdmissionGranted,
    AdmissionRefused,
    DetailingEnded,
    DetailingStarted,
    HcpAdmitted,
    HcpArrived,
    HcpLeft,
    HcpRefused,
    SlideShown,
    SlideViewed,
)
from server.detailing.tables import Detailing, Invitation, Participant, ShownSlide, ViewedSlide
from server.library.reads import shows, slide_to_show
from server.people.actions import decide_consent, end_passes, give_pass, welcome_guest
from server.people.identity import StaffMember, Visitor
from server.people.reads import hcp as hcp_with
from server.people.tables import Guest
from server.store import Refusal, Transaction, new_id

TRACKING = "tracking"
INVITATION_LIFETIME = timedelta(days=7)
# Clocks of browser and server drift, and a view is reported a little after it ended.
VIEW_TOLERANCE = timedelta(seconds=5)


def plan_detailing(
    tx: Transaction, *, by: StaffMember, deck_id: str, scheduled_at: datetime, language: str, country: str, detailing_id: str
) -> str:
    """A session with an approved deck at a time (UTC). Raises `Refusal`: `deck_not_approved`, `in_the_past`, `not_allowed`."""
    if not by.may_act_as("rep"):
        raise Refusal("not_allowed")
    if not shows(tx.session, deck_id, Viewer(Audience.HCP, country), tx.now):
        raise Refusal("deck_not_approved")
    if scheduled_at < tx.now - timedelta(hours=1):
        raise Refusal("in_the_past")
    tx.session.add(
        Detailing(
            id=detailing_id,
            rep_id=by.id,
            deck_id=deck_id,
            country=country,
            language=language,
            scheduled_at=scheduled_at,
            state="planned",
        )
    )
    tx.session.flush()
    tx.audit("detailing_planned", detailing_id, by=by.id, deck=deck_id)
    return detailing_id


def invite_hcp(
    tx: Transaction, detailing_id: str, hcp_id: str, *, by: StaffMember, token_digest: str, code_digest: str
) -> datetime:
    """A personal link and code for one HCP; an earlier invitation of theirs is replaced, their place in the room is kept.

    Returns when it expires (UTC). Raises `Refusal`: `not_found`, `unknown_hcp`, `already_ended`.
    """
    detailing = access.detailing_to_present(tx.session, detailing_id, by)
    if detailing.state == "ended":
        raise Refusal("already_ended")
    if hcp_with(tx.session, hcp_id) is None:
        raise Refusal("unknown_hcp")
    invitation = tx.session.scalar(select(Invitation).where(Invitation.detailing_id == detailing_id, Invitation.hcp_id == hcp_id))
    if invitation is None:
        invitation = Invitation(id=new_id(), detailing_id=detailing_id, hcp_id=hcp_id)
        tx.session.add(invitation)
    _renew(tx, invitation, detailing, token_digest, code_digest, by)
    return invitation.expires_at


def renew_invitation(tx: Transaction, invitation_id: str, *, by: StaffMember, token_digest: str, code_digest: str) -> datetime:
    """A fresh link and code for an invitation, also one whose HCP chose not to be known; the old ones stop working."""
    invitation = tx.session.get(Invitation, invitation_id)
    if invitation is None:
        raise Refusal("not_found")
    detailing = access.detailing_to_present(tx.session, invitation.detailing_id, by)
    _renew(tx, invitation, detailing, token_digest, code_digest, by)
    return invitation.expires_at


def _renew(
    tx: Transaction, invitation: Invitation, detailing: Detailing, token_digest: str, code_digest: str, by: StaffMember
) -> None:
    invitation.token_digest, invitation.code_digest = token_digest, code_digest
    invitation.expires_at = max(detailing.scheduled_at, tx.now) + INVITATION_LIFETIME
    # The chain keeps that an invitation was made, not for whom: it must hold when the person is forgotten.
    tx.audit("hcp_invited", invitation.id, by=by.id, detailing=detailing.id)


def enter_by_invitation(
    tx: Transaction, digest: str, *, is_invitee: bool, tracking: bool, wording_version: str, language: str, pass_digest: str
) -> Visitor:
    """Someone comes in by a link or code, having said who they are and whether their activity may be tracked.

    With consent the guest is the HCP; without it, the invitation forgets whose it was. Coming back, the invitee takes their
    former place. Raises `Refusal`: `link_unknown`, `link_expired`, `not_admitted` for someone who was turned away.
    """
    invitation = access.invitation_behind(tx.session, digest=digest)
    if invitation.expires_at <= tx.now:
        raise Refusal("link_expired")
    detailing = tx.session.get_one(Detailing, invitation.detailing_id)
    if is_invitee and invitation.hcp_id is not None:
        decide_consent(
            tx, invitation.hcp_id, TRACKING, tracking, wording_version=wording_version, language=language, how="before_joining"
        )
    guest = _former_place(tx, invitation, tracking) if is_invitee else None
    if guest is None and detailing.state == "ended":
        raise Refusal("already_ended")
    if guest is None:
        known = invitation.hcp_id if is_invitee and tracking else None
        guest = _take_a_place(tx, detailing, known, language)
        if is_invitee:
            invitation.guest_id = guest.id
    if is_invitee and not tracking:
        invitation.hcp_id = None
        tx.forget()
    give_pass(tx, guest.id, pass_digest)
    return guest


def _former_place(tx: Transaction, invitation: Invitation, tracking: bool) -> Visitor | None:
    former = None if invitation.guest_id is None else tx.session.get(Guest, invitation.guest_id)
    if former is None:
        return None
    if tx.session.get_one(Participant, former.id).state == "refused":
        raise Refusal("not_admitted")
    if former.hcp_id is not None and not tracking:
        _leave(tx, former.id, invitation.detailing_id)
        return None
    return Visitor(former.id, former.detailing_id, former.hcp_id, former.country, former.language)


def _take_a_place(tx: Transaction, detailing: Detailing, hcp_id: str | None, language: str) -> Visitor:
    hcp = None if hcp_id is None else hcp_with(tx.session, hcp_id)
    profession = None if hcp is None else hcp.profession
    # A nameless guest's rows tell the session's time, not theirs: a consent that was withdrawn then must not lead to them.
    came_at = tx.now if hcp_id is not None else detailing.scheduled_at
    guest = welcome_guest(
        tx,
        detailing_id=detailing.id,
        hcp_id=hcp_id,
        profession=profession,
        country=detailing.country,
        language=language,
        came_at=came_at,
    )
    tx.session.add(Participant(id=guest.id, detailing_id=detailing.id, state="waiting", arrived_at=came_at))
    tx.session.flush()
    tx.announce(detailing.id, HcpArrived(participant_id=guest.id, name=None if hcp is None else hcp.name, profession=profession))
    return guest


def withdraw_tracking(tx: Transaction, guest: Visitor, *, wording_version: str, pass_digest: str) -> Visitor:
    """From now on nothing leads to the person: they go on as somebody else, whom nobody knows, in the same place of the room."""
    if guest.hcp_id is None:
        raise Refusal("not_found")
    decide_consent(tx, guest.hcp_id, TRACKING, False, wording_version=wording_version, language=guest.language, how="in_the_room")
    detailing, participant = access.place_in_the_room(tx.session, guest)
    was_admitted = participant.state == "admitted"
    _leave(tx, guest.id, detailing.id)
    end_passes(tx, guest.id)
    successor = _take_a_place(tx, detailing, None, guest.language)
    tx.session.execute(update(Invitation).where(Invitation.guest_id == guest.id).values(guest_id=successor.id, hcp_id=None))
    tx.forget()
    if was_admitted:
        _admit(tx, detailing, tx.session.get_one(Participant, successor.id), at=detailing.started_at or detailing.scheduled_at)
    give_pass(tx, successor.id, pass_digest)
    return successor


def _leave(tx: Transaction, participant_id: str, detailing_id: str) -> None:
    participant = tx.session.get_one(Participant, participant_id)
    participant.state, participant.left_at = "left", tx.now
    tx.announce(detailing_id, HcpLeft(participant_id=participant_id))


def start_detailing(tx: Transaction, detailing_id: str, *, by: StaffMember) -> None:
    """Open the session on its first slide.

    Raises `Refusal`: `not_found`, `already_started`, `already_ended`, `deck_not_approved`.
    """
    detailing = access.detailing_to_present(tx.session, detailing_id, by)
    if detailing.state != "planned":
        raise Refusal("already_started" if detailing.state == "live" else "already_ended")
    detailing.state, detailing.started_at = "live", tx.now
    tx.session.flush()
    tx.announce(detailing.id, DetailingStarted())
    show_slide(tx, detailing_id, 1, by=by)


def show_slide(tx: Transaction, detailing_id: str, number: int, *, by: StaffMember) -> int:
    """Show one slide of the running deck to everyone in the room; returns its `seq`.

    Raises `Refusal`: `not_found`, `not_live`, `deck_not_approved` (the gate, asked at this very moment), `unknown_slide`.
    """
    detailing = access.detailing_to_present(tx.session, detailing_id, by)
    if detailing.state != "live":
        raise Refusal("not_live")
    slide = slide_to_show(tx.session, detailing.deck_id, number, Viewer(Audience.HCP, detailing.country), tx.now)
    seq = tx.announce(detailing_id, SlideShown(number=number, title=slide.title))
    tx.session.execute(insert(ShownSlide), {"detailing_id": detailing_id, "seq": seq, "number": number, "at": tx.now})
    tx.session.execute(update(Detailing).where(Detailing.id == detailing_id).values(number=number))
    return seq


def end_detailing(tx: Transaction, detailing_id: str, *, by: StaffMember) -> None:
    """Close the session. Raises `Refusal`: `not_found`, `not_live`."""
    detailing = access.detailing_to_present(tx.session, detailing_id, by)
    if detailing.state != "live":
        raise Refusal("not_live")
    _end(tx, detailing, "rep")


def end_without_content(tx: Transaction, detailing_id: str) -> bool:
    """End a live session whose deck the gate no longer lets through; returns whether that was so."""
    detailing = tx.session.get(Detailing, detailing_id)
    if detailing is None or detailing.state != "live":
        return False
    if shows(tx.session, detailing.deck_id, Viewer(Audience.HCP, detailing.country), tx.now):
        return False
    _end(tx, detailing, "content")
    return True


def _end(tx: Transaction, detailing: Detailing, reason: str) -> None:
    detailing.state, detailing.ended_at = "ended", tx.now
    tx.announce(detailing.id, DetailingEnded(reason=reason))


def admit_hcp(tx: Transaction, detailing_id: str, participant_id: str, *, by: StaffMember) -> None:
    """Let somebody in from the lobby. Raises `Refusal('not_found')`."""
    detailing = access.detailing_to_present(tx.session, detailing_id, by)
    participant = access.participant_to_decide_on(tx.session, detailing, participant_id)
    if participant.state == "waiting":
        _admit(tx, detailing, participant, at=tx.now)


def _admit(tx: Transaction, detailing: Detailing, participant: Participant, *, at: datetime) -> None:
    participant.state, participant.admitted_at = "admitted", at
    tx.announce(detailing.id, HcpAdmitted(participant_id=participant.id))
    tx.announce(participant.id, AdmissionGranted())


def refuse_hcp(tx: Transaction, detailing_id: str, participant_id: str, *, by: StaffMember) -> None:
    """Turn somebody in the lobby away. Raises `Refusal('not_found')`."""
    detailing = access.detailing_to_present(tx.session, detailing_id, by)
    participant = access.participant_to_decide_on(tx.session, detailing, participant_id)
    if participant.state == "waiting":
        participant.state = "refused"
        tx.announce(detailing.id, HcpRefused(participant_id=participant.id))
        tx.announce(participant.id, AdmissionRefused())


def view_slide(tx: Transaction, guest: Visitor, number: int, milliseconds: int, *, view_id: str) -> int:
    """Keep how long a participant had a slide before their eyes; returns what was counted, in milliseconds.

    Never more in sum than the time since they were let in: a view that claims more counts for what is left.
    Raises `Refusal`: `not_found`, `not_admitted`, `unknown_slide` for a slide that was not shown.
    """
    detailing, participant = access.place_once_admitted(tx.session, guest)
    shown = select(ShownSlide.seq).where(ShownSlide.detailing_id == detailing.id, ShownSlide.number == number).limit(1)
    if tx.session.scalar(shown) is None:
        raise Refusal("unknown_slide", number=str(number))
    counted = tx.session.scalar(
        select(func.coalesce(func.sum(ViewedSlide.milliseconds), 0)).where(ViewedSlide.participant_id == guest.id)
    )
    since = max(participant.admitted_at or tx.now, detailing.started_at or tx.now)
    possible = int(((detailing.ended_at or tx.now) - since + VIEW_TOLERANCE) / timedelta(milliseconds=1))
    milliseconds = max(0, min(milliseconds, possible - int(counted or 0)))
    row = {"id": view_id, "detailing_id": detailing.id, "participant_id": guest.id, "number": number}
    tx.session.execute(insert(ViewedSlide), {**row, "milliseconds": milliseconds, "at": tx.now})
    tx.announce(detailing.id, SlideViewed(participant_id=guest.id, number=number, milliseconds=milliseconds))
    return milliseconds
