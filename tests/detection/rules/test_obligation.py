"""The obligation to be in training, day by day: what satisfies it, what ends it, and what exempts."""

import pytest

from pathways.detection.facts import Facts
from pathways.detection.obligation import coverage
from pathways.workflows.obligation import BY_RESULT, BY_SOLUTION, LABELS, STATED_BY, Situation, unanswered
from pathways.workflows.outcomes import EXITS
from tests.journal import Journal, day

UNTIL = "2025-12-31"


def out_of_school(on="2025-01-10", **steps):
    """Born on 15 March 2008: 16 on that day of 2024, 18 on 15 March 2026."""
    journal = Journal(born="2008-03-15", **steps)
    journal.on(on, "school_exit")
    return journal


def shown(journal, until=UNTIL):
    return journal.shown("minor_without_solution", until)


def stands(journal, when):
    return coverage(Facts(journal.pathway(when), day(when)))


def test_sixteen_days_out_of_school_show_it():
    assert shown(out_of_school()) == ["critical 2025-01-26 →"]


@pytest.mark.parametrize(("code", "situation"), sorted(BY_SOLUTION.items()))
def test_a_solution_found_satisfies_it(code, situation):
    journal = out_of_school(psad="PSAD")
    journal.on("2025-01-12", "leaver_identified", "psad")
    journal.on("2025-02-03", "in_solution", "psad", solution=code)

    assert shown(journal) == ["critical 2025-01-26 → 2025-02-03"]
    assert stands(journal, "2025-02-03").situation is situation


def test_back_to_school_at_the_end_of_an_accompaniment_satisfies_it():
    back, nowhere = out_of_school(pacea="PACEA"), out_of_school(pacea="PACEA")
    for journal, outcome in ((back, "RETOUR_SCOLARITE"), (nowhere, "ABANDON")):
        journal.on("2025-01-13", "assessment", "pacea")
        journal.on("2025-01-15", "engagement_signed", "pacea", legal_representative_signed=True)
        journal.on("2025-06-02", "closed", "pacea", outcome=outcome)

    assert shown(back) == []
    assert shown(nowhere) == ["critical 2025-06-18 →"]


def test_leaving_school_again_ends_what_was_stated():
    journal = out_of_school(psad="PSAD")
    journal.on("2025-01-12", "leaver_identified", "psad")
    journal.on("2025-01-20", "in_solution", "psad", solution="scolarite")
    journal.on("2025-03-03", "school_exit")

    assert shown(journal) == ["critical 2025-03-19 →"]


def test_the_end_of_a_course_begun_after_it_was_stated_counts():
    journal = out_of_school(psad="PSAD", visa="PRF_VISA_METIERS")
    journal.on("2025-01-12", "leaver_identified", "psad")
    journal.on("2025-01-20", "in_solution", "psad", solution="formation")
    journal.on("2025-02-03", "entered", "visa", planned_end="2025-04-30")
    journal.on("2025-04-30", "completed", "visa")

    assert shown(journal) == ["critical 2025-05-16 →"]


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        ("RECHERCHE_EMPLOI", ["critical 2025-05-16 →"]),
        ("INJOIGNABLE", ["critical 2025-05-16 →"]),
        ("EN_FORMATION", ["critical 2025-05-16 → 2025-05-28"]),
        ("ACCOMPAGNE", ["critical 2025-05-16 → 2025-05-28"]),
    ],
)
def test_an_answer_to_a_follow_up_says_where_somebody_is(situation, expected):
    journal = out_of_school(visa="PRF_VISA_METIERS")
    journal.on("2025-01-15", "entered", "visa", planned_end="2025-04-30")
    journal.on("2025-04-30", "completed", "visa")
    journal.on("2025-05-28", "followup", "visa", month=1, situation=situation)

    assert shown(journal) == expected


def test_an_answer_that_denies_what_was_stated_begins_the_count_that_day():
    journal = out_of_school(visa="PRF_VISA_METIERS")
    journal.on("2025-01-15", "entered", "visa", planned_end="2025-04-30")
    journal.on("2025-04-30", "completed", "visa")
    journal.on("2025-05-12", "followup", "visa", month=1, situation="EN_EMPLOI")
    journal.on("2025-08-01", "followup", "visa", month=3, situation="RECHERCHE_EMPLOI")

    assert shown(journal) == ["critical 2025-08-16 →"]
    assert str(stands(journal, "2025-08-10").last_day) == "2025-07-31"


def test_an_exemption_holds_to_its_last_day_and_the_count_begins_after_it():
    journal = out_of_school()
    journal.on("2025-01-20", "obligation_exempted", until="2025-06-30")

    assert stands(journal, "2025-06-30").situation is Situation.EXEMPTED
    assert shown(journal) == ["critical 2025-07-16 →"]


def test_an_exemption_closes_the_signal_and_its_retraction_shows_it_again():
    journal = out_of_school()
    exempted = journal.on("2025-02-10", "obligation_exempted", until="2025-12-31")
    journal.retract(exempted, "2025-03-03")

    assert shown(journal) == ["critical 2025-01-26 → 2025-02-10", "critical 2025-03-03 →"]


def test_nobody_is_outside_of_what_nobody_declared():
    silent, exempted = Journal(born="2008-03-15"), Journal(born="2008-03-15")
    exempted.on("2025-01-20", "obligation_exempted", until="2025-02-28")

    assert shown(silent) == shown(exempted) == []


def test_it_ends_on_the_eighteenth_birthday():
    assert shown(out_of_school(), "2026-04-30") == ["critical 2025-01-26 → 2026-03-15"]


def test_the_law_begins_on_1_september_2020():
    journal = Journal(born="2003-12-01")
    journal.on("2020-06-30", "school_exit")

    assert shown(journal, "2020-12-31") == ["critical 2020-09-16 →"]


def test_every_situation_has_its_word_and_every_code_exists():
    assert set(LABELS) == set(Situation)
    assert {code for code in BY_RESULT if code not in EXITS} == {"EN_EMPLOI", "EN_ALTERNANCE", "EN_FORMATION", "ACCOMPAGNE"}
    assert set(STATED_BY) >= {"in_solution", "closed", "followup"}


# summonses


def summoned(*told):
    journal = Journal(psad="PSAD")
    for on, status, kind in told:
        journal.on(on, "appointment", "psad", status=status, known="2025-01-01", **({"kind": kind} if kind else {}))
    return [str(each.occurred_on) for each in unanswered(journal.entries)]


OBLIGATION = "obligation_formation"


def test_a_summons_without_answer_counts_whoever_noted_the_absence():
    assert summoned(("2025-01-10", "planned", OBLIGATION), ("2025-01-10", "noshow", None)) == ["2025-01-10"]
    assert summoned(("2025-01-10", "noshow", OBLIGATION)) == ["2025-01-10"]


def test_one_without_a_result_an_excuse_and_another_appointment_do_not_count():
    assert summoned(("2025-01-10", "planned", OBLIGATION)) == []
    assert summoned(("2025-01-10", "planned", OBLIGATION), ("2025-01-10", "excused", None)) == []
    assert summoned(("2025-01-10", "noshow", None)) == []


def test_an_appointment_kept_begins_the_count_anew():
    missed = [("2025-01-10", "noshow", OBLIGATION), ("2025-01-20", "noshow", OBLIGATION)]

    assert summoned(*missed) == ["2025-01-10", "2025-01-20"]
    assert summoned(*missed, ("2025-02-03", "seen", None)) == []
