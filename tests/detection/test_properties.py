"""What holds for every journal, likely or absurd."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pathways.detection.evaluation import evaluate
from pathways.detection.settings import Settings
from pathways.detection.timeline import Timeline, day_by_day, first_look, in_hindsight, since_on, timeline
from pathways.workflows.dates import ONE_DAY
from pathways.workflows.fold import pathway
from pathways.workflows.schemes import SCHEMES
from tests.detection.journals import FIRST, LAST, SPAN, choices, journals
from tests.journal import line

DEFAULTS = Settings()
EVENINGS = st.integers(0, SPAN).map(lambda offset: FIRST + timedelta(days=offset))
BREAKS = {"contract_broken", "contract_broken_no_employer", "contract_broken_early"}


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


def said(entry):
    """What an entry says, whoever numbered it."""
    return f"{entry.occurred_on} {entry.type} {entry.content} {entry.organisation} {entry.enrolment}"


def described(folded):
    """Everything a pathway says of its steps, comparable."""
    steps = {
        step.key: (
            str(step.state), step.since, step.opened_on, step.closed_on, step.outcome, step.planned_start, step.planned_end,
            step.lead, step.prescriber, step.operator, step.half_days.codes,
            [(move.on, move.source, str(move.target), move.clock, move.cause and said(move.cause)) for move in step.history],
            {event: [said(entry) for entry in entries] for event, entries in step.entries.items()},
        )
        for step in folded.steps.values()
        if step.entries or step.history
    }
    disputed = sorted((each.kind, each.on, [said(entry) for entry in each.entries]) for each in folded.discordances)
    return steps, disputed, folded.identity


def folded(entries, evening, known_at=None):
    return described(pathway(entries, evening, known_at or evening))


def held(entries, evening, known_at=None):
    return set(evaluate(pathway(entries, evening, known_at or evening), evening, DEFAULTS, known_at).held)


def runs(told):
    return Counter(f"{run.key} {line(run)}" for run in told.runs)


def recorded_in(order, entries):
    """The same entries, all known at last, but recorded in another order."""
    return [replace(entry, known_on=LAST, number=place) for place, entry in zip(order, entries, strict=True)]


@examples(220)
@given(journals(), choices())
def test_looking_only_on_the_days_that_matter_equals_looking_every_evening(journal, chosen):
    entries = [replace(entry, known_on=max(entry.known_on, FIRST)) for entry in journal.entries]

    assert runs(timeline(entries, chosen, LAST)) == runs(day_by_day(entries, chosen, FIRST, LAST))


@examples(250)
@given(journals(), EVENINGS)
def test_an_evening_of_a_timeline_is_what_a_fresh_look_at_that_evening_says(journal, evening):
    seen = timeline(journal.entries, DEFAULTS, evening)

    assert {run.key for run in seen.open} == held(journal.entries, evening)
    assert described(seen.current.pathway) == folded(journal.entries, evening)


@examples(200)
@given(journals(), EVENINGS, choices())
def test_a_timeline_may_stop_on_any_evening_and_go_on_from_what_was_stored(journal, evening, chosen):
    before = timeline(journal.entries, chosen, evening)
    ended = Counter(f"{run.key} {line(run)}" for run in before.runs if run.closed_on)

    after = Timeline(journal.entries, chosen).resume(evening, before.open, before.next_on).run_to(LAST)

    assert runs(after) + ended == runs(timeline(journal.entries, chosen, LAST))


@examples(250)
@given(journals(), EVENINGS, choices())
def test_a_first_look_dates_what_holds_as_if_every_evening_had_been_looked_at(journal, evening, chosen):
    every = timeline(journal.entries, chosen, evening)
    shown = {run.key: run.shown_on for run in every.open}

    first = first_look(journal.entries, chosen, evening)

    assert {run.key: run.shown_on for run in first.runs} == shown
    assert {run.key: run.finding for run in first.runs} == {run.key: run.finding for run in every.open}
    assert first.next_on == every.next_on
    hindsight = in_hindsight(journal.entries, chosen, evening)
    assert since_on(journal.entries, chosen, evening, shown) == {run.key: run.shown_on for run in hindsight.open}


@examples(60)
@given(journals())
def test_a_second_run_changes_nothing(journal):
    assert runs(timeline(journal.entries, DEFAULTS, LAST)) == runs(timeline(journal.entries, DEFAULTS, LAST))


@examples(200)
@given(journals(retractions=False, sheets=False), EVENINGS, st.randoms(use_true_random=False))
def test_once_everything_is_known_the_order_of_recording_no_longer_matters(journal, evening, chance):
    order = list(range(len(journal.entries)))
    chance.shuffle(order)
    shuffled = recorded_in(order, journal.entries)
    chance.shuffle(shuffled)

    assert folded(shuffled, evening, LAST) == folded(recorded_in(sorted(order), journal.entries), evening, LAST)
    assert held(shuffled, evening, LAST) == held(recorded_in(sorted(order), journal.entries), evening, LAST)


@examples(200)
@given(journals(), EVENINGS, st.randoms(use_true_random=False))
def test_entries_may_be_read_from_the_journal_in_any_order(journal, evening, chance):
    read = list(journal.entries)
    chance.shuffle(read)

    assert folded(read, evening) == folded(journal.entries, evening)
    assert runs(timeline(read, DEFAULTS, evening)) == runs(timeline(journal.entries, DEFAULTS, evening))


@examples(200)
@given(journals(retractions=False), st.data(), EVENINGS)
def test_seen_after_it_a_retraction_equals_never_having_recorded(journal, data, evening):
    wrong = data.draw(st.sampled_from(journal.entries))
    without = [entry for entry in journal.entries if entry is not wrong]
    taken_back = max(evening, wrong.known_on)
    journal.retract(wrong, taken_back.isoformat())

    assert folded(journal.entries, taken_back) == folded(without, taken_back)
    assert held(journal.entries, taken_back) == held(without, taken_back)


@examples(200)
@given(journals(retractions=False), st.data(), EVENINGS)
def test_seen_from_before_it_a_retraction_changes_nothing(journal, data, evening):
    wrong = data.draw(st.sampled_from(journal.entries))
    taken_back = max(evening, wrong.known_on)
    before = timeline(journal.entries, DEFAULTS, taken_back - ONE_DAY)
    journal.retract(wrong, taken_back.isoformat())

    assert runs(timeline(journal.entries, DEFAULTS, taken_back - ONE_DAY)) == runs(before)


@examples(200)
@given(journals(retractions=False), EVENINGS)
def test_nothing_found_on_an_evening_rests_on_what_happened_after_it(journal, evening):
    past = [entry for entry in journal.entries if entry.effective_on <= evening]

    assert held(journal.entries, evening) == held(past, evening)
    for finding in evaluate(pathway(journal.entries, evening, evening), evening, DEFAULTS).held.values():
        assert all(entry.effective_on <= evening for entry in finding.finding.evidence)


@examples(200)
@given(journals())
def test_a_signal_is_never_open_twice_and_never_closes_before_it_shows(journal):
    told = timeline(journal.entries, DEFAULTS, LAST)

    by_key = {}
    for run in told.runs:
        by_key.setdefault(run.key, []).append(run)
    for same in by_key.values():
        for one, following in pairwise(same):
            assert one.closed_on is not None
            assert one.closed_on < following.shown_on
    assert all(run.closed_on is None or run.closed_on > run.shown_on for run in told.runs)


@examples(250)
@given(journals(retractions=False))
def test_a_new_contract_closes_what_the_break_opened(journal):
    last = pathway(journal.entries, LAST, LAST)
    shown = evaluate(last, LAST, DEFAULTS).held

    for key, found in shown.items():
        if key.rule in BREAKS:
            broken = found.finding.evidence[0].data["broken_on"]
            others = [step for step in last.steps.values() if step.key != key.enrolment and step.scheme.family.code == "contract"]
            assert not [entry for step in others for entry in step.all("work_contract_started") if entry.occurred_on >= broken]


@examples(250)
@given(journals(retractions=False))
def test_a_natural_end_is_never_a_rupture(journal):
    shown = timeline(journal.entries, DEFAULTS, LAST)

    for step in shown.current.pathway.steps.values():
        if str(step.state) == "completed":
            open_here = {run.key.rule for run in shown.open if run.key.enrolment == step.key}
            assert not open_here & {*BREAKS, "training_interrupted", "maintien_expired", "absence_streak_critical"}


@examples(150)
@given(journals(), EVENINGS)
def test_the_history_of_a_step_is_a_way_through_its_page(journal, evening):
    for step in pathway(journal.entries, evening, LAST).steps.values():
        workflow, at, since = step.scheme.workflow, "", None
        for move in step.history:
            assert move.source == at
            assert at not in workflow.final
            assert since is None or move.on >= since
            at, since = move.target, move.on
        assert step.state == at
        assert (step.closed_on is not None) == (at in workflow.final)
        assert SCHEMES[step.scheme.code] is step.scheme
