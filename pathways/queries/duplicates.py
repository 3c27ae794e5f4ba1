"""Pairs of records that may be one person, as one organisation may see them: its own records whole, of others whom to call."""

from __future__ import annotations

import base64
import binascii
import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from pathways import clock, db
from pathways.errors import NotVisible
from pathways.models import DuplicateProposal, JournalEntry, Organisation, Person, PersonMerge, ProposalState, User
from pathways.sharing.visibility import Criterion, Reader, visible_to

PAGE = 25


@dataclass(frozen=True, slots=True)
class Contact:
    """An organisation to call about a record one may not open."""

    organisation: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class Side:
    """One record of a pair. Unless ``visible``, nothing of the person but who accompanies them."""

    id: int
    visible: bool
    public_id: str | None = None
    family_name: str = ""
    given_name: str = ""
    birth_date: date | None = None
    sex: str | None = None
    commune: str | None = None
    phone: str | None = None
    email: str | None = None
    level: str | None = None
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """A proposal and its two records, the older one first."""

    id: int
    public_id: str
    state: str
    strength: int
    same: tuple[str, ...]
    differs: tuple[str, ...]
    proposed_on: date
    decided_on: date | None
    decided_by: str | None
    decided_for: str | None
    reason: str | None
    first: Side
    second: Side

    @property
    def both_visible(self) -> bool:
        return self.first.visible and self.second.visible

    @property
    def seen(self) -> list[int]:
        """Ids of the persons whose identity the reader sees here."""
        return [side.id for side in (self.first, self.second) if side.visible]

    @property
    def disclosed(self) -> list[int]:
        """Ids of the persons of whom the reader learns something here, be it who accompanies them."""
        return [side.id for side in (self.first, self.second) if side.visible or side.contacts]


@dataclass(frozen=True, slots=True)
class Pairs:
    """One page of open proposals."""

    rows: list[Pair]
    total: int
    next_page: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Two records joined: what undoing would move back. ``since``: entries declared since on the steps that go back;
    ``stay``: the other entries declared since, which stay with the kept record.
    """

    id: int
    at: datetime
    by: str
    organisation: str
    kept_id: int
    family_name: str
    given_name: str
    birth_date: str | None
    steps: int
    entries: int
    since: int
    stay: int
    replaced: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A word for the page of a person: a record that looks like theirs (``joined`` None), or one that was joined to it."""

    pair: str
    joined: str | None
    on: date | None


def open_pairs(reader: Reader, after: str = "") -> Pairs:
    """Open proposals that concern a person of the reader's organisation, the likeliest first."""
    wanted = sa.and_(DuplicateProposal.state == ProposalState.OPEN, _of_use_to(reader))
    total = db.session().scalar(sa.select(sa.func.count()).select_from(DuplicateProposal).where(wanted)) or 0
    query = _proposals().where(wanted).order_by(DuplicateProposal.strength.desc(), DuplicateProposal.id).limit(PAGE + 1)
    position = _read_cursor(after)
    if position:
        strength, last = position
        further = sa.and_(DuplicateProposal.strength == strength, DuplicateProposal.id > last)
        query = query.where(sa.or_(DuplicateProposal.strength < strength, further))
    found = db.session().execute(query).all()
    shown = found[:PAGE]
    return Pairs(_pairs(shown, reader), total, _cursor(shown[-1]) if len(found) > PAGE else "")


def pair(public_id: uuid.UUID, reader: Reader) -> Pair:
    """One proposal, whatever was decided of it; NotVisible unless one of its persons is seen."""
    row = db.session().execute(_proposals().where(DuplicateProposal.public_id == public_id)).first()
    found = _pairs([row], reader) if row else []
    if not found or not found[0].seen:
        raise NotVisible(f"proposal {public_id}")
    return found[0]


def notes_about(person_id: int, reader: Reader) -> list[Note]:
    """What is to be said on the page of that person about other records, in one query."""
    concerned = sa.or_(DuplicateProposal.first_id == person_id, DuplicateProposal.second_id == person_id)
    name = PersonMerge.before["merged"]["given_name"].astext + " " + PersonMerge.before["merged"]["family_name"].astext
    rows = db.session().execute(
        sa.select(DuplicateProposal.public_id, name, PersonMerge.at)
        .outerjoin(
            PersonMerge,
            sa.and_(
                PersonMerge.kept_id == person_id,
                PersonMerge.undone_at.is_(None),
                PersonMerge.merged_id.in_([DuplicateProposal.first_id, DuplicateProposal.second_id]),
                DuplicateProposal.state == ProposalState.JOINED,
            ),
        )
        .where(
            concerned,
            visible_to(reader, sa.literal(person_id)),
            sa.or_(
                sa.and_(DuplicateProposal.state == ProposalState.OPEN, _of_use_to(reader)), PersonMerge.id.is_not(None)
            ),
        )
        .order_by(PersonMerge.id.is_not(None), DuplicateProposal.id)
        .limit(5)
    )
    return [Note(str(public_id), joined, clock.paris_day(at) if at else None) for public_id, joined, at in rows]


def now_known_as(former: uuid.UUID) -> uuid.UUID | None:
    """The record a joined one's address leads to, for those who see it."""
    found: uuid.UUID | None = db.session().scalar(sa.select(sa.func.now_known_as(former)))
    return found


def joined(found: Pair) -> Joined | None:
    """The merge of that pair that is not undone, and what undoing it would do."""
    ids = [found.first.id, found.second.id]
    moved = PersonMerge.moved
    later = sa.and_(
        JournalEntry.person_id == PersonMerge.kept_id,
        JournalEntry.recorded_at >= PersonMerge.at,
        ~moved["journal_entry"].contains(sa.func.to_jsonb(JournalEntry.id)),
    )
    goes = moved["enrolment"].contains(sa.func.to_jsonb(JournalEntry.enrolment_id))
    count = sa.select(sa.func.count()).select_from(JournalEntry).where(later)
    row = (
        db.session()
        .execute(
            sa.select(
                PersonMerge,
                User.name,
                Organisation.name,
                count.where(goes).correlate(PersonMerge).scalar_subquery(),
                count.where(sa.func.coalesce(~goes, sa.true())).correlate(PersonMerge).scalar_subquery(),
            )
            .join(User, User.id == PersonMerge.user_id)
            .join(Organisation, Organisation.id == PersonMerge.organisation_id)
            .where(PersonMerge.kept_id.in_(ids), PersonMerge.merged_id.in_(ids), PersonMerge.undone_at.is_(None))
        )
        .first()
    )
    if row is None:
        return None
    merge, by, organisation, since, stay = row
    names = merge.before["merged"]
    return Joined(
        merge.id, merge.at, by, organisation, merge.kept_id, names["family_name"], names["given_name"], names["birth_date"],
        len(merge.moved["enrolment"]), len(merge.moved["journal_entry"]), since, stay, tuple(merge.before["identity"]),
    )  # fmt: skip


# --- reading -----------------------------------------------------------------------------------------------------------


def _of_use_to(reader: Reader) -> Criterion:
    """Something can be done about the pair: both records are seen, or there is somebody to call about the other one."""
    both = sa.and_(visible_to(reader, DuplicateProposal.first_id), visible_to(reader, DuplicateProposal.second_id))
    somebody = sa.text(
        "duplicate_proposal.id IN (SELECT proposal_id FROM accompanied_behind(ARRAY("
        "SELECT p.id FROM duplicate_proposal AS p WHERE p.state = 'open')))"
    )
    return sa.or_(both, somebody)


def _proposals() -> sa.Select[Any]:
    return (
        sa.select(
            DuplicateProposal.id,
            DuplicateProposal.public_id,
            sa.cast(DuplicateProposal.state, sa.Text),
            DuplicateProposal.strength,
            DuplicateProposal.matches,
            DuplicateProposal.proposed_on,
            DuplicateProposal.decided_on,
            User.name,
            Organisation.name,
            DuplicateProposal.reason,
            DuplicateProposal.first_id,
            DuplicateProposal.second_id,
        )
        .outerjoin(User, User.id == DuplicateProposal.decided_by)
        .outerjoin(Organisation, Organisation.id == DuplicateProposal.decided_for)
    )


def _pairs(rows: Sequence[Any], reader: Reader) -> list[Pair]:
    """The proposals with their records: two queries, however many."""
    seen = _visible_sides({row.first_id for row in rows} | {row.second_id for row in rows}, reader)
    hidden = [row.id for row in rows if not {row.first_id, row.second_id} <= seen.keys()]
    contacts = _contacts(hidden) if hidden else {}
    found = []
    for id_, public_id, state, strength, matches, proposed_on, on, by, for_, reason, first_id, second_id in rows:
        sides = [
            seen.get(each) or Side(each, visible=False, contacts=tuple(contacts.get((id_, each), ())))
            for each in (first_id, second_id)
        ]
        same, differs = tuple(matches["same"]), tuple(matches["differs"])
        found.append(Pair(id_, str(public_id), state, strength, same, differs, proposed_on, on, by, for_, reason, *sides))
    return found


def _visible_sides(ids: Iterable[int], reader: Reader) -> dict[int, Side]:
    rows = db.session().execute(
        sa.select(
            Person.id, Person.public_id, Person.family_name, Person.given_name, Person.birth_date, Person.sex, Person.commune,
            Person.phone, Person.email, Person.level,
        ).where(Person.id.in_(list(ids)), visible_to(reader, Person.id))
    )  # fmt: skip
    return {id_: Side(id_, True, str(public_id), *rest) for id_, public_id, *rest in rows}


def _contacts(proposals: Sequence[int]) -> dict[tuple[int, int], list[Contact]]:
    rows = db.session().execute(
        sa.text(
            "SELECT behind.proposal_id, behind.person_id, organisation.name, organisation.phone "
            "FROM accompanied_behind(:ids) WITH ORDINALITY AS behind(proposal_id, person_id, organisation_id, place) "
            "JOIN organisation ON organisation.id = behind.organisation_id ORDER BY behind.place"
        ),
        {"ids": list(proposals)},
    )
    found: dict[tuple[int, int], list[Contact]] = defaultdict(list)
    for proposal, person, organisation, phone in rows:
        found[proposal, person].append(Contact(organisation, phone))
    return found


def _cursor(last: sa.Row[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps([last.strength, last.id]).encode()).decode().rstrip("=")


def _read_cursor(text: str) -> tuple[int, int] | None:
    """The position a cursor names; None for none, and for one somebody made up."""
    try:
        strength, last = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return int(strength), int(last)
    except (binascii.Error, ValueError, TypeError):
        return None
