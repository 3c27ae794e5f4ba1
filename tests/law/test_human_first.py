"""R16: what a human says outranks everything computed, needs no score, waits for no budget, and comes first in the list."""

import pytest

from pathways import clock, db
from pathways.detection.rule import RULES
from pathways.detection.settings import EVERY_RULE, switch_of
from pathways.models import AlertState, RuleReview, Setting
from pathways.operations.alerts import close_alert
from pathways.queries.worklist import ALL, WorkFilters, worklist
from pathways.sharing.visibility import Reader
from pathways.workflows.alert_life import Reserve
from tests.factories import EnrolmentFactory, JournalEntryFactory, LinkFactory, MembershipFactory, OrganisationFactory
from tests.law.conftest import Followed


def cry(followed):
    """The person asks for help on their own page."""
    followed.told("help_asked", 0, {"topic": "other"}, enrolment_id=None, user_id=None, recorded_at=clock.now())
    return followed.looked_at().alert()


def flag(followed, level=2):
    """A training body flags a difficulty of a step of its own: the mildest there is."""
    body = OrganisationFactory(training_body=True)
    step = EnrolmentFactory(person=followed.person, lead=body, in_training=True, opened_on=clock.today())
    LinkFactory(person=followed.person, organisation=body, enrolment_id=step.id)
    more = {"organisation": body, "enrolment_id": step.id, "user_id": MembershipFactory(organisation=body).user_id}
    given = {"person": followed.person, "occurred_on": clock.today(), "recorded_at": clock.now()}
    JournalEntryFactory(**given, **more, type="entered", payload={"planned_end": "2026-12-01"})
    JournalEntryFactory(**given, **more, type="risk_flag", payload={"dimension": "organisation_personnelle", "level": level})
    return followed.looked_at().alert("training_risk")


@pytest.mark.parametrize(("said", "rank"), [(cry, 2), (flag, 1)])
def test_it_is_shown_at_once_for_a_reason_of_its_own(followed, said, rank):
    alert = said(followed)

    assert (alert.state, alert.reserve, alert.raised_by) == (AlertState.NEW, Reserve.HUMAN, rank)
    assert alert.due_on is not None


def test_nothing_holds_it_back(followed, session, frozen_clock):
    """Neither a closing of yesterday, nor an exchange, nor a rule under review, nor the absence of any detection."""
    close_alert(followed.looked_at().alert().id, outcome="not_relevant", reason="Vu hier", **followed.by)
    frozen_clock.advance(days=1)
    followed.record("contact", {"channel": "phone"})
    session.add(RuleReview(organisation_id=followed.ml.id, rule="help_asked", alerts=50, irrelevant=40))
    session.add(Setting(name=switch_of(EVERY_RULE), value=False, valid_from=clock.today(), organisation_id=followed.ml.id))
    session.flush()
    frozen_clock.advance(days=1)

    assert cry(followed).state is AlertState.NEW


def test_it_comes_first_in_the_list_before_anything_computed_whatever_its_level(session, frozen_clock):
    ml = OrganisationFactory()
    computed, flagged, asked = (Followed(ml) for _ in range(3))
    for each in (computed, flagged, asked):
        each.looked_at()
    computed.told("appointment", 9, {"status": "noshow"})
    computed.told("appointment", 6, {"status": "noshow"})
    computed.told("appointment", 3, {"status": "noshow"})
    assert computed.looked_at().alert().level == "critical"
    flag(flagged)
    cry(asked)

    reader = Reader(ml.id, clock.today(), user_id=asked.counsellor)
    with db.acting_for(ml.id, asked.counsellor):
        rows = worklist(reader, WorkFilters(scope=ALL)).rows

    assert [row.id for row in rows] == [asked.person.id, flagged.person.id, computed.person.id]


def test_no_rule_that_repeats_a_human_reads_a_measure_of_other_rules():
    """It is raised by what was said, at the level that was said: the ranks of rules come after it."""
    said = [rule for rule in RULES.values() if rule.raised_by]

    assert {rule.id: rule.raised_by for rule in said} == {"help_asked": 2, "appointment_declined": 2, "training_risk_flag": 1}
    assert all(rule.is_required for rule in said)
