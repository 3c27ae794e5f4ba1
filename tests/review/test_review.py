"""The review of alerts: what its numbers count, the lists they open, the file that says the same, ruptures seen coming."""

from __future__ import annotations

import csv
import html
import io
import re

import pytest

from pathways import clock
from pathways.models import Alert, Role, RuleReview
from pathways.queries.review import ReviewFilters, review
from pathways.queries.reviewed import reviewed_alerts
from pathways.queries.ruptures import ruptures
from pathways.sharing.territories import communes_in, names_on
from pathways.sharing.visibility import Reader
from tests.factories import (
    AlertFactory,
    EnrolmentFactory,
    JournalEntryFactory,
    LinkFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    days_ago,
)
from tests.scene import account
from tests.views.conftest import submit


class Team:
    """A mission locale on Monday 2 March 2026, its head and a counsellor."""

    def __init__(self):
        self.ml = OrganisationFactory()
        self.counsellor = MembershipFactory(organisation=self.ml)

    @property
    def reader(self):
        return Reader(self.ml.id, clock.today(), self.counsellor.user_id)

    def person(self, **more):
        person = PersonFactory(**more)
        LinkFactory(person=person, organisation=self.ml, user_id=self.counsellor.user_id, enrolment=None)
        return person

    def alert(self, person=None, **more):
        known = {"owner_id": self.counsellor.user_id, "rule": "contact_silence", "opened_on": days_ago(30), **more}
        return AlertFactory(person=person or self.person(), organisation=self.ml, **known)

    @property
    def filters(self):
        return ReviewFilters(days_ago(90), clock.today())


@pytest.fixture
def team(session, frozen_clock):
    return Team()


@pytest.fixture
def told(team):
    """One alert at each stage."""
    day = days_ago(30)
    dismissed = {"state": "dismissed", "outcome": "not_relevant", "closed_on": days_ago(20)}
    resolved = {"state": "resolved", "outcome": "appointment_made", "closed_on": days_ago(20)}
    team.alert(shown_on=day)
    team.alert(shown_on=day, state="acknowledged", acknowledged_on=days_ago(28))
    team.alert(shown_on=day, acknowledged_on=days_ago(27), acted_on=days_ago(26), **resolved)
    team.alert(shown_on=day, acknowledged_on=days_ago(27), **dismissed)
    team.alert(shown_on=day, state="expired", outcome="no_longer_holds", closed_on=days_ago(5))
    team.alert(shown_on=day, state="paused", acknowledged_on=days_ago(27), paused_until=days_ago(-3))
    team.alert(shown_on=None, state="proposed", held_for="budget")
    team.alert(shown_on=None, state="proposed", held_for="review")
    return team


def test_the_funnel_counts_each_stage_and_each_number_opens_as_many(told):
    page = review(told.reader, told.filters)

    assert page.funnel == {
        "computed": 7, "shown": 6, "acknowledged": 4, "acted": 1, "resolved": 1, "dismissed": 1, "expired": 1, "open": 2,
        "paused": 1, "held": 1,
    }  # fmt: skip
    for stage, number in page.funnel.items():
        filters = ReviewFilters(told.filters.first, told.filters.last, stage=stage)
        rows, total, _before, _after = reviewed_alerts(told.reader, filters)
        assert (len(rows), total) == (number, number)


def test_times_are_in_working_days_from_the_day_it_was_shown(team):
    """Shown on Friday 30 January 2026, acknowledged on Monday: one working day."""
    friday = days_ago(31)
    for after in (28, 27, 24):
        team.alert(opened_on=friday, shown_on=friday, state="acknowledged", acknowledged_on=days_ago(after))

    (times,) = review(team.reader, team.filters).times

    assert (times.n, times.acknowledged[0], times.acted) == (3, 2.0, None)


def test_a_share_is_given_from_ten_closings(team):
    ended = {"state": "dismissed", "outcome": "not_relevant", "closed_on": days_ago(1), "shown_on": days_ago(30)}
    for _alert in range(9):
        team.alert(**ended)
    (rule,) = review(team.reader, team.filters).rules
    assert rule.override is None

    team.alert(**ended | {"state": "resolved", "outcome": "appointment_made"})
    (rule,) = review(team.reader, team.filters).rules
    assert (rule.override, rule.irrelevant, rule.justified) == (90, 9, 1)


def test_the_load_tells_what_is_due_next_week_if_nobody_acts(told):
    (load,) = review(told.reader, told.filters).load

    assert (load.persons, load.open, load.next_week) == (8, 2, 1)


def rupture(team, *, spoken, declared, shown=None):
    person = team.person()
    step = EnrolmentFactory(
        person=person, lead=team.ml, scheme="PRF_VISA_METIERS", state="dropped_out", opened_on=days_ago(80),
        closed_on=days_ago(declared), outcome="ABANDON_FORMATION",
    )  # fmt: skip
    if spoken is not None:
        JournalEntryFactory(
            person=person, organisation=team.ml, type="contact", occurred_on=days_ago(spoken), payload={"channel": "phone"}
        )
    if shown is not None:
        team.alert(person, opened_on=days_ago(shown), shown_on=days_ago(shown))
    return step


def test_a_rupture_is_caught_by_an_alert_before_its_effective_day_only(team):
    rupture(team, spoken=20, declared=5, shown=40)
    rupture(team, spoken=20, declared=5, shown=10)
    rupture(team, spoken=20, declared=5)

    found = ruptures(team.reader, days_ago(30), clock.today())

    assert (len(found.caught), len(found.missed), found.useful) == (1, 2, 1)
    assert (found.caught[0].lead, found.caught[0].formal_lead) == (20, 35)


def test_who_never_came_is_counted_apart(team):
    step = rupture(team, spoken=None, declared=5)
    step.outcome = None

    found = ruptures(team.reader, days_ago(30), clock.today())

    assert (found.total, len(found.never_came)) == (0, 1)


# --- pages -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def head(client, sign_in):
    team = Team()
    return team, sign_in(account(team.ml, "Hélène Roux", "helene@exemple.fr", Role.RESPONSABLE_STRUCTURE))


def cells(page):
    found = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", page, re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in found]


@pytest.mark.parametrize("name", ["entonnoir", "delais", "ruptures", "regles", "anciennete", "charge"])
def test_the_file_says_what_the_screen_says(head, name):
    team, client = head
    team.alert(shown_on=days_ago(30))
    page = client.get("/equipe/revue").text

    rows = list(csv.reader(io.StringIO(client.get(f"/equipe/revue?fichier={name}").text.removeprefix("\ufeff")), delimiter=";"))

    shown = cells(page)
    assert len(rows) > 1
    for row in rows[1:]:
        assert any(shown[at : at + len(row)] == row for at in range(len(shown)))


def test_a_territory_is_where_the_person_lives(team, session):
    here, elsewhere = (team.alert(team.person(commune=commune), shown_on=days_ago(30)) for commune in ("44109", "72181"))
    territory = next(each.code for each in names_on(clock.today()) if "44109" in communes_in(each.code, clock.today()))
    filters = ReviewFilters(days_ago(90), clock.today(), territory=territory)

    rows, total, _before, _after = reviewed_alerts(team.reader, filters)

    assert (total, [row.alert for row in rows]) == (1, [here.public_id])
    assert elsewhere.public_id != here.public_id


def test_a_quiet_period_says_so_and_a_filter_that_is_none_is_ignored(head):
    _team, client = head

    assert "Aucune alerte ne s’est ouverte" in client.get("/equipe/revue?du=2020-01-01&au=2020-02-01").text
    assert client.get("/equipe/revue?du=hier&responsable=moi&regle=x&organisme=1&etape=x").status_code == 200
    assert client.get("/equipe/revue?fichier=autre").status_code == 404


def test_fifty_alerts_cost_as_many_queries_as_one(head, counting):
    team, client = head
    team.alert(shown_on=days_ago(30))
    client.get("/equipe/revue")
    with counting() as one:
        client.get("/equipe/revue")
    for _alert in range(50):
        team.alert(shown_on=days_ago(30))
    with counting() as many:
        client.get("/equipe/revue")

    assert len(many) == len(one)


def test_a_rule_under_review_is_decided_with_a_reason_and_its_alerts_wait_their_turn(head, session):
    team, client = head
    review = RuleReview(organisation_id=team.ml.id, rule="contact_silence", alerts=50, irrelevant=40)
    session.add(review)
    session.flush()
    waiting = team.alert(shown_on=None, state="proposed", held_for="rule_review")
    address = f"/equipe/revue/regles/{review.public_id}"
    assert "en revue" in client.get("/equipe/revue").text

    assert submit(client, address, decision="kept", reason=" ").status_code == 422
    assert submit(client, address, decision="kept", reason="Le seuil est bon.").status_code == 303

    session.expire_all()
    assert (session.get(RuleReview, review.id).decision, session.get(Alert, waiting.id).held_for) == ("kept", "budget")
    assert client.get(address).status_code == 404
