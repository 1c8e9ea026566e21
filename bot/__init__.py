"""Decides the reply: pure, without network, database or clock of its own."""

from bot.library import Library
from bot.policy import reply
from bot.safety import screen

__all__ = ["Library", "reply", "screen"]
