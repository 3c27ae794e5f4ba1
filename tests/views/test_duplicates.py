"""Two records side by side: what is shown, what is decided, and how it is taken back."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from pathways.models import Disclosure, DuplicateProposal, Person, PersonMerge
from pathways.operations.likeness import propose_many
from tests.factories import EnrolmentFactory, LinkFactory, OrganisationFactory, PersonFactory
from tests.scene import account
from tests.views.conftest import token

LIST = "/doublons/"


@pytest.fixture
def ml(client):
    return OrganisationFactory(town="Mission locale de Nantes", phone="+33240020202")


@pytest.fixture
def claire(ml, sign_in):
    user = account(ml, "Claire Moreau", "claire@exemple.fr")
    client = sign_in(user)
    client.user = user
    return client


def known(organisation, number=0, **more) -> Person:
    identity = {"family_name": f"Guérin{'a' * number}", "given_name": "Maëlys", "birth_date": date(2006, 5, 3)}
    person = PersonFactory(**(identity | {"phone": None, "commune": "44109"} | more))
    LinkFactory(person=person, organisation=organisation)
    return person


@pytest.fixture
def two(ml, session):
    first = known(ml, commune="44109", phone="+33611111111")
    second = known(ml, family_name="Guerin", commune="44184", phone="+33622222222")
    EnrolmentFactory(person=second, lead=ml)
    propose_many([first.id])
    return first, second


def address(session) -> str:
    return f"/doublons/{session.scalar(sa.select(DuplicateProposal.public_id))}"


def send(client, page: str, action: str = "", **fields):
    return client.post(page + action, data=fields | {"csrf_token": token(client.get(page))})


def test_the_list_says_how_many_and_what_matches(claire, two):
    text = claire.get(LIST).text

    assert "Doublons possibles (1)" in text
    assert "même nom et prénom, même date de naissance" in text
    assert "téléphone différent" in text


def test_an_empty_list_says_what_will_come(claire):
    assert "Aucun doublon possible" in claire.get(LIST).text


def test_two_records_stand_side_by_side_and_their_differences_in_words(claire, two, session):
    text = claire.get(address(session)).text

    assert "Guérin" in text
    assert "Guerin" in text
    assert text.count("différent</span>") == 3
    assert "Saint-Nazaire" in text
    assert "PACEA" in text
    assert set(session.scalars(sa.select(Disclosure.person_id).where(Disclosure.what == "duplicates.compare"))) == {
        person.id for person in two
    }


def test_joining_keeps_what_was_chosen_and_both_addresses_lead_to_it(claire, two, session):
    first, second = two
    answer = send(
        claire, address(session), "/reunir", keep_family_name="first", keep_phone="second", keep_commune="first",
        reason="Vue avec elle",
    )  # fmt: skip

    assert (answer.status_code, answer.location) == (303, f"/personnes/{first.public_id}")
    session.expire_all()
    kept = session.get(Person, first.id)
    assert (kept.family_name, kept.phone) == ("Guérin", "+33622222222")
    former = claire.get(f"/personnes/{second.public_id}")
    assert (former.status_code, former.location) == (302, f"/personnes/{first.public_id}")
    page = claire.get(f"/personnes/{first.public_id}").text
    assert "PACEA" in page
    assert "Fiche réunie le" in page
    assert "Doublons possibles (0)" in claire.get(LIST).text


def test_undoing_says_what_will_happen_and_then_does_it(claire, two, session):
    first, second = two
    page = address(session)
    send(claire, page, "/reunir", keep_family_name="first", keep_phone="second", keep_commune="first")
    assert claire.get(page).location == f"{page}/defaire"

    told = claire.get(f"{page}/defaire").text
    assert "Maëlys Guerin existe de nouveau." in told
    assert "1 étape y retourne" in told
    assert "sauf correction faite depuis" in told
    assert "Téléphone.<" in told
    answer = send(claire, f"{page}/defaire")

    assert (answer.status_code, answer.location) == (303, page)
    session.expire_all()
    assert session.get(Person, first.id).phone == "+33611111111"
    assert claire.get(f"/personnes/{second.public_id}").status_code == 200
    assert session.scalar(sa.select(DuplicateProposal.state)) == "open"


def test_two_people_leave_the_list_and_may_come_back(claire, two, session):
    page = address(session)

    answer = send(claire, page, "/separer", reason="Cousines")

    assert answer.status_code == 303
    assert "a dit que ce sont deux personnes" in claire.get(page).text
    assert "Doublons possibles (0)" in claire.get(LIST).text
    send(claire, f"{page}/defaire")
    assert "Doublons possibles (1)" in claire.get(LIST).text


def test_contradictions_are_confirmed(claire, ml, session):
    known(ml, sex="F")
    known(ml, sex="M", birth_date=date(2006, 3, 5))
    with_everybody = session.scalars(sa.select(Person.id)).all()
    propose_many(with_everybody)
    page = address(session)
    chosen = {"keep_birth_date": "first", "keep_sex": "first"}

    refused = send(claire, page, "/reunir", **chosen)

    assert refused.status_code == 422
    assert "Les dates de naissance diffèrent" in refused.text
    assert "Le sexe indiqué diffère" in refused.text
    assert "J’ai vérifié" in refused.text
    assert send(claire, page, "/reunir", **chosen, confirmed="y").status_code == 303


def test_a_record_of_another_organisation_shows_whom_to_call_and_cannot_be_joined(claire, ml, session):
    angers = OrganisationFactory(town="Mission locale d’Angers", phone="+33241000000")
    mine = known(ml)
    theirs = known(angers, family_name="Guerrin", phone="+33699999999", email="secret@exemple.fr", commune="49007")
    propose_many([mine.id])
    page = address(session)

    listed, compared = claire.get(LIST).text, claire.get(page).text

    for text in (listed, compared):
        assert "Mission locale d’Angers" in text
        for secret in ("Guerrin", str(theirs.public_id), "99 99", "secret@", "49007"):
            assert secret not in text
    assert "02\u00a041\u00a000\u00a000\u00a000" in compared
    assert "Réunir les deux fiches" not in compared
    assert send(claire, page, "/reunir").status_code == 404
    assert send(claire, page, "/separer").status_code == 422
    assert send(claire, page, "/separer", reason="Vu avec Angers").status_code == 303
    assert session.scalars(sa.select(PersonMerge.id)).all() == []
    assert theirs.id in session.scalars(sa.select(Disclosure.person_id)).all()


def test_a_pair_of_strangers_does_not_exist(claire, session):
    angers = OrganisationFactory()
    known(angers)
    known(angers)
    propose_many(session.scalars(sa.select(Person.id)).all())
    page, key = address(session), token(claire.get(LIST))

    assert claire.get(page).status_code == 404
    assert claire.get(f"{page}/defaire").status_code == 404
    for action in ("/reunir", "/separer", "/defaire"):
        assert claire.post(page + action, data={"csrf_token": key}).status_code == 404
    assert "Doublons possibles (0)" in claire.get(LIST).text


def test_the_page_of_a_person_tells_of_a_possible_duplicate(claire, two, session):
    text = claire.get(f"/personnes/{two[0].public_id}").text

    assert "Une autre fiche ressemble à celle-ci" in text
    assert address(session) in text


def test_the_list_is_paged_and_costs_as_many_queries_for_fifty_pairs_as_for_one(claire, ml, session, counting):
    people = [known(ml, number=1), known(ml, number=1)]
    propose_many([people[0].id])
    claire.get(LIST)
    with counting() as for_one:
        claire.get(LIST)
    for number in range(2, 52):
        people += [known(ml, number=3 * number), known(ml, number=3 * number)]
    propose_many([person.id for person in people])
    with counting() as for_fifty:
        page = claire.get(LIST).text

    assert for_fifty.cost_as_much_as(for_one)
    assert "Doublons possibles (51)" in page
    seen, link = page.count('class="dup"'), page
    while 'rel="next"' in link:
        link = claire.get(link.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")).text
        seen += link.count('class="dup"')
    assert seen == 51


def test_a_record_that_nobody_accompanies_any_more_is_not_put_to_anybody(claire, ml, session):
    mine = known(ml)
    left = PersonFactory(family_name="Guérin", given_name="Maëlys", birth_date=date(2006, 5, 3))
    LinkFactory(person=left, organisation=ml, ended_days_ago=40)
    propose_many([mine.id])

    assert "Doublons possibles (0)" in claire.get(LIST).text
    assert "Une autre fiche ressemble" not in claire.get(f"/personnes/{mine.public_id}").text
    assert "Plus personne n’accompagne l’autre fiche" in claire.get(address(session)).text
