"""Territories: one for each EPCI on every day, added and taken back, never rewritten; and that of many communes at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from pathways import db
from pathways.errors import NotVisible, Refused
from pathways.models import Kind, TerritoryEpci, Zoning
from pathways.operations.territories import Drawing, draw, withdraw
from pathways.queries.territories import history
from pathways.sharing.refusals import reason_sentences
from pathways.sharing.territories import Drawn, communes_in, in_force, names_on, territory_of
from pathways.workflows.reference import places
from tests.factories import OrganisationFactory, UserFactory

NANTES, SAINT_NAZAIRE, ANGERS, ISLE = "44109", "44184", "49007", "85113"
METROPOLE, REDON = "244400404", "243500741"
TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def monday(session, frozen_clock):
    """2 March 2026."""


@pytest.fixture
def region():
    return OrganisationFactory(kind=Kind.REGION, town="Région")


@pytest.fixture
def admin():
    return UserFactory()


@pytest.fixture
def ask(region, admin):
    """``ask(territories, day)``: draws them for the Région."""

    def go(territories, day=TODAY, **more):
        return draw(Drawing(territories, day, **more), organisation_id=region.id, user_id=admin.id)

    return go


def neutral() -> list[Drawn]:
    return list(in_force(TODAY).territories)


def with_metropolis() -> list[Drawn]:
    """Nantes Métropole on its own, the rest as it was."""
    kept = [
        Drawn(each.code, each.name, tuple(epci for epci in each.epcis if epci != METROPOLE)) for each in neutral()
    ]
    return [*kept, Drawn("NANTES", "Métropole nantaise", (METROPOLE,))]


def refused(ask, territories, day=TODAY, **more) -> tuple[str, ...]:
    with pytest.raises(Refused) as refusal:
        ask(territories, day, **more)
    return refusal.value.codes


def code_of(commune: str, day: date = TODAY) -> str | None:
    found = territory_of([(commune, day)])
    return found[commune, day].code if found else None


# --- what everybody begins with ----------------------------------------------------------------------------------------


def test_one_begins_with_a_territory_for_each_departement():
    assert [(each.code, each.name) for each in in_force(TODAY).territories] == list(places.DEPARTEMENTS.items())
    assert in_force(TODAY).missing == ()


def test_before_the_first_zoning_there_is_no_territory():
    assert in_force(date(1999, 12, 31)) is None
    assert code_of(NANTES, date(1999, 12, 31)) is None


def test_the_territory_comes_from_the_epci_not_from_the_departement():
    """Vallons-de-l’Erdre (44) and Ingrandes (49) are of the Pays d’Ancenis; Redon’s grouping has communes of 35 and 56."""
    ancenis = [commune for commune in places.communes_of("244400552") if commune.departement == "49"]

    assert [code_of(commune.code) for commune in ancenis] == ["44"]
    assert {code_of(commune.code) for commune in places.communes_of(REDON)} == {"44"}
    assert code_of(ISLE) == "85"


# --- drawing -----------------------------------------------------------------------------------------------------------


def test_a_new_zoning_holds_from_its_day_on_and_the_days_before_keep_theirs(ask):
    _, moved = ask(with_metropolis(), TODAY + timedelta(days=10))

    assert moved == 1
    assert code_of(NANTES, TODAY + timedelta(days=9)) == "44"
    assert code_of(NANTES, TODAY + timedelta(days=10)) == "NANTES"
    assert code_of(SAINT_NAZAIRE, TODAY + timedelta(days=10)) == "44"


def test_codes_and_names_are_kept_tidy(ask):
    tidy = [Drawn(" nord-44 ", "  Nord   Loire ", neutral()[0].epcis), *neutral()[1:]]
    ask(tidy)

    assert [(each.code, each.name) for each in names_on(TODAY)][-2:] == [("72", "Sarthe"), ("85", "Vendée")]
    assert ("NORD-44", "Nord Loire") in {(each.code, each.name) for each in names_on(TODAY)}


def test_an_epci_left_out_is_named_with_the_day(ask):
    missing = [Drawn("44", "Loire-Atlantique", tuple(e for e in neutral()[0].epcis if e != METROPOLE)), *neutral()[1:]]

    with pytest.raises(Refused) as refusal:
        ask(missing)

    assert refusal.value.codes == ("epci_missing",)
    assert reason_sentences(refusal.value.reasons) == [
        "Nantes Métropole ne serait dans aucun territoire le 2\u00a0mars\u00a0: choisissez le sien."
    ]


def test_an_epci_in_two_territories_is_named_with_them_and_the_day(ask):
    with pytest.raises(Refused) as refusal:
        ask([*neutral(), Drawn("NANTES", "Métropole nantaise", (METROPOLE,))])

    assert refusal.value.codes == ("epci_twice",)
    assert reason_sentences(refusal.value.reasons) == [
        "Nantes Métropole serait dans plusieurs territoires le 2\u00a0mars (44, NANTES)\u00a0: gardez-en un seul."
    ]


@pytest.mark.parametrize(
    ("territories", "codes"),
    [
        ([], {"territories_missing", "epci_missing"}),
        ([Drawn("44", "", tuple(places.epcis()))], {"territory_name_missing"}),
        ([Drawn("NORD LOIRE", "Nord", tuple(places.epcis()))], {"territory_code_shape"}),
        ([Drawn("A", "Tout", tuple(places.epcis())), Drawn("a", "Rien", ())], {"territory_code_twice", "territory_empty"}),
        ([Drawn("A", "Tout", (*places.epcis(), "200054781"))], {"epci_unknown"}),
    ],
)
def test_a_list_of_territories_that_does_not_hold_together_is_refused_with_every_reason(ask, territories, codes):
    assert set(refused(ask, territories)) == codes


def test_the_past_changes_only_when_that_is_meant(ask):
    yesterday = TODAY - timedelta(days=1)

    assert refused(ask, with_metropolis(), yesterday) == ("territories_day_gone",)
    ask(with_metropolis(), yesterday, correcting=True)
    assert code_of(NANTES, yesterday) == "NANTES"
    assert code_of(NANTES, yesterday - timedelta(days=1)) == "44"


def test_the_zoning_that_holds_already_is_not_drawn_again(ask):
    assert refused(ask, neutral()) == ("territories_unchanged",)


def test_two_people_do_not_draw_over_each_other(ask):
    seen = in_force(TODAY).public_id
    ask(with_metropolis())

    assert refused(ask, neutral(), seen=seen) == ("territories_changed_since",)


@pytest.mark.parametrize("kind", [each for each in Kind if each is not Kind.REGION])
def test_only_the_region_draws(admin, kind):
    body = OrganisationFactory(kind=kind)

    with pytest.raises(Refused) as refusal:
        draw(Drawing(with_metropolis(), TODAY), organisation_id=body.id, user_id=admin.id)

    assert refusal.value.codes == ("territories_of_the_region",)


# --- taking back -------------------------------------------------------------------------------------------------------


def test_what_was_drawn_today_or_is_to_come_is_taken_back(ask, region, admin, frozen_clock):
    zoning, _ = ask(with_metropolis(), TODAY + timedelta(days=10))
    frozen_clock.advance(days=9)

    assert withdraw(zoning, organisation_id=region.id, user_id=admin.id) == TODAY + timedelta(days=10)
    assert code_of(NANTES, TODAY + timedelta(days=10)) == "44"
    with pytest.raises(Refused, match="territories_withdrawn"):
        withdraw(zoning, organisation_id=region.id, user_id=admin.id)


def test_of_two_of_one_day_the_newer_holds_and_the_other_comes_back(ask, region, admin):
    before = neutral()
    ask(with_metropolis())
    second, _ = ask(before, reason="Erreur")

    assert code_of(NANTES) == "44"
    withdraw(second, organisation_id=region.id, user_id=admin.id)
    assert code_of(NANTES) == "NANTES"


def test_one_that_has_been_in_force_stays(ask, region, admin, frozen_clock):
    zoning, _ = ask(with_metropolis())
    frozen_clock.advance(days=1)

    with pytest.raises(Refused, match="territories_in_force"):
        withdraw(zoning, organisation_id=region.id, user_id=admin.id)
    with pytest.raises(Refused, match="territories_in_force"):
        withdraw(in_force(TODAY - timedelta(days=1)).public_id, organisation_id=region.id, user_id=admin.id)


def test_one_that_does_not_exist_is_not_found(region, admin):
    with pytest.raises(NotVisible):
        withdraw(region.public_id, organisation_id=region.id, user_id=admin.id)


def test_the_history_says_from_when_to_when_each_one_held(ask, region, admin):
    before = neutral()
    ask(with_metropolis())
    ask(before, reason="Retour")
    planned, _ = ask(with_metropolis(), TODAY + timedelta(days=10))
    withdraw(planned, organisation_id=region.id, user_id=admin.id)

    told = [(each.valid_from, each.until, each.reason, bool(each.withdrawn_on), each.replaced) for each in history()]
    assert told == [
        (TODAY + timedelta(days=10), None, None, True, False),
        (TODAY, None, "Retour", False, False),
        (TODAY, None, None, False, True),
        (date(2000, 1, 1), TODAY - timedelta(days=1), None, False, False),
    ]


def test_nobody_rewrites_what_was_drawn(own_database):
    with db.atomic() as session, pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
        session.execute(sa.update(TerritoryEpci).values(epci=METROPOLE))
    with db.atomic() as session, pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
        session.execute(sa.delete(Zoning))


# --- many at once ------------------------------------------------------------------------------------------------------


def test_every_commune_of_the_table_has_its_territory_in_two_queries(ask, counting):
    ask(with_metropolis(), TODAY + timedelta(days=10))
    days = (TODAY, TODAY + timedelta(days=20))

    with counting(at_most=2):
        found = territory_of([(commune, day) for commune in places.communes() for day in days])

    assert len(found) == 2 * len(places.communes())
    assert [found[NANTES, day].code for day in days] == ["44", "NANTES"]


def test_a_commune_of_elsewhere_has_none():
    assert territory_of([("75056", TODAY)]) == {}


def test_the_communes_of_a_territory_are_those_of_its_epcis(ask):
    ask(with_metropolis())

    assert len(communes_in("NANTES", TODAY)) == 24
    assert NANTES not in communes_in("44", TODAY)
    assert communes_in("XX", TODAY) == []
