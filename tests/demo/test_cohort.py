"""The cohort without a database: what anybody may rely on who tests or measures with it."""

import hashlib
import json
from collections import Counter
from datetime import date

import pytest

from pathways.demo import cohort
from pathways.demo.population import Cohort
from pathways.demo.rows import COLUMNS, Rows, write_person
from pathways.schemas.entries import read_details
from pathways.workflows.events import ABOUT_THE_PERSON, EVENTS
from pathways.workflows.fold import pathway
from pathways.workflows.schemes import SCHEMES

AS_OF = date(2026, 3, 2)
PERSONS = 1_200


@pytest.fixture(scope="module")
def made():
    return Cohort(PERSONS, 11, AS_OF)


@pytest.fixture(scope="module")
def people(made):
    return list(made)


@pytest.fixture(scope="module")
def entries(people):
    return [entry for person in people for entry in person.entries]


def digest(persons, seed, as_of=AS_OF):
    made, rows = Cohort(persons, seed, as_of), Rows()
    for person in made:
        write_person(rows, person, made.region, made.until)
    return hashlib.sha256("".join(rows.text(table) for table in COLUMNS).encode()).hexdigest()


def test_the_same_seed_and_day_give_the_same_bytes():
    assert digest(150, 5) == digest(150, 5)


def test_another_seed_or_another_day_gives_others():
    assert len({digest(60, 5), digest(60, 6), digest(60, 5, date(2026, 3, 3))}) == 3


def test_anybody_can_be_drawn_alone(made, people):
    assert made.person(777).entries == people[777].entries


def test_nothing_happens_or_is_known_on_the_day_itself_or_later(entries):
    assert max(entry.occurred_on for entry in entries) < AS_OF
    assert max(entry.known_on for entry in entries) < AS_OF


def test_nothing_is_known_before_it_happened(entries):
    assert all(entry.known_on >= entry.occurred_on for entry in entries)


def test_everybody_begins_by_saying_who_they_are(people):
    for person in people:
        first = person.entries[0]
        assert first.type == "identity_stated"
        assert first.occurred_on == min(entry.occurred_on for entry in person.entries)


def test_every_payload_is_valid(entries):
    for entry in entries:
        assert read_details(entry.type, json.loads(entry.content)) == dict(entry.data)


def test_everything_is_declared_by_somebody_who_may(entries):
    forbidden = {(entry.type, entry.kind) for entry in entries if entry.kind not in EVENTS[entry.type].by}
    assert not forbidden


def test_everything_but_facts_about_the_person_belongs_to_a_step(entries):
    assert all(entry.enrolment or entry.type in ABOUT_THE_PERSON for entry in entries)
    assert {entry.scheme for entry in entries if entry.scheme} <= set(SCHEMES)


def test_ids_are_those_of_one_entry_each_and_retractions_name_one_of_them(entries):
    ids = {entry.id for entry in entries}
    assert len(ids) == len(entries)
    assert {entry.retracts for entry in entries if entry.retracts is not None} <= ids


def test_almost_nothing_contradicts_itself(people, entries):
    found = [each for person in people for each in pathway(person.entries, AS_OF, AS_OF).discordances]
    assert len(found) < 0.005 * len(entries)


def test_the_contradictions_are_those_that_are_meant():
    courses = list(cohort(1_500, 3, AS_OF, entrance="trainee"))
    found = [each for person in courses for each in pathway(person.entries, AS_OF, AS_OF).discordances]
    assert {entry.type for each in found for entry in each.entries} <= {"dropped", "excluded", "completed"}


def test_the_truth_knows_more_than_the_journal(people):
    ruptures = [each for person in people for each in person.truth.episodes if each.is_rupture]
    hidden = [each for each in ruptures if each.last_day < AS_OF <= each.formal_on]
    undeclared = [each for each in ruptures if each.formal_on < AS_OF and each.declared_on is None]
    assert hidden
    assert undeclared
    assert all(each.started_on <= each.last_day < each.formal_on for each in ruptures)
    assert all(each.declared_on is None or each.declared_on >= each.formal_on for each in ruptures)


def test_some_persons_were_entered_twice_with_a_slip_of_the_pen(people):
    twins = [person for person in people if person.truth.duplicate_of is not None]
    assert 0.01 * PERSONS < len(twins) < 0.06 * PERSONS
    for twin in twins:
        one, other = people[twin.truth.duplicate_of].profile, twin.profile
        same = [
            one.given_name == other.given_name or one.family_name == other.family_name,
            abs((one.born - other.born).days) < 31,
        ]
        assert all(same)


def test_every_kind_of_thing_happens(entries):
    kinds = Counter(entry.type for entry in entries)
    wanted = (
        "attendance appointment contact_attempt obstacle risk_flag phase_reviewed followup prescribed admitted entered dropped "
        "completed closed declined contract_broken contract_checkin retracted csp_accepted work_contract_ended cancelled "
        "referent_left weekly_hours"
    )
    assert not set(wanted.split()) - set(kinds)


def test_one_door_only():
    steps = {step.scheme for person in cohort(50, 1, AS_OF, entrance="redundant") for step in person.steps}
    assert "CSP" in steps
    assert not steps & {"PACEA", "APPRENTISSAGE"}


def test_a_body_that_closes_puts_everybody_out_on_one_day():
    made = Cohort(1_500, 2, AS_OF, entrance="trainee", scenarios={"closure"})
    ((body, closing),) = made.region.closures.items()
    exits = Counter(
        entry.occurred_on
        for person in made
        for entry in person.entries
        if entry.organisation == body and entry.data.get("reason") == "OF_DEFAILLANT" and entry.type == "dropped"
    )
    assert set(exits) == {closing}
    assert exits[closing] >= 5


def test_a_mission_locale_that_enters_everything_at_once():
    made = Cohort(400, 2, AS_OF, entrance="youth", scenarios={"heap"})
    first, _ = made.region.missions[0]
    ((begins, ends),) = first.outages
    days = Counter(
        entry.known_on
        for person in made
        for entry in person.entries
        if entry.organisation == first.number and entry.type != "identity_stated"
    )
    assert not [day for day in days if begins <= day <= ends]
    assert days[max(days, key=days.__getitem__)] > 5 * sorted(days.values())[len(days) // 2]


def test_a_september_peak():
    made = Cohort(800, 2, AS_OF, entrance="youth", scenarios={"september"})
    autumn = sum(person.truth.arrival.month in (9, 10, 11) for person in made)
    assert autumn > 0.4 * made.persons
