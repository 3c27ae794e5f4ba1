"""What an event type is made of: its details, who may declare it, the dates it sets."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pathways.workflows.actors import SIAE, Kind

KINDS = frozenset({
    "date", "dates", "int", "float", "flag", "code", "codes", "choice", "data", "halves", "text", "organisation", "colleague",
    "entry",
})


@dataclass(frozen=True, slots=True)
class Field:
    """One detail of an event: its kind, French label, and the codes it may take.

    ``code`` is a short identifier (RNCP number, code of another system), ``data`` a nested mapping from a feed.
    ``organisation`` refers to one as entries do, or carries the name or code by which somebody else knows it; ``among``: the
    kinds it is usually of. ``colleague`` refers to a user, ``entry`` to another entry of the person.
    """

    kind: str
    label: str
    required: bool = False
    choices: Mapping[str, str] | None = None
    among: frozenset[Kind] = frozenset()


@dataclass(frozen=True, slots=True)
class EventType:
    """One thing that can be declared about a person.

    ``by``: kinds of organisation that may declare it. ``sets``: details that become dates of the step itself
    (detail → ``planned_start`` or ``planned_end``). ``effective``: the detail that dates the effect when it is later than
    the day of the declaration.
    """

    name: str
    label: str
    by: frozenset[Kind]
    fields: Mapping[str, Field] = field(default_factory=dict)
    sets: Mapping[str, str] = field(default_factory=dict)
    effective: str | None = None


def day(label: str, *, required: bool = False) -> Field:
    return Field("date", label, required)


def days(label: str) -> Field:
    return Field("dates", label)


def number(label: str, *, required: bool = False) -> Field:
    return Field("int", label, required)


def decimal(label: str, *, required: bool = False) -> Field:
    return Field("float", label, required)


def flag(label: str) -> Field:
    return Field("flag", label)


def code(label: str, *, required: bool = False) -> Field:
    return Field("code", label, required)


def codes(label: str) -> Field:
    return Field("codes", label)


def body(label: str, among: frozenset[Kind], *, required: bool = False) -> Field:
    return Field("organisation", label, required, among=among)


def colleague(label: str) -> Field:
    return Field("colleague", label)


def choice(label: str, choices: Mapping[str, str], *, required: bool = False) -> Field:
    return Field("choice", label, required, choices)


NOTE = {"note": Field("text", "Note interne")}
SETS_BOTH = {"planned_start": "planned_start", "planned_end": "planned_end"}
SETS_END = {"planned_end": "planned_end"}
EMPLOYERS = frozenset({Kind.EMPLOYEUR, SIAE, Kind.ORGANISME_SERVICE_CIVIQUE})


def gathered(*types: EventType) -> dict[str, EventType]:
    """By name. TypeError when two have the same."""
    if len({each.name for each in types}) != len(types):
        raise TypeError("two event types of one name")
    return {each.name: each for each in types}
