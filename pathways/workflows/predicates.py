"""Conditions of entry asked of a pathway on a day. Each answers yes, no, or unknown with the facts to ask for.

What the journal shows is computed (age, registration, steps); the rest is what somebody stated (`conditions`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from pathways.errors import Reason
from pathways.workflows.conditions import CONDITIONS
from pathways.workflows.dates import ONE_DAY, add_months, age_on, birthday

if TYPE_CHECKING:
    from pathways.workflows.fold import Pathway

Holds = bool | None
"""True, False, or None while it is not known."""
Details = Mapping[str, Any]
"""What is typed with the act itself (a promised contract, dates)."""

RQTH = "rqth"
"""What is asked for when the recognition as a disabled worker would decide."""
BORN, LEVEL = "born", "level"


@dataclass(frozen=True, slots=True)
class Predicate:
    """One condition, in the words shown for it.

    ``asks``: what to ask for while it is unknown (`born`, `level`, `rqth`, or the code of a condition). ``against``: why not,
    when it is known not to hold. ``changes_on``: the next day after which time alone may change the answer. ``presumed``:
    it is taken to have held at entry unless known otherwise, since nobody enters without. ``exceptional``: only an exception
    that somebody must have stated makes it hold; while it is unknown, it keeps out.
    """

    code: str
    label: str
    asks: tuple[str, ...]
    holds: "Callable[[Pathway, date, Details], Holds]"
    against: "Callable[[Pathway, date, Details], Reason] | None" = None
    changes_on: "Callable[[Pathway, date], date | None] | None" = None
    presumed: bool = False
    exceptional: bool = False

    def keeps_out(self, pathway: "Pathway", day: date, details: Details, *, asking: bool) -> bool:
        """What is known is against entering; an exception nobody stated is none, unless one is only ``asking``."""
        holds = self.holds(pathway, day, details)
        return holds is False or (holds is None and self.exceptional and not asking)

    def why_not(self, pathway: "Pathway", day: date, details: Details) -> Reason:
        """The reason to give when it does not hold."""
        return self.against(pathway, day, details) if self.against else Reason("condition_not_met", {"condition": self.label})


def missing(predicate: Predicate, pathway: "Pathway", day: date) -> tuple[str, ...]:
    """What to ask for so that an unknown answer becomes known: the facts it depends on that nobody has given."""
    said = pathway.identity
    known = {BORN: pathway.born, LEVEL: said.get("level"), RQTH: said.get("rqth_until")}
    return tuple(
        ask for ask in predicate.asks
        if (known[ask] if ask in known else stated(pathway, ask, day) if ask in CONDITIONS else None) is None
    )


def stated(pathway: "Pathway", condition: str, day: date) -> Holds:
    """What was last said of a condition by that day."""
    said = [entry for entry in pathway.person.get("condition_stated", ()) if entry.data.get("condition") == condition]
    last = next((entry for entry in reversed(said) if entry.occurred_on <= day), None)
    return None if last is None else bool(last.data.get("holds"))


def said(condition: str) -> Predicate:
    """The condition was stated to hold."""
    known = CONDITIONS[condition]
    return Predicate(condition, known.label, (condition,), lambda pathway, day, _details: stated(pathway, condition, day))


def said_not(condition: str, label: str) -> Predicate:
    """The condition was stated not to hold; ``label`` says the contrary of its own."""
    return Predicate(f"not_{condition}", label, (condition,),
                     lambda pathway, day, _details: negation(stated(pathway, condition, day)))


def negation(holds: Holds) -> Holds:
    return None if holds is None else not holds


def either(*predicates: Predicate, code: str, label: str) -> Predicate:
    """One of them is enough: yes if one holds, no if none can, else unknown."""

    def holds(pathway: "Pathway", day: date, details: Details) -> Holds:
        answers = [each.holds(pathway, day, details) for each in predicates]
        return True if True in answers else None if None in answers else False

    return Predicate(code, label, tuple(dict.fromkeys(ask for each in predicates for ask in each.asks)), holds)


def every(*predicates: Predicate, code: str, label: str) -> Predicate:
    """All of them together: no if one does not hold, yes if all do, else unknown."""

    def holds(pathway: "Pathway", day: date, details: Details) -> Holds:
        answers = [each.holds(pathway, day, details) for each in predicates]
        return False if False in answers else None if None in answers else True

    return Predicate(code, label, tuple(dict.fromkeys(ask for each in predicates for ask in each.asks)), holds)


def recognised(pathway: "Pathway", day: date) -> Holds:
    """Recognised as a disabled worker that day."""
    until = pathway.identity.get("rqth_until")
    return None if until is None else bool(until >= day)


def aged(least: int | None = None, below: int | None = None, *, rqth: int | None = None, unless: str | None = None) -> Predicate:
    """From ``least`` to the eve of the birthday ``below``; ``rqth``: the birthday for a recognised disabled worker (0: none).

    ``unless``: a stated condition that lifts the upper limit.
    """

    def limit(pathway: "Pathway", day: date) -> int | None:
        lifted = unless is not None and stated(pathway, unless, day) is True
        if below is None or lifted:
            return None
        return (rqth or None) if rqth is not None and recognised(pathway, day) else below

    def holds(pathway: "Pathway", day: date, _details: Details) -> Holds:
        if pathway.born is None:
            return None
        age, highest = age_on(pathway.born, day), limit(pathway, day)
        if least is not None and age < least:
            return False
        if highest is None or age < highest:
            return True
        may_be_lifted = unless is not None and stated(pathway, unless, day) is None
        return None if may_be_lifted and recognised(pathway, day) is None else False

    def against(pathway: "Pathway", day: date, _details: Details) -> Reason:
        assert pathway.born is not None
        age = age_on(pathway.born, day)
        if least is not None and age < least:
            return Reason(f"age_below_{least}", {"age": age, "limit": least})
        highest = limit(pathway, day) or below
        return Reason(f"age_above_{highest}", {"age": age, "limit": highest})

    asks = (BORN, *((RQTH,) if rqth is not None else ()), *((unless,) if unless else ()))
    return Predicate("age", _ages(least, below, rqth), asks, holds, against)


recognised_worker = Predicate(
    "rqth", "Être reconnu travailleur handicapé (RQTH)", (RQTH,), lambda pathway, day, _details: recognised(pathway, day)
)
"""Recognised as a disabled worker on that day."""


def _ages(least: int | None, below: int | None, rqth: int | None) -> str:
    if below is None:
        return f"Avoir {least} ans ou plus"
    told = f"Avoir moins de {below} ans" if least is None else f"Avoir de {least} à {below - 1} ans"
    if rqth is None:
        return told
    return f"{told} ({f'{rqth - 1} ans' if rqth else 'sans limite d’âge'} avec une RQTH)"


def _registered_since(pathway: "Pathway", day: date) -> Holds:
    left, back = (
        max((entry.occurred_on for entry in pathway.person.get(event, ()) if entry.occurred_on <= day), default=None)
        for event in ("ft_deregistered", "ft_registered")
    )
    if left is None and back is None:
        return stated(pathway, "job_seeker", day)
    return back is not None and (left is None or back >= left)


def _not_registered(pathway: "Pathway", _day: date, _details: Details) -> Reason:
    left = pathway.last("ft_deregistered")
    return Reason("not_registered", {"since": left.occurred_on if left else None})


registered = Predicate(
    "registered", "Être inscrit à France Travail", ("job_seeker",),
    lambda pathway, day, _details: _registered_since(pathway, day), _not_registered, presumed=True,
)
"""Registered as a job seeker (CT L5411-1): by the last registration or its end, else by what was stated."""


def level_at_most(highest: str) -> Predicate:
    """The level of training reached is ``highest`` or below (``infra3``, 3 to 8)."""

    def holds(pathway: "Pathway", _day: date, _details: Details) -> Holds:
        level = pathway.identity.get("level")
        return None if level is None else _rank(level) <= _rank(highest)

    label = "Être sans diplôme" if highest == "infra3" else f"Avoir au plus le niveau {highest}"
    return Predicate("level", label, (LEVEL,), holds)


def level_above(lowest: str) -> Predicate:
    """The level of training reached is above ``lowest``."""

    def holds(pathway: "Pathway", _day: date, _details: Details) -> Holds:
        level = pathway.identity.get("level")
        return None if level is None else _rank(level) > _rank(lowest)

    return Predicate("level", f"Avoir un niveau supérieur à {lowest}", (LEVEL,), holds)


def _rank(level: str) -> int:
    return 0 if level == "infra3" else int(level)


def not_in(family: str, label: str) -> Predicate:
    """No step of that family is running, for what the journal knows."""

    def running(pathway: "Pathway") -> bool:
        return any(step.is_active and step.scheme.family.code == family for step in pathway.steps.values())

    return Predicate(f"not_in_{family}", label, (), lambda pathway, _day, _details: not running(pathway))


def holding(scheme: str, label: str) -> Predicate:
    """A step of that scheme is running."""

    def holds(pathway: "Pathway", _day: date, _details: Details) -> Holds:
        return any(step.is_active and step.scheme.code == scheme for step in pathway.steps.values())

    return Predicate(f"holding_{scheme}", label, (), holds)


def in_training(condition: str) -> Predicate:
    """A course is running, for what the journal knows, or was stated to be."""

    def holds(pathway: "Pathway", day: date, _details: Details) -> Holds:
        known = any(step.is_active and step.scheme.family.code == "training" for step in pathway.steps.values())
        return known or stated(pathway, condition, day)

    return Predicate("in_training", CONDITIONS[condition].label, (condition,), holds)


def none_ended_within(scheme: str, months: int, *, unless: str, exceptional: bool = False) -> Predicate:
    """No step of that scheme ended less than ``months`` months ago, unless a condition says otherwise."""

    def free_from(pathway: "Pathway") -> date | None:
        former = [step for step in pathway.steps.values() if step.scheme.code == scheme and _was_in(step)]
        ends = [step.closed_on for step in former if step.closed_on]
        return add_months(max(ends), months) if ends else None

    def holds(pathway: "Pathway", day: date, _details: Details) -> Holds:
        free = free_from(pathway)
        return True if free is None or day >= free else stated(pathway, unless, day)

    def against(pathway: "Pathway", _day: date, _details: Details) -> Reason:
        return Reason("too_soon_after", {"scheme": scheme, "from": free_from(pathway), "months": months})

    label = f"Ne pas sortir d’un {scheme} depuis moins de {months} mois"
    return Predicate(f"none_within_{months}_months", label, (unless,), holds, against, exceptional=exceptional)


def _was_in(step: Any) -> bool:
    return any(change.target in step.scheme.family.active for change in step.history)


def promised(least: Mapping[str, int]) -> Predicate:
    """The contract promised after the course (detail ``after_contract``: kind, months) is long enough, by kind."""

    def shortest(details: Details) -> tuple[int | None, int | None]:
        contract = details.get("after_contract") or {}
        return least.get(str(contract.get("kind"))), contract.get("months")

    def holds(_pathway: "Pathway", _day: date, details: Details) -> Holds:
        wanted, months = shortest(details)
        if not details.get("after_contract"):
            return None
        return True if wanted is None or months is None else months >= wanted

    def against(_pathway: "Pathway", _day: date, details: Details) -> Reason:
        wanted, months = shortest(details)
        return Reason("contract_too_short", {"months": months, "least": wanted})

    return Predicate("promised_contract", "Contrat promis assez long à l’issue", ("after_contract",), holds, against)


def rqth_past(age: int) -> Predicate:
    """Past that age, the recognition as a disabled worker is the condition of staying."""

    def holds(pathway: "Pathway", day: date, _details: Details) -> Holds:
        recognition = recognised(pathway, day)
        if recognition or recognition is None or pathway.born is None:
            return recognition
        # Lapsed before that age, it was no condition yet.
        return None if pathway.identity["rqth_until"] + ONE_DAY < birthday(pathway.born, age) else False

    def against(pathway: "Pathway", _day: date, _details: Details) -> Reason:
        return Reason("recognition_lapsed", {"since": pathway.identity["rqth_until"] + ONE_DAY})

    def changes_on(pathway: "Pathway", day: date) -> date | None:
        until = pathway.identity.get("rqth_until")
        return until + ONE_DAY if until and until >= day else None

    return Predicate("rqth", f"Garder la RQTH après {age} ans", (RQTH,), holds, against, changes_on)
