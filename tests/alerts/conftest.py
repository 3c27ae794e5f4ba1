"""A counsellor who follows people, and signals that ask for something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from pathways import clock
from pathways.detection.alerting import Raised, end_alerts, raise_alerts
from pathways.detection.asking import Weight
from pathways.detection.budget import show_waiting
from pathways.detection.finding import Level
from pathways.models import Alert, AlertAction
from tests.factories import LinkFactory, MembershipFactory, OrganisationFactory, PersonFactory


@dataclass
class House:
    """A Mission locale, one of its counsellors, and the alerts raised there."""

    session: Any
    ml: Any
    counsellor: Any

    def follow(self, many: int = 1, user: int | None = None) -> list[Any]:
        """Persons the counsellor follows by name."""
        persons = PersonFactory.create_batch(many)
        for person in persons:
            LinkFactory(person=person, organisation=self.ml, user_id=user or self.counsellor.user_id, enrolment=None)
        return persons

    def rise(self, person: Any, day: date | None = None, *, level: Level = Level.ALERT, rule: str = "contact_silence",
             family: str = "contact", **weight: Any) -> Alert | None:
        """A signal of that rule rises for the person; returns the alert as it stands then."""
        known = {"raised_by": 0, "reserve": None, "fresh_on": None, "quiet_until": None} | weight
        owner = known.pop("owner", self.counsellor.user_id)
        shown = {"rule": rule, "version": "1", "values": {}, "evidence": []}
        raised = Raised(person.id, None, family, level, self.ml.id, owner, rule, Weight(**known), shown)
        asked = raise_alerts(self.session, [raised], day or clock.today(), clock.now())
        show_waiting(self.session, day or clock.today(), clock.now(), asked)
        return self.of(person, family)

    def end(self, person: Any, day: date | None = None) -> None:
        end_alerts(self.session, [person.id], day or clock.today(), clock.now())

    def of(self, person: Any, family: str = "contact") -> Alert | None:
        self.session.expire_all()
        query = sa.select(Alert).where(Alert.person_id == person.id, Alert.family == family).order_by(Alert.id.desc())
        return self.session.scalars(query).first()

    def log(self, alert: Alert) -> list[str]:
        query = sa.select(AlertAction.kind).where(AlertAction.alert_id == alert.id).order_by(AlertAction.at, AlertAction.id)
        return list(self.session.scalars(query))


@pytest.fixture
def house(session, frozen_clock) -> House:
    ml = OrganisationFactory()
    return House(session, ml, MembershipFactory(organisation=ml))


@pytest.fixture
def later(frozen_clock) -> Callable[[int], date]:
    """``later(3)``: three days pass."""

    def advance(days: int) -> date:
        frozen_clock.advance(days=days)
        return clock.today()

    return advance


def ago(days: int) -> date:
    return clock.today() - timedelta(days=days)
