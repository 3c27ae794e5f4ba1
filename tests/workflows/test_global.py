"""Accompagnement global, line by line of its sheet."""

import pytest

from pathways.workflows.deadlines import cap_of
from tests.journal import Journal, day


@pytest.fixture
def begun():
    journal = Journal(step="GLOBAL", aij="AIJ", csp="CSP", pacea="PACEA")
    journal.on("2025-02-03", "accompaniment_started", "step", partner="cd")
    return journal


def test_twelve_months_that_a_human_closes(begun):
    assert cap_of(begun.step("step", "2025-02-03"), begun.pathway("2025-02-03")) == day("2026-02-02")
    assert begun.state("step", "2026-06-30") == "active"
    assert begun.shown("cap_reached", "2026-03-31") == ["critical 2026-02-02 →"]


@pytest.mark.parametrize(("by", "reasons"), [("ft", []), ("cd", []), ("ml", ["not_yours_to_declare"])])
def test_france_travail_and_the_departement_lead_it(by, reasons):
    assert Journal(step="GLOBAL").refused("2025-02-03", "accompaniment_started", "step", by=by) == reasons


@pytest.mark.parametrize("condition", ["social_obstacles", "volunteer"])
def test_it_is_for_volunteers_with_social_and_professional_obstacles(condition):
    journal = Journal(step="GLOBAL")
    journal.on("2025-01-06", "condition_stated", condition=condition, holds=False)

    assert journal.refused("2025-02-03", "accompaniment_started", "step") == ["condition_not_met"]


def test_it_is_held_beside_a_pacea_but_neither_an_aij_nor_a_csp(begun):
    assert begun.refused("2025-03-03", "engagement_signed", "pacea", legal_representative_signed=True) == []
    assert "not_concurrent" in begun.refused("2025-03-03", "accompaniment_started", "aij")
    assert "not_concurrent" in begun.refused("2025-03-03", "csp_proposed", "csp")


def test_it_leads_before_a_pacea(begun):
    begun.on("2025-03-03", "engagement_signed", "pacea")

    assert begun.pathway("2025-03-03").lead_accompaniment.key == "step"


def test_it_dates_from_april_2014():
    assert Journal(step="GLOBAL").refused("2014-03-31", "accompaniment_started", "step") == ["scheme_not_open"]
    assert Journal(step="GLOBAL").refused("2014-04-01", "accompaniment_started", "step") == []
