"""Sweeps that are killed, or run at once: they end as one that nobody disturbed."""

import os
import signal
import subprocess
import sys
import time
from datetime import date

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.demo.load import load
from pathways.detection import sweep as sweeping
from tests.house_rules.source import ROOT

AS_OF = date(2026, 3, 2)
PERSONS, RANGE = 240, 10
CHILD = """
import sys
from datetime import date
from pathways import clock, db
from pathways.detection import sweep as sweeping
db.configure(sys.argv[1])
sweeping.RANGE = int(sys.argv[3])
day = date.fromisoformat(sys.argv[2])
with clock.at(day):
    sweeping.sweep(day)
"""
SIGNALS = """
    select p.public_id, e.public_id, s.rule, s.about, s.threshold, s.level, s.shown_on, s.since_on, s.closed_on, s.details::text
    from signal s join person p on p.id = s.person_id left join enrolment e on e.id = s.enrolment_id"""
ALERTS = """
    select p.public_id, e.public_id, a.family, a.level, a.rule, a.state, a.organisation_id, a.owner_id, a.opened_on, a.due_on,
        a.held_for, a.held_until, a.reserve, a.shown_on, a.closed_on, a.version
    from alert a join person p on p.id = a.person_id left join enrolment e on e.id = a.enrolment_id"""
STEPS = "select public_id, state, state_since, planned_end, cap_on, closed_on, outcome, version from enrolment"
STAMPS = "select public_id, next_on, evaluated_day, touched_at from person"
WRITTEN = (SIGNALS, ALERTS, STEPS, STAMPS)
"""What a sweep writes, without the numbers rows happen to get."""


def asked(statement):
    with db.as_system(), db.atomic() as session:
        return sorted((tuple(row) for row in session.execute(sa.text(statement))), key=str)


def child(database):
    script = [sys.executable, "-c", CHILD, database.app_url, AS_OF.isoformat(), str(RANGE)]
    return subprocess.Popen(script, cwd=ROOT)


def evaluated():
    return asked("select count(*) from person where evaluated_day is not null")[0][0]


@pytest.fixture
def another(servers):
    """A database with the same persons, once ``pathways.db`` is configured to it."""
    cloned = servers.clone()
    yield cloned
    db.remove()
    db.dispose()
    servers.drop(cloned)


@pytest.mark.slow
def test_killed_in_the_middle_then_run_twice_at_once_a_sweep_writes_what_one_writes(own_database, another, monkeypatch):
    monkeypatch.setattr(sweeping, "RANGE", RANGE)
    with clock.at(AS_OF):
        load(PERSONS, 1, AS_OF)
        sweeping.sweep(AS_OF)
    undisturbed = [asked(statement) for statement in WRITTEN]
    db.remove()
    db.dispose()
    db.configure(another.app_url)
    with clock.at(AS_OF):
        load(PERSONS, 1, AS_OF)

    killed = child(another)
    while evaluated() < 2 * RANGE and killed.poll() is None:
        time.sleep(0.005)
    os.kill(killed.pid, signal.SIGKILL)
    assert killed.wait() == -signal.SIGKILL
    # Ranges are transactions: whole ones are there, and the one that was cut off is not.
    assert 2 * RANGE <= evaluated() < PERSONS
    assert evaluated() % RANGE == 0

    at_once = [child(another), child(another)]
    assert [each.wait() for each in at_once] == [0, 0]

    assert [asked(statement) for statement in WRITTEN] == undisturbed
