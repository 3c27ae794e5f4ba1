"""Who may open what: every route of the application, tried by those who may not."""

from __future__ import annotations

import uuid

import pytest
from flask import url_for

from pathways.models import Role
from pathways.sharing.passwords import hash_password
from pathways.sharing.permissions import PERMISSIONS, Permission
from pathways.views import gate
from tests.factories import LinkFactory, MembershipFactory, OrganisationFactory, PersonFactory, UserFactory
from tests.scene import PASSWORD, account, second_mandate
from tests.views.conftest import submit, token

ARGUMENTS = {
    "signal": 1, "event": "contact", "entry": 1, "role": "conseiller", "name": "contact_silence.days", "month": 1,
    "theme": "mobilite", "code": "PACEA", "secret": "x", "kind": "json",
}  # fmt: skip
"""What is no random number."""


def pages(app):
    """(endpoint, access, methods) of every route that is a view of ours."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in gate.STATIC:
            yield rule, gate.declared_access(app.view_functions[rule.endpoint]), sorted(rule.methods - {"HEAD", "OPTIONS"})


def url_of(app, rule, **given) -> str:
    with app.test_request_context():
        return url_for(rule.endpoint, **{name: given.get(name, ARGUMENTS.get(name, uuid.uuid4())) for name in rule.arguments})


def test_every_view_declares_who_may_open_it(app):
    assert [rule.endpoint for rule, access, _methods in pages(app) if access is None] == []


def test_a_view_that_declares_nothing_is_an_error_not_an_open_door(app):
    with app.test_request_context("/connexion"):
        usual = app.view_functions["auth.sign_in"]
        app.view_functions["auth.sign_in"] = lambda: "open"
        try:
            with pytest.raises(RuntimeError, match="does not say who may open it"):
                gate.check()
        finally:
            app.view_functions["auth.sign_in"] = usual


def test_nobody_opens_anything_before_signing_in(app, client):
    opened = []
    for rule, access, methods in pages(app):
        if access in {gate.PUBLIC, gate.BY_OWN_LINK}:
            continue
        for method in methods:
            answer = client.open(url_of(app, rule), method=method)
            if method == "GET" and (answer.status_code, answer.location.split("?")[0]) != (302, "/connexion"):
                opened.append((method, rule.rule, answer.status_code))
            if method == "POST" and answer.status_code != 400:  # no token: refused before anything else
                opened.append((method, rule.rule, answer.status_code))
    assert opened == []


def role_without(permission: Permission) -> Role:
    return next(role for role in Role if permission not in PERMISSIONS[role])


def test_a_role_without_the_permission_is_refused(app, sign_in):
    ml = OrganisationFactory()
    refused = {}
    for rule, access, _methods in pages(app):
        if access in {gate.PUBLIC, gate.SIGNED_IN, gate.BY_OWN_LINK} or "GET" not in rule.methods:
            continue
        user = account(ml, "Sans droit", f"sans.{rule.endpoint}@exemple.fr", role_without(access))
        refused[rule.rule] = sign_in(user).get(url_of(app, rule)).status_code
    assert refused
    assert set(refused.values()) == {403}


def test_a_person_of_another_organisation_does_not_exist(app, sign_in):
    ours, theirs = OrganisationFactory(), OrganisationFactory()
    stranger = PersonFactory()
    LinkFactory(person=stranger, organisation=theirs)
    client = sign_in(account(ours, "Claire", "claire@exemple.fr", Role.RESPONSABLE_STRUCTURE))
    key = token(client.get("/accompagnements"))
    tried = {
        (rule.rule, method): client.open(
            url_of(app, rule, person=stranger.public_id), method=method, data={"csrf_token": key}
        ).status_code
        for rule, _access, methods in pages(app)
        if "person" in rule.arguments
        for method in methods
    }

    assert tried
    assert set(tried.values()) == {404}


def test_a_person_who_exists_nowhere_looks_the_same(app, sign_in):
    ours, theirs = OrganisationFactory(), OrganisationFactory()
    stranger = PersonFactory()
    LinkFactory(person=stranger, organisation=theirs)
    client = sign_in(account(ours, "Claire", "claire@exemple.fr"))

    known, unknown = client.get(f"/personnes/{stranger.public_id}"), client.get(f"/personnes/{uuid.uuid4()}")

    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)


@pytest.mark.parametrize(("days", "status"), [(30, 200), (31, 404)])
def test_a_person_stays_visible_thirty_days_after_the_end(sign_in, days, status):
    ml = OrganisationFactory()
    person = PersonFactory()
    LinkFactory(person=person, organisation=ml, ended_days_ago=days)

    answer = sign_in(account(ml, "Claire", "claire@exemple.fr")).get(f"/personnes/{person.public_id}")

    assert answer.status_code == status


def test_rights_are_those_of_the_organisation_one_acts_for(sign_in, client):
    ml, region = OrganisationFactory(town="ML Nord"), OrganisationFactory(town="Observatoire")
    person = PersonFactory()
    LinkFactory(person=person, organisation=ml)
    user = account(ml, "Claire", "claire@exemple.fr")
    second_mandate(user, region, Role.OBSERVATEUR_AGREGATS)
    sign_in(user)
    url = f"/personnes/{person.public_id}"

    assert client.get(url).location.startswith("/organisme")
    submit(client, "/organisme", organisation=str(region.public_id))
    assert client.get(url).status_code == 403
    submit(client, "/organisme", organisation=str(ml.public_id))
    assert client.get(url).status_code == 200


def test_an_organisation_one_does_not_belong_to_cannot_be_chosen(sign_in, client):
    ml, other, foreign = OrganisationFactory(), OrganisationFactory(), OrganisationFactory()
    user = account(ml, "Claire", "claire@exemple.fr")
    second_mandate(user, other)
    sign_in(user)

    assert submit(client, "/organisme", organisation=str(foreign.public_id)).status_code == 422


def test_a_mandate_that_ended_opens_nothing(sign_in):
    user = UserFactory(password_hash=hash_password(PASSWORD))
    MembershipFactory(user=user, left=True)

    answer = sign_in(user).get("/accompagnements")

    assert answer.location.startswith("/organisme")


def test_a_role_without_records_gets_a_word_of_explanation(sign_in):
    client = sign_in(account(OrganisationFactory(), "Dominique", "dpo@exemple.fr", Role.DPO))

    assert "dossier nominatif" in client.get("/").text
