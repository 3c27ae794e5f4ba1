"""The pages of requests, as both sides open them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from pathways import clock
from pathways.workflows.requests import Stage
from tests.factories import PersonFactory
from tests.school import plain
from tests.views.conftest import submit, token


def press(client, page, url, **fields):
    """One button of a page."""
    return client.post(url, data=fields | {"csrf_token": token(page)})


def test_a_request_goes_and_its_answer_comes_back_with_the_way_to_declare_it(asking, sign_in):
    client = sign_in(asking.claire)
    where = f"/personnes/{asking.person.public_id}"
    assert "Demander à un organisme" in plain(client.get(where))
    form = client.get(f"/demandes/nouvelle/{asking.person.public_id}")
    assert "La personne est-elle toujours présente chez vous" in plain(form)
    assert "L’inscription à France Travail" not in plain(form)
    assert submit(client, f"/demandes/nouvelle/{asking.person.public_id}").status_code == 422
    asked = submit(client, f"/demandes/nouvelle/{asking.person.public_id}", question="present", due_in="3")
    assert (asked.status_code, asked.location) == (303, where)
    page = plain(client.get(where))
    assert "La demande est envoyée à" in page
    assert "pas encore lue" in page

    client = sign_in(asking.karim)
    assert "1 demande" in plain(client.get("/groupes"))
    received = client.get("/demandes")
    assert "Claire Moreau" in plain(received)
    url = re.search(r'action="(/demandes/[^"]+/repondre)"', received.text)[1]
    assert press(client, received, url, reply="absent").status_code == 422
    day = clock.today() - timedelta(days=2)
    answered = press(client, received, url, reply="absent", on=day.isoformat())
    assert answered.status_code == 303
    shown = client.get(answered.location)
    assert "Rien n’est inscrit tant que vous ne le déclarez pas" in plain(shown)
    declare = re.search(r'href="([^"]*declarer/risk_flag[^"]*)"', shown.text)[1].replace("&amp;", "&")
    assert f'value="{day.isoformat()}"' in client.get(declare).text
    assert "1 demande" not in plain(client.get("/groupes"))

    client = sign_in(asking.claire)
    assert "Absent depuis le" in plain(client.get(where))
    assert "Absent depuis le" in plain(client.get("/demandes?sens=envoyees&etat=repondues"))
    assert "Absent depuis le" not in plain(client.get("/demandes?sens=envoyees"))


def test_opening_the_list_is_reading_and_the_sender_is_told_the_day(asking, sign_in, frozen_clock):
    asking.ask()
    frozen_clock.advance(hours=1)
    sign_in(asking.karim).get("/demandes?etat=repondues")
    frozen_clock.advance(hours=1)
    assert "pas encore lue" in plain(sign_in(asking.claire).get("/demandes?sens=envoyees"))
    frozen_clock.advance(hours=1)
    sign_in(asking.karim).get("/demandes")
    frozen_clock.advance(hours=1)

    assert "lue le" in plain(sign_in(asking.claire).get("/demandes?sens=envoyees"))


def test_a_list_that_shows_one_of_two_requests_about_somebody_is_no_reading_of_either(asking, sign_in, frozen_clock):
    present, _call = asking.ask("present"), asking.ask("call")
    client = sign_in(asking.karim)
    frozen_clock.advance(minutes=1)
    client.get("/demandes?objet=present")
    assert asking.read_by(asking.ml, asking.claire, present).read_at is None
    client.get("/demandes")

    assert asking.read_by(asking.ml, asking.claire, present).read_at == clock.now()


def test_an_answer_is_undone_from_the_message(asking, sign_in):
    number = asking.ask("call")
    client = sign_in(asking.karim)
    page = client.get("/demandes")
    press(client, page, f"/demandes/{asking.row(number).public_id}/repondre", reply="impossible")
    assert asking.row(number).stage is Stage.ANSWERED
    page = client.get("/demandes")
    undo = re.search(r'name="token" value="([^"]+)"', page.text)[1]

    press(client, page, "/annuler/", token=undo)

    assert asking.row(number).stage is Stage.ASKED


def test_what_is_late_leads_the_list_and_is_counted(asking, sign_in, frozen_clock):
    asking.ask("place", due_in=10)
    asking.ask("present", due_in=1)
    frozen_clock.advance(days=7)
    client = sign_in(asking.karim)

    _filters, rows = plain(client.get("/demandes")).split("Filtrer</button>")

    assert rows.index("toujours présente chez vous ?") < rows.index("point sur la place")
    assert "Réponse attendue depuis le" in rows
    assert "dont 1 en retard" in plain(client.get("/a-traiter"))
    assert "point sur la place" not in plain(client.get("/demandes?etat=en-retard")).split("Filtrer</button>")[1]


def test_a_third_organisation_finds_nothing_at_any_address(asking, sign_in):
    url = f"/demandes/{asking.row(asking.ask()).public_id}"
    other, user = asking.another_body()
    client = sign_in(user)
    page = client.get("/demandes")

    assert "Aucune demande n’attend votre réponse" in plain(page)
    assert client.get(url).status_code == 404
    assert press(client, page, f"{url}/repondre", reply="present").status_code == 404
    assert press(client, page, f"{url}/retirer").status_code == 404
    assert "toujours présente" not in plain(client.get(f"/personnes/{asking.person.public_id}"))
    assert other.id != asking.body.id


@pytest.mark.parametrize("url", ["/demandes", "/demandes?sens=envoyees", "/demandes?etat=toutes", "/demandes?page=nonsense"])
def test_empty_lists_say_what_to_do(asking, sign_in, url):
    assert sign_in(asking.karim).get(url).status_code == 200


def test_twenty_requests_cost_as_many_queries_as_one_and_pages_follow(asking, sign_in, counting):
    asking.ask()
    client = sign_in(asking.karim)
    client.get("/demandes")
    with counting() as one:
        client.get("/demandes")
    for n in range(30):
        pupil = asking.school.pupil(f"Élève {n}")
        asking.ask(person=pupil.person)
    with counting() as many:
        first = client.get("/demandes")

    assert many.cost_as_much_as(one)
    following = re.search(r'rel="next" href="([^"]+)"', first.text)[1].replace("&amp;", "&")
    second = client.get(following)
    assert first.text.count('class="request request-mine"') == 25
    assert second.text.count('class="request request-mine"') == 6


def test_nobody_is_asked_about_somebody_whom_one_accompanies_alone(asking, sign_in):
    alone = PersonFactory(followed_by=asking.ml)
    page = sign_in(asking.claire).get(f"/demandes/nouvelle/{alone.public_id}")

    assert "Personne à qui demander" in plain(page)
