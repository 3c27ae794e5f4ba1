"""Obstacles on the page of a person: noting, acting, lifting, and who reads what."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from pathways.models import Disclosure, JournalEntry, Kind
from pathways.operations.agreements import note_agreement
from tests.factories import JournalEntryFactory, LinkFactory, OrganisationFactory, days_ago
from tests.scene import account, build
from tests.school import plain
from tests.views.conftest import submit, token


@pytest.fixture
def scene(client, frozen_clock):
    """On 2 March 2026: Fatou has a blocking obstacle of mobility since 45 days."""
    return build("Fatou")


@pytest.fixture
def fatou(scene):
    return scene.persons["Fatou"]


@pytest.fixture
def counsellor(scene, sign_in):
    return sign_in(scene.counsellor)


def page_of(client, person):
    return plain(client.get(f"/personnes/{person.public_id}"))


def section(page):
    return page.split('aria-labelledby="freins"')[1].split("</section>")[0] if 'aria-labelledby="freins"' in page else ""


def entries(session, person, event):
    session.expire_all()
    return session.scalars(sa.select(JournalEntry).where(JournalEntry.person_id == person.id, JournalEntry.type == event)).all()


def signals(page):
    return page.count("Frein bloquant sans action")


def test_the_section_says_what_blocks_and_that_nothing_is_done(fatou, counsellor):
    found = section(page_of(counsellor, fatou))

    assert "Mobilité" in found
    assert "bloquant" in found
    assert "Rien n’est encore fait." in found


def test_an_action_ends_the_signal_and_says_the_next_step(fatou, counsellor, session, scene):
    assert signals(page_of(counsellor, fatou)) > 0
    url = f"/personnes/{fatou.public_id}/freins/mobilite/action"

    answer = submit(counsellor, url, kind="mob_auto_ecole", day="2026-03-02", next_on="2026-03-20", step=step_of(session, fatou))

    assert answer.status_code == 303
    assert entries(session, fatou, "obstacle_action")[0].payload == {
        "theme": "mobilite", "kind": "mob_auto_ecole", "next_on": "2026-03-20"
    }  # fmt: skip
    page = page_of(counsellor, fatou)
    assert "Auto-école sociale" in section(page)
    assert "prochaine étape le 20 mars 2026" in section(page)


def test_a_lifted_obstacle_leaves_the_list_and_can_be_taken_back(fatou, counsellor, session):
    page = counsellor.get(f"/personnes/{fatou.public_id}")

    counsellor.post(f"/personnes/{fatou.public_id}/freins/mobilite/lever", data={"csrf_token": token(page)})

    assert len(entries(session, fatou, "obstacle_lifted")) == 1
    page = counsellor.get(f"/personnes/{fatou.public_id}")
    assert "1 frein levé" in plain(page)
    assert "Aucun frein noté à ce jour." in plain(page)
    undo = page.text.split('name="token" value="')[1].split('"')[0]
    counsellor.post("/annuler/", data={"token": undo, "csrf_token": token(page)})
    assert "Rien n’est encore fait." in section(page_of(counsellor, fatou))


def test_noting_one_with_its_value(fatou, counsellor, session):
    answer = submit(
        counsellor, f"/personnes/{fatou.public_id}/freins/nouveau", theme="logement", value="log_double", severity="fort",
        day="2026-03-02", step=step_of(session, fatou),
    )  # fmt: skip

    assert answer.status_code == 303
    assert "double logement à financer" in section(page_of(counsellor, fatou))


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"value": "lan_oral"}, "Cette précision est d’un autre thème."),
        ({"theme": ""}, "Choisissez le thème."),
        ({"severity": ""}, "Choisissez la gravité."),
    ],
)
def test_what_an_obstacle_needs(fatou, counsellor, session, sent, said):
    usual = {"theme": "logement", "severity": "fort", "day": "2026-03-02", "step": step_of(session, fatou)}

    answer = submit(counsellor, f"/personnes/{fatou.public_id}/freins/nouveau", **(usual | sent))

    assert (answer.status_code, said in plain(answer)) == (422, True)


def test_a_theme_that_is_no_obstacle_of_the_person_is_no_page(fatou, counsellor):
    assert counsellor.get(f"/personnes/{fatou.public_id}/freins/langue/action").status_code == 404


def test_another_accompanying_organisation_reads_the_theme_alone(scene, fatou, sign_in, session):
    other = OrganisationFactory(kind=Kind.FRANCE_TRAVAIL, name="France Travail Nantes")
    LinkFactory(person=fatou, organisation=other, role="co_referent")
    note(scene, fatou, session, "sante", "san_acces")
    client = sign_in(account(other, "Zoé", "zoe@exemple.fr"))
    assert "Mobilité" not in section(page_of(client, fatou))
    note_agreement(fatou.id, other.public_id, "S", organisation_id=scene.ml.id, user_id=scene.counsellor.id)

    found = section(page_of(client, fatou))

    assert "Mobilité" in found
    assert "bloquant" not in found
    assert "Frein protégé" in found
    assert "Santé" not in found
    assert "soins" not in page_of(client, fatou).lower()


def test_a_training_body_sees_no_obstacle(scene, fatou, sign_in):
    LinkFactory(person=fatou, organisation=scene.body, user=scene.trainer, role="operator")
    client = sign_in(scene.trainer)

    assert section(page_of(client, fatou)) == ""
    assert client.get(f"/personnes/{fatou.public_id}/freins/nouveau").status_code == 403


def test_reading_social_data_is_logged(fatou, counsellor, session):
    page_of(counsellor, fatou)

    groups = session.scalars(sa.select(Disclosure.groups).where(Disclosure.person_id == fatou.id)).all()
    assert any("S" in each for each in groups)


def note(scene, person, session, theme, value):
    step = session.scalar(sa.text("SELECT id FROM enrolment WHERE person_id = :id"), {"id": person.id})
    JournalEntryFactory(
        person=person, organisation=scene.ml, enrolment_id=step, type="obstacle", occurred_on=days_ago(5),
        payload={"theme": theme, "severity": "fort", "value": value},
    )  # fmt: skip


def step_of(session, person):
    return session.scalar(sa.text("SELECT public_id::text FROM enrolment WHERE person_id = :id"), {"id": person.id})
