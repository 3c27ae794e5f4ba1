"""Why something is refused, in plain French, and what is possible instead. One sentence per reason code.

Codes with a number in them (``age_below_16``) are looked up without it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pathways.errors import Reason
from pathways.sharing.language import N_, _
from pathways.sharing.wording import known, say
from pathways.workflows.events import EVENTS

_NUMBER = re.compile(r"_\d+$")

REFUSALS: Mapping[str, str] = {
    # schemes
    "scheme_not_open": N_("{scheme:scheme} n’existe qu’à partir du {opens:day} : vérifiez la date, ou choisissez un autre dispositif."),
    "scheme_closed": N_("{scheme:scheme} n’accepte plus d’entrées depuis le {closed:day} : choisissez un autre dispositif."),
    "age_below": N_("Il faut avoir {limit:years} (âge ce jour-là : {age:years}). Un autre dispositif est peut-être ouvert."),
    "age_above": N_("Il faut avoir moins de {limit:years} (âge ce jour-là : {age:years}). Un autre dispositif est peut-être ouvert."),
    "minor": N_("La personne est mineure : faites signer son représentant légal et cochez la case correspondante."),
    "not_registered": N_(
        "L’inscription à France Travail a pris fin le {since:day} : déclarez d’abord la réinscription de la personne."
    ),
    "already_open": N_("{scheme:scheme} est déjà ouvert depuis le {since:day} : continuez dans cette étape."),
    "not_concurrent": N_("Ce dispositif ne se cumule pas avec un autre déjà ouvert : déclarez d’abord la sortie de celui-ci."),
    "too_long": N_("La durée maximale s’arrête au {limit:day} : choisissez une date au plus tard ce jour-là."),
    "too_many_agreements": N_("Le nombre maximal de conventions chez cet employeur est atteint : proposez une autre structure."),
    "contract_too_short": N_("Le contrat prévu est trop court pour ce dispositif : vérifiez sa durée ou choisissez-en un autre."),
    # steps
    "phase_not_reviewed": N_("Le bilan de la phase {n} n’est pas fait : déclarez-le, puis commencez la phase suivante."),
    "phase_not_started": N_("La phase {n} n’a pas commencé : vérifiez le numéro de la phase."),
    "answer_too_late": N_("La réponse était attendue au plus tard le {last_day:day} : passé ce jour, le silence vaut refus."),
    "not_begun": N_("Le début est prévu le {starts:day} : attendez ce jour, ou déclarez une nouvelle date d’admission."),
    "break_before_start": N_("Le contrat a commencé le {started:day} : la rupture ne peut pas être antérieure."),
    "pre_contract_over": N_("Les trois mois sans employeur ont pris fin le {last_day:day} : ouvrez une nouvelle étape."),
}


def reason_sentence(reason: Reason) -> str:
    """The French sentence of one reason."""
    template = REFUSALS.get(reason.code) or REFUSALS.get(_NUMBER.sub("", reason.code))
    if template is None:
        return _("Refusé par les règles du dispositif ({code}).").format(code=reason.code)
    try:
        return say(_variant(reason.code, reason.values) or template, reason.values) + _instead(reason.values)
    except (KeyError, TypeError, ValueError):
        return _("Refusé par les règles du dispositif ({code}).").format(code=reason.code)


def reason_sentences(reasons: Iterable[Reason]) -> list[str]:
    """One sentence per reason, without repetition."""
    return list(dict.fromkeys(reason_sentence(reason) for reason in reasons))


def _variant(code: str, values: Mapping[str, Any]) -> str | None:
    return None


def _instead(values: Mapping[str, Any]) -> str:
    """What may be proposed in its place, where the rules name it."""
    return " " + say(N_("Proposez plutôt {propose:scheme}."), values) if known(values, "propose") else ""


__all__ = ["EVENTS", "REFUSALS", "reason_sentence", "reason_sentences"]
