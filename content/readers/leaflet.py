"""Sub-titles of package leaflets that run on in flat text, found by the wording of the QRD template (EMA, ANSM)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from content.readers.blocks import Block, Heading, Item, line_block

# What a French leaflet's sentence begins with after a sub-title that ends with the product's name.
_STARTERS = (
    r"(?:Adressez|Allaitement|Après|Arrêtez|Au|Aucun|Avant|Ce|Ceci|Ces|Cette|Chez|Comme|Compte|Consulte[rz]|Contactez|Continuez|"
    r"Dans|De|Demandez|"
    r"Des|En|Faites|Il|Ils|Informez|L['’]\w+|La|Le|Les|Lorsque|Lors|N['’]\w+|Ne|On|Pour|Prenez|Prévenez|Sans|Selon|Si|Signalez|Son|Suivez|"
    r"Tous|Toujours|Tout|Un|Une|Utilisez|Veuillez|Votre|Vos|Vous|[-–•·]|[A-ZÉ]{4,})"
)
_NAME = r"(?:[^.;:?!]|\.(?=[A-Z\d])|(?<=\b[A-Z])\.){1,110}?"
_OWN = "|".join(
    [
        r"Avertissements et précautions",
        r"Enfants(?: et adolescents)?",
        r"Grossesse(?: et allaitement|, allaitement(?: et fertilité)?)?",
        r"Allaitement(?: et fertilité)?",
        r"Fertilité",
        r"Sportifs",
        r"Sujets? âgés?",
        r"Conduite de véhicules et utilisation de machines",
        r"Posologie",
        r"Mode (?:et voie )?d['’]administration",
        r"Fréquence d['’]administration",
        r"Durée (?:du|de) traitement",
        r"Utilisation chez les enfants(?: et les adolescents)?",
        r"Déclaration des effets (?:secondaires|indésirables)",
        r"(?:Titulaire|Exploitant) de l['’]autorisation de mise sur le marché",
        r"Fabricant",
        r"Noms du médicament dans les [EÉ]tats membres de l['’]Espace [EÉ]conomique Européen",
    ]
)
_NAMED = "|".join(
    [
        rf"Ne (?:prenez|utilisez|prendre|utiliser) jamais {_NAME}",
        rf"Autres médicaments et {_NAME}",
        rf"[A-Z]{_NAME} avec (?:des|les) (?:aliments|boissons)"
        r"(?:,? (?:et )?(?:des |les )?(?:aliments|boissons))?(?:,? et (?:de )?l['’]alcool)?",
        rf"Si vous avez (?:pris|utilisé) plus (?:de |d['’]){_NAME} que vous n['’]auriez dû",
        rf"Si vous oubliez (?:de |d['’])(?:prendre|utiliser) {_NAME}",
        rf"Si vous arrêtez (?:de |d['’])(?:prendre|utiliser) {_NAME}",
        rf"Ce que contient {_NAME}",
        rf"Qu['’]est[- ]ce que {_NAME} et contenu de l['’]emballage extérieur",
    ]
)
_BEFORE = r"(?:^|(?<=[.;:,»)] )|(?<=[a-zé] )|(?<=[A-Z0-9] )(?=Exploitant|Fabricant|Noms))"
_AFTER_OWN = rf"(?= ?:?(?: ?{_STARTERS}| [A-ZÉÈÀ]|$))"
_AFTER_NAME = rf"(?= ?:| {_STARTERS}\b|$)"
_SUBTITLE = re.compile(rf"{_BEFORE}(?P<title>(?:{_OWN}){_AFTER_OWN}|(?:{_NAMED}){_AFTER_NAME})(?P<colon> ?:)?(?: |$)")
_CLOSED = re.compile(r"[.;:!?,»)]\s*$")
# These follow an address, which closes without punctuation.
_AFTER_ADDRESS = re.compile("Exploitant|Fabricant|Noms du")


def split_subtitles(line: str, level: int, *, item: bool = False) -> Iterator[Block]:
    """The line as blocks: its text cut before and after each sub-title, which becomes a heading of this level."""
    at = 0
    for found in _SUBTITLE.finditer(line):
        before = line[at : found.start()].strip()
        if before and not _CLOSED.search(before) and not _AFTER_ADDRESS.match(found["title"]):
            continue
        if before:
            yield Item(before) if item else line_block(before)
            item = False
        yield Heading(found["title"] + (found["colon"] or ""), level)
        item = False
        at = found.end()
    rest = line[at:].strip()
    if rest:
        yield Item(rest) if item else line_block(rest)
