"""What each command does: one synchronous action over one transaction. Where rooms must act together, they do so here."""

from server.edge.commands import conversation, detailing, interplay, medical, presenting
from server.edge.commands.handlers import HANDLERS, obey

__all__ = ["HANDLERS", "conversation", "detailing", "interplay", "medical", "obey", "presenting"]
