"""Sessions, invitations, participants, and the slides they were shown and viewed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from server.store.tables import Base, Id


class Detailing(Base):
    """One remote-detailing session. `state`: planned, live or ended; `number`: the slide on screen once it is live.

    Who presents holds a lease: `presenter_id` (None: the rep) and `epoch`, which counts how often it changed hands, from 1.
    `calls`: how often everyone was brought to the presenter's slide. `incomplete_reason`: why mandatory slides were not shown.
    `locked`: nobody new comes into the lobby. `rehearsal`: nobody but the laboratory's own people is in it, see `A_CONTACT`.
    """

    __tablename__ = "detailings"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    rep_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    deck_id: Mapped[str] = mapped_column(ForeignKey("editions.id"), index=True)
    country: Mapped[str] = mapped_column(String(2))
    language: Mapped[str] = mapped_column(String(2))
    scheduled_at: Mapped[datetime]
    planned_minutes: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(10))
    number: Mapped[int | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    presenter_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    epoch: Mapped[int] = mapped_column(default=1, server_default="1")
    held_since: Mapped[datetime | None]
    calls: Mapped[int] = mapped_column(default=0, server_default="0")
    incomplete_reason: Mapped[str | None] = mapped_column(String(500))
    locked: Mapped[bool] = mapped_column(default=False, server_default=false())
    rehearsal: Mapped[bool] = mapped_column(default=False, server_default=false())


# A rehearsal is no contact with an HCP: whatever lists, reports or counts contacts reads only sessions of which this holds.
A_CONTACT = Detailing.rehearsal.is_(False)


class Hold(Base):
    """A time during which HCPs saw a neutral screen; one that still lasts is the session's `held_since`."""

    __tablename__ = "holds"

    detailing_id: Mapped[str] = mapped_column(ForeignKey("detailings.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(primary_key=True)
    until: Mapped[datetime]


class Colleague(Base):
    """An MSL in a rep's session: called by the rep at `invited_at`, or there for an inquiry.

    They are in it from `entered_at` to `left_at`, or to its end.
    """

    __tablename__ = "colleagues"

    detailing_id: Mapped[str] = mapped_column(ForeignKey("detailings.id"), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    invited_at: Mapped[datetime | None]
    entered_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]


class Invitation(Base):
    """A personal way into one session. Link and code are stored hashed.

    `hcp_id` is erased when the HCP refuses to be tracked; `guest_id` is whoever came in by it, after confirming who they are.
    `used`: somebody came in by this link or code. `sequence`: how often the calendar entry of it changed.
    """

    __tablename__ = "invitations"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    detailing_id: Mapped[str] = mapped_column(ForeignKey("detailings.id"), index=True)
    hcp_id: Mapped[str | None] = mapped_column(ForeignKey("hcps.id"), index=True)
    guest_id: Mapped[str | None] = mapped_column(ForeignKey("guests.id"))
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    used: Mapped[bool] = mapped_column(default=False, server_default=false())
    sequence: Mapped[int] = mapped_column(default=0, server_default="0")


class Participant(Base):
    """A guest of a session. `state`: waiting, admitted, refused, removed or left.

    `link_reused`: somebody had come in by the same link before. `former_id`: whose place they say is theirs.
    """

    __tablename__ = "participants"

    id: Mapped[str] = mapped_column(ForeignKey("guests.id"), primary_key=True)
    detailing_id: Mapped[str] = mapped_column(ForeignKey("detailings.id"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    arrived_at: Mapped[datetime]
    admitted_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    hand_raised_at: Mapped[datetime | None]
    rating: Mapped[int | None]
    link_reused: Mapped[bool] = mapped_column(default=False, server_default=false())
    former_id: Mapped[str | None] = mapped_column(ForeignKey("participants.id"))


class ConnectedSpan(Base):
    """A page of a known participant was connected from `since` to `until`, as far as was written down: see `edge/attendance`."""

    __tablename__ = "connected_spans"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    participant_id: Mapped[str] = mapped_column(ForeignKey("participants.id"), index=True)
    since: Mapped[datetime]
    until: Mapped[datetime]


class ShownSlide(Base):
    """The rep showed a slide; `seq` is the number of the fact in the room's stream."""

    __tablename__ = "shown_slides"

    detailing_id: Mapped[str] = mapped_column(ForeignKey("detailings.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    at: Mapped[datetime]


class ViewedSlide(Base):
    """A participant had a slide before their eyes, from `at` on. The views of one participant never overlap."""

    __tablename__ = "viewed_slides"
    __table_args__ = (Index(None, "detailing_id", "participant_id"), Index(None, "participant_id", "at"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    detailing_id: Mapped[str] = mapped_column(ForeignKey("detailings.id"))
    participant_id: Mapped[str] = mapped_column(ForeignKey("participants.id"))
    number: Mapped[int]
    milliseconds: Mapped[int]
    at: Mapped[datetime]


class ReactionRow(Base):
    """A participant marks a slide. Taken back, the row is gone; that it was there stays in the facts."""

    __tablename__ = "reactions"

    participant_id: Mapped[str] = mapped_column(ForeignKey("participants.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    at: Mapped[datetime]


class AskedPoll(Base):
    """One of the deck's questions was put to everyone. `counts`: how often each answer was chosen, once that was shown."""

    __tablename__ = "asked_polls"

    detailing_id: Mapped[str] = mapped_column(ForeignKey("detailings.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    counts: Mapped[list[Any] | None]


class PollAnswer(Base):
    """What a participant chose, counted from 0."""

    __tablename__ = "poll_answers"

    participant_id: Mapped[str] = mapped_column(ForeignKey("participants.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    option: Mapped[int]
    at: Mapped[datetime]


class OfferedDocument(Base):
    """The rep offered an edition to everyone in the room."""

    __tablename__ = "offered_documents"

    detailing_id: Mapped[str] = mapped_column(ForeignKey("detailings.id"), primary_key=True)
    edition_id: Mapped[str] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    at: Mapped[datetime]


class DocumentReceipt(Base):
    """A participant was given an offered document for the first time. `how`: opened or downloaded."""

    __tablename__ = "document_receipts"

    participant_id: Mapped[str] = mapped_column(ForeignKey("participants.id"), primary_key=True)
    edition_id: Mapped[str] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    how: Mapped[str] = mapped_column(String(12), primary_key=True)
    at: Mapped[datetime]


class CallReportRow(Base):
    """What the rep adds to what is on record of a session: a note, who was not there in truth, what is to follow.

    `mail_for`: participants who are to get the documents by e-mail. `facts`: what was on record when it was signed; no names.
    """

    __tablename__ = "call_reports"

    detailing_id: Mapped[str] = mapped_column(ForeignKey("detailings.id"), primary_key=True)
    note: Mapped[str] = mapped_column(Text)
    absent: Mapped[list[Any]]
    mail_for: Mapped[list[Any]]
    next_contact: Mapped[date | None] = mapped_column(Date)
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))


class CallReportAmendment(Base):
    """Words added to a signed report, with the reason."""

    __tablename__ = "call_report_amendments"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    detailing_id: Mapped[str] = mapped_column(ForeignKey("call_reports.detailing_id"), index=True)
    by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(300))
