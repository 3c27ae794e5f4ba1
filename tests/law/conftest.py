"""Somebody a mission locale follows, told by real declarations and judged by the real rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.detection.sweep import evaluate_now
from pathways.models import Alert, AlertAction, Signal
from pathways.operations.recording import record_event
from tests.factories import (
    EnrolmentFactory,
    JournalEntryFactory,
    LinkFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
)

SILENT = 100
"""Days without a contact in a PACEA: more than twice what is allowed."""


@dataclass
class Followed:
    """A person in a PACEA for a while, without a contact for ``SILENT`` days; nobody has looked yet."""

    ml: Any = field(default_factory=OrganisationFactory)

    def __post_init__(self) -> None:
        self.counsellor = MembershipFactory(organisation=self.ml).user_id
        self.person = PersonFactory()
        began = clock.today() - timedelta(days=SILENT + 200)
        self.step = EnrolmentFactory(person=self.person, lead=self.ml, opened_on=began, state_since=began)
        LinkFactory(
            person=self.person, organisation=self.ml, user_id=self.counsellor, enrolment_id=self.step.id, started_on=began
        )
        self.told("accompaniment_started", SILENT + 200)
        self.last = self.told("contact", SILENT, {"channel": "phone"})

    def told(self, event: str, days_ago: int, data: dict[str, Any] | None = None, **more: Any) -> Any:
        """An entry known the day it happened."""
        on = clock.today() - timedelta(days=days_ago)
        given = {"type": event, "occurred_on": on, "recorded_at": clock.noon(on), "payload": data or {}}
        given |= {"user_id": self.counsellor, "enrolment_id": self.step.id}
        return JournalEntryFactory(person=self.person, organisation=self.ml, **(given | more))

    def looked_at(self) -> Followed:
        """The evaluation of today."""
        with db.atomic():
            evaluate_now(self.person.id, clock.today())
        db.session().expire_all()
        return self

    def record(self, event: str, data: dict[str, Any] | None = None, *, step: bool = True, **more: Any) -> int:
        """What a screen does."""
        with db.acting_for(self.ml.id, self.counsellor):
            return record_event(
                person_id=self.person.id, type=event, occurred_on=clock.today(), data=data or {},
                enrolment_id=self.step.id if step else None, **(self.by | more),
            )  # fmt: skip

    def alert(self, family: str = "contact") -> Alert | None:
        session = db.session()
        session.expire_all()
        return session.scalars(
            sa.select(Alert).where(Alert.person_id == self.person.id, Alert.family == family).order_by(Alert.id.desc())
        ).first()

    def log(self, alert: Alert) -> list[AlertAction]:
        return list(db.session().scalars(sa.select(AlertAction).where(AlertAction.alert_id == alert.id).order_by(AlertAction.id)))

    def holding(self) -> set[str]:
        """The rules whose signal is open."""
        db.session().expire_all()
        return set(db.session().scalars(sa.select(Signal.rule).where(
            Signal.person_id == self.person.id, Signal.closed_on.is_(None)
        )))  # fmt: skip

    @property
    def by(self) -> dict[str, int]:
        return {"user_id": self.counsellor, "organisation_id": self.ml.id}


@pytest.fixture
def followed(session, frozen_clock) -> Followed:
    return Followed()
