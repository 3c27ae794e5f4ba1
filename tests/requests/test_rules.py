"""The catalogue: who asks whom, within how many days, and what may be replied."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pathways.sharing.requests import reply_said
from pathways.workflows.actors import CFA, FT, ML, OF, Kind
from pathways.workflows.events import EVENTS
from pathways.workflows.requests import QUESTIONS, REPLIES, When, due_on, is_right_day, questions_between
from tests.databases import ROOT


def test_each_pair_of_organisations_has_its_questions():
    asked = {pair: {each.code for each in questions_between(*pair)} for pair in ((ML, OF), (OF, ML), (ML, FT), (Kind.REGION, ML))}

    assert asked[ML, OF] == {"call", "present", "place", "entry_day", "contract_end"}
    assert asked[OF, ML] == {"call", "meet", "still_followed"}
    assert asked[ML, FT] == {"call", "meet", "still_followed", "registration"}
    assert asked[Kind.REGION, ML] == set()
    assert "contract_end" in {each.code for each in questions_between(ML, CFA)}


def test_a_deadline_counts_working_days_and_leaves_bank_holidays_out():
    friday_before_easter_monday = date(2026, 4, 3)

    assert due_on(friday_before_easter_monday, 1) == date(2026, 4, 7)
    assert due_on(date(2026, 11, 23), 5) == date(2026, 11, 30)


@pytest.mark.parametrize("code", REPLIES)
def test_every_reply_reads_as_a_sentence_and_names_events_that_exist(code):
    reply = REPLIES[code]
    said = reply_said(code, date(2026, 3, 12))

    assert ("12\u00a0mars\u00a02026" in said) == (reply.when is not None)
    assert "{" not in said
    for fact in reply.facts:
        fields = EVENTS[fact.event].fields
        assert not fact.day_as or fields[fact.day_as].kind == "date"
        assert all(value in fields[name].choices for name, value in fact.data.items())


def test_the_page_on_requests_says_what_the_catalogue_does():
    page = (ROOT / "docs/requests.md").read_text()

    for each in QUESTIONS.values():
        row = next(line for line in page.splitlines() if f"`{each.code}`" in line)
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert (cells[0], cells[4], len(cells[5].split(" · "))) == (each.label, str(each.due_in), len(each.replies))


def test_the_same_reply_means_the_same_everywhere():
    for question in QUESTIONS.values():
        assert all(REPLIES[each.code] is each for each in question.replies)


@pytest.mark.parametrize(
    ("code", "ago", "right"),
    [("meeting", 0, True), ("meeting", 1, False), ("gone", 0, True), ("gone", -1, False), ("gone", 4000, False)],
)
def test_a_day_lies_on_the_side_of_today_that_the_reply_speaks_of(code, ago, right):
    today = date(2026, 11, 23)

    assert REPLIES[code].when in When
    assert is_right_day(REPLIES[code], today - timedelta(days=ago), today) is right
