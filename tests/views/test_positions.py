"""Positionings: who waits for the body's answer, and answering several at once."""

from __future__ import annotations

import pytest

from pathways.models import Enrolment
from tests.school import School, plain
from tests.views.conftest import submit


@pytest.fixture
def school(client, frozen_clock):
    return School()


@pytest.fixture
def trainer(school, sign_in):
    return sign_in(school.trainer)


def states(session, *pupils):
    session.expire_all()
    return [session.get(Enrolment, each.step.id).state for each in pupils]


def test_who_waits_longest_comes_first_with_whom_to_call(school, trainer):
    school.pupil("Léa", family_name="Diallo", state="prescribed", since=4)
    school.pupil("Tom", family_name="Guérin", state="prescribed", since=12)

    page = plain(trainer.get("/positionnements"))

    assert page.index("Guérin") < page.index("Diallo")
    assert "attend depuis 12 jours" in page
    assert "Claire Moreau" in page
    assert "02 40 02 02 02" in page


def test_several_are_admitted_at_once(school, trainer, session):
    pupils = [school.pupil(name, state="prescribed", since=4) for name in ("Léa", "Tom")]

    answer = submit(
        trainer, "/positionnements", steps=[str(each.step.public_id) for each in pupils], answer="admitted", on="2026-03-02",
        planned_start="2026-03-16", planned_end="2026-06-30",
    )  # fmt: skip

    assert answer.status_code == 303
    assert states(session, *pupils) == ["admitted", "admitted"]
    assert str(session.get(Enrolment, pupils[0].step.id).planned_start) == "2026-03-16"
    assert "Personne sur liste" not in plain(trainer.get("/positionnements?vue=admis"))


@pytest.mark.parametrize(
    ("answer", "more", "state"),
    [("waitlisted", {}, "waitlisted"), ("not_selected", {"reason": "COMPLET"}, "not_selected")],
)
def test_the_other_answers(school, trainer, session, answer, more, state):
    lea = school.pupil("Léa", state="prescribed", since=4)
    submit(trainer, "/positionnements", steps=str(lea.step.public_id), answer=answer, on="2026-03-02", **more)

    assert states(session, lea) == [state]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"answer": "admitted"}, "Indiquez quand la formation commence."),
        ({"answer": "not_selected", "reason": ""}, "Choisissez le motif."),
        ({}, "Choisissez une réponse."),
    ],
)
def test_what_an_answer_needs(school, trainer, session, sent, said):
    lea = school.pupil("Léa", state="prescribed", since=4)
    answer = submit(trainer, "/positionnements", steps=str(lea.step.public_id), on="2026-03-02", **sent)

    assert (answer.status_code, said in plain(answer)) == (422, True)
    assert states(session, lea) == ["prescribed"]


def test_nobody_ticked_is_said(school, trainer):
    school.pupil("Léa", state="prescribed", since=4)
    answer = submit(trainer, "/positionnements", answer="waitlisted", on="2026-03-02")

    assert "Cochez au moins une personne." in plain(answer)


def test_the_admitted_enter_from_their_own_tab(school, trainer, session):
    lea = school.pupil("Léa", state="admitted", since=3)
    submit(trainer, "/positionnements?vue=admis", steps=str(lea.step.public_id), answer="entered", on="2026-03-02")

    assert states(session, lea) == ["in_training"]


def test_a_step_of_nobody_s_list_is_not_answered(school, trainer, session):
    lea, there = school.pupil("Léa", state="prescribed", since=4), school.pupil("Tom")
    answer = submit(trainer, "/positionnements", steps=str(there.step.public_id), answer="not_selected", reason="COMPLET",
                    on="2026-03-02")  # fmt: skip

    assert answer.status_code == 303
    assert states(session, lea, there) == ["prescribed", "in_training"]


def test_an_empty_list_says_what_brings_people_there(school, trainer):
    assert "Aucune réponse à donner" in plain(trainer.get("/positionnements"))


def test_fifty_positionings_cost_as_many_queries_as_one(school, trainer, counting):
    school.pupil("Léa", state="prescribed", since=4)
    trainer.get("/positionnements")
    with counting() as one:
        trainer.get("/positionnements")
    for n in range(20):
        school.pupil(f"Élève {n}", state="prescribed", since=4)
    with counting() as many:
        trainer.get("/positionnements")

    assert many.cost_as_much_as(one)
