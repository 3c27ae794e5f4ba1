"""The first file of an organisation is a baseline: its alerts wait for a review, without a due date."""

import pytest
import sqlalchemy as sa

from pathways.detection.sweep import sweep
from pathways.errors import Refused
from pathways.models import Alert, AlertAction
from pathways.operations.feeds import put_away, take_up
from tests.exchange.dossiers_apprenants.conftest import a_row
from tests.factories import UserFactory

BROKEN = {"contrat_date_rupture": "2026-02-16", "cause_rupture_contrat": "démission"}


def alerts(session):
    session.expire_all()
    return session.scalars(sa.select(Alert).order_by(Alert.id)).all()


def test_alerts_of_the_first_file_have_no_due_date_and_name_the_file(centre, session):
    report = centre.send(*(a_row(n, **BROKEN) for n in range(3)))

    assert report.baseline
    assert len(alerts(session)) >= 3
    assert {(alert.due_on, alert.baseline is None, alert.organisation_id) for alert in alerts(session)} == {
        (None, False, centre.cfa.id)
    }


def test_alerts_of_the_next_file_are_ordinary(centre, session):
    centre.send(a_row(1))

    report = centre.send(a_row(1), a_row(2, **BROKEN))

    assert not report.baseline
    assert {alert.baseline for alert in alerts(session)} == {None}
    assert all(alert.due_on for alert in alerts(session))


def test_a_file_that_took_nothing_is_not_the_first(centre):
    centre.send(a_row(1, sexe_apprenant="Z"))

    assert centre.send(a_row(1)).baseline


def test_the_same_learner_twice_in_the_first_file_stays_in_the_baseline(centre, session):
    centre.send(a_row(1), a_row(1, **BROKEN))

    assert None not in {alert.baseline for alert in alerts(session)}


def test_something_new_of_its_family_makes_a_baseline_alert_an_ordinary_one(centre, session, frozen_clock):
    centre.send(a_row(1, **BROKEN))
    (alert,) = [each for each in alerts(session) if each.family == "contract"]
    level = alert.level

    frozen_clock.advance(days=45)
    sweep(frozen_clock.today)

    (alert,) = [each for each in alerts(session) if each.family == "contract"]
    assert (alert.baseline, alert.due_on is not None, alert.level >= level) == (None, True, True)


def test_a_night_without_news_leaves_the_baseline_alone(centre, session, frozen_clock):
    centre.send(a_row(1, **BROKEN))
    before = [(alert.id, alert.baseline, alert.due_on, alert.version) for alert in alerts(session)]

    frozen_clock.advance(days=1)
    sweep(frozen_clock.today, full=True)

    assert [(alert.id, alert.baseline, alert.due_on, alert.version) for alert in alerts(session)] == before


def test_what_is_taken_up_is_due_from_today_and_what_is_put_away_is_closed(centre, session):
    centre.send(a_row(1, **BROKEN), a_row(2, **BROKEN))
    user = UserFactory()
    who = {"user_id": user.id, "organisation_id": centre.cfa.id}
    first, *others = [alert.public_id for alert in alerts(session)]

    assert take_up([first], **who) == 1
    assert put_away(others, outcome="already_handled", reason="Vus en juin", **who) == len(others)
    assert take_up([first, *others], **who) == 0

    up, *away = alerts(session)
    assert (up.baseline, up.due_on > centre.person().evaluated_day, up.state) == (None, True, "new")
    assert {(alert.state, alert.outcome) for alert in away} == {("dismissed", "already_handled")}
    kinds = session.scalars(sa.select(AlertAction.kind).order_by(AlertAction.kind)).all()
    assert kinds == [*["dismissed"] * len(others), *["proposed"] * (len(others) + 1), "taken_up"]


def test_nothing_chosen_is_refused(centre, session):
    with pytest.raises(Refused, match="nothing_chosen"):
        take_up([], user_id=1, organisation_id=centre.cfa.id)
