"""Opening a record: what resembles it is shown first, and nobody fishes for strangers."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from pathways.models import Disclosure, DuplicateProposal, ExternalId, JournalEntry, Link, Person, Role
from tests.factories import LinkFactory, OrganisationFactory, PersonFactory
from tests.scene import account
from tests.views.conftest import submit, token

NEW = "/personnes/nouvelle"
LIKE = "/personnes/ressemblances"
MAELYS = {"family_name": "Guérin", "given_name": "Maëlys", "birth_date": "2006-05-03"}


@pytest.fixture
def ml(client):
    return OrganisationFactory(town="Mission locale de Nantes", phone="+33240020202")


@pytest.fixture
def claire(ml, sign_in):
    user = account(ml, "Claire Moreau", "claire@exemple.fr")
    client = sign_in(user)
    client.user = user
    return client


def known(organisation, **more) -> Person:
    identity = {"family_name": "Guérin", "given_name": "Maëlys", "birth_date": date(2006, 5, 3), "phone": None} | more
    person = PersonFactory(**identity)
    LinkFactory(person=person, organisation=organisation)
    return person


def like(client, **typed):
    return client.post(LIKE, data=typed | {"csrf_token": token(client.get(NEW))})


def newest(session) -> Person | None:
    return session.scalar(sa.select(Person).order_by(Person.id.desc()).limit(1))


def test_a_record_is_opened_with_its_identity_its_numbers_and_its_referent(claire, ml, session, frozen_clock):
    answer = submit(
        claire, NEW, **MAELYS, sex="F", commune="Nantes", phone="06 12 34 56 78", email="Maelys@Exemple.fr", level="4",
        france_travail="1234567a", ine="123456789ab",
    )  # fmt: skip

    person = newest(session)
    assert (answer.status_code, answer.location) == (303, f"/personnes/{person.public_id}#etapes"), answer.text
    assert (person.commune, person.phone, person.email, person.level) == ("44109", "+33612345678", "maelys@exemple.fr", "4")
    link = session.scalars(sa.select(Link)).one()
    assert (link.organisation_id, link.user_id, link.role) == (ml.id, claire.user.id, "referent")
    entry = session.scalars(sa.select(JournalEntry)).one()
    assert (entry.type, entry.payload["born"], entry.payload["family_name"]) == ("identity_stated", "2006-05-03", "Guérin")
    assert {tuple(row) for row in session.execute(sa.select(ExternalId.system, ExternalId.value))} == {
        ("france_travail", "1234567A"),
        ("ine", "123456789AB"),
    }
    page = claire.get(answer.location.partition("#")[0])
    assert page.status_code == 200
    assert "Ouvrir un dispositif" in page.text


def test_what_resembles_comes_back_before_anything_is_written(claire, ml, session):
    there = known(ml)

    first = submit(claire, NEW, **MAELYS)

    assert first.status_code == 422
    assert "Ces personnes ressemblent" in first.text
    assert f"/personnes/{there.public_id}" in first.text
    assert "même nom et prénom, même date de naissance" in first.text
    assert newest(session).id == there.id


def test_creating_anyway_is_a_second_gesture_about_what_was_shown(claire, ml, session):
    there = known(ml)
    shown = submit(claire, NEW, **MAELYS)
    anyway = shown.text.partition('name="anyway" value="')[2].partition('"')[0]
    assert anyway

    answer = submit(claire, NEW, **MAELYS, anyway=anyway)

    assert answer.status_code == 303
    assert newest(session).id != there.id
    assert session.scalars(sa.select(DuplicateProposal.state)).all() == ["open"]


def test_a_confirmation_of_something_else_confirms_nothing(claire, ml, session):
    there = known(ml)

    answer = submit(claire, NEW, **MAELYS, anyway="0123456789abcdef01234567")

    assert answer.status_code == 422
    assert newest(session).id == there.id


def test_what_was_confirmed_stays_so_while_another_field_is_corrected(claire, ml):
    known(ml)
    shown = submit(claire, NEW, **MAELYS)
    anyway = shown.text.partition('name="anyway" value="')[2].partition('"')[0]

    refused = submit(claire, NEW, **MAELYS, anyway=anyway, phone="12")

    assert "Ce numéro de téléphone n’existe pas" in refused.text
    assert anyway in refused.text
    assert "Créer quand même" not in refused.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            {"family_name": "Guerin", "given_name": "maelys", "birth_date": "2006-05-03"},
            "même nom et prénom, même date de naissance",
        ),
        ({"family_name": "Maëlys", "given_name": "Guérin", "birth_date": "2006-05-03"}, "nom et prénom inversés"),
        ({"family_name": "Guérim", "given_name": "Maëlys", "birth_date": "2006-05-03"}, "nom presque identique"),
        ({"family_name": "Guérin", "given_name": "Maëlys", "birth_date": "2006-03-05"}, "jour et mois de naissance inversés"),
        ({"family_name": "Guérin", "given_name": "Maëlys", "birth_date": "2001-05-03"}, "date de naissance différente"),
        ({"family_name": "Gué", "given_name": "", "birth_date": ""}, "Maëlys"),
        ({"family_name": "", "given_name": "Maëlys", "birth_date": "", "phone": "06 11 22 33 44"}, "même prénom, même téléphone"),
    ],
)
def test_what_resembles_shows_while_one_types(claire, ml, typed, said):
    known(ml, phone="+33611223344")

    answer = like(claire, **typed)

    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "Guérin" in answer.text
    assert said in answer.text


def test_a_twin_is_no_resemblance(claire, ml):
    known(ml, given_name="Louane", phone="+33611223344")

    answer = like(claire, **MAELYS, phone="06 11 22 33 44")

    assert "Louane" not in answer.text


def test_half_an_identity_says_nothing_of_other_organisations(claire, session):
    elsewhere = OrganisationFactory(town="Mission locale d’Angers", phone="+33241000000")
    known(elsewhere)

    for typed in (
        {"family_name": "Guérin", "given_name": "Maëlys"},
        {"family_name": "Guérin", "birth_date": "2006-05-03"},
        {"family_name": "Guérin", "given_name": "Maël", "birth_date": "2006-05-03"},
        {"family_name": "Guéri", "given_name": "Maëlys", "birth_date": "2006-05-03"},
        {"family_name": "Guérin", "given_name": "Maëlys", "birth_date": "2006-05-04"},
        {"family_name": "%", "given_name": "%", "birth_date": "2006-05-03"},
    ):
        answer = like(claire, **typed)
        assert "Angers" not in answer.text, typed
    assert session.scalars(sa.select(Disclosure.id)).all() == []


def test_a_whole_identity_says_who_to_call_and_nothing_of_the_person(claire, session):
    elsewhere = OrganisationFactory(town="Mission locale d’Angers", phone="+33241000000")
    there = known(elsewhere, phone="+33699999999", email="secret@exemple.fr", commune="49007")

    answer = like(claire, family_name="GUERIN", given_name="Maelys", birth_date="03/05/2006")

    assert "Mission locale d’Angers" in answer.text
    assert "02\u00a041\u00a000\u00a000\u00a000" in answer.text
    for secret in (str(there.public_id), "99 99", "secret@", "49007", f"/{there.id}"):
        assert secret not in answer.text
    logged = session.execute(sa.select(Disclosure.person_id, Disclosure.user_id, Disclosure.what)).all()
    assert logged == [(there.id, claire.user.id, "persons.elsewhere")]


def test_somebody_nobody_accompanies_any_more_is_not_told_of(claire):
    person = PersonFactory(family_name="Guérin", given_name="Maëlys", birth_date=date(2006, 5, 3))
    LinkFactory(person=person, organisation=OrganisationFactory(town="Mission locale d’Angers"), ended_days_ago=1)

    assert "Angers" not in like(claire, **MAELYS).text


def test_identities_are_asked_about_one_by_one_not_by_the_hundred(claire):
    known(OrganisationFactory(town="Mission locale d’Angers"))
    key = token(claire.get(NEW))

    for number in range(45):
        typed = {"family_name": "Guérin", "given_name": f"Prénom{number}", "birth_date": "2006-05-03", "csrf_token": key}
        answer = claire.post(LIKE, data=typed)
        assert answer.status_code == 200
    assert "ne sont plus interrogés" in answer.text
    blind = claire.post(LIKE, data=MAELYS | {"csrf_token": key})
    assert "Angers" not in blind.text
    assert "d’Angers" not in submit(claire, NEW, **MAELYS).text


def test_typing_on_about_the_same_person_counts_once(claire):
    known(OrganisationFactory(town="Mission locale d’Angers"))
    key = token(claire.get(NEW))

    for number in range(45):
        answer = claire.post(LIKE, data=MAELYS | {"phone": f"06{number}", "csrf_token": key})
    assert "Angers" in answer.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"family_name": " "}, "Indiquez le nom"),
        ({"birth_date": ""}, "Indiquez la date de naissance."),
        ({"birth_date": "31/02/2006"}, "Cette date n’existe pas"),
        ({"birth_date": "2062-05-03"}, "La date de naissance est à venir"),
        ({"birth_date": "1906-05-03"}, "donne plus de 100 ans"),
        ({"birth_date": "2014-05-03"}, "Cette date de naissance est exacte"),
        ({"birth_date": "1950-05-03"}, "Cette date de naissance est exacte"),
        ({"france_travail": "123"}, "L’identifiant France Travail a 11 chiffres"),
        ({"ine": "ABC"}, "L’INE a 11 caractères"),
        ({"ine": "2 06 05 44 109 123 45"}, "la forme d’un numéro de sécurité sociale"),
        ({"phone": "12"}, "Ce numéro de téléphone n’existe pas"),
        ({"email": "maelys"}, "Cette adresse électronique n’est pas complète"),
        ({"commune": "Atlantide"}, "Cette commune n’est pas dans la liste"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(claire, session, frozen_clock, typed, said):
    answer = submit(claire, NEW, **(MAELYS | typed))

    assert answer.status_code == 422
    assert said in answer.text
    assert newest(session) is None


def test_an_unusual_age_is_confirmed(claire, session, frozen_clock):
    answer = submit(claire, NEW, **(MAELYS | {"birth_date": "2014-05-03"}), age_confirmed="y")

    assert answer.status_code == 303


def test_a_number_of_another_record_is_refused_without_a_name(claire, session):
    theirs = known(OrganisationFactory(), given_name="Fatou")
    session.add(ExternalId(person_id=theirs.id, system="france_travail", value="1234567A"))
    session.commit()

    answer = submit(claire, NEW, **MAELYS, france_travail="1234567a")

    assert answer.status_code == 422
    assert "déjà celui d’une autre fiche" in answer.text
    assert "Fatou" not in answer.text
    assert newest(session).id == theirs.id


def test_names_keep_what_was_typed_with_single_spaces(claire, session):
    submit(claire, NEW, **(MAELYS | {"family_name": "  de  La   Tour ", "given_name": "Anne-Lou  "}))

    person = newest(session)
    assert (person.family_name, person.given_name, person.sort_key) == ("de La Tour", "Anne-Lou", "de la tour anne lou")


def test_a_training_body_opens_a_record_as_the_operator_it_is(sign_in, session):
    body = OrganisationFactory(training_body=True)
    client = sign_in(account(body, "Karim", "karim@exemple.fr", Role.FORMATEUR_REFERENT))

    assert submit(client, NEW, **MAELYS).status_code == 303
    assert session.scalars(sa.select(Link.role)).all() == ["operator"]


def test_the_funder_opens_no_record(sign_in):
    client = sign_in(account(OrganisationFactory(), "Région", "region@exemple.fr", Role.GESTIONNAIRE_REGION))

    assert client.get(NEW).status_code == 403


def test_what_resembles_costs_as_many_queries_for_twenty_as_for_one(claire, ml, counting):
    known(ml)
    key = token(claire.get(NEW))
    with counting() as for_one:
        claire.post(LIKE, data=MAELYS | {"csrf_token": key})
    for _more in range(20):
        known(ml)
    with counting() as for_many:
        claire.post(LIKE, data=MAELYS | {"csrf_token": key})

    assert for_many.cost_as_much_as(for_one)
