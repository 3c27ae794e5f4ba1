"""What was told, what is asked, by when it is answered, and an objection that holds at once."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from pathways import clock
from pathways.detection.sweep import evaluate_now
from pathways.errors import Refused
from pathways.models import JournalEntry, RightsRequest, Signal
from pathways.operations.rights import answer_request, receive_request, withdraw_objection
from pathways.queries.rights import objects, requests_of
from pathways.sharing.information import VERSION
from pathways.sharing.visibility import Reader
from tests.scene import account


def url(fatou):
    return f"/personnes/{fatou.person.public_id}/droits"


def send(client, fatou, path, **typed):
    key = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(url(fatou)).text)[0]
    return client.post(url(fatou) + path, data=typed | {"csrf_token": key})


def test_the_sheet_is_given_in_a_version_and_by_a_channel(fatou, sign_in):
    client = sign_in(fatou.claire)
    assert "pas encore noté" in client.get(url(fatou)).text
    assert send(client, fatou, "/information", channel="hand", easy="y").status_code == 303

    assert f"version {VERSION}" in client.get(url(fatou)).text.replace("\u00a0", " ")
    assert send(client, fatou, "/information").status_code == 422


@pytest.mark.parametrize(("address", "words"), [
    ("/information", "mission d’intérêt public"), ("/information?facile=1", "Pourquoi je suis malade reste secret"),
])
def test_both_sheets_are_there_to_read_and_print(fatou, sign_in, address, words):
    assert words in sign_in(fatou.claire).get(address).text


def test_a_request_has_a_month_and_waits_for_its_organisation(fatou, sign_in, frozen_clock):
    client = sign_in(fatou.claire)
    assert send(client, fatou, "/demande", kind="correction", said="Mon prénom est mal écrit.").status_code == 303

    assert "2 avril" in client.get("/droits").text.replace("\u00a0", " ")
    asked = requests_of(fatou.person.id, Reader(fatou.ml.id, clock.today()))[0]
    assert send(client, fatou, f"/demande/{asked.public_id}/reponse", granted="non").status_code == 422
    assert send(client, fatou, f"/demande/{asked.public_id}/reponse", granted="oui", answer="Corrigé.").status_code == 303
    assert "Aucune demande en attente" in client.get("/droits").text


def test_another_organisation_reads_that_there_is_one_and_not_its_words(fatou, sign_in):
    receive_request(fatou.person.id, "erasure", "XQSAID", **fatou.by)
    page = sign_in(account(fatou.cfa, "Karim", "karim@exemple.fr")).get(url(fatou)).text

    assert "Faire effacer" in page
    assert "XQSAID" not in page


def test_an_answer_is_given_once_and_a_refusal_says_why(fatou):
    asked = receive_request(fatou.person.id, "erasure", "", **fatou.by).public_id
    with pytest.raises(Refused, match="answer_missing"):
        answer_request(asked, granted=False, answer=" ", **fatou.by)
    answer_request(asked, granted=False, answer="Obligation légale de conserver.", **fatou.by)
    with pytest.raises(Refused, match="request_answered"):
        answer_request(asked, granted=True, answer="", **fatou.by)


def test_an_objection_closes_the_signals_at_once_and_withdrawing_brings_them_back(fatou, session, frozen_clock):
    frozen_clock.advance(90)
    evaluate_now(fatou.person.id, clock.today())
    before = session.scalar(sa.select(sa.func.count()).where(Signal.person_id == fatou.person.id, Signal.closed_on.is_(None)))
    receive_request(fatou.person.id, "objection", "", **fatou.by)
    evaluate_now(fatou.person.id, clock.today())

    assert before >= 0
    assert session.scalar(
        sa.select(sa.func.count()).where(Signal.person_id == fatou.person.id, Signal.closed_on.is_(None))
    ) == 0
    assert objects(fatou.person.id, Reader(fatou.ml.id, clock.today())) == clock.today()
    assert session.scalars(sa.select(RightsRequest.granted)).one() is True
    frozen_clock.advance(1)
    withdraw_objection(fatou.person.id, **fatou.by)
    assert objects(fatou.person.id, Reader(fatou.ml.id, clock.today())) is None
    assert session.scalar(sa.select(sa.func.count()).where(JournalEntry.type == "objection_withdrawn")) == 1


def test_the_page_says_that_the_person_objects(fatou, sign_in):
    client = sign_in(fatou.claire)
    send(client, fatou, "/demande", kind="objection")
    page = client.get(url(fatou)).text

    assert "s’y oppose depuis" in page
    assert send(client, fatou, "/opposition/retirer").status_code == 303
