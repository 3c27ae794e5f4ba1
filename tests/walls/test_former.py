"""Thirty days after the end the record closes; what one wrote oneself stays."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.models import Disclosure, JournalEntry, Kind
from tests.factories import JournalEntryFactory
from tests.walls.marked import marked
from tests.walls.test_fields import seen_in

OURS = "XQOURS"


@pytest.fixture
def closed(session, frozen_clock):
    """A Mission locale whose link ended 31 days ago, and a note of its own."""
    case = marked(Kind.MISSION_LOCALE, ended_days_ago=31)
    JournalEntryFactory(
        person=case.person, organisation=case.organisation, type="contact", payload={"channel": "phone", "note": OURS}
    )
    return case


def test_the_list_names_whom_one_accompanied_and_the_page_shows_ones_own_words_alone(closed, sign_in):
    client = sign_in(closed.user())
    listed = client.get("/anciens-accompagnements")
    page = client.get(f"/anciens-accompagnements/{closed.person.public_id}")

    assert "XQI" in listed.text
    assert OURS in page.text
    assert seen_in(page.text) == set()
    assert client.get(f"/personnes/{closed.person.public_id}").status_code == 404


def test_a_search_finds_by_name_and_says_when_it_finds_nobody(closed, sign_in):
    client = sign_in(closed.user())

    assert "XQI" in client.get("/anciens-accompagnements?q=xqi+mar").text
    assert "Personne de ce nom" in client.get("/anciens-accompagnements?q=personne").text


def test_somebody_still_accompanied_or_never_is_not_there(session, sign_in, frozen_clock):
    case = marked(Kind.MISSION_LOCALE)
    client = sign_in(case.user())
    other = marked(Kind.MISSION_LOCALE, ended_days_ago=31)

    assert "Aucun ancien accompagnement" in client.get("/anciens-accompagnements").text
    for person in (case.person, other.person):
        assert client.get(f"/anciens-accompagnements/{person.public_id}").status_code == 404


def test_each_look_is_logged_with_what_was_shown(closed, sign_in, session):
    sign_in(closed.user()).get(f"/anciens-accompagnements/{closed.person.public_id}")

    looked = session.scalar(sa.select(Disclosure.groups).where(Disclosure.what == "former.show"))
    assert looked == ["I", "R"]


def test_the_database_lets_ones_own_entries_be_read_and_none_be_written(closed, session):
    with db.acting_for(closed.organisation.id):
        entries = session.scalars(sa.select(JournalEntry).where(JournalEntry.person_id == closed.person.id)).all()
        assert {each.organisation_id for each in entries} == {closed.organisation.id}
        with pytest.raises(sa.exc.ProgrammingError, match="row-level security"), session.begin_nested():
            session.execute(sa.insert(JournalEntry).values(
                person_id=closed.person.id, organisation_id=closed.organisation.id, type="contact", payload={}, source="screen",
                occurred_on=clock.today(), recorded_at=clock.now(),
            ))
