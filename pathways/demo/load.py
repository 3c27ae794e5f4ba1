"""The synthetic region into an empty database: set-based, and in one transaction, so that it is there whole or not at all.

Row-level security forbids COPY into the tables it protects: rows go into temporary tables, and from there with one INSERT
each. Ids are
given in that step, journal entries in the order in which they were recorded.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import islice

import psycopg
import sqlalchemy as sa
from sqlalchemy.orm import Session

from pathways import clock, db
from pathways.demo import numbers
from pathways.demo.accounts import PASSWORD
from pathways.demo.groups import gather
from pathways.demo.population import Cohort, DemoPerson
from pathways.demo.region import Region
from pathways.demo.rows import COLUMNS, Rows, write_person

CHUNK = 2_000
"""Persons held in memory at once."""
_TYPES = {
    "person": "bigint",
    "key": "int",
    "rank": "int",
    "place": "int",
    "retracts": "int",
    "organisation_id": "bigint",
    "user_id": "bigint",
    "lead_organisation_id": "bigint",
    "prescriber_id": "bigint",
    "operator_id": "bigint",
    "public_id": "uuid",
    "payload": "jsonb",
}
_DAYS = ("_on", "_date", "_since", "_start", "_end", "_until")


class NotEmpty(Exception):
    """Somebody has recorded something in this database already."""


@dataclass(slots=True)
class Loaded:
    """What was loaded, and in how many seconds."""

    persons: int
    enrolments: int
    entries: int
    links: int
    organisations: int
    users: int
    discordances: int
    seconds: float
    region: Region


@dataclass(slots=True)
class Bases:
    """The id before the first one given, by table."""

    organisation: int
    app_user: int
    person: int = 0
    enrolment: int = 0
    link: int = 0
    journal_entry: int = 0


def load(persons: int, seed: int, as_of: date, scenarios: Collection[str] = ()) -> Loaded:
    """Fills an empty database with ``persons`` fictitious persons as known on the morning of ``as_of``.

    Raises `NotEmpty` when there is an organisation already. Signals and alerts are not written: everybody is due for evaluation.
    """
    started = time.monotonic()
    made = Cohort(persons, seed, as_of, scenarios=scenarios)
    with db.as_system(), db.atomic() as session:
        _require_empty(session)
        session.execute(sa.text("set local statement_timeout = 0"))
        bases = _found(session, made.region, as_of)
        discordances = _stage(session, made)
        counts = _settle(session, bases)
        gather(session)
    return Loaded(
        counts["person"],
        counts["enrolment"],
        counts["journal_entry"],
        counts["link"],
        len(made.region.bodies),
        len(made.region.users),
        discordances,
        time.monotonic() - started,
        made.region,
    )


def evaluate(as_of: date) -> int:
    """Signals and alerts of everybody, from what was known on each past day; returns how many signals were opened."""
    from pathways.detection.parallel import sweep_in_parallel

    return sweep_in_parallel(as_of, full=True, history=True, processes=2).opened


def _require_empty(session: Session) -> None:
    # Two loads at once: the second waits here, and then finds the first one's rows.
    session.execute(sa.text("select pg_advisory_xact_lock(hashtext('pathways.demo'))"))
    if session.scalar(sa.text("select exists (select from organisation)")):
        raise NotEmpty


def _driver(session: Session) -> psycopg.Connection[tuple[object, ...]]:
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, psycopg.Connection)
    return connection


def _take(session: Session, table: str, count: int) -> int:
    """Reserves ``count`` ids of a table; returns the one before the first."""
    if not count:
        return 0
    first, last = session.execute(
        sa.text(
            "select min(taken), max(taken) from (select nextval(pg_get_serial_sequence(:table, 'id')) as taken "
            "from generate_series(1, :count)) as ids"
        ),
        {"table": table, "count": count},
    ).one()
    assert last - first + 1 == count, f"somebody else takes ids of {table}"
    return int(first) - 1


# --- organisations and users ---------------------------------------------------------------------------------------------


def _found(session: Session, region: Region, as_of: date) -> Bases:
    from pathways.models import Membership, Organisation, User

    bases = Bases(_take(session, "organisation", len(region.bodies)), _take(session, "app_user", len(region.users)))
    columns = ("kind", "name", "siret", "uai", "code", "commune", "phone", "has_account", "public_id")
    session.execute(
        sa.insert(Organisation),
        [{"id": bases.organisation + body.number} | {name: getattr(body, name) for name in columns} for body in region.bodies],
    )
    password = _password_hash()
    since = as_of - timedelta(3 * 365)
    session.execute(
        sa.insert(User),
        [
            {
                "id": bases.app_user + user.number,
                "public_id": user.public_id,
                "email": user.email,
                "name": user.name,
                "password_hash": password if user.signs_in else None,
                "phone": numbers.office_phone(numbers.DIRECT_LINES + user.number),
                "created_at": clock.noon(since),
                "last_signed_in_at": clock.noon(_last_seen(user.number, region, as_of)),
            }
            for user in region.users
        ],
    )
    session.execute(
        sa.insert(Membership),
        [
            {
                "user_id": bases.app_user + user.number,
                "organisation_id": bases.organisation + user.organisation,
                "role": user.role,
                "started_on": since,
                "ended_on": left.on if (left := region.departures.get(user.number)) else None,
            }
            for user in region.users
        ],
    )
    return bases


def _last_seen(user: int, region: Region, as_of: date) -> date:
    """In the last weeks; one in forty not for half a year; who left, not since."""
    left = region.departures.get(user)
    return left.on if left else as_of - timedelta(200 if user % 40 == 0 else 1 + user * 7 % 23)


def _password_hash() -> str:
    from argon2 import PasswordHasher

    return PasswordHasher().hash(PASSWORD)


# --- persons -------------------------------------------------------------------------------------------------------------


def _stage(session: Session, made: Cohort) -> int:
    """Everything into temporary tables; returns the number of discordances."""
    connection = _driver(session)
    with connection.cursor() as cursor:
        for table, columns in COLUMNS.items():
            declared = ", ".join(f"{name} {_type_of(name)}" for name in columns.split(", "))
            cursor.execute(f"create temporary table demo_{table} ({declared}) on commit drop")
    discordances = 0
    for chunk in _chunks(made):
        rows = Rows()
        for person in chunk:
            write_person(rows, person, made.region, made.until)
        discordances += rows.discordances
        with connection.cursor() as cursor:
            for table, columns in COLUMNS.items():
                with cursor.copy(f"copy demo_{table} ({columns}) from stdin") as copy:
                    copy.write(rows.text(table))
    return discordances


def _chunks(persons: Iterable[DemoPerson]) -> Iterator[list[DemoPerson]]:
    waiting = iter(persons)
    while chunk := list(islice(waiting, CHUNK)):
        yield chunk


def _type_of(column: str) -> str:
    if column in _TYPES:
        return _TYPES[column]
    if column.endswith("_at"):
        return "timestamptz"
    return "date" if column.endswith(_DAYS) else "text"


_SETTLE = {
    "person": """
        insert into person (id, public_id, family_name, given_name, birth_date, sex, commune, phone, email, level, rqth_until,
                            search_key, sort_key, touched_at, version)
        select :person + person + 1, public_id, family_name, given_name, birth_date, sex, commune, phone, email, level,
        rqth_until,
               search_key, sort_key, touched_at, 1
        from demo_person order by person""",
    "external_id": """
        insert into external_id (person_id, system, value) select :person + person + 1, system, value from demo_external_id
        order by person""",
    "enrolment": """
        insert into enrolment (id, public_id, person_id, scheme, rules_on, rules_version, lead_organisation_id,
        prescriber_id, operator_id,
                               state, state_since, opened_on, planned_start, planned_end, cap_on, closed_on, outcome, version)
        select id, public_id, :person + person + 1, scheme, rules_on, rules_version, :organisation + lead_organisation_id,
               :organisation + prescriber_id, :organisation + operator_id, state, state_since, opened_on, planned_start,
               planned_end, cap_on,
               closed_on, outcome, 1
        from demo_step join demo_enrolment using (person, key) order by id""",
    "link": """
        insert into link (id, person_id, enrolment_id, organisation_id, user_id, role, started_on, ended_on, recorded_at,
        ended_recorded_at)
        select :link + row_number() over (order by person, key, place), :person + person + 1, id, :organisation + organisation_id,
               :app_user + user_id, role, started_on, ended_on, recorded_at, ended_recorded_at
        from demo_link join demo_step using (person, key)""",
    "journal_entry": """
        insert into journal_entry (id, person_id, enrolment_id, organisation_id, user_id, retracts, recorded_at, occurred_on,
        type, source,
                                   payload)
        select entry.id, :person + entry.person + 1, step.id, :organisation + organisation_id, :app_user + user_id, wrong.id,
        recorded_at,
               occurred_on, type, 'demo', case when jsonb_typeof(payload -> 'to') = 'number'
                   then jsonb_set(payload, '{to}', to_jsonb(:organisation + (payload ->> 'to')::bigint)) else payload end
        from demo_number as entry
        left join demo_step as step using (person, key)
        left join demo_number_only as wrong on wrong.person = entry.person and wrong.rank = entry.retracts
        order by entry.id""",
}
_NUMBERS = """
    create temporary table demo_step on commit drop as
        select person, key, :enrolment + row_number() over (order by person, key) as id from demo_enrolment;
    create temporary table demo_number on commit drop as
        select *, :journal_entry + row_number() over (order by recorded_at, person, rank) as id from demo_journal_entry;
    create temporary table demo_number_only on commit drop as
        select person, rank, id from demo_number where (person, rank) in
            (select person, retracts from demo_journal_entry where retracts is not null);
    analyze demo_step; analyze demo_number; analyze demo_number_only; analyze demo_link; analyze demo_enrolment"""


def _settle(session: Session, bases: Bases) -> Mapping[str, int]:
    """From the temporary tables to the real ones; returns the rows of each."""
    counts = {
        table: int(session.scalar(sa.select(sa.func.count()).select_from(sa.table(f"demo_{table}"))) or 0) for table in COLUMNS
    }
    for table in ("person", "enrolment", "link", "journal_entry"):
        setattr(bases, table, _take(session, table, counts[table]))
    values = asdict(bases)
    for statement in _NUMBERS.split(";"):
        named = {name: value for name, value in values.items() if f":{name}" in statement}
        session.execute(sa.text(statement), named)
    for statement in _SETTLE.values():
        named = {name: value for name, value in values.items() if f":{name} " in statement}
        session.execute(sa.text(statement), named)
    return counts
