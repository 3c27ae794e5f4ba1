"""Signals that come from one fact about many, told of one step: what an incident adds is in ``tests/detection``."""

import pytest

from tests.journal import Journal

UNTIL = "2025-06-30"


@pytest.fixture
def trainee():
    journal = Journal(visa="PRF_VISA_METIERS", other="PRF_VISA_METIERS")
    journal.on("2025-01-13", "entered", "visa", planned_end="2025-09-30")
    journal.on("2025-03-03", "body_closed", "visa")
    return journal


def test_a_body_that_closed_shows_that_day(trainee):
    assert trainee.shown("body_closed", UNTIL) == ["alert 2025-03-03 →"]


def test_the_next_step_that_begins_closes_it(trainee):
    trainee.on("2025-03-24", "admitted", "other", planned_start="2025-04-14", by="of2")
    assert trainee.shown("body_closed", "2025-04-13") == ["alert 2025-03-03 →"]

    trainee.on("2025-04-14", "entered", "other", planned_end="2025-09-30", by="of2")
    assert trainee.shown("body_closed", UNTIL) == ["alert 2025-03-03 → 2025-04-14"]


def test_the_exit_closes_it(trainee):
    trainee.on("2025-03-10", "dropped", "visa")

    assert trainee.shown("body_closed", UNTIL) == ["alert 2025-03-03 → 2025-03-10"]


def test_another_step_that_was_running_already_does_not_close_it():
    journal = Journal(visa="PRF_VISA_METIERS", job="EMPLOI")
    journal.on("2025-01-13", "entered", "visa", planned_end="2025-09-30")
    journal.on("2025-02-03", "work_contract_started", "job", planned_end="2025-12-31")
    journal.on("2025-03-03", "body_closed", "visa")

    assert journal.shown("body_closed", UNTIL) == ["alert 2025-03-03 →"]
