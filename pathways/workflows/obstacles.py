"""Obstacles of one person: from when to when, what is done about them, and which block while nobody does anything."""

from collections.abc import Iterable
from dataclasses import dataclass

from pathways.workflows.entry import Entry, Ref
from pathways.workflows.obstacle_codes import BLOCKING, today_s

EVENTS = ("obstacle", "obstacle_action", "obstacle_lifted")


def theme_of(entry: Entry) -> str:
    """The theme an entry is about, under its name of today."""
    return today_s(str(entry.data.get("theme")))


@dataclass(slots=True)
class Obstacle:
    """One theme from the day it was declared until it is lifted. ``declared``: the last declaration, which gives its severity.

    ``worked_on``: the first action since it was declared; ``last_action``: the latest.
    """

    theme: str
    first: Entry
    declared: Entry
    worked_on: Entry | None = None
    last_action: Entry | None = None
    lifted: Entry | None = None

    @property
    def severity(self) -> str:
        return str(self.declared.data.get("severity"))


def obstacles(entries: Iterable[Entry]) -> list[Obstacle]:
    """The obstacles of one person, open ones first, then the latest. Only entries that stand and are of ``EVENTS``."""
    found: list[Obstacle] = []
    running: dict[str, Obstacle] = {}
    for entry in in_order(entries):
        theme = theme_of(entry)
        known = running.get(theme)
        if entry.type == "obstacle":
            if known is None:
                running[theme] = known = Obstacle(theme, entry, entry)
                found.append(known)
            known.declared = entry
        elif known is not None and entry.type == "obstacle_action":
            known.worked_on, known.last_action = known.worked_on or entry, entry
        elif known is not None:
            running.pop(theme).lifted = entry
    return sorted(found, key=lambda each: (each.lifted is not None, -each.declared.occurred_on.toordinal(), each.theme))


def unaddressed(entries: Iterable[Entry]) -> list[tuple[Ref | None, Entry]]:
    """The step and the declaration since which a theme blocks without anything done about it, one per step and theme.

    Saying again that it blocks does not restart the count; an action, a lesser severity or a lifting ends it, and to declare it
    blocking again after that begins a new one.
    """
    blocking: dict[str, dict[Ref | None, Entry]] = {}
    for entry in in_order(entries):
        of_theme = blocking.setdefault(theme_of(entry), {})
        if entry.type == "obstacle" and entry.data.get("severity") == BLOCKING:
            of_theme.setdefault(entry.enrolment, entry)
        else:
            of_theme.clear()
    return [(step, entry) for of_theme in blocking.values() for step, entry in of_theme.items()]


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """By day; on one day what is declared first, then what is done about it, then what is lifted."""
    return sorted(entries, key=lambda entry: (entry.occurred_on, EVENTS.index(entry.type), entry.content))

