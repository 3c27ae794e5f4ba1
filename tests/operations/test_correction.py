"""Correcting, taking back and putting back one's own entries; who is called by an entry, and who answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.errors import NotVisible, Refused, Stale
from pathways.models import Alert, Enrolment, JournalEntry, Link, LinkRole, Organisation, Person, Signal, User
from pathways.operations.correction import Correction, correct, effect_of
from pathways.operations.possibilities import possible_events
from pathways.operations.recording import Draft, record_entries
from tests.factories import LinkFactory, MembershipFactory, OrganisationFactory, PersonFactory, UserFactory

VISA = "PRF_VISA_METIERS"


@dataclass
class Desk:
    """A mission locale at work on one person."""

    ml: Organisation
    user: User
    person: Person
    steps: dict[str, int] = field(default_factory=dict)

    def record(self, event, scheme=None, *, ago=0, opens=False, by=None, user=None, **data):
        step = None if opens or scheme is None else self.steps[scheme]
        draft = Draft(event, clock.today() - timedelta(days=ago), data, step, scheme if opens else None)
        organisation = by or self.ml
        with db.acting_for(organisation.id):
            (entry,) = record_entries(
                [draft], person_id=self.person.id, organisation_id=organisation.id, user_id=(user or self.user).id
            )
        if opens:
            newest = sa.text("select max(id) from enrolment where person_id = :id")
            self.steps[scheme] = db.session().scalar(newest, {"id": self.person.id})
        return entry

    def do(self, correction, *, by=None, **more):
        organisation = by or self.ml
        with db.acting_for(organisation.id):
            return correct(
                correction, person_id=self.person.id, organisation_id=organisation.id, user_id=self.user.id, **more
            )

    def foresee(self, correction):
        with db.acting_for(self.ml.id):
            return effect_of(correction, person_id=self.person.id, organisation_id=self.ml.id)

    def state(self, scheme):
        db.session().expire_all()
        return db.session().get(Enrolment, self.steps[scheme])

    def links(self, organisation):
        """(role, whether it holds) of its links to the person."""
        rows = db.session().execute(
            sa.select(Link.role, Link.ended_on.is_(None))
            .where(Link.person_id == self.person.id, Link.organisation_id == organisation.id)
            .order_by(Link.id)
        )
        return [(str(role), holds) for role, holds in rows]

    def offered(self, organisation, scheme):
        with db.acting_for(organisation.id):
            options = possible_events(person_id=self.person.id, organisation_id=organisation.id, on=clock.today())
        of_the_step = next(each for each in options if each.enrolment_id == self.steps[scheme])
        return {option.event for option in of_the_step.options if option.allowed}


@pytest.fixture
def desk(session, frozen_clock):
    ml = OrganisationFactory()
    user = UserFactory()
    MembershipFactory(user=user, organisation=ml)
    person = PersonFactory(birth_date=date(2006, 5, 17))
    LinkFactory(person=person, organisation=ml, user=user, role=LinkRole.CO_REFERENT)
    return Desk(ml, user, person)


def signals(desk):
    query = sa.select(Signal.rule).where(Signal.person_id == desk.person.id, Signal.closed_on.is_(None))
    return set(db.session().scalars(query))


# --- correcting --------------------------------------------------------------------------------------------------------


def test_a_correction_takes_back_the_faulty_entry_and_records_the_right_one(desk, session):
    wrong = desk.record("engagement_signed", "CEJ", ago=10, opens=True)

    new, back = desk.do(Correction(wrong, "mauvaise_date", clock.today() - timedelta(days=40), {}))

    assert desk.state("CEJ").opened_on == clock.today() - timedelta(days=40)
    retraction, right = session.get(JournalEntry, back), session.get(JournalEntry, new)
    assert (retraction.retracts, retraction.payload) == (wrong, {"reason": "mauvaise_date", "replaced_by": new})
    assert (right.type, right.enrolment_id, right.occurred_on) == (
        "engagement_signed",
        desk.steps["CEJ"],
        clock.today() - timedelta(days=40),
    )


def test_a_corrected_day_leaves_no_trace_of_a_moment_without_the_entry(desk, session, frozen_clock):
    """The person is evaluated once: no alert opens and ends in between."""
    desk.record("engagement_signed", "PACEA", ago=80, opens=True)
    desk.record("phase_started", "PACEA", ago=80, n=1, planned_end=(clock.today() + timedelta(days=90)).isoformat())
    wrong = desk.record("contact", "PACEA", ago=3)
    before = session.scalar(sa.select(sa.func.count(Alert.id)))

    desk.do(Correction(wrong, "mauvaise_date", clock.today() - timedelta(days=5), {}))

    assert "contact_silence" not in signals(desk)
    assert session.scalar(sa.select(sa.func.count(Alert.id))) == before


def test_what_is_corrected_is_judged_as_if_the_faulty_entry_had_never_been_declared(desk):
    desk.record("orientation_notified", "PACEA", ago=20, opens=True)
    wrong = desk.record("closed", "PACEA", ago=2, outcome="DEMENAGEMENT")

    desk.do(Correction(wrong, "mauvais_resultat", clock.today() - timedelta(days=2), {"outcome": "EMPLOI_CDI"}))

    assert (desk.state("PACEA").state, desk.state("PACEA").outcome) == ("closed", "EMPLOI_CDI")


def test_a_correction_that_the_rules_refuse_changes_nothing(desk, session):
    wrong = desk.record("orientation_notified", "PACEA", ago=20, opens=True)
    before = session.scalar(sa.select(sa.func.count(JournalEntry.id)))

    with pytest.raises(Refused) as refused:
        desk.do(Correction(wrong, "mauvaise_date", clock.today() + timedelta(days=3), {}))

    assert refused.value.codes == ("day_to_come",)
    assert session.scalar(sa.select(sa.func.count(JournalEntry.id))) == before


def test_nobody_corrects_anothers_entry(desk):
    entry = desk.record("orientation_notified", "PACEA", opens=True)
    other = OrganisationFactory(france_travail=True)
    LinkFactory(person=desk.person, organisation=other)

    with pytest.raises(Refused) as refused:
        desk.do(Correction(entry, "doublon"), by=other)

    assert refused.value.codes == ("not_your_entry",)


def test_an_entry_that_is_not_the_persons_is_not_found(desk):
    with pytest.raises(NotVisible):
        desk.do(Correction(987_654, "doublon"))


# --- taking back, putting back -----------------------------------------------------------------------------------------


def test_taking_back_and_putting_back_may_go_on_for_ever(desk):
    desk.record("orientation_notified", "PACEA", ago=20, opens=True)
    signed = desk.record("engagement_signed", "PACEA", ago=10)
    states = []
    for restores in (False, True, False, True):
        desk.do(Correction(signed, "autre", restores=restores))
        states.append(desk.state("PACEA").state)

    assert states == ["oriented", "signed", "oriented", "signed"]


def test_what_counts_is_not_put_back_and_what_does_not_is_not_taken_back(desk):
    entry = desk.record("orientation_notified", "PACEA", opens=True)
    with pytest.raises(Refused) as refused:
        desk.do(Correction(entry, "autre", restores=True))
    assert refused.value.codes == ("not_retracted",)

    desk.do(Correction(entry, "doublon"))
    with pytest.raises(Refused) as refused:
        desk.do(Correction(entry, "doublon"))
    assert refused.value.codes == ("already_retracted",)


def test_the_effect_is_known_before_and_the_dossier_may_change_meanwhile(desk):
    desk.record("orientation_notified", "PACEA", ago=20, opens=True)
    signed = desk.record("engagement_signed", "PACEA", ago=10)
    effect = desk.foresee(Correction(signed, "doublon"))
    assert [(each.before, each.after) for each in effect.steps] == [("signed", "oriented")]

    desk.record("contact", "PACEA")
    with pytest.raises(Stale):
        desk.do(Correction(signed, "doublon"), version=effect.version)

    assert desk.state("PACEA").state == "signed"


# --- organisations that an entry calls ---------------------------------------------------------------------------------


def test_a_prescription_to_a_body_gives_it_its_access_and_its_part_in_the_step(desk):
    body = OrganisationFactory(training_body=True)
    desk.record("prescribed", VISA, opens=True, to=body.id)

    step = desk.state(VISA)
    assert (step.operator_id, step.prescriber_id, step.lead_organisation_id) == (body.id, desk.ml.id, desk.ml.id)
    assert desk.links(body) == [("operator", True)]
    assert {"admitted", "waitlisted", "not_selected"} <= desk.offered(body, VISA)


def test_the_body_that_runs_the_course_is_the_operator_whoever_was_prescribed_to(desk):
    asked, runs = OrganisationFactory(training_body=True), OrganisationFactory(training_body=True)
    desk.record("prescribed", VISA, opens=True, to=asked.id)
    LinkFactory(person=desk.person, organisation=runs, role=LinkRole.PARTNER)

    desk.record("admitted", VISA, by=runs)

    assert desk.state(VISA).operator_id == runs.id


def test_a_prescription_taken_back_ends_the_access_it_gave(desk):
    body = OrganisationFactory(training_body=True)
    entry = desk.record("prescribed", VISA, opens=True, to=body.id)

    desk.do(Correction(entry, "mauvaise_personne"))

    assert desk.links(body) == [("operator", False)]
    desk.do(Correction(entry, "autre", restores=True))
    assert desk.links(body) == [("operator", False), ("operator", True)]


def test_an_organisation_that_does_not_exist_or_is_ones_own_is_refused(desk):
    for wrong, code in ((987_654, "unknown_organisation"), (desk.ml.id, "calls_oneself")):
        with pytest.raises(Refused) as refused:
            desk.record("prescribed", VISA, opens=True, to=wrong)
        assert refused.value.codes == (code,)


@pytest.fixture
def transfer(desk):
    """A CEJ of this mission locale, asked to go to another one."""
    there, colleague = OrganisationFactory(), UserFactory()
    MembershipFactory(user=colleague, organisation=there)
    desk.record("engagement_signed", "CEJ", ago=60, opens=True)
    desk.record("transfer_requested", "CEJ", to=there.id, reason="DEMENAGEMENT")
    return there, colleague


def test_the_sender_answers_for_the_person_until_the_transfer_is_accepted(desk, transfer):
    there, colleague = transfer
    assert desk.state("CEJ").lead_organisation_id == desk.ml.id
    assert desk.links(there) == [("partner", True)]
    assert {"transfer_accepted", "transfer_refused"} <= desk.offered(there, "CEJ")
    assert not {"transfer_accepted", "transfer_refused"} & desk.offered(desk.ml, "CEJ")

    desk.record("transfer_accepted", "CEJ", by=there, user=colleague, referent=str(colleague.public_id))

    assert desk.state("CEJ").lead_organisation_id == there.id
    assert desk.links(there) == [("partner", False), ("referent", True)]
    assert ("referent", False) in desk.links(desk.ml)
    assert ("referent", True) not in desk.links(desk.ml)


def test_a_transfer_refused_leaves_everything_with_the_sender(desk, transfer):
    there, colleague = transfer
    desk.record("transfer_refused", "CEJ", by=there, user=colleague, reason="CAPACITE")

    assert desk.state("CEJ").lead_organisation_id == desk.ml.id
    assert desk.links(there) == [("partner", False)]
    assert ("referent", True) in desk.links(desk.ml)


def test_an_acceptance_taken_back_gives_the_person_back(desk, transfer):
    there, colleague = transfer
    accepted = desk.record("transfer_accepted", "CEJ", by=there, user=colleague)
    desk.do(Correction(accepted, "mauvaise_personne"), by=there)

    assert desk.state("CEJ").lead_organisation_id == desk.ml.id
    assert ("referent", True) in desk.links(desk.ml)
    assert ("referent", True) not in desk.links(there)


def test_nobody_else_answers_a_transfer(desk, transfer):
    elsewhere = OrganisationFactory()
    LinkFactory(person=desk.person, organisation=elsewhere, role=LinkRole.CO_REFERENT)

    with pytest.raises(Refused) as refused:
        desk.record("transfer_accepted", "CEJ", by=elsewhere)

    assert refused.value.codes == ("transfer_to_another",)


def test_whoever_is_handed_somebody_sees_them_even_once_the_step_is_over(desk):
    there = OrganisationFactory(france_travail=True)
    desk.record("leaver_identified", "PSAD", ago=5, opens=True)
    desk.record("handed_over", "PSAD", to=there.id)

    assert desk.state("PSAD").state == "handed_over"
    assert desk.links(there) == [("partner", True)]


def test_a_colleague_named_referent_has_the_step(desk, session):
    colleague = UserFactory()
    MembershipFactory(user=colleague, organisation=desk.ml)
    desk.record("engagement_signed", "CEJ", ago=60, opens=True)
    desk.record("referent_named", "CEJ", referent=str(colleague.public_id))

    query = sa.select(Link.user_id).where(
        Link.enrolment_id == desk.steps["CEJ"], Link.role == LinkRole.REFERENT, Link.ended_on.is_(None)
    )
    assert session.scalars(query).all() == [colleague.id]
