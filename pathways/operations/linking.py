"""Who accompanies the person, as entries say: an organisation has access from the day it declares, or is called, on."""

from collections.abc import Collection, Iterable, Sequence
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
from pathways.workflows.fold import pathway
from pathways.workflows.schemes import SCHEMES

ANSWERS = frozenset({"transfer_requested", "transfer_accepted", "transfer_refused"})


@dataclass(frozen=True, slots=True)
class Called:
    """One organisation that an entry calls, in which capacity, and from which day. ``step`` None: to the person."""

    organisation: int
    step: int | None
    role: LinkRole
    since: date


class Linking:
    """The links of one person while entries are added to a dossier."""

    def __init__(
        self, person_id: int, user_id: int | None, dossier: Opened, today: date, linked: Collection[Any] = ()
    ) -> None:
        """``linked``: steps the organisation is known to accompany already; the others are looked up."""
        self.person_id, self.user_id, self.dossier, self.today, self.linked = person_id, user_id, dossier, today, linked

    def follow(self, added: Sequence[Entry]) -> None:
        """Opens and ends links so that they say what the journal says, now that these entries are in it."""
        for entry in added:
            if entry.enrolment is not None and entry.type not in ABOUT_THE_PERSON:
                self._link_oneself(entry)
        before = standing(self.dossier.entries, self.today)
        after = standing([*self.dossier.entries, *added], self.today)
        was, now = _called(before), _called(after)
        for each in now:
            if each not in was:
                self._open(each.organisation, each.step, each.role, None, each.since)
        for each in was:
            if each not in now:
                self._end(each.organisation, each.step, each.role)
        if {entry.id for entry in before if entry.type in ANSWERS} != {entry.id for entry in after if entry.type in ANSWERS}:
            self._follow_the_referent(before, after)
        for entry in added:
            self._follow_the_colleague(entry)
        db.session().flush()  # row-level security reads links: the answer page must see the step

    def _link_oneself(self, entry: Entry) -> None:
        """The organisation that declares on a step accompanies the person from then on: its access opens with its part."""
        organisation, session = self.dossier.acting.organisation, db.session()
        if entry.enrolment in self.linked:
            return
        of_the_step = sa.and_(Link.enrolment_id == entry.enrolment, Link.organisation_id == organisation, Link.ended_on.is_(None))
        if session.scalar(sa.select(sa.exists().where(of_the_step))):
            return
        role = _role(entry, self.dossier.acting.kind)
        self._open(organisation, entry.enrolment, role, self.user_id, min(entry.occurred_on, entry.known_on))

    def _follow_the_referent(self, before: Iterable[Entry], after: Iterable[Entry]) -> None:
        """Whoever accepts a transfer becomes the referent, and the former one no longer is; the other way round once undone."""
        led, leads = (
            {step.key: step.lead for step in pathway(each, self.today, self.today).steps.values()} for each in (before, after)
        )
        for step, lead in leads.items():
            former = led.get(step)
            if former is None or lead is None or former == lead:
                continue
            self._end(former, step, LinkRole.REFERENT)
            self._end(lead, step, LinkRole.PARTNER)
            if self._is_referent(lead, step):
                continue
            own = lead == self.dossier.acting.organisation
            self._open(lead, step, LinkRole.REFERENT, self.user_id if own else self._last_user(lead, step), self.today)

    def _follow_the_colleague(self, entry: Entry) -> None:
        """A colleague named referent has the step in their own list from that day."""
        organisation, named = self.dossier.acting.organisation, entry.data.get("referent")
        if entry.type not in {"referent_named", "transfer_accepted"} or named is None:
            return
        session = db.session()
        user = session.scalar(
            sa.select(User.id)
            .join(Membership, Membership.user_id == User.id)
            .where(sa.cast(User.public_id, sa.Text) == named, Membership.organisation_id == organisation)
            .limit(1)
        )
        of_the_step = [Link.enrolment_id == entry.enrolment, Link.organisation_id == organisation, Link.ended_on.is_(None)]
        links = session.scalars(sa.select(Link).where(*of_the_step, Link.role == LinkRole.REFERENT)).all()
        for link in links if user is not None else ():
            if link.started_on >= self.today:
                link.user_id = user
            elif link.user_id != user:
                link.ended_on, link.ended_recorded_at = self.today - ONE_DAY, clock.now()
                self._open(organisation, entry.enrolment, LinkRole.REFERENT, user, self.today)

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

    def _end(self, organisation: Any, step: Any, role: LinkRole) -> None:
        db.session().execute(
            sa.update(Link)
            .where(
                Link.person_id == self.person_id,
                Link.enrolment_id.is_not_distinct_from(step),
                Link.organisation_id == organisation,
                Link.role == role,
                Link.ended_on.is_(None),
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
            found.pop((entry.organisation, step, LinkRole.PARTNER), None)
        organisation = called(entry.type, entry.data)
        if organisation is None or organisation == entry.organisation:
            continue
        role = LinkRole.OPERATOR if entry.type == "prescribed" else LinkRole.PARTNER
        # Handed over, a step may end that day: the link is to the person, and outlives it.
        where = None if entry.type == "handed_over" else step
        found.setdefault((organisation, where, role), Called(organisation, where, role, min(entry.occurred_on, entry.known_on)))
    return list(found.values())


def _role(entry: Entry, kind: str) -> LinkRole:
    if entry.type == "prescribed":
        return LinkRole.PRESCRIBER
    if kind in ACCOMPANYING:
        return LinkRole.REFERENT if SCHEMES[entry.scheme or ""].lead_rank is not None else LinkRole.CO_REFERENT
    return LinkRole.OPERATOR if kind in TRAINING_BODIES else LinkRole.PARTNER
