"""Whether somebody of 16 or 17 is in a situation that satisfies the obligation to be in training, and since when not."""

from dataclasses import dataclass
from datetime import date

from pathways.detection.facts import Facts, StepFacts
from pathways.detection.finding import earliest
from pathways.workflows.dates import ONE_DAY
from pathways.workflows.entry import Entry
from pathways.workflows.obligation import STATED_BY, Situation, of_scheme, says_outside, stated


@dataclass(frozen=True, slots=True)
class Coverage:
    """Where somebody stands on one evening. ``situation`` None: in none that is known.

    ``last_day``: the last day in one, None when nobody ever declared any. ``again_on``: the day the clock may change it.
    """

    situation: Situation | None
    last_day: date | None = None
    again_on: date | None = None


def coverage(facts: Facts) -> Coverage:
    """What is declared, on the evening of the facts: a running step, a situation stated, an exemption."""
    running = [step for step in facts.steps if _satisfies(step)]
    over = [end + ONE_DAY for step in running if step.is_structuring_now and (end := step.expected_end)]
    exempted = [until for entry in facts.pathway.person.get("obligation_exempted", []) if (until := entry.data.get("until"))]
    again_on = earliest(*over, *(until + ONE_DAY for until in exempted if until >= facts.day))
    if running:
        return Coverage(of_scheme(running[0].step.scheme), again_on=again_on)
    ends, statement, denied = _ends(facts), _statement(facts), None
    if statement is not None:
        denied = _denied(facts, statement)
        if denied is None and not any(end > statement.occurred_on for end in ends):
            return Coverage(stated(statement), again_on=again_on)
    if any(until >= facts.day for until in exempted):
        return Coverage(Situation.EXEMPTED, again_on=again_on)
    if denied is not None:
        ends.append(denied - ONE_DAY)
    # An exemption says nothing of where somebody never heard of stands.
    return Coverage(None, max([*ends, *exempted]) if ends else None, again_on)


def _satisfies(step: StepFacts) -> bool:
    return step.is_structuring_now or (not step.is_structuring and step.step.is_active)


def _ends(facts: Facts) -> list[date]:
    """The last day in school, and in each step that is over."""
    left_school = facts.pathway.last("school_exit")
    ends = [left_school.occurred_on] if left_school else []
    return ends + [last for step in facts.steps if (last := step.structuring_last_day or _accompaniment_end(step))]


def _denied(facts: Facts, statement: Entry) -> date | None:
    """The first day after the statement on which somebody answers that they are in no situation."""
    answers = (entry for step in facts.steps for entry in step.all("followup") if says_outside(entry))
    return min((entry.occurred_on for entry in answers if entry.occurred_on > statement.occurred_on), default=None)


def _statement(facts: Facts) -> Entry | None:
    """The last entry that says where the person goes."""
    said = [entry for step in facts.steps for event in STATED_BY for entry in step.all(event) if stated(entry)]
    return max(said, key=lambda entry: (entry.occurred_on, entry.content), default=None)


def _accompaniment_end(step: StepFacts) -> date | None:
    ended = step.step.scheme.family.code == "accompaniment" and step.step.is_final
    return step.last_day if ended and step.signed else None
