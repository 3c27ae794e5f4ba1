"""What the reader's organisation may declare now about a person, step by step, as the page offers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pathways.errors import Reason
from pathways.operations.possibilities import Option, StepOptions
from pathways.queries.steps import StepRow
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
    def groups(self) -> list[tuple[str, list[Option]]]:
        """What may be declared, by what it is for: the day's follow-up, a move of the step, the rest."""
        moves = {event for event, _state in SCHEMES[self.scheme].workflow.moves} if self.scheme in SCHEMES else set()
        follow = [each for each in self.allowed if each.event in FREQUENT]
        move = [each for each in self.allowed if each.event in moves and each not in follow]
        rest = [each for each in self.allowed if each not in follow and each not in move]
        named = [
            (_("Suivre"), follow),
            (_("Faire avancer l’étape") if self.step else _("Commencer"), move),
            (_("Noter aussi"), rest),
        ]
        return [(title, options) for title, options in named if options]


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
    options = sorted(of.options, key=lambda each: FREQUENT.index(each.event) if each.event in FREQUENT else len(FREQUENT))
    return Declarable(step, of.scheme, [each for each in options if each.allowed], [each for each in options if not each.allowed])
