"""The courses of the regional programme, line by line of their sheet."""

import pytest

from tests.journal import Journal, day


@pytest.fixture
def admitted():
    journal = Journal(visa="PRF_VISA_METIERS")
    journal.on("2025-05-13", "prescribed", "visa")
    journal.on("2025-06-02", "admitted", "visa", planned_start="2025-06-23", planned_end="2025-12-19")
    return journal


@pytest.fixture
def entered(admitted):
    admitted.on("2025-06-23", "entered", "visa", planned_end="2025-12-19")
    return admitted


def test_from_the_prescription_to_the_certificate(entered):
    entered.on("2025-12-19", "completed", "visa", outcome="CERTIFIE_TOTAL")

    assert entered.states("visa") == [
        "2025-05-13 prescribed", "2025-06-02 admitted", "2025-06-23 in_training", "2025-12-19 completed",
    ]
    assert entered.step("visa", "2026-06-01").outcome == "CERTIFIE_TOTAL"


def test_the_waiting_list_leads_to_an_admission_or_to_a_refusal():
    for event, state, more in (("admitted", "admitted", {}), ("not_selected", "not_selected", {"reason": "A"})):
        journal = Journal(visa="PRF_VISA_METIERS")
        journal.on("2025-05-13", "prescribed", "visa")
        journal.on("2025-05-20", "waitlisted", "visa")
        journal.on("2025-06-02", event, "visa", **more)

        assert journal.states("visa")[1:] == ["2025-05-20 waitlisted", f"2025-06-02 {state}"]


def test_a_start_put_off_keeps_the_admission_and_moves_the_dates(admitted):
    admitted.on("2025-06-18", "admitted", "visa", planned_start="2025-09-01", planned_end="2026-02-27")

    step = admitted.step("visa", "2025-06-18")
    assert (str(step.state), step.since, step.planned_start) == ("admitted", day("2025-06-02"), day("2025-09-01"))


def test_an_interruption_comes_back(entered):
    entered.on("2025-08-04", "paused", "visa", reason="A")
    entered.on("2025-09-01", "resumed", "visa", by="of")

    assert entered.states("visa")[3:] == ["2025-08-04 paused", "2025-09-01 in_training"]


@pytest.mark.parametrize(("event", "state"), [("dropped", "dropped_out"), ("excluded", "excluded"), ("completed", "completed")])
@pytest.mark.parametrize("paused", [False, True])
def test_an_exit_is_declared_from_the_course_or_from_an_interruption(entered, event, state, paused):
    if paused:
        entered.on("2025-08-04", "paused", "visa", reason="A")
    entered.on("2025-09-15", event, "visa")

    assert entered.states("visa")[-1] == f"2025-09-15 {state}"


def test_a_course_is_cancelled_before_it_is_entered_not_after(admitted):
    assert [admitted.refused("2025-06-10", "cancelled", "visa", by=who, reason="A") for who in ("of", "ml")] == [[], []]
    admitted.on("2025-06-23", "entered", "visa")
    assert admitted.refused("2025-06-24", "cancelled", "visa", reason="A") == ["not_from_this_state"]


def test_nobody_enters_before_the_first_day(admitted):
    assert admitted.refused("2025-06-22", "entered", "visa") == ["not_begun"]
    assert admitted.refused("2025-06-23", "entered", "visa") == []


def test_only_the_body_declares_entries_and_exits_and_a_prescriber_prescribes(entered):
    assert entered.refused("2025-07-01", "dropped", "visa", by="ml") == ["not_yours_to_declare"]
    for who, reasons in {"ft": [], "cap": [], "cd": [], "of": ["not_yours_to_declare"]}.items():
        assert Journal(visa="PRF_VISA_METIERS").refused("2025-05-13", "prescribed", "visa", by=who) == reasons


def test_the_referent_of_the_person_may_declare_an_interruption_another_mission_locale_may_not(entered):
    entered.steps["pacea"] = "PACEA"
    entered.on("2025-02-03", "engagement_signed", "pacea", by="ml2")

    for who, reasons in {"of": [], "ml2": [], "ml": ["not_yours_to_declare"]}.items():
        assert entered.refused("2025-08-04", "paused", "visa", by=who, reason="A") == reasons


def test_the_planned_end_passes_without_ending_the_course(entered):
    assert entered.state("visa", "2026-01-31") == "in_training"


def test_an_extension_moves_the_planned_end(entered):
    entered.on("2025-12-01", "extended", "visa", planned_end="2026-01-30")

    assert entered.step("visa", "2025-11-30").planned_end == day("2025-12-19")
    assert entered.step("visa", "2025-12-01").planned_end == day("2026-01-30")


def test_an_entry_announced_ahead_acts_on_its_day(admitted):
    admitted.on("2025-06-23", "entered", "visa", known="2025-06-16")

    assert admitted.state("visa", "2025-06-22") == "admitted"
    assert admitted.state("visa", "2025-06-23") == "in_training"


def test_an_exit_recorded_three_weeks_late_is_dated_on_its_own_day(entered):
    entered.on("2025-09-15", "dropped", "visa", known="2025-10-06")

    assert entered.state("visa", "2025-10-05") == "in_training"
    assert entered.state("visa", "2025-09-15", known_at="2025-10-06") == "dropped_out"


def test_an_entry_declared_after_the_exit_contradicts_it(entered):
    entered.on("2025-09-15", "dropped", "visa")
    entered.on("2025-09-22", "entered", "visa")

    assert entered.state("visa", "2025-09-22") == "dropped_out"
    (discordance,) = entered.pathway("2025-09-22").discordances
    assert [entry.type for entry in discordance.entries] == ["dropped", "entered"]


def test_whatever_was_skipped_an_entry_begins_the_course():
    for before in ([], ["prescribed"], ["prescribed", "waitlisted"]):
        journal = Journal(visa="PRF_VISA_METIERS")
        for event in before:
            journal.on("2025-05-13", event, "visa")
        journal.on("2025-06-23", "entered", "visa")

        assert journal.state("visa", "2025-06-23") == "in_training"


@pytest.mark.parametrize(
    ("scheme", "born", "when", "reasons"),
    [
        ("PRF_PREPA_REBOND", "2000-01-01", "2016-12-31", ["scheme_not_open"]),
        ("PRF_PREPA_REBOND", "2005-01-01", "2021-12-31", []),
        ("PRF_PREPA_REBOND", "2005-01-01", "2022-01-01", ["scheme_closed"]),
        ("PRF_PREPA_REBOND", "1993-06-02", "2019-06-01", []),
        ("PRF_PREPA_REBOND", "1993-06-02", "2019-06-02", ["age_above_26"]),
        ("PRF_VISA_METIERS", None, "2025-05-13", []),
    ],
)
def test_each_programme_has_its_public_and_its_years(scheme, born, when, reasons):
    journal = Journal(course=scheme, **({"born": born} if born else {}))

    assert journal.refused(when, "prescribed", "course") == reasons


def test_the_latest_recorded_code_of_a_half_day_wins(entered):
    entered.sheet("2025-07-07", "UU UU", "visa", known="2025-07-08")
    entered.sheet("2025-07-08", "J-", "visa", known="2025-07-10")

    assert entered.step("visa", "2025-07-09").half_days.codes == {day("2025-07-07"): "UU", day("2025-07-08"): "UU"}
    assert entered.step("visa", "2025-07-10").half_days.codes == {day("2025-07-07"): "UU", day("2025-07-08"): "JU"}
