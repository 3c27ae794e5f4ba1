"""Declaring one fact about many persons: whom it reaches, once each, and taking it back."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.detection.outages import wake_after_silence
from pathways.detection.reading import read_settings
from pathways.detection.sweep import due, evaluate_now, sweep
from pathways.errors import NotVisible, Refused
from pathways.models import (
    Alert,
    FeedRun,
    Incident,
    IncidentStatement,
    JournalEntry,
    Kind,
    Person,
    Signal,
)
from pathways.operations.incidents import About, When, declare_incident, say_again, withdraw
from pathways.operations.recording import record_event
from tests.factories import LinkFactory, OrganisationFactory, PersonFactory, UserFactory, days_ago

SIRET = "49123456700012"


@pytest.fixture(autouse=True)
def _no_queue(asked_jobs):
    """What is asked for later is done by hand."""


@pytest.fixture
def cfa(session):
    return OrganisationFactory(cfa=True)


@pytest.fixture
def other_cfa(session):
    return OrganisationFactory(cfa=True)


@pytest.fixture
def ml(session):
    return OrganisationFactory()


@pytest.fixture
def user(session):
    return UserFactory()


def hired(cfa, ml, user, employer=SIRET, since=40):
    """An apprentice of the centre, accompanied by the mission locale."""
    person = PersonFactory()
    LinkFactory(person=person, organisation=ml, user=user)
    LinkFactory(person=person, organisation=cfa)
    day = days_ago(since)
    with clock.at(day), db.acting_for(ml.id, user.id), db.atomic():
        record_event(
            person_id=person.id, type="orientation_notified", occurred_on=day, data={}, organisation_id=ml.id, user_id=user.id,
            scheme="PACEA",
        )
    with clock.at(day), db.acting_for(cfa.id, user.id), db.atomic():
        record_event(
            person_id=person.id, type="work_contract_started", occurred_on=day,
            data={"employer": employer, "planned_end": days_ago(since - 600).isoformat()},
            organisation_id=cfa.id, user_id=user.id, scheme="APPRENTISSAGE",
        )
    return person


def liquidation(organisation, user, about=None, starts=0, **said):
    with db.acting_for(organisation.id, user.id):
        return declare_incident(
            "employer_insolvency", about or About(named=SIRET), When(days_ago(starts), procedure="liquidation", **said),
            organisation_id=organisation.id, user_id=user.id,
        )


def signals(session, person, rule="employer_distress"):
    with db.as_system():
        rows = session.execute(
            sa.select(Signal.closed_on, Signal.close_reason).where(Signal.person_id == person.id, Signal.rule == rule)
        )
        return [tuple(row) for row in rows]


def entries(session, person, kind="employer_insolvency"):
    with db.as_system():
        return session.scalars(
            sa.select(JournalEntry).where(JournalEntry.person_id == person.id, JournalEntry.type == kind)
        ).all()


def test_an_employer_known_by_its_number_is_called_by_its_name(session, cfa, ml, user):
    OrganisationFactory(name="Garage du Pont", siret=SIRET, employer=True)
    hired(cfa, ml, user)

    told = liquidation(cfa, user)

    assert session.scalar(sa.select(Incident.name).where(Incident.public_id == told.public_id)) == "Garage du Pont"


def test_each_contract_with_that_employer_gets_one_entry_and_one_signal(session, cfa, ml, user):
    here, there = hired(cfa, ml, user), hired(cfa, ml, user, employer="49123456700038")
    elsewhere = hired(cfa, ml, user, employer="50123456700012")

    told = liquidation(cfa, user, starts=2)

    assert (told.persons, len(told.entries)) == (2, 2)
    for person in (here, there):
        (entry,) = entries(session, person)
        assert entry.payload == {"kind": "liquidation", "incident": str(told.public_id)}
        assert entry.occurred_on == days_ago(2)
        assert signals(session, person) == [(None, None)]
    assert signals(session, elsewhere) == []


def test_persons_of_other_organisations_are_reached_by_their_referents(session, cfa, other_cfa, ml, user):
    mine, theirs = hired(cfa, ml, user), hired(other_cfa, ml, user)

    liquidation(cfa, user)
    assert signals(session, theirs) == []
    with db.as_system():
        assert due(session, clock.today()) == [theirs.id]
        sweep(clock.today())

    assert signals(session, mine) == signals(session, theirs) == [(None, None)]
    assert entries(session, theirs) == []
    with db.as_system():
        asked = session.execute(sa.select(Alert.person_id, Alert.organisation_id).where(Alert.family == "contract"))
        assert sorted(map(tuple, asked)) == sorted([(mine.id, ml.id), (theirs.id, ml.id)])


def test_a_contract_declared_afterwards_is_concerned_at_once(session, cfa, ml, user):
    hired(cfa, ml, user)
    liquidation(cfa, user, starts=10)

    late = hired(cfa, ml, user, since=0)

    assert signals(session, late) == [(None, None)]


def test_a_registered_employer_is_the_same_as_its_siret(session, cfa, ml, user):
    employer = OrganisationFactory(employer=True, siret=SIRET)
    by_number, by_siret = hired(cfa, ml, user, employer=employer.id), hired(cfa, ml, user)

    assert liquidation(cfa, user, About(employer.id)).persons == 2
    assert signals(session, by_number) == signals(session, by_siret) == [(None, None)]


def test_it_is_declared_once_whoever_declares_it(session, cfa, other_cfa, ml, user):
    hired(cfa, ml, user)
    hired(other_cfa, ml, user)
    liquidation(cfa, user)

    with pytest.raises(Refused) as refusal:
        liquidation(other_cfa, user)
    assert [reason.code for reason in refusal.value.reasons] == ["incident_known"]


@pytest.mark.parametrize(
    ("about", "when", "code"),
    [
        (About(named="77777777700012"), {}, "incident_concerns_nobody"),
        (About(), {}, "incident_unknown"),
        (About(named=SIRET), {"starts": -1}, "day_to_come"),
        (About(named=SIRET), {"starts": 400}, "incident_too_old"),
        (About(named=SIRET), {"starts": 3, "ends_on": 5}, "incident_ends_before"),
    ],
)
def test_what_cannot_be_is_refused(session, cfa, ml, user, about, when, code):
    hired(cfa, ml, user)
    if "ends_on" in when:
        when = when | {"ends_on": days_ago(when["ends_on"])}

    with pytest.raises(Refused) as refusal:
        liquidation(cfa, user, about, **when)
    assert [reason.code for reason in refusal.value.reasons] == [code]


def test_withdrawn_it_takes_back_its_entries_and_its_signals_all_at_once(session, cfa, other_cfa, ml, user):
    mine, theirs = hired(cfa, ml, user), hired(other_cfa, ml, user)
    told = liquidation(cfa, user)
    with db.as_system():
        sweep(clock.today())

    with db.acting_for(cfa.id, user.id):
        assert withdraw(told.public_id, organisation_id=cfa.id, user_id=user.id) == 1
        assert withdraw(told.public_id, organisation_id=cfa.id, user_id=user.id) == 0
    with db.as_system():
        sweep(clock.today())

    for person in (mine, theirs):
        assert [closed for closed, _reason in signals(session, person)] == [clock.today()]
    with db.as_system():
        versions = session.scalars(sa.select(IncidentStatement.withdrawn).order_by(IncidentStatement.id)).all()
    assert versions == [False, True]


def test_ended_it_closes_what_it_had_opened_the_day_after(session, cfa, ml, user, frozen_clock):
    person = hired(cfa, ml, user)
    told = liquidation(cfa, user)
    with db.acting_for(cfa.id, user.id):
        say_again(told.public_id, When(clock.today(), clock.today(), "liquidation"), organisation_id=cfa.id, user_id=user.id)
    assert signals(session, person) == [(None, None)]

    frozen_clock.advance(1)
    with db.as_system():
        sweep(clock.today())

    assert signals(session, person) == [(clock.today(), "ended")]


def test_only_whoever_declared_it_says_it_again(session, cfa, other_cfa, ml, user):
    hired(cfa, ml, user)
    told = liquidation(cfa, user)

    with db.acting_for(other_cfa.id, user.id), pytest.raises(Refused):
        withdraw(told.public_id, organisation_id=other_cfa.id, user_id=user.id)


def test_a_body_announces_its_own_outage_alone(session, cfa, other_cfa, user):
    with db.acting_for(cfa.id, user.id), pytest.raises(Refused):
        declare_incident(
            "feed_outage", About(other_cfa.id), When(clock.today()), organisation_id=cfa.id, user_id=user.id
        )


def test_the_number_of_queries_does_not_grow_with_the_persons(session, cfa, ml, user, counting):
    numbers = []
    for employer, persons in (("60000000000012", 1), ("61000000000012", 8)):
        for _ in range(persons):
            hired(cfa, ml, user, employer=employer)
        with counting() as queries:
            liquidation(cfa, user, About(named=employer))
        numbers.append(len([query for query in queries if not query.startswith("INSERT INTO journal_entry")]))

    assert numbers[0] == numbers[1]


# --- silent feeds, stored


def admitted(body, ml, user):
    person = PersonFactory()
    LinkFactory(person=person, organisation=ml, user=user)
    LinkFactory(person=person, organisation=body)
    day = days_ago(10)
    with clock.at(day), db.acting_for(body.id, user.id), db.atomic():
        record_event(
            person_id=person.id, type="admitted", occurred_on=day, data={"planned_start": days_ago(4).isoformat()},
            organisation_id=body.id, user_id=user.id, scheme="PRF_VISA_METIERS",
        )
    return person


def received(body, days):
    at = clock.noon(days_ago(days))
    with db.as_system(), db.atomic() as session:
        session.add(FeedRun(organisation_id=body.id, file_name="f.json", started_at=at, finished_at=at))


@pytest.fixture
def body(session):
    return OrganisationFactory(kind=Kind.ORGANISME_FORMATION)


def test_a_silent_feed_holds_the_missing_entry_back_until_the_next_file(session, body, ml, user, frozen_clock):
    received(body, 30)
    person = admitted(body, ml, user)
    with db.as_system(), db.atomic():
        evaluate_now(person.id, clock.today())
    assert signals(session, person, "entry_no_show") == []

    frozen_clock.advance(2)
    received(body, 0)
    with db.as_system():
        assert person.id in due(session, clock.today())
        sweep(clock.today())
        assert due(session, clock.today()) == []

    assert signals(session, person, "entry_no_show") == [(None, None)]


def test_a_file_after_a_silence_wakes_those_it_does_not_name_also_when_they_were_looked_at_that_morning(
    session, body, ml, user
):
    received(body, 30)
    person = admitted(body, ml, user)
    with db.as_system(), db.atomic():
        evaluate_now(person.id, clock.today())
        received(body, 0)
        assert due(session, clock.today()) == []
        wake_after_silence(session, read_settings(session).circumstances, body.id, clock.today())

    with db.as_system():
        assert due(session, clock.today()) == [person.id]
        sweep(clock.today())
    assert signals(session, person, "entry_no_show") == [(None, None)]


def test_a_body_that_sends_every_day_has_its_missing_entries_told(session, body, ml, user):
    received(body, 30)
    for days in range(12):
        received(body, days)
    person = admitted(body, ml, user)
    with db.as_system(), db.atomic():
        evaluate_now(person.id, clock.today())

    assert signals(session, person, "entry_no_show") == [(None, None)]


# --- who reads and writes the rows


def test_everybody_reads_an_incident_and_nobody_rewrites_it(session, cfa, other_cfa, ml, user):
    hired(cfa, ml, user)
    told = liquidation(cfa, user)

    with db.acting_for(other_cfa.id, user.id):
        assert session.scalars(sa.select(Incident.public_id)).all() == [told.public_id]
        with pytest.raises(sa.exc.ProgrammingError), session.begin_nested():
            session.execute(sa.update(Incident).values(name="autre"))


def test_nobody_declares_in_the_name_of_another_organisation(session, cfa, other_cfa, ml, user):
    row = {"kind": "body_closed", "subject_id": ml.id, "name": "X", "organisation_id": other_cfa.id}
    with db.acting_for(cfa.id, user.id), pytest.raises(sa.exc.ProgrammingError), session.begin_nested():
        session.execute(sa.insert(Incident).values(row))


def test_an_incident_that_does_not_exist_is_not_found(session, cfa, user):
    with db.acting_for(cfa.id, user.id), pytest.raises(NotVisible):
        withdraw(PersonFactory().public_id, organisation_id=cfa.id, user_id=user.id)


def test_nobody_else_is_named(session, cfa, other_cfa, ml, user):
    """What a body learns of an incident is about those it sees."""
    hired(cfa, ml, user)
    theirs = hired(other_cfa, ml, user)
    told = liquidation(cfa, user)

    assert told.persons == 1
    with db.acting_for(cfa.id, user.id):
        assert session.get(Person, theirs.id) is None
