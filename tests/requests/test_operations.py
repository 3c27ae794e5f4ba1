"""Asking, answering, withdrawing and undoing; the wall between the two organisations and everybody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.errors import NotVisible, Refused
from pathways.models import JournalEntry, Link, Organisation, Request, RequestStep
from pathways.operations.requests import Addressee, answer, ask, undo_request, withdraw_request
from pathways.queries import requests as queries
from pathways.workflows.dates import add_working_days
from pathways.workflows.requests import Stage
from tests.factories import LinkFactory


def refused(codes, act, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    assert refusal.value.codes == codes


def test_both_sides_read_it_and_the_journal_gets_nothing(asking, session):
    before = session.scalar(sa.select(sa.func.count()).select_from(JournalEntry))
    number = asking.ask("present")

    sent, received = asking.read_by(asking.ml, asking.claire, number), asking.read_by(asking.body, asking.karim, number)

    assert (sent.sent_by_me, received.awaits_me, received.author) == (True, True, "Claire Moreau")
    assert received.due_on == add_working_days(clock.today(), 2)
    with db.acting_for(asking.body.id, asking.karim.id):
        answer(number, "absent", clock.today() - timedelta(days=3), **asking.by_body)
    told = asking.read_by(asking.ml, asking.claire, number)
    assert (told.stage, told.reply, told.reply_on, told.closed_by) == (
        Stage.ANSWERED, "absent", clock.today() - timedelta(days=3), "Karim Benali",
    )  # fmt: skip
    assert session.scalar(sa.select(sa.func.count()).select_from(JournalEntry)) == before


def test_a_deadline_may_be_chosen_among_those_offered(asking):
    assert asking.row(asking.ask(due_in=10)).due_on == add_working_days(clock.today(), 10)
    refused(("request_deadline",), asking.ask, "place", due_in=200)


def test_only_who_accompanies_today_is_asked_what_is_theirs_to_say(asking, session):
    refused(("request_not_for_them",), asking.ask, "registration")
    refused(("request_not_for_them",), asking.ask, "made_up")
    refused(("request_not_their_colleague",), asking.ask, user=asking.lou.public_id)
    with db.acting_for(asking.ml.id, asking.claire.id):
        to = Addressee(asking.agency.public_id)
        refused(("request_not_accompanied",), ask, asking.person.id, to, "call", **asking.by_ml)
    with db.as_system():
        yesterday = clock.today() - timedelta(days=1)
        over = {"ended_on": yesterday, "ended_recorded_at": clock.now()}
        session.execute(sa.update(Link).where(Link.organisation_id == asking.body.id).values(over))
    refused(("request_not_accompanied",), asking.ask)


def test_an_organisation_without_account_is_not_asked(asking, session):
    with db.as_system():
        session.execute(sa.update(Organisation).where(Organisation.id == asking.body.id).values(has_account=False))
    refused(("request_not_accompanied",), asking.ask)


def test_somebody_who_follows_the_person_there_may_be_asked(asking):
    LinkFactory(person=asking.person, organisation=asking.body, user=asking.karim, role="partner")

    number = asking.ask(user=asking.karim.public_id)

    assert asking.read_by(asking.ml, asking.claire, number).addressee == "Karim Benali"


def test_the_same_request_waits_once_and_is_asked_again_after_its_answer(asking):
    number = asking.ask()
    refused(("request_waiting",), asking.ask)
    with db.acting_for(asking.body.id, asking.karim.id):
        answer(number, "present", **asking.by_body)
    asking.ask()

    with db.acting_for(asking.body.id, asking.karim.id):
        refused(("request_waiting",), undo_request, asking.row(number).public_id, **asking.by_body)


@pytest.mark.parametrize(
    ("reply", "ago", "code"),
    [("place", None, "request_reply_unknown"), ("absent", None, "request_day_missing"), ("absent", -2, "request_day_not_past")],
)
def test_a_reply_is_one_of_the_question_s_with_its_day(asking, reply, ago, code):
    number = asking.ask()
    with db.acting_for(asking.body.id, asking.karim.id):
        on = None if ago is None else clock.today() - timedelta(days=ago)
        refused((code,), answer, number, reply, on, **asking.by_body)


def test_a_meeting_is_on_a_day_to_come(asking):
    number = asking.ask("call")
    with db.acting_for(asking.body.id, asking.karim.id):
        yesterday = clock.today() - timedelta(days=1)
        refused(("request_day_not_coming",), answer, number, "meeting", yesterday, **asking.by_body)


def test_the_asker_withdraws_and_the_other_answers_never_the_reverse(asking):
    number = asking.ask()
    with db.acting_for(asking.ml.id, asking.claire.id):
        refused(("request_not_yours",), answer, number, "present", **asking.by_ml)
    with db.acting_for(asking.body.id, asking.karim.id):
        refused(("request_not_yours",), withdraw_request, number, **asking.by_body)
    with db.acting_for(asking.ml.id, asking.claire.id):
        withdraw_request(number, **asking.by_ml)
    with db.acting_for(asking.body.id, asking.karim.id):
        refused(("request_closed",), answer, number, "present", **asking.by_body)


def test_asking_and_answering_are_undone_for_ten_minutes_by_whoever_did_it(asking, frozen_clock):
    number = asking.ask()
    public = asking.row(number).public_id
    with db.acting_for(asking.body.id, asking.karim.id):
        refused(("request_not_undone",), undo_request, public, **asking.by_body)
        answer(number, "present", **asking.by_body)
        frozen_clock.advance(minutes=9)
        undo_request(public, **asking.by_body)
        assert asking.row(number).stage is Stage.ASKED
        answer(number, "present", **asking.by_body)
        frozen_clock.advance(minutes=11)
        refused(("request_undo_late",), undo_request, public, **asking.by_body)
    with db.acting_for(asking.ml.id, asking.claire.id):
        refused(("request_not_undone",), undo_request, public, **asking.by_ml)


def test_a_request_undone_at_once_was_never_there(asking):
    number = asking.ask()
    public = asking.row(number).public_id
    with db.acting_for(asking.ml.id, asking.claire.id):
        undo_request(public, **asking.by_ml)

    for organisation, user in ((asking.ml, asking.claire), (asking.body, asking.karim)):
        with pytest.raises(NotVisible):
            asking.read_by(organisation, user, number)


def test_a_third_organisation_sees_and_does_nothing_even_when_it_accompanies(asking, session):
    number = asking.ask()
    other, user = asking.another_body()
    with db.acting_for(other.id, user.id):
        assert session.scalars(sa.select(Request.id)).all() == []
        assert session.scalars(sa.select(RequestStep.id)).all() == []
        for act, args in ((answer, (number, "present")), (withdraw_request, (number,))):
            with pytest.raises(NotVisible):
                act(*args, organisation_id=other.id, user_id=user.id)
    with pytest.raises(NotVisible):
        asking.read_by(other, user, number)


def test_the_database_keeps_others_out_whatever_the_code_asks(asking, session):
    number = asking.ask()
    row = asking.row(number)
    forged = {"person_id": row.person_id, "question": "call", "asker_id": asking.ml.id, "asked_id": asking.body.id,
              "user_id": asking.karim.id, "due_on": row.due_on}  # fmt: skip
    step = {"request_id": number, "person_id": row.person_id, "organisation_id": asking.ml.id, "user_id": asking.karim.id,
            "kind": "withdrawn"}  # fmt: skip
    with db.acting_for(asking.body.id, asking.karim.id):
        for statement in (sa.insert(Request).values(forged), sa.insert(RequestStep).values(step)):
            with pytest.raises(sa.exc.ProgrammingError, match="row-level security"), session.begin_nested():
                session.execute(statement)
        for statement in ("update request set due_on = now()", "delete from request", "update request_step set reply = 'x'",
                          "delete from request_step"):  # fmt: skip
            with pytest.raises(sa.exc.ProgrammingError, match="permission denied"), session.begin_nested():
                session.execute(sa.text(statement))


def test_an_organisation_that_no_longer_sees_the_person_no_longer_sees_the_request(asking, session):
    number = asking.ask()
    with db.as_system():
        gone = clock.today() - timedelta(days=31)
        over = {"started_on": gone, "ended_on": gone, "ended_recorded_at": clock.now()}
        session.execute(sa.update(Link).where(Link.organisation_id == asking.body.id).values(over))
    with db.acting_for(asking.body.id, asking.karim.id):
        assert session.scalars(sa.select(Request.id)).all() == []
        assert queries.waiting(asking.reader(asking.body, asking.karim)).total == 0
        with pytest.raises(NotVisible):
            answer(number, "present", **asking.by_body)
