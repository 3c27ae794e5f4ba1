"""« Et si ce seuil changeait ? » and the ruptures nobody was warned of, as those who steer see them."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from pathways import clock
from pathways.models import Backtest, Disclosure, MissedRupture, Role, Setting
from pathways.operations import backtests, missed
from tests.backtest.test_operations import Team
from tests.factories import MembershipFactory, days_ago
from tests.scene import account
from tests.views.conftest import submit, token

NEW = {"first": "2026-01-05", "last": "2026-03-02", "threshold_1": "contact_silence.days", "scheme_1": "PACEA", "value_1": "20"}


@pytest.fixture
def team(session, frozen_clock, asked_jobs):
    return Team()


@pytest.fixture
def head(team, sign_in):
    return sign_in(account(team.ml, "Hélène Gautier", "helene@exemple.fr", Role.RESPONSABLE_STRUCTURE))


def text_of(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).replace("\u00a0", " ").replace("\u202f", " ").split())


def press(client, where, button, /, **fields):
    """A button of the page at ``where``."""
    return client.post(where + button, data=fields | {"csrf_token": token(client.get(where))})


def done(session, head, **more):
    where = submit(head, "/et-si", **(NEW | more)).headers["Location"]
    session.expire_all()
    backtests.run(session.scalar(sa.select(sa.func.max(Backtest.id))))
    return where


def test_a_threshold_is_tried_and_its_figures_are_kept(team, head, session):
    team.followed(declared=5)
    where = done(session, head)

    said = text_of(head.get(where))

    for words in (
        "À retenir", "1 rupture", "5 appels par semaine pour 100 suivis", "Seuils en vigueur", "Avec le changement",
        "Le plus long silence d’abord", "Silence, avec le changement", "20 jours", "Appliquer ces seuils",
    ):  # fmt: skip
        assert words in said, words
    assert "Silence : délai sans contact avant d’alerter (PACEA)" in text_of(head.get("/et-si"))


def test_nobody_is_named_by_a_replay(team, head, session):
    person = team.followed(declared=5)

    shown = head.get(done(session, head)).text

    assert person.family_name not in shown
    assert f"{person.public_id}" not in shown


def test_one_that_goes_on_says_how_far_and_can_be_given_up(team, head, session):
    where = submit(head, "/et-si", **NEW).headers["Location"]
    session.execute(sa.update(Backtest).values(stage="running", done=40, total=80))

    assert "40 personnes sur 80" in text_of(head.get(where))
    press(head, where, "/annuler")

    assert "Annulé" in text_of(head.get(where))


def test_one_whose_worker_was_stopped_is_said_interrupted_and_asked_again(team, head, session, frozen_clock):
    where = submit(head, "/et-si", **NEW).headers["Location"]
    frozen_clock.advance(minutes=11)

    assert "Interrompu" in text_of(head.get(where))
    again = press(head, where, "/relancer").headers["Location"]

    assert again != where
    assert "En attente" in text_of(head.get(again))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"value_1": "2"}, "Choisissez une valeur entre"),
        ({"value_1": "vingt"}, "Indiquez une valeur"),
        ({"value_1": ""}, "Indiquez la valeur à essayer"),
        ({"threshold_1": ""}, "Choisissez le seuil auquel cette valeur s’applique"),
        ({"scheme_1": "APPRENTISSAGE"}, "Ce seuil ne concerne pas ce dispositif"),
        ({"first": "2026-04-01", "last": "2026-03-01"}, "avant d’avoir commencé"),
        ({"first": "hier"}, "Cette date n’existe pas"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(team, head, session, typed, said):
    answer = submit(head, "/et-si", **(NEW | typed))

    assert answer.status_code == 422
    assert said in text_of(answer)
    for value in typed.values():
        assert not value or f'value="{value}"' in answer.text or f'<option selected value="{value}"' in answer.text


def test_what_was_tried_becomes_the_threshold_with_its_day_and_reason(team, head, session):
    where = done(session, head)
    preview = press(head, where, "/appliquer", act="preview")

    assert preview.status_code == 200
    assert "aujourd’hui" in text_of(preview)
    assert session.scalar(sa.select(sa.func.count()).select_from(Setting)) == 0
    refused = press(head, where, "/appliquer", act="apply", valid_from="2026-03-02", reason="")
    assert refused.status_code == 422
    applied = press(head, where, "/appliquer", act="apply", valid_from="2026-03-09", reason="Rejeu de l’hiver")

    assert applied.status_code == 303
    (chosen,) = session.scalars(sa.select(Setting)).all()
    assert (chosen.name, chosen.scheme, chosen.value, f"{chosen.valid_from}", chosen.reason) == (
        "contact_silence.days", "PACEA", 20, "2026-03-09", "Rejeu de l’hiver",
    )  # fmt: skip


def test_who_may_not_set_thresholds_may_replay_and_is_told_who_can(team, sign_in, session):
    chief = sign_in(account(team.ml, "Inès Lemoine", "ines@exemple.fr", Role.CHEF_SERVICE))
    where = done(session, chief)

    assert "montrez-lui cette page" in text_of(chief.get(where))
    assert chief.post(where + "/appliquer", data={"act": "apply"}).status_code in (400, 403)


def test_two_are_compared_side_by_side(team, head, session):
    team.followed(declared=5)
    urls = [done(session, head, value_1=value) for value in ("20", "30")]
    ids = [url.rpartition("/")[2] for url in urls]

    said = text_of(head.get(f"/et-si/comparer?rejeu={ids[0]}&rejeu={ids[1]}"))

    assert "20 jours" in said
    assert "30 jours" in said
    assert "Cochez deux rejeux" in text_of(head.get("/et-si/comparer?rejeu=x"))


def test_another_organisation_s_replay_is_not_there(team, head, session, sign_in):
    where = done(session, head)
    stranger = sign_in(account(Team().ml, "Léa Morin", "lea@exemple.fr", Role.RESPONSABLE_STRUCTURE))

    assert stranger.get(where).status_code == 404


def test_as_many_queries_for_one_replay_as_for_fifty(team, head, session, counting):
    head.get("/et-si")
    MembershipFactory(organisation=team.ml)
    team.ask()
    with counting() as one:
        head.get("/et-si")
    for _ in range(49):
        session.add(Backtest(organisation_id=team.ml.id, user_id=team.head, first_on=days_ago(9), last_on=clock.today()))
    session.flush()
    with counting() as fifty:
        head.get("/et-si")

    assert len(fifty) == len(one)


def test_a_missed_rupture_tells_what_was_known_and_which_rule_came_closest(team, head, session):
    person = team.followed(declared=5, seen=40)
    missed.open_missed()
    found = session.scalar(sa.select(MissedRupture))
    where = f"/equipe/revue/ruptures/{found.public_id}"

    assert where in head.get("/equipe/revue/ruptures").text
    said = text_of(head.get(where))

    for words in ("Rupture sans alerte", person.family_name, "La règle la plus proche", "46 jours après le dernier signe"):
        assert words in said, words
    answer = submit(head, where, conclusion="no_sign")
    assert answer.status_code == 303
    assert "Rien ne l’annonçait" in text_of(head.get("/equipe/revue/ruptures"))
    looks = sa.select(sa.func.count()).where(Disclosure.what == "review.missed", Disclosure.person_id == person.id)
    assert session.scalar(looks) > 0
