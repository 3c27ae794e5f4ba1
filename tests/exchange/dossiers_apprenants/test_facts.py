"""From a row to dated facts: whatever the dates, what is declared fits the journal and folds."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathways.exchange.dossiers_apprenants.causes import reason_of
from pathways.exchange.dossiers_apprenants.content import merged
from pathways.exchange.dossiers_apprenants.facts import facts, identity
from pathways.schemas.dossiers_apprenants.payload import read_row
from pathways.schemas.entries import read_details
from pathways.workflows.entry import Entry
from pathways.workflows.fold import pathway
from pathways.workflows.outcomes import BREAK_REASONS
from pathways.workflows.schemes import SCHEMES
from tests.exchange.dossiers_apprenants.conftest import a_row

TODAY = date(2026, 3, 2)
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31)).map(date.isoformat)
DATES = [
    "date_entree_formation", "date_fin_formation", "date_exclusion_formation", "date_obtention_diplome_formation",
    "date_metier_mise_a_jour_statut",
    *(f"contrat_date_{name}{suffix}" for suffix in ("", "_2", "_3") for name in ("debut", "fin", "rupture")),
]
CODES = {
    "statut_apprenant": st.sampled_from([0, 2, 3]),
    "obtention_diplome_formation": st.booleans(),
    "cause_rupture_contrat": st.sampled_from(["démission", "obtention du diplôme"]),
}
SAID = st.fixed_dictionaries({}, optional=dict.fromkeys(DATES, DAYS) | CODES)


def content_of(*rows):
    content = None
    for said in rows:
        content, _warnings = merged(content, read_row(a_row(**said)), TODAY)
    return content


def folded(declared, today):
    """The pathway of one person to whom exactly these facts are declared."""
    entries = [
        Entry(
            n, fact.type, fact.on, TODAY, 1, "cfa", fact.step, "APPRENTISSAGE", read_details(fact.type, fact.data), None, n,
            json.dumps(fact.data, sort_keys=True),
        )
        for n, fact in enumerate(declared)
    ]
    return pathway(entries, today, today)


@settings(deadline=None)
@given(st.lists(SAID, min_size=1, max_size=3))
def test_whatever_the_dates_the_facts_fit_the_journal_and_fold(rows):
    content = content_of(*rows)
    declared = facts(content, TODAY)

    assert facts(json.loads(json.dumps(content)), TODAY) == declared
    assert len({fact.key for fact in declared}) == len(declared)
    assert {fact.type for fact in declared} <= set(SCHEMES["APPRENTISSAGE"].workflow.events)
    read_details("identity_stated", identity(content))
    for day in (TODAY, date(2029, 1, 1)):
        folded(declared, day)


@settings(deadline=None)
@given(SAID)
def test_the_same_row_again_changes_nothing(said):
    once, twice = content_of(said), content_of(said, said)

    assert once == twice


def test_nothing_sent_in_order_is_a_discordance():
    rows = [
        {"contrat_date_rupture": "2026-01-05", "contrat_date_debut_2": "2026-02-02"},
        {"contrat_date_debut": "2025-10-01"},
        {"date_exclusion_formation": "2026-02-01"},
        {"contrat_date_rupture": "2025-08-20", "contrat_date_debut_2": "2025-10-01"},
        {"contrat_date_debut": ..., "contrat_date_fin": ..., "date_exclusion_formation": "2025-10-01"},
        {"contrat_date_fin": "2026-01-31", "obtention_diplome_formation": True, "date_obtention_diplome_formation": "2026-01-20"},
    ]
    for said in rows:
        assert folded(facts(content_of(said), TODAY), TODAY).discordances == [], said


def test_a_contract_that_overlaps_corrects_the_one_left_out_and_a_later_one_does_not():
    moved = content_of({}, {"contrat_date_debut": "2025-09-15"})
    later = content_of({"contrat_date_rupture": "2026-01-05"}, {"contrat_date_debut": "2026-02-02"})
    elsewhere = content_of({"siret_employeur": "1" * 14}, {"contrat_date_debut": "2025-09-15", "siret_employeur": "2" * 14})

    assert [each["start"] for each in moved["contrats"]] == ["2025-09-15"]
    assert [each["start"] for each in later["contrats"]] == ["2025-09-01", "2026-02-02"]
    assert [each["start"] for each in elsewhere["contrats"]] == ["2025-09-01", "2025-09-15"]


@pytest.mark.parametrize(
    ("cause", "code"),
    [
        ("Démission", "INITIATIVE_APPRENTI"),
        ("résiliation", "ACCORD_COMMUN"),
        ("rupture d'un COMMUN accord", "ACCORD_COMMUN"),
        ("Obtention du diplôme", "OBTENTION_DIPLOME"),
        ("faute lourde", "FAUTE_GRAVE"),
        ("Inaptitude médicale", "INAPTITUDE"),
        ("force majeure", "FORCE_MAJEURE"),
        ("Liquidation judiciaire de l'entreprise", "LIQUIDATION_EMPLOYEUR"),
        ("période d'essai à l’initiative de l'employeur", "ESSAI_EMPLOYEUR"),
        ("😀", "AUTRE"),
        ("", "AUTRE"),
        (None, "AUTRE"),
    ],
)
def test_a_cause_typed_freely_is_read_as_a_code(cause, code):
    assert reason_of(cause) == code
    assert code in BREAK_REASONS
