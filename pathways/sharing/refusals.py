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

_NUMBER = re.compile(r"_\d+$")

REFUSALS: Mapping[str, str] = {
    # schemes
    "scheme_not_open": N_(
        "{scheme:scheme} n’existe qu’à partir du {opens:day} : vérifiez la date, ou choisissez un autre dispositif."
    ),
    "scheme_closed": N_("{scheme:scheme} n’accepte plus d’entrées depuis le {closed:day} : choisissez un autre dispositif."),
    "age_below": N_("Il faut avoir {limit:years} (âge ce jour-là : {age:years}). Un autre dispositif est peut-être ouvert."),
    "age_above": N_(
        "Il faut avoir moins de {limit:years} (âge ce jour-là : {age:years}). Un autre dispositif est peut-être ouvert."
    ),
    "minor": N_("La personne est mineure : faites signer son représentant légal et cochez la case correspondante."),
    "not_registered": N_(
        "L’inscription à France Travail a pris fin le {since:day} : déclarez d’abord la réinscription de la personne."
    ),
    "already_open": N_("{scheme:scheme} est déjà ouvert depuis le {since:day} : continuez dans cette étape."),
    "not_concurrent": N_("Ce dispositif ne se cumule pas avec un autre déjà ouvert : déclarez d’abord la sortie de celui-ci."),
    "too_long": N_("La durée maximale s’arrête au {limit:day} : choisissez une date au plus tard ce jour-là."),
    "too_many_agreements": N_("Le nombre maximal de conventions chez cet employeur est atteint : proposez une autre structure."),
    "contract_too_short": N_(
        "Le contrat prévu ({months:months}) est trop court : ce dispositif demande {least:months} au moins. "
        "Vérifiez sa durée, ou choisissez un autre dispositif."
    ),
    # steps
    "phase_not_reviewed": N_("Le bilan de la phase {n} n’est pas fait : déclarez-le, puis commencez la phase suivante."),
    "phase_not_started": N_("La phase {n} n’a pas commencé : vérifiez le numéro de la phase."),
    "answer_too_late": N_("La réponse était attendue au plus tard le {last_day:day} : passé ce jour, le silence vaut refus."),
    "not_begun": N_("Le début est prévu le {starts:day} : attendez ce jour, ou déclarez une nouvelle date d’admission."),
    "break_before_start": N_("Le contrat a commencé le {started:day} : la rupture ne peut pas être antérieure."),
    # who, when, where
    "not_yours_to_declare": N_("« {event:event} » se déclare par : {by:actors}."),
    "not_from_this_state": "",  # several sentences, see _not_from_this_state
    "not_in_this_scheme": N_("« {event:event} » n’existe pas dans {scheme:scheme} : choisissez l’étape concernée."),
    "day_to_come": N_("La date est à venir : un fait se déclare le jour où il a lieu, ou après."),
    "needs_a_step": N_("« {event:event} » se déclare sur une étape : choisissez laquelle."),
    "unknown_event": N_("Ce type de déclaration n’existe pas ({event})."),
    "unknown_step": N_("Cette étape n’existe pas, ou n’est pas celle de cette personne."),
    "opens_nothing": N_("« {event:event} » n’ouvre pas d’étape : choisissez une étape déjà ouverte."),
    # taking back
    "nothing_to_retract": N_("Cette saisie n’existe pas, ou n’est pas celle de cette personne."),
    "not_your_entry": N_(
        "Cette saisie (« {event:event} ») vient d’un autre organisme : demandez-lui de l’annuler, "
        "ou déclarez de votre côté ce qui est exact."
    ),
    "already_retracted": N_("Cette saisie (« {event:event} ») est déjà annulée."),
    # alerts
    "alert_closed": N_("Cette alerte est déjà close depuis le {on:day} : rouvrez le dossier pour voir ce qu’il en est."),
    "not_a_colleague": N_("Cette personne n’est pas de votre organisme : choisissez un collègue."),
    "not_your_alert": N_("Cette alerte est confiée à un autre organisme : demandez-lui où il en est."),
    "reason_missing": N_("Indiquez un motif."),
    "unknown_outcome": N_("Ce résultat n’existe pas : choisissez-en un dans la liste."),
    # details
    "unknown_field": N_("Le détail « {field} » n’est pas attendu ici."),
    "field_missing": N_("« {label} » est à renseigner."),
    "field_invalid": N_("« {label} » n’a pas la forme attendue : vérifiez ce qui est saisi."),
    "nir_refused": N_("« {label} » contient un numéro de sécurité sociale : il ne doit jamais être saisi ici, retirez-le."),
    "no_transfer_pending": N_("Aucun transfert n’est en attente : déclarez d’abord « Transfert demandé »."),
    "pre_contract_over": N_("Les trois mois sans employeur ont pris fin le {last_day:day} : ouvrez une nouvelle étape."),
}


def reason_sentence(reason: Reason) -> str:
    """The French sentence of one reason."""
    try:
        template = _template(reason.code, reason.values)
        if template:
            return say(template, reason.values) + _instead(reason.values)
    except (KeyError, TypeError, ValueError):
        pass  # an unforeseen value must not turn a refusal into an error page
    return _("Refusé par les règles du dispositif ({code}).").format(code=reason.code)


def reason_sentences(reasons: Iterable[Reason]) -> list[str]:
    """One sentence per reason, without repetition."""
    return list(dict.fromkeys(reason_sentence(reason) for reason in reasons))


def _template(code: str, values: Mapping[str, Any]) -> str | None:
    if code == "not_from_this_state":
        return _not_from_this_state(values)
    return REFUSALS.get(code) or REFUSALS.get(_NUMBER.sub("", code))


def _not_from_this_state(values: Mapping[str, Any]) -> str:
    """Where the step is, where it would have to be, and what can be declared from where it is."""
    if values.get("given"):
        return N_("« {event:event} » ne s’applique pas avec ces détails à une étape à l’état « {state:state} ».")
    if not values["state"]:
        return N_("L’étape n’est pas encore ouverte : déclarez d’abord son début.")
    if not values["sources"]:
        return N_("« {event:event} » ouvre une étape : celle-ci l’est déjà (« {state:state} »).")
    if values["possible"]:
        return N_(
            "L’étape est à l’état « {state:state} » ; il faudrait : {sources:states}. Possible maintenant : {possible:events}."
        )
    return N_("L’étape est terminée (« {state:state} ») ; il faudrait : {sources:states}.")


def _instead(values: Mapping[str, Any]) -> str:
    """What may be proposed in its place, where the rules name it."""
    return " " + say(N_("Proposez plutôt {propose:scheme}."), values) if known(values, "propose") else ""
