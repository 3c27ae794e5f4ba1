"""The pathway of one person as an operation sees it: whole, whoever asks, after making sure that they may ask."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from pathways import clock, db
from pathways.detection.reading import Dossier, Lock, read_dossiers, read_kinds
from pathways.errors import NotVisible
from pathways.models import Person
from pathways.sharing.visibility import Reader, visible_to
from pathways.workflows.entry import Entry
from pathways.workflows.fold import Pathway, pathway
from pathways.workflows.objections import Acting


@dataclass(slots=True)
class Opened:
    """One person's entries, and the organisation that acts."""

    person_id: int
    entries: list[Entry]
    acting: Acting
    stored: Dossier
    kinds: Mapping[int, str]
    """Of the organisations that declared something of the person, and of the one that acts."""

    @property
    def version(self) -> int:
        """Grows with every entry about the person: what somebody has seen is out of date once it has grown."""
        return max((entry.number for entry in self.entries), default=0)

    def pathway(self, day: date, known_at: date) -> Pathway:
        return pathway(self.entries, day, known_at)


def open_dossier(person_id: int, organisation_id: int, day: date, *, lock: Lock = "wait") -> Opened:
    """Locks the person (a page does not) and reads everything declared about them. `NotVisible` when the caller may not see them.

    States are computed from what every organisation declared, so the entries are read as the system; nothing of them is
    handed to the caller but the answer.
    """
    return open_dossiers([person_id], organisation_id, day, lock=lock)[person_id]


def open_dossiers(persons: Collection[int], organisation_id: int, day: date, *, lock: Lock = "wait") -> dict[int, Opened]:
    """The same for several persons, in a fixed number of statements; `NotVisible` when one of them does not show."""
    wanted = sorted(set(persons))  # two batches lock the persons they share in one order
    check_visible(wanted, organisation_id)
    session = db.session()
    with db.as_system():
        kinds = read_kinds(session, wanted, [organisation_id])
        dossiers = read_dossiers(session, wanted, kinds, day, lock=lock)
    acting = Acting(organisation_id, kinds[organisation_id])
    return {each.person_id: Opened(each.person_id, each.entries, acting, each, kinds) for each in dossiers}


def check_visible(persons: Collection[int], organisation_id: int) -> None:
    """`NotVisible` unless the organisation has a link with each of them; the system, which acts for nobody's eyes, needs none."""
    there = sa.select(Person.id).where(Person.id.in_(persons), Person.merged_into.is_(None), Person.erased_on.is_(None))
    if db.context().scope != "system":
        there = there.where(visible_to(Reader(organisation_id, clock.today()), Person.id))
    if hidden := set(persons) - set(db.session().scalars(there)):
        raise NotVisible(f"person {min(hidden)}")
