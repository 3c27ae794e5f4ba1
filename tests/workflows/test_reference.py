"""The shared lists: communes, groupings, missions locales, levels, ages, classes."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.models import Level as StoredLevel
from pathways.workflows.identifiers import read_identifier
from pathways.workflows.reference import places
from pathways.workflows.reference.statistics import (
    AGE_BANDS,
    CLASSES,
    LEVELS,
    age_band,
    level_from_old,
    level_number,
)


def test_every_commune_and_every_grouping_has_a_code_that_passes_its_check():
    assert all(read_identifier("commune", code) == code for code in places.communes())
    assert all(read_identifier("epci", siren) == siren for siren in places.epcis())


def test_the_region_has_its_communes_in_five_departements():
    counted = Counter(commune.departement for commune in places.communes().values())

    assert {code: counted[code] for code in places.DEPARTEMENTS} == {"44": 207, "49": 176, "53": 240, "72": 352, "85": 253}


def test_sixty_nine_groupings_two_that_reach_in_from_outside_and_the_isle():
    found = places.epcis()

    assert len(found) == 69 + 2 + 1
    assert found["243500741"].departement == "44"  # Redon
    assert found["246100663"].departement == "72"  # Alençon
    assert found[places.ISLE_SIREN].name == "L'Île-d'Yeu"
    assert [commune.code for commune in places.communes_of(places.ISLE_SIREN)] == ["85113"]


def test_every_commune_is_in_a_grouping_of_the_table():
    assert {commune.epci for commune in places.communes().values()} == set(places.epcis())


@pytest.mark.parametrize(
    ("siren", "across"), [("244400610", {"56": 3}), ("244400552", {"49": 1}), ("200072676", {"61": 2})]
)
def test_a_grouping_may_reach_over_the_border_of_its_departement(siren, across):
    home = places.epcis()[siren].departement
    counted = Counter(commune.departement for commune in places.communes_of(siren) if commune.departement != home)

    assert counted == across


def test_the_twenty_one_missions_locales_have_the_code_of_a_structure_and_a_seat():
    found = places.missions_locales()

    assert len(found) == 21
    assert all(read_identifier("i_milo_structure", code) == code for code in found)
    assert all(places.communes()[each.commune].departement == each.departement for each in found.values())
    assert {commune.mission_locale for commune in places.communes().values()} == {*found, ""}


def test_a_postcode_leads_to_its_communes():
    assert [commune.name for commune in places.of_postcode("44000")] == ["Nantes"]
    assert places.of_postcode("75001") == ()


def test_levels_are_those_that_are_stored():
    assert list(LEVELS) == [str(level) for level in StoredLevel]


@pytest.mark.parametrize(
    ("code", "day", "shown"),
    [
        ("4", date(2018, 12, 31), "IV"),
        ("4", date(2019, 1, 1), "4"),
        ("infra3", date(2017, 1, 1), "VI–V bis"),
        ("8", date(2017, 1, 1), "I"),
    ],
)
def test_a_level_has_its_old_number_before_2019(code, day, shown):
    assert level_number(code, day) == shown


@pytest.mark.parametrize(
    ("old", "code"), [("V", "3"), ("iv", "4"), ("V bis", "infra3"), ("Vbis", "infra3"), ("I", None), ("9", None)]
)
def test_an_old_number_says_one_level_or_none(old, code):
    assert level_from_old(old) == code


@given(st.integers(0, 110))
def test_every_age_is_in_one_band(age):
    assert sum(first <= age and (last is None or age <= last) for first, last in AGE_BANDS.values()) == 1


@pytest.mark.parametrize(
    ("day", "band"),
    [
        (date(2026, 5, 9), "under_18"), (date(2026, 5, 10), "18_21"), (date(2030, 5, 10), "22_25"), (date(2034, 5, 9), "22_25"),
        (date(2034, 5, 10), "26_44"), (date(2053, 5, 10), "45_54"), (date(2063, 5, 10), "55_plus"),
    ],
)  # fmt: skip
def test_one_changes_band_on_a_birthday(day, band):
    assert age_band(date(2008, 5, 10), day) == band


def test_nobody_has_an_age_before_birth():
    with pytest.raises(ValueError, match="after"):
        age_band(date(2008, 5, 10), date(2008, 5, 9))


def test_there_are_eight_classes():
    assert list(CLASSES) == list("12345678")
