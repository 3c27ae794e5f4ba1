"""Hand-overs and transfers: who is responsible on which day, and what a death closes."""

from __future__ import annotations

from datetime import date

import pytest

from pathways.workflows.outcomes import OUTCOMES
from pathways.workflows.passages import all_passages, holder
from pathways.workflows.schemes import SCHEMES
from tests.journal import Journal


def stages(journal: Journal, when: str, known_at: str | None = None) -> list[str]:
    """Each passage as ``kind sender→receiver stage``."""
    folded = journal.pathway(when, known_at)
    return [f"{each.kind} {each.sender}→{each.receiver} {each.stage}" for each in all_passages(folded)]


@pytest.fixture
def leaver() -> Journal:
    """Reached by the network, and handed over to a Mission locale on 30 January 2019."""
    journal = Journal(psad="PSAD", pacea="PACEA")
    journal.on("2019-01-14", "leaver_identified", "psad")
    journal.on("2019-01-24", "contact_attempt", "psad", channel="phone", result="reached")
    journal.on("2019-01-30", "handed_over", "psad", to="ml")
    return journal


@pytest.fixture
def accompanied() -> Journal:
    """In a CEJ at the first Mission locale since September."""
    journal = Journal(cej="CEJ")
    journal.on("2025-09-01", "orientation_notified", "cej", by="ml")
    journal.on("2025-09-15", "engagement_signed", "cej", by="ml")
    return journal


# hand-overs


def test_a_hand_over_goes_from_sent_to_received_to_accepted(leaver):
    assert stages(leaver, "2019-01-30") == ["hand_over psad→ml sent"]
    assert leaver.refused("2019-01-31", "hand_over_acknowledged", "psad", by="ml") == []
    leaver.on("2019-01-31", "hand_over_acknowledged", "psad", by="ml")
    assert leaver.refused("2019-02-01", "hand_over_acknowledged", "psad", by="ml") == ["no_hand_over_pending"]
    leaver.on("2019-02-04", "hand_over_accepted", "psad", by="ml")

    assert stages(leaver, "2019-02-03") == ["hand_over psad→ml acknowledged"]
    assert stages(leaver, "2019-02-04") == ["hand_over psad→ml accepted"]
    assert leaver.state("psad", "2019-02-04") == "handed_over"
    assert holder(leaver.pathway("2019-02-03")) == "psad"
    assert holder(leaver.pathway("2019-02-04")) == "ml"


def test_only_the_organisation_it_was_sent_to_answers_and_only_the_sender_takes_it_back(leaver):
    assert leaver.refused("2019-01-31", "hand_over_accepted", "psad", by="ml2") == ["hand_over_to_another"]
    assert leaver.refused("2019-01-31", "hand_over_accepted", "psad", by="of") == ["not_yours_to_declare", "hand_over_to_another"]
    assert leaver.refused("2019-01-31", "hand_over_withdrawn", "psad", by="ml") == ["nothing_to_withdraw"]
    assert leaver.refused("2019-01-31", "hand_over_withdrawn", "psad", by="psad") == []

    leaver.on("2019-01-31", "hand_over_withdrawn", "psad", by="psad")

    assert stages(leaver, "2019-01-31") == ["hand_over psad→ml withdrawn"]
    assert holder(leaver.pathway("2019-01-31")) is None
    assert leaver.refused("2019-02-01", "hand_over_accepted", "psad", by="ml") == ["no_hand_over_pending"]


def test_a_refused_school_leaver_is_handed_over_to_somebody_else(leaver):
    assert leaver.refused("2019-01-31", "handed_over", "psad", to="ml") == ["handed_over_already"]
    leaver.on("2019-02-01", "hand_over_refused", "psad", by="ml", reason="HORS_SECTEUR")
    assert leaver.refused("2019-02-04", "handed_over", "psad", to="ml2") == []
    leaver.on("2019-02-04", "handed_over", "psad", to="ml2")

    assert stages(leaver, "2019-02-04") == ["hand_over psad→ml refused", "hand_over psad→ml2 sent"]
    assert leaver.state("psad", "2019-02-04") == "handed_over"


def test_acting_for_the_person_says_that_they_were_received_and_opening_a_step_that_they_were_taken(leaver):
    leaver.on("2019-02-04", "contact", "psad", by="ml")
    leaver.on("2019-02-07", "engagement_signed", "pacea")

    assert stages(leaver, "2019-02-03") == ["hand_over psad→ml sent"]
    assert stages(leaver, "2019-02-04") == ["hand_over psad→ml acknowledged"]
    assert stages(leaver, "2019-02-07") == ["hand_over psad→ml accepted"]


def test_an_acceptance_taken_back_never_was_and_the_past_stays_what_it_was(leaver):
    accepted = leaver.on("2019-02-04", "hand_over_accepted", "psad", by="ml")
    leaver.retract(accepted, known="2019-02-10")

    assert stages(leaver, "2019-02-20") == ["hand_over psad→ml sent"]
    assert stages(leaver, "2019-02-09", known_at="2019-02-09") == ["hand_over psad→ml accepted"]


def test_on_an_accompaniment_a_hand_over_is_a_note_and_makes_nobody_else_responsible(accompanied):
    accompanied.on("2026-02-02", "handed_over", "cej", by="ml", to="ft")
    accompanied.on("2026-02-03", "hand_over_accepted", "cej", by="ft")

    step = accompanied.step("cej", "2026-02-03")
    assert (step.state, step.lead) == ("active", "ml")


def test_an_answer_makes_a_training_body_no_operator_of_the_step(leaver):
    journal = Journal(psad="PSAD")
    journal.on("2019-01-14", "leaver_identified", "psad")
    journal.on("2019-01-30", "handed_over", "psad", to="cfa")
    entry = journal.on("2019-02-04", "hand_over_accepted", "psad", by="cfa")

    assert entry.organisation == "cfa"
    assert journal.step("psad", "2019-02-04").operator is None


# transfers


def test_only_the_referent_changes_and_only_from_the_acceptance_on(accompanied):
    accompanied.on("2026-02-02", "transfer_requested", "cej", by="ml", to="ml2", reason="DEMENAGEMENT")
    accompanied.on("2026-02-20", "transfer_accepted", "cej", by="ml2")

    before, after = accompanied.step("cej", "2026-02-19"), accompanied.step("cej", "2026-02-20")
    assert (before.lead, after.lead) == ("ml", "ml2")
    assert (after.state, after.opened_on, after.since) == (before.state, before.opened_on, before.since)
    assert after.scheme.cap(after, accompanied.pathway("2026-02-20")) == date(2026, 9, 14)
    assert stages(accompanied, "2026-02-20") == ["transfer ml→ml2 accepted"]


def test_the_new_one_may_ask_and_the_one_that_leads_says_yes(accompanied):
    assert accompanied.refused("2026-02-02", "transfer_requested", "cej", by="ml3", to="ml2") == ["transfer_not_yours"]
    assert accompanied.refused("2026-02-02", "transfer_requested", "cej", by="ml", to="ml") == ["calls_oneself"]
    assert accompanied.refused("2026-02-02", "transfer_requested", "cej", by="ml2", to="ml2") == []
    accompanied.on("2026-02-02", "transfer_requested", "cej", by="ml2", to="ml2", reason="DEMENAGEMENT")
    assert stages(accompanied, "2026-02-02") == ["transfer ml→ml2 sent"]
    assert accompanied.refused("2026-02-03", "transfer_accepted", "cej", by="ml2") == ["transfer_to_another"]
    assert accompanied.refused("2026-02-03", "transfer_accepted", "cej", by="ml") == []

    accompanied.on("2026-02-03", "transfer_accepted", "cej", by="ml")

    assert accompanied.step("cej", "2026-02-02").lead == "ml"
    assert accompanied.step("cej", "2026-02-03").lead == "ml2"
    assert stages(accompanied, "2026-02-03") == ["transfer ml→ml2 accepted"]


@pytest.mark.parametrize(("event", "step", "data"), [("closed", "cej", {"outcome": "EMPLOI_CDI"}), ("deceased", None, {})])
def test_a_transfer_without_object_any_more_waits_for_nobody(accompanied, event, step, data):
    accompanied.on("2026-02-02", "transfer_requested", "cej", by="ml", to="ml2")
    accompanied.on("2026-02-10", event, step, by="ml", **data)

    assert stages(accompanied, "2026-02-09") == ["transfer ml→ml2 sent"]
    assert stages(accompanied, "2026-02-10") == ["transfer ml→ml2 withdrawn"]


def test_a_closed_accompaniment_is_not_transferred(accompanied):
    accompanied.on("2026-01-31", "closed", "cej", by="ml", outcome="EMPLOI_CDI")

    assert accompanied.refused("2026-02-02", "transfer_requested", "cej", by="ml", to="ml2") == ["nothing_to_transfer"]


def test_a_transfer_is_withdrawn_by_whoever_asked_for_it(accompanied):
    accompanied.on("2026-02-02", "transfer_requested", "cej", by="ml", to="ml2")
    assert accompanied.refused("2026-02-03", "transfer_withdrawn", "cej", by="ml2") == ["nothing_to_withdraw"]
    accompanied.on("2026-02-03", "transfer_withdrawn", "cej", by="ml")

    assert stages(accompanied, "2026-02-03") == ["transfer ml→ml2 withdrawn"]
    assert accompanied.refused("2026-02-04", "transfer_accepted", "cej", by="ml2") == ["no_transfer_pending"]


@pytest.mark.parametrize("said_by", ["transfer_requested", "transfer_accepted"])
def test_a_temporary_transfer_goes_back_the_day_after_its_end(accompanied, said_by):
    until = {said_by: {"until": "2026-04-30"}}
    accompanied.on("2026-02-02", "transfer_requested", "cej", by="ml", to="ml2", **until.get("transfer_requested", {}))
    accompanied.on("2026-02-20", "transfer_accepted", "cej", by="ml2", **until.get("transfer_accepted", {}))

    leads = {day: accompanied.step("cej", day).lead for day in ("2026-02-19", "2026-02-20", "2026-04-30", "2026-05-01")}
    assert list(leads.values()) == ["ml", "ml2", "ml2", "ml"]
    back = accompanied.step("cej", "2026-05-01")
    assert (back.state, back.lent, back.entered("active")) == ("active", None, date(2025, 9, 15))
    assert back.lead_on(date(2026, 3, 1)) == "ml2"


def test_a_loan_made_lasting_no_longer_goes_back(accompanied):
    accompanied.on("2026-02-02", "transfer_requested", "cej", by="ml", to="ml2", until="2026-04-30")
    accompanied.on("2026-02-20", "transfer_accepted", "cej", by="ml2")
    accompanied.on("2026-04-02", "transfer_requested", "cej", by="ml2", to="ml3")
    accompanied.on("2026-04-03", "transfer_accepted", "cej", by="ml3")

    assert accompanied.step("cej", "2026-06-01").lead == "ml3"


def test_a_loan_taken_back_in_time_leaves_the_referent_where_it_was(accompanied):
    accompanied.on("2026-02-02", "transfer_requested", "cej", by="ml", to="ml2", until="2026-04-30")
    accepted = accompanied.on("2026-02-20", "transfer_accepted", "cej", by="ml2")
    accompanied.retract(accepted, known="2026-03-01")

    assert accompanied.step("cej", "2026-03-01").lead == "ml"
    assert accompanied.step("cej", "2026-02-25", "2026-02-25").lead == "ml2"


# death


@pytest.mark.parametrize("code", sorted(SCHEMES))
def test_every_scheme_has_a_place_for_the_death_of_somebody_in_it(code):
    scheme = SCHEMES[code]

    assert scheme.family.at_death in scheme.workflow.final


def test_a_death_closes_every_open_step_each_in_its_own_way():
    journal = Journal(cej="CEJ", course="PRF_VISA_METIERS", job="EMPLOI", over="PACEA")
    journal.on("2020-01-10", "engagement_signed", "over", legal_representative_signed=True)
    journal.on("2021-01-10", "closed", "over", outcome="DEMENAGEMENT")
    journal.on("2025-09-15", "engagement_signed", "cej", by="ml")
    journal.on("2025-10-01", "entered", "course")
    journal.on("2025-10-01", "work_contract_started", "job")
    death = journal.on("2025-11-10", "deceased", by="of")

    assert {name: journal.state(name, "2025-11-09") for name in ("cej", "course", "job")} == {
        "cej": "active", "course": "in_training", "job": "in_contract"}
    closed = journal.pathway("2025-11-10").steps
    assert {name: (step.state, step.outcome, step.closed_on) for name, step in closed.items()} == {
        "cej": ("closed", "DECES", date(2025, 11, 10)),
        "course": ("dropped_out", "DECES", date(2025, 11, 10)),
        "job": ("broken_closed", "DECES", date(2025, 11, 10)),
        "over": ("closed", "DEMENAGEMENT", date(2021, 1, 10)),
    }
    assert OUTCOMES["DECES"][0] == "neutralise"

    journal.retract(death, known="2025-11-12")

    assert journal.state("cej", "2025-11-12") == "active"
    assert journal.step("course", "2025-11-12").outcome is None


def test_what_was_declared_of_the_day_of_the_death_comes_first():
    journal = Journal(course="PRF_VISA_METIERS")
    journal.on("2025-10-01", "entered", "course")
    journal.on("2025-11-10", "deceased", by="ml")
    journal.on("2025-11-10", "completed", "course", outcome="CERTIFIE_TOTAL")

    assert journal.state("course", "2025-11-10") == "completed"
    assert journal.pathway("2025-11-10").discordances == []


def test_a_screen_declares_nothing_after_a_death_but_what_happened_before():
    journal = Journal(cej="CEJ", course="PRF_VISA_METIERS")
    journal.on("2025-09-15", "engagement_signed", "cej", by="ml")
    journal.on("2025-11-10", "deceased", by="ml")

    assert "person_deceased" in journal.refused("2025-11-11", "contact", "cej", by="ml")
    assert "person_deceased" in journal.refused("2025-11-11", "prescribed", "course", by="ml")
    assert journal.refused("2025-11-10", "contact", "cej", by="ml") == []
    assert journal.refused("2025-11-11", "contact", "cej", by="ml", late=True) == []


def test_a_step_that_ends_by_the_death_of_the_person_says_the_same_as_a_death():
    journal = Journal(cej="CEJ", course="PRF_VISA_METIERS", next="PRF_VISA_METIERS")
    journal.on("2025-09-15", "engagement_signed", "cej", by="ml")
    journal.on("2025-10-01", "entered", "course")
    journal.on("2025-11-10", "dropped", "course", outcome="DECES")
    journal.on("2025-11-20", "entered", "next")

    closed = journal.pathway("2025-11-20").steps
    assert (closed["cej"].state, closed["cej"].outcome) == ("closed", "DECES")
    assert (closed["course"].state, closed["next"].state) == ("dropped_out", "")
    assert journal.refused("2025-11-11", "contact", "cej", by="ml") == ["person_deceased"]
    assert journal.held("2025-11-10") == set()


def test_nothing_begins_after_a_death():
    journal = Journal(cej="CEJ", course="PRF_VISA_METIERS")
    journal.on("2025-09-15", "engagement_signed", "cej", by="ml")
    death = journal.on("2025-11-10", "deceased", by="ml")
    journal.on("2025-11-20", "entered", "course")

    assert journal.state("course", "2025-11-20") == ""
    assert [(each.kind, each.on) for each in journal.pathway("2025-11-20").discordances] == [
        ("does_not_apply", date(2025, 11, 20))]

    journal.retract(death, known="2025-11-25")
    assert journal.state("course", "2025-11-25") == "in_training"
