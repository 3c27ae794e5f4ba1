"""CEP, line by line of its sheet."""

import pytest

from tests.journal import Journal


def test_from_the_request_to_the_summary():
    journal = Journal(cep="CEP")
    journal.on("2025-01-06", "requested", "cep")
    journal.on("2025-01-13", "welcomed", "cep")
    journal.on("2025-01-20", "supported", "cep")
    journal.on("2025-03-03", "synthesis_given", "cep", project="formation")
    journal.on("2025-03-10", "closed", "cep", outcome="ARRIVE_A_TERME")

    assert journal.states("cep") == [
        "2025-01-06 requested", "2025-01-13 welcomed", "2025-01-20 supported", "2025-03-03 synthesis_given", "2025-03-10 closed",
    ]


def test_a_welcome_may_be_all_there_is():
    journal = Journal(cep="CEP")
    journal.on("2025-01-13", "welcomed", "cep")
    journal.on("2025-01-13", "closed", "cep", outcome="ARRIVE_A_TERME")

    assert journal.state("cep", "2025-01-13") == "closed"


def test_the_support_may_go_on_after_a_summary():
    journal = Journal(cep="CEP")
    journal.on("2025-01-20", "welcomed", "cep")
    journal.on("2025-03-03", "synthesis_given", "cep")
    journal.on("2025-04-07", "supported", "cep")

    assert journal.state("cep", "2025-04-07") == "supported"


def test_any_active_person_may_ask_whatever_runs_beside():
    journal = Journal(cep="CEP", job="EMPLOI", born="1970-01-01")
    journal.on("2024-09-02", "work_contract_started", "job")

    assert journal.refused("2025-01-06", "requested", "cep") == []


@pytest.mark.parametrize(("by", "reasons"), [("ft", []), ("ml", []), ("cap", []), ("of", ["not_yours_to_declare"])])
def test_only_its_operators_run_it(by, reasons):
    assert Journal(cep="CEP").refused("2025-01-06", "requested", "cep", by=by) == reasons


@pytest.mark.parametrize(("when", "reasons"), [("2014-12-31", ["scheme_not_open"]), ("2015-01-01", []), ("2020-01-01", [])])
def test_it_exists_since_2015(when, reasons):
    assert Journal(cep="CEP").refused(when, "requested", "cep") == reasons


def test_it_never_leads():
    journal = Journal(cep="CEP", ce="CE_FT")
    journal.on("2025-01-06", "requested", "cep")
    journal.on("2025-02-03", "engagement_signed", "ce")

    assert journal.pathway("2025-02-03").lead_accompaniment.key == "ce"
