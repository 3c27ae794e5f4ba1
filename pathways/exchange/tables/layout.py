"""The tables and their columns, as data: what is read, what is written, and what docs/tables.md says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pathways.models import Kind, Level, LinkRole, Sex
from pathways.workflows.schemes import SCHEMES


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    ``kind``: how a cell is read (`cells.READERS`). ``refers``: the table whose reference it holds. ``computed``: written for the
    reader, never read back: the importing system computes it from the journal. ``limit``: characters.
    """

    name: str
    kind: str
    says: str
    required: bool = False
    codes: Sequence[str] = ()
    refers: str = ""
    computed: bool = False
    limit: int = 200
    example: str = ""


@dataclass(frozen=True)
class Table:
    """One file. ``key``: the columns that tell a record from every other of the table."""

    name: str
    says: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    required: bool = True

    @property
    def file(self) -> str:
        return f"{self.name}.csv"

    @cached_property
    def read(self) -> tuple[Column, ...]:
        """The columns an import keeps."""
        return tuple(column for column in self.columns if not column.computed)

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        return {column.name: column for column in self.columns}


def _reference(name: str, says: str, refers: str = "", *, required: bool = True) -> Column:
    return Column(name, "uuid", says, required, refers=refers, example="6f1c2c5e-9a51-4a51-8d0e-2f6c1d3b7a10")


def _day(name: str, says: str, *, required: bool = False, computed: bool = False) -> Column:
    return Column(name, "day", says, required, computed=computed, example="2026-03-02")


def _moment(name: str, says: str, *, required: bool = True) -> Column:
    return Column(name, "moment", says, required, example="2026-03-02T09:15:00Z")


def _code(name: str, says: str, codes: Sequence[str], *, required: bool = False) -> Column:
    return Column(name, "code", says, required, codes=tuple(codes), example=codes[0])


def _text(name: str, says: str, example: str, *, required: bool = False, kind: str = "text", limit: int = 200) -> Column:
    return Column(name, kind, says, required, example=example, limit=limit)


_ORGANISATIONS = Table("organisations", "Bodies that accompany, train, employ or fund.", ("organisation",), (
    _reference("organisation", "public reference of the organisation"),
    _code("kind", "what it is", [kind.value for kind in Kind], required=True),
    _text("name", "name", "Mission locale de l’Estuaire", required=True),
    _text("siret", "14 digits", "13002526500013", kind="siret"),
    _text("uai", "number of a school: 7 digits and a letter", "0440001M", kind="uai"),
    _text("code", "the field’s own code, unique", "44109S00"),
    _text("commune", "INSEE code of the commune, never a postcode", "44109", kind="commune"),
    _text("phone", "telephone", "+33240000000", limit=40),
    _text("email", "address", "accueil@example.org"),
    Column("has_account", "flag", "its people sign in; read for a new organisation only", example="1"),
))
_PERSONS = Table("persons", "Persons accompanied, as last stated.", ("person",), (
    _reference("person", "public reference of the person"),
    _text("family_name", "family name", "Le Goff", required=True),
    _text("given_name", "given name", "Anaëlle", required=True),
    _day("birth_date", "day of birth, 1900 at the earliest"),
    _code("sex", "as civil status has it, X where another State’s papers do", [sex.value for sex in Sex]),
    _text("commune", "INSEE code of the commune of residence, never a postcode", "44109", kind="commune"),
    _text("phone", "telephone", "+33639980123", limit=40),
    _text("email", "address", "anaelle@example.org"),
    _code("level", "highest certified level, national framework of 2019", [level.value for level in Level]),
    _day("rqth_until", "last day of validity of the recognition as a disabled worker"),
    _reference("merged_into", "the person this one turned out to be", "persons", required=False),
))
_EXTERNAL_IDS = Table("external_ids", "Numbers other systems know persons by. Never the social security number.",
    ("system", "value"), (
        _reference("person", "whose number it is", "persons"),
        _text("system", "the other system", "france_travail", required=True, limit=80),
        _text("value", "the number; unique in its system", "90000000017", required=True, kind="number", limit=80),
    ), required=False)
_ENROLMENTS = Table("enrolments", "Steps: a person in a scheme.", ("enrolment",), (
    _reference("enrolment", "public reference of the step"),
    _reference("person", "who", "persons"),
    _code("scheme", "code of the scheme (docs/workflows.md)", sorted(SCHEMES), required=True),
    _day("rules_on", "day of the act: the rules in force on it apply to the whole step", required=True),
    _text("rules_version", "first day of that version of the rules; the one in force on ``rules_on`` when empty", "2022-03-01",
          limit=40),
    _reference("lead_organisation", "who leads the step until the journal says otherwise", "organisations"),
    _reference("prescriber", "who prescribed it, until the journal says", "organisations", required=False),
    _reference("operator", "who runs it, until the journal says", "organisations", required=False),
    _day("opened_on", "first day, until the journal says; ``rules_on`` when empty"),
    _day("state_since", "day of the present state, until the journal says; ``opened_on`` when empty"),
    _day("planned_start", "planned first day, until the journal says"),
    _day("planned_end", "planned last day, until the journal says"),
    Column("state", "text", "state", computed=True, example="active"),
    _day("cap_on", "last day the law allows", computed=True),
    _day("closed_on", "day the step ended", computed=True),
    Column("outcome", "text", "exit code", computed=True, example="emploi_cdi"),
))
_LINKS = Table("links", "Who accompanies whom: an organisation without a link sees nothing of a person.",
    ("person", "enrolment", "organisation", "role", "started_on", "recorded_at"), (
        _reference("person", "who is accompanied", "persons"),
        _reference("enrolment", "in which step; empty for the person as a whole", "enrolments", required=False),
        _reference("organisation", "who accompanies", "organisations"),
        _code("role", "what the organisation is to the person", [role.value for role in LinkRole], required=True),
        _day("started_on", "first day", required=True),
        _day("ended_on", "last day; empty while it lasts"),
        _moment("recorded_at", "when the link became known"),
        _moment("ended_recorded_at", "when its end became known; given if and only if ``ended_on`` is", required=False),
    ))
_ENTRIES = Table("entries", "The journal: every dated fact, in the order it was recorded for each person.", ("person", "entry"), (
    _text("entry", "reference of the entry, unique among those of the person", "3f2a9c1b-7d4e8a60-55aa01c3", required=True,
          kind="reference", limit=80),
    _reference("person", "whom it is about", "persons"),
    _reference("enrolment", "in which step; empty for a fact about the person", "enrolments", required=False),
    Column("type", "event", "type of event (docs/workflows.md)", True, example="contact", limit=80),
    _day("occurred_on", "day it happened, in Paris", required=True),
    _moment("recorded_at", "when it became known: signals are those of an evening that knew it"),
    _reference("organisation", "who declared it", "organisations"),
    _text("retracts", "the earlier entry of the person that a ``retracted`` one takes back", "3f2a9c1b-7d4e8a60-55aa01c3",
          kind="reference", limit=80),
    Column("details", "details", "JSON object: the details of that type of event; ``{}`` when empty", limit=65_536,
           example='{"channel": "phone"}'),
))
_SETTINGS = Table("settings", "Dated thresholds, of everybody, of an organisation or of a scheme.",
    ("name", "organisation", "scheme", "valid_from", "recorded_at"), (
        _text("name", "name of the threshold (docs/signals.md)", "contact_silence.days", required=True, limit=80),
        _code("scheme", "for one scheme; empty: for all", sorted(SCHEMES)),
        _reference("organisation", "for one organisation; empty: for all", "organisations", required=False),
        Column("value", "json", "JSON: a number, true or false, a list; null takes the choice back", True, limit=2_000,
               example="30"),
        _day("valid_from", "first day it holds", required=True),
        _moment("recorded_at", "when it became known"),
    ), required=False)

TABLES: Mapping[str, Table] = {
    table.name: table for table in (_ORGANISATIONS, _PERSONS, _EXTERNAL_IDS, _ENROLMENTS, _LINKS, _ENTRIES, _SETTINGS)
}
"""Every table, in the order in which files are read: what is referred to comes first."""

KINDS: Mapping[str, str] = {
    "uuid": "UUID",
    "text": "text",
    "reference": "text without spaces",
    "number": "text",
    "siret": "14 digits",
    "uai": "7 digits, 1 letter",
    "commune": "5 characters",
    "day": "day, `YYYY-MM-DD`",
    "moment": "moment with its time zone, ISO 8601",
    "code": "code",
    "event": "code",
    "flag": "0 or 1",
    "json": "JSON",
    "details": "JSON object",
}
"""What docs/tables.md calls each kind of cell."""


def as_markdown() -> str:
    """The columns of every table, as docs/tables.md shows them."""
    parts = []
    for table in TABLES.values():
        need = "" if table.required else " (optional file)"
        key = ", ".join(f"`{name}`" for name in table.key)
        parts.append(f"### {table.file}{need}\n\n{table.says} Told apart by {key}.\n")
        parts.append("| Column | Type | Required | Meaning | Example |\n| --- | --- | --- | --- | --- |")
        parts += [_line(column) for column in table.columns]
        parts.append("")
    return "\n".join(parts).replace("``", "`")


def _line(column: Column) -> str:
    codes = ""
    if column.codes:
        codes = f"; one of {', '.join(f'`{code}`' for code in column.codes)}"
    refers = f"; refers to {column.refers}.csv" if column.refers else ""
    need = "never read" if column.computed else "yes" if column.required else "no"
    return f"| `{column.name}` | {KINDS[column.kind]} | {need} | {column.says}{refers}{codes} | `{column.example}` |"
