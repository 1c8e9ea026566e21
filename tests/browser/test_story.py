"""The story of one visit in three browsers: the HCP inside the widget on the lab's site, the rep, the MSL."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from acting import ask, confirm, enter_by_code, sign_in
from conftest import Lab, Opens
from played import ANSWERED, MSL, MSL_WORDS, OFF_LABEL, REP, REPORT
from playwright.async_api import FrameLocator, Page, expect
from running import Relais

pytestmark = pytest.mark.asyncio(loop_scope="session")

CLAIRE = "Dr Claire Fictif-Martin"
# Shorter, a look at a slide counts as no view.
GLANCE = 2_200


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the rep hands to the HCP."""

    console: str
    link: str
    code: str


async def plan(rep: Page, relais: Relais) -> Invitation:
    """The rep signs in through the form and plans a visit: HCP, deck, time."""
    await sign_in(rep, f"{relais.url}/console", REP)
    await rep.get_by_label("Professionnel de santé").select_option(label=f"{CLAIRE} · Médecin · Lyon")
    await rep.get_by_role("radio", name=re.compile("ALLOPURINOL CRISTERS")).check()
    await rep.get_by_role("button", name="Créer la visite et l’invitation").click()
    link = await rep.get_by_label("Lien personnel").input_value()
    code = await rep.get_by_label("Code à six caractères").input_value()
    await rep.get_by_role("link", name="Ouvrir la console").click()
    await expect(rep.get_by_role("button", name="Commencer")).to_be_enabled()
    return Invitation(rep.url, link, code)


async def come_by_the_widget(hcp: Page, lab: Lab, code: str, *, tracking: bool = True) -> FrameLocator:
    """On the lab's site: the launcher, "J'ai un code", the code, who one is, what may be kept."""
    await hcp.goto(lab.url)
    await hcp.get_by_role("button", name=re.compile("Une question sur nos médicaments")).click()
    room = hcp.frame_locator("iframe[title='Questions sur nos médicaments']")
    await room.get_by_role("link", name=re.compile("J.ai un code d.invitation")).click()
    # However it is typed.
    await enter_by_code(room, f" {code[:3].lower()} {code[3:].lower()}", tracking=tracking)
    await expect(room.get_by_role("heading", name="Le délégué va vous faire entrer")).to_be_visible()
    return room


async def begin(rep: Page, name: str) -> None:
    """Somebody waits in the lobby; the rep lets them in and starts."""
    lobby = rep.get_by_role("region", name="Dans la salle d’attente")
    await expect(lobby).to_contain_text(name)
    await lobby.get_by_role("button", name="Faire entrer").click()
    await expect(rep.get_by_role("table")).to_contain_text(name)
    await rep.get_by_role("button", name="Commencer").click()
    await expect(rep.locator("#counter")).to_have_text("1 / 15")


async def end(rep: Page) -> None:
    """The rep ends the visit, having been asked once."""
    await rep.get_by_role("button", name="Terminer la visite").click()
    ending = rep.get_by_role("dialog")
    await ending.get_by_label("Pourquoi terminer sans elles").fill("Le médecin a été appelé.")
    await ending.get_by_role("button", name="Terminer quand même").click()
    await expect(rep.locator(".live-facts")).to_contain_text("Terminée")


async def ask_for_a_person(room: FrameLocator) -> str:
    """An off-label question is not answered; one tap brings it to an MSL. Returns the number that is promised."""
    await ask(room, OFF_LABEL)
    handover = room.locator("#log .entry.reply").last
    await expect(handover).to_contain_text("hors AMM")
    await handover.get_by_role("button", name="Demander un MSL").click()
    promise = room.locator("#log .entry.inquiry")
    await expect(promise).to_contain_text(re.compile(r"Réponse promise avant le \d"))
    found = re.search(r"MI-\d{4}-\d{5}", await promise.inner_text())
    assert found is not None
    return found[0]


async def answer(msl: Page, number: str) -> None:
    """The MSL takes the inquiry, sees what is needed, and answers with a reference."""
    row = msl.get_by_role("row").filter(has_text=number)
    await row.get_by_role("button", name=re.compile("Prendre")).click()
    await expect(msl.get_by_role("heading", level=1)).to_contain_text(number)
    await expect(msl.locator("blockquote").first).to_contain_text("migraine")
    await expect(msl.locator(".seen img")).to_have_js_property("complete", True)
    await expect(msl.get_by_text("Hors AMM").first).to_be_visible()
    await msl.get_by_label("Texte de la réponse").fill(MSL_WORDS)
    await msl.get_by_label("Chercher dans les passages approuvés").fill("indications")
    await msl.locator("#passages label:visible").first.click()
    await msl.get_by_role("button", name="Répondre", exact=True).click()
    await expect(msl).to_have_url(re.compile("/desk$"))


async def test_a_visit_from_the_invitation_to_the_record(relais: Relais, lab: Lab, opens: Opens) -> None:
    rep, hcp, msl = await opens(), await opens(), await opens()
    heard = Heard(rep)
    invitation = await plan(rep, relais)
    room = await come_by_the_widget(hcp, lab, invitation.code)
    await begin(rep, CLAIRE)

    # A slide needs the window, a conversation a panel.
    await expect(hcp.locator("relais-launcher section")).to_have_class("expanded")
    await slides_are_in_sync(rep, room)
    cited = await the_answer_cites_its_passage(hcp, room)
    await sign_in(msl, f"{relais.url}/desk", MSL)
    number = await ask_for_a_person(room)
    await report_an_adverse_event(room)
    await answer(msl, number)

    reply = room.locator("#log .entry.person")
    await expect(reply).to_contain_text("aucune étude contrôlée ne soutient cet usage")
    await expect(reply).to_contain_text("Dr Sacha Exemple")
    await expect(reply.locator(".references li")).to_have_count(1)
    await end(rep)
    await expect(room.get_by_role("heading", name="La présentation est terminée")).to_be_visible()
    await expect(room.locator("#summary-body")).to_contain_text(number)

    await expect(rep.locator("#questions")).to_contain_text("Une question réservée au service médical a été posée")
    await expect(rep.locator("#requests")).to_contain_text("Répondue")
    heard.never("migraine", "étude contrôlée", "62 ans")
    await the_record_tells_all(msl, relais, number, cited)
    await rep.goto(f"{relais.url}/hcps")
    await the_record_keeps_the_wall(rep, cited)
    heard.never("migraine", "étude contrôlée", "62 ans")


class Heard:
    """Everything that comes over the sockets of a page."""

    def __init__(self, page: Page) -> None:
        self._said: list[str] = []
        page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: self._said.append(str(frame))))

    def never(self, *words: str) -> None:
        """None of these words came over the line."""
        said = "\n".join(self._said)
        assert self._said
        assert [word for word in words if word in said] == []


async def slides_are_in_sync(rep: Page, room: FrameLocator) -> None:
    """The first slide is there; the next by button, the one after by key, one by the grid; the HCP goes back and rejoins."""
    slide = room.locator("#slide")
    await expect(slide).to_have_attribute("data-number", "1")
    await expect(slide).to_have_js_property("complete", True)
    await expect(rep.get_by_role("table")).to_contain_text("Visible")
    await rep.wait_for_timeout(GLANCE)

    await rep.get_by_role("button", name="Suivante").click()
    await expect(slide).to_have_attribute("data-number", "2")
    await rep.locator("h1").click()
    await rep.keyboard.press("ArrowRight")
    await expect(slide).to_have_attribute("alt", re.compile(r"Diapositive 3 sur 15\s: Indications thérapeutiques"))
    await rep.get_by_role("button", name=re.compile("Toutes les diapositives")).click()
    await rep.get_by_label("Numéro ou mots du titre").fill("insuffisance rénale")
    await rep.get_by_label("Numéro ou mots du titre").press("Enter")
    await expect(slide).to_have_attribute("data-number", "5")
    await expect(rep.locator("#together")).to_have_text("1 sur 1 sur cette diapositive")

    await room.get_by_role("button", name="Diapositive précédente").click()
    await expect(slide).to_have_attribute("data-number", "3")
    await expect(rep.get_by_role("table")).to_contain_text("Diapo 3")
    await room.get_by_role("button", name="Rejoindre le délégué (diapo 5)").click()
    await expect(slide).to_have_attribute("data-number", "5")
    await room.get_by_text("Texte de la diapositive").click()
    await expect(room.locator("#slide-text-body")).to_contain_text("Clairance de la créatinine")


async def the_answer_cites_its_passage(hcp: Page, room: FrameLocator) -> str:
    """Asked and answered in approved words; the passage opens in place with these words marked, and closes again."""
    await ask(room, "Allopurinol et grossesse ?")
    answer = room.locator("#log .entry.reply").last
    cited = await answer.locator("blockquote").first.locator("p").first.inner_text()
    assert "grossesse" in cited
    source = answer.get_by_role("button", name=re.compile("ALLOPURINOL CRISTERS")).first
    await source.click()
    passage = room.get_by_role("dialog")
    await expect(passage.locator("mark").first).to_have_text(cited)
    await hcp.keyboard.press("Escape")
    await expect(passage).to_be_hidden()
    await expect(source).to_be_focused()
    return cited


async def report_an_adverse_event(room: FrameLocator) -> None:
    """From where it always is, in two steps; a number comes back."""
    await room.get_by_role("button", name="Signaler un effet indésirable").click()
    await room.get_by_label(re.compile("Que s.est-il passé")).fill(REPORT)
    await room.get_by_role("button", name="Envoyer le signalement").click()
    await expect(room.locator("#log .entry.report")).to_contain_text(re.compile(r"AE-\d{4}-\d{5}"))


async def the_record_tells_all(msl: Page, relais: Relais, number: str, cited: str) -> None:
    """The MSL reads in the HCP's record what happened: consent, slides with seconds, exact passages, the reply."""
    await msl.goto(f"{relais.url}/hcps")
    await msl.get_by_role("link", name=CLAIRE).click()
    record = msl.locator("main")
    await expect(record).to_contain_text("Consentement accordé : Suivi de la visite")
    await expect(record).to_contain_text("Diapositive 5 montrée : Insuffisance rénale")
    seconds = re.findall(r"Diapositive \d+ regardée\s: [^·]+· (\d+)\ss à l’écran", await record.inner_text())
    assert seconds, "no slide is on record as viewed"
    assert all(int(count) > 0 for count in seconds)
    await expect(record.locator("blockquote", has_text=cited).first).to_be_visible()
    await expect(record).to_contain_text("migraine")
    await expect(record).to_contain_text("aucune étude contrôlée ne soutient cet usage")
    await expect(record).to_contain_text(f"Demande {number} transmise au MSL")
    await expect(record).to_contain_text("Effet indésirable transmis à la pharmacovigilance")


async def the_record_keeps_the_wall(rep: Page, cited: str) -> None:
    """The rep reads the same record without what is medical's."""
    await rep.get_by_role("link", name=CLAIRE).click()
    record = rep.locator("main")
    await expect(record.locator("blockquote", has_text=cited).first).to_be_visible()
    await expect(record).to_contain_text("Réservé à l’information médicale")
    words = await rep.content()
    assert [word for word in ("migraine", "étude contrôlée", "62 ans") if word in words] == []


async def test_refusing_to_be_tracked_changes_nothing_for_the_hcp(relais: Relais, lab: Lab, opens: Opens) -> None:
    rep, hcp = await opens(), await opens()
    invitation = await plan(rep, relais)
    room = await come_by_the_widget(hcp, lab, invitation.code, tracking=False)
    await begin(rep, "PS sans suivi")
    await expect(room.locator("#slide")).to_have_attribute("data-number", "1")
    await rep.wait_for_timeout(GLANCE)
    await rep.get_by_role("button", name="Suivante").click()
    await expect(room.locator("#slide")).to_have_attribute("data-number", "2")

    await ask(room, ANSWERED)
    await expect(room.locator("#log .entry.reply blockquote").first).to_be_visible()
    number = await ask_for_a_person(room)
    await end(rep)
    await expect(room.locator("#summary-body")).to_contain_text(number)
    await expect(room.locator("#summary-body")).to_contain_text("Rien de ce qui est conservé de cette visite ne mène à vous")

    await rep.goto(f"{relais.url}/hcps")
    await rep.get_by_role("link", name=CLAIRE).click()
    await expect(rep.locator("main")).to_contain_text("Rien à ce jour")


async def test_the_reply_waits_on_the_device_that_took_part(relais: Relais, lab: Lab, opens: Opens) -> None:
    rep, hcp, msl = await opens(), await opens(), await opens()
    invitation = await plan(rep, relais)
    await hcp.goto(invitation.link)
    await confirm(hcp)
    await begin(rep, CLAIRE)
    number = await ask_for_a_person(hcp)
    await end(rep)
    await hcp.goto(f"{relais.url}/sign-in")
    await sign_in(msl, f"{relais.url}/desk", MSL)
    await answer(msl, number)

    await hcp.goto(invitation.link)

    await expect(hcp.locator("#log .entry.person")).to_contain_text("aucune étude contrôlée ne soutient cet usage")
    await expect(hcp.locator("#summary-body")).to_contain_text("Dr Sacha Exemple (MSL) a répondu")
