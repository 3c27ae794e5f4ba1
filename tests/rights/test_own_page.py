"""The person's own page: one device, one birth date, plain words, and a call that comes first."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from hashlib import sha256

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.detection.sweep import evaluate_now
from pathways.models import Disclosure, JournalEntry, Person, Signal
from pathways.operations.own_page import MOST_FAILURES, make_link, revoke_links
from pathways.operations.partners import Contact, edit_contact
from pathways.queries.own_page import ANSWERED_WITHIN
from pathways.sharing.information import EASY, FULL, VERSION
from pathways.sharing.language import long_day, said_day
from pathways.sharing.matrix import MATRIX, Cell, Group, Place
from pathways.sharing.who_reads import ADAPTATIONS, CELLS, GROUPS, PLACES, reads_something
from pathways.workflows.dates import add_working_days
from tests.factories import JournalEntryFactory, PersonFactory, SignalFactory

WRONG = "2000-01-01"


@pytest.fixture
def link(fatou):
    return f"/ma-page/{make_link(fatou.person.id, **fatou.by)}"


def key_of(page) -> str:
    return re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)[0]


def opened(client, link, born="2006-05-14"):
    return client.post(link, data={"csrf_token": key_of(client.get(link)), "born": born})


def test_the_birth_date_opens_it_on_one_device_only(app, client, link):
    assert "date de naissance" in client.get(link).text
    assert opened(client, link).status_code == 303
    assert "Fatou" in client.get(link).text

    elsewhere = app.test_client()
    assert elsewhere.get(link).status_code == 404
    assert "Fatou" not in elsewhere.get(link).text


def wrong(client, link, times: int = MOST_FAILURES):
    """So many wrong birth dates: the last answer."""
    return [opened(client, link, WRONG) for _time in range(times)][-1]


def test_a_wrong_date_five_times_and_the_link_is_dead(client, link):
    assert wrong(client, link, MOST_FAILURES - 1).status_code == 422
    assert opened(client, link, WRONG).status_code == 404
    assert client.get(link).status_code == 404


def test_the_last_tries_are_counted_down_and_a_locked_link_says_whom_to_call(client, link):
    assert "puis le lien se bloque" not in opened(client, link, WRONG).text
    assert "Encore 1 essai, puis" in wrong(client, link, MOST_FAILURES - 2).text
    locked = opened(client, link, WRONG).text

    for page in (locked, client.get(link).text, client.get(f"{link}/information").text):
        assert "Mission locale du Pays de Retz" in page
        assert "tel:+33240020202" in page
        assert "Fatou" not in page


def test_wrong_dates_are_logged_without_the_date_nor_the_link(client, link, caplog):
    with caplog.at_level("WARNING", logger="pathways"):
        wrong(client, link)

    said = [each.getMessage() for each in caplog.records if each.name == "pathways.operations.own_page"]
    assert [line.rpartition(", ")[2] for line in said] == ["still open"] * (MOST_FAILURES - 1) + ["locked"]
    assert not any(hidden in line for line in said for hidden in ("2000", "2006", link.rpartition("/")[2], "Diallo"))


def test_the_counsellor_sees_that_a_link_locked_until_another_is_made(client, link, fatou, sign_in):
    wrong(client, link)
    staff, url = sign_in(fatou.claire), f"/personnes/{fatou.person.public_id}/droits"

    assert "Le lien est bloqué depuis le" in staff.get(url).text
    assert "Diallo Fatou" in staff.get("/droits").text
    assert "Lien personnel bloqué" in staff.get(f"/personnes/{fatou.person.public_id}").text
    make_link(fatou.person.id, **fatou.by)
    assert "Le lien est bloqué" not in staff.get(url).text
    assert "Liens bloqués" not in staff.get("/droits").text


def test_no_site_learns_the_address_and_forms_still_post_over_https(client, link):
    page = client.get(link, base_url="https://localhost")
    assert page.headers["Referrer-Policy"] == "no-referrer"
    sent = {"csrf_token": key_of(page), "born": "2006-05-14"}

    assert client.post(link, data=sent | {"csrf_token": "forgé"}, base_url="https://localhost").status_code == 400
    assert client.post(link, data=sent, base_url="https://localhost").status_code == 303


def test_what_was_written_on_a_page_left_open_too_long_is_given_back(client, link):
    opened(client, link)
    answer = client.post(f"{link}/aide", data={"topic": "housing", "words": "Je dors dehors."})

    assert answer.status_code == 400
    assert "Rien n’est parti" in answer.text
    assert "Je dors dehors." in answer.text


def test_it_ends_after_a_week_when_taken_back_and_when_another_is_made(client, link, fatou, frozen_clock):
    opened(client, link)
    newer = f"/ma-page/{make_link(fatou.person.id, **fatou.by)}"
    assert client.get(link).status_code == 404
    assert client.get(newer).status_code == 200
    revoke_links(fatou.person.id, organisation_id=fatou.ml.id)
    assert client.get(newer).status_code == 404
    last = f"/ma-page/{make_link(fatou.person.id, **fatou.by)}"
    frozen_clock.advance(7)
    assert client.get(last).status_code == 404


def test_it_shows_the_pathway_and_who_accompanies_and_never_a_signal_nor_a_note(client, link, fatou):
    SignalFactory(person=fatou.person, details={"since": "2026-01-01", "spoken": True, "allowed": 30})
    JournalEntryFactory(person=fatou.person, organisation=fatou.ml, payload={"channel": "phone", "note": "XQNOTE"})
    JournalEntryFactory(
        person=fatou.person, organisation=fatou.ml, type="obstacle", payload={"theme": "logement", "severity": "bloquant"}
    )
    opened(client, link)
    page = client.get(link).text

    assert "Claire Moreau" in page
    assert "02\u00a040\u00a002\u00a002\u00a002" in page
    for hidden in ("XQNOTE", "Aucun contact", "Frein", "signal"):
        assert hidden not in page


def test_a_call_for_help_reaches_the_counsellor_first_of_all(client, link, fatou, session, sign_in):
    SignalFactory(person=PersonFactory(followed_by=fatou.ml), level="critical")
    opened(client, link)
    page = client.get(link)
    sent = client.post(f"{link}/aide", data={"csrf_token": key_of(page), "topic": "housing", "words": "Je dors dehors."})

    assert sent.status_code == 303
    page = client.get(link).text
    assert "Votre demande est partie. Claire (Mission locale du Pays de Retz) vous rappelle" in page
    assert "Demande envoyée le" in page
    evaluate_now(fatou.person.id, clock.today())
    found = session.scalars(sa.select(Signal).where(Signal.person_id == fatou.person.id, Signal.rule == "help_asked")).one()
    assert found.level == "critical"
    work = sign_in(fatou.claire).get("/a-traiter").text
    assert "a demandé de l’aide" in work
    assert "Je dors dehors." not in work


def test_the_answer_to_an_appointment_is_noted_and_shown_back(client, link, fatou, session):
    day = clock.today() + timedelta(days=5)
    JournalEntryFactory(
        person=fatou.person, organisation=fatou.ml, type="appointment", payload={"status": "planned"}, occurred_on=day,
        recorded_at=clock.now(),
    )
    opened(client, link)
    page = client.get(link)
    client.post(f"{link}/rendez-vous", data={"csrf_token": key_of(page), "planned": day.isoformat(), "answer": "move"})

    assert "un autre jour" in client.get(link).text.split("Votre réponse")[1][:200]
    said = session.scalars(sa.select(JournalEntry).where(JournalEntry.type == "appointment_answered")).one()
    assert (said.payload["answer"], said.user_id) == ("move", None)


def test_every_opening_is_written(client, link, fatou, session):
    opened(client, link)
    client.get(link)

    assert session.scalar(sa.select(sa.func.count()).where(Disclosure.what == "own_page.show")) == 1


def test_without_the_device_nothing_is_said_in_anybodys_name(app, client, link, fatou, session):
    page = client.get(link)
    refused = client.post(f"{link}/aide", data={"csrf_token": key_of(page), "topic": "other"})

    assert refused.status_code == 404
    assert session.scalar(sa.select(sa.func.count()).where(JournalEntry.type == "help_asked")) == 0


def test_the_counsellor_makes_one_from_the_page_and_sees_it_once(fatou, sign_in):
    client = sign_in(fatou.claire)
    url = f"/personnes/{fatou.person.public_id}/droits"
    made = client.post(f"{url}/lien", data={"csrf_token": key_of(client.get(url))})

    assert "/ma-page/" in made.text
    assert "<svg" in made.text
    assert "style=" not in made.text
    assert "Un lien marche jusqu’au" in client.get(url).text
    assert "/ma-page/" not in client.get(url).text


def test_no_link_without_a_birth_date(fatou, sign_in):
    person = PersonFactory(birth_date=None, followed_by=fatou.ml)
    client = sign_in(fatou.claire)
    url = f"/personnes/{person.public_id}/droits"
    client.post(f"{url}/lien", data={"csrf_token": key_of(client.get(url))})

    assert "date de naissance manque" in client.get(url).text


# --- who calls back


def asks(client, link, fatou):
    opened(client, link)
    client.post(f"{link}/aide", data={"csrf_token": key_of(client.get(link)), "topic": "money"})
    client.get(link)  # the sentence said once
    return client.get(link).text


def test_a_call_says_by_when_and_on_which_number_and_is_over_once_somebody_spoke(client, link, fatou, frozen_clock):
    with db.as_system(), db.atomic():
        db.session().execute(sa.update(Person).where(Person.id == fatou.person.id).values(phone=None))
    page = asks(client, link, fatou)
    due = add_working_days(clock.today(), ANSWERED_WITHIN)
    assert f"au plus tard le {said_day(due)}" in page
    assert "c’est à vous d’appeler" in page
    frozen_clock.move_to(due + timedelta(days=1))
    assert "Personne ne vous a rappelé" in client.get(link).text

    JournalEntryFactory(person=fatou.person, organisation=fatou.ml, payload={"channel": "phone"})
    assert "Demande envoyée" not in client.get(link).text


# --- the information sheet


def test_the_sheet_waits_for_the_birth_date(app, client, link):
    assert client.get(f"{link}/information").headers["Location"].endswith(link)
    opened(client, link)
    assert client.get(f"{link}/information").status_code == 200
    assert app.test_client().get(f"{link}/information").status_code == 404


@pytest.mark.parametrize("easy", [False, True])
def test_the_sheet_names_whoever_reads_something_and_says_its_version(client, link, easy):
    opened(client, link)
    page = html.unescape(client.get(f"{link}/information{'?facile' if easy else ''}").text).replace("du\xa0", "du ")

    assert f"Version du {long_day(VERSION)}" in page
    named = [place for place in MATRIX if PLACES[place][easy] in page]
    assert {place for place in MATRIX if reads_something(place)} <= set(named)
    assert "Mission locale du Pays de Retz" in page
    assert "CFA de Rezé" in page


def test_the_sheet_follows_the_matrix(client, link, monkeypatch):
    opened(client, link)
    url = f"{link}/information?facile"
    before = html.unescape(client.get(url).text)
    monkeypatch.setitem(MATRIX[Place.EMPLOYER], Group.SOCIAL, Cell.ALL)
    after = html.unescape(client.get(url).text)

    assert before.split("Mon employeur")[1] != after.split("Mon employeur")[1]
    assert "mes difficultés" in after.split("Mon employeur")[1].split("Ne peut pas lire")[0]
    assert "mes difficultés" not in before.split("Mon employeur")[1].split("Ne peut pas lire")[0]


def test_the_sheet_says_whom_to_write_to(client, link, fatou, session):
    opened(client, link)
    assert "tel:+33240020202" in client.get(f"{link}/information").text
    edit_contact(
        fatou.ml.public_id, name=None, contact=Contact(phone="0240020202", dpo=" dpo@exemple.fr "), organisation_id=fatou.ml.id
    )
    assert "mailto:dpo@exemple.fr" in client.get(f"{link}/information?facile").text
    edit_contact(fatou.ml.public_id, name=None, contact=Contact(phone="0240020202"), organisation_id=fatou.ml.id)
    assert "dpo@exemple.fr" in client.get(f"{link}/information").text


def test_a_change_of_the_text_or_of_the_matrix_is_a_new_version():
    matrix = sorted((place, sorted(row.items())) for place, row in MATRIX.items())
    told_so = repr((FULL, EASY, PLACES, GROUPS, CELLS, ADAPTATIONS, matrix))

    digest = sha256(told_so.encode()).hexdigest()[:12]
    assert (VERSION, digest) == ("2026-11-23", "aa910b745b42"), "a new text: change VERSION in sharing/information.py too"
