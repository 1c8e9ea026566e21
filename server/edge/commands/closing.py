"""Commands after the end."""

from __future__ import annotations

from server.detailing.actions import closing
from server.detailing.messages.closing import RateDetailing
from server.edge.commands.handlers import handles
from server.edge.tickets import Connected
from server.store import Transaction


@handles(RateDetailing)
def on_rate_detailing(tx: Transaction, who: Connected, command: RateDetailing) -> None:
    closing.rate_detailing(tx, who.as_guest(), command.stars)
