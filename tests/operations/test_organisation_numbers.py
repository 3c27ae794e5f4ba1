"""The numbers of an organisation: its own, or those of a partner without account; each is one organisation's."""

from __future__ import annotations

import uuid

import pytest

from pathways import db
from pathways.errors import NotVisible, Refused
from pathways.models import Kind, Organisation
from pathways.operations.organisation_numbers import keep_organisation_numbers
from tests.factories import OrganisationFactory, siret

UAI, NDA = "0442286W", "52440123444"


@pytest.fixture
def ml(session):
    return OrganisationFactory(siret=None)


def keep(organisation, by, **typed):
    keep_organisation_numbers(organisation.public_id, typed, organisation_id=by.id)
    db.session().expire_all()
    return db.session().get(Organisation, organisation.id)


def refused(organisation, by, **typed) -> tuple[str, ...]:
    with pytest.raises(Refused) as refusal:
        keep(organisation, by, **typed)
    return refusal.value.codes


def test_a_mission_locale_has_its_siret_and_its_code(ml):
    kept = keep(ml, ml, siret="732 829 320 00074", code="44109s00")

    assert (kept.siret, kept.code) == ("73282932000074", "44109S00")
    assert keep(ml, ml, code="").code is None


def test_a_centre_has_its_school_number_and_its_declaration(ml):
    centre = OrganisationFactory(cfa=True, siret=None, has_account=False)

    kept = keep(centre, ml, uai=UAI.lower(), nda="52 44 01234 44", code="44109S00")

    assert (kept.uai, kept.nda, kept.code) == (UAI, NDA, None)


@pytest.mark.parametrize(
    ("kind", "typed", "codes"),
    [
        (Kind.MISSION_LOCALE, {"code": "44109"}, ("i_milo_structure_shape",)),
        (Kind.FRANCE_TRAVAIL, {"code": "44109S00"}, ("safir_shape",)),
        (Kind.CFA, {"siret": "1", "uai": "0442286X", "nda": "1"}, ("siret_length", "uai_key", "nda_shape")),
        (Kind.EMPLOYEUR, {"siret": "2 03 05 44 109 012 34"}, ("nir_as_number",)),
    ],
)
def test_what_is_no_number_is_refused(session, kind, typed, codes):
    body = OrganisationFactory(kind=kind)

    assert refused(body, body, **typed) == codes


def test_a_code_is_one_organisations_and_siret_and_uai_one_of_each_kinds(ml):
    first = OrganisationFactory(cfa=True, siret=siret(1), has_account=False, town="CFA de Nantes")
    second = OrganisationFactory(cfa=True, siret=None, has_account=False)
    body = OrganisationFactory(training_body=True, siret=None, has_account=False)
    other = OrganisationFactory(code="44109S00")

    assert refused(second, ml, siret=siret(1)) == ("partner_known",)
    assert keep(second, ml, siret=siret(1), uai=UAI).uai == UAI
    assert keep(body, ml, siret=siret(1)).siret == first.siret
    assert refused(ml, ml, code=other.code) == ("organisation_code_known",)


def test_one_with_an_account_keeps_its_own(ml):
    other = OrganisationFactory()

    assert refused(other, ml, siret=siret(9)) == ("partner_has_account",)


def test_one_that_does_not_exist_is_not_found(ml):
    with pytest.raises(NotVisible):
        keep_organisation_numbers(uuid.uuid4(), {}, organisation_id=ml.id)
