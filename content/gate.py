"""The gate: may this edition be shown to this audience, in this country, now?

The only place where that is decided. Every read path asks it at the moment of display; a value it does not know means no.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from content.model import Audience

EUROPEAN_UNION = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())


class Verdict(StrEnum):
    """Why an edition may be shown, or the first reason why not."""

    ALLOWED = "allowed"
    NOT_APPROVED = "not_approved"
    CHANGED_SINCE_APPROVAL = "changed_since_approval"
    WITHDRAWN = "withdrawn"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    OTHER_COUNTRY = "other_country"
    OTHER_AUDIENCE = "other_audience"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of an edition's approval. Times are UTC; `valid_until` is the first moment it may no longer be shown."""

    digest: str
    approved_digest: str | None
    country: str | None
    audience: str | None
    valid_from: datetime | None
    valid_until: datetime | None
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is about to look: an audience in a country (ISO 3166-1 alpha-2)."""

    audience: Audience
    country: str


def verdict(standing: Standing, viewer: Viewer, now: datetime) -> Verdict:
    """The one decision. An edition for HCPs is never for the public; one for the public may be shown to HCPs."""
    if standing.approved_digest is None:
        return Verdict.NOT_APPROVED
    if standing.approved_digest != standing.digest:
        return Verdict.CHANGED_SINCE_APPROVAL
    if standing.withdrawn_at is not None and standing.withdrawn_at <= now:
        return Verdict.WITHDRAWN
    if standing.valid_from is None or now < standing.valid_from:
        return Verdict.NOT_YET_VALID
    if standing.valid_until is None or now >= standing.valid_until:
        return Verdict.EXPIRED
    if not _reaches(standing.country, viewer.country):
        return Verdict.OTHER_COUNTRY
    if standing.audience == Audience.PUBLIC or (standing.audience == Audience.HCP and viewer.audience == Audience.HCP):
        return Verdict.ALLOWED
    return Verdict.OTHER_AUDIENCE


def may_show(standing: Standing, viewer: Viewer, now: datetime) -> bool:
    """Whether the edition may be shown to the viewer at `now` (UTC)."""
    return verdict(standing, viewer, now) is Verdict.ALLOWED


def _reaches(country: str | None, viewer_country: str) -> bool:
    return country == viewer_country or (country == "EU" and viewer_country in EUROPEAN_UNION)
