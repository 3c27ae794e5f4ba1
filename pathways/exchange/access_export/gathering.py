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

FORMAT = "pathways-access-1"
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
    "merged_into", "rules_version", "token_hash", "device_hash", "user_id", "user_asked_id", "request_id", "retracts",
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
        who = session.execute(sa.select(Person.__table__).where(Person.id == person_id)).mappings().one()
        return {
            "format": FORMAT,
            "made_on": clock.today().isoformat(),
            "person": _plain(dict(who), names, steps),
            "tables": {
                name: [_row(name, row, names, steps, reader) for row in rows] for name, rows in _tables(person_id) if rows
            },
            "signals_explained": explained(person_id, names),
            "left_out": dict(LEFT_OUT),
        }


def tables_about_a_person() -> list[sa.Table]:
    """Every stored table with a column ``person_id``, and those that hang on one of them."""
    found = [table for table in Base.metadata.sorted_tables if "person_id" in table.c and table.name not in LEFT_OUT]
    return [*found, Base.metadata.tables[AlertAction.__tablename__]]


def _tables(person_id: int) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
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
        yield table.name, [row | {"taken_back": True} if row["id"] in taken_back else row for row in rows]


def _row(
    table: str, row: Mapping[str, Any], names: Mapping[int, str], steps: Mapping[int, str], reader: Reader
) -> dict[str, Any]:
    plain, own = _plain(row, names, steps), row.get("organisation_id") == reader.organisation_id
    if table in COUNTERS:
        plain.pop("version", None)
    if table == "journal_entry":
        plain["event"] = naming.event(row["type"]) if row["type"] in EVENTS else row["type"]
        plain["payload"] = {
            name: value if own or not _is_free(row["type"], name) else f"[{NOT_OURS}]" for name, value in row["payload"].items()
        }
    elif not own:
        plain |= {name: f"[{NOT_OURS}]" for name in WRITTEN.get(table, ()) if plain.get(name)}
    return plain


def _is_free(event: str, name: str) -> bool:
    field = EVENTS[event].fields.get(name) if event in EVENTS else None
    return name in NOTES or (field is not None and field.kind == "text" and event != "identity_stated")


def _plain(row: Mapping[str, Any], names: Mapping[int, str], steps: Mapping[int, str]) -> dict[str, Any]:
    """Without keys: organisations by name, steps by scheme, days as text."""
    said: dict[str, Any] = {}
    for name, value in row.items():
        if name in WITHOUT or value is None:
            continue
        if name == "enrolment_id":
            said["step"] = steps.get(value, "")
        elif name.endswith(("_id", "_by")):
            if value in names and name.endswith("_id") and not name.startswith("user"):
                said[name.removesuffix("_id")] = names[value]
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
