"""Who sees a signal: what the reference says in words is what the queries answer."""

from __future__ import annotations

import pytest

import pathways.detection.rules  # noqa: F401 -- registers every rule
from pathways import clock, db
from pathways.detection.reading import accompanying
from pathways.detection.rule import RULES
from pathways.models import Kind, LinkRole
from pathways.queries.signals import open_signals
from pathways.sharing.audience import NEVER, WORDS, Audience, audience
from pathways.sharing.visibility import Reader
from tests.factories import EnrolmentFactory, LinkFactory, OrganisationFactory, PersonFactory, SignalFactory

OF_A_STEP, OF_THE_PERSON = "contact_silence", "no_solution_gap"


@pytest.fixture
def person(session):
    return PersonFactory()


@pytest.fixture
def organisations(person):
    """A place beside the person → an organisation that holds it; the step is the operator's."""
    held = {
        Audience.LEAD: OrganisationFactory(),
        Audience.CO_REFERENT: OrganisationFactory(kind=Kind.CAP_EMPLOI, town="Cap emploi 44"),
        Audience.BODY: OrganisationFactory(training_body=True),
    }
    step = EnrolmentFactory(person=person, in_training=True, lead=held[Audience.BODY], operator_id=held[Audience.BODY].id)
    LinkFactory(person=person, organisation=held[Audience.LEAD])
    LinkFactory(person=person, organisation=held[Audience.CO_REFERENT], role=LinkRole.CO_REFERENT)
    LinkFactory(person=person, organisation=held[Audience.BODY], role=LinkRole.OPERATOR, enrolment_id=step.id)
    SignalFactory(person=person, rule=OF_A_STEP, enrolment_id=step.id)
    SignalFactory(person=person, rule=OF_THE_PERSON, family="gap")
    return held


def seen(person, organisation):
    reader = Reader(organisation.id, clock.today(), kind=Kind(organisation.kind))
    return {row.rule for row in open_signals([person.id], reader).get(person.id, [])}


@pytest.mark.parametrize("rule", [OF_A_STEP, OF_THE_PERSON])
def test_a_signal_is_seen_from_the_places_the_reference_names(person, organisations, rule):
    named = audience(about_the_person=RULES[rule].about_the_person)

    assert {place for place, organisation in organisations.items() if rule in seen(person, organisation)} == set(named)


def test_an_employer_sees_none_and_is_asked_for_none(person):
    employer = OrganisationFactory(kind=Kind.EMPLOYEUR, town="Boulangerie Martin")
    step = EnrolmentFactory(person=person, scheme="EMPLOI", state="in_contract", lead=employer)
    LinkFactory(person=person, organisation=employer, enrolment_id=step.id)
    SignalFactory(person=person, rule="contract_broken", family="contract", enrolment_id=step.id)

    assert seen(person, employer) == set()
    assert (person.id, employer.id) not in accompanying(db.session(), [person.id], clock.today())


def test_every_place_has_its_words():
    assert set(WORDS) == set(Audience)
    assert NEVER.endswith(".")
