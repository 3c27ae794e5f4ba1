"""The same signal, told to each reader as far as the matrix lets them know."""

from __future__ import annotations

import pytest

from pathways import clock
from pathways.models import Kind, LinkRole, SignalFamily, SignalLevel
from pathways.queries.person import record
from pathways.queries.signals import open_signals
from pathways.sharing.groups import UNSAID
from pathways.sharing.sentences import signal_sentence, signal_title
from pathways.sharing.visibility import Reader
from tests.factories import EnrolmentFactory, LinkFactory, OrganisationFactory, PersonFactory, SignalFactory, days_ago


@pytest.fixture(autouse=True)
def _rows(session, frozen_clock):
    """A database and a day."""


@pytest.fixture
def people():
    """An apprentice, accompanied by a Mission locale and by France Travail; a CFA runs the course."""
    kinds = {
        "ml": Kind.MISSION_LOCALE, "ft": Kind.FRANCE_TRAVAIL, "cfa": Kind.CFA, "of": Kind.ORGANISME_FORMATION,
        "emp": Kind.EMPLOYEUR,
    }
    found = {name: OrganisationFactory(kind=kind, town=name) for name, kind in kinds.items()}
    found["person"] = person = PersonFactory()
    found["step"] = step = EnrolmentFactory(person=person, lead=found["cfa"], apprentice=True)
    other = EnrolmentFactory(person=person, lead=found["of"], in_training=True)
    LinkFactory(person=person, organisation=found["ml"])
    for name, role, enrolment in (
        ("ft", LinkRole.CO_REFERENT, step), ("cfa", LinkRole.OPERATOR, step), ("emp", LinkRole.PARTNER, step),
        ("of", LinkRole.OPERATOR, other),
    ):
        LinkFactory(person=person, organisation=found[name], role=role, enrolment_id=enrolment.id)
    return found


def signal(people, rule, declared_by, details, *, of_the_person=False, family=SignalFamily.CONTRACT):
    evidence = [{"entry": 1, "type": "contract_broken", "on": days_ago(3).isoformat(), "organisation": people[declared_by].id}]
    return SignalFactory(
        person=people["person"], rule=rule, details=details, evidence=evidence, about="x", family=family,
        level=SignalLevel.CRITICAL, enrolment_id=None if of_the_person else people["step"].id,
    )


def told(people, name):
    """The sentences of the open signals as that organisation reads them."""
    reader = Reader(people[name].id, clock.today(), kind=people[name].kind)
    found = open_signals([people["person"].id], reader).get(people["person"].id, [])
    return [signal_sentence(each.rule, each.values) for each in found]


def values(people, name):
    """The values of the open signals as that organisation is given them."""
    reader = reader_of(people, name)
    return [each.values for each in open_signals([people["person"].id], reader).get(people["person"].id, [])]


def test_a_reason_of_health_goes_to_who_declared_it_alone(people):
    signal(people, "contract_broken", "cfa", {"on": days_ago(3).isoformat(), "reason": "INAPTITUDE"})

    assert {name: [each["reason"] for each in values(people, name)] for name in ("cfa", "ml", "ft", "of", "emp")} == {
        "cfa": ["INAPTITUDE"], "ml": [UNSAID], "ft": [UNSAID], "of": [], "emp": [],
    }
    assert "motif protégé" in told(people, "ml")[0]


def test_an_obstacle_is_named_to_the_referent_and_veiled_to_a_body_of_the_step(people):
    signal(people, "obstacle_unaddressed", "ml", {"theme": "logement", "since": days_ago(40).isoformat(), "days": 30})

    assert "logement" in told(people, "ml")[0].lower()
    for reader in ("ft", "cfa"):
        assert [signal_title("veiled") in title for title in titles(people, reader)] == [True]
        assert "logement" not in told(people, reader)[0].lower()


def titles(people, name):
    reader = Reader(people[name].id, clock.today(), kind=people[name].kind)
    return [signal_title(each.rule) for each in open_signals([people["person"].id], reader).get(people["person"].id, [])]


def test_the_end_of_a_recognition_is_not_named_to_a_co_referent(people):
    until = {"until": days_ago(-90).isoformat()}
    signal(people, "rqth_expiring", "ml", until, of_the_person=True, family=SignalFamily.ELIGIBILITY)

    assert titles(people, "ml") == [signal_title("rqth_expiring")]
    assert titles(people, "ft") == [signal_title("veiled")]
    assert titles(people, "cfa") == []


def test_the_dated_facts_behind_it_follow_the_table_too(people):
    """A body of the step reads the facts of its step; of what the matrix hides, not even the day."""
    signal(people, "obstacle_unaddressed", "ml", {"theme": "logement", "since": days_ago(40).isoformat(), "days": 30})
    shown = {
        name: [len(each.evidence) for each in record(people["person"].public_id, reader_of(people, name)).signals]
        for name in ("ml", "cfa")
    }
    assert shown == {"ml": [1], "cfa": [1]}


def reader_of(people, name):
    return Reader(people[name].id, clock.today(), kind=people[name].kind)
