"""Signals of deadlines: signature, phases, longest duration, age."""

from collections.abc import Mapping
from typing import Any

from pathways.detection.facts import StepFacts
from pathways.detection.finding import ALERT, CRITICAL, QUIET, WATCH, Findings, Mark, from_marks, together
from pathways.detection.rule import Family, rule
from pathways.workflows.dates import ONE_DAY, add_months, birthday, days
from pathways.workflows.states import State as S

_SIGNED = {S.SIGNED, S.ACTIVE, S.EXTERNAL_COURSE, S.SUSPENDED}
_OPEN = _SIGNED | {S.ORIENTED, S.ASSESSING}


@rule(
    "signature_overdue",
    "Contrat non signé dans le délai",
    family=Family.DEADLINE,
    kinds={"accompaniment"},
    states={S.ORIENTED, S.ASSESSING},
    levels=(ALERT,),
    closes="La signature, ou une nouvelle orientation (le mois repart).",
    source="CT D5411-14-1, D5411-8-2 ; R5131-9 (2017-2024)",
)
def signature_overdue(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """One month to sign: after the notified orientation since 2025 (CT D5411-14-1), after the diagnosis before (CT R5131-12).

    A new orientation restarts the month (D5411-8-2).
    """
    version = step.step.scheme.version(step.step.opened_on or step.day)
    runs_from = version.sign_within if version else None
    anchor = None
    if runs_from == "assessment":
        anchor = step.first("assessment")
    elif runs_from:
        anchor = step.last(runs_from)
    if anchor is None:
        return QUIET
    due = add_months(anchor.occurred_on, settings["signature_overdue.months"])
    return from_marks(
        step.day,
        f"{anchor.occurred_on}",
        [Mark(due + ONE_DAY, ALERT)],
        evidence=(anchor,),
        values={"since": anchor.occurred_on, "due": due},
    )


@rule(
    "first_phase_overdue",
    "Première phase tardive",
    family=Family.DEADLINE,
    schemes={"PACEA"},
    states=_SIGNED,
    levels=(WATCH,),
    closes="La première phase commencée.",
    source="CT R5131-12",
)
def first_phase_overdue(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """PACEA: one month after the signature without a first phase (CT R5131-12)."""
    signed = step.signed
    if signed is None or step.first("phase_started"):
        return QUIET
    due = add_months(signed.occurred_on, settings["first_phase_overdue.months"])
    return from_marks(
        step.day,
        f"{signed.occurred_on}",
        [Mark(due + ONE_DAY, WATCH)],
        evidence=(signed,),
        values={"signed": signed.occurred_on, "due": due},
    )


@rule(
    "phase_review_overdue",
    "Phase sans bilan",
    family=Family.DEADLINE,
    schemes={"PACEA"},
    levels=(WATCH,),
    closes="Le bilan de la phase.",
    source="CT R5131-11",
    after={"phase_started"},
)
def phase_review_overdue(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """Seven days after the planned end of a phase without its review (CT R5131-11)."""
    reviewed = {review.data.get("n") for review in step.all("phase_reviewed")}
    return together(
        from_marks(
            step.day,
            f"phase:{phase.data['n']}",
            [Mark(phase.data["planned_end"] + days(settings["phase_review_overdue.days"]), WATCH)],
            evidence=(phase,),
            values={"n": phase.data["n"], "ended": phase.data["planned_end"]},
        )
        for phase in {phase.data.get("n"): phase for phase in step.all("phase_started")}.values()
        if phase.data.get("n") not in reviewed and phase.data.get("planned_end")
    )


@rule(
    "cap_approaching",
    "Durée maximale proche",
    family=Family.DEADLINE,
    levels=(WATCH, ALERT),
    closes="La sortie, ou un nouveau dernier jour.",
    source="Durée de chaque dispositif ; rappels de pratique",
)
def cap_approaching(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """60 then 30 days before the last day allowed; not for durations under 120 days."""
    start = step.started_on or step.step.opened_on
    if step.cap is None or start is None or (step.cap - start).days + 1 < settings["cap_approaching.cap_days"]:
        return QUIET
    far, near = settings["cap_approaching.days"]
    return from_marks(
        step.day,
        f"{step.cap}",
        [
            Mark(step.cap - days(far), WATCH, str(far), {"days": far}),
            Mark(step.cap - days(near), ALERT, str(near), {"days": near}),
        ],
        evidence=[entry for entry in [step.signed] if entry],
        values={"cap": step.cap},
    )


@rule(
    "cap_reached",
    "Durée maximale atteinte",
    family=Family.DEADLINE,
    levels=(CRITICAL,),
    closes="La sortie, ou un nouveau dernier jour.",
    source="Durée de chaque dispositif",
)
def cap_reached(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """The last day allowed."""
    if step.cap is None:
        return QUIET
    return from_marks(
        step.day,
        f"{step.cap}",
        [Mark(step.cap, CRITICAL)],
        evidence=[entry for entry in [step.signed] if entry],
        values={"cap": step.cap},
    )


@rule(
    "age_limit_approaching",
    "Limite d’âge proche",
    family=Family.DEADLINE,
    kinds={"accompaniment"},
    states=_OPEN,
    levels=(WATCH, ALERT),
    closes="La sortie de l’accompagnement.",
    source="CT L5131-3 à L5131-6 ; rappels de pratique",
)
def age_limit_approaching(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """90 then 30 days before the birthday that ends the accompaniment (PACEA), or up to which one may enter it (CEJ)."""
    limit, born = step.age_limit, step.person.born
    if limit is None or born is None:
        return QUIET
    ends = birthday(born, limit)
    far, near = settings["age_limit_approaching.days"]
    return from_marks(
        step.day,
        f"{limit}",
        [Mark(ends - days(far), WATCH, str(far), {"days": far}), Mark(ends - days(near), ALERT, str(near), {"days": near})],
        values={"age": limit, "on": ends},
    )


@rule(
    "age_limit_reached",
    "Limite d’âge atteinte",
    family=Family.DEADLINE,
    kinds={"accompaniment"},
    outlives=True,
    levels=(ALERT,),
    closes="La sortie de l’accompagnement.",
    source="CT L5131-3 à L5131-6",
)
def age_limit_reached(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """The birthday: where the clock closes the step, that very day; elsewhere until somebody does."""
    limit, born = step.age_limit, step.person.born
    if limit is None or born is None:
        return QUIET
    ends, closed = birthday(born, limit), step.step.closed_on
    if closed is None:
        return from_marks(step.day, f"{limit}", [Mark(ends, ALERT)], values={"age": limit, "on": ends})
    if step.step.history[-1].clock != "age_limit":
        return QUIET
    return from_marks(step.day, f"{limit}", [Mark(closed, ALERT)], until=closed, values={"age": limit, "on": ends})
