"""Who is asked to act on a signal: whoever answers for the person that day, and the first who comes where nobody did."""

from datetime import date

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.detection.sweep import evaluate_now
from pathways.models import Alert, Link
from pathways.operations.alerts import close_alert
from pathways.operations.persons import NewPerson, create_person
from pathways.operations.recording import record_event
from tests.factories import LinkFactory, MembershipFactory, OrganisationFactory

MONDAY = date(2026, 1, 12)


@pytest.fixture
def ml(session, frozen_clock):
    frozen_clock.move_to(MONDAY)
    return MembershipFactory(organisation=OrganisationFactory())


@pytest.fixture
def leaver(session, ml):
    """Somebody of 16 who left school today, known by a Mission locale that has opened nothing."""
    organisation, user = ml.organisation_id, ml.user_id
    who = NewPerson(family_name="Lemoigne", given_name="Jade", birth_date=date(2009, 6, 1))
    with db.acting_for(organisation):
        person = create_person(who, organisation_id=organisation, user_id=user).id
        record_event(
            person_id=person, type="school_exit", occurred_on=MONDAY, data={}, organisation_id=organisation, user_id=user
        )
    return person


def asked(session, person):
    session.expire_all()
    query = sa.select(Alert.organisation_id, Alert.owner_id).where(Alert.person_id == person).order_by(Alert.id)
    return [tuple(row) for row in session.execute(query)]


def look(frozen_clock, person, day):
    frozen_clock.move_to(day)
    with db.atomic():
        evaluate_now(person, day)


def test_without_any_step_the_organisation_that_spoke_last_is_asked(ml, leaver, session, frozen_clock):
    look(frozen_clock, leaver, date(2026, 1, 28))

    assert asked(session, leaver) == [(ml.organisation_id, ml.user_id)]


def test_a_signal_nobody_could_be_asked_about_waits_for_the_first_who_accompanies(ml, leaver, session, frozen_clock):
    gone = {"ended_on": date(2026, 1, 20), "ended_recorded_at": clock.noon(date(2026, 1, 20))}
    session.execute(sa.update(Link).where(Link.person_id == leaver).values(gone))
    look(frozen_clock, leaver, date(2026, 1, 28))
    assert asked(session, leaver) == []

    LinkFactory(person_id=leaver, person=None, organisation_id=ml.organisation_id, organisation=None, user_id=ml.user_id)
    look(frozen_clock, leaver, date(2026, 2, 2))

    assert asked(session, leaver) == [(ml.organisation_id, ml.user_id)]


def test_an_alert_somebody_has_closed_is_not_asked_again(ml, leaver, session, frozen_clock):
    look(frozen_clock, leaver, date(2026, 1, 28))
    frozen_clock.move_to(date(2026, 1, 29))
    alert = session.scalars(sa.select(Alert.id).where(Alert.person_id == leaver)).one()
    with db.acting_for(ml.organisation_id):
        close_alert(alert, outcome="appointment_made", user_id=ml.user_id, organisation_id=ml.organisation_id)

    look(frozen_clock, leaver, date(2026, 2, 16))

    assert len(asked(session, leaver)) == 1
