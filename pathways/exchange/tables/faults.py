"""What may be wrong with a row, by code: a sentence that says what was read and what was expected."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

CODES: Mapping[str, str] = {
    # the file's text
    "ragged_row": "the row has {cells} cells, the header {expected}; put a text that contains a comma between double quotes",
    "unreadable_row": "the row is not CSV ({fault}); expected cells separated by commas, a double quote inside a cell doubled",
    "bad_encoding": "some characters are not UTF-8; save the file as « CSV UTF-8 »",
    "control_character": "the cell holds a control character (such as NUL); remove it",
    "too_long": "the cell holds {length} characters; expected {limit} at most",
    # one cell
    "field_missing": "the cell is empty; expected {expected}",
    "invalid_reference": "« {value} » is not a public reference; expected a UUID such as 6f1c2c5e-9a51-4a51-8d0e-2f6c1d3b7a10",
    "invalid_day": "« {value} » is not a day that exists; expected a day such as 2026-02-28",
    "day_out_of_range": "« {value} » is out of range; expected a day from {first} to {last}",
    "day_to_come": "« {value} » is still to come; expected a day up to today",
    "invalid_moment": "« {value} » is not a moment; expected one such as 2026-03-02T09:15:00Z",
    "moment_without_zone": "« {value} » does not say in which time zone; expected one such as 2026-03-02T09:15:00+01:00",
    "moment_to_come": "« {value} » is still to come; nothing is known before its time",
    "unknown_code": "« {value} » is not a known code; expected {expected}",
    "invalid_form": "« {value} » does not have the expected form; expected {expected}",
    "invalid_json": "the cell is not JSON ({fault}); expected {expected}",
    "nir_refused": "the cell holds a social security number, which is never kept here; remove it",
    # details of an entry
    "unknown_detail": "the detail « {detail} » is not one of this type of event; expected {expected}",
    "detail_missing": "the detail « {detail} » is missing",
    "invalid_detail": "the detail « {detail} » does not have the expected form; expected {expected}",
    # the row
    "incomplete_end": "an end has a day and a moment at which it became known; expected both, or neither",
    "ends_before_it_starts": "the end ({value}) comes before the start; expected a later day",
    "retraction_mismatch": "an entry « retracted », and no other, says which entry it retracts",
    "duplicate_row": "the same record is already in row {first}; keep one of them",
    # between rows and files
    "unknown_reference": "« {value} » is neither in {file} nor known here; add its row",
    "depends_on_refused_row": "it depends on row {row} of {file} (« {value} »), which was refused; mend that row first",
    "not_this_person": "the step « {value} » is another person’s; expected a step of the same person",
    "retracts_later_entry": "« {value} » comes after this row; expected an entry recorded before its retraction",
    "already_retracted": "« {value} » is already retracted; expected each entry to be retracted once",
    # against what is known here
    "organisation_differs": "the organisation is known with another {fields}; that is another organisation, or a mistake",
    "identifier_taken": "another organisation has the same {fields}; use its reference « {value} »",
    "person_differs": "the person is known with another {fields}; declare the change as an entry « identity_stated »",
    "merged_into_itself": "the person is said to have turned out to be themselves; leave the cell empty",
    "external_id_taken": "the number is another person’s here; expected the person « {value} »",
    "enrolment_differs": "the step is known with another {fields}; a step keeps its person and its scheme",
    "link_differs": "the link is known with another end ({value}); an end once recorded is not changed by an import",
    "entry_differs": "the entry is known with another {fields}; entries are never edited: retract it and record another",
    "setting_differs": "the threshold is known with another value; record a new one, with its own moment",
}
"""Every code an error may have. docs/tables.md lists them all."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: in which column (none: the row as a whole), its code, and what its sentence says."""

    column: str
    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One fault of one row. Rows are numbered as a spreadsheet does: the header is row 1."""

    file: str
    row: int
    column: str
    code: str
    values: Mapping[str, Any]

    def __str__(self) -> str:
        where = f", {self.column}" if self.column else ""
        return f"{self.file} row {self.row}{where}: {self.code} -- {sentence(self.code, self.values)}"


class NotTables(Exception):
    """The folder cannot be read at all: a file or a column is missing, or a file is not CSV."""


def sentence(code: str, values: Mapping[str, Any]) -> str:
    """What is wrong, and what was expected."""
    return CODES[code].format_map(_Shown(values))


class _Shown(dict[str, Any]):
    """Values as a sentence shows them: short, on one line; a value that is not known is left out."""

    def __getitem__(self, name: str) -> str:
        text = " ".join(str(self.get(name, "…")).split())
        return f"{text[:60]}…" if name == "value" and len(text) > 60 else text  # noqa: PLR2004 -- what fits on a line


def as_markdown() -> str:
    """Every code and its sentence, as docs/tables.md lists them."""
    lines = ["| Code | What it says |", "| --- | --- |"]
    lines += [f"| `{code}` | {re.sub('{[a-z]+}', '…', text)} |" for code, text in CODES.items()]
    return "\n".join(lines)
