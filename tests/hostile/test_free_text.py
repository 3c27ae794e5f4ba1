"""Free text stays with whoever wrote it: no page and no export of another organisation shows a word of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pathways import clock, db
from pathways.exchange.tables.writing import export_tables
from pathways.models import Kind, LinkRole, Role
from pathways.sharing.visibility import Reader
from pathways.workflows.events import ABOUT_THE_PERSON, EVENTS
from tests.factories import (
    AlertFactory,
    EnrolmentFactory,
    JournalEntryFactory,
    LinkFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    UserFactory,
)
from tests.hostile.conftest import crawl
from tests.scene import account

WITH_TEXT = sorted(
    name for name, event in EVENTS.items() if "note" in event.fields and event.fields["note"].kind == "text"
)
"""Types of event that carry a note. Names of the person are text as well, and are no free text."""


def sample(spec: Any) -> Any:
    """The least a required detail may be."""
    by_kind = {"date": "2026-01-05", "int": 1, "float": 1.0, "flag": True, "code": "autre", "codes": ["autre"], "halves": "PP",
               "text": "texte", "organisation": "Ailleurs", "colleague": "Quelqu’un", "data": {}}  # fmt: skip
    return next(iter(spec.choices)) if spec.choices else by_kind[spec.kind]


def note_everything(person, organisation, step, marker: str) -> None:
    """One entry of every type with a note, by that organisation."""
    for number, name in enumerate(WITH_TEXT):
        fields = EVENTS[name].fields
        payload = {detail: sample(spec) for detail, spec in fields.items() if spec.required}
        JournalEntryFactory(
            person=person, organisation=organisation, type=name, occurred_on=date(2026, 1, 5), payload=payload | {
                "note": f"{marker} {name} {number}"},
            enrolment_id=None if name in ABOUT_THE_PERSON else step,
        )  # fmt: skip


def test_there_are_types_with_notes():
    assert {"contact", "appointment", "risk_flag", "closed"} <= set(WITH_TEXT)


@pytest.mark.parametrize("office", ["trainer", "adviser", "funder"])
def test_no_page_of_another_organisation_shows_a_note(app, scene, sign_in, office):
    person = scene.persons["Yanis"]
    employment = OrganisationFactory(france_travail=True)
    region = OrganisationFactory(kind=Kind.REGION, town="Région voisine")
    scene.adviser = account(employment, "Anne Conseil", "anne@exemple.fr")
    scene.funder = account(region, "Fabien Financeur", "fabien@exemple.fr", Role.GESTIONNAIRE_REGION)
    step = scene.steps["Yanis", "PRF_VISA_METIERS"]
    LinkFactory(person=person, organisation=employment, user=scene.adviser, role=LinkRole.CO_REFERENT)
    LinkFactory(person=person, organisation=region, role=LinkRole.FUNDER, enrolment_id=step)
    with clock.at(date(2026, 1, 6)):
        note_everything(person, scene.ml, scene.steps["Yanis", "PACEA"], "zorglubnote")
        note_everything(person, scene.ml, step, "zorglubnote")
    AlertFactory(person=person, organisation=scene.ml)

    site = crawl(app, sign_in(getattr(scene, office)), page=f"/personnes/{person.public_id}", every=True)

    assert site.opened > 5
    assert [url for url, text in site.texts.items() if "zorglubnote" in text.lower()] == []


def test_the_author_s_own_pages_show_it(app, scene, sign_in):
    person = scene.persons["Yanis"]
    note_everything(person, scene.ml, scene.steps["Yanis", "PACEA"], "zorglubnote")

    site = crawl(app, sign_in(scene.counsellor), page=f"/personnes/{person.public_id}", every=True)

    assert any("zorglubnote" in text for text in site.texts.values())


def test_no_export_of_another_organisation_holds_a_note(own_database, tmp_path):
    ml, body = OrganisationFactory(), OrganisationFactory(training_body=True)
    employment = OrganisationFactory(france_travail=True)
    person = PersonFactory(followed_by=ml)
    step = EnrolmentFactory(person=person, lead=ml, operator_id=body.id, scheme="PRF_VISA_METIERS", state="in_training")
    LinkFactory(person=person, organisation=body, enrolment_id=step.id, role=LinkRole.OPERATOR)
    LinkFactory(person=person, organisation=employment, role=LinkRole.CO_REFERENT)
    MembershipFactory(user=UserFactory(), organisation=body)
    note_everything(person, ml, step.id, "zorglubnote")
    note_everything(person, body, step.id, "notebody")
    db.remove()

    for reader, own in ((body, "notebody"), (employment, ""), (ml, "zorglubnote")):
        folder = tmp_path / str(reader.id)
        export_tables(folder, reader=Reader(reader.id, clock.today(), kind=reader.kind), tell=lambda _line: None)
        text = "".join(file.read_text(encoding="utf-8") for file in folder.glob("*.csv"))
        assert str(person.public_id) in text
        for marker in ("zorglubnote", "notebody"):
            assert (marker in text) is (marker == own), (reader.name, marker)
