"""One row: what is accepted, how it is understood, and the messages senders already know."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathways.exchange.dossiers_apprenants.wording import ADVICE, WARNED
from pathways.schemas.dossiers_apprenants.issues import ERRORS, WARNINGS
from pathways.schemas.dossiers_apprenants.payload import properties, read_row, required
from tests.exchange.dossiers_apprenants.conftest import a_row

CASES = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))["cases"]


def of_kind(kind):
    return [pytest.param(case, id=case["id"]) for case in CASES if case["kind"] == kind]


def messages(row):
    return sorted((list(issue.path), issue.message) for issue in row.issues)


@pytest.mark.parametrize("case", of_kind("payload"))
def test_the_known_rows_give_the_known_answers(case):
    row = read_row(case["input"]["payload"])

    assert messages(row) == sorted((error["path"], error["message"]) for error in case["expected"]["row_errors"])
    for name, value in case["expected"].get("normalised", {}).items():
        assert row.values[name] == value
    dropped = {warning.field for warning in row.warnings if warning.code == "value_ignored"}
    assert dropped == set(case["expected"].get("silently_nulled", []))


@pytest.mark.parametrize("each", [each for case in CASES if case["kind"] == "table" for each in case["expected"]], ids=str)
def test_the_known_phones_give_the_known_answers(each):
    row = read_row({"tel_apprenant": each["value"]})

    said = [issue.message for issue in row.issues if issue.path == ("tel_apprenant",)]
    assert (row.values.get("tel_apprenant"), said) == (each["normalised"], [each["error"]] if each["error"] else [])


def test_a_client_may_send_seventy_properties_of_which_twelve_are_required():
    assert (len(properties()), len(required())) == (70, 12)


def read(name, value):
    """(what is kept, code and message of the refusal)."""
    row = read_row(a_row(**{name: value}))
    issue = next((issue for issue in row.issues if issue.path == (name,)), None)
    return row.values.get(name) if issue is None else (issue.code, issue.message)


DATE = "date_obtention_diplome_formation"
POSTAL = "Le code postal doit faire 5 caractères numériques exactement"


@pytest.mark.parametrize(
    ("name", "sent", "kept"),
    [
        (DATE, "2025-07-04", date(2025, 7, 4)),
        (DATE, "2025-07-04T00:00:00.000Z", date(2025, 7, 4)),
        (DATE, "2025-07-03T22:00:00.000Z", date(2025, 7, 4)),
        (DATE, "2025-01-03T23:00:00Z", date(2025, 1, 4)),
        (DATE, "2025-07-04T01:00:00+05:00", date(2025, 7, 3)),
        (DATE, "2025-07-04T23:30:00", date(2025, 7, 4)),
        (DATE, "2000-02-31", date(2000, 3, 2)),
        (DATE, "2000-13-45", ("date_invalid", "Invalid date")),
        (DATE, "04/07/2025", ("date_invalid", "Date invalide")),
        (DATE, " 2025-07-04", ("date_invalid", "Date invalide")),
        (DATE, "", ("date_invalid", "Date invalide")),
        (DATE, 20250704, ("date_invalid", "Date invalide")),
        ("annee_scolaire", "2025 / 2026", "2025-2026"),
        ("annee_scolaire", "2022-2022", "2022-2022"),
        ("prenom_apprenant", "  Zoé ", "Zoé"),
        ("nom_apprenant", 12, ("not_text", "String attendu")),
        ("nom_apprenant", "  ", ("too_short", "String must contain at least 1 character(s)")),
        ("id_erp_apprenant", 123, "123"),
        ("id_erp_apprenant", "", ""),
        ("id_erp_apprenant", 0, ("not_text", "String attendu")),
        ("statut_apprenant", "3x", 3),
        ("statut_apprenant", 1, ("status_invalid", "Valeurs possibles: 0,2,3")),
        ("ine_apprenant", " 123abc ", "123ABC"),
        ("email_contact", "", ("email_invalid", "Email non valide")),
        ("code_postal_apprenant", 1000, "01000"),
        ("code_postal_apprenant", "123456", ("postal_code_invalid", POSTAL)),
        ("code_commune_insee_apprenant", "2A004", "2A004"),
        ("code_commune_insee_apprenant", 1001, ("insee_code_invalid", "Format invalide")),
        ("sexe_apprenant", "H", "M"),
        ("sexe_apprenant", 2, "F"),
        ("sexe_apprenant", "m", ("sex_invalid", "M, H ou F attendu")),
        ("rqth_apprenant", 1, ("not_boolean", "Boolean attendu")),
        ("derniere_situation", "4001", 4001),
        ("derniere_situation", 0, None),
        ("derniere_situation", 1234, ("situation_invalid", "Invalid input")),
        ("dernier_organisme_uai", "044", "044"),
        ("dernier_organisme_uai", "2A", "2A"),
        ("dernier_organisme_uai", "975", ("last_school_invalid", "UAI ou département")),
        ("type_cfa", 4, "04"),
        ("libelle_court_formation", "C", ("too_short", "String must contain at least 2 character(s)")),
        ("annee_formation", "2", 2),
        ("annee_formation", 1.5, ("number_invalid", "Integer attendu")),
        ("annee_formation", "", ("number_invalid", "Number attendu")),
        ("annee_formation", -1, ("number_invalid", "Number must be greater than or equal to 0")),
        ("formation_rncp", "5364", "RNCP5364"),
        ("formation_rncp", "rncp 53.64", "RNCP5364"),
        ("formation_rncp", "", ("rncp_invalid", "Code RNCP invalide")),
        ("formation_cfd", " 1234abcd", "1234ABCD"),
        ("duree_theorique_formation_mois", 0, None),
        ("duree_theorique_formation_mois", "24", 24),
        ("cause_rupture_contrat", 3, ("not_text", "String attendu")),
        ("siret_employeur", "123 456 789 01234", "12345678901234"),
        ("siret_employeur", "bad", None),
        ("etablissement_formateur_siret", 77937827200016, "77937827200016"),
        ("etablissement_formateur_uai", " 0442345x ", "0442345X"),
    ],
)
def test_each_value_is_read_as_the_public_receiver_reads_it(name, sent, kept):
    assert read(name, sent) == kept


def test_null_is_absent_and_what_is_unknown_is_ignored_and_said():
    row = read_row(a_row(sexe_apprenant=None, couleur="bleu", has_nir=True, source="ERP"))

    assert row.issues == []
    assert [(warning.code, warning.field) for warning in row.warnings] == [("unknown_property", "couleur")]


def test_a_contract_without_a_start_gives_two_issues():
    row = read_row(a_row(contrat_date_fin_2="2026-06-30", cause_rupture_contrat_2="démission"))

    assert [(issue.code, issue.path) for issue in row.issues] == [
        ("contract_without_start", ("contrat_date_fin_2", "cause_rupture_contrat_2")),
        ("contract_without_start", ("contrat_date_debut_2",)),
    ]


def test_a_training_does_not_end_before_it_begins():
    row = read_row(a_row(date_fin_formation="2025-08-31"))

    assert [(issue.code, issue.path) for issue in row.issues] == [("ends_before_start", ("date_fin_formation",))]


def test_what_is_to_be_cleared_is_a_list_of_known_names():
    row = read_row(a_row(champs_a_effacer=["date_exclusion_formation", "nom_apprenant", "rien"]))
    assert row.clears == {"date_exclusion_formation"}
    assert [warning.code for warning in row.warnings] == ["clearing_required", "clearing_unknown"]

    assert [issue.code for issue in read_row(a_row(champs_a_effacer="nom")).issues] == ["clearing_invalid"]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20) | st.just("2025-01-01"),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*properties(), "champs_a_effacer", "?"]), ANYTHING, max_size=8))
def test_whatever_is_sent_is_read_or_refused_with_a_code_of_the_list(said):
    row = read_row(a_row() | said)

    assert {issue.code for issue in row.issues} <= set(ERRORS)
    assert {warning.code for warning in row.warnings} <= set(WARNINGS)
    assert "nir_apprenant" not in row.values


def test_every_code_is_explained():
    assert set(ADVICE) == set(ERRORS)
    assert set(WARNED) == set(WARNINGS)
