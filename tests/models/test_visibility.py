"""Row-level security: an organisation sees the persons it accompanies, and those it accompanied until thirty days
ago.
"""

from __future__ import annotations

import threading

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, ProgrammingError

from pathways import clock, db
from pathways.models import (
    DAYS_AFTER_END,
    AlertAction,
    Disclosure,
    Enrolment,
    ExternalId,
    JournalEntry,
    Link,
    LinkRole,
    Person,
    Source,
    Visibility,
)
from tests.factories import (
    AlertFactory,
    EnrolmentFactory,
    JournalEntryFactory,
    LinkFactory,
    OrganisationFactory,
    PersonFactory,
    SignalFactory,
    days_ago,
)

ROWS_OF_A_PERSON = (
    "person",
    "external_id",
    "enrolment",
    "link",
    "journal_entry",
    "signal",
    "alert",
    "alert_action",
    "disclosure",
)


def rows(session, table: str) -> int:
    return session.scalar(sa.text(f"select count(*) from {table}"))


@pytest.fixture
def followed_person(session):
    """One row in every protected table, about a person accompanied by one organisation."""
    organisation = OrganisationFactory()
    person = PersonFactory(followed_by=organisation)
    enrolment = EnrolmentFactory(person=person, lead=organisation)
    JournalEntryFactory(person=person, organisation=organisation, enrolment_id=enrolment.id)
    SignalFactory(person=person)
    alert = AlertFactory(person=person, organisation=organisation)
    with db.atomic() as current:
        current.add(ExternalId(person_id=person.id, system="france_travail", value="1234567A"))
        current.add(AlertAction(alert_id=alert.id, kind="taken"))
        current.add(
            Disclosure(organisation_id=organisation.id, person_id=person.id, what="person.show", groups=["I", "C"])
        )
    return person, organisation


@pytest.mark.parametrize("table", ROWS_OF_A_PERSON)
def test_without_a_context_no_row_shows(session, followed_person, table):
    assert rows(session, table) == 1

    session.execute(sa.text("select set_config('app.scope', '', true), set_config('app.organisation', '', true)"))

    assert rows(session, table) == 0


@pytest.mark.parametrize("table", ROWS_OF_A_PERSON)
def test_an_organisation_sees_everything_recorded_about_the_persons_it_accompanies(
    session, followed_person, acting_for, table
):
    with acting_for(followed_person[1]):
        assert rows(session, table) == 1


@pytest.mark.parametrize("table", ROWS_OF_A_PERSON)
def test_an_organisation_sees_nothing_of_other_persons(session, followed_person, acting_for, table):
    with acting_for(OrganisationFactory()):
        assert rows(session, table) == 0


@pytest.mark.parametrize("table", ROWS_OF_A_PERSON)
def test_an_organisation_that_accompanies_somebody_sees_nothing_of_somebody_else(
    session, followed_person, acting_for, table
):
    mine = OrganisationFactory()
    LinkFactory(person=PersonFactory(), organisation=mine)

    with acting_for(mine):
        assert rows(session, table) == (1 if table in {"person", "link"} else 0), "its own, and no other"


def test_no_policy_compares_a_column_with_itself(session):
    policies = session.execute(sa.text("select tablename, coalesce(qual, '') || coalesce(with_check, '') from pg_policies"))

    assert [table for table, says in policies if "v.person_id = v.person_id" in says] == []


@pytest.mark.parametrize(("days", "visible"), [(0, True), (DAYS_AFTER_END, True), (DAYS_AFTER_END + 1, False)])
def test_a_mission_that_ended_is_visible_for_thirty_days(session, acting_for, days, visible):
    link = LinkFactory(ended_days_ago=days)

    with db.acting_for(link.organisation_id):
        assert rows(session, "person") == visible
        assert rows(session, "link") == visible


def test_the_thirty_days_are_counted_in_paris_on_the_application_s_clock(session, frozen_clock):
    link = LinkFactory(ended_days_ago=0)

    frozen_clock.advance(days=30)
    with db.acting_for(link.organisation_id):
        assert rows(session, "person") == 1
    frozen_clock.advance(days=1)
    with db.acting_for(link.organisation_id):
        assert rows(session, "person") == 0


def test_an_older_link_that_ended_does_not_hide_a_running_one(session):
    running = LinkFactory()
    LinkFactory(person_id=running.person_id, organisation_id=running.organisation_id, ended_days_ago=200)

    with db.acting_for(running.organisation_id):
        assert rows(session, "person") == 1


def test_ending_reopening_and_deleting_a_link_moves_the_door_with_it(session):
    link = LinkFactory()

    def until():
        return session.scalar(sa.select(Visibility.until).where(Visibility.person_id == link.person_id))

    assert until().year == 9999
    ending = {"ended_on": days_ago(3), "ended_recorded_at": clock.now()}
    session.execute(sa.update(Link).where(Link.id == link.id).values(ending))
    assert until() == days_ago(3 - DAYS_AFTER_END)
    session.execute(sa.update(Link).where(Link.id == link.id).values(ended_on=None, ended_recorded_at=None))
    assert until().year == 9999
    session.execute(sa.delete(Link).where(Link.id == link.id))
    assert until() is None


def test_ending_one_link_waits_for_another_that_is_being_added(own_database):
    ended = LinkFactory()
    same_pair = {"person": ended.person_id, "organisation": ended.organisation_id, "id": ended.id}
    end = "update link set ended_on = '2025-12-31', ended_recorded_at = now() where id = %(id)s"
    add = (
        "insert into link (person_id, organisation_id, role, started_on) "
        "values (%(person)s, %(organisation)s, 'partner', '2026-01-01')"
    )

    with psycopg.connect(own_database.admin_url) as adding, psycopg.connect(own_database.admin_url) as ending:
        adding.execute(add, same_pair)
        meanwhile = threading.Thread(target=ending.execute, args=(end, same_pair))
        meanwhile.start()
        meanwhile.join(timeout=0.2)
        assert meanwhile.is_alive()
        adding.commit()
        meanwhile.join(timeout=10)

    assert db.session().scalar(sa.select(Visibility.until)).year == 9999


def test_a_link_given_to_another_organisation_closes_one_door_and_opens_the_other(session):
    link, other = LinkFactory(), OrganisationFactory()

    session.execute(sa.update(Link).where(Link.id == link.id).values(organisation_id=other.id))

    assert session.scalars(sa.select(Visibility.organisation_id)).all() == [other.id]


def test_everybody_who_accompanies_a_person_sees_who_else_does(session, acting_for):
    mission, cfa = OrganisationFactory(), OrganisationFactory(cfa=True)
    person = PersonFactory(followed_by=mission)
    LinkFactory(person=person, organisation=cfa, role=LinkRole.OPERATOR)

    with acting_for(cfa):
        assert rows(session, "link") == 2


def test_an_entry_about_a_person_outside_the_mission_is_refused(session, acting_for):
    mission, stranger = OrganisationFactory(), PersonFactory()

    with pytest.raises(ProgrammingError, match="row-level security"), db.atomic() as current, acting_for(mission):
        current.add(entry(stranger, mission))


def test_an_entry_cannot_borrow_the_enrolment_of_somebody_else(session):
    mission, person = OrganisationFactory(), PersonFactory()
    foreign = EnrolmentFactory(lead=mission)

    with pytest.raises(IntegrityError, match="fk_journal_entry_same_person"), db.atomic() as current:
        current.add(entry(person, mission, enrolment_id=foreign.id))


def test_an_organisation_creates_a_person_and_everything_that_comes_with_them(session, acting_for):
    mission = OrganisationFactory()

    with acting_for(mission), db.atomic() as current:
        person = Person(
            family_name="Guérin", given_name="Maëlys", external_ids=[ExternalId(system="i_milo", value="778812")]
        )
        person.links = [Link(organisation_id=mission.id, role=LinkRole.REFERENT, started_on=clock.today())]
        current.add(person)
        current.flush()
        current.add(entry(person, mission))
        created = person.id

    with acting_for(mission):
        assert session.get(Person, created).search_key == "maelys guerin"
    with acting_for(OrganisationFactory()):
        assert session.scalars(sa.select(Person.id)).all() == []


def test_a_person_created_without_a_link_is_not_kept_in_sight(session, acting_for, frozen_clock):
    mission = OrganisationFactory()
    with acting_for(mission), db.atomic() as current:
        current.add(Person(family_name="Diallo", given_name="Inès"))

    frozen_clock.advance(days=1)

    with acting_for(mission):
        assert rows(session, "person") == 0


def test_an_organisation_may_take_charge_of_a_person_who_comes_to_it(session, acting_for):
    mission, person = OrganisationFactory(), PersonFactory()

    with acting_for(mission), db.atomic() as current:
        current.add(
            Link(person_id=person.id, organisation_id=mission.id, role=LinkRole.REFERENT, started_on=clock.today())
        )

    with acting_for(mission):
        assert session.get(Person, person.id)


def test_an_organisation_cannot_open_the_door_of_others_to_a_person_it_does_not_see(session, acting_for):
    mission, other, person = OrganisationFactory(), OrganisationFactory(), PersonFactory()

    with pytest.raises(ProgrammingError, match="row-level security"), db.atomic() as current, acting_for(mission):
        current.add(
            Link(person_id=person.id, organisation_id=other.id, role=LinkRole.PARTNER, started_on=clock.today())
        )


def test_changing_or_deleting_an_invisible_row_touches_nothing(session, acting_for):
    enrolment = EnrolmentFactory()

    with acting_for(OrganisationFactory()):
        changed = session.execute(sa.update(Enrolment).where(Enrolment.id == enrolment.id).values(outcome="DECES"))
        deleted = session.execute(sa.delete(Enrolment).where(Enrolment.id == enrolment.id))

    assert (changed.rowcount, deleted.rowcount) == (0, 0)


@pytest.mark.parametrize("table", ["journal_entry", "alert_action", "disclosure"])
@pytest.mark.parametrize("statement", ["update {} set id = id", "delete from {}", "truncate {}"])
def test_what_was_declared_done_or_disclosed_cannot_be_rewritten(session, table, statement):
    with pytest.raises(ProgrammingError, match=f"permission denied for table {table}"):
        session.execute(sa.text(statement.format(table)))


@pytest.mark.parametrize("table", ["visibility", "enrolment_state", "alembic_version"])
def test_the_application_only_reads_what_triggers_and_migrations_keep(session, table):
    rows(session, table)
    with pytest.raises(ProgrammingError, match="permission denied"):
        session.execute(sa.text(f"delete from {table}"))


def test_the_application_s_role_cannot_get_round_the_policies(session):
    name, *powers = session.execute(
        sa.text(
            "select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb "
            "from pg_roles where rolname = current_user"
        )
    ).one()
    owned = session.scalar(sa.text("select count(*) from pg_tables where tableowner = current_user"))

    assert (name, any(powers), owned) == ("pathways_app", False, 0)


def test_every_table_about_a_person_is_protected(session):
    """A new table that names a person must come with a policy, or be listed here with the reason why not."""
    unprotected = session.scalars(
        sa.text(
            "select distinct c.relname from pg_class c "
            "join pg_attribute a on a.attrelid = c.oid and a.attname = 'person_id' "
            "where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace "
            "and not (c.relrowsecurity and c.relforcerowsecurity)"
        )
    ).all()

    assert unprotected == ["visibility"]  # two ids and a day, read by the policies themselves


def entry(person: Person, organisation, **more) -> JournalEntry:
    return JournalEntry(
        person_id=person.id,
        organisation_id=organisation.id,
        type="contact",
        occurred_on=clock.today(),
        source=Source.SCREEN,
        payload={},
        **more,
    )
