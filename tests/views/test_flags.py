"""Flagging a difficulty from the group's page, and the page of what became of it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from pathways.models import JournalEntry
from pathways.operations.alerts import close_alert, take_alert
from tests.school import School, plain
from tests.views.conftest import submit


@pytest.fixture
def school(client, frozen_clock):
    return School()


@pytest.fixture
def trainer(school, sign_in):
    return sign_in(school.trainer)


def test_a_difficulty_is_flagged_from_the_group_and_says_whom_it_reaches(school, trainer, session):
    lea = school.pupil("Léa", family_name="Diallo")
    group = school.group(lea)
    url = f"/signalements/nouveau/{lea.step.public_id}"
    assert url in plain(trainer.get(f"/groupes/{group.public_id}"))
    assert "Claire Moreau, Mission locale du Pays de Retz" in plain(trainer.get(url))

    answer = submit(trainer, url, dimension="sante", level="3", themes=["sante", "mobilite"], note="Discret.")

    assert (answer.status_code, answer.location) == (303, f"/groupes/{group.public_id}")
    entry = session.scalars(sa.select(JournalEntry).where(JournalEntry.type == "risk_flag")).one()
    assert entry.payload == {"dimension": "sante", "level": 3, "themes": ["sante", "mobilite"], "note": "Discret."}
    assert "signalée à Claire Moreau" in plain(trainer.get(answer.location))


def test_a_flag_needs_its_dimension(school, trainer):
    lea = school.pupil("Léa")
    answer = submit(trainer, f"/signalements/nouveau/{lea.step.public_id}", level="2")

    assert (answer.status_code, "Choisissez la nature de la difficulté." in plain(answer)) == (422, True)


def test_somebody_not_yet_in_the_course_is_refused_with_the_reason(school, trainer):
    lea = school.pupil("Léa", state="admitted", since=3)
    answer = submit(trainer, f"/signalements/nouveau/{lea.step.public_id}", dimension="professionnel", level="1")

    assert answer.status_code == 422
    assert "L’étape est à l’état" in plain(answer)


def test_only_the_body_that_runs_the_step_flags_it_here(school, sign_in):
    lea = school.pupil("Léa")
    assert sign_in(school.counsellor).get(f"/signalements/nouveau/{lea.step.public_id}").status_code == 404


def test_the_page_shows_an_answer_as_new_once(school, trainer, session, acting_for, frozen_clock):
    lea = school.pupil("Léa", family_name="Diallo")
    submit(trainer, f"/signalements/nouveau/{lea.step.public_id}", dimension="professionnel", level="2", themes="mobilite")
    waiting = plain(trainer.get("/signalements"))
    assert "Reçu par Claire Moreau, pas encore pris en charge" in waiting
    assert "Mobilité" in waiting
    alert = session.scalar(sa.text("select id from alert where family = 'training_risk'"))
    frozen_clock.advance(minutes=5)
    with acting_for(school.ml, school.counsellor):
        take_alert(alert, user_id=school.counsellor.id, organisation_id=school.ml.id)
    frozen_clock.advance(minutes=5)

    assert "1 réponse" in plain(trainer.get("/groupes"))
    first = plain(trainer.get("/signalements"))
    frozen_clock.advance(minutes=5)
    second = plain(trainer.get("/signalements"))

    assert "Pris en charge par Claire Moreau" in first
    assert "nouvelle réponse" in first
    assert "nouvelle réponse" not in second
    assert "1 réponse" not in plain(trainer.get("/groupes"))


def test_the_page_follows_a_flag_from_received_to_its_outcome(school, trainer, session, acting_for, frozen_clock, sign_in):
    lea = school.pupil("Léa", family_name="Diallo")
    submit(trainer, f"/signalements/nouveau/{lea.step.public_id}", dimension="professionnel", level="2", themes="mobilite")
    frozen_clock.advance(minutes=5)
    sign_in(school.counsellor).get(f"/personnes/{lea.person.public_id}")
    frozen_clock.advance(minutes=5)
    assert f"Lu par {school.ml.name}" in plain(sign_in(school.trainer).get("/signalements"))
    alert = session.scalar(sa.text("select id from alert where family = 'training_risk'"))
    with acting_for(school.ml, school.counsellor):
        by = {"user_id": school.counsellor.id, "organisation_id": school.ml.id}
        close_alert(alert, outcome="appointment_made", reason="Secret.", **by)

    page = plain(trainer.get("/signalements"))

    assert "Clos : rendez-vous pris" in page
    assert "Clos par Claire Moreau : Rendez-vous pris" in page
    assert "Secret" not in page


def test_nothing_flagged_yet_says_where_to_begin(school, trainer):
    assert "Aucun signalement" in plain(trainer.get("/signalements"))


def test_fifty_flags_cost_as_many_queries_as_one(school, trainer, counting):
    flag = {"dimension": "professionnel", "level": 2}
    school.tell(school.pupil("Léa"), "risk_flag", 2, flag, user=school.trainer)
    trainer.get("/signalements")
    with counting() as one:
        trainer.get("/signalements")
    for n in range(20):
        school.tell(school.pupil(f"Élève {n}"), "risk_flag", 2, flag, user=school.trainer)
    with counting() as many:
        trainer.get("/signalements")

    assert many.cost_as_much_as(one)
