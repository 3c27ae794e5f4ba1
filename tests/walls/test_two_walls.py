"""Either wall alone keeps a stranger out: the criterion of the queries, and the policies of the database."""

from __future__ import annotations

import sys

import pytest
import sqlalchemy as sa

from config import testing
from pathways import create_app, db
from pathways.models import Kind, Role
from pathways.sharing import visibility
from tests.scene import PASSWORD
from tests.views.conftest import submit
from tests.walls.marked import marked
from tests.walls.test_fields import seen_in
from tests.walls.walking import walk

ROLES = (Role.RESPONSABLE_STRUCTURE, Role.FORMATEUR_REFERENT)
KINDS = {Role.RESPONSABLE_STRUCTURE: Kind.MISSION_LOCALE, Role.FORMATEUR_REFERENT: Kind.ORGANISME_FORMATION}


def everybody(_reader, _person_id):
    return sa.true()


def without_the_first_wall(monkeypatch) -> int:
    """Every query that asks ``visible_to`` is told that the person is; how many modules ask it."""
    usual = visibility.visible_to
    asking = [
        module for name, module in sys.modules.items()
        if name.startswith("pathways.") and getattr(module, "visible_to", None) is usual
    ]
    for module in asking:
        monkeypatch.setattr(module, "visible_to", everybody)
    return len(asking)


def without_the_second_wall(own_database) -> list[str]:
    """Row-level security is switched off in this database; the tables it guarded."""
    guarded = sa.text("select c.relname from pg_class c join pg_namespace n on n.oid = relnamespace "
                      "where relrowsecurity and nspname = 'public' order by 1")
    engine = sa.create_engine(own_database.owner_url)
    with engine.begin() as connection:
        tables = list(connection.scalars(guarded))
        for table in tables:
            connection.execute(sa.text(f'alter table "{table}" disable row level security'))
    engine.dispose()
    return tables


def leaks(app, client, case) -> set[tuple[str, str]]:
    """Addresses at which a mark of the person came back, and those that know the person at all."""
    found = set()
    for answer in walk(app, client, case):
        found |= {(answer.rule.rule, mark) for mark in seen_in(answer.text)}
        if answer.names_somebody and answer.status < 400 and answer.access in {"person:read", "entry:record", "alert:act"}:
            found.add((answer.rule.rule, str(answer.status)))
    return found


@pytest.mark.parametrize("role", ROLES)
def test_without_the_criterion_the_database_still_shows_nothing(role, app, sign_in, monkeypatch, frozen_clock):
    case = marked(KINDS[role], linked=False)
    client = sign_in(case.user(role))
    assert without_the_first_wall(monkeypatch) > len(ROLES)

    assert leaks(app, client, case) == set()


@pytest.mark.parametrize("role", ROLES)
def test_without_the_policies_the_queries_still_show_nothing(role, own_database, frozen_clock):
    app = create_app(testing.Testing(
        database_url=own_database.app_url, owner_url=own_database.owner_url, redis_url="memory://", secret_key="x" * 32
    ))
    assert {"person", "journal_entry", "enrolment", "signal", "alert", "link"} <= set(without_the_second_wall(own_database))
    case = marked(KINDS[role], linked=False)
    client = app.test_client()
    assert submit(client, "/connexion", email=case.user(role).email, password=PASSWORD).status_code == 303

    assert leaks(app, client, case) == set()


def test_without_either_everything_would_show(own_database, monkeypatch, frozen_clock):
    """The two tests above can fail: with no wall at all, the stranger reads the record."""
    app = create_app(testing.Testing(
        database_url=own_database.app_url, owner_url=own_database.owner_url, redis_url="memory://", secret_key="x" * 32
    ))
    without_the_second_wall(own_database)
    case = marked(Kind.MISSION_LOCALE, linked=False)
    client = app.test_client()
    submit(client, "/connexion", email=case.user(Role.RESPONSABLE_STRUCTURE).email, password=PASSWORD)
    without_the_first_wall(monkeypatch)

    assert any(mark.startswith("XQ") for _rule, mark in leaks(app, client, case))


def test_whoever_says_nothing_sees_no_row(session, frozen_clock):
    case = marked(Kind.MISSION_LOCALE)
    count = sa.text("select count(*) from person where id = :id")
    assert session.scalar(count, {"id": case.person.id}) == 1
    with db.acting_for(case.organisation.id):
        assert db.session().scalar(count, {"id": case.person.id}) == 1
    with db._working(db.Context()):
        assert db.session().scalar(count, {"id": case.person.id}) == 0
