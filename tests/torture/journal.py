"""What a client writes down for itself: every act before it is sent, and every acknowledgement it got."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from server.store import new_id


@dataclass(frozen=True, slots=True)
class Act:
    """One command of one person. `subject` names the stream in which its fact must stand."""

    name: str
    subject: str
    body: dict[str, Any]
    id: str = field(default_factory=new_id)

    @property
    def message(self) -> dict[str, Any]:
        """As it is sent, however often."""
        return {"id": self.id, **self.body}


@dataclass(slots=True)
class Journal:
    """The acts of one client in their order, and the answers to those that were acknowledged."""

    acts: list[Act] = field(default_factory=list)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def acknowledged(self) -> list[Act]:
        """The acts that were answered, in their order."""
        return [act for act in self.acts if act.id in self.answers]
