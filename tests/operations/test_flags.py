"""Flagging a difficulty, and what its author learns of the answers: days and codes, never notes."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from pathways import clock
from pathways.models import Alert
from pathways.operations.alerts import close_alert, take_alert
from pathways.operations.flags import raise_flag
from pathways.operations.recording import record_event
from pathways.queries.flags import flags, told, unread_answers
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import Bond, Standing, shown_details
from pathways.sharing.visibility import Reader
from pathways.workflows.actors import Kind
from tests.factories import LinkFactory, OrganisationFactory
from tests.scene import account
from tests.school import School


@pytest.fixture
def flagged(session, frozen_clock, acting_for):
    """A trainee flagged this morning by the trainer, and what each side sees."""

    class Flagged:
        def __init__(self):
            self.school = School()
            self.pupil = self.school.pupil("Léa", family_name="Diallo")
            self.reader = Reader(self.school.body.id, clock.today(), self.school.trainer.id, kind=Kind.ORGANISME_FORMATION)
            with acting_for(self.school.body, self.school.trainer):
                self.entry = raise_flag(
                    self.pupil.person.id, self.pupil.step.id, dimension="organisation_personnelle", level=2,
                    themes=["mobilite", "sante"], note="A raté trois bus.", organisation_id=self.school.body.id,
                    user_id=self.school.trainer.id,
                )  # fmt: skip

        def seen(self):
            with acting_for(self.school.body, self.school.trainer):
                return flags(self.reader, mine=True)

        def look(self):
            """Opens the page, which is logged."""
            with acting_for(self.school.body, self.school.trainer):
                disclose([self.pupil.person.id], "flags.index", ["I"])

        def alert(self):
            return session.scalars(sa.select(Alert).where(Alert.family == "training_risk")).one()

        def counsellor(self):
            return acting_for(self.school.ml, self.school.counsellor)

    return Flagged()


def test_a_flag_asks_the_referent_at_once(flagged):
    alert = flagged.alert()

    assert (alert.organisation_id, alert.owner_id) == (flagged.school.ml.id, flagged.school.counsellor.id)
    (flag,) = flagged.seen()
    assert (flag.asked, flag.asked_person, flag.answers) == (flagged.school.ml.name, "Claire Moreau", [])


def test_the_author_sees_who_took_it_when_and_with_which_outcome_it_was_closed(flagged, frozen_clock):
    alert, school = flagged.alert(), flagged.school
    frozen_clock.advance(days=1)
    ids = {"user_id": school.counsellor.id, "organisation_id": school.ml.id}
    with flagged.counsellor():
        take_alert(alert.id, **ids)
        close_alert(alert.id, outcome="appointment_made", reason="Rien à voir avec le bus.", **ids)

    (flag,) = flagged.seen()

    assert [(each.kind, each.who, each.outcome, each.on) for each in flag.answers] == [
        ("taken", "Claire Moreau", None, clock.today()),
        ("closed", "Claire Moreau", "appointment_made", clock.today()),
    ]
    assert "bus" not in repr(flag)


def test_a_contact_that_settles_the_flag_shows_as_its_day_and_organisation_alone(flagged, frozen_clock):
    frozen_clock.advance(days=2)
    with flagged.counsellor():
        record_event(
            person_id=flagged.pupil.person.id, type="contact", occurred_on=clock.today(), enrolment_id=flagged.pupil.step.id,
            data={"channel": "phone", "resolves": ["training_risk_flag"], "note": "Secret."},
            organisation_id=flagged.school.ml.id, user_id=flagged.school.counsellor.id,
        )  # fmt: skip

    (flag,) = flagged.seen()

    assert [(each.kind, each.who, each.organisation) for each in flag.answers] == [("contact", None, flagged.school.ml.name)]
    assert flag.ended_on == clock.today()
    assert "Secret" not in repr(flag)


def test_an_answer_is_new_until_its_author_has_seen_the_page(flagged, frozen_clock, acting_for):
    flagged.look()
    frozen_clock.advance(days=1)
    with flagged.counsellor():
        take_alert(flagged.alert().id, user_id=flagged.school.counsellor.id, organisation_id=flagged.school.ml.id)
    with acting_for(flagged.school.body, flagged.school.trainer):
        assert unread_answers(flagged.reader) == 1

    frozen_clock.advance(days=1)
    flagged.look()

    with acting_for(flagged.school.body, flagged.school.trainer):
        assert unread_answers(flagged.reader) == 0


def way(flag):
    return [(str(stage), day) for stage, day in flag.way if day is not None]


def test_reading_is_the_person_s_page_opened_by_the_organisation_asked_after_the_flag(flagged, frozen_clock, acting_for):
    school, person = flagged.school, flagged.pupil.person
    agency = OrganisationFactory(france_travail=True)
    somebody = account(agency, "Lou Martin", "lou@exemple.fr")
    LinkFactory(person=person, organisation=agency, user=somebody, role="co_referent")
    for organisation, user, page in (
        (school.body, school.trainer, "person.show"),  # one's own look
        (agency, somebody, "person.show"),  # somebody who is not asked
        (school.ml, school.counsellor, "worklist.show"),  # a line of a list
        (school.ml, school.counsellor, "caseload.mine"),
    ):
        frozen_clock.advance(minutes=1)
        with acting_for(organisation, user):
            disclose([person.id], page, ["I"])
    assert (flagged.seen()[0].read_at, flagged.seen()[0].stage) == (None, "received")

    frozen_clock.advance(days=1)
    first = clock.now()
    for _look in range(2):
        with flagged.counsellor():
            disclose([person.id], "person.show", ["I"])
        frozen_clock.advance(days=1)

    (flag,) = flagged.seen()
    assert (flag.read_at, flag.stage) == (first, "read")


def test_a_look_before_the_flag_is_no_receipt(flagged, frozen_clock, acting_for):
    with flagged.counsellor():
        frozen_clock.advance(days=-1)
        disclose([flagged.pupil.person.id], "person.show", ["I"])
        frozen_clock.advance(days=1)

    assert flagged.seen()[0].read_at is None


def test_the_way_of_a_flag_is_told_in_days_up_to_its_outcome(flagged, frozen_clock):
    school, ids = flagged.school, {"user_id": flagged.school.counsellor.id, "organisation_id": flagged.school.ml.id}
    alert, raised = flagged.alert().id, clock.today()
    frozen_clock.advance(days=1)
    taken = clock.today()
    with flagged.counsellor():
        take_alert(alert, **ids)
    (flag,) = flagged.seen()
    assert way(flag) == [("received", raised), ("read", taken), ("taken", taken)]
    frozen_clock.advance(days=2)
    with flagged.counsellor():
        close_alert(alert, outcome="barrier_opened", reason="Confidentiel.", **ids)

    (flag,) = flagged.seen()
    assert (flag.stage, flag.outcome, flag.closed_on) == ("closed", "barrier_opened", clock.today())
    assert way(flag)[-1] == ("closed", clock.today())
    assert "Confidentiel" not in repr(flag)
    assert school.body.name not in {answer.organisation for answer in flag.answers}


def test_what_is_done_of_a_later_flag_says_nothing_of_one_that_ended(flagged, frozen_clock, acting_for):
    school, pupil = flagged.school, flagged.pupil
    with acting_for(school.body, school.trainer):
        frozen_clock.advance(days=1)
        record_event(
            person_id=pupil.person.id, type="risk_flag_closed", occurred_on=clock.today(), enrolment_id=pupil.step.id,
            data={}, organisation_id=school.body.id, user_id=school.trainer.id,
        )  # fmt: skip
        frozen_clock.advance(days=30)
        raise_flag(
            pupil.person.id, pupil.step.id, dimension="professionnel", level=3, organisation_id=school.body.id,
            user_id=school.trainer.id,
        )  # fmt: skip
    frozen_clock.advance(days=1)
    with flagged.counsellor():
        disclose([pupil.person.id], "person.show", ["I"])

    later, ended = flagged.seen()

    assert (later.stage, later.read_at) == ("read", clock.now())
    assert (ended.stage, ended.read_at) == ("closed", None)


def test_the_referent_reads_the_themes_but_the_one_on_health_and_not_the_comment(flagged):
    payload = {"dimension": "professionnel", "level": 2, "themes": ["mobilite", "sante"], "note": "A raté trois bus."}
    referent = Standing(Bond(Kind.MISSION_LOCALE, leads=True), author=False, own_step=True)

    assert shown_details("risk_flag", payload, referent) == {"dimension": "professionnel", "level": 2, "themes": ["mobilite"]}


def test_who_will_be_told_is_known_before(flagged, acting_for):
    with acting_for(flagged.school.body, flagged.school.trainer):
        who = told(flagged.pupil.person.id, flagged.reader)

    assert (who.organisation, who.name) == (flagged.school.ml.name, "Claire Moreau")


def test_a_flag_taken_back_is_gone_and_another_body_sees_none(flagged, acting_for):
    elsewhere = OrganisationFactory(training_body=True)
    with acting_for(elsewhere):
        assert flags(Reader(elsewhere.id, clock.today(), None, kind=Kind.ORGANISME_FORMATION), mine=False) == []

    with acting_for(flagged.school.body, flagged.school.trainer):
        record_event(
            person_id=flagged.pupil.person.id, type="retracted", occurred_on=clock.today(), data={"reason": "erreur"},
            retracts=flagged.entry, organisation_id=flagged.school.body.id, user_id=flagged.school.trainer.id,
        )  # fmt: skip

    assert flagged.seen() == []
