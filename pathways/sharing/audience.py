"""Who is shown a signal, in words: what ``visibility.signals_visible_to`` answers row by row."""

from __future__ import annotations

from enum import StrEnum

from pathways.sharing.language import N_


class Audience(StrEnum):
    """A place beside the person from which a signal is seen."""

    LEAD = "lead"
    CO_REFERENT = "co_referent"
    BODY = "body"


WORDS = {
    Audience.LEAD: N_("l’organisme référent de la personne"),
    Audience.CO_REFERENT: N_("ses co-référents"),
    Audience.BODY: N_("les organismes qui mènent, prescrivent ou suivent l’étape"),
}
NEVER = N_("Les employeurs ne voient aucun point de vigilance.")


def audience(*, about_the_person: bool) -> tuple[Audience, ...]:
    """Who sees a signal about the person as a whole, or about one of their steps.

    The referent sees every signal; about a step, the bodies that have a part in it, and no other, see theirs too; about the
    person, the co-referents do. Employers never (domain sheet B0).
    """
    return (Audience.LEAD, Audience.CO_REFERENT) if about_the_person else (Audience.LEAD, Audience.BODY)
