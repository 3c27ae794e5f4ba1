"""Numbers of other systems: what is taken, what is refused and why; a social security number never passes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from pathways.errors import Reason
from pathways.sharing.refusals import reason_sentence
from pathways.workflows.identifiers import (
    IDENTIFIERS,
    UAI_LETTERS,
    compact,
    fault,
    qpv_map,
    read_identifier,
    read_qpv,
    uai_letter,
)
from pathways.workflows.nir import nir_shaped

NIR, NIR_WITH_KEY = "2 03 05 44 109 012", "203054410901234"
KINDS = sorted(IDENTIFIERS)


def code(found):
    return found.code if isinstance(found, Reason) else found


TAKEN = [
    ("france_travail", "1234567a", "1234567A"),
    ("france_travail", "12345678", "12345678"),
    ("france_travail", "123 4567 8901", "12345678901"),
    ("safir", "44101", "44101"),
    ("i_milo_structure", "44109s00", "44109S00"),
    ("i_milo", "1 234 567", "1234567"),
    ("ine", "123456789ab", "123456789AB"),
    ("ine", "0_1234567_Z".replace("_", "1"), "011234567" + "1Z"),
    ("ine", "123456789_K", "123456789_K"),
    ("ine", "1234A12345Z", "1234A12345Z"),
    ("siret", "732 829 320 00074", "73282932000074"),
    ("siret", "35600000000048", "35600000000048"),  # La Poste, head office: passes Luhn
    ("siret", "35600000049837", "35600000049837"),  # La Poste, an office: only the sum of its digits tells
    ("siren", "732.829.320", "732829320"),
    ("siren", "356 000 000", "356000000"),
    ("uai", "0442286w", "0442286W"),
    ("nda", "52 44 01234 44", "52440123444"),
    ("rncp", "rncp 37948", "RNCP37948"),
    ("rncp", "RS5080", "RS5080"),
    ("rncp", "37948", "37948"),
    ("rome", "g1602", "G1602"),
    ("formacode", "42752", "42752"),
    ("nsf", "334t", "334T"),
    ("nsf", "334", "334"),
    ("idcc", "0044", "0044"),
    ("naf", "56.10A", "5610A"),
    ("commune", "44109", "44109"),
    ("commune", "2a004", "2A004"),
    ("commune", "44110", "44110"),  # Nort-sur-Erdre, and the postcode of Châteaubriant: the code wins
    ("qpv", "QP044001", "QP044001"),
    ("qpv", "qn04401m", "QN04401M"),
    ("epci", "244 400 404", "244400404"),
    ("pass_iae", "99999 23 12345", "999992312345"),
    ("deca", "044202309012", "044202309012"),
]

REFUSED = [
    ("france_travail", "1234567", "france_travail_unreadable"),
    ("france_travail", "A2345678", "france_travail_unreadable"),
    ("france_travail", "123456789", "france_travail_unreadable"),
    ("safir", "4410", "safir_shape"),
    ("i_milo_structure", "44109T00", "i_milo_structure_shape"),
    ("i_milo", "12A", "i_milo_shape"),
    ("ine", "1234567890", "ine_unreadable"),
    ("ine", "1234B12345Z", "ine_unreadable"),
    ("siret", "73282932000075", "siret_key"),
    ("siret", "0328293200007", "siret_length"),
    ("siret", "032829320000745", "siret_length"),
    ("siret", "7328293200007A", "siret_length"),
    ("siret", "35600000049838", "siret_key"),
    ("siret", "73282923000074", "siret_key"),  # two neighbours exchanged
    ("siren", "732829321", "siren_key"),
    ("siren", "7328293", "siren_length"),
    ("uai", "0442286X", "uai_key"),
    ("uai", "0442286I", "uai_key"),
    ("uai", "442286W", "uai_shape"),
    ("uai", "0442286", "uai_shape"),
    ("nda", "5244012344", "nda_shape"),
    ("rncp", "RNCP1", "rncp_shape"),
    ("rncp", "RX123", "rncp_shape"),
    ("rome", "Z1602", "rome_shape"),
    ("rome", "G160", "rome_shape"),
    ("formacode", "4275", "formacode_shape"),
    ("nsf", "33", "nsf_shape"),
    ("idcc", "44", "idcc_shape"),
    ("naf", "5610", "naf_shape"),
    ("commune", "44000", "commune_postcode"),
    ("commune", "Nantes", "commune_shape"),
    ("qpv", "QP44001", "qpv_shape"),
    ("qpv", "QN0440M1", "qpv_shape"),
    ("epci", "144400404", "epci_shape"),
    ("epci", "244400405", "epci_key"),
    ("pass_iae", "99999231234", "pass_iae_shape"),
    ("deca", "0442023", "deca_shape"),
]


@pytest.mark.parametrize(("kind", "typed", "kept"), TAKEN)
def test_a_number_is_kept_in_one_form_however_it_was_typed(kind, typed, kept):
    assert read_identifier(kind, typed) == kept


@pytest.mark.parametrize(("kind", "typed", "why"), REFUSED)
def test_what_is_no_number_of_that_kind_is_refused_for_its_own_reason(kind, typed, why):
    assert code(read_identifier(kind, typed)) == why


def test_every_kind_has_right_and_wrong_examples_here():
    assert {kind for kind, *_ in TAKEN} == {kind for kind, *_ in REFUSED} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_each_kind_is_right(kind):
    assert read_identifier(kind, IDENTIFIERS[kind].example) == IDENTIFIERS[kind].example


@pytest.mark.parametrize("kind", KINDS)
def test_a_refusal_says_what_is_expected_and_shows_an_example(kind):
    said = reason_sentence(IDENTIFIERS[kind].shape)

    shown = compact("".join(each for each in said if each.isascii()))
    assert any(right.upper() in shown for of, right, *_ in TAKEN if of == kind for right in [compact(right)])


@pytest.mark.parametrize("typed", [NIR, NIR_WITH_KEY, "1-99-12-2A-004-123", "720115678901245"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_social_security_number_is_refused_whatever_the_field(kind, typed):
    assert code(read_identifier(kind, typed)) == "nir_as_number"


@given(
    st.from_regex(r"[1-478][0-9]{2}(0[1-9]|1[0-2])([0-9]{2}|2[AB])[0-9]{6}([0-9]{2})?", fullmatch=True).filter(str.isascii),
    st.sampled_from(KINDS),
)
def test_no_field_takes_anything_of_the_shape_of_a_social_security_number(nir, kind):
    assert nir_shaped(nir)
    assert code(read_identifier(kind, nir)) == "nir_as_number"


@given(st.sampled_from(KINDS), st.text(max_size=25))
def test_what_is_kept_is_read_back_as_it_is(kind, typed):
    kept = read_identifier(kind, typed)
    if not isinstance(kept, Reason):
        assert read_identifier(kind, kept) == kept
        assert kept.isascii()


@given(st.integers(0, 10**8 - 1), st.integers(0, 9))
def test_one_wrong_digit_in_a_siren_is_always_seen(number, other):
    right = f"{number:08d}"
    right += luhn.calc_check_digit(right)
    wrong = f"{other}{right[1:]}"

    assert read_identifier("siren", right) == right
    assert (code(read_identifier("siren", wrong)) == "siren_key") == (wrong != right)


@given(st.integers(0, 9_999_999), st.sampled_from(UAI_LETTERS))
def test_a_uai_has_one_letter_only(number, letter):
    digits = f"{number:07d}"

    assert (read_identifier("uai", digits + letter) == digits + letter) == (letter == uai_letter(digits))


@pytest.mark.parametrize(
    ("typed", "day", "found"),
    [
        ("QP044001", date(2023, 12, 31), "QP044001"),
        ("QP044001", date(2024, 1, 1), "qpv_other_map"),
        ("QN04401M", date(2024, 1, 1), "QN04401M"),
        ("QN04401M", date(2023, 12, 31), "qpv_other_map"),
        ("QX", date(2024, 1, 1), "qpv_shape"),
    ],
)
def test_a_neighbourhood_is_of_the_map_in_force_that_day(typed, day, found):
    assert code(read_qpv(typed, day)) == found


def test_the_map_of_a_neighbourhood_is_read_from_its_code():
    assert (qpv_map("QP044001"), qpv_map("QN04401M")) == (2015, 2024)


def test_a_postcode_is_told_apart_with_the_code_to_write_instead():
    said = reason_sentence(fault("commune", "44000"))

    assert "code postal" in said
    assert "44109 pour Nantes" in said


def test_nothing_typed_is_no_fault():
    assert fault("siret", None) is fault("siret", " . ") is None
