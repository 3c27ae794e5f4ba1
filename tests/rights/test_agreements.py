"""What somebody agreed to is read from that day, by that organisation alone, until it ends or is revoked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pathways import clock, db
from pathways.errors import NotVisible, Refused
from pathways.models import Kind
from pathways.operations.agreements import note_agreement, revoke_agreement
from pathways.queries.agreements import adaptations_for
from pathways.queries.person import identity, record
from pathways.sharing.matrix import Group
from pathways.sharing.visibility import Reader
from tests.factories import JournalEntryFactory, LinkFactory, OrganisationFactory


def reading(fatou, organisation):
    return Reader(organisation.id, clock.today(), kind=organisation.kind)


def themes(fatou, organisation) -> list[object]:
    entries = record(fatou.person.public_id, reading(fatou, organisation)).entries
    return [each.details.get("theme") for each in entries if each.event == "obstacle"]


@pytest.fixture
def obstacle(fatou):
    JournalEntryFactory(
        person=fatou.person, organisation=fatou.ml, type="obstacle", payload={"theme": "logement", "severity": "bloquant"}
    )


def agree(fatou, body, group="S", **more):
    return note_agreement(fatou.person.id, body.public_id, group, **fatou.by, **more)


def test_a_theme_is_read_with_an_agreement_and_no_longer_once_it_is_revoked(fatou, obstacle, frozen_clock):
    assert themes(fatou, fatou.cfa) == []
    agreement = agree(fatou, fatou.cfa)
    assert themes(fatou, fatou.cfa) == ["logement"]

    revoke_agreement(fatou.person.id, agreement.public_id, **fatou.by)
    assert themes(fatou, fatou.cfa) == []


def test_an_agreement_ends_on_its_day(fatou, obstacle, frozen_clock):
    agree(fatou, fatou.cfa, until=clock.today() + timedelta(days=30))
    frozen_clock.advance(30)
    assert themes(fatou, fatou.cfa) == ["logement"]
    frozen_clock.advance(1)
    assert themes(fatou, fatou.cfa) == []


def test_it_opens_nothing_to_another_organisation(fatou, obstacle):
    other = OrganisationFactory(kind=Kind.FRANCE_TRAVAIL)
    LinkFactory(person=fatou.person, organisation=other, role="co_referent")
    agree(fatou, fatou.cfa)

    assert themes(fatou, other) == []
    assert identity(fatou.person.public_id, reading(fatou, other)).agreed == frozenset()
    assert identity(fatou.person.public_id, reading(fatou, fatou.cfa)).agreed == {Group.SOCIAL}


def test_adaptations_travel_as_what_to_provide_and_nothing_of_health_with_them(fatou):
    JournalEntryFactory(person=fatou.person, organisation=fatou.ml, type="rqth_renewed", payload={"until": "2031-01-01"})
    agree(fatou, fatou.cfa, "H", adaptations=["hours", "seat"])

    assert adaptations_for(fatou.person.id, reading(fatou, fatou.cfa)) == ["hours", "seat"]
    assert [each.event for each in record(fatou.person.public_id, reading(fatou, fatou.cfa)).entries] == []


@pytest.mark.parametrize(("group", "more", "code"), [
    ("H", {}, "adaptations_missing"), ("H", {"adaptations": ["diagnosis"]}, "adaptations_missing"),
])
def test_what_would_share_nothing_or_too_much_is_refused(fatou, group, more, code):
    with pytest.raises(Refused) as refusal:
        agree(fatou, fatou.cfa, group, **more)
    assert [reason.code for reason in refusal.value.reasons] == [code]


def test_no_agreement_lets_an_employer_or_oneself_read(fatou):
    for body in (OrganisationFactory(employer=True), fatou.ml):
        with pytest.raises(Refused, match="nothing_to_share"):
            agree(fatou, body)


def test_a_stranger_notes_and_revokes_nothing(fatou):
    agreement, stranger = agree(fatou, fatou.cfa).public_id, OrganisationFactory()
    with db.acting_for(stranger.id), pytest.raises(NotVisible):
        revoke_agreement(fatou.person.id, agreement, organisation_id=stranger.id, user_id=fatou.claire.id)


def test_the_page_notes_and_revokes(fatou, sign_in):
    client = sign_in(fatou.claire)
    url = f"/personnes/{fatou.person.public_id}/droits"
    page = client.get(url).text
    key = page[page.index(f"{url}/accord"):].split('value="', 1)[1].split('"', 1)[0]
    typed = {"csrf_token": key, "recipient": str(fatou.cfa.public_id), "group": "S"}

    assert client.post(f"{url}/accord", data=typed).status_code == 303
    page = client.get(url).text
    assert "CFA de Rezé" in page
    revoking = page.split("/retirer", 1)[0].rsplit('action="', 1)[1] + "/retirer"
    assert client.post(revoking, data={"csrf_token": key}).status_code == 303
    assert "retiré le" in client.get(url).text


def test_a_body_sees_the_adaptations_it_has_to_provide(fatou, sign_in):
    agree(fatou, fatou.cfa, "H", adaptations=["hours"])
    trainer_page = sign_in(_trainer(fatou)).get(f"/personnes/{fatou.person.public_id}").text

    assert "Horaires ou rythme aménagés" in trainer_page


def _trainer(fatou):
    from pathways.models import Role
    from tests.scene import account

    return account(fatou.cfa, "Karim", "karim@exemple.fr", Role.COORDINATEUR_CFA)


