"""Looks for suspected adverse events in what any person writes, whoever they are."""

from __future__ import annotations

import logging

import bot
from bot.model import Screening

LOG = logging.getLogger("relais.screening")


def screen(text: str, *, speaker: str) -> Screening:
    """What the safety screening finds in a message of `speaker` (`hcp`, `rep` or `msl`).

    Never raises: a message that cannot be screened is a report, for people to read. It must not be lost, nor refused.
    """
    try:
        return bot.screen(text, speaker=speaker)
    except Exception:
        LOG.exception("the screening failed: the message goes to pharmacovigilance unread")
        return Screening(is_report=True, labels=("unscreened",), criteria={})
