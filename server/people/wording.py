"""What an HCP is asked to consent to, word for word. A wording in use is never edited: a new one gets a new version."""

from __future__ import annotations

TRACKING_VERSION = "2026-11"
TRACKING = {
    "fr": (
        "J'accepte que {laboratory} enregistre dans mon dossier ce que je fais pendant cette séance : les diapositives "
        "affichées et le temps passé sur chacune, mes questions et les réponses reçues. Ces données servent à préparer nos "
        "prochains échanges. Les personnes qui me suivent au sein du laboratoire y ont accès. Je peux retirer mon accord à "
        "tout moment, depuis cette page."
    ),
    "en": (
        "I agree that {laboratory} records in my file what I do during this session: the slides shown and the time spent on "
        "each, my questions and the answers received. These data are used to prepare our next exchanges. The people of the "
        "laboratory who work with me have access to them. I can withdraw my agreement at any time, from this page."
    ),
}


def tracking(language: str, laboratory: str) -> str:
    """The wording for the tracking of a session, in this language."""
    return TRACKING[language].format(laboratory=laboratory)
