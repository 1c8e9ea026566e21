"""Looks for suspected adverse events in what any person writes, whoever they are."""

from __future__ import annotations

import bot
from bot.model import Screening


def screen(text: str, *, speaker: str) -> Screening:
    """What the safety screening finds in a message of `speaker` (`hcp`, `rep` or `msl`)."""
    return bot.screen(text, speaker=speaker)
