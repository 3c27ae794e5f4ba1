"""A quarter in two missions locales, measured: what reaches each counsellor's list, how soon, and what becomes of it.

    python -m benchmarks.quarter [--persons 6300] [--weeks 13]

Played as ``benchmarks.played`` says, after some weeks to settle. Figures are of one run of a synthetic region: they say what the
tool does with such a load, never what would happen in the field. A person is brought once: what opens about somebody already
in the list is counted in alerts, and apart.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from benchmarks.played import CEJ, PACEA, Brought, Counsellor, Quarter, begin, colleague, play
from pathways import db
from pathways.cli.migrate import upgrade
from pathways.server import TESTING, embedded, postgres
from pathways.workflows.alert_life import Reserve
from pathways.workflows.dates import days, working_days

FIRST = date(2026, 3, 2)
SETTLING = 4
"""Weeks played before the ones that count: the stock of the first day is not the flow of a week."""
BARS, CAP = {CEJ: 2, PACEA: 5}, 7
"""Brought to a counsellor in a week, at most: on average, and ever."""
TO_THE_MANAGER = 3
Week = tuple[int, int]
"""A user and a week of the quarter."""

UNSEEN = """
    SELECT count(*) FROM alert WHERE closed_on IS NULL AND state <> 'proposed' AND organisation_id = ANY(:missions)
        AND NOT EXISTS (SELECT FROM visibility AS seen WHERE seen.person_id = alert.person_id
            AND seen.organisation_id = alert.organisation_id AND seen.until >= :day)
"""
WITHOUT_A_DAY = "SELECT count(*) FROM alert WHERE state IN ('new', 'acknowledged', 'in_action', 'paused') AND due_on IS NULL"
LOST = """
    SELECT count(*) FROM signal WHERE closed_on IS NULL AND level <> 'info' AND shown_on >= :begun
        AND NOT EXISTS (SELECT FROM alert WHERE alert.person_id = signal.person_id AND alert.family = signal.family
            AND alert.enrolment_id IS NOT DISTINCT FROM signal.enrolment_id
            AND (alert.closed_on IS NULL OR alert.closed_on >= signal.shown_on))
        AND EXISTS (SELECT FROM link WHERE link.person_id = signal.person_id AND link.ended_on IS NULL
            AND link.organisation_id = ANY(:missions))
"""
HELD = """
    SELECT held_for, count(*), max(CAST(:day AS date) - opened_on) FROM alert
    WHERE state = 'proposed' AND organisation_id = ANY(:missions) GROUP BY 1 ORDER BY 2 DESC
"""
LIVED = """
    SELECT owner_id, state, outcome, shown_on, acknowledged_on, acted_on, opened_on, escalated FROM alert
    WHERE shown_on >= :begun AND organisation_id = ANY(:missions)
"""


def told(values: Sequence[float], unit: str = "") -> str:
    """Mean, 90th percentile and highest."""
    ranked = sorted(values)
    p90 = ranked[min(len(ranked) - 1, int(0.9 * len(ranked)))]
    return f"{sum(ranked) / len(ranked):.2f}{unit} | {p90:g}{unit} | {ranked[-1]:g}{unit}"


def report(quarter: Quarter, begun: date, weeks: int) -> Iterator[str]:
    """Every figure, as Markdown."""
    shown = [each for each in quarter.shown if each.on >= begun]
    yield "| per counsellor and week | mean | 90 % | most |\n|---|---|---|---|"
    for does in (CEJ, PACEA):
        yield from _loads(quarter, does, shown, begun, weeks)
    yield ""
    with quarter.admin.connect() as connection:
        asked = {"missions": list(quarter.missions), "begun": begun, "day": quarter.day}
        lived = connection.execute(sa.text(LIVED), asked).all()
        yield from _became(lived)
        rows = connection.execute(sa.text(HELD), asked)
        held = ", ".join(f"{count} {why} (for {longest} days at most)" for why, count, longest in rows)
        yield f"- held back on the last evening: {held or 'none'}"
        for what, query in (
            ("open, shown, without a day to act by", WITHOUT_A_DAY),
            ("open and shown to an organisation that does not see the person any more", UNSEEN),
            ("open signals of watch level and above that nobody was asked about", LOST),
        ):
            yield f"- {what}: {connection.scalar(sa.text(query), asked)}"
    team = sum(each.user is None for each in shown)
    yield f"- shown to the team for want of an owner: {team} of {len(shown)}"
    yield f"- refused to a counsellor: {quarter.refused or 'nothing'}"


def _loads(quarter: Quarter, does: str, shown: Sequence[Brought], begun: date, weeks: int) -> Iterator[str]:
    """The rows of those who do the same: persons and alerts, and what brought them."""
    team = [each for each in quarter.team if each.does == does]
    persons: dict[Week, set[int]] = defaultdict(set)
    alerts: dict[Week, int] = defaultdict(int)
    because: dict[str, dict[Week, set[int]]] = defaultdict(lambda: defaultdict(set))
    for each in shown:
        if each.user is not None:
            place = (each.user, (each.on - begun).days // 7)
            if each.reserve != Reserve.SAME_PERSON:
                persons[place].add(each.person)
            alerts[place] += 1
            because[each.reserve or "budget"][place].add(each.person)
    every = [(each, week) for each in team for week in range(weeks) if _is_there(each, begun, week)]
    alone = [(each.user, week) for each, week in every if not _stands_in(quarter, each, begun, week)]
    for_two = [(each.user, week) for each, week in every if _stands_in(quarter, each, begun, week)]
    caseload = sum(len(each.persons) for each in team) / sum(each.is_here(quarter.day) for each in team)
    brought = [len(persons[place]) for place in alone]
    yield f"| **{does}, {caseload:.0f} persons each: persons brought** (bar {BARS[does]}, cap {CAP}) | {told(brought)} |"
    yield f"| {does}: alerts | {told([alerts[place] for place in alone])} |"
    for reason in ("budget", *Reserve):
        if reason in because:
            yield f"| {does}: persons, `{reason}` | {told([len(because[reason][place]) for place in alone])} |"
    yield f"| {does}: weeks above the cap | {sum(count > CAP for count in brought)} of {len(brought)} | | |"
    if for_two:
        yield f"| {does}: persons, while standing in for a colleague | {told([len(persons[place]) for place in for_two])} |"


def _is_there(one: Counsellor, begun: date, week: int) -> bool:
    """At work on every day of that week of the quarter."""
    return all(one.works(begun + days(7 * week + day)) for day in range(7))


def _stands_in(quarter: Quarter, one: Counsellor, begun: date, week: int) -> bool:
    """Somebody whose alerts come to this one is away on a day of that week, or left for good a moment ago."""
    away = [each for each in quarter.team if each is not one and colleague(quarter, each) is one]
    return any(not _is_there(each, begun, week) for each in away if each.is_here(begun + days(7 * week)))


def _became(lived: Sequence[sa.Row[tuple[object, ...]]]) -> Iterator[str]:
    waits = sorted(len(list(working_days(row.shown_on, row.acknowledged_on))) - 1 for row in lived if row.acknowledged_on)
    yield f"- shown: {len(lived)}; acknowledged after {_quantiles(waits)} working days (median, 90 %; {len(waits)} of them)"
    ends: dict[str, int] = defaultdict(int)
    for row in lived:
        ends[row.outcome if row.state == "dismissed" else row.state] += 1
    yield "- became: " + ", ".join(f"{count} {state}" for state, count in sorted(ends.items(), key=lambda each: -each[1]))
    far = sum(row.escalated == TO_THE_MANAGER for row in lived)
    yield f"- expired without an act: {ends['expired'] / len(lived):.1%}; told to the manager: {far}"


def _quantiles(ranked: Sequence[int]) -> str:
    return f"{ranked[len(ranked) // 2]} and {ranked[int(0.9 * len(ranked))]}" if ranked else "none"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--persons", type=int, default=6300)
    parser.add_argument("--weeks", type=int, default=13)
    parser.add_argument("--cej", type=int, default=8)
    parser.add_argument("--pacea", type=int, default=12)
    given = parser.parse_args()
    weeks, begun = given.weeks, FIRST + days(7 * SETTLING)
    with tempfile.TemporaryDirectory(prefix="pathways-quarter-") as folder:
        Path(folder).chmod(0o755)
        with embedded(Path(folder) / "data", TESTING, which=frozenset({"postgres"})) as servers:
            os.environ.update(servers.environment({}))
            upgrade()
            db.configure(servers.app_url, statement_timeout="0")
            admin = db.create_engine(servers.url(postgres.SUPERUSER).replace("postgresql:", "postgresql+psycopg:"))
            started = time.perf_counter()
            quarter = begin(admin, FIRST, weeks + SETTLING, persons=given.persons, seed=3, cej=given.cej, pacea=given.pacea)
            play(quarter, FIRST, begun - days(1))
            play(quarter, begun, begun + days(7 * weeks - 1))
            print(*report(quarter, begun, weeks), sep="\n")
            print(f"\n{time.perf_counter() - started:.0f} s")
            admin.dispose()
            db.remove()
            db.dispose()


if __name__ == "__main__":
    main()
