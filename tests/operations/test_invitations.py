"""A link, fourteen days, used once; what is stored of it; and who may take it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.errors import NotVisible, Refused
from pathways.models import Invitation, Membership, Role, User
from pathways.operations import invitations
from pathways.operations.members import end_role
from pathways.queries.accounts import account
from pathways.queries.members import invited, waiting_invitations
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.usefixtures("session", "frozen_clock")
PASSWORD = "quatre mots sans suite"


@pytest.fixture
def ml():
    return OrganisationFactory()


@pytest.fixture
def yann(ml):
    user = UserFactory(name="Yann Le Goff", email="yann@exemple.fr")
    MembershipFactory(user=user, organisation=ml, role=Role.ADMINISTRATEUR)
    return user


@pytest.fixture
def invite(ml, yann, acting_for):
    def go(email="nadia@exemple.fr", roles=(Role.CONSEILLER,)):
        with acting_for(ml, yann):
            return invitations.invite(email, roles, organisation_id=ml.id, by=yann.id)

    return go


def join(token, name="Nadia Haddad", password=PASSWORD, phone="06 39 98 01 02"):
    return invitations.accept_and_join(token, name=name, phone=phone, password=password)


def test_an_invited_person_makes_an_account_and_has_the_roles_that_day(invite, ml):
    _id, token = invite("  Nadia@Exemple.FR ", [Role.CONSEILLER, Role.DPO])

    user_id = join(token)

    user = account(user_id, clock.today())
    assert (user.email, user.name) == ("nadia@exemple.fr", "Nadia Haddad")
    assert [(each.organisation_id, each.roles) for each in user.mandates] == [(ml.id, (Role.CONSEILLER, Role.DPO))]
    assert db.session().get(User, user_id).phone == "+33639980102"


def test_the_secret_of_the_link_is_not_stored(invite):
    _id, token = invite()
    stored = db.session().scalars(sa.select(Invitation.token_hash)).one()

    assert len(token) >= 43  # 256 bits
    assert token not in stored
    assert invited(token).state == "waiting"
    assert invited(stored) is None


def test_a_link_serves_once(invite):
    _id, token = invite()
    join(token)

    assert invited(token).state == "accepted"
    with pytest.raises(Refused, match="invitation_over"):
        join(token)


def test_a_link_serves_fourteen_days(invite, frozen_clock):
    _id, token = invite()
    frozen_clock.advance(days=13, hours=23)
    assert invited(token).state == "waiting"
    frozen_clock.advance(hours=1)

    assert invited(token).state == "expired"
    with pytest.raises(Refused, match="invitation_over"):
        join(token)


def test_a_new_link_replaces_the_old_one(invite, ml, yann, acting_for, frozen_clock):
    public_id, token = invite()
    frozen_clock.advance(days=20)
    with acting_for(ml, yann):
        newer = invitations.renew(public_id, organisation_id=ml.id, by=yann.id)

    assert invited(token) is None
    with pytest.raises(NotVisible):
        join(token)
    assert join(newer)


def test_a_revoked_link_opens_nothing(invite, ml, yann, acting_for):
    public_id, token = invite()
    with acting_for(ml, yann):
        invitations.revoke(public_id, organisation_id=ml.id)
        assert waiting_invitations(ml.id) == []

    assert invited(token).state == "revoked"
    with pytest.raises(Refused, match="invitation_over"):
        join(token)
    invite()


def test_another_organisation_sees_and_touches_none_of_it(invite, acting_for):
    public_id, _token = invite()
    other = OrganisationFactory()
    stranger = UserFactory()

    with acting_for(other, stranger):
        assert db.session().scalars(sa.select(Invitation.id)).all() == []
        with pytest.raises(NotVisible):
            invitations.revoke(public_id, organisation_id=other.id)
        with pytest.raises(NotVisible):
            invitations.renew(public_id, organisation_id=other.id, by=stranger.id)


def test_one_invitation_waits_per_address(invite, frozen_clock):
    invite()
    with pytest.raises(Refused, match="already_invited"):
        invite()
    frozen_clock.advance(days=15)

    assert invite()


def test_inviting_somebody_who_has_an_account_elsewhere_reads_the_same(invite):
    UserFactory(email="connue@exemple.fr")

    known, unknown = invite("connue@exemple.fr"), invite("inconnue@exemple.fr")

    assert [type(part) for part in known] == [type(part) for part in unknown]


def test_whoever_has_an_account_takes_the_roles_with_it(invite, ml):
    nadia = UserFactory(email="nadia@exemple.fr")
    MembershipFactory(user=nadia, organisation=OrganisationFactory())
    _id, token = invite()
    assert invited(token).has_account

    with pytest.raises(Refused, match="sign_in_to_accept"):
        join(token)
    invitations.accept_as(token, nadia.id)

    assert ml.id in {each.organisation_id for each in account(nadia.id, clock.today()).mandates}


def test_nobody_else_takes_an_invitation(invite):
    _id, token = invite()

    with pytest.raises(Refused, match="invitation_for_another"):
        invitations.accept_as(token, UserFactory().id)


def test_a_closed_account_takes_nothing(invite):
    closed = UserFactory(email="nadia@exemple.fr", active=False)
    _id, token = invite()

    with pytest.raises(Refused, match="invitation_for_another"):
        invitations.accept_as(token, closed.id)


def test_a_role_already_held_is_not_given_twice(invite, ml):
    nadia = UserFactory(email="nadia@exemple.fr")
    MembershipFactory(user=nadia, organisation=ml, role=Role.DPO)
    with pytest.raises(Refused, match="already_member"):
        invite(roles=[Role.DPO])
    _id, token = invite(roles=[Role.DPO, Role.CONSEILLER])

    invitations.accept_as(token, nadia.id)

    rows = db.session().scalars(sa.select(Membership.role).where(Membership.user_id == nadia.id)).all()
    assert sorted(rows) == [Role.CONSEILLER, Role.DPO]


def test_an_administrator_does_not_invite_themselves_to_records(invite):
    with pytest.raises(Refused, match="role_to_oneself"):
        invite("yann@exemple.fr")


def test_a_link_prepared_by_somebody_who_left_opens_nothing(invite, ml, yann):
    MembershipFactory(user=UserFactory(), organisation=ml, role=Role.ADMINISTRATEUR)
    _id, token = invite()
    end_role(yann.public_id, Role.ADMINISTRATEUR, last_day=None, organisation_id=ml.id)

    with pytest.raises(Refused, match="invitation_inviter_left"):
        join(token)


@pytest.mark.parametrize(
    ("email", "roles", "code"),
    [
        ("pas une adresse", [Role.CONSEILLER], "email_invalid"),
        ("", [Role.CONSEILLER], "email_invalid"),
        ("nadia@exemple.fr", [], "roles_missing"),
        ("nadia@exemple.fr", [Role.FORMATEUR_REFERENT], "role_not_of_kind"),
    ],
)
def test_an_invitation_needs_an_address_and_roles_of_the_house(invite, email, roles, code):
    with pytest.raises(Refused, match=code):
        invite(email, roles)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("court", "password_short"),
        ("x" * 201, "password_long"),
        ("aaaaaaaaaaaaaa", "password_common"),
        ("motdepasse2026", "password_common"),
        ("azertyazerty12", "password_common"),
        ("Haddad-2026-!!", "password_personal"),
        ("nadia.haddad.n", "password_personal"),
    ],
)
def test_a_password_that_is_guessed_is_refused_with_its_reason(invite, password, code):
    _id, token = invite()

    with pytest.raises(Refused) as refused:
        join(token, password=password)

    assert code in refused.value.codes
    assert invited(token).state == "waiting"


def test_long_sentences_are_good_passwords(invite):
    _id, token = invite()

    assert join(token, password="le bonjour du soleil en mars")


def test_an_unknown_link_is_not_told_from_nothing():
    with pytest.raises(NotVisible):
        join("jamais-donné")
    assert invited("jamais-donné") is None


def test_a_name_and_a_telephone_are_checked(invite):
    _id, token = invite()
    with pytest.raises(Refused, match="name_missing"):
        join(token, name="   ")
    with pytest.raises(Refused, match="phone_invalid"):
        join(token, phone="12")
