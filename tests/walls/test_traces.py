"""Every look is written before its answer leaves, stays written, and is shown to whom it concerns."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.models import Disclosure, EmergencyAccess, Kind, LinkRole, PersonChange, Role
from tests.factories import LinkFactory, OrganisationFactory, PersonFactory
from tests.scene import account
from tests.views.conftest import submit
from tests.walls.marked import marked
from tests.walls.test_fields import seen_in
from tests.walls.walking import walk


def looked(session, person_id: int) -> int:
    return session.scalar(sa.select(sa.func.count()).where(Disclosure.person_id == person_id))


@pytest.mark.parametrize("role", [Role.CONSEILLER, Role.RESPONSABLE_STRUCTURE])
def test_whatever_page_shows_somebody_has_written_that_it_did(role, app, sign_in, session, frozen_clock):
    case = marked(Kind.MISSION_LOCALE, leads=True)
    client, silent = sign_in(case.user(role)), []
    written = looked(session, case.person.id)
    for answer in walk(app, client, case):
        session.expire_all()
        now = looked(session, case.person.id)
        if "XQI" in answer.text and answer.status == 200 and now == written:
            silent.append(answer.rule.rule)
        written = now
    assert silent == []


def test_a_look_is_neither_changed_nor_removed(session, frozen_clock):
    person = PersonFactory(followed_by=OrganisationFactory())
    for act in ("update disclosure set what = 'x'", "delete from disclosure", "delete from emergency_access",
                "update reading_review set verdict = 'justified'", "delete from person_change",
                "insert into person_change (person_id, before, after) values (:id, '{}', '{}')"):
        with pytest.raises(sa.exc.ProgrammingError, match="permission denied"), session.begin_nested():
            session.execute(sa.text(act), {"id": person.id} if ":id" in act else {})


def test_the_record_says_who_looked_by_name_at_home_and_by_house_elsewhere(session, sign_in, frozen_clock):
    case = marked(Kind.MISSION_LOCALE, leads=True)
    other = OrganisationFactory(kind=Kind.FRANCE_TRAVAIL, town="Agence Nord")
    LinkFactory(person=case.person, organisation=other, role=LinkRole.CO_REFERENT)
    stranger = account(other, "Zoé Lambert", "zoe@exemple.fr")
    sign_in(stranger).get(f"/personnes/{case.person.public_id}")
    client = sign_in(case.user())
    for _ in range(2):
        client.get(f"/personnes/{case.person.public_id}")

    page = client.get(f"/personnes/{case.person.public_id}/consultations").text

    assert "Agence Nord" in page
    assert "Zoé Lambert" not in page
    assert "Co-référent" in page or "Conseiller" in page
    assert "Lectrice" in page
    assert "2 fois" in page


def test_the_list_is_narrowed_to_an_organisation_and_to_a_group(sign_in, frozen_clock, session):
    case = marked(Kind.MISSION_LOCALE, leads=True)
    other = OrganisationFactory(kind=Kind.FRANCE_TRAVAIL, town="Agence Nord")
    for organisation, letters, reason in ((other, ["I"], "life : Appel secret"), (case.organisation, ["H"], "life : Appel ici")):
        session.add(Disclosure(organisation_id=organisation.id, person_id=case.person.id, what="seek.emergency",
                               groups=letters, reason=reason))
    session.flush()
    client, url = sign_in(case.user()), f"/personnes/{case.person.public_id}/consultations"
    whole = client.get(url).text

    assert "Appel ici" in whole
    assert "Appel secret" not in whole
    assert "La vie de la personne est en danger" in whole
    assert "life" not in whole
    assert "<strong>Agence Nord" in client.get(f"{url}?organisme={other.public_id}").text
    assert "<strong>Agence Nord" not in client.get(f"{url}?groupe=H").text
    assert "Aucune consultation ne correspond" in client.get(f"{url}?groupe=F").text
    assert client.get(f"{url}?groupe=zz&organisme=zz&avant=0001-01-01").status_code == 200


def test_the_list_costs_the_same_for_one_reader_and_for_fifty(sign_in, frozen_clock, session, counting):
    case = marked(Kind.MISSION_LOCALE, leads=True)
    client, url = sign_in(case.user()), f"/personnes/{case.person.public_id}/consultations"
    client.get(url)
    with counting() as one:
        client.get(url)
    for number in range(50):
        session.add(Disclosure(organisation_id=case.organisation.id, person_id=case.person.id, what="person.show",
                               at=clock.now() - timedelta(days=number), groups=["I"]))
    session.flush()
    with counting() as fifty:
        client.get(url)
    assert fifty.cost_as_much_as(one)


def test_what_was_corrected_is_read_before_and_after(sign_in, frozen_clock, session):
    case = marked(Kind.MISSION_LOCALE, leads=True)
    with db.acting_for(case.organisation.id):
        session.execute(sa.text("update person set given_name = 'Corrigée' where id = :id"), {"id": case.person.id})
    page = sign_in(case.user()).get(f"/personnes/{case.person.public_id}/consultations").text

    assert "<ins>Corrigée</ins>" in page
    assert f"<del>{case.person.given_name}</del>" in page


def test_what_an_identity_was_is_kept_whoever_changed_it(session, frozen_clock):
    ml = OrganisationFactory()
    person = PersonFactory(followed_by=ml, family_name="Avant")
    with db.acting_for(ml.id):
        session.execute(sa.text("update person set family_name = 'Après', next_on = null where id = :id"), {"id": person.id})
    change = session.scalars(sa.select(PersonChange).where(PersonChange.person_id == person.id)).one()

    assert (change.before, change.after, change.organisation_id) == ({"family_name": "Avant"}, {"family_name": "Après"}, ml.id)


# --- finding the referent -------------------------------------------------------------------------------------------------


@pytest.fixture
def sought(session, frozen_clock):
    """Somebody of another Mission locale, and a counsellor here who does not see them."""
    theirs, ours = OrganisationFactory(town="Mission locale du Sud", phone="+33240020202"), OrganisationFactory(town="Ici")
    person = PersonFactory(family_name="Le Goff", given_name="Théo", birth_date=date(2004, 3, 30), email="theo@exemple.fr")
    LinkFactory(person=person, organisation=theirs, user=account(theirs, "Claire Moreau", "claire@exemple.fr"))
    return person, account(ours, "Paul", "paul@exemple.fr"), ours, account(ours, "Dominique", "dpo@exemple.fr", Role.DPO)


def find(client, **typed):
    return submit(client, "/trouver", **{"family_name": "le goff", "given_name": "Theo", "born": "2004-03-30"} | typed)


def test_an_exact_name_and_birth_date_tell_who_accompanies_and_nothing_else(sought, sign_in, session):
    person, user, _ours, _dpo = sought
    page = find(sign_in(user)).text

    assert "Mission locale du Sud" in page
    assert "Claire Moreau" in page
    assert person.email not in page
    assert session.scalar(sa.select(Disclosure.what).where(Disclosure.person_id == person.id)) == "seek.find"


@pytest.mark.parametrize("typed", [{"family_name": "Le Gof"}, {"born": "2004-03-31"}, {"given_name": "T"}])
def test_nearly_right_finds_nobody(typed, sought, sign_in, session):
    page = find(sign_in(sought[1]), **typed).text

    assert "Mission locale du Sud" not in page
    assert "Personne de ce nom" in page
    assert looked(session, sought[0].id) == 0


def test_more_than_three_namesakes_are_not_shown(sought, sign_in):
    for _ in range(3):
        PersonFactory(family_name="Le Goff", given_name="Théo", birth_date=date(2004, 3, 30))
    answer = find(sign_in(sought[1]))

    assert answer.status_code == 422
    assert "Plus de trois personnes" in answer.text


def test_namesakes_are_told_apart_by_their_commune(sought, sign_in, session):
    for _ in range(3):
        PersonFactory(family_name="Le Goff", given_name="Théo", birth_date=date(2004, 3, 30), commune="49007")
    session.execute(sa.text("update person set commune = '53130' where id = :id"), {"id": sought[0].id})

    assert "Mission locale du Sud" in find(sign_in(sought[1]), commune="53130").text


def test_too_many_are_not_told_and_not_written(sought, sign_in, session):
    for _ in range(3):
        PersonFactory(family_name="Le Goff", given_name="Théo", birth_date=date(2004, 3, 30))
    find(sign_in(sought[1]))

    assert looked(session, sought[0].id) == 0


def test_the_function_of_the_database_tells_these_columns_and_no_other(sought, session, acting_for):
    with acting_for(sought[2], sought[1]):
        asked = sa.text("select * from find_referent('le goff theo', '2004-03-30', null)")
        assert set(session.execute(asked).keys()) == {
            "public_id", "family_name", "given_name", "birth_date", "commune", "organisation", "phone", "email", "referent"
        }


# --- imminent danger ------------------------------------------------------------------------------------------------------


def opened(client, person, **more):
    typed = {"reason": "life", "explanation": "Appel au secours reçu ce matin au standard."} | more
    return submit(client, f"/trouver/{person.public_id}/urgence", **typed)


def test_a_danger_opens_the_essential_to_one_user_for_four_hours(sought, sign_in, session, frozen_clock):
    person, user, _ours, dpo = sought
    client = sign_in(user)
    answer = opened(client, person)
    page = client.get(answer.location).text

    assert "Claire Moreau" in page
    assert person.email in page
    assert client.get(f"/personnes/{person.public_id}").status_code == 404
    frozen_clock.advance(hours=4)
    assert sign_in(user).get(answer.location).status_code == 404
    assert session.scalar(sa.select(Disclosure.reason).where(Disclosure.what == "seek.emergency")).startswith("life : Appel")
    examined = sign_in(dpo).get("/consultations").text
    assert "Appel au secours" in examined
    assert "T. L." in examined
    assert "Goff" not in examined


def test_neither_wall_opens_to_anything_else_meanwhile(sought, sign_in, session, acting_for):
    """Row-level security goes on hiding the person from every other query, the user's own included."""
    person, user, ours, _dpo = sought
    client = sign_in(user)
    opened(client, person)

    with acting_for(ours, user):
        for place in ("person where id", "link where person_id", "journal_entry where person_id", "enrolment where person_id"):
            asked = sa.text(f"select count(*) from {place} = :id")
            assert session.scalar(asked, {"id": person.id}) == 0
        assert session.scalar(sa.text("update person set phone = null where id = :id returning 1"), {"id": person.id}) is None
    for page in ("", "/consultations", "/declarer/contact"):
        assert client.get(f"/personnes/{person.public_id}{page}").status_code == 404


def test_another_house_does_not_know_of_the_access(sought, session, acting_for, sign_in):
    opened(sign_in(sought[1]), sought[0])

    with acting_for(OrganisationFactory()):
        assert session.scalar(sa.select(sa.func.count()).select_from(EmergencyAccess)) == 0


def test_those_it_is_told_to_see_it_on_every_page_until_it_is_examined(sought, sign_in, session):
    person, user, ours, dpo = sought
    opened(sign_in(user), person)
    manager = account(ours, "Cheffe", "cheffe@exemple.fr", Role.CHEF_SERVICE)

    assert "à examiner</a>" not in sign_in(user).get("/mes-accompagnements").text
    assert "1 accès d’urgence à examiner" in sign_in(dpo).get("/consultations").text
    client = sign_in(manager)
    page = client.get("/consultations").text
    assert "1 accès d’urgence à examiner" in page
    key = re.search(r'name="csrf_token" value="([^"]+)"', page[page.index('class="verdicts"'):]).group(1)
    typed = {"reader": user.public_id, "on": clock.today().isoformat(), "rule": "emergency", "verdict": "justified"}
    client.post("/consultations", data=typed | {"csrf_token": key})
    assert "accès d’urgence à examiner" not in client.get("/consultations").text


def test_a_colleague_does_not_pass_through_it(sought, sign_in):
    person, user, ours, _dpo = sought
    answer = opened(sign_in(user), person)

    assert sign_in(account(ours, "Autre", "autre@exemple.fr")).get(answer.location).status_code == 404


def test_a_word_is_no_explanation(sought, sign_in, session):
    answer = opened(sign_in(sought[1]), sought[0], explanation="urgent")

    assert answer.status_code == 422
    assert session.scalar(sa.select(sa.func.count()).select_from(EmergencyAccess)) == 0


def test_the_essential_holds_no_mark_but_who_and_where(session, sign_in, frozen_clock):
    case = marked(Kind.MISSION_LOCALE, linked=False)
    client = sign_in(case.user())
    page = client.get(opened(client, case.person).location).text

    assert {mark[:3] for mark in seen_in(page) if mark.startswith("XQ")} == set()
