"""Recording a fact: what follows at once, what is refused and with which reasons."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.detection.sweep import sweep
from pathways.errors import NotVisible, Refused
from pathways.models import Alert, Enrolment, JournalEntry, Link, Signal
from pathways.operations.possibilities import possible_events
from pathways.operations.recording import record_event
from pathways.queries.outlook import outlook
from tests.factories import LinkFactory, OrganisationFactory, PersonFactory


@pytest.fixture
def counsel(session, frozen_clock, acting_for):
    """A mission locale with a person of 19 that it may see, and a way to record for it."""

    class Counsel:
        def __init__(self):
            self.ml = OrganisationFactory()
            self.person = PersonFactory(birth_date=date(2006, 5, 17))
            LinkFactory(person=self.person, organisation=self.ml, enrolment=None)
            with db.as_system():
                record_event(
                    person_id=self.person.id,
                    type="identity_stated",
                    occurred_on=clock.today(),
                    data={"born": date(2006, 5, 17)},
                    organisation_id=self.ml.id,
                )

        def record(self, event, *, on=None, org=None, **details):
            which = {name: details.pop(name) for name in ("enrolment_id", "scheme", "retracts") if name in details}
            organisation = org or self.ml
            with acting_for(organisation):
                return record_event(
                    person_id=self.person.id,
                    type=event,
                    occurred_on=on or clock.today(),
                    data=details,
                    organisation_id=organisation.id,
                    **which,
                )

        def open_pacea(self, on=None):
            self.record("orientation_notified", scheme="PACEA", on=on)
            enrolment = session.scalars(sa.select(Enrolment).where(Enrolment.person_id == self.person.id)).one()
            return enrolment.id

    return Counsel()


def state_of(session, enrolment_id):
    session.expire_all()
    return session.get(Enrolment, enrolment_id).state


def test_the_first_event_of_a_scheme_opens_the_step_and_its_link(counsel, session):
    pacea = counsel.open_pacea()

    enrolment = session.get(Enrolment, pacea)
    assert (enrolment.scheme, enrolment.state, enrolment.lead_organisation_id) == ("PACEA", "oriented", counsel.ml.id)
    assert session.scalars(sa.select(Link.role).where(Link.enrolment_id == pacea)).all() == ["referent"]


def test_a_signature_moves_the_step_and_dates_its_cap(counsel, session):
    pacea = counsel.open_pacea()

    counsel.record("engagement_signed", enrolment_id=pacea)

    assert state_of(session, pacea) == "signed"
    assert session.get(Enrolment, pacea).cap_on == date(2028, 3, 1)


def test_a_refusal_gives_every_reason_at_once_and_writes_nothing(counsel, session):
    pacea = counsel.open_pacea()
    before = session.scalar(sa.select(sa.func.count(JournalEntry.id)))
    body = OrganisationFactory(training_body=True)
    LinkFactory(person=counsel.person, organisation=body, enrolment=None)

    with pytest.raises(Refused) as refused:
        counsel.record("phase_started", enrolment_id=pacea, org=body, n=1, planned_end=date(2026, 6, 1))

    assert refused.value.codes == ("not_yours_to_declare", "not_from_this_state")
    assert refused.value.reasons[1].values["possible"][0] == "assessment"
    assert session.scalar(sa.select(sa.func.count(JournalEntry.id))) == before


def test_a_faulty_form_names_each_field(counsel):
    pacea = counsel.open_pacea()

    with pytest.raises(Refused) as refused:
        counsel.record("obstacle", enrolment_id=pacea, theme="argent", colour="red")

    assert {reason.code for reason in refused.value.reasons} == {"field_invalid", "field_missing", "unknown_field"}


def test_a_social_security_number_is_refused_wherever_it_is_typed(counsel):
    pacea = counsel.open_pacea()

    with pytest.raises(Refused) as refused:
        counsel.record("contact", enrolment_id=pacea, note="son numéro : 2 55 08 14 168 025 38")

    assert refused.value.codes == ("nir_refused",)


def test_nobody_records_about_a_stranger(counsel):
    elsewhere = OrganisationFactory()

    with pytest.raises(NotVisible):
        counsel.record("contact", org=elsewhere, enrolment_id=1)


def test_an_event_to_come_is_not_declared_from_a_screen(counsel):
    pacea = counsel.open_pacea()

    with pytest.raises(Refused) as refused:
        counsel.record("contact", enrolment_id=pacea, on=clock.today() + timedelta(days=1))

    assert refused.value.codes == ("day_to_come",)


def test_silence_shows_on_its_day_opens_an_alert_with_a_deadline_and_a_contact_ends_both(counsel, session, frozen_clock):
    pacea = counsel.open_pacea()
    counsel.record("engagement_signed", enrolment_id=pacea)
    counsel.record("phase_started", enrolment_id=pacea, n=1, planned_end=date(2026, 8, 31))

    frozen_clock.advance(days=45)
    sweep(clock.today())
    assert session.scalars(sa.select(Signal.rule).where(Signal.closed_on.is_(None))).all() == []

    frozen_clock.advance(days=1)
    sweep(clock.today())
    (silence,) = session.scalars(sa.select(Signal).where(Signal.closed_on.is_(None))).all()
    assert (silence.rule, silence.level, silence.shown_on, silence.since_on) == (
        "contact_silence",
        "watch",
        date(2026, 4, 17),
        date(2026, 4, 17),
    )
    (alert,) = session.scalars(sa.select(Alert)).all()
    assert (alert.family, alert.state, alert.organisation_id, alert.due_on) == (
        "contact",
        "new",
        counsel.ml.id,
        date(2026, 5, 4),
    )

    counsel.record("contact", enrolment_id=pacea)
    session.expire_all()
    assert (silence.closed_on, silence.close_reason) == (clock.today(), "ended")
    assert (alert.state, alert.outcome) == ("resolved", "no_longer_holds")


def test_a_second_sweep_of_the_same_day_writes_nothing(counsel, session, frozen_clock, counting):
    pacea = counsel.open_pacea()
    counsel.record("engagement_signed", enrolment_id=pacea)

    frozen_clock.advance(days=60)
    sweep(clock.today())
    before = session.execute(sa.text("SELECT id, xmin FROM signal UNION ALL SELECT id, xmin FROM enrolment ORDER BY 1")).all()

    again = sweep(clock.today(), full=True)

    assert again.persons == 1
    assert (again.opened, again.closed) == (0, 0)
    assert (
        session.execute(sa.text("SELECT id, xmin FROM signal UNION ALL SELECT id, xmin FROM enrolment ORDER BY 1")).all()
        == before
    )


def test_a_retraction_puts_the_step_back_and_says_corrected(counsel, session, frozen_clock):
    pacea = counsel.open_pacea()
    signed = counsel.record("engagement_signed", enrolment_id=pacea)

    frozen_clock.advance(days=46)
    sweep(clock.today())
    assert session.scalars(sa.select(Signal.rule).where(Signal.rule == "contact_silence")).all()

    counsel.record("retracted", retracts=signed, enrolment_id=pacea, reason="erreur")

    assert state_of(session, pacea) == "oriented"
    silence = session.scalars(sa.select(Signal).where(Signal.rule == "contact_silence")).one()
    assert (silence.closed_on, silence.close_reason) == (clock.today(), "corrected")


def test_only_ones_own_entries_are_retracted_and_once(counsel):
    pacea = counsel.open_pacea()
    contact = counsel.record("contact", enrolment_id=pacea)
    other = OrganisationFactory(france_travail=True)
    LinkFactory(person=counsel.person, organisation=other, enrolment=None)

    with pytest.raises(Refused) as refused:
        counsel.record("retracted", retracts=contact, enrolment_id=pacea, reason="erreur", org=other)
    assert refused.value.codes == ("not_your_entry",)

    counsel.record("retracted", retracts=contact, enrolment_id=pacea, reason="erreur")
    with pytest.raises(Refused) as refused:
        counsel.record("retracted", retracts=contact, enrolment_id=pacea, reason="erreur")
    assert refused.value.codes == ("already_retracted",)


def test_closing_a_step_ends_its_links_and_taking_it_back_revives_them(counsel, session):
    pacea = counsel.open_pacea()
    closed = counsel.record("closed", enrolment_id=pacea, outcome="DEMENAGEMENT")
    link = session.scalars(sa.select(Link).where(Link.enrolment_id == pacea)).one()
    session.expire_all()
    assert link.ended_on == clock.today()

    counsel.record("retracted", retracts=closed, enrolment_id=pacea, reason="erreur")
    session.expire_all()
    assert link.ended_on is None
    assert state_of(session, pacea) == "oriented"


def test_what_may_be_declared_comes_with_the_reasons_of_the_rest(counsel, acting_for):
    pacea = counsel.open_pacea()

    with acting_for(counsel.ml):
        offered = possible_events(person_id=counsel.person.id, organisation_id=counsel.ml.id, on=clock.today())

    step = next(each for each in offered if each.enrolment_id == pacea)
    options = {option.event: option for option in step.options}
    assert options["engagement_signed"].allowed
    assert not options["phase_started"].allowed
    assert [reason.code for reason in options["phase_started"].reasons] == ["not_from_this_state"]
    assert "CSP" not in {each.scheme for each in offered if each.enrolment_id is None}


def test_if_nobody_acts_the_signature_falls_due(counsel, acting_for):
    counsel.open_pacea()

    with acting_for(counsel.ml):
        coming = outlook(counsel.person.id, clock.today())

    assert [(each.on, each.rule) for each in coming] == [(date(2026, 4, 3), "signature_overdue")]


def test_a_planned_appointment_is_declared_before_its_day_and_waits_for_it(counsel, session, frozen_clock):
    pacea = counsel.open_pacea()

    counsel.record("appointment", enrolment_id=pacea, on=clock.today() + timedelta(days=7), status="planned")
    with pytest.raises(Refused) as refused:
        counsel.record("appointment", enrolment_id=pacea, on=clock.today() + timedelta(days=7), status="seen")

    assert refused.value.codes == ("day_to_come",)


def test_what_is_to_come_is_told_as_it_will_be_said_that_day(counsel, acting_for):
    pacea = counsel.open_pacea()
    counsel.record("engagement_signed", enrolment_id=pacea)
    counsel.record("phase_started", enrolment_id=pacea, n=1, planned_end=date(2026, 12, 31))

    with acting_for(counsel.ml):
        silence = [each for each in outlook(counsel.person.id, clock.today(), horizon=120) if each.rule == "contact_silence"]

    assert [(each.on, each.level, each.values["allowed"]) for each in silence] == [
        (date(2026, 4, 17), "watch", 45),
        (date(2026, 6, 1), "alert", 90),
    ]
