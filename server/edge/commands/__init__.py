"""What each command does: one synchronous action over one transaction. Where rooms must act together, they do so here."""

from server.edge.commands import closing, conversation, detailing, direct, interplay, medical, presenting
from server.edge.commands.handlers import HANDLERS, obey
from server.edge.commands.unread import keep_report_in, obey_unread

__all__ = [
    "HANDLERS",
    "closing",
    "conversation",
    "detailing",
    "direct",
    "interplay",
    "keep_report_in",
    "medical",
    "obey",
    "obey_unread",
    "presenting",
]
