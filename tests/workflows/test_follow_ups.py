"""What an answer to a follow-up counts as in F12 and F13, and that the lists of codes say what the sheets say."""

import pytest

from pathways.workflows import outcomes
from pathways.workflows.follow_ups import ANSWERS, OFFERED, SITUATIONS, WORKING, reading
from pathways.workflows.obstacle_codes import ACTIONS, ALL_ACTIONS, ALL_VALUES, PROTECTED, THEMES, VALUES, belongs
from pathways.workflows.outcomes import Category


def counted(situation, **more):
    said = reading({"situation": situation, **more})
    return said.working, said.durable


@pytest.mark.parametrize(
    ("more", "durable"),
    [
        ({"contract": "cdi"}, True),
        ({"contract": "fonction_publique"}, True),
        ({"contract": "cdd", "months": 6}, True),
        ({"contract": "cdd", "months": 5}, False),
        ({"contract": "interim", "length": "6m_plus"}, True),
        ({"contract": "cdd", "length": "moins_6m"}, False),
        ({"contract": "cdd", "length": "inconnue"}, None),
        ({}, None),
        ({"contract": "cui_cae", "months": 9}, False),
    ],
)
def test_a_job_is_durable_from_six_months(more, durable):
    assert counted("EN_EMPLOI", **more) == (True, durable)


@pytest.mark.parametrize(
    ("situation", "counts"),
    [
        ("CREATION_ENTREPRISE", (True, True)),
        ("EN_ALTERNANCE", (True, False)),
        ("EMPLOI_CDI", (True, True)),
        ("EMPLOI_CDD_MOINS_6M", (True, False)),
        ("ALTERNANCE_PRO", (True, False)),
        ("AUTRE_SIAE", (True, False)),
        ("EN_FORMATION", (False, False)),
        ("RECHERCHE_EMPLOI", (False, False)),
        ("SERVICE_CIVIQUE", (False, False)),
    ],
)
def test_what_is_a_job_and_what_is_not(situation, counts):
    assert counted(situation) == counts


def test_part_time_suffered_is_told_apart():
    assert reading({"situation": "EN_EMPLOI", "working_time": "partiel_subi"}).part_time_suffered
    assert not reading({"situation": "EN_EMPLOI", "working_time": "partiel_choisi"}).part_time_suffered


def test_nobody_reached_is_no_answer_and_somebody_unavailable_leaves_the_count():
    assert not reading({"situation": "INJOIGNABLE"}).answered
    assert reading({"situation": "INDISPONIBLE"}).neutral
    assert reading({"situation": "MATERNITE"}).neutral


def test_earlier_codes_stay_answers_and_what_is_offered_is_known():
    assert set(outcomes.EXITS) <= set(ANSWERS)
    assert set(SITUATIONS) <= set(ANSWERS)
    assert set(OFFERED) == WORKING


def test_outcomes_are_those_of_the_sheet():
    by = {category: {code for code, (of, _label) in outcomes.OUTCOMES.items() if of is category} for category in Category}

    assert by[Category.DURABLE_JOB] == {
        "EMPLOI_CDI", "EMPLOI_CDD_6M_PLUS", "INTERIM_6M_PLUS", "FONCTION_PUBLIQUE", "CREATION_ENTREPRISE"
    }  # fmt: skip
    assert by[Category.TRANSITION_JOB] == {"EMPLOI_CDD_MOINS_6M", "INTERIM_MOINS_6M", "CONTRAT_AIDE"}
    assert by[Category.WORK_STUDY] == {"ALTERNANCE_APPRENTISSAGE", "ALTERNANCE_PRO"}
    assert by[Category.NEUTRALISED] == {
        "SANTE_LONGUE", "MATERNITE", "INCARCERATION", "RETRAITE", "DECES", "ESAT", "SAISIE_ERREUR"
    }  # fmt: skip


def test_reasons_that_are_no_rupture_are_known_reasons():
    assert set(outcomes.BREAK_REASONS) > outcomes.NOT_A_RUPTURE
    assert {"LIQUIDATION_EMPLOYEUR", "INAPTITUDE", "EXCLUSION_CFA", "ACCORD_COMMUN"}.isdisjoint(outcomes.NOT_A_RUPTURE)


def test_what_comes_of_a_contact_after_a_rupture():
    assert len(outcomes.AFTER_RUPTURE) == 11
    assert len(outcomes.RUPTURE_THEMES) == 9
    assert set(outcomes.NOT_REACHED_AFTER_RUPTURE) < set(outcomes.AFTER_RUPTURE)


# obstacles


def test_every_theme_has_values_and_actions_of_its_own():
    assert set(VALUES) == set(ACTIONS) == set(THEMES)
    assert len(ALL_VALUES) == sum(len(values) for values in VALUES.values())
    assert len(ALL_ACTIONS) == sum(len(actions) for actions in ACTIONS.values()) + 1
    assert set(outcomes.OBSTACLE_THEMES) - set(THEMES) == {"garde_enfant"}
    assert set(VALUES["sante"]) | set(ACTIONS["sante"]) == PROTECTED


@pytest.mark.parametrize(
    ("code", "theme", "fits"),
    [
        ("mob_permis", "mobilite", True),
        ("mob_permis", "langue", False),
        (None, "langue", True),
        ("fam_garde", "garde_enfant", True),
    ],
)
def test_a_value_belongs_to_its_theme(code, theme, fits):
    assert belongs(code, theme, VALUES) is fits


@pytest.mark.parametrize("label", sorted({**ALL_VALUES, **ALL_ACTIONS}.values()))
def test_no_value_speaks_of_an_illness(label):
    assert not any(word in label.lower() for word in ("maladie", "dépress", "addict", "psy", "trouble", "patholog", "handicapé"))
