"""What each command does: one synchronous action over one transaction. Where rooms must act together, they do so here."""

from server.edge.commands import closing, conversation, detailing, direct, interplay, medical, presenting
from server.edge.commands.handlers import HANDLERS, obey

__all__ = ["HANDLERS", "closing", "conversation", "detailing", "direct", "interplay", "medical", "obey", "presenting"]
