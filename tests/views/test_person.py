"""The page of one person: what one organisation may read of what all of them declared."""

from __future__ import annotations

import re
from datetime import date

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.models import Disclosure, Enrolment, JournalEntry, LinkRole, Role
from tests.factories import JournalEntryFactory, LinkFactory, OrganisationFactory, SignalFactory, days_ago
from tests.scene import Scene, Told, account
from tests.views.conftest import submit

VISA = "PRF_VISA_METIERS"


@pytest.fixture
def scene(client):
    ml = OrganisationFactory(town="Mission locale de Nantes", phone="+33240020202")
    body = OrganisationFactory(training_body=True, town="Formation et Avenir")
    return Scene(
        ml,
        body,
        account(ml, "Claire Moreau", "claire@exemple.fr"),
        account(body, "Karim Benali", "karim@exemple.fr", Role.FORMATEUR_REFERENT),
    )


@pytest.fixture
def yanis(scene):
    """In PACEA at the mission locale, in training at the body."""
    return (
        Told(scene, "Yanis", "Benali", date(2005, 9, 14), sex="M")
        .pacea(100)
        .tell(50, "contact", {"channel": "phone", "note": "Cherche dans la logistique."})
        .tell(45, "obstacle", {"theme": "logement", "severity": "bloquant"})
        .training(VISA, 20)
        .until_today()
    )


def page_of(client, told) -> str:
    answer = client.get(f"/personnes/{told.person.public_id}")
    assert answer.status_code == 200, answer.text
    return answer.text


def step_id(told, scheme="PACEA"):
    return db.session().get(Enrolment, told.scene.steps[told.name, scheme]).public_id


def test_the_referent_reads_the_whole_pathway(scene, yanis, sign_in):
    text = page_of(sign_in(scene.counsellor), yanis)

    for said in (
        "Benali</span> Yanis",
        "PACEA",
        "Visa Métiers",
        "En formation",
        "Formation et Avenir",
        "Karim Benali",
        "02\u00a040\u00a002\u00a002\u00a002",
        "Frein bloquant noté le",
        "Cherche dans la logistique.",
        "Si personne n’agit",
    ):
        assert said in text, said


def test_a_training_body_reads_its_own_step_and_no_note_nor_obstacle(scene, yanis, sign_in):
    text = page_of(sign_in(scene.trainer), yanis)

    assert "Visa Métiers" in text
    assert "Claire Moreau" in text, "whom to call"
    for hidden in ("Cherche dans la logistique", "logement", "Parcours contractualisé", "Contrat d’engagement"):
        assert hidden not in text, hidden


def test_another_mission_locale_reads_states_and_not_notes(scene, yanis, sign_in):
    other = OrganisationFactory(town="Mission locale d’Angers")
    LinkFactory(person=yanis.person, organisation=other, role=LinkRole.CO_REFERENT)

    text = page_of(sign_in(account(other, "Lou", "lou@exemple.fr")), yanis)

    assert "PACEA" in text
    assert "Logement" not in text, "the person has agreed to nothing"
    assert "Cherche dans la logistique" not in text


def test_what_was_opened_is_logged(scene, yanis, sign_in):
    page_of(sign_in(scene.counsellor), yanis)

    row = db.session().execute(sa.select(Disclosure.user_id, Disclosure.person_id, Disclosure.what, Disclosure.groups)).one()
    assert row[:3] == (scene.counsellor.id, yanis.person.id, "person.show")
    assert "I" in row[3]


def test_what_is_possible_comes_with_what_is_not_and_why(scene, yanis, sign_in):
    text = page_of(sign_in(scene.counsellor), yanis)

    for button in ("Autre déclaration", "Prolonger", "Clore", "Transmettre", "Prescrire", "Ouvrir un dispositif"):
        assert button in text, button
    assert re.search(r"« ?Entrée en formation ?» se déclare par", text.replace("\u00a0", " ")) or "se déclare par" in text


def test_what_concerns_the_person_is_declared_without_a_step(scene, yanis, sign_in):
    client = sign_in(scene.counsellor)
    url = f"/personnes/{yanis.person.public_id}/declarer/ft_deregistered"
    assert url in page_of(client, yanis)

    assert submit(client, url, occurred_on=clock.today().isoformat(), d_reason="EMPLOI").status_code == 303

    assert "Reprise d’emploi" in page_of(client, yanis)
    assert url not in page_of(sign_in(scene.trainer), yanis)


def test_a_signal_says_what_it_rests_on(scene, yanis, sign_in):
    text = page_of(sign_in(scene.counsellor), yanis)

    assert "Sur quoi cela repose" in text
    assert "Noter une action sur ce frein" in text


def test_a_long_history_has_pages(scene, yanis, sign_in):
    for number in range(70):
        JournalEntryFactory(person=yanis.person, organisation=scene.ml, occurred_on=days_ago(200 + number), type="ft_registered")
    client = sign_in(scene.counsellor)

    first = page_of(client, yanis)
    older = re.search(r'href="([^"]+avant=[^"]+)#historique"', first).group(1)
    entries = [
        len(re.findall(r'class="entry[ "]', client.get(url).text)) for url in (f"/personnes/{yanis.person.public_id}", older)
    ]

    assert entries[0] == 60
    assert sum(entries) == db.session().scalar(sa.select(sa.func.count()).select_from(JournalEntry))


def test_fifty_entries_cost_as_many_queries_as_one(scene, sign_in, counting):
    told = Told(scene, "Inès", "Lemoine", date(2006, 5, 3)).tell(30, "orientation_notified", opens=True)
    client = sign_in(scene.counsellor)
    page_of(client, told)
    with counting() as for_few:
        page_of(client, told)
    enrolment = scene.steps["Inès", "PACEA"]
    for number in range(50):
        JournalEntryFactory(person=told.person, organisation=scene.ml, enrolment_id=enrolment, occurred_on=days_ago(number % 25))
        SignalFactory(
            person=told.person,
            enrolment_id=enrolment,
            rule="missed_appointment",
            about=str(number),
            evidence=[{"entry": 1, "type": "appointment", "on": "2026-02-01", "organisation": scene.body.id}],
        )
    with counting() as for_fifty:
        page_of(client, told)

    assert for_fifty.cost_as_much_as(for_few)


# --- declaring ---------------------------------------------------------------------------------------------------------


def test_a_contact_is_recorded_from_the_form_and_shows(scene, yanis, sign_in):
    client = sign_in(scene.counsellor)
    url = f"/personnes/{yanis.person.public_id}/declarer/contact?etape={step_id(yanis)}"

    answer = submit(client, url, occurred_on=clock.today().isoformat(), d_channel="phone", d_note="A trouvé un appartement.")

    assert (answer.status_code, answer.location) == (303, f"/personnes/{yanis.person.public_id}")
    text = page_of(client, yanis)
    assert "est enregistré" in text
    assert "A trouvé un appartement." in text
    entry = db.session().scalars(sa.select(JournalEntry).order_by(JournalEntry.id.desc())).first()
    assert (entry.type, entry.user_id, entry.organisation_id, entry.payload["channel"]) == (
        "contact",
        scene.counsellor.id,
        scene.ml.id,
        "phone",
    )


def test_the_day_is_today_unless_told_otherwise(scene, yanis, sign_in):
    url = f"/personnes/{yanis.person.public_id}/declarer/contact?etape={step_id(yanis)}"

    assert f'value="{clock.today().isoformat()}"' in sign_in(scene.counsellor).get(url).text


def test_a_refusal_keeps_what_was_typed_and_says_every_reason(scene, yanis, sign_in):
    client = sign_in(scene.counsellor)
    url = f"/personnes/{yanis.person.public_id}/declarer/resumed?etape={step_id(yanis)}"
    tomorrow = days_ago(-1).isoformat()

    answer = submit(client, url, occurred_on=tomorrow)

    assert answer.status_code == 422
    assert "La date est à venir" in answer.text
    assert "L’étape est à l’état" in answer.text
    assert f'value="{tomorrow}"' in answer.text


def test_a_missing_detail_is_named_beside_its_field(scene, yanis, sign_in):
    client = sign_in(scene.counsellor)
    url = f"/personnes/{yanis.person.public_id}/declarer/phase_started?etape={step_id(yanis)}"

    answer = submit(client, url, occurred_on="03/02/2026", d_n="deux", d_planned_end="demain")

    assert answer.status_code == 422
    assert "Écrivez un nombre entier." in answer.text
    assert "Cette date n’existe pas" in answer.text
    assert 'value="deux"' in answer.text


def test_a_social_security_number_is_refused_with_an_explanation(scene, yanis, sign_in):
    client = sign_in(scene.counsellor)
    url = f"/personnes/{yanis.person.public_id}/declarer/contact?etape={step_id(yanis)}"

    number = 1050944109012
    answer = submit(client, url, occurred_on=clock.today().isoformat(), d_note=f"Son numéro : {number}{97 - number % 97:02d}")

    assert answer.status_code == 422
    assert "numéro de sécurité sociale" in answer.text


def test_a_weeks_attendance_is_typed_as_a_grid(scene, yanis, sign_in):
    client = sign_in(scene.trainer)
    url = f"/personnes/{yanis.person.public_id}/declarer/attendance?etape={step_id(yanis, VISA)}"
    cells = {f"d_halves_{cell}": "P" for cell in range(8)} | {"d_halves_8": "U", "d_halves_9": "U"}
    monday = date.fromordinal(clock.today().toordinal() - clock.today().weekday() - 7)

    answer = submit(client, url, occurred_on=clock.today().isoformat(), d_from=monday.isoformat(), **cells)

    assert answer.status_code == 303, answer.text
    assert "8 présences, 2 absences sans justificatif" in page_of(client, yanis)


def test_a_step_is_opened_from_the_page(scene, sign_in):
    told = Told(scene, "Maëlys", "Guérin", date(2006, 5, 3))
    client = sign_in(scene.counsellor)
    opening = f"/personnes/{told.person.public_id}/ouvrir"
    url = f"/personnes/{told.person.public_id}/declarer/orientation_notified?dispositif=PACEA"
    assert opening in page_of(client, told)
    assert url in client.get(opening).text

    assert submit(client, url, occurred_on=clock.today().isoformat()).status_code == 303
    assert "Orienté" in page_of(client, told)


@pytest.mark.parametrize(
    "rest", ["contact", "contact?etape=0", "inconnu?dispositif=PACEA", "contact?dispositif=INCONNU", "retracted?dispositif=PACEA"]
)
def test_an_address_that_names_nothing_is_not_found(scene, yanis, sign_in, rest):
    assert sign_in(scene.counsellor).get(f"/personnes/{yanis.person.public_id}/declarer/{rest}").status_code == 404


def test_the_page_costs_about_as_many_queries_whatever_was_declared(scene, yanis, sign_in, counting):
    client = sign_in(scene.counsellor)

    with counting(at_most=32):
        page_of(client, yanis)
