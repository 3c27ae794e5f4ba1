"""The pages of groups: what a trainer finds in the morning, and the gestures on a whole group."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from pathways.models import Disclosure, Enrolment, GroupMember, TrainingGroup
from tests.factories import days_ago
from tests.scene import account
from tests.school import VISA, School, monday, plain
from tests.views.conftest import submit, token


@pytest.fixture
def school(client, frozen_clock):
    return School()


@pytest.fixture
def trainer(school, sign_in):
    return sign_in(school.trainer)


def states(session, *pupils):
    session.expire_all()
    return [session.get(Enrolment, each.step.id).state for each in pupils]


def test_the_list_shows_the_group_its_size_and_the_weeks_without_sheet(school, trainer):
    lea, tom = school.pupil("Léa"), school.pupil("Tom")
    group = school.group(lea, tom)
    for weeks_ago in (1, 2, 3, 4, 5):
        for each in (lea, tom) if weeks_ago != 3 else (lea,):
            school.tell(each, "attendance", 1, {"from": monday(weeks_ago).isoformat(), "halves": "PPPPPPPPPP"})

    page = plain(trainer.get("/groupes"))

    assert "2 stagiaires" in page
    assert f"/groupes/{group.public_id}/presence?semaine={monday(3)}" in page
    assert "Semaine du 9 févr. : 1 stagiaire sans feuille" in page
    assert f"semaine={monday(2)}" not in page
    assert f"semaine={monday(6)}" in page


def test_mine_first_and_all_beside(school, trainer):
    other = account(school.body, "Anne Petit", "anne@exemple.fr")
    school.group(name="Le mien")
    school.group(name="Celui d’Anne", trainer=other)

    mine, every = plain(trainer.get("/groupes")), plain(trainer.get("/groupes?vue=tous"))

    assert "Le mien" in mine
    assert "Celui d’Anne" not in mine
    assert "Celui d’Anne" in every


def test_without_any_group_the_page_says_how_to_make_one(school, trainer):
    assert "Créer un premier groupe" in plain(trainer.get("/groupes"))


def test_trainees_of_the_same_dates_make_a_group_in_one_gesture(school, trainer, session):
    pupils = [school.pupil(name) for name in ("Léa", "Tom", "Zoé")]
    page = trainer.get("/groupes")
    assert "3 stagiaires sans groupe" in plain(page)

    answer = trainer.post(
        "/groupes/proposer",
        data={"csrf_token": token(page), "scheme": VISA, "starts_on": days_ago(60), "ends_on": days_ago(-140)},
    )

    assert answer.status_code == 303
    there = set(session.scalars(sa.select(GroupMember.enrolment_id)))
    assert there == {each.step.id for each in pupils}
    assert "sans groupe" not in plain(trainer.get("/groupes"))


def test_a_group_is_made_then_filled(school, trainer, session):
    lea = school.pupil("Léa", family_name="Diallo")
    answer = submit(
        trainer, "/groupes/nouveau", name="Session", scheme=VISA, starts_on="2026-02-02", ends_on="", trainer="", place="Rezé"
    )
    assert answer.status_code == 303
    assert "Diallo" in plain(trainer.get(answer.location))

    submit(trainer, answer.location, steps=str(lea.step.public_id))

    assert session.scalars(sa.select(GroupMember.enrolment_id)).all() == [lea.step.id]
    assert session.scalars(sa.select(TrainingGroup.place)).one() == "Rezé"


def test_the_group_page_shows_state_presence_absences_and_signals(school, trainer, session):
    lea = school.pupil("Léa", family_name="Diallo")
    group = school.group(lea)
    for weeks_ago, halves in ((1, "PPUUPPPPPP"), (2, "PPPPPPPPPP")):
        school.tell(lea, "attendance", 1, {"from": monday(weeks_ago).isoformat(), "halves": halves})

    page = plain(trainer.get(f"/groupes/{group.public_id}"))

    assert "Diallo" in page
    assert "En formation" in page
    assert "2 / 40" in page
    assert "27 févr." in page
    assert session.scalars(sa.select(Disclosure.what).where(Disclosure.person_id == lea.person.id)).all() == ["groups.show"]


def test_another_body_s_group_does_not_exist(school, trainer):
    elsewhere = School.__new__(School)
    elsewhere.__dict__.update(school.__dict__, body=school.ml)
    group = elsewhere.group(name="Ailleurs")

    for page in ("", "/presence", "/modifier", "/ajouter", "/entrees", "/sorties"):
        assert trainer.get(f"/groupes/{group.public_id}{page}").status_code == 404


def test_trainees_are_searched_and_filtered_in_the_address(school, trainer):
    lea, tom = school.pupil("Léa", family_name="Diallo"), school.pupil("Tom", family_name="Guérin")
    zoe = school.pupil("Zoé", family_name="Petit", state="admitted", since=2)
    group = school.group(lea)

    def found(query):
        page = plain(trainer.get(f"/stagiaires?{query}"))
        return {each.person.given_name for each in (lea, tom, zoe) if f'class="family">{each.person.family_name}<' in page}

    assert found("") == {"Léa", "Tom", "Zoé"}
    assert found("q=guerin") == {"Tom"}
    assert found("etat=presents") == {"Léa", "Tom"}
    assert found("groupe=aucun") == {"Tom", "Zoé"}
    assert found(f"groupe={group.public_id}") == {"Léa"}
    assert found("etat=sortis") == set()


def test_entries_of_a_group_at_once_keep_the_refused_in_the_form(school, trainer, session):
    ready, late = school.pupil("Léa", state="admitted", since=3), school.pupil("Tom", state="admitted", since=-5)
    group = school.group(ready, late, since=3)

    answer = submit(
        trainer, f"/groupes/{group.public_id}/entrees",
        steps=[str(ready.step.public_id), str(late.step.public_id)], on="2026-03-02", planned_end="2026-06-30",
    )  # fmt: skip

    assert answer.status_code == 422
    assert "Le début est prévu le 7 mars" in plain(answer)
    assert states(session, ready, late) == ["in_training", "admitted"]
    assert f'value="{late.step.public_id}"' in plain(answer)
    assert f'value="{ready.step.public_id}"' not in plain(answer)
    assert "1 entrée déclarée" in plain(answer)


def test_exits_say_how_with_a_result_or_a_reason(school, trainer, session):
    lea, tom = school.pupil("Léa"), school.pupil("Tom")
    group = school.group(lea, tom)
    url = f"/groupes/{group.public_id}/sorties"

    missing = submit(trainer, url, steps=str(lea.step.public_id), how="dropped", reason="", result="", on="2026-03-02")
    assert (missing.status_code, "Choisissez le motif." in plain(missing)) == (422, True)
    submit(trainer, url, steps=str(lea.step.public_id), how="dropped", reason="CONTRAT_ALTERNANCE", on="2026-03-02",
           last_day="2026-02-27")  # fmt: skip
    submit(trainer, url, steps=str(tom.step.public_id), how="completed", result="CERTIFIE_TOTAL", on="2026-03-02")

    assert states(session, lea, tom) == ["dropped_out", "completed"]
    assert session.get(Enrolment, lea.step.id).outcome == "ALTERNANCE_APPRENTISSAGE"
    assert session.get(Enrolment, tom.step.id).outcome == "CERTIFIE_TOTAL"


def test_a_declared_exit_is_undone_with_one_button(school, trainer, session):
    lea = school.pupil("Léa")
    group = school.group(lea)
    submit(trainer, f"/groupes/{group.public_id}/sorties", steps=str(lea.step.public_id), how="excluded", reason="DISCIPLINE",
           on="2026-03-02")  # fmt: skip
    assert states(session, lea) == ["excluded"]

    page = plain(trainer.get(f"/groupes/{group.public_id}"))
    undo = page[page.index('action="/annuler/"') :]
    fields = {name: undo.split(f'name="{name}" value="')[1].split('"')[0] for name in ("csrf_token", "token")}
    trainer.post("/annuler/", data=fields)

    assert states(session, lea) == ["in_training"]


def test_leaving_the_group_keeps_the_step(school, trainer, session):
    lea = school.pupil("Léa")
    group = school.group(lea)
    page = trainer.get(f"/groupes/{group.public_id}")

    trainer.post(f"/groupes/{group.public_id}/retirer", data={"csrf_token": token(page), "steps": str(lea.step.public_id)})

    assert states(session, lea) == ["in_training"]
    assert "Personne dans ce groupe" in plain(trainer.get(f"/groupes/{group.public_id}"))


@pytest.mark.parametrize("page", ["/groupes", "/groupes/{group}", "/groupes/{group}/presence", "/stagiaires"])
def test_fifty_trainees_cost_as_many_queries_as_one(school, trainer, counting, page):
    small, big = school.group(school.pupil("Léa")), None
    url = page.format(group=small.public_id)
    trainer.get(url)
    with counting() as few:
        assert trainer.get(url).status_code == 200
    big = school.group(*(school.pupil(f"Élève {n}") for n in range(20)))
    with counting() as many:
        assert trainer.get(page.format(group=big.public_id)).status_code == 200

    assert many.cost_as_much_as(few)


def test_a_counsellor_of_a_mission_locale_has_no_groups(school, sign_in):
    assert sign_in(school.counsellor).get("/groupes").status_code == 403


@pytest.mark.parametrize("gesture", ["entrees", "sorties"])
def test_what_follows_a_contract_is_said_to_be_declared_on_the_page_of_each(school, trainer, session, gesture):
    group = school.group(school.pupil("Léa"))
    session.execute(sa.update(TrainingGroup).where(TrainingGroup.id == group.id).values(scheme="APPRENTISSAGE"))

    page = plain(trainer.get(f"/groupes/{group.public_id}/{gesture}"))

    assert "se déclarent sur la fiche de chacun" in page
    assert 'name="steps"' not in page
    assert "Déclarer sur sa fiche" in plain(trainer.get(f"/groupes/{group.public_id}"))
