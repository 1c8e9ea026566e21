"""Which language a message is written in: function words and accents tell French from English better than any model here."""

from __future__ import annotations

import re

from bot.words import Message

ACCENTED = re.compile(r"[éèêëàâîïôûùçœ]", re.IGNORECASE)

FRENCH = frozenset(
    """le la les un une des du de d l au aux et ou mais donc car ni que qui quoi dont quel quelle quels quelles est sont ete etre avoir ai as avons
    avez ont il elle ils elles je j tu nous vous on me m te se s ne n pas plus moins sans sous sur dans chez pour par avec apres avant depuis entre
    vers contre ce c cet cette ces mon ma mes ton son sa ses notre votre leur leurs comment combien pourquoi quand peut peux puis dois doit faut
    y en si oui non tres trop aussi deja toujours jamais rien merci bonjour svp enfant enceinte femme homme patiente notice prise comprime dose
    posologie grossesse allaitement effets conservation delai duree enfants adulte ans jours jour semaine semaines mois fois cp suite autre
    indication conserver surdosage oubli prendre chez insuffisance renale hepatique""".split()
)
ENGLISH = frozenset(
    """the a an of to in on at by for with without from into after before since during until and or but not no is are was were be been being
    have has had do does did can could may might should would will shall must i you he she it we they my your his her its our their this that
    these those what which who whom when where why how if then than as so yes please thanks hi hello any some all more most less there here
    pregnant woman man patient child children breastfeeding renal impairment dose dosing once daily twice weekly week weeks day days month months
    year years old tablet pen shelf missed max starting crushed split take taking give given pt pts yo kidney liver switch ok about up label per leaflet french label's only still plus with minimum french neb tabs caps""".split()
)
# Words of both languages say nothing.
_SHARED = FRENCH & ENGLISH


def detect(message: Message, prior: str | None = None) -> tuple[str, float]:
    """The language, `fr` or `en`, and how sure: 0 when nothing tells and `prior` (the language of the interface, else French) decides."""
    french = sum(word.form in FRENCH and word.form not in _SHARED for word in message.words)
    english = sum(word.form in ENGLISH and word.form not in _SHARED for word in message.words)
    french += 2 * min(2, len(ACCENTED.findall(message.text)))
    if french == english:
        return prior or "fr", 0.0
    return ("fr" if french > english else "en"), abs(french - english) / (french + english)
