"""What may be wrong with a row: our stable codes, and the French or English messages that senders already know."""

from __future__ import annotations

from dataclasses import dataclass

from marshmallow import ValidationError

ERRORS = (
    "missing", "not_text", "too_short", "date_invalid", "school_year_invalid", "uai_invalid", "siret_invalid",
    "status_invalid", "email_invalid", "phone_format", "phone_invalid", "phone_special", "postal_code_invalid",
    "insee_code_invalid", "sex_invalid", "not_boolean", "situation_invalid", "last_school_invalid", "centre_type_invalid",
    "number_invalid", "rncp_invalid", "cfd_invalid", "clearing_invalid", "not_an_object", "contract_without_start",
    "ends_before_start", "nir_as_identifier", "trainer_unknown", "not_your_centre",
)
"""Codes of errors: the row is refused. A closed list; a code never changes its meaning."""

WARNINGS = (
    "value_ignored", "unknown_property", "characters_removed", "nir_not_kept", "date_unlikely", "identifier_empty",
    "identifier_reused", "duplicate_row", "duplicate_contract", "contract_kept", "clearing_unknown", "clearing_required",
    "clearing_and_value", "responsible_unknown", "year_continued",
)
"""Codes of warnings: the row is taken, this is what to know about it."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One error of a row: a stable code, the message of the wire contract, and the properties concerned."""

    code: str
    message: str
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Warn:
    """Something taken otherwise than it was sent."""

    code: str
    field: str = ""


class Wrong(ValidationError):
    """A value refused, with its code. marshmallow carries the pair to the row's list of issues."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__({"code": code, "message": message})


@dataclass(frozen=True, slots=True)
class Ignored:
    """In place of a value that is dropped without refusing the row."""

    code: str = "value_ignored"


TEXT_EXPECTED = "String attendu"
REQUIRED = "Champ obligatoire"
