"""Opening a record: everything in one transaction, seen by whoever opened it and by nobody else."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.errors import Refused
from pathways.models import DuplicateProposal, ExternalId, JournalEntry, Link, Person
from pathways.operations.persons import NewPerson, create_person
from tests.factories import LinkFactory, MembershipFactory, OrganisationFactory, PersonFactory

WHO = NewPerson("Guérin", "Maëlys", date(2006, 5, 3))


@pytest.fixture
def ml(session, frozen_clock):
    organisation = OrganisationFactory()
    organisation.user = MembershipFactory(organisation=organisation).user_id
    return organisation


def create(ml, who=WHO, **more):
    with db.acting_for(ml.id, ml.user):
        return create_person(who, organisation_id=ml.id, user_id=ml.user, **more)


def test_whoever_opens_a_record_sees_it_and_nobody_else_does(ml, acting_for, session):
    created = create(ml)

    with acting_for(ml):
        assert session.scalars(sa.select(Person.id)).all() == [created.id]
    with acting_for(OrganisationFactory()):
        assert session.scalars(sa.select(Person.id)).all() == []


def test_a_new_record_is_evaluated_at_once(ml, session):
    created = create(ml)

    assert session.get(Person, created.id).evaluated_day == clock.today()


def test_what_the_record_looks_like_is_proposed_whoever_accompanies_it(ml, session):
    elsewhere = OrganisationFactory()
    known = PersonFactory(family_name="Guerin", given_name="Maelys", birth_date=WHO.birth_date)
    LinkFactory(person=known, organisation=elsewhere)

    created = create(ml)

    assert created.proposed == 1
    assert session.execute(sa.select(DuplicateProposal.first_id, DuplicateProposal.second_id)).all() == [(known.id, created.id)]


def test_a_number_that_is_known_leaves_nothing_behind(ml, session):
    with db.atomic():
        session.add(ExternalId(person_id=PersonFactory().id, system="france_travail", value="1234567A"))
    before = session.scalar(sa.select(sa.func.count()).select_from(Person))

    with pytest.raises(Refused) as refused:
        create(ml, NewPerson("Guérin", "Maëlys", WHO.birth_date, numbers={"france_travail": "1234567 a"}))

    assert refused.value.codes == ("france_travail_known",)
    for model in (JournalEntry, Link):
        assert session.scalars(sa.select(model.id)).all() == []
    assert session.scalar(sa.select(sa.func.count()).select_from(Person)) == before


@pytest.mark.parametrize(
    ("system", "number", "kept"),
    [
        ("france_travail", "1234567A", True),
        ("france_travail", "12345678", True),
        ("france_travail", "12345678901", True),
        ("france_travail", "123456789", False),
        ("france_travail", "A2345678", False),
        ("ine", "123456789AB", True),
        ("ine", "1234567890A", True),
        ("ine", "_234567890A", True),
        ("ine", "2024A12345B", True),
        ("ine", "12345678AB", False),
        ("ine", "ABCDEFGHIJK", False),
    ],
)
def test_a_number_has_the_form_its_system_gives_it(ml, session, system, number, kept):
    who = NewPerson("Guérin", "Maëlys", WHO.birth_date, numbers={system: number})
    if kept:
        create(ml, who)
        assert session.scalars(sa.select(ExternalId.value)).all() == [number]
    else:
        with pytest.raises(Refused) as refused:
            create(ml, who)
        assert refused.value.codes == (f"{system}_unreadable",)


@pytest.mark.parametrize(
    "who",
    [
        NewPerson("Guérin", "Maëlys", WHO.birth_date, numbers={"ine": "2 06 05 44 109 123 45"}),
        NewPerson("Guérin", "Maëlys", WHO.birth_date, numbers={"france_travail": "206054410912345"}),
        NewPerson("2060544109123", "Maëlys", WHO.birth_date),
    ],
)
def test_a_social_security_number_is_never_kept(ml, who):
    with pytest.raises(Refused) as refused:
        create(ml, who)

    assert refused.value.codes == ("nir_as_number",)


def test_every_reason_comes_at_once(ml):
    with pytest.raises(Refused) as refused:
        create(ml, NewPerson(" ", "Maëlys", None, phone="12", email="x", numbers={"ine": "1"}))

    assert set(refused.value.codes) == {
        "names_missing", "birth_date_missing", "phone_unreadable", "email_unreadable", "ine_unreadable",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("born", "code"),
    [
        (date(2026, 3, 3), "birth_to_come"),
        (date(1925, 3, 1), "birth_too_far"),
        (date(2011, 3, 3), "age_to_confirm"),
        (date(1958, 3, 2), "age_to_confirm"),
        (date(2011, 3, 2), None),
        (date(1958, 3, 3), None),
    ],
)
def test_a_birth_date_that_is_unusual_is_refused_or_confirmed(ml, born, code):
    """On 2 March 2026: fifteen is the youngest, sixty-seven the oldest that goes without saying."""
    who = NewPerson("Guérin", "Maëlys", born)
    if code is None:
        assert create(ml, who)
        return
    with pytest.raises(Refused) as refused:
        create(ml, who)
    assert refused.value.codes == (code,)
    if code == "age_to_confirm":
        assert create(ml, who, age_confirmed=True)
