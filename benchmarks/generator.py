"""The calibrated region and its scenarios, replayed: our rules beside the plain silence rule, and how calm alerts stay.

    python -m benchmarks.generator [--persons 4000] [--weeks 26]

Scenarios: a normal year (each body is out for two weeks, a counsellor leaves and a colleague takes over), a September peak, a
training body that closes, five weeks entered late in one heap. Calm is counted in persons newly asked about for a hundred
followed and week, by what the weeks are for the organisation that leads (ordinary, out, the two weeks after) or for persons whose
counsellor has just left. Invented persons prove nothing about the field.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import sqlalchemy as sa

from benchmarks.sweep import AS_OF
from pathways import clock, db
from pathways.backtest.measuring import Period
from pathways.backtest.replaying import choices, walk_all, whom
from pathways.backtest.report import IN_FORCE, report
from pathways.backtest.walking import Walked
from pathways.cli.backtest import SAID, row
from pathways.cli.migrate import upgrade
from pathways.demo.load import Loaded, load
from pathways.demo.region import SCENARIOS
from pathways.detection.reading import read_settings
from pathways.detection.rule import RULES, Family
from pathways.server import TESTING, embedded

AFTER = timedelta(days=14)
A_MONTH = timedelta(days=28)
ORDINARY, OUT, BACK, LEFT = "ordinary weeks", "weeks out", "two weeks after", "four weeks after their counsellor left"
Spans = Mapping[int, Sequence[tuple[date, date]]]


def spans_of(loaded: Loaded) -> Spans:
    """Organisation → the periods in which it entered nothing."""
    known = {body.public_id: body.outages for body in loaded.region.bodies if body.outages}
    rows = db.session().execute(sa.text("SELECT id, CAST(public_id AS text) FROM organisation"))
    return {id_: known[public_id] for id_, public_id in rows if public_id in known}


def leads() -> dict[int, list[tuple[int, date, date]]]:
    """Person → (organisation that leads, first and last day) of each step."""
    found = defaultdict(list)
    asked = "SELECT person_id, lead_organisation_id, opened_on, coalesce(closed_on, 'infinity'::date) FROM enrolment"
    rows = db.session().execute(sa.text(asked.replace("'infinity'::date", "DATE '2100-01-01'") + " WHERE opened_on IS NOT NULL"))
    for person, organisation, first, last in rows:
        found[person].append((organisation, first, last))
    return found


def left() -> dict[int, date]:
    """Person → the day on which their counsellor left the organisation."""
    asked = (
        "SELECT link.person_id, membership.ended_on FROM link JOIN membership USING (user_id, organisation_id) "
        "WHERE membership.ended_on IS NOT NULL AND link.started_on <= membership.ended_on "
        "AND (link.ended_on IS NULL OR link.ended_on >= membership.ended_on - 1)"
    )
    return dict(db.session().execute(sa.text(asked)).all())


def calm(walked: Sequence[Walked], scored: Sequence[date], period: Period, out: Spans) -> Iterator[str]:
    """Persons newly asked about per hundred followed and week, by family, in and out of the periods without entries."""
    led, gone = leads(), left()
    weeks: dict[str, int] = defaultdict(int)
    asked: dict[tuple[str, str], int] = defaultdict(int)
    for each in walked:
        for week, monday in enumerate(scored):
            if week not in each.weeks or not period.first <= monday <= period.last:
                continue
            kind = kind_of(monday, led[each.person], out)
            if (on := gone.get(each.person)) is not None and on < monday <= on + A_MONTH:
                kind = LEFT
            weeks[kind] += 1
            new = {RULES[spell.rule].family for spell in each.spells[IN_FORCE] if monday - timedelta(7) < spell.on <= monday}
            for family in new & {Family.CONTACT, Family.ATTENDANCE}:
                asked[family, kind] += 1
    kinds = [kind for kind in (ORDINARY, OUT, BACK, LEFT) if weeks[kind]]
    yield "\n| newly asked about, per 100 followed and week | " + " | ".join(kinds) + " |\n" + "|---" * (len(kinds) + 1) + "|"
    yield "| person-weeks | " + " | ".join(f"{weeks[kind]:,}" for kind in kinds) + " |"
    for family in (Family.CONTACT, Family.ATTENDANCE):
        yield f"| {family} | " + " | ".join(f"{100 * asked[family, kind] / weeks[kind]:.2f}" for kind in kinds) + " |"


def kind_of(monday: date, led: Sequence[tuple[int, date, date]], out: Spans) -> str:
    """What a week is for those who lead the person then."""
    found = {ORDINARY}
    for organisation, first, last in led:
        if first <= monday <= last:
            for begins, ends in out.get(organisation, ()):
                if begins <= monday <= ends + timedelta(days=6):
                    found.add(OUT)
                elif ends < monday <= ends + AFTER:
                    found.add(BACK)
    return next(kind for kind in (OUT, BACK, ORDINARY) if kind in found)


def scenario(name: str, persons: int, weeks: int) -> Iterator[str]:
    """One region of its own, loaded and replayed."""
    with tempfile.TemporaryDirectory(prefix="pathways-generator-") as folder:
        Path(folder).chmod(0o755)
        with embedded(Path(folder) / "data", TESTING, which=frozenset({"postgres"})) as servers:
            os.environ.update(servers.environment({}))
            upgrade()
            db.configure(servers.app_url, statement_timeout="0")
            with clock.at(AS_OF):
                loaded = load(persons, 7, AS_OF, [name] if name in SCENARIOS else [])
            period = Period(AS_OF - timedelta(weeks=weeks), AS_OF - timedelta(days=28), AS_OF)
            with db.as_system(), db.atomic() as session:
                ids, read, out = whom(session, period), choices(read_settings(session), []), spans_of(loaded)
            started = time.perf_counter()
            walked, scored = walk_all(ids, period, read, processes=2)
            took = time.perf_counter() - started
            found = report(walked, scored, period, [IN_FORCE])
            yield f"\n## {name}\n"
            yield (
                f"{found.persons:,} persons followed, {found.ruptures} ruptures, base rate in 28 days {found.base_rate:.1%}; "
                f"replayed in {took:.0f} s\n"
            )
            yield (
                "| calls per 100 a week | calls | per 100 a week | right in 28 d | person right | caught | caught ≥ 14 d "
                "| lead, days (quartiles) | from formal day |"
            )
            yield "|---" * 9 + "|"
            for budget in next(iter(found.at.values())):
                yield from (row(f"{budget}, {SAID[choice]}", of[budget]) for choice, of in found.at.items())
            with db.as_system():
                yield from calm(walked, scored, period, out)
            db.remove()
            db.dispose()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--persons", type=int, default=4_000)
    parser.add_argument("--weeks", type=int, default=26)
    given = parser.parse_args()
    for name in ("a normal year", *SCENARIOS):
        print(*scenario(name, given.persons, given.weeks), sep="\n", flush=True)


if __name__ == "__main__":
    main()
