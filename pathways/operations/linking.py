"""Who accompanies the person, as entries say: an organisation has access from the day it declares, or is called, on."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from pathways import clock, db
from pathways.models import Link, LinkRole, Membership, User
from pathways.operations.dossier import Opened
from pathways.workflows.actors import ACCOMPANYING, TRAINING_BODIES
from pathways.workflows.dates import ONE_DAY
from pathways.workflows.entry import Entry, standing
from pathways.workflows.events import ABOUT_THE_PERSON, called
from pathways.workflows.fold import Pathway, pathway
from pathways.workflows.passages import ACCEPTED, PASSAGE_EVENTS, Passage, Stage, all_passages
from pathways.workflows.passages import Kind as PassageKind
from pathways.workflows.schemes import SCHEMES

ANSWERS = frozenset({"transfer_requested", "transfer_accepted", "transfer_refused", "transfer_withdrawn"})


@dataclass(frozen=True, slots=True)
class Called:
    """One organisation that an entry calls, in which capacity, and from which day. ``step`` None: to the person."""

    organisation: int
    step: int | None
    role: LinkRole
    since: date

    @property
    def place(self) -> tuple[int, int | None, LinkRole]:
        return self.organisation, self.step, self.role


class Linking:
    """The links of one person while entries are added to a dossier."""

    def __init__(
        self, person_id: int, user_id: int | None, dossier: Opened, today: date, linked: Collection[Any] = ()
    ) -> None:
        """``linked``: steps the organisation is known to accompany already; the others are looked up."""
        self.person_id, self.user_id, self.dossier, self.today, self.linked = person_id, user_id, dossier, today, linked

    def follow(self, added: Sequence[Entry]) -> None:
        """Opens and ends links so that they say what the journal says, now that these entries are in it."""
        before = standing(self.dossier.entries, self.today)
        after = standing([*self.dossier.entries, *added], self.today)
        for entry in added:
            # Sending somebody on, or answering, gives no part in the step: what follows from it opens links of its own.
            if entry.enrolment is not None and entry.type not in ABOUT_THE_PERSON | PASSAGE_EVENTS:
                self._link_oneself(entry, after)
        was, now = self._called(before), self._called(after)
        kept = [each for each in was if each in now]
        places = {each.place for each in kept}
        for each in was:
            if each not in now and each.place not in places:
                # To the person, only what the call opened: the organisation may have been there before.
                self._end(*each.place, since=each.since if each.step is None else None)
        for each in now:
            if each not in kept and each.place not in places:
                places.add(each.place)
                own = each.organisation == self.dossier.acting.organisation
                self._open(*each.place, self.user_id if own else None, each.since)
        if {entry.id for entry in before if entry.type in ANSWERS} != {entry.id for entry in after if entry.type in ANSWERS}:
            self._follow_the_referent(before, after)
        for entry in added:
            self._follow_the_colleague(entry)
        db.session().flush()  # row-level security reads links: the answer page must see the step

    def _called(self, entries: Sequence[Entry]) -> list[Called]:
        """Everybody these entries call, and whoever holds somebody who was handed over."""
        found = _called(entries)
        if any(entry.type == "handed_over" for entry in entries):
            folded = pathway(entries, self.today, self.today)
            handed = (each for each in all_passages(folded) if each.kind is PassageKind.HAND_OVER)
            found += [held for each in handed for held in _held(each, self.dossier.kinds)]
        return found

    def _link_oneself(self, entry: Entry, after: Sequence[Entry]) -> None:
        """The organisation that declares on a step accompanies the person from then on: its access opens with its part."""
        organisation, session = self.dossier.acting.organisation, db.session()
        if entry.enrolment in self.linked:
            return
        of_the_step = sa.and_(Link.enrolment_id == entry.enrolment, Link.organisation_id == organisation, Link.ended_on.is_(None))
        if session.scalar(sa.select(sa.exists().where(of_the_step))):
            return
        role = _role(entry, self.dossier.acting.kind)
        if role is LinkRole.REFERENT and not self._leads(entry, after):
            role = LinkRole.CO_REFERENT
        self._open(organisation, entry.enrolment, role, self.user_id, min(entry.occurred_on, entry.known_on))

    def _leads(self, entry: Entry, after: Sequence[Entry]) -> bool:
        """Nobody else answers for the step: one referent at a time."""
        step = pathway(after, self.today, self.today).steps.get(entry.enrolment or 0)
        return step is None or step.lead in (None, entry.organisation)

    def _follow_the_referent(self, before: Iterable[Entry], after: Iterable[Entry]) -> None:
        """Whoever accepts a transfer becomes the referent, and the former one no longer is; the other way round once undone."""
        was, now = (pathway(each, self.today, self.today) for each in (before, after))
        for key, step in now.steps.items():
            former, lead = was.steps[key].lead if key in was.steps else None, step.lead
            if former is None or lead is None or former == lead:
                continue
            self._end(former, key, LinkRole.REFERENT)
            self._end(lead, key, LinkRole.PARTNER)
            self._end(lead, key, LinkRole.CO_REFERENT)
            if step.lent is not None and step.lent.back_to == former:
                # The step comes back: meanwhile its former referent goes on seeing the person.
                self._open(former, key, LinkRole.CO_REFERENT, self._last_user(former, key), self.today)
            if not self._is_referent(lead, key):
                self._open(lead, key, LinkRole.REFERENT, self._in_charge(lead, key, now), self.today)

    def _in_charge(self, lead: Any, key: Any, folded: Pathway) -> int | None:
        """Who is in charge there: whoever acts, whoever the request named, whoever had the step before."""
        if lead == self.dossier.acting.organisation:
            return self.user_id
        asked = folded.steps[key].last("transfer_requested")
        named = asked.data.get("referent") if asked is not None and asked.organisation == lead else None
        return self._colleague(lead, named) or self._last_user(lead, key)

    def _follow_the_colleague(self, entry: Entry) -> None:
        """A colleague named referent has the step in their own list from that day."""
        organisation, named = self.dossier.acting.organisation, entry.data.get("referent")
        if entry.type not in {"referent_named", "transfer_accepted", ACCEPTED} or named is None:
            return
        user = self._colleague(organisation, named)
        # Somebody handed over has no step with their new referent yet: the link is to the person.
        where = None if entry.type == ACCEPTED else entry.enrolment
        of_the_place = [
            Link.person_id == self.person_id, Link.enrolment_id.is_not_distinct_from(where),
            Link.organisation_id == organisation, Link.ended_on.is_(None),
        ]
        links = db.session().scalars(sa.select(Link).where(*of_the_place, Link.role == LinkRole.REFERENT)).all()
        for link in links if user is not None else ():
            if link.started_on >= self.today:
                link.user_id = user
            elif link.user_id != user:
                link.ended_on, link.ended_recorded_at = self.today - ONE_DAY, clock.now()
                self._open(organisation, where, LinkRole.REFERENT, user, self.today)

    def _colleague(self, organisation: Any, named: Any) -> int | None:
        """The member of that organisation an entry names by their public id."""
        if named is None:
            return None
        query = (
            sa.select(User.id)
            .join(Membership, Membership.user_id == User.id)
            .where(sa.cast(User.public_id, sa.Text) == named, Membership.organisation_id == organisation)
            .limit(1)
        )
        return db.session().scalar(query)

    def _is_referent(self, organisation: Any, step: Any) -> bool:
        link = sa.exists().where(
            Link.enrolment_id == step,
            Link.organisation_id == organisation,
            Link.role == LinkRole.REFERENT,
            Link.ended_on.is_(None),
        )
        return bool(db.session().scalar(sa.select(link)))

    def _last_user(self, organisation: Any, step: Any) -> int | None:
        """Who in that organisation had the step before."""
        query = sa.select(Link.user_id).where(
            Link.enrolment_id == step, Link.organisation_id == organisation, Link.role == LinkRole.REFERENT
        )
        return db.session().scalar(query.order_by(Link.started_on.desc(), Link.id.desc()).limit(1))

    def _open(self, organisation: Any, step: Any, role: LinkRole, user: int | None, since: date) -> None:
        link = Link(
            person_id=self.person_id,
            enrolment_id=step,
            organisation_id=organisation,
            user_id=user,
            role=role,
            started_on=since,
        )
        db.session().add(link)
        db.session().flush()  # what follows ends or looks for links

    def _end(self, organisation: Any, step: Any, role: LinkRole, since: date | None = None) -> None:
        """``since``: only links that began that day or later."""
        db.session().execute(
            sa.update(Link)
            .where(
                Link.person_id == self.person_id,
                Link.enrolment_id.is_not_distinct_from(step),
                Link.organisation_id == organisation,
                Link.role == role,
                Link.ended_on.is_(None),
                *([Link.started_on >= since] if since is not None else []),
            )
            .values(ended_on=sa.func.greatest(Link.started_on, self.today), ended_recorded_at=clock.now())
        )


def _called(entries: Iterable[Entry]) -> list[Called]:
    """Who is called and has not answered: a transfer that was accepted or refused calls nobody any more."""
    found: dict[tuple[int, Any, LinkRole], Called] = {}
    entries = sorted(entries, key=lambda entry: (entry.occurred_on, entry.number))
    for entry in entries:
        step = entry.enrolment if isinstance(entry.enrolment, int) else None
        if entry.type in ANSWERS - {"transfer_requested"} and isinstance(entry.organisation, int):
            answered = [place for place in found if place[1:] == (step, LinkRole.PARTNER)]
            for place in answered:
                if place[0] == entry.organisation or entry.type == "transfer_withdrawn":
                    found.pop(place)
        organisation = called(entry.type, entry.data)
        if organisation is None or organisation == entry.organisation or entry.type == "handed_over":
            continue
        role = LinkRole.OPERATOR if entry.type == "prescribed" else LinkRole.PARTNER
        found.setdefault((organisation, step, role), Called(organisation, step, role, min(entry.occurred_on, entry.known_on)))
    return list(found.values())


def _held(passage: Passage, kinds: Mapping[int, str]) -> Iterator[Called]:
    """Who holds somebody who was handed over, beside the step, which may be over that day.

    The receiver from the sending on, as referent once it said yes, until it says no. The sender until the answer is yes: until
    then it answers for the person.
    """
    sent, sender, receiver = passage.sent, passage.sender, passage.receiver
    since = min(sent.occurred_on, sent.known_on)
    if isinstance(receiver, int) and passage.stage not in {Stage.REFUSED, Stage.WITHDRAWN}:
        said_yes = passage.answer if passage.stage is Stage.ACCEPTED else None
        role = LinkRole.REFERENT if said_yes is not None else LinkRole.PARTNER
        yield Called(receiver, None, role, min(said_yes.occurred_on, said_yes.known_on) if said_yes is not None else since)
    if isinstance(sender, int) and passage.stage is not Stage.ACCEPTED:
        yield Called(sender, None, LinkRole.CO_REFERENT if kinds.get(sender) in ACCOMPANYING else LinkRole.PARTNER, since)


def _role(entry: Entry, kind: str) -> LinkRole:
    if entry.type == "prescribed":
        return LinkRole.PRESCRIBER
    if kind in ACCOMPANYING:
        return LinkRole.REFERENT if SCHEMES[entry.scheme or ""].lead_rank is not None else LinkRole.CO_REFERENT
    return LinkRole.OPERATOR if kind in TRAINING_BODIES else LinkRole.PARTNER
