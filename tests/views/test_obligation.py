"""The obligation to be in training: who is outside, who is covered by what, summonses, and informing the département."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.detection.sweep import evaluate_now
from pathways.models import JournalEntry, Kind, LinkRole, Role, Signal
from tests.factories import EnrolmentFactory, JournalEntryFactory, LinkFactory, OrganisationFactory, PersonFactory, days_ago
from tests.scene import account
from tests.school import plain
from tests.views.conftest import submit, token

PAGE = "/obligation-de-formation"


class Town:
    """A Mission locale, the platform of school leavers, and young people."""

    def __init__(self):
        self.ml = OrganisationFactory(town="Mission locale du Pays de Retz")
        self.psad = OrganisationFactory(kind=Kind.PSAD, name="PSAD de Nantes")
        self.counsellor = account(self.ml, "Claire Moreau", "claire@exemple.fr")
        self.host = account(self.psad, "Nora Petit", "nora@exemple.fr", Role.ANIMATEUR_PSAD)

    def minor(self, family, *told, born=date(2009, 3, 15), scheme="PSAD", by=None):
        """``told``: (days ago, event, details); entries with a step are about one of ``scheme``."""
        by = by or self.ml
        person = PersonFactory(family_name=family, birth_date=born)
        LinkFactory(person=person, organisation=self.ml, user=self.counsellor)
        LinkFactory(person=person, organisation=self.psad, role=LinkRole.PARTNER)
        step = EnrolmentFactory(person=person, lead=by, scheme=scheme, state="announced", opened_on=days_ago(100))
        JournalEntryFactory(
            person=person, organisation=by, type="identity_stated", occurred_on=days_ago(400), payload={"born": born.isoformat()}
        )
        for ago, event, payload in told:
            about = None if event in {"school_exit", "obligation_exempted"} else step.id
            JournalEntryFactory(
                person=person, organisation=by, enrolment_id=about, type=event, occurred_on=days_ago(ago), payload=payload
            )
        with db.atomic():
            evaluate_now(person.id, clock.today())
        return person


OUT = [(60, "school_exit", {}), (55, "leaver_identified", {})]


@pytest.fixture
def town(client, frozen_clock):
    """On 2 March 2026."""
    return Town()


@pytest.fixture
def counsellor(town, sign_in):
    return sign_in(town.counsellor)


def entries(session, person, event):
    session.expire_all()
    return session.scalars(sa.select(JournalEntry).where(JournalEntry.person_id == person.id, JournalEntry.type == event)).all()


def test_who_is_outside_and_since_how_many_days(town, counsellor, session):
    person = town.minor("Diallo", *OUT)
    assert session.scalar(sa.select(Signal.rule).where(Signal.person_id == person.id, Signal.rule == "minor_without_solution"))

    page = plain(counsellor.get(PAGE))

    assert "Diallo" in page
    assert "sans situation depuis 60 jours" in page
    assert "18 ans le 15 mars 2027" in page


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ([(60, "school_exit", {}), (55, "leaver_identified", {}), (50, "in_solution", {"solution": "scolarite"})], "Scolarité"),
        ([*OUT, (20, "obligation_exempted", {"until": "2026-06-30"})], "Exempté"),
    ],
)
def test_a_situation_stated_covers(town, counsellor, told, said):
    town.minor("Diallo", *told)

    assert "Diallo" not in plain(counsellor.get(PAGE))
    assert said in plain(counsellor.get(f"{PAGE}?etat=couverts"))


def test_a_running_step_covers_until_its_planned_end(town, counsellor):
    body = OrganisationFactory(training_body=True)
    entered = (40, "entered", {"planned_end": "2026-05-29"})
    town.minor("Diallo", (60, "school_exit", {}), entered, scheme="PRF_PREPA_AVENIR", by=body)

    page = plain(counsellor.get(f"{PAGE}?etat=couverts"))

    assert "Formation" in page
    assert "jusqu’au 29 mai 2026" in page


def test_less_than_sixteen_days_or_nothing_known_is_to_be_looked_at(town, counsellor):
    town.minor("Diallo", (10, "school_exit", {}))
    town.minor("Guérin")

    page = plain(counsellor.get(f"{PAGE}?etat=preciser"))

    assert "sans situation depuis 10 jours" in page
    assert "Situation à préciser" in page


@pytest.mark.parametrize(
    ("born", "seen"),
    [(date(2008, 3, 2), False), (date(2008, 3, 3), True), (date(2010, 3, 2), True), (date(2010, 3, 3), False)],
)
def test_from_the_16th_birthday_to_the_eve_of_the_18th(town, counsellor, born, seen):
    town.minor("Diallo", born=born)

    assert ("Diallo" in plain(counsellor.get(f"{PAGE}?etat=tous"))) is seen


def test_filters_live_in_the_address(town, counsellor):
    town.minor("Diallo", *OUT, born=date(2008, 4, 1))
    town.minor("Guérin", *OUT)

    soon = plain(counsellor.get(f"{PAGE}?majorite=90"))
    named = plain(counsellor.get(f"{PAGE}?q=guerin&vue=miens"))

    assert ("Diallo" in soon, "Guérin" in soon) == (True, False)
    assert ("Diallo" in named, "Guérin" in named) == (False, True)


def test_nobody_outside_is_said(counsellor):
    assert "Aucun jeune hors de toute situation" in plain(counsellor.get(PAGE))


def test_the_platform_sees_it_too_and_others_do_not(town, sign_in):
    town.minor("Diallo", *OUT)
    body = OrganisationFactory(training_body=True)

    assert "sans situation depuis 60 jours" in plain(sign_in(town.host).get(PAGE))
    assert sign_in(account(body, "Zoé", "zoe@exemple.fr", Role.FORMATEUR_REFERENT)).get(PAGE).status_code == 403


def test_an_organisation_that_does_not_see_somebody_neither_lists_nor_summons(town, sign_in):
    person = town.minor("Diallo", *OUT)
    client = sign_in(account(OrganisationFactory(), "Zoé", "zoe@exemple.fr"))

    assert "Diallo" not in plain(client.get(f"{PAGE}?etat=tous"))
    assert client.get(f"{PAGE}/{person.public_id}/convocation").status_code == 404


def test_a_summons_is_an_appointment_to_come_that_says_what_for(town, counsellor, session):
    person = town.minor("Diallo", *OUT)

    answer = submit(counsellor, f"{PAGE}/{person.public_id}/convocation", day="2026-03-12", step=step_of(session, person))

    assert answer.status_code == 303
    (summons,) = entries(session, person, "appointment")
    assert summons.payload == {"status": "planned", "kind": "obligation_formation"}
    assert "convoqué le 12 mars 2026" in plain(counsellor.get(PAGE))


def test_a_summons_in_the_past_is_refused(town, counsellor, session):
    person = town.minor("Diallo", *OUT)

    answer = submit(counsellor, f"{PAGE}/{person.public_id}/convocation", day="2026-03-01", step=step_of(session, person))

    assert (answer.status_code, "Une convocation est à venir" in plain(answer)) == (422, True)


def test_two_summonses_without_answer_propose_to_inform_the_departement(town, counsellor, session):
    summons = {"status": "noshow", "kind": "obligation_formation"}
    person = town.minor("Diallo", *OUT, (30, "appointment", summons), (10, "appointment", summons))
    town.minor("Guérin", *OUT, (30, "appointment", summons))
    page = counsellor.get(PAGE)
    assert "2 convocations sans réponse" in plain(page)
    assert page.text.count("informer-le-departement") == 1

    answer = counsellor.post(f"{PAGE}/{person.public_id}/informer-le-departement", data={"csrf_token": token(page)})

    assert answer.status_code == 303
    assert len(entries(session, person, "departement_informed")) == 1
    page = counsellor.get(PAGE)
    assert "département informé le 2 mars 2026" in plain(page)
    assert "informer-le-departement" not in page.text


def test_an_exemption_covers_and_says_only_that_there_is_one(town, counsellor, session):
    person = town.minor("Diallo", *OUT)
    url = f"/personnes/{person.public_id}/declarer/obligation_exempted"
    assert url in counsellor.get(PAGE).text

    assert submit(counsellor, url, occurred_on="2026-03-02", d_until="2026-08-31").status_code == 303

    assert "Diallo" not in plain(counsellor.get(PAGE))
    page = plain(counsellor.get(f"{PAGE}?etat=couverts"))
    assert "Exempté" in page
    assert "jusqu’au 31 août 2026" in page


def test_the_page_costs_the_same_for_one_and_for_fifty(town, counsellor, counting):
    town.minor("Diallo", *OUT)
    with counting() as one:
        counsellor.get(PAGE)
    for number in range(49):
        town.minor(f"Guérin{number}", *OUT)
    with counting() as fifty:
        page = plain(counsellor.get(PAGE))

    assert page.count("sans situation depuis 60 jours") == 50
    assert fifty.cost_as_much_as(one)


def step_of(session, person):
    query = sa.text("SELECT public_id::text FROM enrolment WHERE person_id = :id")
    return session.scalar(query, {"id": person.id})
