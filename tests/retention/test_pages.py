"""The pages: what comes to its term, what is held, an archived record opened for a reason."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.models import Disclosure, LegalHold, Person, RetentionNotice, Role
from tests.factories import EnrolmentFactory, LinkFactory, PersonFactory
from tests.scene import account, build
from tests.views.conftest import app, client, sign_in, submit  # noqa: F401 -- fixtures of the pages


@pytest.fixture
def scene(session, frozen_clock):
    return build()


@pytest.fixture
def dpo(scene):
    return account(scene.ml, "Odile Protectrice", "dpo@exemple.fr", Role.DPO)


def announced(person, rule="pathway", in_days=30):
    day = clock.today()
    with db.as_system(), db.atomic() as session:
        session.add(RetentionNotice(person_id=person.id, rule=rule, last_on=day - timedelta(days=700), announced_on=day,
                                    due_on=day + timedelta(days=in_days)))  # fmt: skip
        session.flush()


def test_a_counsellor_reads_which_records_come_to_their_term_and_what_stops_it(scene, sign_in):  # noqa: F811 -- fixture
    announced(scene.persons["Maëlys"])
    page = sign_in(scene.counsellor).get("/fiches-a-terme")

    assert page.status_code == 200
    assert "Guérin" in page.text
    assert "1er avril 2026" in page.text.replace("\xa0", " ")
    assert "nouveau contact" in page.text
    assert "Diallo" not in page.text
    logged = sa.select(Disclosure.person_id).where(Disclosure.what == "retention.ending")
    assert db.session().scalars(logged).all() == [scene.persons["Maëlys"].id]


def test_another_organisation_reads_nothing_of_them(scene, sign_in):  # noqa: F811 -- fixture
    announced(scene.persons["Maëlys"])

    assert "Guérin" not in sign_in(scene.trainer).get("/fiches-a-terme").text


def test_the_page_costs_as_much_for_fifty_as_for_one(scene, sign_in, counting):  # noqa: F811 -- fixture
    announced(scene.persons["Maëlys"])
    browser = sign_in(scene.counsellor)
    browser.get("/fiches-a-terme")
    with counting() as one:
        browser.get("/fiches-a-terme")
    for _n in range(50):
        announced(PersonFactory(followed_by=scene.ml))
    with counting() as fifty:
        page = browser.get("/fiches-a-terme")

    assert page.text.count('class="ending') >= 51
    assert fifty.cost_as_much_as(one)


def test_a_counsellor_does_not_hold_records(scene, sign_in):  # noqa: F811 -- fixture
    browser = sign_in(scene.counsellor)

    for url in ("/conservation", "/conservation/retenir", "/conservation/archives"):
        assert browser.get(url).status_code == 403, url


def test_holding_reviewing_and_lifting(scene, dpo, sign_in):  # noqa: F811 -- fixture
    person = scene.persons["Maëlys"]
    announced(person)
    browser = sign_in(dpo)
    told = submit(browser, f"/conservation/retenir?fiche={person.public_id}", person=f"https://exemple.fr/personnes/{person.public_id}",
                  reason="Recours en cours", review_on="2026-09-01")  # fmt: skip
    assert told.status_code == 303
    page = browser.get("/conservation")
    assert "Recours en cours" in page.text
    assert "Guérin" in page.text
    assert "1er septembre 2026" in page.text.replace("\xa0", " ")
    assert db.session().scalars(sa.select(RetentionNotice.close_reason)).all() == ["hold"]

    again = submit(browser, "/conservation/retenir", person=str(person.public_id), reason="Encore", review_on="2026-09-01")
    assert again.status_code == 422
    assert "retient déjà" in again.text

    address = re.search(r'href="(/conservation/mesures/[^"]+)"', page.text)[1]
    assert submit(browser, address, review_on="2026-10-01").status_code == 303
    assert submit(browser, address, review_on="2020-10-01").status_code == 422
    token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get(address).text)[-1]
    assert browser.post(f"{address}/lever", data={"csrf_token": token}).status_code == 303
    assert db.session().scalars(sa.select(LegalHold.lifted_on)).all() == [clock.today()]
    assert browser.get(address).status_code == 404


def test_an_organisation_does_not_hold_whom_it_never_accompanied(scene, dpo, sign_in):  # noqa: F811 -- fixture
    stranger = PersonFactory()
    answer = submit(sign_in(dpo), "/conservation/retenir", person=str(stranger.public_id), reason="Essai", review_on="2026-09-01")

    assert answer.status_code == 422
    assert db.session().scalars(sa.select(LegalHold.id)).all() == []


def test_an_archived_record_opens_for_a_reason_that_is_logged(scene, dpo, sign_in):  # noqa: F811 -- fixture
    person = PersonFactory(family_name="Archivé", given_name="Paul")
    LinkFactory(person=person, organisation=scene.ml, ended_days_ago=40)
    EnrolmentFactory(person=person, lead=scene.ml)
    with db.as_system(), db.atomic() as session:
        session.execute(sa.update(Person).where(Person.id == person.id).values(archived_on=date(2026, 1, 1)))
    browser = sign_in(dpo)

    without = submit(browser, "/conservation/archives", person=str(person.public_id), reason="")
    assert "Archivé" not in without.text
    opened = submit(browser, "/conservation/archives", person=str(person.public_id), reason="Contrôle du FSE")
    assert opened.status_code == 200
    assert "Archivé" in opened.text
    logged = sa.select(Disclosure.person_id, Disclosure.reason).where(Disclosure.what == "retention.archive")
    assert db.session().execute(logged).all() == [(person.id, "Contrôle du FSE")]

    elsewhere = account(scene.body, "Autre DPO", "dpo2@exemple.fr", Role.DPO)
    other = submit(sign_in(elsewhere), "/conservation/archives", person=str(person.public_id), reason="Curiosité")
    assert "Archivé" not in other.text
