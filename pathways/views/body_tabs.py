"""The numbers beside the tabs of a training body: the same on each of its pages."""

from __future__ import annotations

from dataclasses import dataclass

from pathways.queries import positions
from pathways.queries.flags import unread_answers
from pathways.sharing.visibility import Reader


@dataclass(frozen=True, slots=True)
class Numbers:
    """``waiting``: positionings without answer; ``unread``: answers to flags that nobody has read yet."""

    waiting: int
    unread: int


def numbers(who: Reader) -> Numbers:
    return Numbers(positions.counts(who)[positions.WAITING], unread_answers(who))
