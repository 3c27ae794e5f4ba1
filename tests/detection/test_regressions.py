"""Examples that once went wrong, shrunk: each says what must hold instead."""

from pathways.detection.settings import Settings
from pathways.detection.timeline import day_by_day, timeline
from tests.journal import Journal, day, line

CFA_WEEKS = ["2019-09-09", "2019-09-30", "2019-10-21", "2019-11-18"]


def told(timeline):
    return sorted(f"{run.key.rule} {line(run)}" for run in timeline.runs)


def assert_jumping_equals_walking(journal, first, until):
    walked = day_by_day(journal.entries, Settings(), day(first), day(until))
    assert told(timeline(journal.entries, Settings(), day(until))) == told(walked)


def test_a_risk_level_outside_the_scale_is_not_the_end_of_the_evening():
    journal = Journal(visa="PRF_VISA_METIERS")
    journal.on("2025-01-06", "entered", "visa")
    journal.on("2025-02-03", "risk_flag", "visa", dimension="sante", level=4)

    assert journal.shown("training_risk_flag", "2025-02-28") == ["critical 2025-02-03 →"]


def test_new_rules_of_a_scheme_are_a_day_that_matters():
    journal = Journal(pacea="PACEA")
    journal.on("2024-06-03", "engagement_signed", "pacea")
    journal.on("2024-06-10", "ft_deregistered")

    assert_jumping_equals_walking(journal, "2024-06-03", "2025-01-31")


def test_an_accompaniment_begun_before_its_rules_exist_waits_for_them():
    journal = Journal(pacea="PACEA")
    journal.on("2016-12-12", "engagement_signed", "pacea")
    journal.on("2016-12-19", "ft_deregistered")

    assert_jumping_equals_walking(journal, "2016-12-12", "2017-03-31")


def test_the_end_of_the_garantie_jeunes_makes_no_contradiction_of_those_inside():
    journal = Journal(pacea="PACEA", gj="GJ")
    journal.on("2021-10-04", "engagement_signed", "pacea")
    journal.on("2021-11-08", "accompaniment_started", "gj")

    assert_jumping_equals_walking(journal, "2021-10-04", "2022-04-30")
    assert journal.shown("discordance", "2022-04-30") == []


def test_a_late_contact_of_another_body_names_it_as_it_would_have_on_its_day():
    journal = Journal(pacea="PACEA")
    journal.on("2025-02-10", "engagement_signed", "pacea", by="ml")
    journal.on("2025-02-03", "contact", "pacea", by="ml2", known="2025-03-03")

    seen = timeline(journal.entries, Settings(), day("2025-03-03"))
    assert seen.current.pathway.steps["pacea"].lead == journal.step("pacea", "2025-03-03").lead == "ml2"


def test_a_late_presence_instead_of_an_excuse_brings_the_end_of_the_probation_forward():
    journal = Journal(app="APPRENTISSAGE")
    journal.on("2019-09-02", "work_contract_started", "app", by="cfa", cfa_weeks=CFA_WEEKS)
    journal.sheet("2019-11-06", "JJ JJ", "app")
    journal.sheet("2019-11-06", "CC CC", "app", known="2019-11-20")

    seen = timeline(journal.entries, Settings(), day("2019-12-04"))
    assert seen.current.pathway.steps["app"].state == journal.state("app", "2019-12-04") == "in_contract"


def test_an_absence_that_moves_from_one_day_to_the_next_moves_the_company_days():
    journal = Journal(app="APPRENTISSAGE")
    journal.on("2019-09-02", "work_contract_started", "app", cfa_weeks=CFA_WEEKS)
    journal.sheet("2019-11-04", "CC CC JJ CC JJ", "app", known="2019-11-04")
    journal.sheet("2019-11-06", "CC JJ JJ", "app", known="2019-11-06")

    assert_jumping_equals_walking(journal, "2019-09-02", "2019-12-31")
    assert journal.shown("apprentice_probation_end_soon", "2019-12-04") == ["info 2019-11-14 →"]


def test_two_breaks_told_on_different_days_for_one_day_read_the_same_in_any_order():
    journal = Journal(job="EMPLOI")
    journal.on("2025-01-06", "work_contract_started", "job")
    for when in ("2025-02-03", "2025-02-05"):
        journal.on(when, "contract_broken", "job", broken_on="2025-02-10", reason="ACCORD_COMMUN")
    backwards = Journal(job="EMPLOI")
    backwards.entries = journal.entries[::-1]

    for told_in in (journal, backwards):
        assert [entry.occurred_on for entry in told_in.step("job", "2025-02-10").all("contract_broken")] == [day("2025-02-03")]


def test_a_referent_named_long_ago_does_not_hide_who_took_over():
    journal = Journal(pacea="PACEA")
    journal.on("2025-01-06", "engagement_signed", "pacea")
    journal.on("2025-01-07", "referent_named", "pacea")
    journal.on("2025-02-03", "referent_left", "pacea")
    journal.on("2025-02-04", "transfer_accepted", "pacea", by="ml2")

    assert journal.shown("referent_missing", "2025-12-31") == []


def test_an_apprentice_with_a_new_contract_is_never_dropped_by_the_end_of_a_maintenance():
    journal = Journal(app="APPRENTISSAGE", next="APPRENTISSAGE")
    journal.on("2024-09-02", "work_contract_started", "app")
    journal.on("2025-02-03", "work_contract_started", "next")
    journal.on("2025-02-10", "contract_broken", "app", broken_on="2025-01-31", reason="ACCORD_COMMUN")

    assert journal.states("app")[-1] == "2025-02-10 broken_closed"
    assert journal.shown("maintien_expired", "2026-01-31") == journal.shown("contract_broken", "2026-01-31") == []
