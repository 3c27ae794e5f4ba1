"""R2: no page, export or list gives alerts or signals to an employer, a funder or an observer, and none of them is ever asked."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.detection.reading import NEVER_ASKED
from pathways.detection.sweep import evaluate_now
from pathways.exchange.tables.layout import TABLES
from pathways.models import Alert, Kind
from pathways.sharing.matrix import MATRIX, Cell, Group, Place, kinds_in
from pathways.sharing.visibility import TOLD_NOTHING
from tests.factories import AlertFactory, LinkFactory, OrganisationFactory, SignalFactory
from tests.law.conftest import Followed
from tests.views.conftest import app, client, sign_in
from tests.walls.marked import marked
from tests.walls.walking import walk

__all__ = ["app", "client", "sign_in"]
BLIND = [place for place in Place if MATRIX[place][Group.SIGNALS] is Cell.NONE]
"""What an organisation may be to a person and read no signal."""


def test_who_reads_no_signal_is_who_the_law_names():
    assert set(BLIND) == {Place.EMPLOYER, Place.FUNDER, Place.WATCHER}


def told(case, organisation=None, *, of_the_step=True):
    """A signal of the person and the alert somebody is asked about: three marks to look for."""
    values = {"since": "2031-12-07", "allowed": 45, "began": "contact", "spoken": True}
    step = case.step.id if of_the_step else None
    SignalFactory(person=case.person, enrolment_id=step, details=values)
    due, asked = clock.today() + timedelta(days=2113), organisation or OrganisationFactory()
    LinkFactory(person=case.person, organisation=asked)
    alert = AlertFactory(person=case.person, organisation=asked, enrolment_id=step, due_on=due)
    return re.compile(rf"7\s+décembre\s+2031|{alert.public_id}|{due.day}\s+\w+\s+{due.year}")


def readings(app, client, case, marks):
    return {each.rule.rule for each in walk(app, client, case) if marks.search(each.text.replace("\u00a0", " "))}


@pytest.mark.parametrize("kind", [kinds_in(place)[0] for place in BLIND])
def test_no_page_shows_an_alert_or_a_signal_to_them(kind, app, sign_in, frozen_clock):
    case = marked(kind)
    marks = told(case)

    assert readings(app, sign_in(case.user()), case, marks) == set()


def test_a_training_body_reads_nothing_of_what_is_asked_about_the_person_as_a_whole(app, sign_in, frozen_clock):
    case = marked(Kind.ORGANISME_FORMATION)
    marks = told(case, of_the_step=False)

    assert readings(app, sign_in(case.user()), case, marks) == set()


def test_the_same_walk_finds_them_where_somebody_is_to_act(app, sign_in, frozen_clock):
    case = marked(Kind.MISSION_LOCALE, leads=True)
    marks = told(case, case.organisation)

    assert len(readings(app, sign_in(case.user()), case, marks)) > 2


@pytest.mark.parametrize("kind", [kind for place in BLIND for kind in kinds_in(place)])
def test_none_of_them_is_ever_asked_to_act(session, frozen_clock, kind):
    followed = Followed(OrganisationFactory(kind=kind))

    with db.atomic():
        evaluate_now(followed.person.id, clock.today())

    assert session.scalar(sa.select(sa.func.count()).select_from(Alert)) == 0


def test_who_is_never_asked_is_who_reads_no_signal():
    assert set(NEVER_ASKED) == set(TOLD_NOTHING)


def test_no_table_that_leaves_the_system_holds_alerts_or_signals():
    assert TABLES.keys() & {"alert", "alerts", "signal", "signals", "alert_action", "rule_record"} == set()
