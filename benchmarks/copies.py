"""A loaded region several times over: a million steps are drawn in minutes instead of an hour.

Each copy has its own organisations, accounts, persons, steps, links and journal; names and lives repeat, numbers do not. Written
by the superuser with triggers off: what is copied has been checked once. Files, groups and identifiers elsewhere are not copied.
"""

from __future__ import annotations

import sqlalchemy as sa

import pathways.models  # noqa: F401 -- declares the tables
from pathways.db import Base

TABLES = ("organisation", "app_user", "membership", "person", "enrolment", "link", "journal_entry")
OWN_NAMES = {
    "organisation": {"siret": "NULL", "uai": "NULL", "code": "NULL"},
    "app_user": {"email": "'copy' || CAST(:copy AS bigint) || '.' || email"},
    # A passage names the organisation it is sent to by its number.
    "journal_entry": {
        "payload": "CASE WHEN jsonb_typeof(payload -> 'to') = 'number' "
        "THEN jsonb_set(payload, '{to}', to_jsonb(CAST(:copy AS bigint) * :organisation + (payload ->> 'to')::bigint)) "
        "ELSE payload END"
    },
}
"""What may not be there twice, or names a number inside."""
_SECONDARY = sa.text("""
    SELECT indexname, indexdef FROM pg_indexes WHERE tablename = :table AND schemaname = 'public'
        AND indexname NOT IN (SELECT conname FROM pg_constraint)
""")
# Kept by triggers on links and on the journal, which are off here.
_RECORDED = sa.text("""
    INSERT INTO recording_day (organisation_id, day)
    SELECT organisation_id + copy * :organisation, day FROM recording_day, generate_series(1, CAST(:copies AS integer)) AS copy
""")
_SEEN = sa.text("""
    INSERT INTO visibility (organisation_id, person_id, until)
    SELECT organisation_id + copy * :organisation, person_id + copy * :person, until
    FROM visibility, generate_series(1, CAST(:copies AS integer)) AS copy
""")


def multiply(url: str, copies: int) -> None:
    """Adds ``copies`` regions to the one that is there. ``url``: of the superuser."""
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text("SET session_replication_role = replica"))
        connection.execute(sa.text("SET maintenance_work_mem = '1GB'"))
        last = {table: connection.scalar(sa.select(sa.func.max(Base.metadata.tables[table].c.id))) or 0 for table in TABLES}
        for table in TABLES:
            indexes = connection.execute(_SECONDARY, {"table": table}).all() if table != "organisation" else []
            for name, _definition in indexes:
                connection.execute(sa.text(f"DROP INDEX {name}"))
            statement = _copy(table)
            for copy in range(1, copies + 1):
                named = {name: value for name, value in last.items() if f":{name}" in statement}
                connection.execute(sa.text(statement), named | {"copy": copy, "last": last[table]})
            for _name, definition in indexes:
                connection.exec_driver_sql(definition)
            last_one = sa.select(sa.func.setval(f"{table}_id_seq", sa.func.max(Base.metadata.tables[table].c.id)))
            connection.execute(last_one)
            connection.execute(sa.text(f"VACUUM ANALYZE {table}"))
        connection.execute(_SEEN, {"organisation": last["organisation"], "person": last["person"], "copies": copies})
        connection.execute(_RECORDED, {"organisation": last["organisation"], "copies": copies})
        connection.execute(sa.text("VACUUM ANALYZE visibility, recording_day"))
    engine.dispose()


def _copy(table: str) -> str:
    """One more copy of a table's first rows: every number in it moved on by as many as the first region has."""
    columns = [column for column in Base.metadata.tables[table].columns if not column.computed]
    values = ", ".join(_value(table, column) for column in columns)
    names = ", ".join(column.name for column in columns)
    select = f"SELECT {values} FROM {table} WHERE id <= :last ORDER BY id"  # noqa: S608 -- names of our own tables
    return f"INSERT INTO {table} ({names}) {select}"


def _value(table: str, column: sa.Column[object]) -> str:
    if column.name == "public_id":
        return "gen_random_uuid()"
    if (own := OWN_NAMES.get(table, {}).get(column.name)) is not None:
        return own
    keys = (key.column.table.name for key in column.foreign_keys if key.column.name == "id")
    of = table if column.name == "id" else next(keys, "")
    return f"{column.name} + CAST(:copy AS bigint) * :{of}" if of in TABLES else column.name
