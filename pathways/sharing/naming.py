"""The names of things on screen: schemes, states, events, kinds, codes. Unknown codes are shown as they are, never hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from pathways.sharing import codes
from pathways.sharing.groups import UNSAID
from pathways.sharing.language import N_, _, long_day, ngettext, number
from pathways.workflows import attendance, events, outcomes
from pathways.workflows.schemes import SCHEMES
from pathways.workflows.states import State

MOST_SPANS = 6
"""A year's list of days is not read through in a line of the timeline."""
LONGEST_LABEL = 24
"""Beyond, the field says the acronym: PACEA, CSP, CEJ."""

LEVELS: Mapping[str, str] = {
    "info": N_("À savoir"),
    "watch": N_("À surveiller"),
    "alert": N_("À traiter"),
    "critical": N_("Urgent"),
}
LEVEL_RANKS: Mapping[str, int] = {level: rank for rank, level in enumerate(LEVELS)}

LINK_ROLES: Mapping[str, str] = {
    "referent": N_("Référent"),
    "co_referent": N_("Co-référent"),
    "operator": N_("Opérateur"),
    "prescriber": N_("Prescripteur"),
    "funder": N_("Financeur"),
    "partner": N_("Partenaire"),
}
EDUCATION: Mapping[str, str] = {
    "infra3": N_("Sans diplôme (infra 3)"),
    "3": N_("Niveau 3 (CAP, BEP)"),
    "4": N_("Niveau 4 (bac)"),
    "5": N_("Niveau 5 (bac + 2)"),
    "6": N_("Niveau 6 (licence)"),
    "7": N_("Niveau 7 (master)"),
    "8": N_("Niveau 8 (doctorat)"),
}
ROLES: Mapping[str, str] = {
    "conseiller": N_("Conseiller"),
    "co_referent": N_("Co-référent"),
    "chef_service": N_("Chef de service"),
    "responsable_structure": N_("Responsable de structure"),
    "formateur_referent": N_("Formateur référent"),
    "coordinateur_cfa": N_("Coordinateur de CFA"),
    "referent_handicap": N_("Référent handicap"),
    "prescripteur": N_("Prescripteur"),
    "gestionnaire_region": N_("Gestionnaire Région"),
    "animateur_psad": N_("Animateur de PSAD"),
    "observateur_agregats": N_("Observateur (chiffres)"),
    "dpo": N_("Délégué à la protection des données"),
    "administrateur": N_("Administrateur technique"),
}
STATES: Mapping[str, str] = {str(state): state.label for state in State}
CHANNELS: Mapping[str, str] = {
    "phone": N_("Téléphone"),
    "office": N_("Sur place"),
    "visio": N_("Visio"),
    "sms": N_("SMS"),
    "email": N_("Courriel"),
    "letter": N_("Courrier"),
    "visit": N_("Visite"),
    "relay": N_("Relais local"),
}
NOT_SELECTED: Mapping[str, str] = {
    "NIVEAU": N_("Niveau inadapté à la formation"),
    "PREREQUIS": N_("Prérequis manquants"),
    "PROJET": N_("Projet à confirmer"),
    "DISPONIBILITE": N_("Indisponible aux dates prévues"),
    "NON_PRESENTE": N_("Absent au positionnement"),
    "COMPLET": N_("Session complète"),
    "AUTRE": N_("Autre motif"),
}
SUGGESTED: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("contact", "channel"): CHANNELS,
    ("not_selected", "reason"): NOT_SELECTED,
    **codes.SUGGESTED,
}
"""Codes offered on screen where the event type leaves the code open: other systems send their own."""
CLOCKS: Mapping[str, str] = {
    "cap": N_("Fin de la durée maximale"),
    "age_limit": N_("Limite d’âge"),
    "probation_over": N_("Fin de la période probatoire"),
    "pre_contract_over": N_("Fin du CFA sans contrat"),
    "maintenance_over": N_("Fin du maintien en CFA"),
    "silence_is_refusal": N_("Refus par silence"),
    "out_of_reach": N_("Trois tentatives sans réponse"),
    "new_contract": N_("Nouveau contrat depuis la rupture"),
    "pass_begins": N_("Début du PASS IAE"),
    "trial_over": N_("Fin de la période d’essai"),
    "silence_is_admission": N_("Recevabilité par silence"),
    "no_step_in_six_months": N_("Six mois sans démarche"),
    "resumed": N_("Reprise du projet"),
    "transfer_over": N_("Fin du transfert temporaire"),
}


def scheme(code: str) -> str:
    """« PACEA », « Contrat d’apprentissage »: the label where it is short, else the acronym people use."""
    known = SCHEMES.get(code)
    if known is None:
        return code
    return known.label if len(known.label) <= LONGEST_LABEL or "_" in code else code


def scheme_in_full(code: str) -> str:
    known = SCHEMES.get(code)
    return known.label if known else code


def family(code: str) -> str:
    known = SCHEMES.get(code)
    return known.family.label if known else ""


def state(code: str) -> str:
    return _(STATES[code]) if code in STATES else code


def event(name: str) -> str:
    known = events.EVENTS.get(name)
    return _(known.label) if known else name


def outcome(code: str) -> str:
    return _("motif protégé") if code == UNSAID else _(outcomes.EXITS.get(code, code))


def level(code: str) -> str:
    return _(LEVELS[code])


def clock_step(name: str) -> str:
    return _(CLOCKS.get(name, name))


def detail(event_name: str, field_name: str, value: Any) -> str:
    """One detail of an entry as people read it: labels for codes, dates in full, yes and no for flags."""
    known = events.EVENTS.get(event_name)
    field = known.fields.get(field_name) if known else None
    labels = (field.choices if field else None) or SUGGESTED.get((event_name, field_name), {})
    if value is None or value == "":
        return ""
    if value == UNSAID:
        return _("motif protégé")
    if isinstance(value, str) and value in labels:
        return _(labels[value])
    if labels and isinstance(value, list):
        return ", ".join(_(labels.get(each, each)) for each in value)
    if (event_name, field_name) == ("attendance", "reasons"):
        return absence_reasons(value)
    return _by_kind(field.kind if field else "", value)


def _by_kind(kind: str, value: Any) -> str:
    if kind == "date" or isinstance(value, date):
        return long_day(value)
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if kind == "halves":
        return half_days(value)
    if kind == "dates":
        return days_said([each if isinstance(each, date) else date.fromisoformat(each) for each in value])
    if isinstance(value, list | tuple):
        return ", ".join(_by_kind("", each) for each in value)
    return number(value) if isinstance(value, float) else str(value)


def days_said(days: Sequence[date]) -> str:
    """« du 3 au 7 août 2026, 14 août 2026 » : days in a row as one span, the first ones of a long list."""
    spans: list[list[date]] = []
    for day in sorted(days):
        if spans and day - spans[-1][-1] == timedelta(days=1):
            spans[-1].append(day)
        else:
            spans.append([day])
    said = [
        _("du {first} au {last}").format(first=long_day(span[0]), last=long_day(span[-1])) if len(span) > 1 else long_day(span[0])
        for span in spans[:MOST_SPANS]
    ]
    left = len(spans) - len(said)
    more = [ngettext("et {n} autre", "et {n} autres", left).format(n=left)] if left else []
    return ", ".join([*said, *more]) or _("aucun")


def half_days(codes: str) -> str:
    """« 6 présences, 2 absences sans justificatif »: a sheet in one line."""
    present, missed, excused, away = (
        codes.count(code)
        for code in (attendance.PRESENT, attendance.UNJUSTIFIED, attendance.JUSTIFIED, attendance.IN_COMPANY)
    )
    said = [
        ngettext("{n} présence", "{n} présences", present).format(n=present) if present else "",
        ngettext("{n} absence sans justificatif", "{n} absences sans justificatif", missed).format(n=missed) if missed else "",
        ngettext("{n} absence excusée", "{n} absences excusées", excused).format(n=excused) if excused else "",
        ngettext("{n} en entreprise", "{n} en entreprise", away).format(n=away) if away else "",
    ]
    return ", ".join(each for each in said if each) or _("rien de prévu")


def day_codes(codes: str) -> str:
    """« présent », « matin : présent, après-midi : absent sans justificatif »: the two half-days of a day."""
    said = [_(attendance.CODES[code]).lower() for code in codes]
    if len(set(said)) == 1:
        return said[0]
    halves = zip((_("matin : {code}"), _("après-midi : {code}")), codes, said, strict=True)
    return ", ".join(half.format(code=label) for half, code, label in halves if code != attendance.BLANK)


def absence_reasons(by_half_day: Mapping[str, str]) -> str:
    """« Maladie (2 demi-journées), Transport (1 demi-journée) »."""
    given = list(by_half_day.values())
    return ", ".join(
        ngettext("{reason} ({n} demi-journée)", "{reason} ({n} demi-journées)", given.count(code)).format(
            reason=_(attendance.ABSENCE_REASONS.get(code, code)), n=given.count(code)
        )
        for code in dict.fromkeys(given)
    )


def detail_label(event_name: str, field_name: str) -> str:
    known = events.EVENTS.get(event_name)
    field = known.fields.get(field_name) if known else None
    return _(field.label) if field else field_name
