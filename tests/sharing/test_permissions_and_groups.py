"""What roles may do, and what travels between organisations."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pathways.models import Role
from pathways.sharing.groups import GROUP_OF, UNSAID, Access, Bond, Group, Standing, access_to, shown_details, shown_outcome
from pathways.sharing.naming import detail
from pathways.sharing.passwords import configure, hash_password, is_password
from pathways.sharing.permissions import PERMISSIONS, Permission, permissions_of
from pathways.sharing.places import commune
from pathways.workflows.actors import Kind
from pathways.workflows.events import EVENTS

AUTHOR = Standing(Bond(Kind.ORGANISME_FORMATION, leads=False), author=True, own_step=True)
LEAD = Standing(Bond(Kind.MISSION_LOCALE, leads=True), author=False, own_step=True)
CO_REFERENT = Standing(Bond(Kind.MISSION_LOCALE, leads=False), author=False, own_step=False)
AGREED = replace(CO_REFERENT, bond=Bond(Kind.MISSION_LOCALE, leads=False, agreed=frozenset({Group.SOCIAL})))
TRAINING_BODY = Standing(Bond(Kind.ORGANISME_FORMATION, leads=False), author=False, own_step=True)
OTHER_BODY = Standing(Bond(Kind.ORGANISME_FORMATION, leads=False), author=False, own_step=False)


def test_every_role_is_in_the_table():
    assert set(PERMISSIONS) == set(Role)


def test_the_technical_administrator_sees_nobody():
    assert Permission.PERSON_READ not in permissions_of([Role.ADMINISTRATEUR, Role.OBSERVATEUR_AGREGATS])


def test_the_funder_reads_and_declares_nothing():
    assert Permission.PERSON_READ in permissions_of([Role.GESTIONNAIRE_REGION])
    assert Permission.ENTRY_RECORD not in permissions_of([Role.GESTIONNAIRE_REGION])


def test_several_roles_add_up():
    assert permissions_of([Role.DPO, Role.CONSEILLER]) == PERMISSIONS[Role.DPO] | PERMISSIONS[Role.CONSEILLER]


def test_every_event_belongs_to_a_field_group():
    assert set(GROUP_OF) == set(EVENTS)


def test_a_note_stays_with_the_organisation_that_wrote_it():
    written = {"channel": "phone", "note": "Il m’a parlé de sa mère."}

    assert shown_details("contact", written, AUTHOR) == written
    for reader in (LEAD, CO_REFERENT, TRAINING_BODY):
        assert "note" not in shown_details("contact", written, reader)


def test_an_obstacle_travels_as_a_theme_only():
    written = {"theme": "logement", "severity": "bloquant"}

    assert shown_details("obstacle", written, LEAD) == written
    assert access_to("obstacle", CO_REFERENT) is Access.NONE
    assert shown_details("obstacle", written, AGREED) == {"theme": "logement"}
    assert access_to("obstacle", TRAINING_BODY) is Access.NONE


def test_a_health_reason_is_shown_to_its_author_alone():
    left = {"reason": "SANTE", "last_day": "2026-02-03"}

    assert shown_details("dropped", left, AUTHOR) == left
    assert shown_details("dropped", left, LEAD) == {"reason": UNSAID, "last_day": "2026-02-03"}
    assert detail("dropped", "reason", UNSAID) == "motif protégé"
    assert shown_details("obstacle", {"theme": "sante", "severity": "fort"}, CO_REFERENT) == {}


@pytest.mark.parametrize(
    ("event", "name", "code"),
    [
        ("contract_broken", "reason", "INAPTITUDE"),
        ("dropped", "reason", "MATERNITE"),
        ("closed", "outcome", "SANTE_LONGUE"),
        ("completed", "outcome", "ESAT"),
    ],
)
def test_others_learn_that_there_is_a_reason_and_not_which(event, name, code):
    assert shown_details(event, {name: code}, AUTHOR) == {name: code}
    assert shown_details(event, {name: code}, LEAD) == {name: UNSAID}
    assert shown_outcome(code, own=False) == UNSAID
    assert (shown_outcome(code, own=True), shown_outcome("ABANDON", own=False), shown_outcome(None, own=False)) == (
        code, "ABANDON", None
    )  # fmt: skip


@pytest.mark.parametrize(
    ("event", "said", "left"),
    [
        ("obstacle", {"theme": "sante", "severity": "fort", "value": "san_acces"}, {"severity": "fort"}),
        ("obstacle_action", {"theme": "sante", "kind": "san_dossier"}, {}),
        ("contact", {"result": "AUTRE", "themes": ["MOBILITE", "SANTE"]}, {"result": "AUTRE", "themes": ["MOBILITE"]}),
    ],
)
def test_no_code_betrays_a_theme_of_health(event, said, left):
    assert shown_details(event, said, LEAD) == left


@pytest.mark.parametrize("event", ["entered", "dropped", "attendance", "contract_broken"])
def test_a_body_does_not_read_another_bodys_step(event):
    assert access_to(event, OTHER_BODY) is Access.NONE
    assert access_to(event, TRAINING_BODY) is Access.ALL


def test_a_list_in_a_payload_is_shown_as_it_is():
    assert shown_details("contact", {"resolves": ["training_risk_flag"]}, LEAD) == {"resolves": ["training_risk_flag"]}


def test_passwords_match_only_themselves_and_nobody_has_none():
    configure("cheapest")
    stored = hash_password("une phrase assez longue")

    assert is_password(stored, "une phrase assez longue")
    assert not is_password(stored, "une autre")
    assert not is_password(None, "nobody signs in with this")
    assert not is_password("not a hash", "x")


def test_communes_are_named_in_the_region_and_coded_elsewhere():
    assert (commune("44109"), commune("75056"), commune(None)) == ("Nantes", "75056", "")
