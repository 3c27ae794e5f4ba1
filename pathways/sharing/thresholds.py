"""The settings of the signals in words: label, unit, bounds, and whether an organisation may choose them.

The defaults stand in ``detection``; this table says how each may be said and changed. A setting whose value the law gives, or an
agreement among the partners, is shown with its source and cannot be changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pathways.errors import Reason
from pathways.sharing.language import N_, _, ngettext
from pathways.sharing.naming import scheme as scheme_name
from pathways.sharing.sentences import WORDINGS, signal_title

DAYS, MONTHS, HALF_DAYS, WEEKS, HOURS = "days", "months", "half_days", "weeks", "hours"
TIMES, MULTIPLE, PERCENT, YES_NO, ON_OFF = "times", "multiple", "percent", "yes_no", "on_off"
RISING, FALLING = "rising", "falling"


@dataclass(frozen=True, slots=True)
class Part:
    """One number of a setting. Bounds are included, in the unit on screen (a rate of 0.10 is 10 %)."""

    unit: str
    least: float
    most: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Threshold:
    """One setting. ``order``: its numbers must rise or fall; ``source``: the text that fixes it, which locks it."""

    label: str
    parts: tuple[Part, ...]
    order: str = ""
    source: str = ""

    @property
    def is_locked(self) -> bool:
        return bool(self.source)


def one(label: str, unit: str, least: float, most: float, source: str = "") -> Threshold:
    return Threshold(label, (Part(unit, least, most),), source=source)


def several(label: str, *parts: Part, order: str = "") -> Threshold:
    return Threshold(label, parts, order)


def _days(most: int, *labels: str, least: int = 1) -> tuple[Part, ...]:
    return tuple(Part(DAYS, least, most, label) for label in labels)


CSP_AGREEMENT = N_("Convention du 26 janvier 2015 relative au CSP")
FIRST, SECOND = N_("Premier rappel"), N_("Second rappel")
MISSED, WITHIN = N_("Rendez-vous manqués"), N_("En combien de jours")

THRESHOLDS: Mapping[str, Threshold] = {
    # contact
    "contact_silence.days": one(N_("Silence : délai sans contact avant d’alerter"), DAYS, 7, 180),
    "contact_silence.factor": one(N_("Silence : délai multiplié pendant une formation ou un contrat"), MULTIPLE, 1, 4),
    "contact_silence.alert_factor": one(N_("Silence : délai multiplié avant de passer « à traiter »"), MULTIPLE, 1, 4),
    "rhythm_broken.share": one(N_("Rythme rompu : part de l’intervalle habituel entre deux rendez-vous"), PERCENT, 100, 400),
    "rhythm_broken.days": one(N_("Rythme rompu : silence le plus court qui alerte"), DAYS, 7, 60),
    "rhythm_broken.planned": one(N_("Rythme rompu : rendez-vous prévus pour connaître un rythme"), TIMES, 3, 7),
    "repeated_no_show.alert": several(
        N_("Rendez-vous manqués : à traiter"), Part(TIMES, 2, 5, MISSED), Part(DAYS, 7, 120, WITHIN)
    ),
    "repeated_no_show.critical": several(
        N_("Rendez-vous manqués : urgent"), Part(TIMES, 2, 8, MISSED), Part(DAYS, 14, 180, WITHIN)
    ),
    "leaver_not_contacted.days": one(N_("Décrocheur : délai pour une première tentative"), DAYS, 2, 30),
    "obstacle_unaddressed.days": one(N_("Frein bloquant : délai pour une première action"), DAYS, 7, 90),
    "referent_missing.days": one(N_("Sans référent : délai pour en désigner un"), DAYS, 1, 30),
    "transfer_pending.days": one(N_("Transfert ou transmission : délai pour répondre"), DAYS, 5, 30),
    "hand_over_unacknowledged.working_days": one(
        N_("Transmission : délai pour en accuser réception (jours ouvrés)"), DAYS, 1, 15
    ),
    # attendance
    "unjustified_absence.days": one(N_("Absences injustifiées : jours de suite"), DAYS, 1, 5),
    "unjustified_absence.half_days": one(N_("Absences injustifiées : demi-journées"), HALF_DAYS, 1, 10),
    "unjustified_absence.half_days_in_trial": one(
        N_("Absences injustifiées : demi-journées pendant l’essai"), HALF_DAYS, 1, 10
    ),
    "unjustified_absence.window": one(N_("Absences injustifiées : période où compter les demi-journées"), DAYS, 7, 31),
    "absence_streak_critical.days": one(N_("Présomption d’abandon : jours prévus manqués de suite"), DAYS, 2, 10),
    "absence_rate_high.rate": one(N_("Taux d’absence : part des heures prévues"), PERCENT, 5, 50),
    "absence_rate_high.weeks": one(N_("Taux d’absence : semaines regardées"), WEEKS, 2, 12),
    "weekly_hours_low.followed": one(N_("Heures hebdomadaires : les suivre"), YES_NO, 0, 1),
    "weekly_hours_low.hours": one(
        N_("Heures hebdomadaires : minimum sans durée convenue"), HOURS, 15, 15, N_("Code du travail, article L5411-6")
    ),
    "weekly_hours_low.news_days": one(N_("Heures hebdomadaires : durée d’affichage"), DAYS, 7, 56),
    # contract
    "apprentice_no_visit.company_days": one(N_("Apprentissage : premier point, en jours d’entreprise"), DAYS, 10, 45),
    "apprentice_probation_end_soon.company_days": one(
        N_("Apprentissage : rappel avant le 45e jour d’entreprise"), DAYS, 20, 44
    ),
    "contract_broken_no_employer.days": several(
        N_("Rupture sans nouvel employeur : rappels"), *_days(180, FIRST, SECOND, N_("Troisième rappel"), least=15), order=RISING
    ),
    "contract_broken_early.months": one(N_("Rupture précoce d’un emploi : jusqu’à"), MONTHS, 1, 12),
    "adequacy_review_overdue.months": one(
        N_("Contrat de professionnalisation : délai du point sur le programme"), MONTHS, 2, 2,
        N_("Code du travail, article D6325-13"),
    ),
    "training_action_missing.months": one(N_("Contrat aidé : délai d’une première formation"), MONTHS, 1, 12),
    "exit_interview_missing.days": one(N_("Contrat aidé : rappel de l’entretien de sortie avant la fin"), DAYS, 15, 120),
    "exit_interview_missing.months": one(N_("Contrat aidé : l’entretien de sortie compte avant la fin de"), MONTHS, 2, 6),
    "job_followup_overdue.days": one(N_("Suivi dans l’emploi : premier contact"), DAYS, 3, 60),
    "job_followup_overdue.months": one(N_("Suivi dans l’emploi : dernier contact"), MONTHS, 2, 12),
    "no_employer_found.days": one(N_("CFA sans employeur : rappel"), DAYS, 15, 85),
    # deadlines
    "signature_overdue.months": one(
        N_("Contrat d’engagement : délai de signature"), MONTHS, 1, 1, N_("Code du travail, articles D5411-14-1 et R5131-12")
    ),
    "first_phase_overdue.months": one(
        N_("PACEA : délai de la première phase"), MONTHS, 1, 1, N_("Code du travail, article R5131-12")
    ),
    "phase_review_overdue.days": one(N_("PACEA : délai du bilan après la fin prévue d’une phase"), DAYS, 1, 30),
    "cap_approaching.days": several(
        N_("Durée maximale : rappels avant le dernier jour"), *_days(180, FIRST, SECOND, least=7), order=FALLING
    ),
    "cap_approaching.cap_days": one(N_("Durée maximale : pas de rappel pour une durée plus courte que"), DAYS, 30, 365),
    "age_limit_approaching.days": several(
        N_("Limite d’âge : rappels avant l’anniversaire"), *_days(365, FIRST, SECOND, least=7), order=FALLING
    ),
    "csp_reflection_ending.days": several(
        N_("CSP : rappels pendant les 21 jours de réflexion, au jour"), *_days(20, FIRST, SECOND), order=RISING
    ),
    "csp_prebilan_overdue.days": one(N_("CSP : délai du pré-bilan"), DAYS, 8, 8, CSP_AGREEMENT),
    "csp_plan_overdue.months": one(N_("CSP : délai du plan après le pré-bilan"), MONTHS, 1, 1, CSP_AGREEMENT),
    "iae_long_suspension.months": one(N_("PASS IAE : suspension à signaler après"), MONTHS, 3, 12),
    "csp_no_action_m4.months": one(N_("CSP : ni formation ni période de travail après"), MONTHS, 2, 8),
    "quote_pending.days": one(N_("Devis : délai de réponse"), DAYS, 7, 60),
    "promise_broken.days": one(N_("Embauche promise : délai après la formation"), DAYS, 7, 60),
    "clea_course_missing.days": one(N_("CléA : délai d’entrée après l’évaluation préalable"), DAYS, 15, 180),
    "clea_limit_near.days": one(N_("CléA : rappel avant la fin des cinq ans"), DAYS, 30, 365),
    "prepa_without_employer.days": one(N_("Prépa-apprentissage : rappel d’un employeur avant la fin"), DAYS, 7, 90),
    "apprenticeship_far.days": one(N_("Prépa-apprentissage : délai jusqu’au contrat"), DAYS, 15, 180),
    "vae_lapse_near.days": one(N_("VAE : rappel avant la fin de la recevabilité"), DAYS, 7, 90),
    "vae_result_late.days": one(
        N_("VAE : délai du résultat après le jury"), DAYS, 15, 15, N_("Code du travail, articles R6412-1 à R6412-7")
    ),
    "vae_partial_without_plan.days": one(N_("VAE : délai d’un plan après une validation partielle"), DAYS, 15, 180),
    "cep_synthesis_missing.days": one(N_("Conseil : délai de la synthèse après le dernier entretien"), DAYS, 7, 90),
    "cep_project_without_step.days": one(N_("Conseil : délai d’une suite après un projet validé"), DAYS, 30, 180),
    "creation_phase_long.rate": one(N_("Création : durée à signaler, en part de la durée habituelle"), PERCENT, 100, 300),
    "creation_phase_long.evaluation_weeks": one(N_("Création : durée habituelle de l’évaluation du projet"), WEEKS, 2, 26),
    "creation_phase_long.training_months": one(N_("Création : durée habituelle de la formation"), MONTHS, 1, 12),
    "creation_phase_long.funding_months": one(N_("Création : durée habituelle de la recherche de financement"), MONTHS, 1, 18),
    "creation_meeting_overdue.months": several(
        N_("Suivi post-création : points attendus"),
        *(Part(MONTHS, 1, 36, label) for label in (N_("Premier point"), N_("Deuxième point"), N_("Troisième point"))),
        order=RISING,
    ),
    "creation_meeting_overdue.days": one(N_("Suivi post-création : tolérance après la date"), DAYS, 7, 60),
    "business_closed_early.months": one(N_("Entreprise fermée tôt : jusqu’à"), MONTHS, 3, 36),
    "pair_silent.days": one(N_("Accompagnement global : délai sans échange avec l’un des deux"), DAYS, 30, 120),
    "immersion_report_missing.days": one(N_("Immersion : délai du bilan"), DAYS, 1, 30),
    "post_exit_followup_overdue.months": several(
        N_("Suivi après la sortie : points attendus"),
        *(Part(MONTHS, 1, 24, label) for label in (N_("Premier point"), N_("Deuxième point"), N_("Troisième point"))),
        order=RISING,
    ),
    "post_exit_followup_overdue.before": one(N_("Suivi après la sortie : une nouvelle compte avant la date de"), DAYS, 7, 60),
    "post_exit_followup_overdue.tolerance": one(N_("Suivi après la sortie : tolérance après la date"), DAYS, 1, 60),
    "result_unknown.days": one(N_("Résultat à l’examen : délai"), DAYS, 15, 180),
    # gaps
    "entry_delay.watch": one(N_("Attente d’entrée : à surveiller, sans date d’admission"), DAYS, 7, 90),
    "entry_delay.alert": one(N_("Attente d’entrée : à traiter, sans entrée"), DAYS, 14, 180),
    "entry_no_show.days": one(N_("Non entré : délai après le début prévu"), DAYS, 1, 15),
    "exit_without_plan.days": one(N_("Fin proche sans suite : rappel avant la fin"), DAYS, 7, 120),
    "exit_without_plan.planned_days": one(N_("Fin proche sans suite : pas pour une étape plus courte que"), DAYS, 14, 180),
    "no_solution_gap.watch": one(N_("Sans solution : à surveiller"), DAYS, 7, 120),
    "no_solution_gap.alert": one(N_("Sans solution : à traiter"), DAYS, 30, 365),
    "no_solution_gap.confirmed_within": one(N_("Sans solution : une suite convenue compte si elle commence dans"), DAYS, 7, 120),
    "minor_without_solution.days": one(N_("Mineur sans solution : délai"), DAYS, 1, 30),
    # eligibility, data
    "rqth_expiring.days": one(N_("RQTH : rappel avant la fin de la reconnaissance"), DAYS, 30, 365),
    "end_undeclared.feed_silent_days": one(
        N_("Flux muet : jours sans fichier reçu avant de suspendre les rappels qui en dépendent"), DAYS, 2, 90
    ),
    "end_undeclared.days": one(N_("Fin non déclarée : délai après la fin prévue"), DAYS, 1, 60),
}
LOWER_THAN: Sequence[tuple[str, str]] = (
    ("entry_delay.watch", "entry_delay.alert"),
    ("no_solution_gap.watch", "no_solution_gap.alert"),
)
"""Pairs of settings of which the first must stay below the second."""
_PERCENT = 100

FAMILIES: Mapping[str, str] = {
    "contact": N_("Contact"),
    "attendance": N_("Assiduité"),
    "contract": N_("Contrat"),
    "deadline": N_("Échéances"),
    "gap": N_("Sans solution"),
    "training_risk": N_("Risque en formation"),
    "eligibility": N_("Éligibilité"),
    "data": N_("Données"),
}


SWITCH, EVERY_RULE = "enabled", "every_rule"
"""``<rule>.enabled`` switches a rule, ``every_rule.enabled`` all of them."""


def described(name: str, required_by: str = "") -> Threshold | None:
    """The setting of that name, the switch of a rule included; None for no name of ours. ``required_by``: what locks a switch."""
    rule, _, what = name.rpartition(".")
    if what != SWITCH:
        return THRESHOLDS.get(name)
    if rule == EVERY_RULE:
        return one(N_("Toutes les règles automatiques"), ON_OFF, 0, 1)
    return one(WORDINGS[rule].title, ON_OFF, 0, 1, required_by) if rule in WORDINGS else None


def numbers_of(value: Any) -> tuple[Any, ...]:
    """The numbers of a stored value: one or several."""
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def shown(threshold: Threshold, value: Any) -> tuple[Any, ...]:
    """The numbers as they are typed: a rate in percent."""
    return tuple(
        round(number * _PERCENT, 6) if part.unit == PERCENT else number
        for part, number in zip(threshold.parts, numbers_of(value), strict=True)
    )


def stored(threshold: Threshold, typed: Sequence[Any]) -> Any:
    """What is stored of the numbers typed."""
    read = [
        _stored_part(part, number) for part, number in zip(threshold.parts, typed, strict=True)
    ]
    return read if len(read) > 1 else read[0]


def _stored_part(part: Part, number: Any) -> Any:
    if part.unit in (YES_NO, ON_OFF):
        return bool(number)
    if part.unit == PERCENT:
        return round(float(number) / _PERCENT, 6)
    return int(number)


def faults(threshold: Threshold, typed: Sequence[Any]) -> Iterator[Reason]:
    """What is wrong with the numbers typed."""
    for part, number in zip(threshold.parts, typed, strict=True):
        if not part.least <= float(number) <= part.most:
            bounds = {"least": said(part.unit, part.least), "most": said(part.unit, part.most)}
            yield Reason("threshold_out_of_bounds", bounds)
        elif part.unit != PERCENT and float(number) != int(number):
            yield Reason("threshold_not_whole")
    pairs = list(pairwise(typed))
    if threshold.order == RISING and any(first >= second for first, second in pairs):
        yield Reason("threshold_rising")
    if threshold.order == FALLING and any(first <= second for first, second in pairs):
        yield Reason("threshold_falling")


def said(unit: str, number: Any) -> str:
    """« 45 jours », « 10 % », « × 2 », « oui »."""
    figure = f"{number:g}".replace(".", ",") if not isinstance(number, bool) else ""
    if unit == YES_NO:
        return _("oui") if number else _("non")
    if unit == ON_OFF:
        return _("en marche") if number else _("à l’arrêt")
    if unit == MULTIPLE:
        return f"×\u00a0{figure}"
    if unit == PERCENT:
        return f"{figure}\u00a0%"
    if unit == HOURS:
        return f"{figure}\u00a0h"
    count = int(number)
    return {
        DAYS: ngettext("{n} jour", "{n} jours", count),
        MONTHS: ngettext("{n} mois", "{n} mois", count),
        WEEKS: ngettext("{n} semaine", "{n} semaines", count),
        HALF_DAYS: ngettext("{n} demi-journée", "{n} demi-journées", count),
        TIMES: ngettext("{n} fois", "{n} fois", count),
    }[unit].format(n=count)


def value_sentence(name: str, value: Any) -> str:
    """A setting's value in words: « 45 jours », « 60 jours puis 30 jours », « 2 fois en 30 jours »."""
    if value is None:
        return _("pas de délai")
    threshold = described(name)
    if threshold is None:
        return str(value)
    words = [said(part.unit, number) for part, number in zip(threshold.parts, shown(threshold, value), strict=True)]
    if threshold.order:
        return _(" puis ").join(words)
    return _("{count} en {window}").format(count=words[0], window=words[1]) if len(words) > 1 else words[0]


def label_of(name: str, scheme: str | None = None) -> str:
    """« Silence : délai… (CEJ) »."""
    threshold, rule = described(name), name.rpartition(".")[0]
    label = _(threshold.label) if threshold is not None else name
    if name.endswith(f".{SWITCH}") and rule != EVERY_RULE:
        label = _("Règle « {signal} »").format(signal=signal_title(rule))
    return f"{label} ({scheme_name(scheme)})" if scheme else label
