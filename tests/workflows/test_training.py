"""The schemes of training: who may enter them when, and the files that come before."""

from datetime import date

import pytest

from pathways.operations.eligible import invented
from pathways.workflows.deadlines import cap_of
from pathways.workflows.eligibility import Answer, eligibility
from pathways.workflows.fold import pathway
from pathways.workflows.schemes import SCHEMES
from tests.journal import Journal


def answer(scheme, on, born="1991-07-07", details=None, level=None, **conditions):
    identity = {"born": date.fromisoformat(born)} | ({"level": level} if level else {})
    when = date.fromisoformat(on)
    return eligibility(SCHEMES[scheme], pathway(invented(identity, conditions, when), when, when), when, details)


def codes(found):
    return [reason.code for reason in found.against]


READY = {"job_seeker": True, "offer_filed": True, "employer_commitment": True}


@pytest.mark.parametrize(("on", "months", "expected"), [
    ("2024-05-15", 6, ["contract_too_short"]), ("2024-06-20", 12, []), ("2024-06-21", 6, []),
    ("2024-09-09", 5, ["contract_too_short"]),
])
def test_the_contract_promised_after_a_poei_is_that_of_the_rules_of_the_day(on, months, expected):
    assert codes(answer("POEI", on, details={"after_contract": {"kind": "cdd", "months": months}}, **READY)) == expected


def test_a_course_before_a_job_lasts_400_hours_at_most():
    assert codes(answer("POEC", "2024-09-09", details={"hours": 401}, job_seeker=True)) == ["hours_too_many"]
    assert codes(answer("POEC", "2024-09-09", details={"hours": 400}, job_seeker=True)) == []


def test_the_afpr_ended_in_june_2024_and_the_poei_takes_its_place():
    closed = answer("AFPR", "2024-07-01", **READY)

    assert answer("AFPR", "2024-06-30", **READY).answer is Answer.YES
    assert codes(closed) == ["scheme_closed"]
    assert closed.against[0].values["propose"] == "POEI"


def test_an_aif_is_for_somebody_registered_or_in_a_csp_whose_project_is_validated():
    assert answer("AIF", "2025-03-03", project_validated=True, no_collective_place=True).answer is Answer.UNKNOWN
    assert answer("AIF", "2025-03-03", job_seeker=True, project_validated=True, no_collective_place=True).answer is Answer.YES
    assert codes(answer("AIF", "2025-03-03", job_seeker=True, project_validated=False)) == ["condition_not_met"]


def test_the_file_of_an_aif_goes_from_the_quote_to_the_course():
    journal = Journal(born="1991-07-07", aif="AIF")
    for day, event in (("2025-03-03", "quote_requested"), ("2025-03-05", "quote_submitted"), ("2025-03-10", "accepted_by_person"),
                       ("2025-03-12", "funded"), ("2025-04-01", "entered"), ("2025-06-27", "completed")):
        journal.on(day, event, "aif")

    assert [move.split()[1] for move in journal.states("aif")] == [
        "quote_requested", "quote_submitted", "accepted_by_person", "funded", "in_training", "completed",
    ]


def test_a_refused_quote_ends_the_file():
    journal = Journal(born="1991-07-07", aif="AIF")
    journal.on("2025-03-05", "quote_submitted", "aif")
    journal.on("2025-03-14", "refused", "aif")

    assert journal.state("aif", "2025-03-14") == "refused"
    assert journal.step("aif", "2025-03-14").is_final


@pytest.mark.parametrize(("scheme", "level", "expected"), [
    ("PRF_PREPA_AVENIR_SUP", "4", Answer.NO), ("PRF_PREPA_AVENIR_SUP", "5", Answer.YES),
    ("PRF_PREPA_CLES_AVENIR", "5", Answer.NO), ("PRF_PREPA_CLES_AVENIR", "infra3", Answer.YES),
    ("PRF_PREPA_CLES_AVENIR", None, Answer.UNKNOWN), ("PRF_VISA_METIERS", "7", Answer.YES),
])
def test_the_public_of_the_regional_courses_is_read_from_their_table(scheme, level, expected):
    assert answer(scheme, "2026-03-02", level=level).answer is expected


def test_a_merged_course_names_what_it_was_merged_into():
    assert answer("PRF_PREPA_REBOND", "2022-01-03", born="2004-01-01").against[0].values["propose"] == "PRF_PREPA_CLES_AVENIR"


@pytest.mark.parametrize(("scheme", "born", "expected"), [
    ("E2C", "2009-06-01", []), ("E2C", "2000-01-01", ["age_above_26"]), ("EPIDE", "2009-06-01", ["age_below_17"]),
    ("PROMO_16_18", "2007-01-01", ["age_above_18"]), ("ECOLE_PRODUCTION", "2011-01-01", []),
])
def test_each_school_has_its_ages(scheme, born, expected):
    assert codes(answer(scheme, "2026-03-02", born=born)) == expected


def test_a_clea_is_assessed_then_taught():
    journal = Journal(born="1985-02-25", clea="CLEA")
    journal.on("2025-01-06", "preliminary_assessment", "clea", result="partiel")
    journal.on("2025-01-20", "prescribed", "clea")
    journal.on("2025-02-03", "entered", "clea")

    assert [move.split()[1] for move in journal.states("clea")] == ["assessing", "prescribed", "in_training"]


def test_every_small_scheme_of_the_offer_is_in_the_catalogue():
    assert set(SCHEMES) >= {
        "AFC", "POEC", "AIF", "E2C", "EPIDE", "LYCEE_NOUVELLE_CHANCE", "MICRO_LYCEE", "MLDS", "ECOLE_PRODUCTION", "SMV",
        "DEFENSE_2E_CHANCE", "PROMO_16_18", "CPF", "PTP", "DETENTION_FORMATION", "PRF_PREPA_CLES_AVENIR_FLE",
    }


def in_a_school(scheme, begun="2025-03-31", **more):
    journal = Journal(step=scheme, born="2006-06-01")
    journal.on(begun, "trial", "step", planned_end="2025-11-28", **more)
    return journal


def cap(journal, when):
    return str(cap_of(journal.step("step", when), journal.pathway(when)))


@pytest.mark.parametrize(("scheme", "ordinary", "longest"), [
    ("E2C", "2026-09-29", "2027-03-30"), ("EPIDE", "2027-03-30", "2027-03-30"),
])
def test_a_second_chance_school_prolongs_its_course_within_24_months(scheme, ordinary, longest):
    journal = in_a_school(scheme)
    assert cap(journal, "2025-11-03") == ordinary

    kind = scheme.lower()
    assert journal.refused("2025-11-03", "prolongation_granted", "step", by=kind, cap_months=24) == []
    assert journal.refused("2025-11-03", "prolongation_granted", "step", by=kind, cap_months=25) == ["too_long"]
    assert journal.refused("2025-11-03", "prolongation_granted", "step", by=kind, planned_end="2027-03-31") == ["too_long"]
    assert journal.refused("2025-11-03", "prolongation_granted", "step", by="of", cap_months=24) == ["not_yours_to_declare"]
    journal.on("2025-11-03", "prolongation_granted", "step", by=kind, cap_months=24, planned_end="2026-05-29")
    assert cap(journal, "2025-11-03") == longest
    assert str(journal.step("step", "2025-11-03").planned_end) == "2026-05-29"


def test_months_granted_one_after_the_other_end_on_the_day_they_would_together():
    """Eighteen months from 31 March end on 29 September; six more, counted from the first day, on 30 March."""
    journal = in_a_school("E2C")
    for _ in range(2):
        journal.on("2026-06-01", "prolongation_granted", "step", by="e2c", months=3)

    assert cap(journal, "2026-06-01") == "2027-03-30"
