"""PPAE and contrat d'engagement, line by line of their sheet."""

import pytest

from pathways.workflows.deadlines import cap_of
from pathways.workflows.schemes import SCHEMES
from tests.journal import Journal


@pytest.mark.parametrize(
    ("scheme", "when", "reasons"),
    [
        ("PPAE", "2008-08-02", ["scheme_not_open"]),
        ("PPAE", "2008-08-03", []),
        ("PPAE", "2024-12-31", []),
        ("PPAE", "2025-01-01", ["scheme_closed"]),
        ("CE_FT", "2024-12-31", ["scheme_not_open"]),
        ("CE_FT", "2025-01-01", []),
    ],
)
def test_one_replaces_the_other_on_the_first_of_january_2025(scheme, when, reasons):
    assert Journal(step=scheme).refused(when, "engagement_signed", "step") == reasons


def test_the_contrat_d_engagement_is_proposed_instead_of_a_ppae():
    (reason,) = Journal(step="PPAE").reasons("2025-01-01", "engagement_signed", "step")

    assert reason.values["propose"] == "CE_FT"


def test_a_ppae_begun_before_goes_on():
    journal = Journal(step="PPAE")
    journal.on("2024-11-04", "engagement_signed", "step")

    assert journal.state("step", "2026-06-30") == "active"


def test_from_the_orientation_to_the_signature():
    journal = Journal(step="CE_FT")
    journal.on("2025-02-03", "orientation_notified", "step")
    journal.on("2025-02-10", "assessment", "step")
    journal.on("2025-02-20", "engagement_signed", "step", modality="socio_pro")
    journal.on("2025-09-01", "closed", "step", outcome="EMPLOI_CDI")

    assert journal.states("step") == [
        "2025-02-03 oriented", "2025-02-10 assessing", "2025-02-20 active", "2025-09-01 closed",
    ]


def test_it_has_no_longest_duration():
    journal = Journal(step="CE_FT")
    journal.on("2025-02-20", "engagement_signed", "step")

    assert cap_of(journal.step("step", "2025-02-20"), journal.pathway("2025-02-20")) is None


@pytest.mark.parametrize("by", ["ft", "ml", "cap", "cd"])
def test_each_of_the_referent_bodies_may_run_it(by):
    assert Journal(step="CE_FT").refused("2025-02-20", "engagement_signed", "step", by=by) == []


def test_somebody_struck_off_does_not_sign():
    journal = Journal(step="CE_FT")
    journal.on("2025-02-03", "ft_deregistered", reason="RADIATION")

    assert journal.refused("2025-02-20", "engagement_signed", "step") == ["not_registered"]


def test_its_page_says_the_delays_with_their_articles():
    duties = " ".join(SCHEMES["CE_FT"].versions[0].duties)

    assert all(article in duties for article in ("D5411-14-1", "R5411-15-1", "R5411-8", "L5411-6", "R5412-7"))
