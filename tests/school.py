"""A training body with its trainees and groups, told with few words: what tests of groups, sheets and flags are written in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from pathways import clock, db
from pathways.models import Enrolment, GroupMember, LinkRole, Organisation, Person, Role, TrainingGroup, User
from tests.factories import EnrolmentFactory, JournalEntryFactory, LinkFactory, OrganisationFactory, PersonFactory, days_ago
from tests.scene import account

VISA = "PRF_VISA_METIERS"


@dataclass
class Pupil:
    """One trainee: the person, and their step at the body."""

    person: Person
    step: Enrolment

    @property
    def name(self) -> str:
        return f"{self.person.given_name} {self.person.family_name}"


class School:
    """A body with a trainer, and the Mission locale whose counsellor accompanies its trainees."""

    def __init__(self, *, cfa: bool = False) -> None:
        self.ml = OrganisationFactory(town="Mission locale du Pays de Retz", phone="+33240020202")
        self.body: Organisation = OrganisationFactory(**({"cfa": True} if cfa else {"training_body": True}))
        self.counsellor: User = account(self.ml, "Claire Moreau", "claire@exemple.fr")
        self.trainer: User = account(self.body, "Karim Benali", "karim@exemple.fr", Role.FORMATEUR_REFERENT)

    def pupil(self, given: str, *, state: str = "in_training", since: int = 60, **person) -> Pupil:
        """Prescribed by the Mission locale; ``state`` says how far they are; ``since``: days since the state."""
        who = PersonFactory(given_name=given, **person)
        dates = {"planned_start": days_ago(since), "planned_end": days_ago(since - 200)}
        step = EnrolmentFactory(
            person=who, lead=self.body, scheme=VISA, state=state, state_since=days_ago(since), opened_on=days_ago(since + 20),
            operator_id=self.body.id, prescriber_id=self.ml.id, **dates,
        )  # fmt: skip
        LinkFactory(person=who, organisation=self.ml, user=self.counsellor)
        LinkFactory(person=who, organisation=self.body, enrolment_id=step.id, role=LinkRole.OPERATOR)
        told = [(since + 20, "prescribed", self.ml, {})]
        if state == "waitlisted":
            told.append((since, "waitlisted", self.body, {}))
        if state in {"admitted", "in_training"}:
            told.append((since + 5, "admitted", self.body, {name: day.isoformat() for name, day in dates.items()}))
        if state == "in_training":
            told.append((since, "entered", self.body, {}))
        for ago, event, by, payload in told:
            self.tell(Pupil(who, step), event, ago, payload, by=by)
        return Pupil(who, step)

    def tell(self, pupil: Pupil, event: str, ago: int, payload=None, *, by: Organisation | None = None, user=None):
        return JournalEntryFactory(
            person=pupil.person, organisation=by or self.body, enrolment_id=pupil.step.id, type=event, occurred_on=days_ago(ago),
            payload=payload or {}, user_id=user.id if user else None,
        )  # fmt: skip

    def group(self, *pupils: Pupil, name: str = "Visa Métiers, printemps", since: int = 60, trainer: User | None = None):
        group = TrainingGroup(
            organisation_id=self.body.id, name=name, scheme=VISA, starts_on=days_ago(since), ends_on=days_ago(since - 200),
            trainer_id=(trainer or self.trainer).id,
        )  # fmt: skip
        with db.atomic() as session, db.as_system():
            session.add(group)
            session.flush()
            ids = {"group_id": group.id, "organisation_id": self.body.id}
            session.add_all(GroupMember(**ids, enrolment_id=each.step.id, joined_on=days_ago(since)) for each in pupils)
            session.flush()
            session.refresh(group)
            session.expunge(group)
        return group


def monday(weeks_ago: int) -> date:
    """The Monday so many weeks before this one's."""
    today = clock.today()
    return today - timedelta(days=today.weekday() + 7 * weeks_ago)


def plain(page) -> str:
    """The text of a page with ordinary spaces, as one would search it."""
    return page.text.replace("\u00a0", " ").replace("\u202f", " ").replace("&nbsp;", " ")
