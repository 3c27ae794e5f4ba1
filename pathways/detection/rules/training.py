"""Signals of training: waiting to enter, the body's own flag, an early exit, what became of the person after."""

from collections.abc import Mapping
from typing import Any

from pathways.detection.facts import StepFacts
from pathways.detection.finding import (
    ALERT,
    CRITICAL,
    QUIET,
    WATCH,
    Finding,
    Findings,
    Level,
    Mark,
    from_marks,
    together,
)
from pathways.detection.follow_ups import EXITED, follow_ups
from pathways.detection.rule import Family, rule
from pathways.workflows.dates import days
from pathways.workflows.outcomes import KNOWN_RESULTS
from pathways.workflows.states import State as S


@rule(
    "entry_delay",
    "Attente d’entrée",
    family=Family.GAP,
    kinds={"training"},
    states={S.PRESCRIBED, S.WAITLISTED, S.ADMITTED},
    fed=True,
    levels=(WATCH, ALERT),
    closes="Une date d’admission (premier niveau), l’entrée, ou l’annulation.",
    source="Pratique des prescripteurs",
)
def entry_delay(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """31st day after the prescription without a date of admission; 61st without an entry."""
    prescribed = step.first("prescribed")
    if prescribed is None:
        return QUIET
    watch, alert = settings["entry_delay.watch"], settings["entry_delay.alert"]
    marks = [Mark(prescribed.occurred_on + days(alert + 1), ALERT, str(alert), {"days": alert})]
    if not (step.state == S.ADMITTED and step.step.planned_start):
        marks.insert(0, Mark(prescribed.occurred_on + days(watch + 1), WATCH, str(watch), {"days": watch}))
    return from_marks(
        step.day, f"{prescribed.occurred_on}", marks, evidence=(prescribed,), values={"prescribed": prescribed.occurred_on}
    )


@rule(
    "entry_no_show",
    "Non entré",
    family=Family.GAP,
    kinds={"training"},
    states={S.ADMITTED},
    fed=True,
    levels=(ALERT,),
    closes="L’entrée, ou l’annulation.",
    source="CT L6121-5 : l’organisme déclare l’entrée réelle",
)
def entry_no_show(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """Three days after the planned start, neither entry nor cancellation."""
    start = step.step.planned_start
    if start is None:
        return QUIET
    return from_marks(
        step.day,
        f"{start}",
        [Mark(start + days(settings["entry_no_show.days"]), ALERT)],
        evidence=step.all("admitted")[-1:],
        values={"planned_start": start},
    )


@rule(
    "training_risk_flag",
    "Signalement de l’organisme",
    family=Family.TRAINING_RISK,
    kinds={"training", "contract"},
    raised_by=1,
    levels=(WATCH, ALERT, CRITICAL),
    despite_objection=True,
    closes="Le signalement clos par l’organisme ou le référent, ou la sortie.",
    source="SREFOP 2017 des Pays de la Loire, quatre dimensions (2.2.2.4)",
    after={"risk_flag"},
)
def training_risk_flag(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """The training body flagged one of the four dimensions; it, the referent, or the exit closes it."""
    resolving = [
        contact.occurred_on
        for other in step.person.pathway.steps.values()
        for contact in (*other.all("contact"), *other.all("appointment"))
        if "training_risk_flag" in (contact.data.get("resolves") or ())
    ]
    closed = [*(entry.occurred_on for entry in step.all("risk_flag_closed")), *resolving]
    return Findings(
        tuple(
            Finding(
                f"{flag.data['dimension']}:{flag.occurred_on}",
                Level(min(max(flag.data["level"], Level.WATCH), Level.CRITICAL)),
                evidence=(flag,),
                values={"dimension": flag.data["dimension"], "on": flag.occurred_on},
            )
            for flag in step.all("risk_flag")
            if not any(on >= flag.occurred_on for on in closed)
        )
    )


@rule(
    "training_interrupted",
    "Sortie anticipée",
    family=Family.TRAINING_RISK,
    kinds={"training"},
    states={S.DROPPED_OUT, S.EXCLUDED},
    levels=(CRITICAL,),
    closes="Une nouvelle étape commencée.",
    source="CT L6121-5, R6341-35",
)
def training_interrupted(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """Dropout or exclusion declared before the planned end, until the next structuring step begins."""
    exit_entry = step.step.history[-1].cause
    if exit_entry is None:
        return QUIET
    left, planned = exit_entry.occurred_on, step.step.planned_end
    if planned is not None and left >= planned:
        return QUIET
    if any(other is not step and other.took_part_since(left) for other in step.person.steps):
        return QUIET
    return Findings(
        (
            Finding(
                f"{left}",
                CRITICAL,
                evidence=(exit_entry,),
                values={"on": left, "planned_end": planned, "reason": exit_entry.data.get("reason")},
            ),
        )
    )


@rule(
    "post_exit_followup_overdue",
    "Suivi post-formation en retard",
    family=Family.DEADLINE,
    outlives=True,
    states=EXITED | {S.LEFT_WITHOUT_CONTRACT},
    levels=(WATCH,),
    closes="Un suivi de ce mois ou d’un mois suivant.",
    source="Suivi des sorties à 1, 3 et 6 mois (indicateurs F12 et F13 de l’évaluation annuelle)",
)
def post_exit_followup_overdue(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """1, 3 and 6 months after the exit: nothing said where the person stands in [due - 31, due + 15]."""
    exit_entry = step.step.history[-1].cause
    return together(
        from_marks(
            step.day,
            f"{each.exited}",
            [Mark(each.last + days(1), WATCH, str(each.month))],
            evidence=[exit_entry] if exit_entry else (),
            values={"month": each.month, "due": each.due, "exited": each.exited},
        )
        for each in follow_ups(step, settings)
        if not each.is_answered
    )


@rule(
    "result_unknown",
    "Résultat inconnu",
    family=Family.DEADLINE,
    kinds={"training", "contract"},
    states={S.COMPLETED},
    fed=True,
    levels=(WATCH,),
    closes="Le résultat déclaré.",
    source="CT L6353-10 ; délai de pratique",
)
def result_unknown(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """60 days after the end of a certifying course without its result."""
    ended, course = step.last_day, _certifying(step)
    results = [entry.data.get("outcome") for entry in step.all("completed")]
    results += [entry.data.get("certification") for entry in step.all("work_contract_ended")]
    if ended is None or not course or step.first("certification_result") or KNOWN_RESULTS & set(results):
        return QUIET
    return from_marks(step.day, f"{ended}", [Mark(ended + days(settings["result_unknown.days"]), WATCH)], values={"ended": ended})


def _certifying(step: StepFacts) -> bool:
    return any(step.detail(event, "certification") for event in ("admitted", "entered", "work_contract_signed"))
