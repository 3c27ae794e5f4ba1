"""Sessions are rows: they have limits, can be seen and ended from elsewhere, and say why they are over."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

import config.testing
from pathways import clock, db
from pathways.models import User, UserSession
from pathways.operations import sessions
from pathways.sharing import devices
from tests.security.conftest import HERE, gives_password
from tests.views.conftest import submit, token

SESSIONS = "/compte/sessions"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
LIST = "/accompagnements"


def rows(user):
    return db.session().scalars(sa.select(UserSession).where(UserSession.user_id == user.id).order_by(UserSession.id)).all()


def other(app, user):
    """The same person on another device."""
    client = app.test_client()
    assert gives_password(client, user).status_code == 303
    return client


def is_in(client) -> bool:
    return client.get(LIST).status_code == 200


# --- limits


@pytest.mark.parametrize(("minutes", "still"), [(29, True), (30, False)])
def test_half_an_hour_without_a_request_ends_it(sign_in, claire, frozen_clock, minutes, still):
    client = sign_in(claire)
    frozen_clock.advance(minutes=minutes)

    assert is_in(client) is still


def test_a_request_keeps_it_awake_but_not_beyond_twelve_hours(sign_in, claire, frozen_clock):
    client = sign_in(claire)
    for _quarter in range(4 * 12 - 1):
        frozen_clock.advance(minutes=15)
        assert is_in(client)
    frozen_clock.advance(minutes=15)

    assert not is_in(client)


def test_the_limits_are_those_of_the_installation(sign_in, claire, frozen_clock, app, monkeypatch):
    short = config.testing.Testing(
        database_url="x", owner_url="x", redis_url="memory://", secret_key="x", idle_minutes=5, session_hours=1
    ).flask()
    for name in ("SESSION_IDLE", "SESSION_LONGEST"):
        monkeypatch.setitem(app.config, name, short[name])
    client = sign_in(claire)
    frozen_clock.advance(minutes=5)

    answer = client.get(LIST)
    assert answer.status_code == 302
    assert "après 5 minutes sans activité" in client.get(answer.location).text


def test_a_page_opened_on_the_way_is_where_one_lands_after_signing_in_again(sign_in, claire, frozen_clock):
    client = sign_in(claire)
    frozen_clock.advance(minutes=40)
    sent = client.get("/accompagnements?q=guerin").location

    page = client.get(sent)
    assert "après 30 minutes sans activité" in page.text
    assert submit(client, sent, email=claire.email, password="correct-horse-battery").location == "/accompagnements?q=guerin"


def test_when_it_was_last_used_is_written_once_a_minute_at_most(sign_in, claire, frozen_clock, counting):
    client = sign_in(claire)
    frozen_clock.advance(seconds=59)
    with counting() as asked:
        client.get(LIST)
    assert not [statement for statement in asked if "UPDATE user_session" in statement]

    frozen_clock.advance(seconds=1)
    with counting() as asked:
        client.get(LIST)
    assert len([statement for statement in asked if "UPDATE user_session" in statement]) == 1
    assert rows(claire)[0].last_seen_at == clock.now()


def test_a_cookie_copied_before_signing_out_opens_nothing_afterwards(sign_in, claire, app):
    client = sign_in(claire)
    copied = client.get_cookie("pathways").value
    client.post("/deconnexion", data={"csrf_token": token(client.get(LIST))})
    thief = app.test_client()
    thief.set_cookie("pathways", copied)

    assert not is_in(thief)


def test_a_cookie_whose_session_is_unknown_or_somebody_else_s_opens_nothing(sign_in, claire, head, app):
    client, elsewhere = sign_in(claire), other(app, head)
    with client.session_transaction() as mine, elsewhere.session_transaction() as theirs:
        number, stamp, _which = mine["_user_id"].split(".")
        forged = [f"{number}.{stamp}", f"{number}.{stamp}.nothing", f"{number}.{stamp}.{theirs['_user_id'].split('.')[2]}"]
    for said in forged:
        with client.session_transaction() as mine:
            mine["_user_id"] = said
        assert not is_in(client)


def test_sessions_quiet_for_ninety_days_are_forgotten(claire, head, frozen_clock):
    sessions.open_session(claire.id, address=None, user_agent="")
    frozen_clock.advance(days=91)
    sessions.open_session(head.id, address=None, user_agent="")

    assert rows(claire) == []


# --- what is kept of a device


def test_it_keeps_the_network_and_the_kind_of_browser_never_the_whole_address(client, claire):
    page = client.get("/connexion")
    client.post(
        "/connexion",
        data={"email": claire.email, "password": "correct-horse-battery", "csrf_token": token(page)},
        headers={"User-Agent": FIREFOX},
        environ_overrides={"REMOTE_ADDR": "192.0.2.77"},
    )

    (kept,) = rows(claire)
    assert (kept.address, kept.browser) == ("192.0.2.0/24", "Firefox, Windows")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("unix:", None),
        ("", None),
        (None, None),
    ],
)
def test_an_address_is_cut_to_its_network(address, network):
    assert devices.network(address) == network


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36", "Chrome, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 16) Gecko/140.0 Firefox/140.0", "Firefox, Android"),
        ("curl/8", ""),
    ],
)
def test_a_browser_is_told_in_two_words(agent, label):
    assert devices.browser(agent) == label


# --- seen and ended from elsewhere


def test_one_sees_where_one_is_signed_in_and_which_session_this_is(sign_in, claire, app):
    client = sign_in(claire)
    other(app, claire)

    page = client.get(SESSIONS).text
    assert page.count("Cette session") == 1
    assert page.count("/fin") == 2  # the other one, and all the others
    assert 'href="/compte/sessions"' in client.get("/compte/").text


def test_another_session_is_ended_and_says_so(sign_in, claire, app):
    client, lost = sign_in(claire), other(app, claire)
    _mine, theirs = rows(claire)

    answer = client.post(f"{SESSIONS}/{theirs.public_id}/fin", data={"csrf_token": token(client.get(SESSIONS))})

    assert answer.status_code == 303
    sent = lost.get("/structure").location
    assert "next=/structure" in sent.replace("%2F", "/")
    assert "Votre session a été fermée" in lost.get(sent).text
    assert is_in(client)


def test_all_the_others_are_ended_at_once(sign_in, claire, app):
    client, *lost = sign_in(claire), other(app, claire), other(app, claire)

    client.post(f"{SESSIONS}/autres/fin", data={"csrf_token": token(client.get(SESSIONS))})

    assert [is_in(each) for each in lost] == [False, False]
    assert is_in(client)


def test_nobody_ends_somebody_else_s_session(sign_in, claire, head, app):
    theirs = other(app, head)
    client = sign_in(claire)
    (row,) = rows(head)

    client.post(f"{SESSIONS}/{row.public_id}/fin", data={"csrf_token": token(client.get(SESSIONS))})

    assert is_in(theirs)


def test_a_new_password_takes_the_other_sessions_off_the_list(sign_in, claire, app):
    client, lost = sign_in(claire), other(app, claire)
    new = "quatre mots sans suite"
    submit(client, "/compte/mot-de-passe", old="correct-horse-battery", new=new, again=new)

    sent = lost.get(LIST).location
    assert "Votre mot de passe a changé" in lost.get(sent).text
    assert client.get(SESSIONS).text.count("Cette session") == 1
    assert [row.ended_at is None for row in rows(claire)] == [True, False]


def test_the_list_costs_the_same_for_fifty(sign_in, claire, counting):
    client = sign_in(claire)
    with counting() as one:
        client.get(SESSIONS)
    for _each in range(50):
        sessions.open_session(claire.id, address="192.0.2.1", user_agent=FIREFOX)
    with counting() as many:
        assert client.get(SESSIONS).text.count("Firefox, Windows") >= 50

    assert many.cost_as_much_as(one)


# --- what was typed is not lost


def note(client, text: str, **headers: str):
    page = client.get("/compte/")
    return client, {"name": text, "phone": "", "locale": "fr", "csrf_token": token(page)}, headers


def test_a_form_sent_after_the_end_says_so_and_gives_the_text_back(sign_in, claire, frozen_clock):
    client, form, _none = note(sign_in(claire), "Maëlys cherche un stage <b>en mécanique</b>")
    frozen_clock.advance(minutes=45)

    answer = client.post("/compte/", data=form, headers={"Origin": HERE, "Referer": f"{HERE}/compte/"})

    assert answer.status_code == 401
    assert "Rien n’a été enregistré" in answer.text
    assert "après 30 minutes sans activité" in answer.text
    assert "Maëlys cherche un stage &lt;b&gt;en mécanique&lt;/b&gt;</textarea>" in answer.text
    assert "next=/compte/" in answer.text.replace("%2F", "/")
    assert db.session().scalar(sa.select(User.name).where(User.id == claire.id)) == "Claire Moreau"


def test_a_form_sent_from_another_network_says_so_and_gives_the_text_back(sign_in, claire):
    client, form, _none = note(sign_in(claire), "Écrit dans le train, entre deux antennes")

    answer = client.post("/compte/", data=form, headers={"Origin": HERE}, environ_overrides={"REMOTE_ADDR": "198.51.100.7"})

    assert answer.status_code == 401
    assert "Vous avez changé de réseau" in answer.text
    assert "Écrit dans le train, entre deux antennes</textarea>" in answer.text


def test_whoever_never_signed_in_is_not_told_of_a_session(client):
    client.get("/connexion")  # a cookie, for the token of the form

    assert "session" not in client.get(client.get(LIST).location).text


def test_a_form_of_the_session_before_gives_the_text_back_too(sign_in, claire):
    client, form, _none = note(sign_in(claire), "Une longue note que personne ne veut retaper")
    gives_password(client, claire)  # in another tab, after the session ended

    answer = client.post("/compte/", data=form, headers={"Origin": HERE})

    assert answer.status_code == 400
    assert "Une longue note que personne ne veut retaper</textarea>" in answer.text


@pytest.mark.parametrize("origin", ["https://ailleurs.example", "null", None])
def test_what_another_site_posts_here_is_not_shown(sign_in, claire, origin):
    client, form, _none = note(sign_in(claire), "Appelez vite le numéro suivant")
    form["csrf_token"] = "forged"

    answer = client.post("/compte/", data=form, headers={"Origin": origin} if origin else {})

    assert answer.status_code == 400
    assert "Appelez vite" not in answer.text


def test_a_password_is_never_given_back(sign_in, claire, frozen_clock):
    client = sign_in(claire)
    key = token(client.get("/compte/mot-de-passe"))
    frozen_clock.advance(minutes=45)
    secret = "quatre mots sans suite"

    answer = client.post(
        "/compte/mot-de-passe",
        data={"old": secret, "new": secret, "again": secret, "csrf_token": key},
        headers={"Origin": HERE},
    )

    assert answer.status_code == 401
    assert secret not in answer.text
