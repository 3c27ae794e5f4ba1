"""A month of two missions locales, played day by day: what must hold whatever happened, and a night killed in the middle."""

from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import count

import pytest
import sqlalchemy as sa

from benchmarks.played import Quarter, begin, play
from pathways import clock, db
from pathways.detection import sweep as night
from pathways.detection.budget import LEAST
from pathways.operations import alert_clock
from pathways.workflows.dates import days
from tests.databases import Database, Servers

FIRST, WEEKS = date(2026, 3, 2), 4
LAST = FIRST + days(7 * WEEKS - 1)
LOST = """
    SELECT signal.id, signal.rule FROM signal WHERE closed_on IS NULL AND level <> 'info'
        AND NOT EXISTS (SELECT FROM alert WHERE alert.person_id = signal.person_id AND alert.family = signal.family
            AND alert.enrolment_id IS NOT DISTINCT FROM signal.enrolment_id
            AND (alert.closed_on IS NULL OR alert.closed_on >= signal.shown_on))
        AND EXISTS (SELECT FROM link JOIN organisation ON organisation.id = link.organisation_id
            WHERE link.person_id = signal.person_id AND link.ended_on IS NULL AND organisation.kind <> 'employeur')
"""
AS_LEFT = """
    SELECT person_id, enrolment_id, family, level, rule, state, organisation_id, owner_id, opened_on, due_on, held_for,
        held_until, reserve, shown_on, closed_on, outcome,
        (SELECT array_agg(kind ORDER BY alert_action.id) FROM alert_action WHERE alert_id = alert.id) AS log
    FROM alert ORDER BY 1, 2, 3, opened_on, alert.id
"""


PERSONS = 240
"""Of whom some sixty are followed by the two houses."""


@dataclass
class Month:
    """What was played, and the databases: its own, and copies of it for nights of their own."""

    quarter: Quarter
    database: Database
    servers: Servers

    def rows(self, query, **values):
        with self.quarter.admin.connect() as connection:
            return connection.execute(sa.text(query), values).all()

    @contextmanager
    def copy(self):
        """A copy of the evening of ``LAST``, in the system's scope."""
        self.quarter.admin.dispose()
        copied = self.servers.create(f"{self.database.name}_{next(_copies)}", self.database.name)
        db.configure(copied.app_url)
        try:
            with db.as_system():
                yield
        finally:
            db.remove()
            db.dispose()
            self.servers.drop(copied)


_copies = count()


@pytest.fixture(scope="module")
def month(servers):
    database = servers.clone()
    db.configure(database.app_url)
    admin = db.create_engine(database.admin_url.replace("postgresql:", "postgresql+psycopg:"))
    quarter = begin(admin, FIRST, WEEKS, persons=PERSONS, seed=3, cej=2, pacea=2)
    play(quarter, FIRST, LAST)
    db.remove()
    db.dispose()
    yield Month(quarter, database, servers)
    admin.dispose()
    servers.drop(database)


def test_the_month_is_worth_looking_at(month):
    followed = {person for each in month.quarter.team for person in each.persons}

    assert 40 <= len(followed) <= 90
    assert len(month.quarter.shown) > 20
    assert {each.reserve for each in month.quarter.shown} > {None, "critical"}


def test_nobody_is_brought_more_than_the_budget_in_any_seven_days(month):
    brought = defaultdict(set)
    for each in month.quarter.shown:
        if each.owner is not None and each.reserve is None:
            for later in range(7):
                brought[each.owner, each.on + days(later)].add(each.person)

    assert {place: persons for place, persons in brought.items() if len(persons) > LEAST} == {}


def test_what_is_shown_has_a_day_by_which_to_act(month):
    shown = "closed_on IS NULL AND state <> 'proposed'"

    assert month.rows(f"SELECT id, rule FROM alert WHERE {shown} AND (due_on IS NULL OR shown_on IS NULL)") == []


def test_nothing_that_asks_for_a_human_is_lost(month):
    assert month.rows(LOST) == []


def test_what_is_held_back_says_why_and_was_never_shown(month):
    assert month.rows("SELECT id FROM alert WHERE state = 'proposed' AND (held_for IS NULL OR shown_on IS NOT NULL)") == []


def test_a_night_killed_in_the_middle_and_run_again_leaves_what_an_undisturbed_one_does(month, monkeypatch):
    monkeypatch.setattr(night, "RANGE", 2)
    morning = LAST + days(12)  # the nights before it did not run
    with month.copy(), clock.at(morning):
        opened = night.sweep(morning).opened
        alert_clock.tick(morning)
        undisturbed = db.session().execute(sa.text(AS_LEFT)).all()
    writes = count()

    def struck(*given, write=night.write):
        write(*given)  # in the transaction that is lost
        if next(writes) == KILLED_AT:
            raise Killed

    with month.copy(), clock.at(morning):
        monkeypatch.setattr(night, "write", struck)
        with pytest.raises(Killed):
            night.sweep(morning)
        monkeypatch.undo()
        night.sweep(morning)
        alert_clock.tick(morning)
        again = db.session().execute(sa.text(AS_LEFT)).all()

    assert opened > 10
    assert again == undisturbed


KILLED_AT = 9
"""Ranges of two persons."""


class Killed(Exception):
    pass
