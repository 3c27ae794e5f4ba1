"""Adding a scheme touches its page, its tests and the catalogue alone: the document's own example is added, and used."""

from __future__ import annotations

import re
from datetime import date

import pytest

from pathways.detection.choices import schemes_of
from pathways.detection.rule import rules_about, rules_about_the_person, rules_after
from pathways.detection.settings import BY_SCHEME, Settings
from pathways.operations.eligible import answers, invented
from pathways.queries.reference import workflows_page
from pathways.sharing import naming
from pathways.sharing.acts import purpose
from pathways.workflows import schemes
from pathways.workflows.eligibility import Answer
from tests.house_rules.source import ROOT
from tests.journal import Journal

DOCUMENT = ROOT / "docs" / "add-a-scheme.md"
CODE = "CAP_LITTORAL"
LONGEST_PAGE = 150


def example() -> str:
    """The page of the document."""
    return re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), flags=re.DOTALL)[0]


@pytest.fixture(autouse=True)
def added(monkeypatch):
    """The catalogue with the example in it."""
    page: dict[str, object] = {}
    exec(compile(example(), "cap_littoral.py", "exec"), page)  # noqa: S102 -- our own document
    monkeypatch.setitem(schemes.SCHEMES, CODE, page[CODE])
    for name, value in page[CODE].thresholds.items():
        monkeypatch.setitem(BY_SCHEME, (name, CODE), value)
    rules_about.cache_clear()
    rules_after.cache_clear()
    rules_about_the_person.cache_clear()
    yield
    rules_about.cache_clear()
    rules_after.cache_clear()


@pytest.fixture
def story():
    journal = Journal(born="2008-05-14", cap=CODE)
    journal.on("2026-09-14", "prescribed", "cap", planned_start="2026-10-05", planned_end="2027-03-31")
    journal.on("2026-09-21", "admitted", "cap", planned_start="2026-10-05", planned_end="2027-03-31")
    journal.on("2026-10-05", "entered", "cap", planned_end="2027-03-31")
    return journal


def test_it_lives_from_its_prescription_to_the_day_after_its_cap(story):
    assert story.states("cap") == [
        "2026-09-14 prescribed", "2026-09-21 admitted", "2026-10-05 in_training", "2027-04-05 completed",
    ]
    assert story.step("cap", "2027-04-05").outcome == "ARRIVE_A_TERME"


def test_the_signals_of_its_family_speak_of_it_with_its_own_thresholds(story):
    story.sheet("2026-10-12", "PPPPUUPPPP", "cap")

    assert story.shown("unjustified_absence", "2026-10-20") == ["watch 2026-10-16 →"], "one day is enough here"
    assert story.shown("exit_without_plan", "2027-03-15") == ["watch 2027-03-01 →"]
    assert story.shown("cap_approaching", "2027-04-01", "cap") == ["watch 2027-02-03 →", "alert 2027-03-05 →"]


def test_who_may_enter_and_prolong_is_checked_with_its_source():
    too_old = Journal(born="1999-01-01", cap=CODE)
    early = Journal(born="2008-05-14", cap=CODE)

    (reason,) = too_old.reasons("2026-09-14", "prescribed", "cap")
    assert reason.code == "age_above_26"
    assert reason.values["source"] == "Délibération régionale du 15 juin 2026, article 3"
    assert early.refused("2026-08-31", "prescribed", "cap") == ["scheme_not_open"]


def test_it_is_held_together_as_the_schemes_it_resembles(story):
    story.steps["poei"] = "POEI"

    assert "not_concurrent" in story.refused("2026-11-02", "prescribed", "poei")


def test_it_answers_who_is_eligible():
    on = date(2026, 9, 14)
    found = answers(invented({"born": date(2008, 5, 14), "level": "infra3"}, {"volunteer": True}, on), on)
    (mine,) = [each for each in found.found if each.scheme.code == CODE]

    assert mine.answer is Answer.YES


def test_it_has_its_words_its_place_in_the_documents_and_its_thresholds():
    assert naming.scheme(CODE) == "Cap Littoral"
    assert purpose(CODE).startswith("Six mois en mer")
    assert "Cap Littoral" in workflows_page()
    assert CODE in schemes_of("unjustified_absence.days")
    assert Settings().values(CODE, None, date(2026, 10, 1), date(2026, 10, 1))["unjustified_absence.days"] == 1


def test_most_pages_fit_on_a_screen_or_two():
    pages = sorted((ROOT / "pathways" / "workflows" / "schemes").glob("*.py"))
    long = [page.name for page in pages if len(page.read_text(encoding="utf-8").splitlines()) > LONGEST_PAGE]

    assert len(long) <= len(pages) // 10, long
