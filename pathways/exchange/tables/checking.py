"""The staged rows against each other and against what is known here: references, duplicates, what changed.

Each check is one statement that gives the rows it refuses; a row refused takes with it the rows that depend on it.
"""

# ruff: noqa: S608 -- SQL is put together from the layout: names of our own tables and columns, never a value of a file

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pathways.exchange.tables.layout import TABLES, Column, Table
from pathways.exchange.tables.selecting import reference_of

STORED = {"organisations": "organisation", "persons": "person", "enrolments": "enrolment"}
"""File that is referred to → the table that keeps its records under a public id."""

_REFERENCE = reference_of("e", "p")


def check(session: Session) -> None:
    """Refuses what does not fit, and says of every other row whether it is new, changed or already there."""
    session.execute(sa.text("set local statement_timeout = 0"))
    _know_entries(session)
    for table in TABLES.values():
        _refuse(session, table.name, "", "duplicate_row", _duplicates(table))
        for column in table.read:
            if column.refers:
                _references(session, table, column)
        _BY_TABLE[table.name](session)


def _know_entries(session: Session) -> None:
    """What the journal holds of the persons of the file, by reference."""
    session.execute(
        sa.text(f"""
            create temporary table known_entry on commit preserve rows as
            select p.public_id as person, {_REFERENCE} as entry, e.id
            from (select distinct person from staged_entries) as s
            join person as p on p.public_id = s.person join journal_entry as e on e.person_id = p.id
        """)
    )
    session.execute(sa.text("create index on known_entry (person, entry)"))
    session.execute(sa.text("analyze known_entry"))


def _refuse(session: Session, table: str, field: str, code: str, bad: str) -> int:
    """Refuses the rows that ``bad`` selects (row, said); returns how many."""
    refused = session.execute(
        sa.text(
            "insert into refusal (file, row, field, code, said) "
            f"select cast(:file as text), row, cast(:field as text), cast(:code as text), said from ({bad}) as bad"
        ),
        {"file": table, "field": field, "code": code},
    )
    count = int(getattr(refused, "rowcount", 0))
    if count:
        session.execute(
            sa.text(
                f"update staged_{table} as s set status = 'refused' from refusal as r "
                "where r.file = :file and r.row = s.row and s.status <> 'refused'"
            ),
            {"file": table},
        )
    return count


def _duplicates(table: Table) -> str:
    key = ", ".join(table.key)
    given = " and ".join(f"{name} is not null" for name in table.key if table.by_name[name].required) or "true"
    return (
        "select row, jsonb_build_object('first', first) as said from "
        f"(select row, status, min(row) over (partition by {key}) as first from staged_{table.name} where {given}) as s "
        "where row > first and status <> 'refused'"
    )


def _references(session: Session, table: Table, column: Column) -> None:
    target = TABLES[column.refers]
    name, key, stored = column.name, target.key[0], STORED[target.name]
    _refuse(session, table.name, name, "unknown_reference", f"""
        select row, jsonb_build_object('value', {name}, 'file', '{target.file}') as said from staged_{table.name} as s
        where status <> 'refused' and {name} is not null
            and not exists (select from staged_{target.name} as t where t.{key} = s.{name})
            and not exists (select from {stored} as known where known.public_id = s.{name})
    """)
    _refuse(session, table.name, name, "depends_on_refused_row", f"""
        select s.row, jsonb_build_object('value', {name}, 'file', '{target.file}', 'row', bad.row) as said
        from staged_{table.name} as s join (
            select {key} as reference, min(row) as row from staged_{target.name}
            group by {key} having bool_and(status = 'refused')
        ) as bad on bad.reference = s.{name}
        where s.status <> 'refused'
    """)


def _differing(pairs: Mapping[str, str], known: str = "known") -> str:
    """SQL: the names of the columns that the file gives otherwise than ``known`` has them; empty cells say nothing."""
    cases = ", ".join(
        f"case when s.{name} is not null and s.{name} is distinct from {known}.{column} then '{name}' end"
        for name, column in pairs.items()
    )
    return f"nullif(concat_ws(', ', {cases}), '')"


def _settle_status(session: Session, table: str, status: str, which: str) -> None:
    """Says of the rows that ``which`` selects that they are ``unchanged`` or ``updated``."""
    session.execute(
        sa.text(
            f"update staged_{table} as s set status = :status from ({which}) as seen "
            "where seen.row = s.row and s.status = 'new'"
        ),
        {"status": status},
    )


def _same(names: Iterable[str]) -> Mapping[str, str]:
    return {name: name for name in names}


# --- each table --------------------------------------------------------------------------------------------------------------

_SAME_IDENTIFIERS = """
    (other.siret is not distinct from s.siret and other.uai is not distinct from s.uai and other.kind = s.kind
        and (s.siret is not null or s.uai is not null))
"""


def _cases(*names: str) -> str:
    """SQL: the names of the columns that the file and ``known`` both give, differently."""
    return ", ".join(f"case when s.{name} <> known.{name} then '{name}' end" for name in names)


def _organisations(session: Session) -> None:
    identity = f"""
        select s.row, jsonb_build_object('fields', differing) as said from (
            select s.row, concat_ws(', ', case when s.kind <> known.kind then 'kind' end,
                {_cases("siret", "uai", "code")}) as differing
            from staged_organisations as s join organisation as known on known.public_id = s.organisation
            where s.status <> 'refused'
        ) as s where differing <> ''
    """
    _refuse(session, "organisations", "", "organisation_differs", identity)
    # An empty cell takes nothing away: what is known counts as given.
    session.execute(
        sa.text(
            "update staged_organisations as s set siret = coalesce(s.siret, known.siret), uai = coalesce(s.uai, known.uai), "
            "code = coalesce(s.code, known.code) from organisation as known where known.public_id = s.organisation"
        )
    )
    for fields, same in (
        ("code", "other.code = s.code"),
        ("siret, uai and kind", _SAME_IDENTIFIERS),
    ):
        for others, reference, before in (
            ("organisation", "public_id", "true"),
            ("staged_organisations", "organisation", "other.row < s.row and other.status <> 'refused'"),
        ):
            _refuse(session, "organisations", "", "identifier_taken", f"""
                select distinct on (s.row) s.row, jsonb_build_object('fields', '{fields}', 'value', other.{reference}) as said
                from staged_organisations as s
                join {others} as other on {same} and other.{reference} <> s.organisation and {before}
                where s.status <> 'refused'
            """)
    changed = _differing(_same(("name", "siret", "uai", "code", "commune", "phone", "email")))
    _known(session, "organisations", "organisation", changed)


def _known(session: Session, table: str, stored: str, changed: str) -> None:
    """Rows whose record is known: unchanged, or updated where ``changed`` (SQL) is not null."""
    key = TABLES[table].key[0]
    for status, condition in (("unchanged", "is null"), ("updated", "is not null")):
        _settle_status(session, table, status, f"""
            select s.row from staged_{table} as s join {stored} as known on known.public_id = s.{key}
            where s.status = 'new' and {changed} {condition}
        """)


_IDENTITY = {
    "family_name": "family_name", "given_name": "given_name", "birth_date": "born", "sex": "sex", "commune": "commune",
    "level": "level", "rqth_until": "rqth_until",
}
"""Column of a person → the detail of ``identity_stated`` that declares it."""


def _persons(session: Session) -> None:
    _refuse(session, "persons", "merged_into", "merged_into_itself", """
        select row, '{}'::jsonb as said from staged_persons where merged_into = person and status <> 'refused'
    """)
    cases = ", ".join(
        f"case when s.{name} is distinct from known.{name} and s.{name} is not null and not coalesce(said.details ->> '{detail}' "
        f"= s.{name}::text, false) then '{name}' end"
        for name, detail in _IDENTITY.items()
    )
    # A change counts as declared when the file brings the entry that declares it.
    _refuse(session, "persons", "", "person_differs", f"""
        select row, jsonb_build_object('fields', differing) as said from (
            select s.row, concat_ws(', ', {cases}, case when s.merged_into <> other.public_id then 'merged_into' end) as differing
            from staged_persons as s join person as known on known.public_id = s.person
            left join person as other on other.id = known.merged_into
            left join lateral (
                select e.details from staged_entries as e
                where e.person = s.person and e.type = 'identity_stated' and e.status <> 'refused'
                    and not exists (select from known_entry as k where (k.person, k.entry) = (e.person, e.entry))
                order by e.recorded_at desc, e.row desc limit 1
            ) as said on true
            where s.status <> 'refused'
        ) as s where differing <> ''
    """)
    names = _differing(_same((*_IDENTITY, "phone", "email")))
    merged = "case when s.merged_into is not null and known.merged_into is null then 'merged_into' end"
    _known(session, "persons", "person", f"coalesce({names}, {merged})")


def _external_ids(session: Session) -> None:
    _refuse(session, "external_ids", "value", "external_id_taken", """
        select s.row, jsonb_build_object('value', p.public_id) as said from staged_external_ids as s
        join external_id as known using (system, value) join person as p on p.id = known.person_id
        where s.status <> 'refused' and p.public_id <> s.person
    """)
    _settle_status(session, "external_ids", "unchanged", """
        select s.row from staged_external_ids as s join external_id as known using (system, value) where s.status = 'new'
    """)


def _enrolments(session: Session) -> None:
    _refuse(session, "enrolments", "", "enrolment_differs", """
        select row, jsonb_build_object('fields', differing) as said from (
            select s.row, concat_ws(', ', case when p.public_id <> s.person then 'person' end,
                case when known.scheme <> s.scheme then 'scheme' end, case when known.rules_on <> s.rules_on then 'rules_on' end)
                as differing
            from staged_enrolments as s join enrolment as known on known.public_id = s.enrolment
            join person as p on p.id = known.person_id where s.status <> 'refused'
        ) as s where differing <> ''
    """)
    _settle_status(session, "enrolments", "unchanged", """
        select s.row from staged_enrolments as s join enrolment as known on known.public_id = s.enrolment
        where s.status = 'new'
    """)


def _of_the_same_person(session: Session, table: str) -> None:
    _refuse(session, table, "enrolment", "not_this_person", f"""
        select s.row, jsonb_build_object('value', s.enrolment) as said from staged_{table} as s
        left join staged_enrolments as t on t.enrolment = s.enrolment and t.status <> 'refused'
        left join enrolment as known on known.public_id = s.enrolment left join person as p on p.id = known.person_id
        where s.status <> 'refused' and s.enrolment is not null and coalesce(t.person, p.public_id) is distinct from s.person
    """)


def _links(session: Session) -> None:
    _of_the_same_person(session, "links")
    known = """
        staged_links as s join person as p on p.public_id = s.person join organisation as o on o.public_id = s.organisation
        left join enrolment as step on step.public_id = s.enrolment
        join link as known on known.person_id = p.id and known.organisation_id = o.id
            and known.enrolment_id is not distinct from step.id and (s.enrolment is null or step.id is not null)
            and known.role = s.role and known.started_on = s.started_on and known.recorded_at = s.recorded_at
    """
    _settle_status(session, "links", "unchanged", f"""
        select s.row from {known} where s.status = 'new' and (s.ended_on is null
            or (known.ended_on, known.ended_recorded_at) = (s.ended_on, s.ended_recorded_at))
    """)
    _settle_status(session, "links", "updated", f"select s.row from {known} where s.status = 'new' and known.ended_on is null")
    _refuse(session, "links", "ended_on", "link_differs", f"""
        select distinct on (s.row) s.row, jsonb_build_object('value', known.ended_on) as said from {known} where s.status = 'new'
    """)


def _entries(session: Session) -> None:
    _of_the_same_person(session, "entries")
    _mentioned(session)
    _retractions(session)
    session.execute(sa.text("create index on mention (row)"))
    known = f"""
        staged_entries as s join known_entry as k using (person, entry) join journal_entry as e on e.id = k.id
        join person as p on p.id = e.person_id join organisation as o on o.id = e.organisation_id
        left join enrolment as step on step.id = e.enrolment_id
        left join known_entry as wrong on wrong.id = e.retracts
        left join lateral ({RESOLVED.format(row="s.row", person="s.person", fresh="")}) as mentioned on true
    """
    differing = """concat_ws(', ', case when e.type <> s.type then 'type' end,
        case when e.occurred_on <> s.occurred_on then 'occurred_on' end,
        case when e.recorded_at <> s.recorded_at then 'recorded_at' end,
        case when o.public_id <> s.organisation then 'organisation' end,
        case when step.public_id is distinct from s.enrolment then 'enrolment' end,
        case when wrong.entry is distinct from s.retracts then 'retracts' end,
        case when e.payload <> s.details || coalesce(mentioned.ids, '{}') then 'details' end)"""
    _refuse(session, "entries", "", "entry_differs", f"""
        select row, jsonb_build_object('fields', differing) as said from (
            select s.row, {differing} as differing from {known} where s.status <> 'refused'
        ) as s where differing <> ''
    """)
    _settle_status(session, "entries", "unchanged", """
        select s.row from staged_entries as s join known_entry as k using (person, entry) where s.status = 'new'
    """)
    while _refuse(session, "entries", "retracts", "depends_on_refused_row", _RETRACTS_REFUSED):
        pass


RESOLVED = """
    select jsonb_object_agg(m.field, coalesce({fresh} org.id, old.id)) as ids from mention as m
    left join organisation as org on m.kind = 'organisation' and org.public_id::text = m.value
    left join known_entry as old on m.kind = 'entry' and (old.person, old.entry) = ({person}, m.value)
    where m.row = {row}
"""
"""SQL: the details of an entry that refer to something, with their ids here. ``fresh``: what is asked before the journal."""

_RETRACTS_REFUSED = """
    select s.row, jsonb_build_object('value', s.retracts, 'file', 'entries.csv', 'row', bad.row) as said
    from staged_entries as s join staged_entries as bad on (bad.person, bad.entry) = (s.person, s.retracts)
    where s.status <> 'refused' and bad.status = 'refused'
        and not exists (select from known_entry as k where (k.person, k.entry) = (bad.person, bad.entry))
"""


def _mentioned(session: Session) -> None:
    """What details refer to is somewhere, and not refused."""
    of_organisations = """
        select s.row, jsonb_build_object('value', m.value, 'file', 'organisations.csv'{more}) as said
        from mention as m join staged_entries as s on s.row = m.row and s.status <> 'refused' {joined}
        where m.kind = 'organisation' and {condition}
    """
    _refuse(session, "entries", "details", "unknown_reference", of_organisations.format(more="", joined="", condition="""
        not exists (select from staged_organisations as t where t.organisation::text = m.value)
        and not exists (select from organisation as known where known.public_id::text = m.value)
    """))
    _refuse(session, "entries", "details", "depends_on_refused_row", of_organisations.format(
        more=", 'row', t.row", joined="join staged_organisations as t on t.organisation::text = m.value",
        condition="t.status = 'refused'",
    ))
    _refuse(session, "entries", "details", "unknown_reference", """
        select s.row, jsonb_build_object('value', m.value, 'file', 'entries.csv') as said
        from mention as m join staged_entries as s on s.row = m.row and s.status <> 'refused'
        where m.kind = 'entry'
            and not exists (
                select from staged_entries as t where (t.person, t.entry) = (s.person, m.value) and t.status <> 'refused')
            and not exists (select from known_entry as k where (k.person, k.entry) = (s.person, m.value))
    """)


def _retractions(session: Session) -> None:
    of_the_file = "staged_entries as t where (t.person, t.entry) = (s.person, s.retracts)"
    in_the_journal = "known_entry as k where (k.person, k.entry) = (s.person, s.retracts)"
    _refuse(session, "entries", "retracts", "unknown_reference", f"""
        select row, jsonb_build_object('value', retracts, 'file', 'entries.csv') as said from staged_entries as s
        where status <> 'refused' and retracts is not null
            and not exists (select from {of_the_file}) and not exists (select from {in_the_journal})
    """)
    # Whatever comes first cannot retract what comes later: retractions never run in a circle.
    _refuse(session, "entries", "retracts", "retracts_later_entry", f"""
        select row, jsonb_build_object('value', retracts) as said from staged_entries as s
        where status <> 'refused' and retracts is not null and not exists (select from {in_the_journal})
            and exists (select from {of_the_file} and (t.row >= s.row or t.recorded_at > s.recorded_at))
    """)
    _refuse(session, "entries", "retracts", "already_retracted", """
        select row, jsonb_build_object('value', retracts) as said from (
            select s.row, s.retracts, min(s.row) over (partition by s.person, s.retracts) as first, e.id as by, own.id as own
            from staged_entries as s
            left join known_entry as k on (k.person, k.entry) = (s.person, s.retracts)
            left join known_entry as own on (own.person, own.entry) = (s.person, s.entry)
            left join journal_entry as e on e.retracts = k.id
            where s.retracts is not null and s.status <> 'refused'
        ) as s where (row > first or (by is not null and by is distinct from own))
    """)


def _settings(session: Session) -> None:
    known = """
        staged_settings as s left join organisation as o on o.public_id = s.organisation
        join setting as known on known.name = s.name and known.scheme is not distinct from s.scheme
            and known.organisation_id is not distinct from o.id and (s.organisation is null or o.id is not null)
            and known.valid_from = s.valid_from and known.recorded_at = s.recorded_at
    """
    _refuse(session, "settings", "value", "setting_differs", f"""
        select s.row, '{{}}'::jsonb as said from {known} where s.status <> 'refused' and known.value <> s.value
    """)
    _settle_status(session, "settings", "unchanged", f"select s.row from {known} where s.status = 'new'")


_BY_TABLE = {
    "organisations": _organisations,
    "persons": _persons,
    "external_ids": _external_ids,
    "enrolments": _enrolments,
    "links": _links,
    "entries": _entries,
    "settings": _settings,
}
