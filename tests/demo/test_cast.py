"""The written lives: each is played without a refusal, on working days of the past, and the demo accounts see what came of it."""

from datetime import date

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.demo.cast import perform, places
from pathways.demo.lives import CFA, LIVES, ML
from pathways.demo.load import load
from pathways.models import Enrolment, HandOver, Incident, JournalEntry, Organisation, Person, Signal
from pathways.workflows.dates import is_working_day

AS_OF = date(2026, 3, 2)
PERSONS = 250


@pytest.fixture
def played(own_database):
    with clock.at(AS_OF):
        loaded = load(PERSONS, 1, AS_OF)
        perform(loaded.region)
        yield loaded.region


def number(region, place):
    return sa.select(Organisation.id).where(Organisation.public_id == places(region)[place].public_id).scalar_subquery()


def test_every_life_is_played_to_its_last_declaration(played):
    session = db.session()
    written = session.scalars(sa.select(Person.id).where(Person.family_name.in_([life.family_name for life in LIVES]))).all()
    said = sum(len(life.said) + 1 for life in LIVES)

    assert len(written) == len(LIVES)
    assert session.scalar(sa.select(sa.func.count()).where(JournalEntry.person_id.in_(written))) >= said


def test_nothing_is_declared_on_a_weekend_a_bank_holiday_or_the_day_shown(played):
    written = sa.select(Person.id).where(Person.family_name.in_([life.family_name for life in LIVES]))
    days = db.session().scalars(sa.select(JournalEntry.recorded_at).where(JournalEntry.person_id.in_(written)))

    for moment in days:
        day = clock.paris_day(moment)
        assert is_working_day(day)
        assert day < AS_OF


def test_the_mission_locale_has_somebody_to_receive_and_somebody_it_sent(played):
    session, mission = db.session(), number(played, ML)

    assert session.scalar(sa.select(sa.func.count()).where(HandOver.receiver_id == mission)) >= 2
    assert session.scalar(sa.select(sa.func.count()).where(HandOver.sender_id == mission)) >= 1


def test_one_employer_fails_and_each_apprentice_there_is_warned_of_once(played):
    session = db.session()
    (incident,) = session.scalars(sa.select(Incident)).all()
    warned = session.execute(
        sa.select(Signal.person_id, Signal.enrolment_id).where(Signal.rule == "employer_distress", Signal.closed_on.is_(None))
    ).all()

    assert incident.organisation_id == session.scalar(sa.select(number(played, CFA)))
    assert len(warned) == len(set(warned)) >= 1


def test_the_schemes_the_simulation_does_not_draw_are_there(played):
    schemes = set(db.session().scalars(sa.select(Enrolment.scheme).distinct()))

    assert {"PSAD", "IAE", "CDDI", "E2C", "SERVICE_CIVIQUE", "AIF", "VAE", "CREATION"} <= schemes
