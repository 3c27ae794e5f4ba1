"""An alert in each state, with the log that brought it there, and everybody who may try to move it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from pathways import clock, db
from pathways.models import Alert, AlertAction, AlertState, FeedRun
from pathways.operations import alerts
from pathways.operations.feeds import take_up
from pathways.operations.reassigning import reassign_alerts
from pathways.operations.recording import record_event
from pathways.workflows.alert_life import MOVES, Actor
from tests.factories import (
    AlertFactory,
    EnrolmentFactory,
    JournalEntryFactory,
    LinkFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
)

S = AlertState
HUMAN = [
    move.kind for move in MOVES if move.actor in (Actor.MEMBER, Actor.CLOSER) and move.kind != "handing_undone"
]  # fmt: skip
"""Every move of a human; what undoes a batch that changed hands is tried where batches are."""
BEFORE = timedelta(days=1)


def said(alert: Alert, kind: str, user_id: int | None = None, **data: Any) -> AlertAction:
    """One more line of the alert's log, an hour after the one before."""
    line = AlertAction(alert_id=alert.id, kind=kind, user_id=user_id, data=data, at=clock.now() - BEFORE)
    session = db.session()
    session.add(line)
    session.flush()
    return line


@dataclass
class House:
    """A mission locale, the person it follows, an owner and a colleague; a body that sees the person, and one that does not."""

    ml: Any = field(default_factory=OrganisationFactory)
    body: Any = field(default_factory=lambda: OrganisationFactory(training_body=True))
    elsewhere: Any = field(default_factory=OrganisationFactory)

    def __post_init__(self) -> None:
        self.owner, self.colleague, self.third = (MembershipFactory(organisation=self.ml).user_id for _ in range(3))
        self.partner = MembershipFactory(organisation=self.body).user_id
        self.stranger = MembershipFactory(organisation=self.elsewhere).user_id
        self.person = PersonFactory()
        self.step = EnrolmentFactory(person=self.person, lead=self.ml)
        began = {"type": "accompaniment_started", "occurred_on": self.step.opened_on}
        JournalEntryFactory(person=self.person, organisation=self.ml, enrolment_id=self.step.id, **began)
        self.contact = JournalEntryFactory(
            person=self.person, organisation=self.ml, enrolment_id=self.step.id, type="contact", user_id=self.owner,
            occurred_on=clock.today() - BEFORE, recorded_at=clock.now() - BEFORE,
        )  # fmt: skip
        LinkFactory(person=self.person, organisation=self.ml, user_id=self.owner, enrolment_id=self.step.id)
        LinkFactory(person=self.person, organisation=self.body)

    def actors(self) -> dict[str, tuple[Any, int]]:
        """Who tries, for which organisation."""
        return {
            "owner": (self.ml, self.owner),
            "colleague": (self.ml, self.colleague),
            "other organisation": (self.body, self.partner),
            "stranger": (self.elsewhere, self.stranger),
        }

    def alert(self, state: AlertState, **more: Any) -> Alert:
        """The person's alert in that state, with the lines that led to it."""
        yesterday = clock.today() - BEFORE
        fields: dict[str, Any] = {"state": state, "opened_on": yesterday}
        if state is S.PROPOSED:
            fields |= {"held_for": "review", "shown_on": None, "due_on": None, "baseline": _baseline(self.ml.id)}
        if state in (S.ACKNOWLEDGED, S.IN_ACTION, S.PAUSED):
            fields["acknowledged_on"] = yesterday
        if state is S.IN_ACTION:
            fields["acted_on"] = yesterday
        if state is S.PAUSED:
            fields["paused_until"] = clock.today() + timedelta(days=5)
        if state in (S.RESOLVED, S.DISMISSED, S.EXPIRED):
            ends = {S.RESOLVED: "appointment_made", S.DISMISSED: "excused", S.EXPIRED: "no_longer_holds"}
            fields |= {"closed_on": clock.today(), "outcome": ends[state]}
        made = AlertFactory(person=self.person, organisation=self.ml, owner_id=self.owner, **(fields | more))
        said(made, "proposed")
        for kind in HISTORY[state]:
            by = None if kind in ("opened", "expired") else self.owner
            said(made, kind, by, **({"entry": self.contact.id} if kind == "acted" else {}))
        return made


HISTORY = {
    S.PROPOSED: (),
    S.NEW: ("opened",),
    S.ACKNOWLEDGED: ("opened", "taken"),
    S.IN_ACTION: ("opened", "acted"),
    S.PAUSED: ("opened", "paused"),
    S.RESOLVED: ("opened", "closed"),
    S.DISMISSED: ("opened", "dismissed"),
    S.EXPIRED: ("opened", "expired"),
}


def _baseline(organisation_id: int) -> int:
    run = FeedRun(organisation_id=organisation_id, file_name="dossiers.json", baseline=True)
    session = db.session()
    session.add(run)
    session.flush()
    return run.id


def attempt(house, alert, kind, organisation, user):
    """What each move is on a screen."""
    by = {"user_id": user, "organisation_id": organisation.id}
    record = {"person_id": house.person.id, "occurred_on": clock.today(), "enrolment_id": house.step.id, **by}
    moves = {
        "taken_up": lambda: take_up([alert.public_id], **by),
        "taken": lambda: alerts.take_alert(alert.id, **by),
        "handed": lambda: alerts.hand_alert(alert.id, to_user_id=house.third, **by),
        "left_to_nobody": lambda: reassign_alerts([(alert.public_id, 1)], to_user_id=None, reason="conge", **by),
        "acted": lambda: record_event(type="contact", data={"channel": "phone"}, **record),
        "act_undone": lambda: record_event(
            type="retracted", data={"reason": "undone"}, retracts=house.contact.id, **record
        ),
        "paused": lambda: alerts.pause_alert(alert.id, until=clock.today() + timedelta(days=7), reason="waiting_reply", **by),
        "resumed": lambda: alerts.resume_alert(alert.id, **by),
        "closed": lambda: alerts.close_alert(alert.id, outcome="appointment_made", **by),
        "dismissed": lambda: alerts.close_alert(alert.id, outcome="not_relevant", reason="Doublon", **by),
        "reopened": lambda: alerts.reopen_alert(alert.id, **by),
    }  # fmt: skip
    return moves[kind]()
