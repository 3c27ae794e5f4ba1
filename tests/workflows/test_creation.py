"""Business creation, line by line of its sheet."""

import pytest

from tests.journal import Journal


@pytest.fixture
def project():
    journal = Journal(crea="CREATION", csp="CSP", iae="IAE", app="APPRENTISSAGE")
    journal.on("2025-01-06", "project_evaluation", "crea")
    return journal


def test_from_the_evaluation_to_the_end_of_the_follow_up(project):
    project.on("2025-02-24", "entrepreneur_training", "crea")
    project.on("2025-05-12", "fundraising", "crea")
    project.on("2025-09-01", "created", "crea")
    project.on("2025-09-22", "post_creation", "crea")
    project.on("2026-09-28", "closed", "crea", outcome="CREATION_ENTREPRISE")

    assert project.states("crea") == [
        "2025-01-06 project_evaluation", "2025-02-24 entrepreneur_training", "2025-05-12 fundraising", "2025-09-01 created",
        "2025-09-22 post_creation", "2026-09-28 closed",
    ]
    assert project.step("crea", "2026-12-31").outcome == "CREATION_ENTREPRISE"


def test_a_project_may_be_reworked_or_go_straight_to_its_creation(project):
    project.on("2025-02-24", "fundraising", "crea")
    project.on("2025-03-24", "project_evaluation", "crea")
    project.on("2025-04-14", "created", "crea")

    assert [line.split()[1] for line in project.states("crea")] == [
        "project_evaluation", "fundraising", "project_evaluation", "created",
    ]


@pytest.mark.parametrize("phase", ["project_evaluation", "entrepreneur_training", "fundraising", "created", "post_creation"])
def test_after_a_pause_it_goes_on_where_it_was(phase):
    journal = Journal(crea="CREATION")
    first = "created" if phase == "post_creation" else phase
    journal.on("2025-01-06", first, "crea")
    if phase != first:
        journal.on("2025-01-13", phase, "crea")
    journal.on("2025-02-03", "paused", "crea", reason="SANTE")
    journal.on("2025-03-03", "resumed", "crea")

    assert journal.states("crea")[-2:] == ["2025-02-03 paused", f"2025-03-03 {phase}"]
    assert journal.pathway("2025-03-03").discordances == []


def test_a_second_pause_is_not_ended_by_the_first_return(project):
    project.on("2025-02-03", "paused", "crea", reason="SANTE")
    project.on("2025-03-03", "resumed", "crea")
    project.on("2025-03-24", "paused", "crea", reason="SANTE")

    assert project.state("crea", "2025-12-31") == "paused"


def test_a_paused_project_may_be_taken_up_at_another_phase_or_abandoned(project):
    project.on("2025-02-03", "paused", "crea", reason="SANTE")

    assert project.refused("2025-03-03", "fundraising", "crea") == []
    project.on("2025-03-03", "abandoned", "crea", reason="PROJET_CHANGE")
    assert project.state("crea", "2025-03-03") == "abandoned"


def test_what_is_created_is_not_abandoned_but_closes(project):
    project.on("2025-02-03", "created", "crea")

    assert project.refused("2025-03-03", "abandoned", "crea") == ["not_from_this_state"]
    project.on("2025-11-03", "business_closed", "crea", outcome="RECHERCHE_EMPLOI")
    closed = project.step("crea", "2025-11-03")
    assert (str(closed.state), closed.outcome) == ("closed", "RECHERCHE_EMPLOI")


def test_somebody_registered_or_in_a_csp_with_a_project_may_enter():
    journal = Journal(crea="CREATION", csp="CSP")
    journal.on("2024-12-02", "ft_deregistered", reason="EMPLOI")

    assert journal.refused("2025-01-06", "project_evaluation", "crea") == ["condition_not_met"]
    journal.on("2024-12-09", "accompaniment_started", "csp")
    journal.on("2024-12-09", "csp_plan_signed", "csp")
    assert journal.refused("2025-01-06", "project_evaluation", "crea") == []


def test_without_a_project_nobody_enters():
    journal = Journal(crea="CREATION")
    journal.on("2024-12-02", "condition_stated", condition="creation_project", holds=False)

    assert journal.refused("2025-01-06", "project_evaluation", "crea") == ["condition_not_met"]


@pytest.mark.parametrize("by", ["ft", "ml", "region", "of"])
def test_several_bodies_may_begin_it(by):
    assert Journal(crea="CREATION").refused("2025-01-06", "project_evaluation", "crea", by=by) == []


def test_it_dates_from_the_programme_of_the_region():
    assert Journal(crea="CREATION").refused("2016-12-31", "project_evaluation", "crea") == ["scheme_not_open"]
    assert Journal(crea="CREATION").refused("2017-01-01", "project_evaluation", "crea") == []
