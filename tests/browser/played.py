"""Sessions already played, so that every page has something to show: one planned, one live, one over, and their inquiries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import furnished
from furnished import Account, Invited
from running import Browser, Line, Relais
from sqlalchemy import select
from sqlalchemy.orm import Session

from content.model import Kind
from server.detailing.tables import Detailing
from server.edge.guard import COOKIE
from server.edge.sign_in import DEMO_PASSWORD
from server.library.tables import EditionRow
from server.medical.tables import MedicalInquiry
from server.people.reads import find_hcps, staff_to_sign_in

REP, MSL, CONTENT, IMPORTER, ADMIN = (f"{name}@demo.invalid" for name in ("delegue", "msl", "contenus", "import", "admin"))
ANSWERED = "Quelle est la posologie de l’allopurinol chez l’insuffisant rénal ?"
OFF_LABEL = "Puis-je utiliser l’allopurinol hors AMM dans la migraine ?"
UNCLEAR = "Quelle est la posologie ?"
REPORT = "Femme de 62 ans, éruption cutanée étendue trois jours après le début de l’allopurinol."
MSL_WORDS = (
    "Les données publiées sont très limitées : aucune étude contrôlée ne soutient cet usage.\n\nJe reste à votre disposition."
)


@dataclass(frozen=True, slots=True)
class Played:
    """Ids of what is there. `stage` is a live session into which tests bring HCPs of their own, `rep` its presenter's line."""

    planned: str
    live: str
    ended: str
    stage: str
    stage_code: str
    ended_bearer: str
    rep: Line
    inquiries: dict[str, str]
    hcp: str
    label: str
    deck: str


@dataclass(frozen=True, slots=True)
class House:
    """A running server and what was played in it."""

    relais: Relais
    lab_url: str
    played: Played
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The server's origin."""
        return self.relais.url

    async def cookie(self, email: str) -> dict[str, Any]:
        """The cookie of somebody who signed in once for the whole run."""
        if email not in self.cookies:
            answer = await self.relais.browser().sign_in(email, DEMO_PASSWORD)
            self.cookies[email] = answer.headers["Set-Cookie"].partition("=")[2].partition(";")[0]
        return {"name": COOKIE, "value": self.cookies[email], "url": self.url}


class Playing:
    """The demo's people on the wire."""

    def __init__(self, relais: Relais) -> None:
        self.relais = relais

    async def account(self, email: str) -> Account:
        found = await self.relais.store.read(staff_to_sign_in, email)
        assert found is not None
        return Account(found.id, email, found.name)

    async def line(self, role: str, email: str, **asked: str) -> Line:
        browser = self.relais.browser()
        await browser.sign_in(email, DEMO_PASSWORD)
        return await browser.line(role, **asked)

    async def session(self, hcp: str) -> tuple[str, Invited, Line]:
        """A planned session, its invitation and its presenter's line."""
        rep = await self.account(REP)
        detailing = await furnished.plan(self.relais, rep, await self.relais.store.read(_edition, Kind.DECK))
        invited = await furnished.invite(self.relais, rep, detailing, hcp)
        return detailing, invited, await self.line("rep", REP, detailing_id=detailing)

    async def enter(self, invited: Invited, *, tracking: bool = True) -> tuple[Browser, Line]:
        browser = self.relais.browser()
        await browser.enter(invited.token, tracking=tracking)
        return browser, await browser.line("hcp")

    async def let_in(self, rep: Line, invited: Invited, *, tracking: bool = True) -> Line:
        """Somebody comes by a link and is admitted; their line, with what the room has said so far."""
        _, line = await self.enter(invited, tracking=tracking)
        await self.admit(rep, line)
        return line

    async def admit(self, rep: Line, line: Line) -> None:
        """The rep lets the one on this line in."""
        participant = line.snapshot["participant"]["id"]
        assert (await rep.call("admit_hcp", {"participant_id": participant}))["ok"]
        await line.hears("admission_granted")
        await line.join({})


async def play(relais: Relais) -> Played:
    """Play everything; the lines that a live session needs stay open."""
    playing = Playing(relais)
    hugo, claire, ines = [row.id for row in await relais.store.read(find_hcps)]
    ended, ended_bearer = await _ended(playing, claire)
    live = await _live(playing, claire, hugo, ines)
    stage, invited, rep = await playing.session(hugo)
    assert (await rep.call("start_detailing"))["ok"]
    for number in (2, 3):
        assert (await rep.call("show_slide", {"number": number}))["ok"]
    return Played(
        planned=await relais.store.read(_planned),
        live=live,
        ended=ended,
        stage=stage,
        stage_code=invited.code,
        ended_bearer=ended_bearer,
        rep=rep,
        inquiries=await relais.store.read(_inquiries),
        hcp=claire,
        label=await relais.store.read(_edition, Kind.SMPC, "ALLOPURINOL"),
        deck=await relais.store.read(_edition, Kind.DECK),
    )


async def _ended(playing: Playing, hcp: str) -> tuple[str, str]:
    """A session that is over: an answer with its passages, an off-label question that the MSL answered, a report."""
    detailing, invited, rep = await playing.session(hcp)
    browser, line = await playing.enter(invited)
    await playing.admit(rep, line)
    assert (await rep.call("start_detailing"))["ok"]
    for number in (2, 3, 4, 5):
        assert (await rep.call("show_slide", {"number": number}))["ok"]
    await line.until(lambda: line.bodies("slide_shown")[-1]["number"] == 5)
    await ask(line, ANSWERED)
    question = await ask(line, OFF_LABEL)
    assert (await line.call("request_person", {"question_id": question, "text": None}))["ok"]
    inquiry = (await line.hears("inquiry_accepted"))["inquiry_id"]
    assert (await line.call("report_adverse_event", {"text": REPORT}))["ok"]
    msl = await playing.line("msl", MSL)
    assert (await msl.call("assign_inquiry", {"inquiry_id": inquiry}))["ok"]
    passages = [await playing.relais.store.read(_passage)]
    assert (await msl.call("answer_inquiry", {"inquiry_id": inquiry, "text": MSL_WORDS, "passage_ids": passages}))["ok"]
    await line.hears("inquiry_answered")
    assert (await rep.call("end_detailing", {"reason": "Le médecin a été appelé en urgence."}))["ok"]
    await msl.close()
    await line.close()
    await rep.close()
    return detailing, browser.bearer


async def _live(playing: Playing, *hcps: str) -> str:
    """A session under way: one HCP looks, one chose not to be known, one waits at the door; two inquiries are open."""
    detailing, invited, rep = await playing.session(hcps[0])
    presenter = await playing.account(REP)
    tracked = await playing.let_in(rep, invited)
    untracked = await playing.let_in(rep, await furnished.invite(playing.relais, presenter, detailing, hcps[1]), tracking=False)
    assert (await rep.call("start_detailing"))["ok"]
    for number in (2, 3, 4, 5):
        assert (await rep.call("show_slide", {"number": number}))["ok"]
    await tracked.send("look", {"number": 5, "visible": True})
    await untracked.send("look", {"number": 3, "visible": False})
    await ask(tracked, ANSWERED)
    await ask(untracked, UNCLEAR)
    for line, question in ((tracked, OFF_LABEL), (untracked, "Existe-t-il des données chez l’enfant greffé sous allopurinol ?")):
        asked = await ask(line, question)
        assert (await line.call("request_person", {"question_id": asked, "text": None}))["ok"]
        await line.hears("inquiry_accepted")
    msl = await playing.line("msl", MSL)
    mine = untracked.bodies("inquiry_accepted")[0]["inquiry_id"]
    assert (await msl.call("assign_inquiry", {"inquiry_id": mine}))["ok"]
    await msl.close()
    await playing.enter(await furnished.invite(playing.relais, presenter, detailing, hcps[2]))
    return detailing


async def ask(line: Line, text: str) -> str:
    """Ask the assistant and wait for its reply; returns the question's id."""
    answer = await line.call("ask_question", {"text": text, "language": "fr"})
    assert answer["ok"], answer
    question: str = next(body for body in line.bodies("question_asked") if body["text"] == text)["question_id"]
    # The first question of a run may find the library still being read.
    for _ in range(4):
        try:
            await line.until(lambda: any(body["question_id"] == question for body in line.bodies("reply_given")))
            break
        except TimeoutError:
            continue
    return question


def _planned(session: Session) -> str:
    return session.scalars(select(Detailing.id).where(Detailing.state == "planned")).one()


def _inquiries(session: Session) -> dict[str, str]:
    return {row.state: row.id for row in session.scalars(select(MedicalInquiry))}


def _edition(session: Session, kind: Kind, product: str = "") -> str:
    return (
        session.scalars(select(EditionRow.id).where(EditionRow.kind == kind, EditionRow.product.contains(product))).first() or ""
    )


def _passage(session: Session) -> str:
    label = session.get_one(EditionRow, _edition(session, Kind.SMPC, "ALLOPURINOL"))
    return next(passage.id for passage in label.passages if passage.section == "4.1")
