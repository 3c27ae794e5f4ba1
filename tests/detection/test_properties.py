"""What holds for every journal, likely or absurd."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pathways.detection.evaluation import evaluate
from pathways.detection.settings import Settings
from pathways.detection.timeline import Timeline, day_by_day, timeline
from pathways.workflows.entry import standing
from pathways.workflows.fold import pathway
from tests.detection.journals import FIRST, LAST, SPAN, journals

DEFAULTS = Settings()
EVENINGS = st.integers(0, SPAN).map(lambda offset: FIRST + timedelta(days=offset))


def examples(number):
    """The same examples on every run, and no more time than a suite may take."""
    return settings(
        max_examples=number,
        derandomize=True,
        deadline=None,
        database=None,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )


def folded(entries, evening, known_at=None):
    """Everything a pathway says of its steps, comparable."""
    result = pathway(entries, evening, known_at or evening)
    steps = {
        step.key: (
            str(step.state), step.since, step.opened_on, step.closed_on, step.outcome, step.planned_start, step.planned_end,
            step.lead, step.prescriber, step.operator, step.half_days.codes,
            [(move.on, move.source, str(move.target), move.clock, move.cause and move.cause.id) for move in step.history],
        )
        for step in result.steps.values()
        if step.entries or step.history
    }
    return steps, sorted((each.kind, each.on, [entry.id for entry in each.entries]) for each in result.discordances)


def held(entries, evening, known_at=None):
    return set(evaluate(pathway(entries, evening, known_at or evening), evening, DEFAULTS, known_at).held)


def runs(told, *, until=LAST):
    return [(run.key, run.shown_on, run.closed_on, run.reason) for run in told.runs if run.shown_on <= until]


def as_a_set(told):
    return Counter(map(str, runs(told)))


def shuffled(entries, order):
    """The same entries, recorded on the same last day in another order."""
    return [replace(entry, known_on=LAST, number=order.index(position)) for position, entry in enumerate(entries)]


@examples(200)
@given(journals())
def test_looking_only_on_the_days_that_matter_equals_looking_every_evening(journal):
    jumping = timeline(journal.entries, DEFAULTS, LAST)
    earliest = min((entry.known_on for entry in journal.entries), default=FIRST)
    walking = day_by_day(journal.entries, DEFAULTS, min(earliest, FIRST), LAST) if earliest >= FIRST else None
    if walking is None:
        later = [replace(entry, known_on=max(entry.known_on, FIRST)) for entry in journal.entries]
        jumping, walking = timeline(later, DEFAULTS, LAST), day_by_day(later, DEFAULTS, FIRST, LAST)

    assert as_a_set(jumping) == as_a_set(walking)


@examples(150)
@given(journals(), EVENINGS)
def test_each_evening_of_a_timeline_is_what_a_fresh_fold_of_that_evening_says(journal, evening):
    seen = timeline(journal.entries, DEFAULTS, evening)

    assert {run.key for run in seen.open} == held(journal.entries, evening)
