"""What the application refuses, without a word of French: codes and values, worded for the reader at the edge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True)
class Reason:
    """One reason of a refusal: a stable code and the values its sentence needs."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", MappingProxyType(dict(self.values)))

    def __hash__(self) -> int:
        """The code alone: values may hold lists, and equal reasons have equal codes."""
        return hash(self.code)

    def __reduce__(self) -> tuple[type[Reason], tuple[str, dict[str, Any]]]:
        """A mapping proxy does not pickle; the values do."""
        return type(self), (self.code, dict(self.values))

    def __str__(self) -> str:
        if not self.values:
            return self.code
        return f"{self.code} ({', '.join(f'{name}={value}' for name, value in self.values.items())})"


class Refused(Exception):
    """An operation that rules forbid, with every reason at once."""

    def __init__(self, *reasons: Reason | str) -> None:
        if not reasons:
            raise ValueError("a refusal names at least one reason")
        self.reasons = tuple(Reason(reason) if isinstance(reason, str) else reason for reason in reasons)
        super().__init__(*self.reasons)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the reasons, in order."""
        return tuple(reason.code for reason in self.reasons)

    def __str__(self) -> str:
        return "; ".join(str(reason) for reason in self.reasons)


class NotVisible(LookupError):
    """There is no such record, or it is outside the reader's mission; the two are not told apart (404)."""


class Stale(Exception):
    """Somebody else changed the record since it was read (409)."""
