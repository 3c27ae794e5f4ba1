"""Service civique and the contrat adulte-relais, line by line of their sheets."""

import pytest

from tests.journal import Journal


def signed(when="2025-01-06", born="2003-05-10", scheme="SERVICE_CIVIQUE", **more):
    return Journal(step=scheme, born=born).refused(when, "work_contract_signed", "step", **{"start": when, **more})


@pytest.fixture
def running():
    journal = Journal(step="SERVICE_CIVIQUE", cej="CEJ")
    journal.on("2025-01-06", "work_contract_started", "step", planned_end="2025-08-05")
    return journal


def test_a_mission_runs_from_its_first_day_without_trial(running):
    trial = {"broken_on": "2025-01-20", "reason": "ESSAI_SALARIE"}

    assert running.states("step") == ["2025-01-06 in_contract"]
    assert running.refused("2025-01-20", "contract_broken", "step", **trial) == ["no_trial"]


@pytest.mark.parametrize("reason", ["FAUTE_GRAVE", "FORCE_MAJEURE", "ACCORD_COMMUN"])
def test_it_is_broken_early_for_these_reasons(running, reason):
    assert running.refused("2025-03-03", "contract_broken", "step", broken_on="2025-03-03", reason=reason) == []
    running.on("2025-03-03", "contract_broken", "step", broken_on="2025-03-03", reason=reason)

    assert running.states("step")[-1] == "2025-03-03 broken_closed"


def test_left_for_a_job_it_is_completed(running):
    running.on("2025-03-03", "contract_broken", "step", broken_on="2025-03-03", reason="FIN_CDD_ANTICIPEE_EMBAUCHE")

    assert running.states("step")[-1] == "2025-03-03 completed"


def test_the_host_tells_an_absence_during_the_mission_only(running):
    assert running.refused("2025-02-03", "absence_reported", "step", by="emp") == []
    running.on("2025-08-05", "work_contract_ended", "step", outcome="ARRIVE_A_TERME")
    assert running.refused("2025-08-06", "absence_reported", "step", by="emp") == ["not_from_this_state"]


def test_what_follows_the_mission_is_asked_thirty_days_before_its_end(running):
    assert running.shown("exit_without_plan", "2025-12-31") == ["watch 2025-07-06 → 2025-08-05"]


@pytest.mark.parametrize(
    ("born", "reasons"),
    [
        ("2009-01-07", ["age_below_16"]),
        ("2009-01-06", []),
        ("1999-01-07", []),
        ("1999-01-06", ["age_above_26"]),
    ],
)
def test_from_16_to_25(born, reasons):
    assert signed(born=born) == reasons


def test_to_30_with_a_disability():
    journal = Journal(step="SERVICE_CIVIQUE", born="1994-01-07")
    journal.on("2024-01-08", "rqth_renewed", until="2028-01-01")

    assert journal.refused("2025-01-06", "work_contract_signed", "step", start="2025-01-06") == []
    assert journal.refused("2025-01-07", "work_contract_signed", "step", start="2025-01-07") == ["age_above_31"]


@pytest.mark.parametrize(
    ("asked", "reasons"),
    [
        ({"planned_end": "2025-07-05"}, []),
        ({"planned_end": "2025-07-04"}, ["contract_too_short"]),
        ({"planned_end": "2026-01-05"}, []),
        ({"planned_end": "2026-01-06"}, ["too_long"]),
        ({"hours_per_week": 24}, []),
        ({"hours_per_week": 23.5}, ["hours_too_low"]),
    ],
)
def test_six_to_twelve_months_and_24_hours_a_week(asked, reasons):
    assert signed(**asked) == reasons


def test_it_is_carried_on_within_twelve_months(running):
    assert running.refused("2025-07-01", "work_contract_renewed", "step", planned_end="2026-01-05") == []
    assert running.refused("2025-07-01", "work_contract_renewed", "step", planned_end="2026-01-06") == ["too_long"]


def test_it_exists_since_2010():
    assert signed("2010-03-09", born="1990-05-10") == ["scheme_not_open"]
    assert signed("2010-03-10", born="1990-05-10") == []


@pytest.mark.parametrize(
    ("when", "born", "reasons"),
    [
        ("2021-09-15", "1991-09-16", ["age_below_30"]),
        ("2021-09-15", "1991-09-15", []),
        ("2021-09-16", "1995-09-16", []),
        ("2021-09-16", "1995-09-17", ["age_below_26"]),
    ],
)
def test_the_age_of_an_adulte_relais_fell_in_2021(when, born, reasons):
    assert signed(when, born, "CONTRAT_ADULTE_RELAIS") == reasons


def test_an_adulte_relais_signs_for_three_years_and_renews_once():
    assert signed(born="1980-01-01", scheme="CONTRAT_ADULTE_RELAIS", planned_end="2028-01-06") == ["too_long"]
    journal = Journal(step="CONTRAT_ADULTE_RELAIS")
    journal.on("2022-01-03", "work_contract_started", "step", planned_end="2025-01-02")
    assert journal.refused("2024-12-02", "work_contract_renewed", "step", planned_end="2028-01-03") == ["too_long"]
    journal.on("2024-12-02", "work_contract_renewed", "step", planned_end="2028-01-02")
    assert journal.refused("2027-12-02", "work_contract_renewed", "step", planned_end="2028-12-31") == ["renewed_already"]
