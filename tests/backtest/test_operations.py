"""Asking for a replay, following it, giving it up; and the ruptures found every night."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from pathways import clock, db, queue
from pathways.backtest.replaying import Cancelled, Change
from pathways.errors import NotVisible, Refused
from pathways.models import Backtest, MissedRupture
from pathways.operations import backtests, missed
from pathways.workflows.hindsight import Stage
from tests.factories import (
    AlertFactory,
    EnrolmentFactory,
    JournalEntryFactory,
    LinkFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    days_ago,
)

SILENCE = ("contact_silence.days", "PACEA", [20])


class Team:
    def __init__(self):
        self.ml = OrganisationFactory()
        self.head = MembershipFactory(organisation=self.ml).user_id

    def ask(self, *wanted, first=None, last=None):
        first, last = first or days_ago(60), last or clock.today()
        return backtests.ask(first, last, wanted, organisation_id=self.ml.id, user_id=self.head)

    def followed(self, *, declared=None, seen=40):
        """Somebody in a PACEA since 150 days, last seen ``seen`` days ago, closed as unreachable ``declared`` days ago."""
        person, began = PersonFactory(), days_ago(150)
        ended = {"state": "abandoned", "closed_on": days_ago(declared), "outcome": "INJOIGNABLE"} if declared is not None else {}
        step = EnrolmentFactory(person=person, lead=self.ml, opened_on=began, **ended)
        LinkFactory(person=person, organisation=self.ml, user_id=self.head, enrolment_id=step.id)
        for type_, ago, payload in (
            ("accompaniment_started", 150, {}), ("contact", seen, {"channel": "telephone"}),
            *([("closed", declared, {"outcome": "INJOIGNABLE"})] if declared is not None else []),
        ):  # fmt: skip
            JournalEntryFactory(
                person=person, organisation=self.ml, enrolment_id=step.id, type=type_, occurred_on=days_ago(ago), payload=payload,
                recorded_at=clock.now() - timedelta(days=ago),
            )  # fmt: skip
        person.step = step
        return person


@pytest.fixture
def team(session, frozen_clock, asked_jobs):
    return Team()


def stored(session, public_id):
    session.expire_all()
    return session.scalar(sa.select(Backtest).where(Backtest.public_id == public_id))


def test_a_replay_is_asked_for_and_run_by_a_worker_s_job(team, session, asked_jobs):
    team.followed(declared=5)
    asked = team.ask(SILENCE)
    (message,) = asked_jobs

    queue.job_named(message.name)(*message.args)

    done = stored(session, asked)
    assert (done.stage, done.done, done.total) == (Stage.DONE, 1, 1)
    assert done.figures["ruptures"] == 1
    assert set(done.figures["at"]) == {"in_force", "changed", "silence"}
    now, then = (done.figures["rules"][choice]["contact_silence"]["calls"] for choice in ("in_force", "changed"))
    assert then >= now
    assert "person" not in str(done.figures.keys() - {"persons", "person_weeks"})


def test_only_the_persons_the_organisation_leads_are_replayed(team, session):
    team.followed(declared=5)
    Team().followed(declared=5)
    asked = team.ask()

    backtests.run(stored(session, asked).id)

    assert stored(session, asked).figures["persons"] == 1


@pytest.mark.parametrize(
    ("wanted", "period", "code"),
    [
        ([("contact_silence.days", "PACEA", [3])], {}, "threshold_out_of_bounds"),
        ([("contact_silence.days", "PACEA", [None])], {}, "threshold_missing"),
        ([("contact_silence.days", None, [20])], {}, "threshold_by_scheme"),
        ([("weekly_hours_low.hours", "CEJ", [12])], {}, "threshold_locked"),
        ([SILENCE, SILENCE], {}, "threshold_twice"),
        ([], {"first": date(2026, 3, 1), "last": date(2026, 2, 1)}, "period_backwards"),
        ([], {"first": date(2024, 3, 1)}, "period_too_long"),
        ([], {"last": date(2026, 3, 9)}, "day_to_come"),
    ],
)
def test_what_cannot_be_replayed_is_refused_with_its_reason(team, session, asked_jobs, wanted, period, code):
    with pytest.raises(Refused) as refused:
        team.ask(*wanted, **period)

    assert code in refused.value.codes
    assert session.scalar(sa.select(sa.func.count()).select_from(Backtest)) == 0


def test_three_at_once_and_one_that_stands_still_counts_no_more(team, session, frozen_clock):
    for _ in range(3):
        team.ask()
    with pytest.raises(Refused) as refused:
        team.ask()

    assert refused.value.codes == ("too_many_replays",)
    frozen_clock.advance(minutes=11)
    team.ask()


def test_a_replay_given_up_stops_at_the_next_part(team, session, monkeypatch):
    team.followed()
    asked = team.ask()
    backtest = stored(session, asked).id
    moved = backtests._moved

    def give_up(*progress):
        backtests.cancel(asked, team.ml.id)
        moved(*progress)

    monkeypatch.setattr(backtests, "_moved", give_up)
    backtests.run(backtest)

    assert (stored(session, asked).stage, stored(session, asked).figures) == (Stage.CANCELLED, None)
    with pytest.raises(Cancelled):
        moved(backtest, 1, 1)


def test_a_job_that_runs_twice_leaves_what_is_done(team, session):
    asked = team.ask()
    backtests.run(stored(session, asked).id)
    figures = stored(session, asked).figures

    backtests.run(stored(session, asked).id)

    assert stored(session, asked).figures == figures


def test_another_organisation_neither_sees_nor_touches_it(team, session):
    asked, other = team.ask(), Team()

    for act in (backtests.cancel, backtests.delete):
        with pytest.raises(NotVisible):
            act(asked, other.ml.id)
    with db.acting_for(other.ml.id):
        assert session.scalar(sa.select(sa.func.count()).select_from(Backtest)) == 0


def test_replaying_writes_no_signal_and_changes_no_state(team, session):
    person = team.followed(declared=5)
    before = _of(session, person)

    backtests.run(stored(session, team.ask(SILENCE)).id)

    assert _of(session, person) == before


def _of(session, person):
    tables, of = ("signal", "alert", "enrolment", "journal_entry"), {"id": person.id}
    return [session.execute(sa.text(f"SELECT * FROM {name} WHERE person_id = :id"), of).all() for name in tables]


def test_a_change_is_kept_as_it_was_asked():
    kept = {"name": "repeated_no_show.alert", "value": [2, 30], "scheme": None}
    assert Change("repeated_no_show.alert", [2, 30]).kept() == kept


# --- ruptures nobody was warned of


def opened(session):
    session.expire_all()
    return session.scalars(sa.select(MissedRupture)).all()


def test_a_rupture_without_an_alert_before_it_is_opened_once(team, session):
    person = team.followed(declared=5, seen=40)

    assert missed.open_missed() == 1
    assert missed.open_missed() == 0

    (found,) = opened(session)
    assert (found.person_id, found.organisation_id) == (person.id, team.ml.id)
    assert (found.formal_on, found.effective_on, found.found_on) == (days_ago(5), days_ago(40), clock.today())


def test_one_an_alert_came_before_is_not(team, session):
    person = team.followed(declared=5, seen=40)
    shown = {"opened_on": days_ago(50), "shown_on": days_ago(50)}
    AlertFactory(person=person, organisation=team.ml, enrolment_id=person.step.id, **shown)

    assert missed.open_missed() == 0


def test_an_alert_that_was_never_shown_is_no_warning(team, session):
    person = team.followed(declared=5, seen=40)
    held = {"state": "proposed", "held_for": "budget", "shown_on": None, "due_on": None, "opened_on": days_ago(50)}
    AlertFactory(person=person, organisation=team.ml, enrolment_id=person.step.id, **held)

    assert missed.open_missed() == 1


def test_what_is_only_taken_over_with_a_caseload_is_nobody_s_failure(team, session):
    team.followed(declared=30, seen=60)

    assert missed.open_missed() == 0  # nothing was recorded about the step for more than two weeks


def test_a_conclusion_is_one_of_the_list_and_the_last_one_holds(team, session):
    team.followed(declared=5)
    missed.open_missed()
    (found,) = opened(session)
    by = {"organisation_id": team.ml.id, "user_id": team.head}

    with pytest.raises(Refused):
        missed.conclude(found.public_id, "whatever", **by)
    missed.conclude(found.public_id, "no_sign", **by)
    missed.conclude(found.public_id, "entered_late", **by)

    (found,) = opened(session)
    assert (found.conclusion, found.concluded_by) == ("entered_late", team.head)
    with pytest.raises(NotVisible):
        missed.conclude(found.public_id, "no_sign", organisation_id=Team().ml.id, user_id=team.head)
