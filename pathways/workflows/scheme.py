"""A scheme: its page's workflow, its dated rules, and what the other schemes need to know of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from pathways.errors import Reason
from pathways.workflows.actors import Kind
from pathways.workflows.definition import Workflow
from pathways.workflows.states import State

if TYPE_CHECKING:
    from pathways.workflows.fold import Pathway, Step

Cap = Callable[["Step", "Pathway"], date | None]


@dataclass(frozen=True, slots=True)
class Family:
    """What schemes of one kind have in common.

    ``active``: states in which the person is in the step; ``confirmed``: states in which a start is agreed. ``structuring``:
    such a step is a situation of its own (training, contract, immersion…), an accompaniment alone is not.
    """

    code: str
    label: str
    active: frozenset[State]
    confirmed: frozenset[State] = frozenset()
    structuring: bool = True


@dataclass(frozen=True, slots=True)
class Version:
    """The rules of a scheme between two days (both included); the version of the day of the act applies.

    ``cap_months``: longest duration. ``sign_within``: event from which one month runs to sign, None when nothing runs.
    ``max_age`` is the first age refused, ``max_age_rqth`` the one for a recognised disabled worker. ``contract_months``: the
    shortest promised contract, by kind. ``longest_months``: what no prolongation may pass, None when nothing bounds
    it. ``source``: the text.
    """

    valid_from: date
    source: str
    valid_to: date | None = None
    cap_months: int | None = None
    sign_within: str | None = None
    min_age: int | None = None
    max_age: int | None = None
    needs_registration: bool = False
    max_age_rqth: int | None = None
    longest_months: int | None = None
    contract_months: Mapping[str, int] = field(default_factory=dict)

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Scheme:
    """One scheme of the region. ``code`` is the one of the field (PACEA, CSP…), ``label`` what is shown.

    ``led_by``: kinds of organisation answerable for the step. ``lead_rank``: place among accompaniments when several are open
    (smaller leads; None: never leads). ``age_limit``: the birthday that bounds it, ``age_limit_rqth`` for a recognised disabled
    worker. ``cap``: the last day allowed.
    ``successor``: what replaces it once closed to entries.
    """

    code: str
    label: str
    family: Family
    workflow: Workflow
    versions: tuple[Version, ...]
    led_by: frozenset[Kind]
    sources: str
    lead_rank: int | None = None
    age_limit: int | None = None
    age_limit_rqth: int | None = None
    cap: Cap | None = None
    successor: str | None = None

    def version(self, day: date) -> Version | None:
        """The rules in force on ``day``, None when the scheme does not exist then."""
        return next((version for version in reversed(self.versions) if version.in_force(day)), None)

    def refusal_to_open(self, day: date, details: Mapping[str, Any] | None = None) -> Reason | None:
        """Why nobody may enter this scheme on ``day``, with these details of the prescription, or None."""
        version = self.version(day)
        if version is not None:
            return _too_short(version, (details or {}).get("after_contract") or {})
        if day < self.versions[0].valid_from:
            return Reason("scheme_not_open", {"scheme": self.code, "opens": self.versions[0].valid_from})
        closed = max(version.valid_to for version in self.versions if version.valid_to)
        return Reason("scheme_closed", {"scheme": self.code, "closed": closed, "propose": self.successor})


def _too_short(version: Version, promised: Mapping[str, Any]) -> Reason | None:
    """The promised contract is known to be shorter than the rules of the day ask."""
    least, months = version.contract_months.get(str(promised.get("kind"))), promised.get("months")
    if least is None or months is None or months >= least:
        return None
    return Reason("contract_too_short", {"months": months, "least": least})
