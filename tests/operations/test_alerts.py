"""An alert is owned, and closed with what came of it. It changes nothing but itself."""

import pytest
import sqlalchemy as sa

from pathways import clock
from pathways.errors import NotVisible, Refused, Stale
from pathways.models import Alert, AlertAction, Person
from pathways.operations.alerts import close_alert, hand_alert, reopen_alert, take_alert
from tests.factories import AlertFactory, LinkFactory, MembershipFactory, OrganisationFactory, PersonFactory


@pytest.fixture
def owned(session, frozen_clock):
    """An open alert of a mission locale, and one of its counsellors."""
    ml = OrganisationFactory()
    person = PersonFactory()
    LinkFactory(person=person, organisation=ml, enrolment=None)
    counsellor = MembershipFactory(organisation=ml)
    return AlertFactory(person=person, organisation=ml), ml, counsellor


def test_a_counsellor_takes_an_alert_then_closes_it_with_its_outcome(owned, session, acting_for):
    alert, ml, counsellor = owned

    with acting_for(ml):
        take_alert(alert.id, user_id=counsellor.user_id, organisation_id=ml.id)
        close_alert(alert.id, outcome="appointment_made", user_id=counsellor.user_id, organisation_id=ml.id)

    session.expire_all()
    after = session.get(Alert, alert.id)
    assert (after.owner_id, after.state, after.closed_on, after.outcome) == (
        counsellor.user_id,
        "resolved",
        clock.today(),
        "appointment_made",
    )
    assert session.scalars(sa.select(AlertAction.kind).order_by(AlertAction.id)).all() == ["taken", "closed"]


def test_dismissing_an_alert_takes_a_reason(owned, acting_for):
    alert, ml, counsellor = owned

    with acting_for(ml), pytest.raises(Refused) as refused:
        close_alert(alert.id, outcome="not_relevant", user_id=counsellor.user_id, organisation_id=ml.id, reason="  ")

    assert refused.value.codes == ("reason_missing",)


def test_an_alert_is_not_handed_to_a_stranger(owned, acting_for):
    alert, ml, counsellor = owned
    stranger = MembershipFactory()

    with acting_for(ml), pytest.raises(Refused) as refused:
        hand_alert(alert.id, to_user_id=stranger.user_id, user_id=counsellor.user_id, organisation_id=ml.id)

    assert refused.value.codes == ("not_a_colleague",)


def test_another_organisation_neither_sees_nor_closes_the_alert(owned, acting_for):
    alert, _ml, counsellor = owned
    elsewhere = OrganisationFactory()
    partner = OrganisationFactory(training_body=True)
    LinkFactory(person_id=alert.person_id, person=None, organisation=partner, enrolment=None)

    with acting_for(elsewhere), pytest.raises(NotVisible):
        close_alert(alert.id, outcome="excused", user_id=counsellor.user_id, organisation_id=elsewhere.id)
    with acting_for(partner), pytest.raises(Refused) as refused:
        close_alert(alert.id, outcome="excused", user_id=counsellor.user_id, organisation_id=partner.id)
    assert refused.value.codes == ("not_your_alert",)


def test_two_tabs_give_one_success_and_one_polite_refusal(owned, session, acting_for):
    alert, ml, counsellor = owned
    read = session.scalar(sa.select(Alert.version).where(Alert.id == alert.id))

    with acting_for(ml):
        take_alert(alert.id, user_id=counsellor.user_id, organisation_id=ml.id, version=read)
        with pytest.raises(Stale):
            close_alert(alert.id, outcome="excused", user_id=counsellor.user_id, organisation_id=ml.id, version=read)


def test_a_closing_of_ones_own_is_undone_while_nobody_did_anything_since(owned, session, acting_for):
    alert, ml, counsellor = owned

    with acting_for(ml):
        close_alert(alert.id, outcome="appointment_made", user_id=counsellor.user_id, organisation_id=ml.id)
        reopen_alert(alert.id, user_id=counsellor.user_id, organisation_id=ml.id)

    session.expire_all()
    after = session.get(Alert, alert.id)
    assert (after.state, after.closed_on, after.outcome) == ("new", None, None)
    assert session.scalars(sa.select(AlertAction.kind).order_by(AlertAction.id)).all() == ["closed", "reopened"]


def test_a_closing_by_somebody_else_stays(owned, session, acting_for):
    alert, ml, counsellor = owned
    colleague = MembershipFactory(organisation=ml)

    with acting_for(ml):
        close_alert(alert.id, outcome="appointment_made", user_id=colleague.user_id, organisation_id=ml.id)
        reopen_alert(alert.id, user_id=counsellor.user_id, organisation_id=ml.id)

    session.expire_all()
    assert session.get(Alert, alert.id).state == "resolved"


def test_a_closing_stays_once_another_alert_of_the_family_opened(owned, session, acting_for):
    alert, ml, counsellor = owned

    with acting_for(ml):
        close_alert(alert.id, outcome="appointment_made", user_id=counsellor.user_id, organisation_id=ml.id)
        AlertFactory(person=session.get(Person, alert.person_id), organisation=ml, family=alert.family)
        reopen_alert(alert.id, user_id=counsellor.user_id, organisation_id=ml.id)

    session.expire_all()
    assert session.get(Alert, alert.id).state == "resolved"
