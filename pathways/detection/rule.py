"""What a rule is, and the register of rules. A rule is a pure function of facts and settings to `Findings`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from pathways.detection.finding import Findings, Level
from pathways.workflows.labels import Labelled
from pathways.workflows.schemes import SCHEMES
from pathways.workflows.states import NOT_STARTED

Answer = Callable[[Any, Mapping[str, Any]], Findings]


class Family(Labelled):
    """Signals of one family about one enrolment make one alert."""

    CONTACT = "contact", "Contact"
    ATTENDANCE = "attendance", "Assiduité"
    CONTRACT = "contract", "Contrat"
    DEADLINE = "deadline", "Échéance"
    GAP = "gap", "Sans solution"
    TRAINING_RISK = "training_risk", "Risque en formation"
    ELIGIBILITY = "eligibility", "Éligibilité"
    DATA = "data", "Données"


@dataclass(frozen=True, slots=True)
class Rule:
    """A registered rule. ``version`` changes with the meaning of the rule, so that a stored signal tells which one fired."""

    id: str
    label: str
    family: Family
    answer: Answer
    about_the_person: bool
    kinds: frozenset[str]
    schemes: frozenset[str]
    states: frozenset[str]
    outlives: bool
    version: str
    after_death: bool
    levels: tuple[Level, ...]
    closes: str
    source: str
    fed: bool
    despite_objection: bool
    raised_by: int
    after: frozenset[str]

    @property
    def is_required(self) -> bool:
        """A human said it, or the law requires it: no organisation does without."""
        return self.despite_objection

    def may_speak(self, declared: frozenset[str]) -> bool:
        """Whether one of the events it waits for was declared."""
        return not self.after or not self.after.isdisjoint(declared)

    def concerns(self, code: str, state: str) -> bool:
        """Whether the rule has anything to say of a step of that scheme in that state."""
        scheme = SCHEMES[code]
        if state == NOT_STARTED or (self.schemes and code not in self.schemes):
            return False
        if self.kinds and scheme.family.code not in self.kinds:
            return False
        if self.states:
            return state in self.states
        return self.outlives or state not in scheme.workflow.final


RULES: dict[str, Rule] = {}


def rule(
    signal: str,
    label: str,
    *,
    family: Family,
    kinds: Iterable[str] = (),
    schemes: Iterable[str] = (),
    states: Iterable[str] = (),
    outlives: bool = False,
    about_the_person: bool = False,
    after_death: bool = False,
    version: str = "1",
    levels: Iterable[Level] = (),
    closes: str = "",
    source: str = "",
    fed: bool = False,
    despite_objection: bool = False,
    raised_by: int = 0,
    after: Iterable[str] = (),
) -> Callable[[Answer], Answer]:
    """Registers a rule under the id of its signal.

    ``kinds``: families of schemes it looks at; ``schemes``: or these alone; ``states``: or these states alone;
    ``outlives``: it still speaks once the step has ended; ``after_death``: once a death is declared. ``levels``: those it may
    have; ``closes``: what ends it, as screens say it; ``source``: the text or the practice it comes from. ``fed``: it concludes
    from what the body has not declared, so that it stands still while the body's feed is silent. ``despite_objection``: a human
    said it, or the law requires it, so that it speaks of somebody who objected to automatic signals too. ``raised_by``: 2 when
    it repeats what the person asked for, 1 what somebody else raised by hand: these come before all that was computed. ``after``:
    it has nothing to say, now or by the clock, of a step (or of a person) of whom none of these events was declared.
    """

    def register(answer: Answer) -> Answer:
        if signal in RULES:
            raise TypeError(f"two rules for the signal {signal!r}")
        RULES[signal] = Rule(
            signal, label, family, answer, about_the_person, frozenset(kinds), frozenset(schemes), frozenset(states),
            outlives, version, after_death, tuple(levels), closes, source, fed, despite_objection, raised_by, frozenset(after),
        )
        return answer

    return register


@cache
def rules_about(code: str, state: str) -> tuple[Rule, ...]:
    """The rules to ask about a step of that scheme in that state."""
    return tuple(each for each in RULES.values() if not each.about_the_person and each.concerns(code, state))


@lru_cache(maxsize=50_000)
def rules_after(code: str, state: str, declared: frozenset[str], only: frozenset[str] = frozenset()) -> tuple[Rule, ...]:
    """Of these, the ones that may speak once these events were declared of the step. ``only``: of these alone, if any."""
    return tuple(each for each in rules_about(code, state) if each.may_speak(declared) and (not only or each.id in only))


@lru_cache(maxsize=10_000)
def rules_about_the_person(declared: frozenset[str], only: frozenset[str] = frozenset()) -> tuple[Rule, ...]:
    """The rules to ask about somebody of whom these events were declared."""
    return tuple(
        each for each in RULES.values()
        if each.about_the_person and each.may_speak(declared) and (not only or each.id in only)
    )  # fmt: skip
