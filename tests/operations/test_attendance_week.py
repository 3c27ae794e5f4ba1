"""A group's week recorded at once: corrected, emptied, taken back, and never over what somebody else changed."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from pathways import clock
from pathways.detection.sheets import read_attendance
from pathways.models import JournalEntry
from pathways.operations.attendance import Typed, record_week
from pathways.operations.undo import take_back
from pathways.workflows.dates import days
from pathways.workflows.week import EMPTY, Week
from tests.school import VISA, School, monday

FULL = ("P",) * 10 + ("-",) * 4


@pytest.fixture
def school(session, frozen_clock):
    frozen_clock.advance(days=3)  # Thursday
    return School()


@pytest.fixture
def week(session, school, acting_for):
    """Reads and writes the week before this one, for the body."""

    class Weeks:
        first = monday(1)

        def cells(self, pupil, first=None):
            facts = read_attendance(session, {pupil.step.id: (pupil.person.id, VISA)}, monday(3), clock.today(), clock.today())
            return Week(facts[pupil.step.id].all("attendance"), first or self.first).cells

        def record(self, *wanted, first=None, shown=None, user=None):
            first = first or self.first
            typed = [
                Typed(pupil.person.id, pupil.step.id, VISA, shown or self.cells(pupil, first), tuple(cells))
                for pupil, cells in wanted
            ]
            with acting_for(school.body, user or school.trainer):
                return record_week(typed, first, organisation_id=school.body.id, user_id=(user or school.trainer).id)

    return Weeks()


def changed(cells, **at):
    """The same week with some cells otherwise: ``p3="U"`` is the fourth half-day."""
    return tuple(at.get(f"p{place}", cell) for place, cell in enumerate(cells))


def sheets(session):
    return session.scalars(sa.select(JournalEntry).where(JournalEntry.type == "attendance").order_by(JournalEntry.id)).all()


def test_a_week_is_one_sheet_a_trainee_and_who_did_not_change_has_none(school, session, week):
    lea, tom = school.pupil("Léa"), school.pupil("Tom")

    done = week.record((lea, changed(FULL, p2="U", p3="J.maladie")), (tom, EMPTY))

    (sheet,) = sheets(session)
    assert sheet.payload == {"from": week.first.isoformat(), "halves": "PPUJPPPPPP", "reasons": {"3": "maladie"}}
    assert sheet.occurred_on == week.first + days(4)
    assert done.declared.steps == {lea.step.id}
    assert week.cells(lea) == changed(FULL, p2="U", p3="J.maladie")


def test_a_correction_says_only_what_changed(school, session, week):
    lea = school.pupil("Léa")
    week.record((lea, FULL))

    week.record((lea, changed(FULL, p4="U")))

    assert [sheet.payload["halves"] for sheet in sheets(session)] == ["PPPPPPPPPP", "----U-"]
    assert week.cells(lea) == changed(FULL, p4="U")


def test_a_reason_is_corrected_like_a_code(school, week):
    lea = school.pupil("Léa")
    week.record((lea, changed(FULL, p0="J.maladie")))

    week.record((lea, changed(FULL, p0="J.transport")))

    assert week.cells(lea)[0] == "J.transport"


def test_a_half_day_is_emptied_and_the_rest_of_its_sheet_stays(school, session, week):
    lea = school.pupil("Léa")
    week.record((lea, changed(FULL, p1="J.enfant")))

    week.record((lea, changed(FULL, p0="-", p1="J.enfant", p9="-")))

    assert week.cells(lea) == changed(FULL, p0="-", p1="J.enfant", p9="-")
    assert session.scalar(sa.select(sa.func.count()).where(JournalEntry.type == "retracted")) == 1


def test_a_week_is_emptied_altogether(school, session, week):
    lea = school.pupil("Léa")
    week.record((lea, FULL))
    week.record((lea, changed(FULL, p4="U")))

    week.record((lea, EMPTY))

    assert week.cells(lea) == EMPTY


def test_emptying_keeps_what_the_sheet_said_of_another_week(school, session, week):
    lea = school.pupil("Léa")
    thursday = week.first - days(4)
    school.tell(lea, "attendance", 1, {"from": thursday.isoformat(), "halves": "PPUU----PPPP"})

    week.record((lea, EMPTY))

    assert week.cells(lea) == EMPTY
    assert week.cells(lea, monday(2))[6:10] == ("P", "P", "U", "U")


def test_what_another_body_declared_is_not_ours_to_empty(school, session, week):
    lea = school.pupil("Léa")
    school.tell(lea, "attendance", 1, {"from": week.first.isoformat(), "halves": "PPPP"}, by=school.ml)

    done = week.record((lea, EMPTY))

    assert [reason.code for reason in done.declared.refused[lea.step.id]] == ["not_your_entry"]
    assert week.cells(lea)[:4] == ("P",) * 4


def test_undoing_gives_back_what_stood_before(school, session, week, acting_for):
    lea = school.pupil("Léa")
    before = changed(FULL, p1="J.enfant")
    week.record((lea, before))

    done = week.record((lea, changed(before, p0="-", p5="U")))
    with acting_for(school.body, school.trainer):
        take_back(done.declared.entries, organisation_id=school.body.id, user_id=school.trainer.id)

    assert week.cells(lea) == before


def test_the_second_of_two_people_is_told_which_cells_changed_and_nothing_is_lost(school, session, week):
    lea, tom = school.pupil("Léa"), school.pupil("Tom")
    shown = week.cells(lea)
    week.record((lea, changed(EMPTY, p0="U", p1="P")), shown=shown)

    done = week.record((lea, changed(EMPTY, p0="P", p2="P")), (tom, FULL), shown=shown)

    assert done.meanwhile == {lea.step.id: (0, 1)}
    assert week.cells(lea) == changed(EMPTY, p0="U", p1="P")
    assert week.cells(tom) == FULL


def test_presence_is_not_known_in_advance_but_an_excuse_is(school, session, week):
    lea, tom = school.pupil("Léa"), school.pupil("Tom")
    friday = 8

    done = week.record(
        (lea, changed(EMPTY, **{f"p{friday}": "P"})), (tom, changed(EMPTY, **{f"p{friday}": "J.convocation"})), first=monday(0)
    )

    assert [reason.code for reason in done.declared.refused[lea.step.id]] == ["presence_to_come"]
    assert week.cells(tom, monday(0))[friday] == "J.convocation"


def test_absences_are_judged_at_once(school, session, week):
    lea = school.pupil("Léa")

    week.record((lea, ("U",) * 10 + ("-",) * 4))

    open_rules = sa.text("select rule from signal where person_id = :id and closed_on is null")
    assert "absence_streak_critical" in session.scalars(open_rules, {"id": lea.person.id}).all()


def test_fifteen_trainees_cost_as_many_queries_as_one(school, week, counting):
    one, many = school.pupil("Léa"), [school.pupil(f"Élève {n}") for n in range(15)]
    with counting() as alone:
        week.record((one, FULL), shown=EMPTY)
    with counting() as together:
        week.record(*((each, FULL) for each in many), shown=EMPTY)

    assert together.cost_as_much_as(alone)
