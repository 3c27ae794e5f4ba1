"""How often one may ask and be wrong, and that nobody is locked out by somebody else."""

from __future__ import annotations

import inspect
import re
import secrets
from datetime import date

import pytest
from flask import request
from limits import parse_many

from pathways.operations.own_page import MOST_FAILURES, make_link
from pathways.views import limits
from tests.factories import PersonFactory
from tests.scene import PASSWORD
from tests.security.conftest import gives_password
from tests.views.conftest import submit, token

LIST = "/accompagnements"
ELSEWHERE = {"REMOTE_ADDR": "198.51.100.7"}


def amount(rate: str) -> int:
    return parse_many(rate)[0].amount


def wrong(client, email: str, times: int, **environ: str) -> list[int]:
    """So many wrong passwords for one address, from one machine."""
    form = {"email": email, "password": "pas celui-là", "csrf_token": token(client.get("/connexion", environ_overrides=environ))}
    return [client.post("/connexion", data=form, environ_overrides=environ).status_code for _time in range(times)]


def signs_in(client, user, **environ: str) -> int:
    page = client.get("/connexion", environ_overrides=environ)
    form = {"email": user.email, "password": PASSWORD, "csrf_token": token(page)}
    return client.post("/connexion", data=form, environ_overrides=environ).status_code


# --- guessing


def test_guessing_from_one_place_does_not_close_the_account_elsewhere(app, claire):
    guesser, owner = app.test_client(), app.test_client()
    assert wrong(guesser, claire.email, 11, **ELSEWHERE)[-1] == 429

    assert signs_in(owner, claire) == 303


def test_many_accounts_are_not_tried_from_one_place(app, claire):
    guesser = app.test_client()
    statuses = [wrong(guesser, f"personne{n}@exemple.fr", 1, **ELSEWHERE)[0] for n in range(amount(limits.PER_ADDRESS) + 1)]

    assert statuses[-1] == 429
    assert set(statuses[:-1]) == {422}


def from_many_places(app, email: str) -> list[int]:
    """Ten wrong passwords from each of eleven machines."""
    return [status for n in range(11) for status in wrong(app.test_client(), email, 10, REMOTE_ADDR=f"198.51.100.{n}")]


def test_many_machines_together_are_slowed_down(app, claire):
    statuses = from_many_places(app, claire.email)

    assert statuses[: amount(limits.PER_ACCOUNT)] == [422] * amount(limits.PER_ACCOUNT)
    assert statuses[amount(limits.PER_ACCOUNT)] == 429
    assert signs_in(app.test_client(), claire, REMOTE_ADDR="203.0.113.1") == 429  # a new device waits


def test_whoever_signed_in_on_this_device_before_is_not_locked_out_by_them(app, claire):
    mine = app.test_client()
    assert signs_in(mine, claire) == 303
    mine.delete_cookie("pathways")  # days later, in the same browser

    from_many_places(app, claire.email)

    assert signs_in(mine, claire, REMOTE_ADDR="203.0.113.9") == 303


def test_a_neighbour_who_fills_the_counter_of_the_address_does_not_lock_a_known_device_out(app, claire):
    mine = app.test_client()
    assert signs_in(mine, claire) == 303
    mine.delete_cookie("pathways")
    neighbour = app.test_client()
    for n in range(amount(limits.PER_ADDRESS)):
        wrong(neighbour, f"personne{n}@exemple.fr", 1)
    assert wrong(neighbour, claire.email, 11)[-1] == 429

    assert signs_in(mine, claire) == 303


def test_a_known_device_guesses_as_slowly_as_any(app, claire):
    thief = app.test_client()
    assert signs_in(thief, claire) == 303
    thief.delete_cookie("pathways")

    assert wrong(thief, claire.email, 11) == [422] * 10 + [429]


def test_a_device_known_for_one_account_is_a_stranger_to_another(app, claire, head):
    device = app.test_client()
    assert signs_in(device, claire) == 303
    device.delete_cookie("pathways")
    from_many_places(app, head.email)

    assert wrong(device, head.email, 1, REMOTE_ADDR="203.0.113.1") == [429]


@pytest.mark.parametrize("forged", ["", "nonsense", "WyJkZXZpY2UiXQ.aaaa.bbbb"])
def test_a_device_does_not_make_itself_known(app, claire, forged):
    from_many_places(app, claire.email)
    device = app.test_client()
    device.set_cookie("pathways-device", forged)

    assert signs_in(device, claire, REMOTE_ADDR="203.0.113.1") == 429


def test_the_cookie_of_a_device_opens_nothing_and_names_nobody(app, claire):
    device = app.test_client()
    cookie = next(each for each in gives_password(device, claire).headers.getlist("Set-Cookie") if "pathways-device=" in each)
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "claire" not in cookie
    device.delete_cookie("pathways")

    assert device.get(LIST).status_code == 302


# --- reading, writing, searching


def until_refused(ask, most: int):
    """The first refusal within so many requests, and how many went before."""
    for before in range(most + 1):
        answer = ask()
        if answer.status_code == 429:
            return before, answer
    raise AssertionError(f"none of {most} requests was refused")


def test_searching_is_slowed_before_reading_is(sign_in, claire):
    client = sign_in(claire)

    before, answer = until_refused(lambda: client.get(f"{LIST}?q=guerin"), amount(limits.SEARCHING))

    assert before == amount(limits.SEARCHING)
    assert "Trop d’essais" in answer.text
    assert "Attendez" in answer.text
    assert 0 < int(answer.headers["Retry-After"]) <= 61
    assert client.get(LIST).status_code == 200


def test_a_script_that_writes_is_slowed_and_others_are_not(sign_in, claire, head, app):
    client = sign_in(claire)
    colleague = app.test_client()
    gives_password(colleague, head)
    form = {"csrf_token": token(client.get("/compte/")), "name": "", "locale": "fr"}

    before, _answer = until_refused(lambda: client.post("/compte/", data=form), amount(limits.WRITING))

    assert before == amount(limits.WRITING)
    assert client.get(LIST).status_code == 200
    assert submit(colleague, "/compte/", name="Hélène", phone="", locale="fr").status_code == 303


def test_a_script_that_reads_is_slowed_by_account(sign_in, claire, head, app):
    client = sign_in(claire)
    colleague = app.test_client()
    gives_password(colleague, head)

    until_refused(lambda: client.get("/compte/mot-de-passe"), amount(limits.READING))

    assert colleague.get(LIST).status_code == 200


def test_a_machine_without_account_is_slowed_by_address(client):
    before, _answer = until_refused(lambda: client.get("/connexion"), amount(limits.READING))

    assert before == amount(limits.READING)
    assert client.get("/connexion", environ_overrides=ELSEWHERE).status_code == 200
    assert client.get("/healthz").status_code == 200  # a monitor is always answered


def test_what_is_asked_is_generous_for_people_and_tight_for_copies():
    per_minute = {name: amount(getattr(limits, name)) for name in ("READING", "WRITING", "SEARCHING")}

    assert per_minute["READING"] >= 10 * per_minute["SEARCHING"]
    assert amount(limits.READING_FROM) >= 10 * amount(limits.READING)
    assert amount(limits.WRITING_FROM) >= 10 * amount(limits.WRITING)
    assert amount(limits.EXPORTING) < per_minute["SEARCHING"]


@pytest.mark.parametrize(
    ("endpoint", "exports"),
    [("disclosures.export", True), ("followups.table_csv", True), ("person.show", False), ("exporters.index", False)],
)
def test_a_view_named_as_an_export_is_one(app, endpoint, exports):
    with app.test_request_context("/"):
        request.url_rule = type("Rule", (), {"endpoint": endpoint})()
        assert limits._exports_nothing() is not exports


def test_every_page_that_hands_out_a_file_is_named_as_an_export(app):
    unnamed = []
    for endpoint, view in app.view_functions.items():
        if endpoint in {"static", "bootstrap.static"}:
            continue
        source = inspect.getsource(inspect.unwrap(view))
        named = any(part in limits.EXPORTS for part in endpoint.rpartition(".")[2].split("_"))
        if any(sign in source for sign in ("attachment", "send_file", "text/csv")) and not named:
            unnamed.append(endpoint)
    assert unnamed == []


# --- the person's own page


@pytest.fixture
def own(ml, claire):
    person = PersonFactory(birth_date=date(2006, 5, 14), followed_by=ml)
    return f"/ma-page/{make_link(person.id, organisation_id=ml.id, user_id=claire.id)}"


def born(client, link, day="2006-05-14", **environ: str):
    page = client.get(link, environ_overrides=environ)
    keys = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    return client.post(link, data={"csrf_token": keys[0] if keys else "", "born": day}, environ_overrides=environ)


def nowhere(client, **environ: str):
    return client.get(f"/ma-page/{secrets.token_urlsafe(32)}", environ_overrides=environ)


@pytest.mark.usefixtures("client")
def test_links_are_not_guessed_from_one_address_and_the_page_says_how_long_to_wait(app):
    guesser = app.test_client()
    before, answer = until_refused(lambda: nowhere(guesser, **ELSEWHERE), amount(limits.OWN_PAGES_FROM))

    assert before == amount(limits.OWN_PAGES_FROM)
    assert 0 < int(answer.headers["Retry-After"]) <= 61
    assert "Attendez une minute" in answer.text
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Connexion" not in answer.text


def test_one_link_is_not_tried_from_many_addresses(app, own):
    def tries(n: int) -> int:
        return born(app.test_client(), own, "2000-01-01", REMOTE_ADDR=f"198.51.100.{n}").status_code

    statuses = [tries(n) for n in range(amount(limits.PER_OWN_LINK))]
    assert statuses[: MOST_FAILURES - 1] == [422] * (MOST_FAILURES - 1)
    assert 404 in statuses
    assert app.test_client().get(own, environ_overrides={"REMOTE_ADDR": "203.0.113.1"}).status_code == 429


def test_whoever_opens_their_page_thirty_times_is_never_stopped_also_beside_a_guesser(app, own):
    mine, guesser = app.test_client(), app.test_client()
    assert {mine.get(own).status_code for _time in range(30)} == {200}
    assert born(mine, own).status_code == 303
    assert {mine.get(own).status_code for _time in range(30)} == {200}
    until_refused(lambda: nowhere(guesser), amount(limits.OWN_PAGES_FROM))

    assert mine.get(own).status_code == 200
    assert mine.get(f"{own}/information").status_code == 200
