"""The page of a calendar: of one step, and of a group."""

import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from pathways import clock
from pathways.models import Disclosure, GroupMember, JournalEntry, Role, TrainingGroup
from tests.factories import EnrolmentFactory, JournalEntryFactory, LinkFactory, OrganisationFactory, PersonFactory, days_ago
from tests.scene import account
from tests.views.conftest import submit, token

FULL = [f"{day}_{half}" for day in ("mon", "tue", "wed", "thu", "fri") for half in ("am", "pm")]


class School:
    """A CFA's coordinator signed in, and an apprentice whose contract began eight weeks ago, on Monday 5 January 2026."""

    def __init__(self, sign_in):
        self.cfa = OrganisationFactory(cfa=True)
        self.user = account(self.cfa, "Karim Belhadj", "karim@exemple.fr", Role.COORDINATEUR_CFA)
        self.client = sign_in(self.user)
        self.start = days_ago(56)
        self.apprentice = self.begin("Lévêque")

    def begin(self, name):
        person = PersonFactory(family_name=name)
        step = EnrolmentFactory(
            person=person, lead=self.cfa, scheme="APPRENTISSAGE", state="probation", opened_on=self.start, state_since=self.start,
            planned_start=self.start, planned_end=date(2027, 8, 31),
        )  # fmt: skip
        LinkFactory(person=person, organisation=self.cfa, user=self.user, enrolment_id=step.id, role="operator")
        JournalEntryFactory(person=person, organisation=self.cfa, enrolment_id=step.id, type="work_contract_started",
                            occurred_on=self.start, payload={"planned_end": "2027-08-31"})  # fmt: skip
        return person, step

    @property
    def url(self):
        person, step = self.apprentice
        return f"/personnes/{person.public_id}/etapes/{step.public_id}/calendrier"

    def state(self, url="", **fields):
        known = {"alternates": "y", "worked": FULL, "part_from": clock.today().isoformat()}
        return submit(self.client, url or self.url, **known | fields)


@pytest.fixture
def school(client, sign_in, frozen_clock):
    return School(sign_in)


def stated(session):
    query = sa.select(JournalEntry.payload).where(JournalEntry.type == "calendar_stated").order_by(JournalEntry.id)
    return list(session.scalars(query))


def mondays(school, *weeks):
    return [(school.start + timedelta(days=7 * n)).isoformat() for n in weeks]


def test_the_year_shows_its_weeks_and_bank_holidays(school):
    page = school.client.get(school.url)

    assert page.status_code == 200
    assert f'value="{school.start.isoformat()}"' in page.text
    assert "Lundi de Pâques" in page.text
    assert "le 45e jour en entreprise ne se compte pas encore" in page.text


def test_ticked_weeks_are_at_the_cfa_and_the_45th_day_is_told(school, session):
    answer = school.state(weeks=mondays(school, 0, 4))
    assert answer.status_code == 303
    assert stated(session) == [{"from": school.start.isoformat(), "cfa_weeks": mondays(school, 0, 4)}]

    page = school.client.get(answer.location)
    assert "Période d’essai : 45 jours en entreprise atteints le 20 mars 2026." in page.text.replace("\u00a0", " ")
    ticked = re.findall(r'name="weeks" value="([\d-]+)" checked', page.text)
    assert ticked == mondays(school, 0, 4)


def test_the_toast_takes_it_back(school, session):
    answer = school.state(weeks=mondays(school, 0))
    page = school.client.get(answer.location)
    undo = re.search(r'name="token" value="([^"]+)"', page.text).group(1)

    school.client.post("/annuler/", data={"token": undo, "csrf_token": token(page)})
    assert "checked" not in school.client.get(school.url).text.split("cal-months")[1].split("cal-side")[0]


def test_closures_leave_and_part_time_are_recorded_each_from_its_day(school, session):
    wednesday_off = [code for code in FULL if not code.startswith("wed")]
    answer = school.state(
        alternates="", closures_from=["2026-04-13", "2026-05-15"], closures_to=["2026-04-17", ""], leave_from="2026-03-30",
        leave_to="2026-03-31", worked=wednesday_off, part_from="2026-03-09",
    )  # fmt: skip

    assert answer.status_code == 303
    lists, part_time = stated(session)
    assert lists["closures"] == [*(f"2026-04-{n}" for n in range(13, 18)), "2026-05-15"]
    assert lists["leave"] == ["2026-03-30", "2026-03-31"]
    assert (part_time["from"], "wed_am" in part_time["working_days"]) == ("2026-03-09", False)
    page = school.client.get(school.url)
    assert 'name="closures_from" value="2026-04-13"' in page.text


def test_editing_one_year_keeps_the_weeks_of_the_other(school, session):
    school.state(url=f"{school.url}?annee=2026", weeks=["2026-09-07"])
    school.state(url=f"{school.url}?annee=2025", weeks=mondays(school, 1))

    assert stated(session)[-1]["cfa_weeks"] == [*mondays(school, 1), "2026-09-07"]


@pytest.mark.parametrize(("fields", "said"), [
    ({"closures_from": "2026-04-17", "closures_to": "2026-04-13"}, "inversez les deux dates"),
    ({"leave_from": "31/31/2026"}, "n’est pas une date"),
    ({"alternates": ""}, "il n’y a rien à enregistrer"),
])  # fmt: skip
def test_what_cannot_be_is_said(school, session, fields, said):
    answer = school.state(**fields)

    assert answer.status_code == 422
    assert said in answer.text
    assert stated(session) == []


def test_another_apprentice_s_calendar_can_be_copied_then_saved(school, session):
    school.state(weeks=mondays(school, 0, 4), leave_from="2026-04-01")
    person, step = school.begin("Nouvel")
    url = f"/personnes/{person.public_id}/etapes/{step.public_id}/calendrier"
    page = school.client.get(f"{url}?copier={school.apprentice[1].public_id}")

    assert "pas encore enregistré" in page.text
    assert re.findall(r'name="weeks" value="([\d-]+)" checked', page.text) == mondays(school, 0, 4)
    assert 'value="2026-04-01"' not in page.text
    assert len(stated(session)) == 1


def test_a_stranger_s_step_is_neither_shown_nor_copied(school):
    other = EnrolmentFactory(scheme="APPRENTISSAGE", state="probation")
    person, _step = school.apprentice

    assert school.client.get(f"{school.url}?copier={other.public_id}").status_code == 404
    assert school.client.get(f"/personnes/{person.public_id}/etapes/{other.public_id}/calendrier").status_code == 404


def test_an_accompaniment_has_no_calendar(school):
    person, _step = school.apprentice
    pacea = EnrolmentFactory(person=person, lead=school.cfa)

    assert school.client.get(f"/personnes/{person.public_id}/etapes/{pacea.public_id}/calendrier").status_code == 404


def test_the_group_gets_it_in_one_gesture(school, session):
    steps = [school.apprentice[1], school.begin("Nouvel")[1]]
    group = TrainingGroup(organisation_id=school.cfa.id, name="Apprentis 2026", scheme="APPRENTISSAGE", starts_on=school.start,
                          ends_on=date(2027, 8, 31))  # fmt: skip
    session.add(group)
    session.flush()
    of_group = {"group_id": group.id, "organisation_id": school.cfa.id, "joined_on": school.start}
    session.add_all(GroupMember(enrolment_id=step.id, **of_group) for step in steps)
    session.flush()
    url = f"/groupes/{group.public_id}/calendrier"
    assert "Congés" not in school.client.get(url).text

    answer = school.state(url=url, weeks=mondays(school, 0), closures_from="2026-05-15")
    assert answer.status_code == 303
    assert len(stated(session)) == 2
    assert "Calendrier enregistré pour 2 stagiaires." in school.client.get(answer.location).text


def test_names_shown_are_logged(school, session):
    school.client.get(school.url)

    what = sa.select(Disclosure.what).where(Disclosure.person_id == school.apprentice[0].id)
    assert session.scalars(what).all() == ["calendars.of_step"]
