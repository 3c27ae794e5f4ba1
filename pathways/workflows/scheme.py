"""A scheme: its page's workflow, its dated rules, and what the other schemes need to know of it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from pathways.errors import Reason
from pathways.workflows.actors import Kind
from pathways.workflows.definition import Workflow
from pathways.workflows.predicates import Predicate
from pathways.workflows.states import State

if TYPE_CHECKING:
    from pathways.workflows.fold import Pathway, Step

Cap = Callable[["Step", "Pathway"], date | None]
Limit = Callable[["Pathway", date, Mapping[str, Any]], Iterable[Reason]]
"""What the dates, hours or host typed with the act must respect; says nothing of what is not typed."""


@dataclass(frozen=True, slots=True)
class Family:
    """What schemes of one kind have in common.

    ``active``: states in which the person is in the step; ``confirmed``: states in which a start is agreed. ``structuring``:
    such a step is a situation of its own (training, contract, immersion…), an accompaniment alone is not. ``at_death``: where
    the death of the person leaves an open step.
    """

    code: str
    label: str
    active: frozenset[State]
    confirmed: frozenset[State] = frozenset()
    structuring: bool = True
    at_death: State = State.CLOSED


@dataclass(frozen=True, slots=True)
class Prolongation:
    """One way to carry a step beyond its cap.

    ``months``: most months granted at once; ``longest_months``: what the whole may not pass, from the start; ``times``: how
    often. None when nothing bounds it. ``entry``: whom it is for. ``source``: the text.
    """

    code: str
    label: str
    source: str
    months: int | None = None
    longest_months: int | None = None
    times: int | None = None
    entry: tuple[Predicate, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """The rules of a scheme between two days (both included); the version of the day of the act applies.

    ``entry``: what must hold to enter; ``stays``: what must go on holding. ``cap_months``: longest duration. ``sign_within``:
    event from which one month runs to sign, None when nothing runs. ``duties``: what is owed when, in one sentence each,
    as the page says it. ``limits``: what the details of the act must respect. ``source``: the text.
    """

    valid_from: date
    source: str
    valid_to: date | None = None
    entry: tuple[Predicate, ...] = ()
    stays: tuple[Predicate, ...] = ()
    cap_months: int | None = None
    sign_within: str | None = None
    prolongations: tuple[Prolongation, ...] = ()
    duties: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @property
    def longest_months(self) -> int | None:
        """What no prolongation may pass, None when nothing bounds them."""
        bounds = [each.longest_months for each in self.prolongations]
        return max((each for each in bounds if each is not None), default=None) if bounds and None not in bounds else None


@dataclass(frozen=True, slots=True)
class Scheme:
    """One scheme of the region: its page.

    ``code`` is the one of the field (PACEA, CSP…), ``label`` what is shown, ``purpose`` what it is in one sentence. ``led_by``:
    kinds of organisation answerable for the step. ``lead_rank``: place among accompaniments when several are open (smaller
    leads; None: never leads). ``age_limit``: the birthday that bounds it, ``age_limit_rqth`` for a recognised disabled worker.
    ``cap``: the last day allowed. ``successor``: what replaces it once closed to entries. ``held_as``: the row and column it
    follows in the table of schemes held together (its own code when not given). ``intensive``: whoever is in it is
    not without a solution. ``phase_of``: the scheme it is a phase of, which it may carry beyond its own cap. ``thresholds``:
    its own values of the settings of signals, by name.
    """

    code: str
    label: str
    purpose: str
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
    held_as: str = ""
    intensive: bool = False
    phase_of: str | None = None
    thresholds: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "held_as", self.held_as or self.code)

    def version(self, day: date) -> Version | None:
        """The rules in force on ``day``, None when the scheme does not exist then."""
        return next((version for version in reversed(self.versions) if version.in_force(day)), None)
