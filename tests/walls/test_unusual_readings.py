"""What is unusual among the readings of an organisation, who is told of whom, and what is made of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from pathways import clock
from pathways.models import Disclosure, Role
from pathways.queries.unusual_readings import unusual_readings
from pathways.sharing import unusual
from tests.factories import JournalEntryFactory, LinkFactory, OrganisationFactory, PersonFactory
from tests.scene import account


@pytest.fixture
def house(session, frozen_clock):
    """A Mission locale, one of its counsellors, and somebody the counsellor accompanies."""
    ml = OrganisationFactory()
    user = account(ml, "Claire Moreau", "claire@exemple.fr")
    return ml, user, PersonFactory(followed_by=ml, family_name="Diallo")


def reads(session, house, persons, at, what="person.show"):
    ml, user, _person = house
    session.execute(sa.insert(Disclosure), [
        {"at": at, "user_id": user.id, "organisation_id": ml.id, "person_id": each.id, "what": what, "groups": ["I"]}
        for each in persons
    ])


def found(house):
    return [(each.rule.code, each.count) for each in unusual_readings(house[0].id, clock.today())]


def people(house, number):
    return [PersonFactory(followed_by=house[0]) for _ in range(number)]


def at(days: int, hour: int = 10) -> datetime:
    return datetime.combine(clock.today() - timedelta(days=days), datetime.min.time(), UTC).replace(hour=hour)


def test_an_ordinary_day_is_not_remarked(session, house):
    reads(session, house, [house[2]], at(3))
    assert found(house) == []


def test_a_night_a_sunday_and_a_namesake_are(session, house):
    namesake = PersonFactory(followed_by=house[0], family_name="Moreau")
    sunday = next(days for days in range(1, 8) if (clock.today() - timedelta(days=days)).isoweekday() == 7)
    reads(session, house, [house[2]], at(sunday))
    assert found(house) == [("off_hours", 1)]
    reads(session, house, [namesake], at(sunday + 1, 22))
    assert set(found(house)) == {("off_hours", 1), ("namesake", 1)}


def test_many_records_against_ones_own_habit_and_of_nobody_one_accompanies(session, house):
    crowd = people(house, unusual.MANY_AT_LEAST)
    for days in (10, 9, 8):
        reads(session, house, crowd[:5], at(days))
    reads(session, house, crowd, at(3))

    assert ("many", unusual.MANY_AT_LEAST) in found(house)
    assert ("outside", unusual.MANY_AT_LEAST) in found(house)
    for each in crowd:
        JournalEntryFactory(person=each, organisation=house[0], user_id=house[1].id)
    assert ("outside", unusual.MANY_AT_LEAST) not in found(house)


def test_a_verdict_is_noted_and_nobody_judges_their_own(session, house, sign_in):
    reads(session, house, [PersonFactory(followed_by=house[0], family_name="Moreau")], at(3))
    manager = account(house[0], "Cheffe", "cheffe@exemple.fr", Role.CHEF_SERVICE)
    on = (clock.today() - timedelta(days=3)).isoformat()
    typed = {"reader": house[1].public_id, "on": on, "rule": "namesake", "verdict": "justified"}
    client = sign_in(manager)
    page = client.get("/consultations")
    key = re.search(r'name="csrf_token" value="([^"]+)"', page.text[page.text.index('class="verdicts"'):]).group(1)

    assert client.post("/consultations", data=typed | {"csrf_token": key}).status_code == 303
    assert "Rien d’inhabituel" in client.get("/consultations").text
    assert "Justifiée" in client.get("/consultations?etat=toutes").text
    client.post("/consultations", data=typed | {"csrf_token": key, "reader": manager.public_id, "verdict": "incident"})
    assert [each.verdict for each in unusual_readings(house[0].id, clock.today())] == ["justified"]


def test_a_record_opened_after_the_accompaniment_is(session, house):
    gone = PersonFactory()
    LinkFactory(person=gone, organisation=house[0], user=house[1], started_on=clock.today() - timedelta(days=300),
                ended_on=clock.today() - timedelta(days=20), ended_recorded_at=clock.now())
    reads(session, house, [gone], at(14))
    assert found(house) == []
    reads(session, house, [gone], at(5))
    assert found(house) == [("after_end", 1)]


def test_a_burst_of_searches_and_a_large_export_are(session, house):
    crowd = people(house, unusual.EXPORT_AT_LEAST)
    reads(session, house, crowd[: unusual.SEARCHES_AT_LEAST - 1], at(3), "seek.find")
    reads(session, house, crowd[1:], at(3), "export.tables")
    assert found(house) == []
    reads(session, house, crowd[-1:], at(3), "persons.like")
    reads(session, house, crowd[:1], at(3), "export.tables")
    assert set(found(house)) == {("searches", unusual.SEARCHES_AT_LEAST), ("export", unusual.EXPORT_AT_LEAST)}


def test_a_manager_reads_names_of_those_the_house_sees_and_the_officer_initials(session, house, sign_in):
    namesake = PersonFactory(followed_by=house[0], given_name="Sidonie", family_name="Moreau")
    reads(session, house, [namesake], at(3))
    manager = account(house[0], "Cheffe", "cheffe@exemple.fr", Role.CHEF_SERVICE)
    officer = account(house[0], "Dominique", "dpo@exemple.fr", Role.DPO)

    assert "Sidonie Moreau" in sign_in(manager).get("/consultations").text
    assert session.scalar(sa.select(sa.func.count()).where(
        Disclosure.person_id == namesake.id, Disclosure.what == "disclosures.index")) == 1
    page = sign_in(officer).get("/consultations").text
    assert "Sidonie" not in page
    assert "S. M." in page


def test_every_reading_of_the_house_is_listed_week_by_week(session, house, sign_in):
    reads(session, house, [house[2]] * 3, at(2))
    reads(session, house, [house[2]], at(12))
    client = sign_in(account(house[0], "Cheffe", "cheffe@exemple.fr", Role.CHEF_SERVICE))
    page = client.get("/consultations?etat=lectures").text

    assert "1 personne, 3 lectures" in page
    assert "Diallo" not in page
    older = re.search(r'href="([^"]*avant=[^"]*)"', page).group(1).replace("&amp;", "&")
    assert "1 personne, 1 lecture" in client.get(older).text


def test_the_page_of_a_house_costs_the_same_for_one_reading_and_for_fifty(session, house, sign_in, counting):
    client = sign_in(account(house[0], "Cheffe", "cheffe@exemple.fr", Role.CHEF_SERVICE))
    namesakes = [PersonFactory(followed_by=house[0], family_name="Moreau") for _ in range(25)]
    reads(session, house, namesakes[:1], at(3))
    client.get("/consultations")
    with counting() as one:
        client.get("/consultations")
    for days in range(1, 25):
        reads(session, house, namesakes[:days], at(days))
    with counting() as many:
        client.get("/consultations")
    assert many.cost_as_much_as(one)
