"""Every row of every table that is about the person, in words; what is left out is named, with why.

The tables are found from the models, so that a new one is in the export before anybody thinks of it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa

from pathways import clock, db
from pathways.db import Base
from pathways.exchange.access_export.signals import explained
from pathways.models import AlertAction, Enrolment, Organisation, Person
from pathways.sharing import naming
from pathways.sharing.visibility import Reader
from pathways.workflows.events import EVENTS

FORMAT = "pathways-access-2"
LEFT_OUT: Mapping[str, str] = {
    "visibility": "calculé à partir des liens, qui sont donnés",
    "emergency_access": "dit le motif d’un professionnel ; l’accès lui-même est dans les consultations",
    "own_link": "ne contient que des empreintes de liens ; les ouvertures sont dans les consultations",
    "legal_hold": "mesure en cours d’un organisme ; elle est dite sur demande à cet organisme",
    "statistic_step": "statistiques sans identité",
}
"""Tables about the person that are not in the export, and why."""
WITHOUT = frozenset({
    "id", "person_id", "search_key", "sort_key", "next_on", "evaluated_at", "evaluated_day", "touched_at",
    "merged_into", "baseline", "rules_version", "token_hash", "device_hash", "user_id", "user_asked_id", "request_id", "retracts",
})
"""Columns that say nothing of the person: keys, bookkeeping, and names of professionals."""
NOT_OURS = "texte libre : à demander à l’organisme qui l’a écrit"
NOTES = frozenset({"note"})
WRITTEN: Mapping[str, frozenset[str]] = {
    "alert_action": frozenset({"reason"}),
    "disclosure": frozenset({"reason"}),
    "rights_request": frozenset({"said", "answer"}),
}
"""Columns in which professionals write freely: handed over by the organisation that wrote them."""
COUNTERS = frozenset({"person", "alert", "hand_over", "incident"})
"""Tables whose ``version`` counts edits; elsewhere it says which version of something."""


def everything_about(person_id: int, reader: Reader) -> dict[str, Any]:
    """The whole of it, for the reader's organisation to hand over. Read as the system, for the person themselves.

    Free text of another organisation is not there: that it exists is, and whom to ask.
    """
    with db.as_system():
        session = db.session()
        names = {row.id: row.name for row in session.execute(sa.select(Organisation.id, Organisation.name))}
        of_person = sa.select(Enrolment.id, Enrolment.scheme).where(Enrolment.person_id == person_id)
        steps = {row.id: row.scheme for row in session.execute(of_person)}
        who = session.execute(sa.select(table_of_persons()).where(Person.id == person_id)).mappings().one()
        return {
            "format": FORMAT,
            "made_on": clock.today().isoformat(),
            "person": _plain(columns_said(table_of_persons()), dict(who), names, steps),
            "tables": {
                table.name: [_row(table, row, names, steps, reader) for row in rows]
                for table, rows in _tables(person_id) if rows
            },
            "signals_explained": explained(person_id, names),
            "left_out": dict(LEFT_OUT),
        }


def tables_about_a_person() -> list[sa.Table]:
    """Every stored table with a column ``person_id``, and those that hang on one of them."""
    found = [table for table in Base.metadata.sorted_tables if "person_id" in table.c and table.name not in LEFT_OUT]
    return [*found, Base.metadata.tables[AlertAction.__tablename__]]


def table_of_persons() -> sa.Table:
    return Base.metadata.tables[Person.__tablename__]


def columns_said(table: sa.Table) -> dict[str, str]:
    """Column → key in the export. A key to an organisation is given as its name, one to a step as its scheme; others are not.

    The name of a column alone does not tell which table its number is of: its foreign key does.
    """
    said = {}
    for column in table.c:
        if column.name in WITHOUT or (column.name == "version" and table.name in COUNTERS):
            continue
        if column.name == "enrolment_id":
            said[column.name] = "step"
        elif names_an_organisation(column):
            said[column.name] = column.name.removesuffix("_id")
        elif not column.name.endswith(("_id", "_by")):
            said[column.name] = column.name
    if table.name == AlertAction.__tablename__:
        said["organisation_id"] = "organisation"  # that of its alert
    return said


def names_an_organisation(column: sa.Column[Any]) -> bool:
    return any(key.column.table.name == Organisation.__tablename__ for key in column.foreign_keys)


def _tables(person_id: int) -> Iterator[tuple[sa.Table, list[Mapping[str, Any]]]]:
    for table in tables_about_a_person():
        if "person_id" in table.c:
            query = sa.select(table).where(table.c.person_id == person_id)
        else:
            alert = Base.metadata.tables["alert"]
            query = (
                sa.select(table, alert.c.organisation_id)
                .join(alert, alert.c.id == table.c.alert_id)
                .where(alert.c.person_id == person_id)
            )
        key = list(table.primary_key.columns)
        rows = [dict(row) for row in db.session().execute(query.order_by(*key)).mappings()]
        taken_back = {row["retracts"] for row in rows if row.get("retracts") is not None}
        yield table, [row | {"taken_back": True} if row["id"] in taken_back else row for row in rows]


def _row(
    table: sa.Table, row: Mapping[str, Any], names: Mapping[int, str], steps: Mapping[int, str], reader: Reader
) -> dict[str, Any]:
    plain = _plain(columns_said(table), row, names, steps)
    own = row.get("organisation_id") == reader.organisation_id
    if row.get("taken_back"):
        plain["taken_back"] = True
    if table.name == "journal_entry":
        plain["event"] = naming.event(row["type"]) if row["type"] in EVENTS else row["type"]
        plain["payload"] = {
            name: value if own or not _is_free(row["type"], name) else f"[{NOT_OURS}]" for name, value in row["payload"].items()
        }
    elif not own:
        plain |= {name: f"[{NOT_OURS}]" for name in WRITTEN.get(table.name, ()) if plain.get(name)}
    return plain


def _is_free(event: str, name: str) -> bool:
    field = EVENTS[event].fields.get(name) if event in EVENTS else None
    return name in NOTES or (field is not None and field.kind == "text" and event != "identity_stated")


def _plain(
    columns: Mapping[str, str], row: Mapping[str, Any], names: Mapping[int, str], steps: Mapping[int, str]
) -> dict[str, Any]:
    """Without keys: organisations by name, steps by scheme, days as text. What is empty is not there."""
    said: dict[str, Any] = {}
    for column, name in columns.items():
        value = row.get(column)
        if value is None:
            continue
        if column == "enrolment_id":
            said[name] = steps.get(value, "")
        elif column.endswith("_id"):
            said[name] = names[value]
        else:
            said[name] = _text(value)
    return said


def _text(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(clock.PARIS).isoformat(timespec="minutes")
        case date():
            return value.isoformat()
        case uuid.UUID():
            return str(value)
        case Enum():
            return value.value
        case _:
            return value
