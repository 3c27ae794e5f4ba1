"""Immersions, line by line of their sheet."""

import pytest

from tests.journal import Journal

ASKED = {"start": "2025-06-09", "end": "2025-06-20", "host": "Fournil", "object": "initier_recrutement"}


def agreed(*agreements):
    journal = Journal(one="PMSMP", two="PMSMP", new="PMSMP")
    for step, start, end, about in agreements:
        journal.on(start, "immersion_agreed", step, start=start, end=end, host="Fournil", object=about)
    return journal


def refused(journal, when="2025-06-02", **more):
    return journal.refused(when, "immersion_agreed", "new", **{**ASKED, **more})


def test_from_a_draft_to_the_report():
    journal = Journal(imm="PMSMP")
    journal.on("2025-03-03", "draft", "imm", start="2025-03-10", end="2025-03-21")
    journal.on("2025-03-05", "immersion_agreed", "imm", start="2025-03-10", end="2025-03-21")
    journal.on("2025-03-10", "immersion_started", "imm")
    journal.on("2025-03-21", "immersion_ended", "imm")
    journal.on("2025-03-25", "immersion_report", "imm")

    assert journal.states("imm") == [
        "2025-03-03 draft", "2025-03-05 agreed", "2025-03-10 in_immersion", "2025-03-21 report_expected", "2025-03-25 reported",
    ]


@pytest.mark.parametrize("stage", ["draft", "immersion_agreed"])
def test_what_has_not_begun_is_cancelled(stage):
    journal = Journal(imm="PMSMP")
    journal.on("2025-03-03", stage, "imm", start="2025-03-10", end="2025-03-21")
    journal.on("2025-03-06", "cancelled", "imm", reason="A")

    assert journal.states("imm")[-1] == "2025-03-06 cancelled"


def test_what_has_begun_is_broken_and_reported_all_the_same():
    journal = agreed(("one", "2025-03-10", "2025-03-21", None))
    journal.on("2025-03-10", "immersion_started", "one")
    journal.on("2025-03-13", "immersion_broken", "one", reason="A")

    assert journal.states("one")[-1] == "2025-03-13 broken"
    assert journal.refused("2025-03-20", "immersion_report", "one") == []


def test_an_agreement_lasts_a_month_date_to_date():
    assert refused(agreed(), start="2025-06-09", end="2025-07-08") == []
    (reason,) = agreed().reasons("2025-06-02", "immersion_agreed", "new", **{**ASKED, "end": "2025-07-09"})
    assert (reason.code, f"{reason.values['limit']}") == ("too_long", "2025-07-08")
    assert "D5135" in reason.values["source"]


def test_a_third_agreement_with_one_host_in_twelve_months_is_too_many():
    journal = agreed(
        ("one", "2024-06-10", "2024-06-21", "decouvrir_metier"), ("two", "2024-11-04", "2024-11-15", "confirmer_projet")
    )

    assert refused(journal) == refused(journal, host=" fournil") == ["too_many_agreements"]
    assert refused(journal, host="Garage") == []
    assert refused(journal, start="2025-06-10", end="2025-06-20") == [], "twelve months after the first"


def test_the_reason_says_how_many_and_from_when_it_is_possible_again():
    journal = agreed(
        ("one", "2024-06-10", "2024-06-21", "decouvrir_metier"), ("two", "2024-11-04", "2024-11-15", "confirmer_projet")
    )
    (reason,) = journal.reasons("2025-06-02", "immersion_agreed", "new", **ASKED)

    assert (reason.values["count"], reason.values["total"], f"{reason.values['from']}") == (3, 36, "2025-06-10")


def test_a_second_agreement_has_another_object():
    journal = agreed(("one", "2025-02-03", "2025-02-14", "initier_recrutement"))

    assert refused(journal) == ["too_many_agreements"]
    assert refused(journal, object="confirmer_projet") == []
    assert refused(journal, object=None) == []


def test_an_agreement_is_renewed_once_for_the_same_object():
    once = agreed(("one", "2025-05-19", "2025-05-30", "initier_recrutement"))
    twice = agreed(
        ("one", "2025-05-05", "2025-05-16", "initier_recrutement"), ("two", "2025-05-19", "2025-05-30", "initier_recrutement")
    )

    assert refused(once) == []
    assert refused(twice) == ["too_many_agreements"]


def test_a_renewed_agreement_leaves_room_for_another_object():
    journal = agreed(
        ("one", "2025-04-07", "2025-04-18", "decouvrir_metier"), ("two", "2025-04-22", "2025-05-02", "decouvrir_metier")
    )

    assert refused(journal) == []


def test_sixty_days_with_one_host_in_twelve_months():
    journal = agreed(("one", "2025-02-03", "2025-03-02", "decouvrir_metier"))  # 28 days

    assert refused(journal, start="2025-07-01", end="2025-07-31") == []
    longer = agreed(
        ("one", "2025-02-03", "2025-03-02", "decouvrir_metier"), ("two", "2025-03-03", "2025-03-05", "decouvrir_metier")
    )
    assert refused(longer, start="2025-07-01", end="2025-07-30") == ["too_many_agreements"]


def test_a_cancelled_agreement_does_not_count():
    journal = agreed(("one", "2025-02-03", "2025-02-14", "initier_recrutement"))
    journal.on("2025-02-03", "cancelled", "one", reason="A")

    assert refused(journal) == []


def test_the_same_agreement_told_twice_is_one():
    journal = agreed(("one", "2025-06-09", "2025-06-20", "initier_recrutement"))

    assert refused(journal, when="2025-06-09") == []


def test_every_reason_is_told_at_once():
    journal = agreed(("one", "2025-02-03", "2025-02-14", "initier_recrutement"))

    assert refused(journal, end="2025-07-31") == ["too_long", "too_many_agreements"]


def test_immersions_exist_since_the_decree_of_2014():
    asked = {"start": "2014-11-14", "end": "2014-11-15"}

    assert Journal(new="PMSMP").refused("2014-11-14", "immersion_agreed", "new", **asked) == ["scheme_not_open"]
    assert Journal(new="PMSMP").refused("2014-11-16", "immersion_agreed", "new", start="2014-11-17", end="2014-11-21") == []
