"""An organisation that records almost every day and then nothing is out: nobody is silent for it."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from pathways import clock, db
from pathways.detection.circumstances import IN_DAYS, RECORDS_DAILY, Pause, Span, out
from pathways.detection.outages import spans_out
from pathways.detection.sweep import sweep
from pathways.models import JournalEntry, Signal
from pathways.workflows.dates import is_working_day
from tests.detection.test_properties import examples
from tests.factories import EnrolmentFactory, JournalEntryFactory, LinkFactory, OrganisationFactory, PersonFactory

FRIDAY = date(2026, 2, 27)
"""No bank holiday for a month before, nor after."""
LATER = date(2026, 5, 29)


def working_days(first, last):
    return [day for n in range((last - first).days + 1) if is_working_day(day := first + timedelta(days=n))]


def pauses(recorded, today):
    """As the statement of `pathways.detection.outages` finds them, from days in order."""
    known = [day for day in recorded if day <= today]
    for place, last in enumerate(known):
        if sum(last - timedelta(days=IN_DAYS) < day <= last for day in known) >= RECORDS_DAILY:
            yield Pause(last, *known[place + 1 : place + 3])


def test_out_is_from_the_fifth_working_day_without_anything_on():
    assert out([Pause(FRIDAY)], date(2026, 3, 5)) == ()
    assert out([Pause(FRIDAY)], date(2026, 3, 6)) == (Span(date(2026, 3, 6)),)
    assert out([Pause(FRIDAY, date(2026, 3, 6))], LATER) == ()


def test_bank_holidays_are_no_working_days():
    assert out([Pause(date(2026, 4, 30))], LATER) == (Span(date(2026, 5, 11)),)  # 1 and 8 May


def test_it_is_heard_again_after_the_second_day_on_which_it_records():
    monday, wednesday = date(2026, 3, 16), date(2026, 3, 18)

    assert out([Pause(FRIDAY, monday)], LATER) == (Span(date(2026, 3, 6)),)
    assert out([Pause(FRIDAY, monday, wednesday)], LATER) == (Span(date(2026, 3, 6), wednesday),)


@examples(150)
@given(st.sets(st.integers(0, 60), min_size=12))
def test_what_is_said_of_an_evening_does_not_change_with_what_is_recorded_later(offsets):
    first = FRIDAY - timedelta(days=40)
    recorded = sorted(first + timedelta(days=offset) for offset in offsets)
    in_the_end = out(pauses(recorded, LATER), LATER)

    for evening in (first + timedelta(days=n) for n in range(75)):
        then = out(pauses(recorded, evening), evening)
        assert covers(then, evening) == covers(in_the_end, evening)


def covers(spans, day):
    return any(span.first <= day and (span.last is None or day <= span.last) for span in spans)


# --- in the database


@pytest.fixture
def ml(session):
    return OrganisationFactory()


def records(organisation, days, person=None):
    """Something of somebody, on each of these days."""
    person = person or PersonFactory()
    for day in days:
        JournalEntryFactory(
            person=person, organisation=organisation, type="contact", occurred_on=day, recorded_at=clock.noon(day), payload={}
        )
    db.session().flush()


def signed(organisation, day):
    """Somebody whose accompaniment begins, and of whom nothing is recorded since."""
    person = PersonFactory()
    LinkFactory(person=person, organisation=organisation)
    step = EnrolmentFactory(person=person, lead=organisation, opened_on=day)
    JournalEntryFactory(
        person=person, organisation=organisation, enrolment_id=step.id, type="engagement_signed", occurred_on=day,
        recorded_at=clock.noon(day), payload={},
    )  # fmt: skip
    db.session().flush()
    return person


def shown(person):
    db.session().expire_all()
    wanted = sa.select(Signal.shown_on).where(Signal.person_id == person.id, Signal.rule == "contact_silence")
    return list(db.session().scalars(wanted))


def nights(first, last):
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        with clock.at(day):
            sweep(day)


@examples(25)
@given(days=st.sets(st.integers(0, 90), min_size=12))
def test_the_statement_finds_what_the_days_say(own_pauses, days):
    recorded = sorted(FRIDAY - timedelta(days=60) + timedelta(days=offset) for offset in days)

    assert own_pauses(recorded) == out(pauses(recorded, LATER), LATER)


@pytest.fixture(scope="module")
def own_pauses(servers):
    """What the database says of an organisation that recorded on these days."""
    database = servers.clone()
    engine = sa.create_engine(database.admin_url)
    db.configure(database.app_url)

    def asked(days):
        with engine.begin() as connection:
            connection.execute(sa.text("truncate recording_day"))
            connection.execute(sa.text("insert into recording_day values (7, :day)"), [{"day": day} for day in days])
        with clock.at(LATER), db.as_system(), db.atomic() as session:
            return spans_out(session).get(7, ())

    yield asked
    db.remove()
    db.dispose()
    engine.dispose()
    servers.drop(database)


def test_whoever_recorded_when_is_kept_by_the_journal_itself(session, ml):
    records(ml, [FRIDAY, FRIDAY, FRIDAY + timedelta(days=3)])
    with clock.at(FRIDAY):
        JournalEntryFactory(organisation=ml, recorded_at=clock.noon(date(2026, 2, 20)))
        JournalEntryFactory(organisation=ml, type="identity_stated", recorded_at=clock.noon(date(2026, 2, 19)))
    session.flush()

    kept = session.scalars(sa.text("select day from recording_day where organisation_id = :id order by 1"), {"id": ml.id})
    assert list(kept) == [date(2026, 2, 20), FRIDAY, FRIDAY + timedelta(days=3)]
    assert session.scalar(sa.select(sa.func.count()).select_from(JournalEntry)) == 5


def test_while_it_is_out_nobody_falls_silent_and_whoever_still_is_then_shows(session, ml, frozen_clock):
    records(ml, working_days(date(2026, 1, 12), FRIDAY))
    back = [date(2026, 3, 23), date(2026, 3, 24)]
    records(ml, back)
    silent = signed(ml, date(2026, 1, 26))  # 45 days without contact: the silence shows on 13 March

    nights(date(2026, 3, 1), date(2026, 3, 24))
    assert shown(silent) == []
    nights(date(2026, 3, 25), date(2026, 3, 26))
    assert shown(silent) == [date(2026, 3, 25)]


def test_where_others_are_recorded_every_day_a_silence_shows_on_its_day(session, ml, frozen_clock):
    records(ml, working_days(date(2026, 1, 12), date(2026, 3, 20)))
    silent = signed(ml, date(2026, 1, 26))

    nights(date(2026, 3, 1), date(2026, 3, 20))

    assert shown(silent) == [date(2026, 3, 13)]


def test_of_an_organisation_that_records_now_and_then_a_week_without_anything_says_nothing(session, ml, frozen_clock):
    records(ml, working_days(date(2026, 1, 12), date(2026, 2, 13))[::4])
    silent = signed(ml, date(2026, 1, 26))

    nights(date(2026, 3, 1), date(2026, 3, 20))

    assert shown(silent) == [date(2026, 3, 13)]


def test_what_was_left_undone_and_is_recorded_on_the_return_opens_nothing(session, ml, frozen_clock):
    records(ml, working_days(date(2026, 1, 12), FRIDAY))
    spoken = signed(ml, date(2026, 1, 26))
    for day in (date(2026, 3, 23), date(2026, 3, 24)):
        records(ml, [day])
    JournalEntryFactory(
        person=spoken, organisation=ml, type="contact", occurred_on=date(2026, 3, 10), recorded_at=clock.noon(date(2026, 3, 24)),
        payload={},
    )  # fmt: skip
    session.flush()

    nights(date(2026, 3, 1), date(2026, 4, 3))

    assert shown(spoken) == []
