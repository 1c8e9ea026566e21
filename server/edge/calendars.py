"""An invitation as a calendar entry (RFC 5545): sent again it updates the entry, revoked it takes it away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar, Event, vCalAddress

from server.edge.words import ZONE

CONTENT_TYPE = "text/calendar"
USUAL_LENGTH = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Appointment:
    """What stands in a calendar. `uid` stays the same for ever, `sequence` grows with every change."""

    uid: str
    sequence: int
    starts: datetime
    minutes: int | None
    summary: str
    organizer: str
    organizer_email: str


def entry(appointment: Appointment, now: datetime, *, link: str, description: str) -> bytes:
    """The file that puts an appointment into a calendar, or changes it there. It names nobody who is invited."""
    event = _event(appointment, now, "CONFIRMED")
    event.add("description", description)
    event.add("url", link)
    return _file(event, "PUBLISH")


def cancellation(appointment: Appointment, now: datetime) -> bytes:
    """The file that takes it out of a calendar."""
    return _file(_event(appointment, now, "CANCELLED"), "CANCEL")


def _event(appointment: Appointment, now: datetime, status: str) -> Event:
    starts = appointment.starts.astimezone(ZONE)
    length = USUAL_LENGTH if appointment.minutes is None else timedelta(minutes=appointment.minutes)
    organizer = vCalAddress(f"mailto:{appointment.organizer_email}")
    organizer.params["CN"] = appointment.organizer
    event = Event()
    event.add("uid", appointment.uid)
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", starts)
    # Added in UTC: over the night when clocks change, half an hour stays half an hour.
    event.add("dtend", (appointment.starts + length).astimezone(ZONE))
    event.add("summary", appointment.summary)
    event.add("organizer", organizer)
    event.add("status", status)
    return event


def _file(event: Event, method: str) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Relais//Relais//FR")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    year = event.start.year
    calendar.add_missing_timezones(first_date=datetime(year - 1, 1, 1).date(), last_date=datetime(year + 2, 1, 1).date())
    written: bytes = calendar.to_ical()
    return written
