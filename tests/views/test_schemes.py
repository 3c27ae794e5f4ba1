"""The pages on schemes: the catalogue, one scheme, and somebody's place in it."""

from __future__ import annotations

import re
from datetime import date

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.models import Disclosure, Enrolment, LinkRole, Role, Setting
from pathways.operations.recording import record_event
from pathways.queries.schemes import catalogue, held_groups, listed, rules_of, sheet
from pathways.workflows.graph import passages
from pathways.workflows.schemes import SCHEMES
from tests.factories import LinkFactory, OrganisationFactory
from tests.scene import account, build


@pytest.fixture
def scene(client):
    return build("Chloé", "Fatou", "Ibrahima", "Inès", "Yanis")


@pytest.fixture
def reader(client):
    """A counsellor who accompanies nobody: what the table of schemes says depends on no person."""
    return account(OrganisationFactory(), "Claire Moreau", "claire.moreau@exemple.fr")


def public_id(scene, name, scheme):
    return db.session().scalar(sa.select(Enrolment.public_id).where(Enrolment.id == scene.steps[name, scheme]))


def place_of(scene, name="Yanis", scheme="PACEA"):
    return f"/personnes/{scene.persons[name].public_id}/etapes/{public_id(scene, name, scheme)}/dispositif"


def words(page) -> str:
    """What is read of a page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text)).replace("\xa0", " ").replace("\u202f", " ")


# --- the catalogue -----------------------------------------------------------------------------------------------------


def test_every_scheme_is_in_the_catalogue_once(reader, sign_in):
    text = sign_in(reader).get("/dispositifs/").text

    for code in SCHEMES:
        assert len(re.findall(rf'<h3><a href="/dispositifs/{code}">', text)) == 1, code


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_whoever_signs_in_may_read_them(sign_in, role):
    client = sign_in(account(OrganisationFactory(), "Claire", "claire@exemple.fr", role))

    for path in ("/dispositifs/", "/dispositifs/PACEA", "/signaux/"):
        assert client.get(path).status_code == 200, path


def test_nobody_reads_them_before_signing_in(client):
    assert client.get("/dispositifs/").status_code in {302, 303}


def test_the_menu_leads_there(reader, sign_in):
    assert 'href="/dispositifs/"' in sign_in(reader).get("/accompagnements").text


def test_a_closed_scheme_says_since_when_and_what_replaces_it(reader, sign_in):
    text = words(sign_in(reader).get("/dispositifs/?etat=fermes"))

    assert "Fermé aux entrées depuis le 28 février 2022" in text
    assert re.search(r"Garantie jeunes .*Remplacé par CEJ", text)


def test_the_catalogue_may_be_narrowed_and_searched(reader, sign_in):
    client = sign_in(reader)
    closed = client.get("/dispositifs/?etat=fermes").text
    found = client.get("/dispositifs/?q=cr%C3%A9ateur%20entreprise%20creation").text

    assert 'href="/dispositifs/GJ"' in closed
    assert '<h3><a href="/dispositifs/PACEA"' not in closed
    assert "Aucun dispositif ne correspond" in found
    assert re.search(r"data-item[^>]*hidden", found)


def test_a_search_ignores_accents_and_capitals():
    found = [each.scheme.code for _family, them in catalogue(date(2026, 3, 2), "ÉCURISATION professionnelle") for each in them]

    assert found == ["CSP"]


def test_a_scheme_not_open_yet_or_closed_is_said_so():
    assert listed(SCHEMES["CEJ"], date(2020, 1, 6)).is_to_come
    assert listed(SCHEMES["GJ"], date(2026, 3, 2)).closed == date(2022, 2, 28)
    assert listed(SCHEMES["PACEA"], date(2026, 3, 2)).is_open


# --- one scheme --------------------------------------------------------------------------------------------------------


def test_every_scheme_has_its_page_with_its_drawing_and_its_list(reader, sign_in):
    client = sign_in(reader)
    for code, scheme in SCHEMES.items():
        page = client.get(f"/dispositifs/{code}")
        ids = re.findall(r'\sid="([^"]+)"', page.text)

        assert page.status_code == 200, code
        assert page.text.count('role="img" aria-labelledby=') == 2, code
        assert page.text.count('class="passage-number"') == len(passages(scheme.workflow)), code
        assert not re.search(r"\sstyle=|<style", page.text), code
        assert sorted(ids) == sorted(set(ids)), f"{code}: an id is the name of one thing"


def test_it_says_its_rules_its_texts_and_its_former_versions(reader, sign_in):
    text = words(sign_in(reader).get("/dispositifs/PACEA"))

    assert "Avoir de 16 à 25 ans" in text
    assert "24 mois au plus" in text
    assert "du 1er janvier 2017 au 28 février 2022" in text
    assert "CT L5131-4, R5131-8 à R5131-13, D5411-14-1" in text
    assert "Mission locale" in text


def test_it_says_what_it_is_held_with_in_three_groups(reader, sign_in):
    text = words(sign_in(reader).get("/dispositifs/PACEA"))

    assert re.search(r"Non CEJ .*Déclarez d’abord la sortie du premier", text)
    assert re.search(r"Avec précaution .*Contrat d’apprentissage.*Gardez-le ouvert", text)


def test_the_groups_repeat_the_table():
    groups = dict(held_groups(sheet("PACEA", date(2026, 3, 2), None).held))
    codes = {name: {code for each in found for code in each.schemes} for name, found in groups.items()}

    assert "CEJ" in codes["no"]
    assert "APPRENTISSAGE" in codes["care"]
    assert "PMSMP" in codes["yes"]
    assert not codes["yes"] & codes["no"]


def test_a_threshold_is_the_one_in_force_for_the_reader(scene, sign_in):
    client = sign_in(scene.counsellor)
    before = words(client.get("/dispositifs/PACEA"))
    db.session().add(Setting(
        organisation_id=scene.ml.id, scheme="PACEA", name="contact_silence.days", value=60, valid_from=clock.today(),
        recorded_at=clock.now(), user_id=scene.counsellor.id,
    ))
    db.session().flush()
    after = words(client.get("/dispositifs/PACEA"))

    assert "délai sans contact avant d’alerter : 45 jours" in before
    assert "délai sans contact avant d’alerter : 60 jours choix de votre organisme" in after


def test_the_signals_of_a_scheme_are_those_that_look_at_it():
    def ids(code):
        return {rule.id for rule in rules_of(SCHEMES[code])}

    assert "weekly_hours_low" in ids("CEJ") - ids("PACEA")
    assert "first_phase_overdue" in ids("PACEA") - ids("CEJ")
    assert "entry_delay" in ids("PRF_VISA_METIERS")


def test_an_unknown_scheme_does_not_exist(reader, sign_in):
    assert sign_in(reader).get("/dispositifs/RIEN").status_code == 404


def test_as_many_questions_are_asked_for_every_scheme(scene, sign_in, counting):
    client = sign_in(scene.counsellor)
    client.get("/dispositifs/PACEA")
    asked = []
    for code in ("PACEA", "EMPLOI", "PSAD"):
        with counting() as queries:
            client.get(f"/dispositifs/{code}")
        asked.append(len(queries))

    assert len(set(asked)) == 1


# --- somebody's place --------------------------------------------------------------------------------------------------


def test_the_states_passed_are_told_with_their_days_and_the_one_now(scene, sign_in):
    text = words(sign_in(scene.counsellor).get(place_of(scene)))

    assert re.search(r"Déjà passé Orienté du .* au .* Diagnostic du .* Contrat signé du .* Actif depuis le", text)
    assert re.search(r"Ce qui peut suivre.*Parcours externe", text)
    assert re.search(r"Dernier jour de la durée maximale", text)
    assert "Règles de cette étape depuis le 1er janvier 2025" in text


def test_what_one_may_declare_now_is_a_link(scene, sign_in):
    text = sign_in(scene.counsellor).get(place_of(scene)).text

    assert f"/declarer/suspended?etape={public_id(scene, 'Yanis', 'PACEA')}" in text
    assert "/declarer/resumed" not in text


def test_the_drawing_marks_the_state_now_and_those_passed(scene, sign_in):
    text = sign_in(scene.counsellor).get(place_of(scene)).text

    assert len(re.findall(r'class="flow-state flow-now"', text)) == 2, "once in each drawing"
    assert len(re.findall(r'class="flow-state flow-passed"', text)) == 6


def test_the_page_of_the_person_leads_there(scene, sign_in):
    text = sign_in(scene.counsellor).get(f"/personnes/{scene.persons['Yanis'].public_id}").text

    assert place_of(scene) in text


def test_the_time_to_sign_is_said_while_it_runs(scene, sign_in):
    text = words(sign_in(scene.counsellor).get(place_of(scene, "Chloé")))

    assert "Dernier jour pour signer" in text


def test_a_step_that_ended_has_nothing_to_come(scene, sign_in):
    with db.atomic():
        record_event(
            person_id=scene.persons["Inès"].id, type="closed", occurred_on=clock.today(), data={"outcome": "EMPLOI_CDI"},
            organisation_id=scene.ml.id, user_id=scene.counsellor.id, enrolment_id=scene.steps["Inès", "PACEA"], scheme=None,
            source="screen",
        )
    text = words(sign_in(scene.counsellor).get(place_of(scene, "Inès")))

    assert "L’étape est finie" in text
    assert "Aucune échéance à venir" in text


def test_a_training_body_sees_its_own_step_only(scene, sign_in):
    client = sign_in(scene.trainer)

    assert client.get(place_of(scene, scheme="PRF_VISA_METIERS")).status_code == 200
    assert client.get(place_of(scene, scheme="PACEA")).status_code == 404


def test_somebody_one_does_not_accompany_is_not_found(scene, sign_in):
    stranger = account(OrganisationFactory(), "Paul", "paul@exemple.fr")

    assert sign_in(stranger).get(place_of(scene)).status_code == 404


def test_a_step_of_somebody_else_is_not_found_under_this_person(scene, sign_in):
    address = f"/personnes/{scene.persons['Fatou'].public_id}/etapes/{public_id(scene, 'Yanis', 'PACEA')}/dispositif"

    assert sign_in(scene.counsellor).get(address).status_code == 404


def test_reading_it_is_logged(scene, sign_in):
    sign_in(scene.counsellor).get(place_of(scene))

    seen = db.session().scalars(sa.select(Disclosure.what).where(Disclosure.person_id == scene.persons["Yanis"].id)).all()
    assert "schemes.whereabouts" in seen


def test_as_many_questions_are_asked_whatever_the_history(scene, sign_in, counting):
    client = sign_in(scene.counsellor)
    client.get(place_of(scene))
    asked = []
    for name in ("Ibrahima", "Yanis"):
        address = place_of(scene, name)
        with counting() as queries:
            client.get(address)
        asked.append(len(queries))

    assert asked[0] == asked[1]


def test_signals_to_come_on_a_step_are_for_those_who_have_a_part_in_it(scene, sign_in):
    other = OrganisationFactory(town="Cap emploi 44", kind="cap_emploi")
    helper = account(other, "Léa", "lea@exemple.fr")
    LinkFactory(person=scene.persons["Ibrahima"], organisation=other, user=helper, role=LinkRole.CO_REFERENT)

    mine = words(sign_in(scene.counsellor).get(place_of(scene, "Ibrahima")))
    theirs = words(sign_in(helper).get(place_of(scene, "Ibrahima")))

    assert "si personne n’agit" in mine
    assert "si personne n’agit" not in theirs

