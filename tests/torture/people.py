"""Who acts where there is no wire: the people of one session, whose acts become changes exactly as the sockets make them."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from typing import Any

import furnished
from checker import facts_stored
from journal import Act
from running import Relais

from server.detailing.actions import lobby, presenting
from server.edge.commands import obey
from server.edge.tickets import Connected
from server.people.identity import Visitor
from server.people.reads import guest
from server.store import CommandKey
from server.store.messages import COMMANDS

REPORT = "Mon patient de 54 ans a eu une éruption cutanée sous allopurinol."
VIEW = {"number": 1, "started_at": "2026-01-01T10:00:00Z", "ended_at": "2026-01-01T10:00:02Z"}


@dataclass(frozen=True, slots=True)
class Cast:
    """A live session with its rep and one admitted HCP, in a database at rest. `before`: what stands there already."""

    session: str
    rep: Connected
    hcp: Connected
    before: Counter[tuple[str, str]]

    def act(self, chance: random.Random) -> Act:
        """Something that one of them might do: slides most of all."""
        name = chance.choices(["show_slide", "view_slide", "ask_question", "report_adverse_event"], [10, 6, 2, 1])[0]
        match name:
            case "show_slide":
                return Act(name, self.session, {"number": chance.randint(1, 4)})
            case "view_slide":
                return Act(name, self.session, VIEW)
            case "ask_question":
                return Act(name, self.hcp.sender, {"text": f"Question {chance.random()} ?", "language": "fr"})
            case _:
                return Act(name, self.hcp.sender, {"text": REPORT})

    def sent(self, act: Act, **changed: Any) -> tuple[CommandKey, Any, Connected, Any]:
        """The arguments of `store.obey` when this act comes in, as the edge makes them; `changed` fields falsify its body."""
        who = self.rep if ("rep", act.name) in COMMANDS and act.name == "show_slide" else self.hcp
        command = COMMANDS[who.role, act.name].model_validate({**act.message, **changed})
        body = command.model_dump(mode="json")
        return CommandKey.of(act.id, sender=who.sender, name=act.name, body=body), obey, who, command


async def cast(relais: Relais, rep: furnished.Account, deck: str) -> Cast:
    """Make them by real actions; the server is stopped when this returns, and its database at rest."""
    member = await furnished.member(relais, rep)
    session = await furnished.plan(relais, rep, deck)
    await relais.store.change(presenting.start_detailing, session, by=member)
    invited = await furnished.invite(relais, rep, session, await furnished.hcp(relais))
    guest_id = (await relais.browser().enter(invited.token)).bootstrap["snapshot"]["participant"]["id"]
    await relais.store.change(lobby.admit_hcp, session, guest_id, by=member)
    row = await relais.store.read(guest, guest_id)
    visitor = Visitor(row.id, row.detailing_id, row.hcp_id, row.country, row.language)
    before = await relais.store.read(facts_stored)
    await relais.stop()
    return Cast(
        session,
        rep=Connected("rep", "fr", "", staff=member, detailing_id=session),
        hcp=Connected("hcp", "fr", "", guest=visitor),
        before=before,
    )
