"""What a signal that needs a human asks for: how it ranks, whether it passes before the week's budget, whether it may wait.

Pure: what the person's pathway says on the evening. What was done with earlier alerts is weighed where they are written.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pathways.detection.facts import NOT_ACCOMPANYING
from pathways.detection.finding import Level
from pathways.detection.rule import Family
from pathways.detection.timeline import Run
from pathways.workflows.alert_life import Reserve
from pathways.workflows.dates import MAJORITY, age_on, days
from pathways.workflows.fold import Pathway
from pathways.workflows.states import State

QUIET_AFTER_CONTACT = {"PACEA": 14}
"""Days, by scheme of the lead accompaniment, during which an exchange with the person makes what came before it wait."""
QUIET = 10
"""The same in every other scheme."""
CALMED_BY_CONTACT = frozenset({Family.CONTACT, Family.ATTENDANCE, Family.GAP})
"""Families an exchange answers for a while. A deadline, a contract or missing data waits for nobody."""
LONG_SILENCE = 30
"""Days without an exchange from which a silence is shown whatever the budget; where the scheme allows as many, beyond those."""


@dataclass(frozen=True, slots=True)
class Weight:
    """``raised_by``: 2 the person, 1 somebody else, 0 a rule alone; ``fresh_on``: the last day something it rests on happened;
    ``quiet_until``: the first day on which an exchange no longer makes it wait, None when none does.
    """

    raised_by: int
    reserve: Reserve | None
    fresh_on: date | None
    quiet_until: date | None


def weigh(run: Run, pathway: Pathway, day: date) -> Weight:
    """How much the signal presses on the evening of ``day``."""
    fresh_on = max((entry.occurred_on for entry in run.finding.evidence), default=None)
    reserve = next(_reserves(run, pathway, day), None)
    return Weight(run.rule.raised_by, reserve, fresh_on, None if reserve else _quiet_until(run, pathway, day, fresh_on))


def _reserves(run: Run, pathway: Pathway, day: date) -> Iterator[Reserve]:
    if run.rule.raised_by:
        yield Reserve.HUMAN
    if run.finding.level is Level.CRITICAL:
        yield Reserve.CRITICAL
    if run.rule.family is Family.DATA:
        return  # asked of whoever owes the data: nobody's situation presses
    if pathway.born is not None and age_on(pathway.born, day) < MAJORITY:
        yield Reserve.MINOR
    if any(step.state == State.PROBATION for step in pathway.open_steps()):
        yield Reserve.PROBATION
    if run.rule.family is Family.CONTACT and (spoken := last_spoken(pathway)) and day > spoken + days(_long(run)):
        yield Reserve.LONG_SILENCE


def _long(run: Run) -> int:
    """Days without an exchange that are long: a month, or a month beyond what a slower scheme allows anyway."""
    allowed = int(run.finding.values.get("allowed") or 0)
    return LONG_SILENCE if allowed < LONG_SILENCE else allowed + LONG_SILENCE


def last_spoken(pathway: Pathway) -> date | None:
    """The last day a body that accompanies the person exchanged with them."""
    spoke = (entry.occurred_on for entry in pathway.contacts if entry.kind not in NOT_ACCOMPANYING)
    return max(spoke, default=None)


def _quiet_until(run: Run, pathway: Pathway, day: date, fresh_on: date | None) -> date | None:
    spoken = last_spoken(pathway) if run.rule.family in CALMED_BY_CONTACT else None
    if spoken is None or (fresh_on is not None and fresh_on > spoken):
        return None
    lead = pathway.lead_accompaniment
    until = spoken + days(QUIET_AFTER_CONTACT.get(lead.scheme.code, QUIET) if lead else QUIET) + days(1)
    return until if day < until else None
