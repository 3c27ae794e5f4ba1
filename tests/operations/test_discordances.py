"""Settling what organisations declare against each other."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.errors import NotVisible, Refused
from pathways.models import Enrolment, LinkRole, Signal
from pathways.operations.correction import Correction, correct
from pathways.operations.discordances import ask_to_check, confirm_entry, settle
from pathways.operations.recording import record_event
from tests.factories import LinkFactory, MembershipFactory, OrganisationFactory, PersonFactory, UserFactory

VISA = "PRF_VISA_METIERS"


class Quarrel:
    """A mission locale leads a PACEA and cancelled a course that the body says was entered."""

    def __init__(self):
        self.ml, self.body = OrganisationFactory(), OrganisationFactory(training_body=True)
        self.user = UserFactory()
        MembershipFactory(user=self.user, organisation=self.ml)
        self.person = PersonFactory(birth_date=date(2006, 5, 17))
        for organisation, role in ((self.ml, LinkRole.REFERENT), (self.body, LinkRole.OPERATOR)):
            LinkFactory(person=self.person, organisation=organisation, role=role)
        self.record("engagement_signed", 90, self.ml, scheme="PACEA")
        self.entered = self.record("entered", 20, self.body, scheme=VISA)
        self.step = db.session().scalar(sa.select(Enrolment.id).where(Enrolment.scheme == VISA))
        self.cancelled = self.record("cancelled", 5, self.ml, enrolment_id=self.step, data={"reason": "AUTRE"})

    def record(self, event, ago, by, data=None, **more):
        return record_event(
            person_id=self.person.id,
            type=event,
            occurred_on=clock.today() - timedelta(days=ago),
            data=data or {},
            organisation_id=by.id,
            **more,
        )

    def settle(self, by=None, entries=None):
        return settle(
            person_id=self.person.id,
            kind="does_not_apply",
            on=clock.today() - timedelta(days=5),
            entries=entries or [self.entered, self.cancelled],
            reason="verifie_organisme",
            organisation_id=(by or self.ml).id,
            user_id=self.user.id,
        )

    def who(self, by=None):
        return {"person_id": self.person.id, "organisation_id": (by or self.ml).id, "user_id": self.user.id}

    def open(self):
        query = sa.select(Signal.id).where(Signal.rule == "discordance", Signal.closed_on.is_(None))
        return len(db.session().scalars(query).all())


@pytest.fixture
def quarrel(session, frozen_clock):
    return Quarrel()


def test_settled_the_discordance_is_silent_and_no_state_moves(quarrel, session):
    assert quarrel.open() == 1
    quarrel.settle()

    assert quarrel.open() == 0
    assert session.get(Enrolment, quarrel.step).state == "in_training"


def test_another_contradiction_speaks_again(quarrel):
    quarrel.settle()
    quarrel.record("cancelled", 4, quarrel.ml, enrolment_id=quarrel.step, data={"reason": "AUTRE"})

    assert quarrel.open() == 1


def test_what_was_settled_by_mistake_is_open_again_once_taken_back(quarrel):
    settled = quarrel.settle()

    correct(Correction(settled, "autre"), **quarrel.who())

    assert quarrel.open() == 1


def test_the_organisation_that_answers_for_the_person_settles(quarrel):
    other = OrganisationFactory(france_travail=True)
    LinkFactory(person=quarrel.person, organisation=other, role=LinkRole.CO_REFERENT)

    with pytest.raises(Refused) as refused:
        quarrel.settle(by=other)

    assert refused.value.codes == ("not_the_lead",)


def test_there_is_nothing_left_to_settle_once_an_entry_was_taken_back(quarrel):
    correct(Correction(quarrel.cancelled, "doublon"), **quarrel.who())

    with pytest.raises(Refused) as refused:
        quarrel.settle()

    assert refused.value.codes == ("no_discordance",)


def test_one_asks_another_and_once_at_a_time(quarrel):
    ask_to_check(entry=quarrel.entered, reason="date", **quarrel.who())

    with pytest.raises(Refused) as refused:
        ask_to_check(entry=quarrel.entered, reason="date", **quarrel.who())
    assert refused.value.codes == ("already_asked",)

    confirm_entry(entry=quarrel.entered, **quarrel.who(quarrel.body))
    ask_to_check(entry=quarrel.entered, reason="doublon", **quarrel.who())


def test_one_does_not_ask_oneself_nor_answer_for_another(quarrel):
    for call, code in (
        (lambda: ask_to_check(entry=quarrel.cancelled, reason="date", **quarrel.who()), "your_own_entry"),
        (lambda: confirm_entry(entry=quarrel.entered, **quarrel.who()), "not_your_entry"),
        (lambda: confirm_entry(entry=quarrel.cancelled, **quarrel.who()), "not_asked"),
    ):
        with pytest.raises(Refused) as refused:
            call()
        assert refused.value.codes == (code,)


def test_nobody_is_asked_about_what_was_taken_back_or_never_was(quarrel):
    correct(Correction(quarrel.entered, "doublon"), **quarrel.who(quarrel.body))
    with pytest.raises(Refused) as refused:
        ask_to_check(entry=quarrel.entered, reason="date", **quarrel.who())
    assert refused.value.codes == ("already_retracted",)

    with pytest.raises(NotVisible):
        ask_to_check(entry=987_654, reason="date", **quarrel.who())
