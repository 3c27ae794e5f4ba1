"""Signals about the data, day by day: ends nobody declared, and declarations that contradict each other."""

import pytest

from pathways.detection.rules.data import pair_of
from tests.journal import Journal

UNTIL = "2025-12-31"


def course(**more):
    journal = Journal(visa="PRF_VISA_METIERS", other="PRF_ACCES_EMPLOI", **more)
    journal.on("2025-01-06", "entered", "visa", planned_end="2025-03-31")
    return journal


def kinds(journal, until=UNTIL):
    """Each discordance shown: level, kind, first and last day."""
    shown = journal.shown("discordance", until)
    return [f"{run.key.threshold}: {each}" for run, each in zip(journal.runs("discordance", until), shown, strict=True)]


# ends


def test_an_end_nobody_declared_shows_a_week_after_the_planned_end():
    journal = course()
    journal.on("2025-04-14", "completed", "visa", last_day="2025-03-31")

    assert journal.shown("end_undeclared", UNTIL) == ["watch 2025-04-08 → 2025-04-14"]


def test_an_end_declared_within_the_week_or_an_extension_keeps_it_silent():
    ended, longer, open_ended = course(), course(), Journal(job="EMPLOI")
    ended.on("2025-04-07", "completed", "visa")
    longer.on("2025-04-07", "extended", "visa", planned_end="2026-01-30")
    open_ended.on("2025-01-06", "work_contract_started", "job")

    for journal in (ended, longer, open_ended):
        assert journal.shown("end_undeclared", UNTIL) == []


def test_a_broken_apprenticeship_has_no_end_to_declare_any_more():
    journal = Journal(app="APPRENTISSAGE")
    journal.on("2024-09-02", "work_contract_started", "app", planned_end="2025-08-31")
    journal.on("2025-08-04", "contract_broken", "app", broken_on="2025-08-04", reason="ACCORD_COMMUN")

    assert journal.shown("end_undeclared", UNTIL) == []


# contradictions


def test_what_does_not_apply_shows_until_it_is_taken_back():
    journal = course()
    wrong = journal.on("2025-02-03", "admitted", "visa")
    journal.retract(wrong, "2025-02-10")

    assert kinds(journal) == ["does_not_apply: watch 2025-02-03 → 2025-02-10 (corrected)"]


def test_an_entry_after_the_exit_of_the_same_step_is_an_alert_where_the_exit_was_a_rupture():
    dropped, completed = course(), course()
    dropped.on("2025-02-03", "dropped", "visa")
    completed.on("2025-02-03", "completed", "visa")
    for journal in (dropped, completed):
        journal.on("2025-02-10", "entered", "visa")

    assert kinds(dropped) == ["entry_after_exit: alert 2025-02-10 →"]
    assert kinds(completed) == ["entry_after_exit: watch 2025-02-10 →"]


@pytest.mark.parametrize(("there", "contradicts"), [("PP", True), ("P-", True), ("JJ", False), ("UU", False), ("-P", False)])
def test_absent_here_while_present_there_the_same_half_day(there, contradicts):
    journal = course()
    journal.on("2025-01-13", "entered", "other", by="of2")
    journal.sheet("2025-02-11", "PP U-", "visa")
    journal.sheet("2025-02-11", "-- " + there, "other")

    assert kinds(journal, "2025-02-28") == ["present_elsewhere: watch 2025-02-12 →"] * contradicts


def test_a_full_time_job_told_by_the_referent_beside_a_contract_told_by_the_cfa():
    for hours, shown in ((35, ["two_contracts: watch 2025-02-03 →"]), (34, []), (None, [])):
        journal = Journal(app="APPRENTISSAGE", job="EMPLOI")
        journal.on("2024-09-02", "work_contract_started", "app")
        more = {"hours_per_week": hours} if hours else {}
        journal.on("2025-01-27", "work_contract_signed", "job", start="2025-02-03", **more)
        journal.on("2025-02-03", "work_contract_started", "job")

        assert kinds(journal, "2025-02-28") == shown


def test_two_accompaniments_that_may_not_be_held_together():
    journal = Journal(pacea="PACEA", cej="CEJ", ce="CE_FT")
    journal.on("2025-01-06", "engagement_signed", "ce")
    journal.on("2025-01-13", "engagement_signed", "pacea")
    journal.on("2025-02-03", "engagement_signed", "cej")
    journal.on("2025-02-17", "closed", "pacea", outcome="CHANGEMENT_ACCOMPAGNEMENT")

    assert kinds(journal) == ["refused_together: watch 2025-02-03 → 2025-02-17"]


def test_a_garantie_jeunes_begun_inside_a_pacea_in_time_runs_on_without_contradiction():
    journal = Journal(pacea="PACEA", gj="GJ")
    journal.on("2021-03-01", "engagement_signed", "pacea")
    journal.on("2021-09-06", "accompaniment_started", "gj")

    assert kinds(journal, "2022-08-31") == []


def test_two_leads_on_one_day():
    step = Journal(pacea="PACEA")
    step.on("2025-01-06", "engagement_signed", "pacea")
    step.on("2025-02-03", "transfer_accepted", "pacea", by="ml2")
    step.on("2025-02-03", "transfer_accepted", "pacea", by="ml3")
    twice = Journal(pacea="PACEA", again="PACEA")
    twice.on("2025-01-06", "engagement_signed", "pacea", by="ml")
    twice.on("2025-02-03", "engagement_signed", "again", by="ml2")

    assert kinds(step, "2025-02-28") == kinds(twice, "2025-02-28") == ["two_leads: watch 2025-02-03 →"]


def test_a_transfer_and_the_referent_it_names_are_one_lead():
    journal = Journal(pacea="PACEA")
    journal.on("2025-01-06", "engagement_signed", "pacea")
    journal.on("2025-02-03", "transfer_requested", "pacea", to="ml2")
    journal.on("2025-02-10", "transfer_accepted", "pacea", by="ml2")
    journal.on("2025-02-10", "referent_named", "pacea", by="ml2")

    assert kinds(journal) == []


def test_once_a_death_is_declared_every_other_signal_falls_silent_until_that_is_taken_back():
    journal = course(pacea="PACEA")
    journal.on("2025-01-06", "engagement_signed", "pacea")
    death = journal.on("2025-02-24", "deceased", by="ml")
    assert journal.shown("contact_silence", UNTIL) == journal.shown("exit_without_plan", UNTIL) == []
    assert journal.shown("first_phase_overdue", UNTIL) == ["watch 2025-02-07 → 2025-02-24"]
    journal.retract(death, "2025-05-05")

    assert journal.shown("first_phase_overdue", UNTIL) == ["watch 2025-02-07 → 2025-02-24", "watch 2025-05-05 →"]


def test_a_contact_after_a_declared_death():
    journal = Journal(pacea="PACEA")
    journal.on("2025-01-06", "engagement_signed", "pacea")
    journal.on("2025-02-03", "contact", "pacea")
    journal.on("2025-02-03", "deceased", by="ml")
    assert kinds(journal) == []
    journal.on("2025-02-10", "contact", "pacea")

    assert kinds(journal, "2025-02-28") == ["contact_after_death: watch 2025-02-10 →"]


# settling


def settled_pair(journal):
    """A course entered after its exit."""
    dropped = journal.on("2025-02-03", "dropped", "visa")
    return dropped, journal.on("2025-02-10", "entered", "visa")


def test_settled_a_discordance_is_silent_until_another_entry_contradicts():
    journal = course()
    pair = settled_pair(journal)
    about = pair_of("entry_after_exit", pair[1].occurred_on, (entry.id for entry in pair))
    journal.on("2025-02-17", "discordance_settled", about=about, reason="les_deux_exactes", by="ml")
    assert kinds(journal) == ["entry_after_exit: alert 2025-02-10 → 2025-02-17"]

    journal.on("2025-03-03", "entered", "visa")

    assert kinds(journal)[1:] == ["entry_after_exit: alert 2025-03-03 →"]


def test_settling_one_pair_says_nothing_of_another_and_moves_no_state():
    journal = course()
    settled_pair(journal)
    journal.on("2025-02-17", "discordance_settled", about="two_leads:2025-02-10:1-2", reason="les_deux_exactes", by="ml")

    assert kinds(journal) == ["entry_after_exit: alert 2025-02-10 →"]
    assert journal.state("visa", "2025-02-28") == "dropped_out"


def test_what_was_settled_by_mistake_shows_again_once_that_is_taken_back():
    journal = course()
    pair = settled_pair(journal)
    about = pair_of("entry_after_exit", pair[1].occurred_on, (entry.id for entry in pair))
    settled = journal.on("2025-02-17", "discordance_settled", about=about, reason="dates_proches", by="ml")
    journal.retract(settled, "2025-02-24")

    assert kinds(journal)[-1] == "entry_after_exit: alert 2025-02-24 →"
