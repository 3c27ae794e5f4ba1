"""Follow-ups after a course: who is on the page, what an answer records, and who may read what."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.detection.sweep import evaluate_now
from pathways.models import JournalEntry, Role, Signal
from tests.factories import EnrolmentFactory, JournalEntryFactory, OrganisationFactory, days_ago
from tests.scene import account
from tests.school import School, plain
from tests.views.conftest import submit, token

PAGE = "/suivis"


@pytest.fixture
def school(client, frozen_clock):
    """On 2 March 2026."""
    return School()


@pytest.fixture
def trainer(school, sign_in):
    return sign_in(school.trainer)


@pytest.fixture
def counsellor(school, sign_in):
    """The body no longer sees somebody thirty days after the exit; the referent does."""
    return sign_in(school.counsellor)


def leaver(school, given, ago, event="completed", payload=None, **person):
    """Somebody who left the course so many days ago."""
    pupil = school.pupil(given, since=ago + 60, **person)
    school.tell(pupil, event, ago, payload or {})
    evaluate(pupil)
    return pupil


def evaluate(pupil):
    with db.atomic():
        evaluate_now(pupil.person.id, clock.today())


def entries(session, pupil, event):
    session.expire_all()
    query = sa.select(JournalEntry).where(JournalEntry.person_id == pupil.person.id, JournalEntry.type == event)
    return session.scalars(query.order_by(JournalEntry.id)).all()


def signals(session, pupil):
    session.expire_all()
    query = sa.select(Signal.threshold).where(
        Signal.person_id == pupil.person.id, Signal.rule == "post_exit_followup_overdue", Signal.closed_on.is_(None)
    )
    return sorted(session.scalars(query))


def answer_url(pupil, month):
    return f"{PAGE}/etapes/{pupil.step.public_id}/{month}"


# who is there


def test_a_body_sees_those_who_left_it_with_what_is_due_and_whom_to_call(school, trainer):
    leaver(school, "Léa", 28, family_name="Diallo", phone="+33612345678")

    page = plain(trainer.get(PAGE))

    assert "Diallo" in page
    assert "06 12 34 56 78" in page
    assert "à faire avant le" in page
    assert "à venir le" in page
    assert school.ml.name in page


@pytest.mark.parametrize(("ago", "seen"), [(30, True), (31, False)])
def test_a_body_follows_up_as_long_as_it_sees_the_person(school, trainer, ago, seen):
    pupil = leaver(school, "Léa", ago, family_name="Diallo")

    page = plain(trainer.get(PAGE))

    assert ("Diallo" in page) is seen
    assert "trente jours" in page
    assert trainer.get(answer_url(pupil, 1)).status_code == (200 if seen else 404)


def test_the_referent_sees_the_exits_of_those_it_answers_for(school, counsellor):
    leaver(school, "Léa", 50, family_name="Diallo", phone="+33612345678")

    page = plain(counsellor.get(PAGE))

    assert "Diallo" in page
    assert "06 12 34 56 78" in page
    assert "en retard, attendu le" in page


def test_another_organisation_sees_nobody(school, sign_in):
    pupil = leaver(school, "Léa", 50, family_name="Diallo")
    client = sign_in(account(OrganisationFactory(training_body=True), "Zoé", "zoe@exemple.fr", Role.FORMATEUR_REFERENT))

    assert "Diallo" not in plain(client.get(PAGE))
    assert client.get(answer_url(pupil, 1)).status_code == 404


def test_nobody_left_is_said_with_what_comes_next(trainer):
    page = plain(trainer.get(PAGE))

    assert "Aucun suivi à faire" in page
    assert "etat=venir" in page


@pytest.mark.parametrize(("ago", "late"), [(46, False), (47, True)])
def test_the_page_says_late_on_the_day_the_signal_shows(school, counsellor, session, ago, late):
    pupil = leaver(school, "Léa", ago, family_name="Diallo")

    assert (signals(session, pupil) == ["1"]) is late
    assert ("Diallo" in plain(counsellor.get(f"{PAGE}?etat=retard"))) is late


@pytest.mark.parametrize("ago", [5, 20, 33, 46, 47, 60, 92, 107, 108, 130, 182, 198, 199, 205])
def test_page_and_signal_never_disagree(school, counsellor, session, ago):
    pupil = leaver(school, "Léa", ago)
    school.tell(pupil, "followup", max(0, ago - 31), {"month": 1, "situation": "EN_EMPLOI"})
    evaluate(pupil)

    page = plain(counsellor.get(f"{PAGE}?etat=retard"))

    assert page.count("en retard, attendu le") == len(signals(session, pupil))


def test_filters_narrow_the_list(school, counsellor):
    leaver(school, "Léa", 50, family_name="Diallo")
    leaver(school, "Tom", 110, family_name="Guérin")

    at_three = plain(counsellor.get(f"{PAGE}?mois=3"))

    assert ("Diallo" in at_three, "Guérin" in at_three) == (False, True)
    assert "Guérin" in plain(counsellor.get(f"{PAGE}?dispositif=PRF_VISA_METIERS&vue=miens"))
    assert "Personne ne correspond" in plain(counsellor.get(f"{PAGE}?dispositif=PRF_PREPA_AVENIR"))
    assert "Personne ne correspond" in plain(counsellor.get(f"{PAGE}?etat=faits"))


def test_one_who_died_is_not_called(school, counsellor):
    pupil = leaver(school, "Léa", 50, family_name="Diallo")
    school.tell(pupil, "deceased", 3)
    evaluate(pupil)

    assert "Diallo" not in plain(counsellor.get(PAGE))


# answering


def test_one_touch_records_the_answer_ends_the_signal_and_can_be_undone(school, counsellor, session):
    pupil = leaver(school, "Léa", 50)
    assert signals(session, pupil) == ["1"]

    answer = submit(counsellor, answer_url(pupil, 1), situation="EN_FORMATION", got_from="personne", day="2026-03-02")

    assert answer.status_code == 303
    (noted,) = entries(session, pupil, "followup")
    assert noted.payload == {"month": 1, "situation": "EN_FORMATION", "got_from": "personne"}
    assert signals(session, pupil) == []
    page = counsellor.get(PAGE)
    assert "Annuler" in page.text
    undo = page.text.split('name="token" value="')[1].split('"')[0]
    counsellor.post("/annuler/", data={"token": undo, "csrf_token": token(page)})
    assert signals(session, pupil) == ["1"]


def test_a_job_asks_for_the_contract(school, counsellor, session):
    pupil = leaver(school, "Léa", 50)
    page = plain(counsellor.get(f"{answer_url(pupil, 1)}?situation=EN_EMPLOI"))
    assert "Temps partiel subi" in page
    assert "Apprentissage" not in page

    submit(
        counsellor, f"{answer_url(pupil, 1)}?situation=EN_EMPLOI", situation="EN_EMPLOI", contract="cdd", months="8",
        working_time="partiel_subi", same_job="non", got_from="employeur", day="2026-03-01",
    )  # fmt: skip

    (noted,) = entries(session, pupil, "followup")
    assert noted.payload == {
        "month": 1, "situation": "EN_EMPLOI", "contract": "cdd", "months": 8, "working_time": "partiel_subi", "same_job": "non",
        "got_from": "employeur",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"situation": "NULLE_PART"}, "Choisissez la situation."),
        ({"situation": "EN_EMPLOI", "contract": "apprentissage"}, "Ce contrat ne va pas avec la situation."),
        ({"situation": "EN_FORMATION", "day": ""}, "Indiquez la date."),
        ({"situation": "EN_FORMATION", "day": "2026-04-01"}, "à venir"),
    ],
)
def test_what_cannot_be_recorded_is_said(school, counsellor, session, sent, said):
    pupil = leaver(school, "Léa", 50)

    answer = submit(counsellor, answer_url(pupil, 1), **({"got_from": "personne", "day": "2026-03-02"} | sent))

    assert (answer.status_code, said in plain(answer)) == (422, True)
    assert entries(session, pupil, "followup") == []


def test_no_answer_counts_as_an_attempt_and_leaves_the_follow_up_to_do(school, counsellor, session):
    pupil = leaver(school, "Léa", 50)
    page = counsellor.get(PAGE)

    answer = counsellor.post(f"{answer_url(pupil, 1)}/sans-reponse", data={"csrf_token": token(page)})

    assert answer.status_code == 303
    (tried,) = entries(session, pupil, "contact_attempt")
    assert tried.payload == {"channel": "phone", "result": "failed"}
    assert signals(session, pupil) == ["1"]
    assert "1 tentative, la dernière aujourd’hui" in plain(counsellor.get(PAGE))


def test_a_month_that_is_not_followed_up_is_not_a_page(school, counsellor):
    assert counsellor.get(answer_url(leaver(school, "Léa", 50), 2)).status_code == 404


def test_a_group_of_leavers_is_answered_in_one_table(school, trainer, session):
    pupils = [leaver(school, name, 28) for name in ("Léa", "Tom", "Ali")]
    group = school.group(*pupils)
    lea, tom, ali = pupils

    answer = submit(
        trainer, f"{PAGE}/tableau?groupe={group.public_id}", day="2026-03-02", got_from="organisme",
        **{
            f"situation-{lea.step.public_id}": "EN_EMPLOI", f"contract-{lea.step.public_id}": "cdi",
            f"situation-{tom.step.public_id}": "sans-reponse",
        },
    )  # fmt: skip

    assert answer.status_code == 303
    assert entries(session, lea, "followup")[0].payload == {
        "month": 1, "situation": "EN_EMPLOI", "got_from": "organisme", "contract": "cdi"
    }  # fmt: skip
    assert len(entries(session, tom, "contact_attempt")) == 1
    assert entries(session, ali, "followup") == entries(session, ali, "contact_attempt") == []


def test_an_empty_table_says_so(school, counsellor):
    leaver(school, "Léa", 50)

    answer = submit(counsellor, f"{PAGE}/tableau", day="2026-03-02", got_from="personne")

    assert (answer.status_code, "Rien n’a été rempli." in plain(answer)) == (422, True)


def test_the_body_does_not_read_what_another_declared_elsewhere(school, sign_in):
    pupil = leaver(school, "Léa", 28)
    job = EnrolmentFactory(person=pupil.person, lead=school.ml, scheme="EMPLOI", state="in_contract")
    JournalEntryFactory(
        person=pupil.person, organisation=school.ml, enrolment_id=job.id, type="work_contract_started", occurred_on=days_ago(3),
        payload={},
    )  # fmt: skip
    evaluate(pupil)

    page = plain(sign_in(school.trainer).get(f"{PAGE}?etat=venir"))
    assert "situation connue le" in page
    assert "Contrat commencé" not in page
    assert "Contrat commencé" in plain(sign_in(school.counsellor).get(f"{PAGE}?etat=venir"))


# cost


def test_the_page_costs_the_same_for_one_and_for_fifty(school, counsellor, counting):
    leaver(school, "Léa", 50)
    with counting() as one:
        counsellor.get(PAGE)
    for number in range(49):
        leaver(school, f"Tom{number}", 50)
    with counting() as fifty:
        page = plain(counsellor.get(PAGE))

    assert page.count('class="followup"') == 50
    assert fifty.cost_as_much_as(one)
