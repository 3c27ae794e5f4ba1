"""What must never be false, whoever writes."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pathways import clock, db
from pathways.db import Base
from pathways.models import AlertState, CloseReason, EnrolmentState, ExternalId, Setting, reference
from tests.factories import (
    AlertFactory,
    EnrolmentFactory,
    JournalEntryFactory,
    LinkFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    SignalFactory,
    UserFactory,
    days_ago,
)

pytestmark = pytest.mark.usefixtures("session")


def refused(constraint: str):
    return pytest.raises(IntegrityError, match=rf'"{constraint}"')


def test_a_closed_step_has_a_closing_day():
    with refused("fk_enrolment_state_enrolment_state"):
        EnrolmentFactory(state="closed")


def test_a_running_step_has_none():
    with refused("fk_enrolment_state_enrolment_state"):
        EnrolmentFactory(state="active", closed_on=clock.today())


def test_a_state_is_one_that_a_scheme_s_page_names():
    with refused("fk_enrolment_state_enrolment_state"):
        EnrolmentFactory(state="lost_in_space")


def test_every_state_of_every_page_may_be_stored(session):
    stored = {(state.code, state.final) for state in session.scalars(sa.select(EnrolmentState))}

    assert reference.states() <= stored


def test_one_signal_at_a_time_for_the_same_finding():
    first = SignalFactory(about="week:2026-W09", threshold="2")
    SignalFactory(person_id=first.person_id, about="week:2026-W10", threshold="2")
    SignalFactory(person_id=first.person_id, about="week:2026-W09", threshold="3")
    SignalFactory(person_id=first.person_id, about="week:2026-W09", threshold="2", ended=True)
    with refused("uq_signal_open"):
        SignalFactory(person_id=first.person_id, about="week:2026-W09", threshold="2")


def test_a_signal_opened_and_closed_the_same_day_is_kept():
    assert SignalFactory(shown_on=clock.today(), ended=True).closed_on == clock.today()


def test_a_signal_is_not_closed_before_it_is_shown():
    with refused("ck_signal_closed_on"):
        SignalFactory(shown_on=days_ago(1), closed_on=days_ago(2), close_reason=CloseReason.ENDED)


def test_a_closed_signal_says_why():
    with refused("ck_signal_closed_with_a_reason"):
        SignalFactory(closed_on=clock.today())


def test_one_open_alert_for_a_person_a_step_and_a_family():
    enrolment = EnrolmentFactory()
    alert = AlertFactory(person_id=enrolment.person_id)
    AlertFactory(person_id=enrolment.person_id, enrolment_id=enrolment.id)
    AlertFactory(person_id=enrolment.person_id, family="gap")
    AlertFactory(person_id=enrolment.person_id, closed_today=True)
    with refused("uq_alert_open"):
        AlertFactory(person_id=alert.person_id)


def test_an_alert_is_closed_on_a_day():
    with refused("ck_alert_closed_has_a_day"):
        AlertFactory(state=AlertState.RESOLVED)


def test_an_open_alert_has_no_outcome():
    with refused("ck_alert_outcome_when_closed"):
        AlertFactory(outcome="wrong_data")


def test_an_entry_is_retracted_once():
    entry = JournalEntryFactory()
    JournalEntryFactory(retracting=entry)
    with refused("uq_journal_entry_retracts"):
        JournalEntryFactory(retracting=entry)


def test_a_retraction_says_of_what():
    with refused("ck_journal_entry_retracts"):
        JournalEntryFactory(type="retracted")


@pytest.mark.parametrize("birth_date", [date(1899, 12, 31), date.max])
def test_a_birth_date_is_one_of_somebody_alive(birth_date):
    with refused("ck_person_birth_date"):
        PersonFactory(birth_date=birth_date)


@pytest.mark.parametrize("commune", ["44000 Nantes", "4410", "2C004"])
def test_a_commune_is_an_insee_code(commune):
    with refused("ck_person_commune"):
        PersonFactory(commune=commune)


def test_corsica_has_letters():
    assert PersonFactory(commune="2A004").id


@pytest.mark.parametrize(("field", "value"), [("siret", "1234567890123"), ("uai", "0440001"), ("uai", "0440001a")])
def test_siret_and_uai_have_their_shape(field, value):
    with refused(f"ck_organisation_{field}"):
        OrganisationFactory(**{field: value})


def test_one_siret_may_carry_two_schools_but_not_the_same_one_twice():
    first = OrganisationFactory(cfa=True, uai="0440001A")
    OrganisationFactory(cfa=True, siret=first.siret, uai="0440002B")
    OrganisationFactory(training_body=True, siret=first.siret, uai="0440001A")
    with refused("uq_organisation_identifiers"):
        OrganisationFactory(cfa=True, siret=first.siret, uai="0440001A")


@pytest.mark.parametrize(
    "nir", ["1 85 12 44 109 042 87", "285122A00412345", "2-85-12-2B-109-042", "185124410904287", "199234410904287"]
)
def test_a_social_security_number_is_refused_as_an_identifier(session, nir):
    person = PersonFactory()
    with refused("ck_external_id_no_nir"), db.atomic() as current:
        current.add(ExternalId(person_id=person.id, system="erp", value=nir))


@pytest.mark.parametrize(
    "value", ["1234567A", "12345678901", "0123456789X", "123456789012", "5f8a2b1c9d3e4f5a6b7c8d9e", "12345678901234"]
)
def test_the_numbers_of_other_systems_are_accepted(session, value):
    with db.atomic() as current:
        current.add(ExternalId(person_id=PersonFactory().id, system="erp", value=value))


def test_a_number_belongs_to_one_person(session):
    with refused("uq_external_id_system_value"), db.atomic() as current:
        current.add_all([ExternalId(person_id=PersonFactory().id, system="ine", value="0123456789X") for _ in range(2)])


def test_an_address_is_kept_in_lower_case():
    with refused("ck_app_user_email"):
        UserFactory(email="Agent@exemple.fr")


def test_the_same_role_is_not_held_twice_at_a_time():
    membership = MembershipFactory(ended_on=days_ago(10))
    again = {"user_id": membership.user_id, "organisation_id": membership.organisation_id}
    MembershipFactory(**again, started_on=days_ago(9))
    with refused("ex_membership_once_at_a_time"):
        MembershipFactory(**again, started_on=days_ago(10), ended_on=days_ago(10))


def test_the_end_of_a_link_says_when_it_became_known():
    with refused("ck_link_end_recorded"):
        LinkFactory(ended_on=clock.today(), ended_recorded_at=None)


def test_a_setting_has_one_value_a_day_and_a_moment(session):
    given = {"name": "contact_silence_days", "value": 45, "valid_from": clock.today(), "recorded_at": clock.now()}
    with refused("uq_setting_name"), db.atomic() as current:
        current.add_all([Setting(**given), Setting(**given)])


def enum_columns():
    return [
        pytest.param(table.name, column, id=f"{table.name}.{column.name}")
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, sa.Enum)
    ]


@pytest.mark.parametrize(("table", "column"), enum_columns())
def test_the_database_accepts_the_members_of_the_enum_and_no_other(session, table, column):
    """Autogeneration does not see a new member: it needs a migration that changes the CHECK named after the column."""
    definition = session.scalar(
        sa.text("select pg_get_constraintdef(oid) from pg_constraint where conname = :name"),
        {"name": f"ck_{table}_{column.name}"},
    )

    assert definition, f"ck_{table}_{column.name} does not exist"
    assert set(re.findall(r"'([^']+)'::", definition)) == {member.value for member in column.type.enum_class}


def test_the_enums_of_the_models_are_all_checked():
    assert len(enum_columns()) >= 12


def test_recorded_at_comes_from_the_application_s_clock(session, frozen_clock):
    frozen_clock.advance(days=-1000)
    entry = JournalEntryFactory(occurred_on=clock.today() - timedelta(days=1), late=True)

    assert entry.recorded_at == clock.now()
