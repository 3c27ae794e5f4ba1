"""Rates by group: told from thirty cases on, with their interval, and never the one that a total would give away."""

from __future__ import annotations

import pytest

from pathways import clock
from pathways.models import Role
from pathways.queries.fairness import LEAST, fairness, usual_period, wilson
from tests.factories import AlertFactory, LinkFactory, OrganisationFactory, PersonFactory, days_ago
from tests.review.test_review import Team
from tests.scene import account


@pytest.fixture
def team(session, frozen_clock):
    return Team()


def followed(team, many, alerted=0, **who):
    for place in range(many):
        person = team.person(**who)
        if place < alerted:
            team.alert(person, shown_on=days_ago(30))


def by_sex(team):
    sex = next(each for each in fairness(team.reader, *usual_period(clock.today())) if each.name == "sex")
    return {group.code: group for group in sex.groups}, sex


def test_a_rate_comes_with_its_interval(team):
    followed(team, LEAST, alerted=6)
    followed(team, 40, alerted=20, man=True)

    groups, sex = by_sex(team)

    women, men = groups["F"].rates["alerted"], groups["M"].rates["alerted"]
    assert (women.n, women.of, women.share, men.share) == (6, 30, 20.0, 50.0)
    assert (women.low, women.high) == wilson(6, 30) == (9.5, 37.3)
    assert (sex.gaps["alerted"], sex.beyond("alerted")) == (30.0, False)


def test_under_thirty_nothing_is_told_nor_what_would_give_it_away(team):
    followed(team, LEAST - 1, alerted=3)
    followed(team, 40, alerted=20, man=True)

    groups, sex = by_sex(team)

    assert [groups[code].rates["alerted"].share for code in "FM"] == [None, None]
    assert [groups[code].persons for code in "FM"] == [None, None]
    assert sex.gaps["alerted"] is None


def test_a_gap_beyond_the_bar_is_said(team):
    followed(team, 40)
    followed(team, 40, alerted=4, man=True)

    groups, sex = by_sex(team)

    assert (groups["F"].rates["false"].share, groups["M"].rates["false"].share) == (0.0, 10.0)
    assert sex.beyond("false")


def test_another_organisations_persons_and_alerts_are_not_counted(team):
    elsewhere = OrganisationFactory()
    for _place in range(LEAST):
        person = PersonFactory()
        LinkFactory(person=person, organisation=elsewhere, enrolment=None)
        AlertFactory(person=person, organisation=elsewhere)

    assert by_sex(team)[0] == {}


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.DPO, 200), (Role.CHEF_SERVICE, 200), (Role.CONSEILLER, 403), (Role.ADMINISTRATEUR, 403)],
)
def test_the_page_is_for_managers_and_the_dpo(client, sign_in, role, status):
    team = Team()
    followed(team, LEAST, alerted=6)
    page = sign_in(account(team.ml, "Dana Roux", "dana@exemple.fr", role)).get("/equite")

    assert page.status_code == status
    assert ("n = 30" in page.text) == (status == 200)
