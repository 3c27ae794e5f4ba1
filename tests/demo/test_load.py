"""The region in a database: whole, deterministic, as the fold says, and seen only by those who follow."""

import hashlib
from datetime import date

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from pathways import clock, db
from pathways.demo.accounts import ACCOUNTS, COUNSELLOR
from pathways.demo.load import NotEmpty, load
from pathways.detection.sweep import sweep
from pathways.models import Enrolment, JournalEntry, Link, Organisation, Person, User

AS_OF = date(2026, 3, 2)
PERSONS = 250
STEPS = sa.text(
    "select id, state, state_since, opened_on, planned_start, planned_end, cap_on, closed_on, outcome, lead_organisation_id, "
    "prescriber_id, operator_id from enrolment order by id"
)


@pytest.fixture
def loaded(own_database):
    with clock.at(AS_OF):
        yield load(PERSONS, 1, AS_OF)


def journal_digest():
    rows = db.session().execute(
        sa.text(
            "select id, person_id, enrolment_id, organisation_id, user_id, retracts, recorded_at, occurred_on, type, "
            "payload::text from journal_entry order by id"
        )
    )
    return hashlib.sha256("\n".join(map(str, rows)).encode()).hexdigest()


def test_everybody_and_everything_arrives(loaded):
    session = db.session()
    assert session.scalar(sa.select(sa.func.count()).select_from(Person)) == PERSONS == loaded.persons
    assert session.scalar(sa.select(sa.func.count()).select_from(JournalEntry)) == loaded.entries > 10 * PERSONS
    assert session.scalar(sa.select(sa.func.count()).select_from(Enrolment)) == loaded.enrolments
    assert session.scalar(sa.select(sa.func.count()).select_from(Organisation)) == loaded.organisations


def test_entries_are_numbered_in_the_order_of_recording_and_none_is_to_come(loaded):
    times = list(db.session().scalars(sa.select(JournalEntry.recorded_at).order_by(JournalEntry.id)))
    assert times == sorted(times)
    assert clock.paris_day(times[-1]) < AS_OF


def test_the_stored_states_are_those_of_the_fold(loaded):
    before = db.session().execute(STEPS).all()
    db.session().rollback()
    counts = sweep(AS_OF.replace(day=1))
    assert counts.persons == PERSONS
    assert db.session().execute(STEPS).all() == before


def test_everybody_is_due_for_evaluation(loaded):
    assert not db.session().scalar(sa.select(sa.func.count()).where(Person.touched_at.is_(None)))


def test_a_mission_locale_sees_its_own_persons_only(loaded):
    session = db.session()
    nantes = session.scalar(sa.select(Organisation.id).where(Organisation.code == "44109S00"))
    persons = sa.select(sa.func.count(Link.person_id.distinct()))
    followed = session.scalar(persons.where(Link.organisation_id == nantes, Link.ended_on.is_(None)))
    with db.acting_for(nantes):
        seen = session.scalar(sa.select(sa.func.count()).select_from(Person))
    assert followed <= seen < PERSONS


def test_the_demo_accounts_sign_in_and_have_persons_to_look_at(loaded):
    session = db.session()
    for account in ACCOUNTS:
        user = session.scalar(sa.select(User).where(User.email == account.email))
        assert PasswordHasher().verify(user.password_hash, account.password)
    counsellor = session.scalar(sa.select(User.id).where(User.email == COUNSELLOR.email))
    assert session.scalar(sa.select(sa.func.count()).where(Link.user_id == counsellor, Link.ended_on.is_(None))) > 10
    assert not session.scalar(sa.select(sa.func.count()).where(User.password_hash.is_not(None), User.email.like("agent%")))


def test_a_database_with_something_in_it_is_left_alone(loaded):
    before = journal_digest()
    with pytest.raises(NotEmpty):
        load(10, 2, AS_OF)
    assert journal_digest() == before


def test_two_databases_hold_the_same_journal(loaded, servers):
    first = journal_digest()
    other = servers.clone()
    try:
        db.remove()
        db.configure(other.app_url)
        load(PERSONS, 1, AS_OF)
        assert journal_digest() == first
    finally:
        db.remove()
        db.dispose()
        servers.drop(other)
