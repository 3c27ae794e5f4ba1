"""What the reader's organisation may declare now about a person, step by step, as the page offers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from pathways.errors import Reason
from pathways.operations.possibilities import Option, StepOptions
from pathways.queries.organisations import plain
from pathways.queries.steps import StepRow
from pathways.sharing import naming
from pathways.sharing.acts import purpose
from pathways.sharing.language import _
from pathways.workflows.schemes import SCHEMES

FREQUENT = (
    "contact",
    "appointment",
    "contact_attempt",
    "attendance",
    "risk_flag",
    "risk_flag_closed",
    "weekly_hours",
    "contract_checkin",
    "obstacle",
    "obstacle_action",
)
"""What is declared every day comes first."""


PROLONG = ("prolongation_granted", "extended", "work_contract_renewed", "prolongation_requested")
HAND = ("transfer_requested", "handed_over")
ANSWER = ("transfer_accepted", "transfer_refused")
ON_A_PAGE_OF_THEIRS = frozenset({
    "hand_over_acknowledged", "hand_over_accepted", "hand_over_refused", "hand_over_withdrawn", "transfer_withdrawn",
    "obstacle", "obstacle_action", "obstacle_lifted",
})
"""Answers to a passage, and taking it back: buttons of the passage itself. Obstacles: those of their section."""
HEAVY = frozenset({*HAND, *ANSWER, "prolongation_granted", "extended", "work_contract_renewed", "suspended",
                   "pass_suspended", "paused", "referent_left", "deceased"})
"""What changes who answers for somebody, or a date that counts: its effect is shown before it is recorded."""


def is_heavy(event: str, scheme: str) -> bool:
    """It ends a step of that scheme, or is one of ``HEAVY``."""
    return event in HEAVY or event in ends(scheme)


@cache
def ends(scheme: str) -> frozenset[str]:
    """The events that may end a step of that scheme."""
    if scheme not in SCHEMES:
        return frozenset()
    workflow = SCHEMES[scheme].workflow
    targets = ((event, move.target) for (event, _source), moves in workflow.moves.items() for move in moves)
    return frozenset(event for event, target in targets if target in workflow.final)


@dataclass(frozen=True, slots=True)
class Declarable:
    """The events of one step (``step`` None: of a scheme that could be opened)."""

    step: StepRow | None
    scheme: str
    allowed: list[Option]
    refused: list[Option]

    @property
    def why(self) -> list[Reason]:
        """Every reason against, whatever the event."""
        return [reason for each in self.refused for reason in each.reasons]

    @property
    def prolong(self) -> list[Option]:
        return self._among(PROLONG)[:1]

    @property
    def close(self) -> list[Option]:
        return [each for each in self.allowed if each.event in ends(self.scheme) and each.event not in (*HAND, *ANSWER)]

    @property
    def hand(self) -> list[Option]:
        return self._among(HAND)

    @property
    def answer(self) -> list[Option]:
        """A transfer waits for the reader's organisation to say yes or no."""
        return self._among(ANSWER)

    def _among(self, events: tuple[str, ...]) -> list[Option]:
        return [each for event in events for each in self.allowed if each.event == event]

    @property
    def groups(self) -> list[tuple[str, list[Option]]]:
        """What may be declared beside the buttons of the step, by what it is for: the day's follow-up, a move, the rest."""
        buttons = [*self.prolong, *self.hand, *self.close, *self.answer] if self.step else []
        moves = {event for event, _state in SCHEMES[self.scheme].workflow.moves} if self.scheme in SCHEMES else set()
        follow = [each for each in self.allowed if each.event in FREQUENT and each not in buttons]
        move = [each for each in self.allowed if each.event in moves and each not in [*follow, *buttons]]
        rest = [each for each in self.allowed if each not in [*follow, *move, *buttons]]
        named = [
            (_("Suivre"), follow),
            (_("Faire avancer l’étape") if self.step else _("Commencer"), move),
            (_("Noter aussi"), rest),
        ]
        return [(title, options) for title, options in named if options]


def by_family(
    openings: Sequence[StepOptions], query: str, act: str
) -> tuple[list[tuple[str, list[Declarable]]], list[Declarable], int]:
    """The schemes that may be opened, by family; those that may not; and how many the search leaves out."""
    arranged = [_arranged(each, None) for each in openings]
    if act:
        arranged = [replace(each, allowed=[one for one in each.allowed if one.event == act],
                            refused=[one for one in each.refused if one.event == act]) for each in arranged]
    arranged = [each for each in arranged if each.allowed or each.refused]
    wanted = [each for each in arranged if _is_named(each.scheme, query)]
    families: dict[str, list[Declarable]] = {}
    for each in wanted:
        if each.allowed:
            families.setdefault(SCHEMES[each.scheme].family.label, []).append(each)
    return [*families.items()], [each for each in wanted if not each.allowed], len(arranged) - len(wanted)


def _is_named(scheme: str, query: str) -> bool:
    """The acronym, the name or what it is contains every word."""
    told = plain(f"{scheme} {naming.scheme_in_full(scheme)} {purpose(scheme)}")
    return all(word in told for word in plain(query).split())


def arrange(options: Sequence[StepOptions], steps: Sequence[StepRow]) -> tuple[list[Declarable], list[Declarable]]:
    """Options of the steps the reader sees, in the page's order, and those of schemes that may be opened."""
    by_step = {step.id: step for step in steps}
    order = {step.id: place for place, step in enumerate(steps)}
    of_steps, openings = [], []
    for each in options:
        if each.enrolment_id is not None and each.enrolment_id not in by_step:
            continue
        arranged = _arranged(each, by_step[each.enrolment_id] if each.enrolment_id is not None else None)
        if arranged.step is None:
            openings += [arranged] if arranged.allowed or arranged.refused else []
        elif arranged.allowed or arranged.step.is_open:
            of_steps.append(arranged)
    of_steps.sort(key=lambda each: order[each.step.id] if each.step else 0)
    openings.sort(key=lambda each: not each.allowed)
    return of_steps, openings


def _arranged(of: StepOptions, step: StepRow | None) -> Declarable:
    here = [each for each in of.options if each.event not in ON_A_PAGE_OF_THEIRS]
    options = sorted(here, key=lambda each: FREQUENT.index(each.event) if each.event in FREQUENT else len(FREQUENT))
    return Declarable(step, of.scheme, [each for each in options if each.allowed], [each for each in options if not each.allowed])
