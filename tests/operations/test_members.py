"""Roles given from a day and ended after one; who may not give what to whom."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.errors import NotVisible, Refused
from pathways.models import Kind, Membership, Role
from pathways.operations.members import end_role, give_role, keep_role
from pathways.queries.accounts import account
from pathways.queries.members import member, members, owned
from pathways.sharing.roles import KINDS_OF, OPENS_RECORDS, roles_for
from tests.factories import AlertFactory, LinkFactory, MembershipFactory, OrganisationFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.usefixtures("frozen_clock")


@pytest.fixture
def ml(session):
    return OrganisationFactory()


@pytest.fixture
def yann(ml):
    return MembershipFactory(user=UserFactory(name="Yann Le Goff"), organisation=ml, role=Role.ADMINISTRATEUR)


@pytest.fixture
def claire(ml):
    user = UserFactory(name="Claire Moreau")
    MembershipFactory(user=user, organisation=ml)
    return user


def rights(user, today):
    return account(user.id, today).mandates


def give(ml, yann, user, role, day):
    give_role(user.public_id, role, from_day=day, organisation_id=ml.id, by=yann.user_id)


def test_a_role_holds_from_its_first_day(ml, yann, claire, frozen_clock):
    give(ml, yann, claire, Role.CHEF_SERVICE, frozen_clock.today + timedelta(days=3))

    assert rights(claire, frozen_clock.today)[0].roles == (Role.CONSEILLER,)
    assert rights(claire, frozen_clock.today + timedelta(days=3))[0].roles == (Role.CHEF_SERVICE, Role.CONSEILLER)


def test_no_role_begins_in_the_past(ml, yann, claire, frozen_clock):
    with pytest.raises(Refused, match="role_day_gone"):
        give(ml, yann, claire, Role.CHEF_SERVICE, frozen_clock.today - timedelta(days=1))


def test_the_same_role_is_not_given_twice(ml, yann, claire, frozen_clock):
    with pytest.raises(Refused, match="role_held_already"):
        give(ml, yann, claire, Role.CONSEILLER, frozen_clock.today)


def test_a_training_body_has_no_coordinator_of_a_cfa(yann, frozen_clock):
    body = OrganisationFactory(training_body=True)
    trainer = MembershipFactory(user=UserFactory(), organisation=body, role=Role.FORMATEUR_REFERENT)
    user = db.session().get(Membership, trainer.id)
    someone = UserFactory()
    MembershipFactory(user=someone, organisation=body, role=Role.DPO)

    with pytest.raises(Refused, match="role_not_of_kind"):
        give_role(
            someone.public_id, Role.COORDINATEUR_CFA, from_day=frozen_clock.today, organisation_id=body.id, by=user.user_id
        )


def test_an_administrator_does_not_open_records_to_themselves(ml, yann, frozen_clock):
    public_id = db.session().scalar(sa.text("select public_id from app_user where id = :id"), {"id": yann.user_id})

    with pytest.raises(Refused, match="role_to_oneself"):
        give_role(public_id, Role.CONSEILLER, from_day=frozen_clock.today, organisation_id=ml.id, by=yann.user_id)
    give_role(public_id, Role.DPO, from_day=frozen_clock.today, organisation_id=ml.id, by=yann.user_id)


def test_a_stranger_to_the_organisation_is_nobody_here(ml, yann, frozen_clock):
    stranger = UserFactory()
    MembershipFactory(user=stranger, organisation=OrganisationFactory())

    for public_id in (stranger.public_id, uuid.uuid4()):
        with pytest.raises(NotVisible):
            give_role(public_id, Role.DPO, from_day=frozen_clock.today, organisation_id=ml.id, by=yann.user_id)
        with pytest.raises(NotVisible):
            end_role(public_id, Role.CONSEILLER, last_day=None, organisation_id=ml.id)


def test_a_role_ended_at_once_opens_nothing_any_more_and_past_days_stay_true(ml, yann, claire, frozen_clock):
    end_role(claire.public_id, Role.CONSEILLER, last_day=None, organisation_id=ml.id)

    assert rights(claire, frozen_clock.today) == ()
    assert rights(claire, frozen_clock.today - timedelta(days=1))[0].roles == (Role.CONSEILLER,)


def test_a_role_ends_after_its_last_day(ml, yann, claire, frozen_clock):
    friday = frozen_clock.today + timedelta(days=4)
    end_role(claire.public_id, Role.CONSEILLER, last_day=friday, organisation_id=ml.id)

    assert rights(claire, friday)
    assert rights(claire, friday + timedelta(days=1)) == ()


def test_an_end_to_come_is_taken_back(ml, yann, claire, frozen_clock):
    friday = frozen_clock.today + timedelta(days=4)
    end_role(claire.public_id, Role.CONSEILLER, last_day=friday, organisation_id=ml.id)
    keep_role(claire.public_id, Role.CONSEILLER, organisation_id=ml.id)

    assert rights(claire, friday + timedelta(days=1))
    with pytest.raises(Refused, match="role_end_not_planned"):
        keep_role(claire.public_id, Role.CONSEILLER, organisation_id=ml.id)


def test_a_role_given_by_mistake_and_ended_at_once_never_held_and_may_be_given_again(ml, yann, claire, frozen_clock):
    give(ml, yann, claire, Role.CHEF_SERVICE, frozen_clock.today)
    end_role(claire.public_id, Role.CHEF_SERVICE, last_day=None, organisation_id=ml.id)

    assert rights(claire, frozen_clock.today)[0].roles == (Role.CONSEILLER,)
    assert Role.CHEF_SERVICE not in {held.role for held in member(claire.public_id, ml.id).roles}
    give(ml, yann, claire, Role.CHEF_SERVICE, frozen_clock.today)
    assert Role.CHEF_SERVICE in rights(claire, frozen_clock.today)[0].roles


def test_a_role_that_has_ended_is_not_ended_again(ml, yann, claire):
    end_role(claire.public_id, Role.CONSEILLER, last_day=None, organisation_id=ml.id)

    with pytest.raises(Refused, match="role_not_held"):
        end_role(claire.public_id, Role.CONSEILLER, last_day=None, organisation_id=ml.id)


def administrator(ml, **more):
    user = UserFactory()
    MembershipFactory(user=user, organisation=ml, role=Role.ADMINISTRATEUR, **more)
    return user


def test_the_last_administrator_stays(ml):
    last = administrator(ml)

    for day in (None, clock.today() + timedelta(days=30)):
        with pytest.raises(Refused, match="last_administrator"):
            end_role(last.public_id, Role.ADMINISTRATEUR, last_day=day, organisation_id=ml.id)


def test_an_administrator_whose_own_end_is_planned_does_not_count(ml):
    leaving, last = administrator(ml, ended_on=clock.today() + timedelta(days=9)), administrator(ml)

    with pytest.raises(Refused, match="last_administrator"):
        end_role(last.public_id, Role.ADMINISTRATEUR, last_day=None, organisation_id=ml.id)
    keep_role(leaving.public_id, Role.ADMINISTRATEUR, organisation_id=ml.id)
    end_role(last.public_id, Role.ADMINISTRATEUR, last_day=None, organisation_id=ml.id)


def test_of_two_administrators_who_end_each_other_at_once_one_stays(own_database):
    ml = OrganisationFactory()
    two = [administrator(ml), administrator(ml)]
    together = Barrier(2)

    def end_the_other(user):
        together.wait()
        try:
            with db.as_system():
                end_role(user.public_id, Role.ADMINISTRATEUR, last_day=None, organisation_id=ml.id)
        except Refused as refusal:
            return refusal.codes
        finally:
            db.remove()
        return ("ended",)

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(end_the_other, two))

    assert outcomes == [("ended",), ("last_administrator",)]


def test_a_closed_account_does_not_administer(ml):
    user = UserFactory(active=False)
    MembershipFactory(user=user, organisation=ml, role=Role.ADMINISTRATEUR)
    last = administrator(ml)

    with pytest.raises(Refused, match="last_administrator"):
        end_role(last.public_id, Role.ADMINISTRATEUR, last_day=None, organisation_id=ml.id)


def test_what_stands_at_the_name_of_somebody_who_leaves_is_counted(ml, claire, acting_for):
    other = OrganisationFactory()
    for organisation in (ml, ml, other):
        person = PersonFactory()
        LinkFactory(person=person, organisation=organisation, user=claire)
        AlertFactory(person=person, organisation=organisation, owner=claire)
    gone = PersonFactory()
    LinkFactory(person=gone, organisation=ml, user=claire, ended_days_ago=3)

    with acting_for(ml):
        found = owned(claire.id, ml.id)

    assert (found.alerts, found.persons) == (2, 2)


def test_members_are_found_by_name_without_accents_and_by_address(ml):
    for name in ("Hélène Gautier", "Karim Benali"):
        MembershipFactory(user=UserFactory(name=name), organisation=ml)
    left = UserFactory(name="Hélène Partie")
    MembershipFactory(user=left, organisation=ml, left=True)

    found = members(ml.id, search="helene")

    assert [each.name for each in found.rows] == ["Hélène Gautier"]
    assert (found.present, found.former) == (1, 1)
    assert members(ml.id, search=left.email, which="former").rows[0].until == clock.today() - timedelta(days=1)
    assert members(ml.id, search="%").total == 0


def test_one_is_a_member_while_any_role_goes_on(ml, claire):
    MembershipFactory(user=claire, organisation=ml, role=Role.DPO, left=True)

    assert [each.name for each in members(ml.id).rows] == ["Claire Moreau"]
    assert members(ml.id, which="former").rows == []


def test_an_account_nobody_used_for_half_a_year_is_pointed_at(ml, claire, frozen_clock):
    frozen_clock.advance(days=181)

    assert member(claire.public_id, ml.id).is_dormant


def test_every_role_has_a_place_and_every_kind_an_administrator():
    assert set(KINDS_OF) == set(Role)
    assert all(KINDS_OF.values())
    assert all(Role.ADMINISTRATEUR in roles_for(kind) for kind in Kind)


def test_the_administrator_and_the_observer_open_no_record():
    assert {Role.ADMINISTRATEUR, Role.OBSERVATEUR_AGREGATS, Role.DPO}.isdisjoint(OPENS_RECORDS)
