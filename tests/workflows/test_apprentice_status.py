"""The statuses of the public apprenticeship dashboard: the known cases, and what holds for any dates."""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathways.workflows.apprentice_status import Contract, Session, Status, Thresholds, status_on, statuses

VECTORS = Path(__file__).parents[1] / "exchange" / "dossiers_apprenants" / "vectors.json"
CASES = json.loads(VECTORS.read_text(encoding="utf-8"))["cases"]


def day(text):
    return date.fromisoformat(text[:10]) if text else None


def session_of(said):
    contracts = tuple(
        Contract(day(each["date_debut"]), day(each["date_fin"]), day(each["date_rupture"])) for each in said["contrats"]
    )
    return Session(day(said["session"]["debut"]), day(said["session"]["fin"]), contracts, day(said["exclusion"]))


def of_payload(said):
    def of(n):
        return Contract(*(day(said.get(f"contrat_date_{name}{n}")) for name in ("debut", "fin", "rupture")))

    contracts = tuple(of(n) for n in ("", "_2") if said.get(f"contrat_date_debut{n}"))
    return Session(
        day(said["date_entree_formation"]), day(said["date_fin_formation"]), contracts, day(said.get("date_exclusion_formation"))
    )


def path(session):
    return [(since.on.isoformat(), since.status.value) for since in statuses(session)]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in CASES if case["kind"] == "status"])
def test_the_known_sessions_give_the_known_paths(case):
    session = session_of(case["input"])

    assert path(session) == [(step["date"], step["valeur"]) for step in case["expected"]["parcours"]]
    assert status_on(session, day(case["input"]["evaluation_date"])).status == case["expected"]["en_cours"]


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=case["id"]) for case in CASES if case["kind"] == "payload" and "statut" in case["expected"]]
)
def test_the_known_rows_give_the_known_paths(case):
    expected = case["expected"]["statut"]["parcours"]

    assert path(of_payload(case["input"]["payload"])) == [(step["date"], step["valeur"]) for step in expected]


YEAR = {"start": date(2024, 9, 1), "end": date(2025, 8, 31)}


@pytest.mark.parametrize(
    ("session", "expected"),
    [
        (Session(**YEAR), [("2024-09-01", "INSCRIT", "R1"), ("2024-11-30", "ABANDON", "R4a")]),
        (
            Session(**YEAR, contracts=(Contract(date(2024, 9, 1), date(2025, 8, 31), date(2024, 12, 1)),)),
            [("2024-09-01", "APPRENTI", "R2"), ("2024-12-01", "RUPTURANT", "R4b"), ("2025-05-30", "ABANDON", "R4b")],
        ),
        (
            Session(**YEAR, contracts=(Contract(date(2024, 9, 1), None, date(2024, 9, 1)),), exclusion=date(2024, 10, 1)),
            [("2024-09-01", "INSCRIT", "R1"), ("2024-10-01", "ABANDON", "R3")],
        ),
        (
            Session(date(2024, 9, 1), date(2024, 11, 1)),
            [("2024-09-01", "INSCRIT", "R1"), ("2024-11-01", "FIN_DE_FORMATION", "R6")],
        ),
        (
            Session(**YEAR, contracts=(Contract(date(2024, 8, 1), date(2025, 7, 15)),)),
            [("2024-08-01", "APPRENTI", "R2"), ("2025-07-16", "FIN_DE_FORMATION", "R5")],
        ),
    ],
)
def test_each_status_names_the_rule_that_gave_it(session, expected):
    assert [(since.on.isoformat(), since.status.value, since.rule) for since in statuses(session)] == expected


def test_thresholds_are_parameters():
    sooner = Thresholds(never_in_contract=30)

    assert [since.on for since in statuses(Session(**YEAR), sooner)][1] == date(2024, 10, 1)


def test_a_session_that_ends_before_it_starts_is_enrolled_for_ever():
    session = Session(date(2025, 9, 1), date(2025, 8, 1))

    assert statuses(session) == []
    assert status_on(session, date(2030, 1, 1)).status is Status.INSCRIT


DAYS = st.dates(date(2023, 1, 1), date(2026, 12, 31))
CONTRACTS = st.builds(Contract, DAYS, st.none() | DAYS, st.none() | DAYS)
SESSIONS = st.builds(Session, DAYS, DAYS, st.lists(CONTRACTS, max_size=4).map(tuple), st.none() | DAYS)


@settings(deadline=None)
@given(SESSIONS, DAYS)
def test_any_dates_have_one_status_a_day_and_contracts_in_any_order_the_same(session, on):
    found = statuses(session)
    backwards = Session(session.start, session.end, session.contracts[::-1], session.exclusion)

    assert found == statuses(session) == statuses(backwards)
    assert [since.on for since in found] == sorted({since.on for since in found})
    assert all(before.status != after.status for before, after in pairwise(found))
    assert status_on(session, on).status in Status


@settings(deadline=None)
@given(DAYS, st.integers(200, 600))
def test_a_later_contract_starts_the_count_again_even_after_an_abandon(start, length):
    end = start + timedelta(length)
    late = Contract(start + timedelta(120), None, start + timedelta(150))
    session = Session(start, end, (late,))

    assert status_on(session, late.start - timedelta(1)).status is Status.ABANDON
    assert status_on(session, late.start).status is Status.APPRENTI
    assert status_on(session, start + timedelta(150)).status is Status.RUPTURANT


@settings(deadline=None)
@given(SESSIONS)
def test_nobody_is_anything_but_gone_from_an_exclusion_on(session):
    if session.exclusion is None:
        return
    after = [since.status for since in statuses(session) if since.on >= session.exclusion]

    assert set(after) <= {Status.ABANDON, Status.FIN_DE_FORMATION}
