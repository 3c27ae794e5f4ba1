"""The person's own page: one device, one birth date, plain words, and a call that comes first."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from pathways import clock
from pathways.detection.sweep import evaluate_now
from pathways.models import Disclosure, JournalEntry, Signal
from pathways.operations.own_page import MOST_FAILURES, make_link, revoke_links
from tests.factories import JournalEntryFactory, PersonFactory, SignalFactory


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


def test_a_wrong_date_five_times_and_the_link_is_dead(client, link):
    for _ in range(MOST_FAILURES):
        assert opened(client, link, "2000-01-01").status_code == 422
    assert client.get(link).status_code == 404


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
    assert "Votre demande est partie" in client.get(link).text
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
