"""The pages of files received: the list, one file, its baseline, and giving a file by hand."""

from __future__ import annotations

import io
import json

import pytest
import sqlalchemy as sa

from pathways import db
from pathways.exchange.dossiers_apprenants.bodies import body_of
from pathways.exchange.dossiers_apprenants.reception import receive
from pathways.models import Alert, Disclosure, FeedRun, Person, Role
from tests.exchange.dossiers_apprenants.conftest import SIRET, UAI, a_row
from tests.factories import OrganisationFactory
from tests.scene import account
from tests.views.conftest import token

BROKEN = {"contrat_date_rupture": "2026-02-16", "cause_rupture_contrat": "démission"}


@pytest.fixture
def cfa(session, frozen_clock):
    return OrganisationFactory(cfa=True, town="CFA des Essais", uai=UAI, siret=SIRET)


@pytest.fixture
def coordinator(cfa, sign_in):
    user = account(cfa, "Karim Belhadj", "karim@exemple.fr", Role.COORDINATEUR_CFA)
    return sign_in(user)


def send(cfa, *rows, name="envoi.json"):
    with db.as_system():
        return receive(rows, body_of(db.session(), cfa.id), file_name=name)


def give(client, rows, act="try", seen="", name="envoi.json"):
    page = client.get("/fichiers-recus/")
    content = rows if isinstance(rows, bytes) else json.dumps(rows).encode()
    data = {"file": (io.BytesIO(content), name), "act": act, "seen": seen, "csrf_token": token(page)}
    return client.post("/fichiers-recus/", data=data, content_type="multipart/form-data")


def test_without_any_file_the_page_says_what_to_do(coordinator):
    page = coordinator.get("/fichiers-recus/").text

    assert "Aucun fichier pour l’instant" in page
    assert "./run import dossiers-apprenants" in page


def test_the_list_shows_the_files_with_their_figures(coordinator, cfa):
    send(cfa, a_row(1, **BROKEN), a_row(2, sexe_apprenant="Z"))

    page = coordinator.get("/fichiers-recus/").text

    assert "envoi.json" in page
    assert "à passer en revue" in page


def test_a_file_shows_each_error_with_its_line_and_what_to_do_and_nothing_else_of_the_row(coordinator, cfa):
    report = send(cfa, a_row(1), a_row(2, sexe_apprenant="Z", nom_apprenant="Secret", couleur="bleu"))

    page = coordinator.get(f"/fichiers-recus/{report.run}").text

    for said in ("sexe_apprenant", "sex_invalid", "M, H ou F attendu", "Corriger le sexe.", "Champ inconnu, ignoré"):
        assert said in page
    assert "Secret" not in page
    assert "SECRET" not in page


def test_a_file_of_another_organisation_is_not_found(coordinator, cfa, session):
    other = OrganisationFactory(cfa=True, uai="0441111A", siret="12345678901234")
    report = send(other, a_row(1, etablissement_formateur_uai="0441111A", etablissement_formateur_siret="12345678901234"))

    assert coordinator.get(f"/fichiers-recus/{report.run}").status_code == 404
    assert "envoi.json" not in coordinator.get("/fichiers-recus/").text


def test_the_baseline_is_reviewed_many_at_once(coordinator, cfa, session):
    report = send(cfa, *(a_row(n, **BROKEN) for n in range(3)))
    address = f"/fichiers-recus/{report.run}"
    page = coordinator.get(address)
    assert page.text.count('name="alerts"') == session.scalar(sa.select(sa.func.count(Alert.id)))
    assert set(session.scalars(sa.select(Disclosure.what))) == {"feeds.show"}
    first, *others = [str(each) for each in session.scalars(sa.select(Alert.public_id).order_by(Alert.id))]

    taken = coordinator.post(f"{address}/revue", data={"alerts": [first], "act": "take_up", "csrf_token": token(page)})
    assert taken.status_code == 303
    unsaid = coordinator.post(f"{address}/revue", data={"alerts": others, "act": "put_away", "csrf_token": token(page)})
    assert unsaid.status_code == 422
    closed = coordinator.post(
        f"{address}/revue",
        data={"alerts": others, "act": "put_away", "outcome": "already_handled", "reason": "Vus en juin", "csrf_token": token(page)},
    )
    assert closed.status_code == 303

    assert "il ne reste rien à passer en revue" in coordinator.get(address).text


def test_a_centre_reviews_what_the_body_that_answers_for_it_sent(coordinator, cfa):
    head = OrganisationFactory(training_body=True, town="Siège", uai="0441111A", siret="12345678901234")
    its = {"etablissement_responsable_uai": "0441111A", "etablissement_responsable_siret": "12345678901234"}
    report = send(head, a_row(1, **BROKEN, **its), a_row(2, sexe_apprenant="Z", **its))

    page = coordinator.get(f"/fichiers-recus/{report.run}").text

    assert "Siège" in coordinator.get("/fichiers-recus/").text
    assert 'name="alerts"' in page
    assert "sex_invalid" not in page


def test_nothing_ticked_is_said(coordinator, cfa):
    report = send(cfa, a_row(1, **BROKEN))
    page = coordinator.get(f"/fichiers-recus/{report.run}")

    answer = coordinator.post(f"/fichiers-recus/{report.run}/revue", data={"act": "take_up", "csrf_token": token(page)})

    assert answer.status_code == 422
    assert "Cochez au moins une ligne." in answer.text


def test_a_page_costs_as_many_queries_for_fifty_rows_as_for_one(coordinator, cfa, counting):
    one = send(cfa, a_row(0, **BROKEN))
    with counting() as few:
        coordinator.get(f"/fichiers-recus/{one.run}")
    with db.as_system(), db.atomic() as session:
        session.execute(sa.update(FeedRun).values(finished_at=None))
    many = send(cfa, *(a_row(n, **BROKEN) for n in range(1, 51)), *(a_row(n, sexe_apprenant="Z") for n in range(60, 110)))
    with counting() as more:
        coordinator.get(f"/fichiers-recus/{many.run}")

    assert more.cost_as_much_as(few)


def test_a_file_is_tried_then_taken(coordinator, cfa, session):
    rows = [a_row(1), a_row(2, sexe_apprenant="Z")]

    tried = give(coordinator, rows)
    assert "rien n’a été écrit" in tried.text
    assert "sexe_apprenant" in tried.text
    assert session.scalar(sa.select(sa.func.count(Person.id))) == 0
    seen = tried.text.split('name="seen" value="')[1].split('"')[0]

    other = give(coordinator, [a_row(3)], act="take", seen=seen)
    assert other.status_code == 422
    assert "Ce n’est pas le fichier qui vient d’être essayé" in other.text

    taken = give(coordinator, rows, act="take", seen=seen)
    assert taken.status_code == 303
    run = session.scalars(sa.select(FeedRun)).one()
    assert (run.created, run.refused, run.user_id is not None, taken.location.endswith(str(run.public_id))) == (1, 1, True, True)


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [(b"{", "envoi.json", "incomplet"), (b"[]", "envoi.csv", ".json"), (b"", "", "Choisissez le fichier")],
)
def test_a_file_that_is_no_feed_is_said(coordinator, content, name, said):
    answer = give(coordinator, content, name=name)

    assert answer.status_code == 422
    assert said in answer.text


def test_the_page_of_a_person_shows_the_status_of_the_dashboard(coordinator, cfa, session):
    send(cfa, a_row(1, **BROKEN))
    person = session.scalars(sa.select(Person.public_id)).one()

    page = coordinator.get(f"/personnes/{person}").text

    assert "Tableau de bord de l’apprentissage" in page
    assert "Rupturant depuis" in page
