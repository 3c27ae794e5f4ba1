"""Years go by: what is announced, archived and erased, on which day exactly."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.detection.sweep import evaluate_now, sweep
from pathways.errors import NotVisible, Refused
from pathways.models import Alert, AlertAction, Disclosure, Enrolment, JournalEntry, Person, Role, Signal, StatisticStep
from pathways.operations.legal_holds import lift_hold, place_hold
from pathways.operations.recording import record_event
from pathways.operations.retention import run
from pathways.sharing.disclosure import disclose
from tests.factories import AlertFactory, SignalFactory
from tests.retention.conftest import anywhere

START = date(2020, 1, 6)


def opened(years, name, **identity):
    story = years
    story.person(name, **identity)
    story.tell(name, START, "orientation_notified", opens=True)
    story.tell(name, date(2020, 2, 10), "contact", {"channel": "phone", "note": f"Vu avec {name} Zorglubesque."})


def test_a_record_is_announced_thirty_days_before_two_years_then_archived_then_erased_three_years_later(years, own_database):
    story = years(START)
    opened(story, "Hadrienne")
    with clock.at(START):
        sweep(date(2021, 6, 1))

    story.purge_from(date(2022, 1, 8), date(2022, 2, 12))
    assert story.happened["Hadrienne"] == {"pathway:notice": date(2022, 1, 11), "pathway:archive": date(2022, 2, 10)}
    assert story.notices("Hadrienne") == [(date(2022, 1, 11), date(2022, 2, 10), "done")]
    assert story.stored("Hadrienne").archived_on == date(2022, 2, 10)
    assert story.stored("Hadrienne").family_name == "Zorglubesque"

    story.purge_from(date(2022, 3, 1), date(2025, 2, 1), every=30)
    assert "pathway:erase" not in story.happened["Hadrienne"]
    story.purge_from(date(2025, 2, 8), date(2025, 2, 12))
    assert story.happened["Hadrienne"]["pathway:erase"] == date(2025, 2, 10)
    assert anywhere(own_database.admin_url, "Zorglub", "Hadrienne", str(story.persons["Hadrienne"].public_id)) == []


def test_an_archived_record_is_seen_by_nobody_in_passing(years):
    story = years(START)
    opened(story, "Hadrienne")
    story.purge(date(2022, 1, 11))
    with clock.at(date(2022, 2, 9)), db.acting_for(story.ml.id), db.atomic() as session:
        assert session.get(Person, story.persons["Hadrienne"].id)

    story.purge(date(2022, 2, 10))

    with clock.at(date(2022, 2, 10)), db.acting_for(story.ml.id), db.atomic() as session:
        session.expire_all()
        assert session.scalars(sa.select(Person.id)).all() == []
        assert session.scalars(sa.select(Enrolment.id)).all() == []
        assert session.execute(sa.text("SELECT * FROM former_persons('', NULL)")).all() == []


def test_a_first_run_long_after_the_term_still_leaves_thirty_days(years):
    story = years(START)
    opened(story, "Hadrienne")

    story.purge_from(date(2024, 5, 1), date(2024, 6, 2))

    assert story.happened["Hadrienne"] == {"pathway:notice": date(2024, 5, 1), "pathway:archive": date(2024, 5, 31)}


def test_any_new_contact_resets_the_clock_and_a_failed_attempt_does_not(years):
    story = years(START)
    for name in ("Hadrienne", "Ysaline"):
        opened(story, name)
    story.purge(date(2022, 1, 11))
    story.tell("Hadrienne", date(2022, 1, 20), "contact", {"channel": "phone"})
    story.tell("Ysaline", date(2022, 1, 20), "appointment", {"status": "noshow"})

    story.purge_from(date(2022, 1, 21), date(2022, 2, 12))

    assert story.notices("Hadrienne") == [(date(2022, 1, 11), date(2022, 2, 10), "contact")]
    assert story.stored("Hadrienne").archived_on is None
    assert story.stored("Ysaline").archived_on == date(2022, 2, 10)
    story.purge_from(date(2023, 12, 20), date(2024, 1, 21))
    assert story.happened["Hadrienne"]["pathway:archive"] == date(2024, 1, 20)


def test_a_step_still_running_keeps_the_record(years):
    story = years(START)
    story.person("Ysaline")
    story.tell("Ysaline", START, "orientation_notified", opens=True)
    story.tell("Ysaline", date(2020, 2, 3), "engagement_signed", {"legal_representative_signed": True})
    story.tell("Ysaline", date(2020, 2, 4), "phase_started", {"n": 1, "planned_end": "2020-08-03"})
    known = date(2022, 2, 4)
    with db.as_system(), db.atomic() as session:
        session.execute(sa.text("UPDATE enrolment SET planned_end = '2023-05-01'"))

    story.purge_from(known - timedelta(days=30), known + timedelta(days=30), every=10)

    assert "Ysaline" not in story.happened


def test_death_starts_the_clock_whatever_is_declared_afterwards(years):
    story = years(START)
    opened(story, "Hadrienne")
    story.tell("Hadrienne", date(2020, 3, 2), "deceased", step=None)
    with clock.at(date(2021, 3, 1)), db.atomic() as session:
        session.execute(
            sa.text("INSERT INTO journal_entry (person_id, organisation_id, occurred_on, type, source) "
                    "VALUES (:person, :ml, '2021-03-01', 'contact', 'screen')"),
            {"person": story.persons["Hadrienne"].id, "ml": story.ml.id},
        )  # fmt: skip

    story.purge_from(date(2022, 1, 25), date(2022, 3, 5))

    assert story.happened["Hadrienne"] == {"deceased:notice": date(2022, 1, 31), "deceased:archive": date(2022, 3, 2)}


def test_a_leaver_never_reached_is_erased_six_months_after_the_last_attempt(years):
    story = years(START)
    story.person("Ysaline")
    story.tell("Ysaline", START, "leaver_identified", step="PSAD", opens=True)
    for day in (date(2020, 1, 20), date(2020, 2, 17)):
        story.tell("Ysaline", day, "contact_attempt", {"channel": "phone", "result": "failed"}, step="PSAD")

    story.purge_from(date(2020, 7, 10), date(2020, 8, 20))

    assert story.happened["Ysaline"] == {"unreached:notice": date(2020, 7, 18), "unreached:erase": date(2020, 8, 17)}
    assert story.stored("Ysaline").erased_on == date(2020, 8, 17)


def test_what_is_left_of_an_erased_person_counts_in_the_year_and_leads_nowhere(years, own_database):
    story = years(START)
    opened(story, "Hadrienne", birth_date=date(2001, 5, 5), sex="F", commune="44109")
    story.purge(date(2022, 1, 11))
    story.purge(date(2022, 2, 10))
    story.purge(date(2025, 2, 10))

    with db.as_system(), db.atomic() as session:
        (kept,) = session.scalars(sa.select(StatisticStep)).all()
        assert (kept.scheme, kept.department, kept.born_from, str(kept.sex)) == ("PACEA", "44", 2000, "F")
        assert (kept.started_month, kept.ended_month) == (date(2020, 1, 1), None)
        entries = session.scalars(sa.select(JournalEntry)).all()
        assert entries
        assert all(each.payload == {} and each.erased_on == date(2025, 2, 10) for each in entries)
        assert all(each.user_id is None and each.enrolment_id is None for each in entries)
        gone = ("signal", "alert", "link", "enrolment", "visibility", "external_id", "retention_notice")
        assert {table: session.scalar(sa.text(f"SELECT count(*) FROM {table}")) for table in gone} == dict.fromkeys(gone, 0)
    columns = {column.name for column in StatisticStep.__table__.columns}
    assert columns == {"id", "scheme", "department", "born_from", "sex", "started_month", "ended_month", "outcome"}


def test_signals_and_alerts_go_with_the_person(years):
    story = years(START)
    opened(story, "Hadrienne")
    with clock.at(date(2021, 1, 4)):
        SignalFactory(person=story.persons["Hadrienne"], details={"said": "Zorglubesque"})
        alert = AlertFactory(person=story.persons["Hadrienne"], organisation=story.ml)
    with db.as_system(), db.atomic() as session:
        session.add(AlertAction(alert_id=alert.id, kind="note", reason="Zorglubesque a rappelé"))
        assert session.scalars(sa.select(Signal.id)).all()
        assert session.scalars(sa.select(Alert.id)).all()

    for day in (date(2022, 1, 11), date(2022, 2, 10), date(2025, 2, 10)):
        story.purge(day)

    with db.as_system(), db.atomic() as session:
        assert session.scalars(sa.select(Signal.id)).all() == []
        assert session.scalars(sa.select(Alert.id)).all() == []


def test_a_past_day_cannot_be_played_again_for_an_erased_person(years):
    story = years(START)
    opened(story, "Hadrienne")
    for day in (date(2022, 1, 11), date(2022, 2, 10), date(2025, 2, 10)):
        story.purge(day)
    person = story.persons["Hadrienne"].id

    with clock.at(date(2025, 3, 1)):
        with db.atomic():
            assert evaluate_now(person, date(2021, 1, 4)).persons == 0
        assert sweep(date(2025, 3, 1), full=True).persons == 0
        with pytest.raises(NotVisible):
            record_event(person_id=person, type="contact", occurred_on=date(2021, 1, 4), data={}, organisation_id=story.ml.id)
    assert not story.purge(date(2021, 1, 4)).done

    with db.as_system(), db.atomic() as session:
        assert session.scalars(sa.select(Signal.id)).all() == []


def test_a_hold_stops_everything_until_it_is_lifted(years):
    story = years(START)
    opened(story, "Hadrienne")
    dpo, person = story.member(Role.DPO), story.persons["Hadrienne"]
    story.purge(date(2022, 1, 11))
    with clock.at(date(2022, 1, 20)), db.acting_for(story.ml.id, dpo.id):
        hold = place_hold(
            person.public_id, reason="Recours devant le tribunal", review_on=date(2022, 12, 1), organisation_id=story.ml.id,
            user_id=dpo.id,
        )  # fmt: skip

    story.purge_from(date(2022, 1, 21), date(2022, 12, 31), every=7)
    assert story.notices("Hadrienne") == [(date(2022, 1, 11), date(2022, 2, 10), "hold")]
    assert story.stored("Hadrienne").archived_on is None

    with clock.at(date(2023, 1, 2)), db.acting_for(story.ml.id, dpo.id):
        lift_hold(hold, organisation_id=story.ml.id, user_id=dpo.id)
    story.purge_from(date(2023, 1, 3), date(2023, 2, 10))
    assert story.stored("Hadrienne").archived_on == date(2023, 2, 2)


def test_consultations_are_forgotten_after_twelve_months(years):
    story = years(START)
    opened(story, "Hadrienne")
    for day in (date(2020, 1, 7), date(2020, 1, 8)):
        with clock.at(day), db.acting_for(story.ml.id, story.counsellor.id), db.atomic():
            disclose([story.persons["Hadrienne"].id], "person.show", ["I"])

    story.purge(date(2021, 1, 8))

    with db.as_system(), db.atomic() as session:
        assert [clock.paris_day(at) for at in session.scalars(sa.select(Disclosure.at))] == [date(2020, 1, 8)]


def test_a_day_to_come_is_refused(years):
    story = years(START)

    with clock.at(date(2020, 1, 8)), pytest.raises(Refused, match="day_to_come"):
        run(date(2020, 1, 9), story.eraser_url)
