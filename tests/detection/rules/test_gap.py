"""Signals of gaps, day by day: an end in sight, and nobody anywhere since."""

import pytest

from tests.journal import Journal

UNTIL = "2025-12-31"


def course(start="2025-01-06", end="2025-03-31", **more):
    journal = Journal(visa="PRF_VISA_METIERS", job="EMPLOI", next="PRF_ACCES_EMPLOI", imm="PMSMP", **more)
    journal.on(start, "entered", "visa", planned_end=end)
    return journal


def done(**more):
    """A course completed on 31 March 2025."""
    journal = course(**more)
    journal.on("2025-03-31", "completed", "visa")
    return journal


# the end in sight


def test_an_end_without_next_step_shows_from_30_days_before_to_the_eve():
    journal = course()

    assert journal.shown("exit_without_plan", UNTIL) == ["watch 2025-03-01 → 2025-03-31"]


@pytest.mark.parametrize(("start", "shown"), [("2025-01-31", ["watch 2025-03-01 → 2025-03-31"]), ("2025-02-01", [])])
def test_only_a_step_planned_for_at_least_60_days(start, shown):
    assert course(start).shown("exit_without_plan", UNTIL) == shown


def test_a_next_step_agreed_closes_it():
    for event, step, more in (
        ("admitted", "next", {"planned_start": "2025-06-02"}),
        ("work_contract_signed", "job", {"start": "2025-04-07"}),
    ):
        journal = course()
        journal.on("2025-03-12", event, step, **more)

        assert journal.shown("exit_without_plan", UNTIL, "visa") == ["watch 2025-03-01 → 2025-03-12"]


def test_a_prescription_is_not_yet_a_next_step():
    journal = course()
    journal.on("2025-02-03", "prescribed", "next")

    assert journal.shown("exit_without_plan", UNTIL, "visa") == ["watch 2025-03-01 → 2025-03-31"]


def test_an_exit_or_an_extension_closes_it():
    left, longer = course(), course()
    left.on("2025-03-10", "completed", "visa")
    longer.on("2025-03-10", "extended", "visa", planned_end="2025-05-30")

    assert left.shown("exit_without_plan", UNTIL) == ["watch 2025-03-01 → 2025-03-10"]
    assert longer.shown("exit_without_plan", UNTIL) == ["watch 2025-03-01 → 2025-03-10", "watch 2025-04-30 → 2025-05-30"]


def test_a_job_beside_the_course_that_goes_on_after_it_is_a_next_step_and_one_that_ends_with_it_is_not():
    goes_on, ends = course(), course()
    goes_on.on("2025-02-03", "work_contract_started", "job")
    ends.on("2025-02-03", "work_contract_started", "job", planned_end="2025-03-31")

    assert goes_on.shown("exit_without_plan", UNTIL, "visa") == []
    assert ends.shown("exit_without_plan", UNTIL, "visa") == ["watch 2025-03-01 → 2025-03-31"]


def test_no_planned_end_no_announcement_and_an_accompaniment_has_none():
    open_ended = Journal(job="EMPLOI", pacea="PACEA")
    open_ended.on("2025-01-06", "work_contract_started", "job")
    open_ended.on("2025-01-06", "engagement_signed", "pacea")

    assert open_ended.shown("exit_without_plan", UNTIL) == []


def test_maintenance_in_the_cfa_and_a_cycle_without_contract_have_signals_of_their_own():
    kept, waiting = Journal(app="APPRENTISSAGE"), Journal(app="APPRENTISSAGE")
    kept.on("2024-09-02", "work_contract_started", "app", planned_end="2025-08-31")
    kept.on("2025-05-05", "contract_broken", "app", broken_on="2025-05-05", reason="ACCORD_COMMUN")
    waiting.on("2025-09-01", "cfa_entered_without_contract", "app", planned_end="2025-11-30")

    assert kept.shown("exit_without_plan", UNTIL) == waiting.shown("exit_without_plan", UNTIL) == []


# no solution


def test_31_then_91_days_after_the_last_step():
    assert done().shown("no_solution_gap", UNTIL) == ["watch 2025-05-01 →", "alert 2025-06-30 →"]


def test_a_planned_end_passed_in_silence_counts_like_a_declared_one():
    assert course().shown("no_solution_gap", "2025-05-31") == ["watch 2025-05-01 →"]


def test_a_break_counts_from_its_eve_and_an_exit_from_the_last_day_given():
    broken, left = Journal(job="EMPLOI"), course()
    broken.on("2025-01-06", "work_contract_started", "job")
    broken.on("2025-04-01", "contract_broken", "job", broken_on="2025-04-01", reason="ACCORD_COMMUN")
    left.on("2025-04-07", "dropped", "visa", last_day="2025-03-31")

    assert broken.shown("no_solution_gap", "2025-05-31") == left.shown("no_solution_gap", "2025-05-31") == ["watch 2025-05-01 →"]


def test_the_next_step_closes_it():
    journal = done()
    journal.on("2025-05-12", "work_contract_started", "job")

    assert journal.shown("no_solution_gap", UNTIL) == ["watch 2025-05-01 → 2025-05-12"]


@pytest.mark.parametrize(
    ("start", "shown"),
    [
        ("2025-06-09", ["watch 2025-05-01 → 2025-05-12", "watch 2025-06-10 →"]),
        ("2025-07-11", ["watch 2025-05-01 → 2025-05-12"]),
        ("2025-07-12", ["watch 2025-05-01 → 2025-05-13"]),
    ],
)
def test_a_start_agreed_within_60_days_closes_it_until_that_day_is_past(start, shown):
    journal = done()
    journal.on("2025-05-12", "work_contract_signed", "job", start=start)

    assert journal.shown("no_solution_gap", "2025-06-29") == shown


def test_a_cancelled_start_opens_it_again():
    journal = done()
    journal.on("2025-04-14", "work_contract_signed", "job", start="2025-06-02")
    journal.on("2025-05-19", "cancelled", "job", reason="A")

    assert journal.shown("no_solution_gap", "2025-06-15") == ["watch 2025-05-19 →"]


@pytest.mark.parametrize(("scheme", "speaks"), [("CEJ", False), ("GJ", False), ("PACEA", True), ("CE_FT", True)])
def test_an_intensive_accompaniment_silences_it_another_does_not(scheme, speaks):
    journal = done(acc=scheme)
    journal.on("2025-01-06", "engagement_signed", "acc")

    assert journal.shown("no_solution_gap", "2025-06-15") == ["watch 2025-05-01 →"] * speaks


def test_the_end_of_an_intensive_accompaniment_lets_it_speak():
    journal = done(cej="CEJ")
    journal.on("2025-01-06", "engagement_signed", "cej")
    journal.on("2025-06-16", "closed", "cej", outcome="DEMENAGEMENT")

    assert journal.shown("no_solution_gap", "2025-07-31") == ["watch 2025-06-16 →", "alert 2025-06-30 →"]


def test_a_minor_has_a_signal_of_their_own_until_the_18th_birthday():
    assert done(born="2007-06-10").shown("no_solution_gap", "2025-06-29") == ["watch 2025-06-10 →"]


def test_somebody_who_never_had_a_step_has_no_gap():
    journal = Journal(pacea="PACEA", visa="PRF_VISA_METIERS")
    journal.on("2025-01-06", "engagement_signed", "pacea")
    journal.on("2025-01-13", "prescribed", "visa")
    journal.on("2025-02-03", "cancelled", "visa", reason="A")

    assert journal.shown("no_solution_gap", UNTIL) == []


def test_an_immersion_of_five_working_days_is_a_step_and_a_shorter_one_is_not():
    for end, shown in (("2025-05-15", ["watch 2025-05-01 → 2025-05-06"]), ("2025-05-14", ["watch 2025-05-01 →"])):
        journal = done()
        journal.on("2025-05-06", "immersion_agreed", "imm", start="2025-05-09", end=end)
        journal.on("2025-05-09", "immersion_started", "imm")

        assert journal.shown("no_solution_gap", "2025-05-20") == shown


def test_maintenance_in_the_cfa_counts_as_a_step_until_it_ends():
    journal = Journal(app="APPRENTISSAGE")
    journal.on("2023-09-04", "work_contract_started", "app")
    journal.on("2024-05-06", "contract_broken", "app", broken_on="2024-05-06", reason="ACCORD_COMMUN")

    assert journal.shown("no_solution_gap", "2025-01-31") == ["watch 2024-12-06 →"]


# minors


def leaver(born="2007-09-15", left="2024-09-30", **more):
    journal = Journal(born=born, visa="PRF_PREPA_CLES_AVENIR", pacea="PACEA", **more)
    journal.on(left, "school_exit", by="lycee")
    return journal


def test_the_16th_day_of_a_minor_outside_everything():
    assert leaver().shown("minor_without_solution", "2025-01-31") == ["critical 2024-10-16 →"]


def test_it_ends_on_the_18th_birthday():
    assert leaver().shown("minor_without_solution", UNTIL) == ["critical 2024-10-16 → 2025-09-15"]


def test_before_16_nothing_counts_and_before_september_2020_nothing_applied():
    assert leaver(born="2008-11-20").shown("minor_without_solution", "2025-01-31") == ["critical 2024-12-05 →"]
    assert leaver(born="2003-01-10", left="2019-06-28").shown("minor_without_solution", "2020-12-31") == ["critical 2020-09-16 →"]


@pytest.mark.parametrize(("event", "step"), [("entered", "visa"), ("engagement_signed", "pacea")])
def test_a_course_or_a_signed_accompaniment_satisfies_the_obligation(event, step):
    inside, later = leaver(), leaver()
    inside.on("2024-10-15", event, step)
    later.on("2024-11-04", event, step)

    assert inside.shown("minor_without_solution", "2025-06-30") == []
    assert later.shown("minor_without_solution", "2025-06-30") == ["critical 2024-10-16 → 2024-11-04"]


def test_an_accompaniment_not_yet_signed_does_not():
    journal = leaver()
    journal.on("2024-10-07", "assessment", "pacea")

    assert journal.shown("minor_without_solution", "2024-12-31") == ["critical 2024-10-16 →"]


def test_leaving_a_course_starts_the_sixteen_days_again():
    journal = leaver()
    journal.on("2024-10-07", "entered", "visa", planned_end="2025-02-28")
    journal.on("2024-12-02", "dropped", "visa")

    assert journal.shown("minor_without_solution", "2025-01-31") == ["critical 2024-12-18 →"]


def test_an_accompaniment_that_reaches_its_last_day_counts_that_day():
    journal = Journal(born="2008-03-10", cej="CEJ")
    journal.on("2024-04-08", "engagement_signed", "cej", cap_months=6)

    assert journal.state("cej", "2024-10-08") == "closed"
    assert journal.shown("minor_without_solution", "2024-12-31") == ["critical 2024-10-23 →"]


def test_nothing_is_said_of_a_minor_of_whom_nothing_is_known_nor_without_birth_date():
    assert Journal(born="2007-09-15").shown("minor_without_solution", UNTIL) == []
    unknown = Journal()
    unknown.on("2024-09-30", "school_exit", by="lycee")
    assert unknown.shown("minor_without_solution", UNTIL) == []
