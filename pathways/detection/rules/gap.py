"""Signals of gaps: an end in sight without a next step, and nobody anywhere since the last one."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pathways.detection.facts import Facts, StepFacts
from pathways.detection.finding import ALERT, CRITICAL, QUIET, WATCH, Findings, Mark, earliest, from_marks
from pathways.detection.obligation import coverage
from pathways.detection.rule import Family, rule
from pathways.workflows import obligation
from pathways.workflows.dates import MAJORITY, ONE_DAY, age_on, birthday, days
from pathways.workflows.states import State as S


@rule(
    "exit_without_plan",
    "Fin proche sans suite",
    family=Family.GAP,
    levels=(WATCH,),
    closes="Une suite convenue, ou la fin de l’étape.",
    source="Pratique : continuité des parcours",
)
def exit_without_plan(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """30 days before the planned end of a step planned for 60 days or more, and nothing agreed for after."""
    end, start = step.step.planned_end, step.started_on
    if not step.is_structuring or not step.step.is_active or step.state in {S.BROKEN_CONTINUING_CFA, S.CFA_WITHOUT_CONTRACT}:
        return QUIET
    if end is None or start is None or (end - start).days + 1 < settings["exit_without_plan.planned_days"]:
        return QUIET
    if any(_goes_on(other, end) for other in step.person.steps if other is not step):
        return QUIET
    return from_marks(
        step.day,
        f"{end}",
        [Mark(end - days(settings["exit_without_plan.days"]), WATCH)],
        until=end - ONE_DAY,
        values={"end": end},
    )


def _goes_on(other: StepFacts, end: date) -> bool:
    """That step is agreed or running, and carries the person beyond ``end``."""
    if other.is_confirmed:
        return True
    return other.is_structuring_now and (other.expected_end is None or other.expected_end > end)


@rule(
    "no_solution_gap",
    "Sans solution",
    family=Family.GAP,
    about_the_person=True,
    levels=(WATCH, ALERT),
    closes="Une étape commencée, ou un départ confirmé à brève échéance.",
    source="Pratique : continuité des parcours",
)
def no_solution_gap(facts: Facts, settings: Mapping[str, Any]) -> Findings:
    """31 and 91 days after the last structuring step, none running, none agreed within 60 days.

    Not for minors (they have their own signal), nor while an intensive accompaniment (CEJ, Garantie jeunes) is active.
    """
    ended = facts.last_structuring_end
    active = facts.active_structuring()
    if active:
        return Findings(again_on=earliest(*(each.expected_end + ONE_DAY for each in active if each.expected_end)))
    if ended is None:
        return QUIET
    if any(step.step.scheme.intensive and step.step.is_active for step in facts.steps):
        return QUIET
    if facts.is_minor and facts.born:
        return Findings(again_on=birthday(facts.born, MAJORITY))
    within = settings["no_solution_gap.confirmed_within"]
    coming = [step.step.planned_start for step in facts.confirmed_starts(within=within)]
    if coming:
        return Findings(again_on=earliest(*(start + ONE_DAY for start in coming if start)))
    on, step = ended
    watch, alert = settings["no_solution_gap.watch"], settings["no_solution_gap.alert"]
    answer = from_marks(
        facts.day,
        f"{on}",
        [
            Mark(on + days(watch + 1), WATCH, str(watch), {"days": watch}),
            Mark(on + days(alert + 1), ALERT, str(alert), {"days": alert}),
        ],
        evidence=step.left_by,
        values={"since": on},
        enrolment=step.key,
    )
    # A start agreed further away than the limit will silence this the day it comes within it.
    far = [
        each.step.planned_start - days(within)
        for each in facts.steps
        if each.is_confirmed and each.step.planned_start and each.step.planned_start > facts.day
    ]
    return Findings(answer.found, earliest(answer.again_on, *far))


@rule(
    "minor_without_solution",
    "Mineur sans solution",
    family=Family.GAP,
    about_the_person=True,
    levels=(CRITICAL,),
    despite_objection=True,
    closes="Une situation qui satisfait l’obligation, une exemption, ou les 18 ans.",
    source="Code de l’éducation L114-1 (loi 2019-791, article 15), depuis le 1er septembre 2020",
)
def minor_without_solution(facts: Facts, settings: Mapping[str, Any]) -> Findings:
    """16 or 17 years old, 16th day outside every situation that satisfies the obligation de formation (from 2020-09-01).

    The situations are the table of ``workflows.obligation``; somebody of whom none was ever declared is not outside of one.
    """
    born = facts.born
    if born is None or age_on(born, facts.day) >= MAJORITY:
        return QUIET
    stands = coverage(facts)
    if stands.situation is not None or stands.last_day is None:
        return Findings(again_on=stands.again_on)
    bound = max(stands.last_day, birthday(born, obligation.FROM) - ONE_DAY, obligation.STARTS - ONE_DAY)
    shown = bound + days(settings["minor_without_solution.days"] + 1)
    left_school = facts.pathway.last("school_exit")
    return from_marks(
        facts.day,
        f"{stands.last_day}",
        [Mark(shown, CRITICAL)],
        until=birthday(born, MAJORITY) - ONE_DAY,
        evidence=[left_school] if left_school else (),
        values={"since": stands.last_day},
    )
