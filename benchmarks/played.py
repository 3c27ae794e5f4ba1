"""Two missions locales played day by day as the application would: nights, mornings, what is declared, and counsellors.

The synthetic region is loaded as it will be on the last day; what is not known yet on the first day is put aside, and comes back
on the day it was recorded. Counsellors go through the operations the screens use: some are slow, each is away a fortnight, one
leaves. Used by the benchmark of a quarter and, small, by its test.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from pathways import clock, db
from pathways.demo import parameters
from pathways.demo.load import load
from pathways.detection.sweep import RANGE, read_reference, share_out, sweep, sweep_range
from pathways.errors import NotVisible, Refused, Stale
from pathways.models import JournalEntry, Membership, Role, User
from pathways.operations.absences import record_absence
from pathways.operations.acting import note_acts
from pathways.operations.alert_clock import tick
from pathways.operations.alerts import close_alert, pause_alert, take_alert
from pathways.operations.reassigning import reassign_persons
from pathways.operations.recording import record_event
from pathways.workflows.dates import days

SATURDAY = 5
CEJ, PACEA = "CEJ", "PACEA"
QUICK, SLOW, ONE_SLOW_IN = 0.75, 0.25, 5
"""The chance of taking or calling, for one alert on one day [A]; one counsellor in five is slow."""
WAITS, ENDS, CALLS_AGAIN, ANSWERS = 0.05, 0.4, 0.2, 0.6
"""The chance that an alert taken waits, that one acted upon ends, or calls again; and that a call is answered [A]."""
MOST_A_DAY = 10
HOUSES = 4.1
"""The generator founds a mission locale for every two counsellors: two of them, whose counsellors are hired here."""
FULL = {CEJ: 30, PACEA: 100}
"""Persons a counsellor follows, by what they do."""

# Behind the policies' back: the past is cut at a day, and what was known later put aside.
PUT_ASIDE = """
    CREATE TABLE later_entry AS SELECT * FROM journal_entry WHERE (recorded_at AT TIME ZONE 'Europe/Paris')::date >= :first;
    DELETE FROM journal_entry WHERE id IN (SELECT id FROM later_entry);
    CREATE TABLE later_link AS SELECT * FROM link WHERE (recorded_at AT TIME ZONE 'Europe/Paris')::date >= :first;
    DELETE FROM link WHERE id IN (SELECT id FROM later_link);
    UPDATE later_link SET ended_on = NULL, ended_recorded_at = NULL;
    UPDATE link SET ended_on = NULL, ended_recorded_at = NULL
        WHERE (ended_recorded_at AT TIME ZONE 'Europe/Paris')::date >= :first;
    UPDATE enrolment SET state = 'announced', closed_on = NULL, outcome = NULL, cap_on = NULL
        WHERE NOT EXISTS (SELECT FROM journal_entry WHERE journal_entry.enrolment_id = enrolment.id);
    UPDATE person SET touched_at = :at
"""
BRING_BACK = """
    INSERT INTO journal_entry SELECT * FROM later_entry WHERE (recorded_at AT TIME ZONE 'Europe/Paris')::date = :day ORDER BY id;
    INSERT INTO link SELECT * FROM later_link WHERE (recorded_at AT TIME ZONE 'Europe/Paris')::date = :day;
    UPDATE person SET touched_at = :at WHERE id IN (
        SELECT person_id FROM later_entry WHERE (recorded_at AT TIME ZONE 'Europe/Paris')::date = :day)
"""
FOLLOWED = sa.text("""
    SELECT link.id, link.person_id, link.organisation_id, link.user_id, enrolment.scheme
    FROM link JOIN enrolment ON enrolment.id = link.enrolment_id
    WHERE link.organisation_id = ANY(:missions) AND link.ended_on IS NULL AND NOT coalesce(link.user_id = ANY(:team), false)
    ORDER BY enrolment.scheme = 'CEJ' DESC, enrolment.scheme = 'PACEA' DESC, link.id
""")
CASELOADS = sa.text("SELECT DISTINCT user_id, person_id FROM link WHERE user_id = ANY(:team) AND ended_on IS NULL")
IN_THE_LIST = sa.text("""
    SELECT alert.id, alert.person_id, alert.family, alert.level, alert.state, alert.shown_on, alert.acknowledged_on,
        alert.acted_on, alert.owner_id, (SELECT link.enrolment_id FROM link WHERE link.person_id = alert.person_id
            AND link.organisation_id = alert.organisation_id AND link.enrolment_id IS NOT NULL
            ORDER BY link.ended_on DESC NULLS FIRST, link.role = 'referent' DESC, id LIMIT 1) AS step
    FROM alert WHERE alert.organisation_id = ANY(:missions) AND alert.state IN ('new', 'acknowledged', 'in_action')
    ORDER BY raised_by DESC, level_rank(level) DESC, due_on, id
""")
NEWLY_SHOWN = sa.text("""
    SELECT id, person_id, owner_id, reserve, rule FROM alert
    WHERE shown_on = :day AND organisation_id = ANY(:missions) AND NOT id = ANY(:seen)
""")


@dataclass(slots=True)
class Counsellor:
    """One of the simulated users. ``pace``: the chance of taking one alert on a day; ``away``: first and last day off."""

    user: int
    organisation: int
    does: str
    pace: float
    away: tuple[date, date]
    persons: set[int] = field(default_factory=set)
    leaves_on: date | None = None

    def is_here(self, day: date) -> bool:
        return self.leaves_on is None or day < self.leaves_on

    def works(self, day: date) -> bool:
        return self.is_here(day) and not self.away[0] <= day <= self.away[1]


@dataclass(frozen=True, slots=True)
class Brought:
    """An alert, on the day it came in front of somebody. ``user``: its owner, or who stands in; None: the team."""

    id: int
    on: date
    person: int
    owner: int | None
    user: int | None
    reserve: str | None
    rule: str


@dataclass(slots=True)
class Quarter:
    """What is being played. ``shown`` in the order of days; ``refused``: what a counsellor tried in vain, by the reason given."""

    admin: sa.Engine
    missions: Sequence[int]
    team: list[Counsellor]
    chance: Random
    shown: list[Brought] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    refused: dict[str, int] = field(default_factory=dict)
    day: date = date.min


# --- the first day -----------------------------------------------------------------------------------------------------------


def begin(admin: sa.Engine, first: date, weeks: int, *, persons: int, seed: int, cej: int, pacea: int) -> Quarter:
    """Loads a region as known on the morning of ``first`` and gives two missions locales their counsellors."""
    end = first + timedelta(7 * weeks)
    usual = parameters.CASELOAD
    parameters.CASELOAD = max(1, int(persons * parameters.OPEN_SHARE / HOUSES))
    try:
        with clock.at(end):
            region = load(persons, seed, end).region
    finally:
        parameters.CASELOAD = usual
    with admin.begin() as connection:
        _run(connection, PUT_ASIDE, first=first, at=clock.noon(first - days(1)))
    with clock.at(first), db.as_system(), db.atomic():
        names = [mission[0].name for mission in region.missions]
        wanted = sa.text("SELECT id FROM organisation WHERE name = ANY(:names) ORDER BY id")
        missions = list(db.session().scalars(wanted, {"names": names}))
        quarter = Quarter(admin, missions, [], Random(f"{seed}:quarter"))
        _hire(quarter, first, weeks, cej, pacea)
    _give_caseloads(quarter)
    with clock.at(first - days(1)):
        sweep(first - days(1))
    return quarter


def _run(connection: sa.Connection, statements: str, **values: Any) -> None:
    for statement in statements.split(";"):
        named = {name: value for name, value in values.items() if f":{name}" in statement}
        connection.execute(sa.text(statement), named)


def _hire(quarter: Quarter, first: date, weeks: int, cej: int, pacea: int) -> None:
    session = db.session()
    for number, does in enumerate([CEJ] * cej + [PACEA] * pacea):
        organisation = quarter.missions[number % len(quarter.missions)]
        user = User(email=f"quarter{number}@example.org", name=f"Agent {number}", active=True)
        session.add(user)
        session.flush()
        session.add(
            Membership(user_id=user.id, organisation_id=organisation, role=Role.CONSEILLER, started_on=first - days(400))
        )
        off = first + timedelta(7 * (2 + number * 5 % max(1, weeks - 4)))
        pace = SLOW if number % ONE_SLOW_IN == 0 else QUICK
        quarter.team.append(Counsellor(user.id, organisation, does, pace, (off, off + days(11))))
    session.flush()
    for one in quarter.team:
        with clock.at(first):
            record_absence(
                one.user, first_day=one.away[0], last_day=one.away[1], delegate_id=colleague(quarter, one).user,
                recorded_by=one.user, organisation_id=one.organisation,
            )  # fmt: skip
    quarter.team[-1].leaves_on = first + timedelta(7 * (weeks // 2))


def _give_caseloads(quarter: Quarter) -> None:
    """Every person of the missions locales to a counsellor who does what they are in; whoever has most room first."""
    team = {each.user: each for each in quarter.team}
    with quarter.admin.begin() as connection:
        for each in quarter.team:
            each.persons.clear()
        for user, person in connection.execute(CASELOADS, {"team": list(team)}):
            team[user].persons.add(person)
        for link in connection.execute(FOLLOWED, {"missions": quarter.missions, "team": list(team)}).all():
            whom = _who_has_room(quarter, link.organisation_id, link.scheme, link.person_id)
            if whom is not None:
                whom.persons.add(link.person_id)
            if whom is not None or link.user_id is not None:
                given = {"user": whom.user if whom else None, "id": link.id}
                connection.execute(sa.text("UPDATE link SET user_id = :user WHERE id = :id"), given)


def _who_has_room(quarter: Quarter, organisation: int, does: str, person: int) -> Counsellor | None:
    there = [each for each in quarter.team if each.organisation == organisation and each.is_here(quarter.day)]
    already = [each for each in there if person in each.persons]
    open_ = [each for each in there if each.does == (CEJ if does == CEJ else PACEA) and len(each.persons) < FULL[each.does]]
    return next(iter([*already, *sorted(open_, key=lambda each: len(each.persons))]), None)


def colleague(quarter: Quarter, one: Counsellor) -> Counsellor:
    """Who stands in, or takes over: the next in the same house, who does the same where somebody does."""
    house = [each for each in quarter.team if each.organisation == one.organisation]
    after = house[house.index(one) + 1 :] + house[: house.index(one)]
    return min(after, key=lambda each: (each.does != one.does, not each.is_here(quarter.day)))


# --- a day -------------------------------------------------------------------------------------------------------------------


def play(quarter: Quarter, first: date, last: date) -> None:
    """Every day from the first to the last."""
    day = first
    while day <= last:
        play_day(quarter, day)
        day += days(1)


def play_day(quarter: Quarter, day: date) -> None:
    quarter.day = day
    with clock.at(clock.noon(day) - timedelta(hours=7)):
        sweep(day)
        tick(day)
        _look(quarter)
    with clock.at(day):
        _leave(quarter)
        _bring_back(quarter)
        _look(quarter)
        if day.weekday() < SATURDAY:
            for counsellor in quarter.team:
                if counsellor.works(day):
                    _work(quarter, counsellor)
        _look(quarter)
    db.remove()


def _bring_back(quarter: Quarter) -> None:
    """What was recorded that day, as the screens and the feeds bring it: acts noted, persons evaluated."""
    with quarter.admin.begin() as connection:
        _run(connection, BRING_BACK, day=quarter.day, at=clock.now())
    _give_caseloads(quarter)
    with db.as_system(), db.atomic() as session:
        new = sa.select(JournalEntry).where(
            sa.func.date(sa.func.timezone("Europe/Paris", JournalEntry.recorded_at)) == quarter.day
        )
        by: dict[tuple[int, int | None], list[JournalEntry]] = {}
        for entry in session.scalars(new.order_by(JournalEntry.id)):
            by.setdefault((entry.organisation_id, entry.user_id), []).append(entry)
        for (organisation, user), entries in by.items():
            note_acts(entries, organisation_id=organisation, user_id=user)
        persons = sorted({entry.person_id for entries in by.values() for entry in entries})
        reference = read_reference(session)
    for start in range(0, len(persons), RANGE):
        sweep_range(persons[start : start + RANGE], quarter.day, reference)
    share_out(quarter.day)


def _look(quarter: Quarter) -> None:
    """What has come in front of somebody since the last look."""
    asked = {"day": quarter.day, "missions": quarter.missions, "seen": sorted(quarter.seen)}
    with quarter.admin.connect() as connection:
        for row in connection.execute(NEWLY_SHOWN, asked):
            quarter.seen.add(row.id)
            owner = next((each for each in quarter.team if each.user == row.owner_id), None)
            if owner is not None and not owner.works(quarter.day):
                owner = colleague(quarter, owner)
            quarter.shown.append(
                Brought(row.id, quarter.day, row.person_id, row.owner_id, owner.user if owner else None, row.reserve, row.rule)
            )


def _leave(quarter: Quarter) -> None:
    """Whoever leaves gives their persons to a colleague, as the page of members does."""
    for one in quarter.team:
        if one.leaves_on == quarter.day:
            heir = colleague(quarter, one)
            with quarter.admin.connect() as connection:
                links = list(
                    connection.scalars(
                        sa.text("SELECT id FROM link WHERE user_id = :user AND ended_on IS NULL"), {"user": one.user}
                    )
                )
            with db.acting_for(one.organisation, one.user):
                reassign_persons(
                    links, from_user_id=one.user, to_user_id=heir.user, reason="depart", with_alerts=True, user_id=one.user,
                    organisation_id=one.organisation,
                )  # fmt: skip


# --- counsellors -------------------------------------------------------------------------------------------------------------


def _work(quarter: Quarter, one: Counsellor) -> None:
    """A day in front of one's list, and that of the team where nobody owns: at most ten minutes for each of ten alerts."""
    with quarter.admin.connect() as connection:
        rows = connection.execute(IN_THE_LIST, {"missions": [one.organisation]}).all()
    stands_in = {each.user for each in quarter.team if not each.works(quarter.day) and colleague(quarter, each) is one}
    stands_in.add(one.user)
    mine = [row for row in rows if row.owner_id in stands_in or (row.owner_id is None and row.id % 4 == one.user % 4)]
    for row in mine[:MOST_A_DAY]:
        try:
            with db.acting_for(one.organisation, one.user):
                _see_to(quarter, one, row)
        except (Refused, Stale, NotVisible) as refusal:
            code = refusal.codes[0] if isinstance(refusal, Refused) else type(refusal).__name__
            quarter.refused[code] = quarter.refused.get(code, 0) + 1


def _see_to(quarter: Quarter, one: Counsellor, row: Any) -> None:
    """One alert: taken, then a call, then an end. Nothing on some days."""
    chance, by = quarter.chance, {"user_id": one.user, "organisation_id": one.organisation}
    if row.state == "new":
        if chance.random() < one.pace:
            take_alert(row.id, **by)
    elif row.state == "acknowledged":
        if chance.random() < WAITS:
            pause_alert(row.id, until=quarter.day + days(chance.randint(3, 14)), reason="appointment_soon", **by)
        elif chance.random() < one.pace:
            _call(quarter, row, by)
    elif chance.random() < ENDS:
        outcome, why = _came_of_it(chance)
        close_alert(row.id, outcome=outcome, reason=why, **by)
    elif chance.random() < CALLS_AGAIN:
        _call(quarter, row, by)


def _call(quarter: Quarter, row: Any, by: Mapping[str, Any]) -> None:
    reached = quarter.chance.random() < ANSWERS
    event, data = ("contact", {"channel": "phone"}) if reached else ("contact_attempt", {"channel": "phone", "result": "failed"})
    record_event(
        person_id=row.person_id, type=event, occurred_on=quarter.day, data=data, enrolment_id=row.step, **by
    )


OUTCOMES = (
    ("contact_reestablished", 0.30), ("appointment_made", 0.20), ("barrier_opened", 0.12), ("new_step", 0.05),
    ("rupture_confirmed", 0.05), ("unreachable", 0.05), ("already_handled", 0.10), ("excused", 0.03), ("not_relevant", 0.10),
)  # fmt: skip


def _came_of_it(chance: Random) -> tuple[str, str | None]:
    drawn = chance.choices([code for code, _ in OUTCOMES], [share for _, share in OUTCOMES])[0]
    return drawn, "Situation déjà stable" if drawn == "not_relevant" else None
