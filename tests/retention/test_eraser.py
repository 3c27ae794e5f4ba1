"""The role that erases: what it may do, what the application may not, and what a kill in the middle leaves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import date

import psycopg
import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.errors import Refused
from pathways.models import Enrolment, JournalEntry, MissedRupture, Person, PersonMerge, Role, StatisticStep
from pathways.operations.legal_holds import place_hold
from pathways.operations.merging import join
from pathways.operations.retention import RUNNING, decide, run
from pathways.sharing.retention import RULES, Act, Facts, StepFacts, above_the_ceiling
from tests.databases import ROOT
from tests.factories import EnrolmentFactory, JournalEntryFactory, LinkFactory, PersonFactory
from tests.retention.conftest import anywhere

START = date(2020, 1, 6)
DENIED = "permission denied"


def test_the_application_may_not_empty_nor_delete_an_entry(own_database):
    entry = JournalEntryFactory()

    for statement in ("UPDATE journal_entry SET payload = '{}'", "UPDATE journal_entry SET erased_on = '2026-01-01'",
                      "DELETE FROM journal_entry", "DELETE FROM disclosure", "DELETE FROM legal_hold",
                      "INSERT INTO statistic_step (scheme, started_month) VALUES ('PACEA', '2026-01-01')",
                      "SET ROLE pathways_eraser"):  # fmt: skip
        with pytest.raises(sa.exc.ProgrammingError, match=DENIED), db.atomic() as session:
            session.execute(sa.text(statement))
    assert db.session().get(JournalEntry, entry.id)


def test_the_eraser_reads_no_name_and_writes_nothing_else(own_database):
    JournalEntryFactory()
    forbidden = (
        "SELECT family_name FROM person", "SELECT phone FROM person", "SELECT value FROM external_id", "SELECT * FROM app_user",
        "SELECT reason FROM legal_hold", "UPDATE journal_entry SET type = 'contact'", "UPDATE journal_entry SET person_id = 1",
        "UPDATE journal_entry SET occurred_on = '2026-01-01'", "INSERT INTO journal_entry (person_id) VALUES (1)",
        "UPDATE legal_hold SET lifted_on = '2026-01-01'", "DELETE FROM organisation", "DELETE FROM app_user",
        "DELETE FROM person", "UPDATE enrolment SET state = 'closed'", "SELECT * FROM statistic_step",
    )  # fmt: skip
    with psycopg.connect(own_database.eraser_url, autocommit=True) as connection:
        connection.execute("SELECT set_config('app.scope', 'system', false)")
        for statement in forbidden:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
        member_of = "SELECT count(*) FROM pg_auth_members WHERE member = 'pathways_eraser'::regrole"
        assert connection.execute(member_of).fetchone() == (0,)


def test_without_the_system_s_scope_the_eraser_sees_no_row(own_database):
    JournalEntryFactory()

    with psycopg.connect(own_database.eraser_url, autocommit=True) as connection:
        assert connection.execute("UPDATE journal_entry SET payload = '{}'").rowcount == 0
        assert connection.execute("DELETE FROM link").rowcount == 0


def test_a_hold_binds_the_eraser_at_the_database(years):
    story = years(START)
    story.person("Hadrienne")
    dpo = story.member(Role.DPO)
    with clock.at(START), db.acting_for(story.ml.id, dpo.id):
        place_hold(story.persons["Hadrienne"].public_id, reason="Litige", review_on=date(2020, 6, 1),
                   organisation_id=story.ml.id, user_id=dpo.id)  # fmt: skip

    with psycopg.connect(story.eraser_url, autocommit=True) as connection:
        connection.execute("SELECT set_config('app.scope', 'system', false)")
        for statement in ("UPDATE person SET family_name = '—'", "UPDATE journal_entry SET payload = '{}'",
                          "DELETE FROM journal_entry", "DELETE FROM link"):  # fmt: skip
            assert connection.execute(statement).rowcount == 0


def test_a_record_joined_to_another_goes_with_it(years, own_database):
    story = years(START)
    story.person("Hadrienne")
    story.person("Hadrienna", family="Zorglubesqe")
    story.tell("Hadrienne", date(2020, 2, 10), "orientation_notified", opens=True)
    with clock.at(date(2020, 2, 11)), db.acting_for(story.ml.id, story.counsellor.id):
        join(story.persons["Hadrienne"].id, story.persons["Hadrienna"].id, user_id=story.counsellor.id,
             organisation_id=story.ml.id, confirmed=True, reason="Même Zorglubesque")  # fmt: skip

    for day in (date(2022, 1, 11), date(2022, 2, 10), date(2025, 2, 10)):
        story.purge(day)

    assert anywhere(own_database.admin_url, "Zorglub", "Hadrien") == []
    with db.as_system(), db.atomic() as session:
        assert session.scalars(sa.select(PersonMerge.id)).all() == []


CASES = [
    # scheme, entered, closed_on, project validated, notice, erased
    ("IAE", True, date(2020, 3, 31), False, date(2022, 3, 1), date(2022, 3, 31)),
    ("VAE", True, date(2020, 3, 31), False, date(2021, 3, 1), date(2021, 3, 31)),
    ("PRF_VISA_METIERS", False, date(2020, 3, 31), False, date(2020, 8, 31), date(2020, 9, 30)),
    ("PRF_VISA_METIERS", False, date(2020, 3, 31), True, date(2022, 3, 1), date(2022, 3, 31)),
]


@pytest.mark.parametrize(("scheme", "entered", "closed", "project", "notice", "erased"), CASES)
def test_a_step_with_a_shorter_life_goes_before_its_record(scheme, entered, closed, project, notice, erased):
    step = StepFacts(7, scheme, closed, None, closed, entered)
    known = Facts(1, "ref", date(2023, 1, 1), project=project, steps=(step,))

    eve = [each for each in decide(known, {}, notice.fromordinal(notice.toordinal() - 1)) if each.enrolment_id == 7]
    told = [each for each in decide(known, {}, notice) if each.enrolment_id == 7]

    assert eve == []
    assert [(each.act, each.on) for each in told] == [(Act.NOTICE, erased)]


def test_a_training_entered_lives_as_long_as_its_record():
    step = StepFacts(7, "PRF_VISA_METIERS", date(2020, 3, 31), None, date(2020, 3, 31), entered=True)

    assert decide(Facts(1, "ref", date(2023, 1, 1), steps=(step,)), {}, date(2022, 12, 1)) == []


def test_an_erased_step_leaves_its_figures_and_its_record_goes_on(years, own_database):
    story = years(START)
    person = story.person("Ysaline", commune="49007", birth_date=date(1999, 2, 2)) or story.persons["Ysaline"]
    with clock.at(START):
        step = EnrolmentFactory(person=person, lead=story.ml, scheme="VAE", opened_on=START, state="closed",
                                closed_on=date(2020, 3, 31), outcome="AUTRE", followed=True)  # fmt: skip
        JournalEntryFactory(person=person, organisation=story.ml, enrolment_id=step.id, occurred_on=START, type="contact",
                            payload={"note": "Parle de son diplôme de Zorglubisme"})  # fmt: skip
        JournalEntryFactory(person=person, organisation=story.ml, occurred_on=date(2021, 3, 15), type="contact")
        with db.atomic() as session:
            ended = {"formal_on": date(2020, 3, 31), "effective_on": START, "found_on": date(2020, 4, 1)}
            session.add(MissedRupture(person_id=person.id, enrolment_id=step.id, organisation_id=story.ml.id, **ended))

    story.purge(date(2021, 3, 1))
    story.purge(date(2021, 3, 31))

    with db.as_system(), db.atomic() as session:
        assert session.scalars(sa.select(Enrolment.id)).all() == []
        (kept,) = session.scalars(sa.select(StatisticStep)).all()
        assert (kept.scheme, kept.department, kept.born_from, kept.outcome) == ("VAE", "49", 1995, "AUTRE")
    assert anywhere(own_database.admin_url, "Zorglubisme") == []
    assert story.stored("Ysaline").last_contact_on == date(2021, 3, 15)
    assert story.stored("Ysaline").touched_at is not None


def test_the_dates_of_a_recognition_go_six_months_after_it(years, own_database):
    story = years(START)
    story.person("Ysaline", rqth_until=date(2020, 3, 31))
    story.tell("Ysaline", START, "orientation_notified", opens=True)
    story.tell("Ysaline", START, "rqth_renewed", {"until": "2020-03-31"}, step=None)
    story.tell("Ysaline", date(2020, 1, 7), "identity_stated", {"rqth_until": "2020-03-31", "commune": "44109"}, step=None)

    with db.atomic() as session:  # as if it had been corrected once: the trace of changes keeps both days
        person = session.get(Person, story.persons["Ysaline"].id)
        person.rqth_until = date(2020, 3, 30)
        session.flush()
        person.rqth_until = date(2020, 3, 31)
    story.purge(date(2020, 9, 29))
    assert story.stored("Ysaline").rqth_until == date(2020, 3, 31)
    story.purge(date(2020, 9, 30))

    assert story.stored("Ysaline").rqth_until is None
    assert anywhere(own_database.admin_url, "2020-03-31", "2020-03-30") == []
    assert story.stored("Ysaline").family_name == "Zorglubesque"


def test_no_rule_keeps_a_record_longer_than_the_law_lets_the_employment_service():
    assert above_the_ceiling() == []
    assert all(rule.source and rule.since and rule.measure for rule in RULES.values())


def test_two_runs_at_once_are_refused(years):
    story = years(START)
    with psycopg.connect(story.eraser_url, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [RUNNING])
        with clock.at(START), pytest.raises(Refused, match="retention_running"):
            run(START, story.eraser_url)
        other.execute("SELECT pg_advisory_unlock(%s)", [RUNNING])
    with clock.at(START):
        run(START, story.eraser_url)


CHILD = """
import sys
from datetime import date
from pathways import db, clock
from pathways.operations import retention
retention.BATCH = 5
db.configure(sys.argv[1])
retention.run(date(2025, 3, 10), sys.argv[2], lambda each: print(each.facts.person_id, flush=True))
"""


def crowd(number: int):
    for n in range(number):
        person = PersonFactory(family_name=f"Zorglub{n}", given_name="Ysaline")
        LinkFactory(person=person, organisation__town=f"ML {n}", started_on=START)
        JournalEntryFactory(person=person, organisation__town=f"Autre ML {n}", occurred_on=date(2020, 2, 10),
                            payload={"note": f"Zorglub{n}"})  # fmt: skip


def test_a_run_killed_in_the_middle_is_finished_by_the_next(own_database):
    with clock.at(START):
        crowd(40)
    for day in (date(2022, 1, 11), date(2022, 2, 10)):
        with clock.at(day):
            run(day, own_database.eraser_url)
    db.remove()

    with subprocess.Popen(
        [sys.executable, "-c", CHILD, own_database.app_url, own_database.eraser_url],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as child:  # fmt: skip
        assert child.stdout
        child.stdout.readline()
        child.send_signal(signal.SIGKILL)

    with db.as_system(), db.atomic() as session:
        erased = session.scalar(sa.select(sa.func.count()).where(Person.erased_on.is_not(None)))
        named = session.scalar(sa.select(sa.func.count()).where(Person.family_name.like("Zorglub%")))
        assert erased
        assert named
        assert erased + named == 40
        half = "(person.erased_on IS NULL) <> (journal_entry.erased_on IS NULL)"
        counted = f"SELECT count(*) FROM journal_entry JOIN person ON person.id = person_id WHERE {half}"
        assert session.scalar(sa.text(counted)) == 0
    for _ in range(50):
        try:
            with clock.at(date(2025, 3, 10)):
                run(date(2025, 3, 10), own_database.eraser_url)
            break
        except Refused:
            time.sleep(0.1)  # the server has yet to notice that the killed one is gone
    assert anywhere(own_database.admin_url, "Zorglub") == []
    with db.as_system(), db.atomic() as session:
        assert session.scalar(sa.select(sa.func.count()).where(Person.erased_on == date(2025, 3, 10))) == 40


def test_every_table_that_names_a_person_is_known_to_the_eraser(own_database):
    """A new table that refers to a person, a step, an alert or an entry: say in ``operations.erasure`` what becomes of it."""
    with psycopg.connect(own_database.admin_url) as connection:
        rows = connection.execute("""
            SELECT DISTINCT conrelid::regclass::text FROM pg_constraint
            WHERE contype = 'f' AND confrelid IN ('person'::regclass, 'enrolment'::regclass, 'alert'::regclass,
                'journal_entry'::regclass)
        """).fetchall()
        may = connection.execute(
            "SELECT table_name FROM information_schema.role_table_grants WHERE grantee = 'pathways_eraser' "
            "AND privilege_type = 'DELETE'"
        ).fetchall()

    assert {row[0] for row in rows} - {row[0] for row in may} == {"person"}


