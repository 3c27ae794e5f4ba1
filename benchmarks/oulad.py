"""Real withdrawals: OULAD mapped to our tables, imported, replayed, and our rules judged beside the plain silence rule.

    python -m benchmarks.oulad oulad-2013.zip [--persons N] [--delays] [--keep DIR]

Data: Open University Learning Analytics Dataset (Kuzilek, Hlosta, Zdrahal 2017, Sci. Data 4:170171), CC BY 4.0, as two files in a
zip: ``pathway_enrolments.csv`` (enrolment, presentation, planned end, rupture date, outcome, the last day its activity is known)
and ``pathway_events.csv`` (enrolment, date, kind: activity, assessment_submitted, assessment_missed). benchmarks/oulad.md says
what stands for what.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import random
import tempfile
import time
import uuid
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from pathways import clock, db
from pathways.backtest.capacity import SILENCE, Call, chosen, followed_by
from pathways.backtest.measuring import Measure, Period, measured
from pathways.backtest.replaying import walk_all
from pathways.backtest.report import BUDGETS
from pathways.backtest.walking import Choice, Walked
from pathways.cli.backtest import row
from pathways.cli.migrate import upgrade
from pathways.detection.choices import rules_reading
from pathways.detection.reading import read_settings
from pathways.detection.settings import Setting, Settings
from pathways.exchange.tables.importing import import_tables
from pathways.exchange.tables.layout import TABLES
from pathways.server import TESTING, embedded

STARTS = {"2013B": date(2013, 2, 1), "2013J": date(2013, 10, 1)}
LAST_DAYS = {"2013B": date(2013, 8, 31), "2013J": date(2014, 5, 31)}
"""The last day judged of each: the end of a course is nobody's rupture."""
KNOWN = datetime(2014, 9, 1, 9, tzinfo=UTC)
"""Everything is known by then."""
ALL_ALONG = "9999"
"""Activity is known to the end; else it is left out altogether: a file that stops is not a silence."""
SCHEME, TUTORS = "PPAE", uuid.UUID(int=0x0DA7A)
"""An accompaniment without phases, caps or an age: nothing but contacts and appointments speaks of it."""
VARIANTS: Mapping[str, Mapping[str, float]] = {
    "rules in force": {},
    "without the rhythm": {"rhythm_broken.enabled": False},
    "silence of 21 days, without the rhythm": {"contact_silence.days": 21, "rhythm_broken.enabled": False},
    "silence of 30 days, without the rhythm": {"contact_silence.days": 30, "rhythm_broken.enabled": False},
    "rhythm × 0.5": {"rhythm_broken.share": 0.5},
    "rhythm × 0.75": {"rhythm_broken.share": 0.75},
    "rhythm × 1": {"rhythm_broken.share": 1.0},
}


@dataclass(slots=True)
class Enrolment:
    """One student in one presentation, as the tables will say it."""

    number: str
    presentation: str
    began: date
    planned_end: date
    rupture: date | None
    clicks: bool
    activity: list[date] = field(default_factory=list)
    submitted: list[date] = field(default_factory=list)
    missed: list[date] = field(default_factory=list)

    @property
    def ends(self) -> date:
        return self.rupture or self.planned_end


def read(path: Path, most: int | None) -> tuple[list[Enrolment], int]:
    """The enrolments that began, and how many never did: these are no-shows, told apart."""
    with zipfile.ZipFile(path) as archive:
        found: dict[str, Enrolment] = {}
        never = 0
        for said in rows_of(archive, "pathway_enrolments.csv"):
            if said["outcome"] in ("no_show", "rupture_undated"):
                never += 1
                continue
            began = STARTS[said["code_presentation"]]
            rupture = date.fromisoformat(said["rupture_date"]) if said["rupture_date"] else None
            found[said["enrolment_id"]] = Enrolment(
                said["enrolment_id"], said["code_presentation"], began, date.fromisoformat(said["planned_end"]), rupture,
                said["clicks_known_to_day"] == ALL_ALONG,
            )  # fmt: skip
        if most is not None:
            kept = random.Random(5).sample(sorted(found), min(most, len(found)))
            found = {number: found[number] for number in sorted(kept)}
        for said in rows_of(archive, "pathway_events.csv"):
            of, on = found.get(said["enrolment_id"]), date.fromisoformat(said["date"])
            # What is dated after somebody left was written for the ones who stayed.
            if of is None or on > of.ends or on < of.began:
                continue
            if said["kind"] == "activity":
                if of.clicks:
                    of.activity.append(on)
            else:
                (of.submitted if said["kind"] == "assessment_submitted" else of.missed).append(on)
    return list(found.values()), never


def rows_of(archive: zipfile.ZipFile, name: str) -> Iterator[dict[str, str]]:
    with archive.open(name) as file:
        yield from csv.DictReader(io.TextIOWrapper(file, encoding="utf-8"))


def delayed(on: date, median: float, sigma: float, dice: random.Random | None) -> datetime:
    """The evening something becomes known: at once, or later as entries are."""
    late = 0 if dice is None else int(median * dice.lognormvariate(0, sigma))
    return datetime(on.year, on.month, on.day, 18, tzinfo=UTC) + timedelta(days=min(late, 120))


def write_tables(enrolments: Sequence[Enrolment], folder: Path, dice: random.Random | None) -> int:
    """The folder our import reads; returns how many entries it holds."""
    count = 0
    with tables(folder) as write:
        write("organisations", organisation=TUTORS, kind="france_travail", name="Tuteurs", has_account=1)
        for each in enrolments:
            person, step = (uuid.uuid5(TUTORS, f"{what}-{each.number}") for what in ("person", "step"))
            began = datetime(each.began.year, each.began.month, each.began.day, 8, tzinfo=UTC)
            write("persons", person=person, family_name=f"Étudiant {each.number}", given_name="Oulad")
            write(
                "enrolments", enrolment=step, person=person, scheme=SCHEME, rules_on=each.began, lead_organisation=TUTORS,
                opened_on=each.began,
            )  # fmt: skip
            write(
                "links", person=person, enrolment=step, organisation=TUTORS, role="referent", started_on=each.began,
                recorded_at=began.isoformat(),
            )  # fmt: skip
            for number, (known, on, kind, details) in enumerate(sorted(told(each, began, dice), key=lambda entry: entry[0])):
                count += 1
                write(
                    "entries", entry=f"e{number}", person=person, enrolment=step, type=kind, occurred_on=on,
                    recorded_at=known.isoformat(), organisation=TUTORS, details=json.dumps(details),
                )  # fmt: skip
    return count


def told(each: Enrolment, began: datetime, dice: random.Random | None) -> Iterator[tuple[datetime, date, str, Mapping[str, str]]]:
    """(known, day, event, details) of everything said of somebody. Delays: those of benchmarks/oulad.md."""
    yield began, each.began, "engagement_signed", {}
    for on in sorted(set(each.activity) - set(each.submitted)):
        yield delayed(on, 0, 0, None), on, "contact", {}
    for on in sorted(set(each.submitted)):
        yield delayed(on, 1, 1.5, dice), on, "appointment", {"status": "seen"}
    for on in sorted(set(each.missed) - set(each.submitted)):
        yield delayed(on, 1, 1.5, dice), on, "appointment", {"status": "noshow"}
    if each.rupture:
        yield delayed(each.rupture, 10, 1.17, dice), each.rupture, "closed", {"outcome": "ABANDON"}
    else:
        yield delayed(each.planned_end, 0, 0, None), each.planned_end, "closed", {"outcome": "ARRIVE_A_TERME"}


@contextmanager
def tables(folder: Path) -> Iterator[Callable[..., None]]:
    """What writes one row of a table into the file of its kind: ``write("persons", person=…)``."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as files:
        writers = {}
        for kind in TABLES.values():
            file = files.enter_context((folder / kind.file).open("w", encoding="utf-8", newline=""))
            writers[kind.name] = csv.DictWriter(file, [column.name for column in kind.columns])
            writers[kind.name].writeheader()

        def write(table: str, /, **values: object) -> None:
            writers[table].writerow(values)

        yield write


def variants(now: Settings) -> list[Choice]:
    """The thresholds in force, and each of the others on every day."""
    found = []
    for name, changes in VARIANTS.items():
        rows = [
            Setting(key, value, date.min, date.min, SCHEME if key.startswith("contact") else None)
            for key, value in changes.items()
        ]
        only = frozenset[str]().union(*(rules_reading(key) for key in changes))
        found.append(Choice(name, Settings((*now.rows, *rows)), only))
    return found


def judge(name: str, presentation: str, wanted: frozenset[uuid.UUID]) -> Iterator[str]:
    """The tables of one presentation, for some of its students."""
    first, last = STARTS[presentation], LAST_DAYS[presentation]
    period = Period(first, last, last + timedelta(days=60))
    with db.as_system(), db.atomic() as session:
        everybody = session.execute(sa.text("SELECT id, public_id FROM person ORDER BY id"))
        ids = [id_ for id_, public_id in everybody if public_id in wanted]
        read_choices = variants(read_settings(session))
    walked, scored = walk_all(ids, period, read_choices, processes=2)
    person_weeks = sum(len(each.weeks) for each in walked)
    yield f"\n### {name}, {presentation}: {len(walked):,} students\n"
    yield (
        "| calls per 100 a week | calls | per 100 a week | right in 28 d | person right | caught | caught ≥ 14 d "
        "| lead, days (quartiles) | from formal day |"
    )
    yield "|---" * 9 + "|"
    weeks: dict[str, dict[str, list[bool]]] = {}
    for budget in BUDGETS:
        for choice in (*(each.name for each in read_choices), SILENCE):
            calls = chosen(walked, scored, budget, choice)
            one = measured(calls, walked, period, person_weeks)
            yield row(f"{budget}, {choice}", one) + formal(one)
            if budget == 5 and choice in (read_choices[0].name, SILENCE):  # noqa: PLR2004 -- the middle one
                weeks[choice] = by_week(calls, walked, first)
    yield "\nRight within 28 days, 5 calls per 100 a week, by week of the course:\n"
    blocks = list(next(iter(weeks.values())))
    yield "| | " + " | ".join(blocks) + " |\n" + "|---" * (len(blocks) + 1) + "|"
    for choice, found in weeks.items():
        cells = (f"{sum(right) / len(right):.3f} ({len(right)})" if right else "–" for right in found.values())
        yield f"| {choice} | " + " | ".join(cells) + " |"


def formal(one: Measure) -> str:
    """Caught before the formal day: what published figures count."""
    return f" formally {one.formal_recall.value:.2f} of {one.formal_recall.of} |" if one.formal_recall.value is not None else ""


def by_week(calls: Iterable[Call], walked: Sequence[Walked], first: date) -> dict[str, list[bool]]:
    """Whether each call was right, by the week of the course it was made in."""
    broke = {each.person: [rupture.formal_on for rupture in each.ruptures] for each in walked}
    found: dict[str, list[bool]] = {name: [] for name in ("1 to 4", "5 to 8", "9 to 12", "13 to 20", "later")}
    bounds = (4, 8, 12, 20)
    for call in calls:
        week = (call.on - first).days // 7 + 1
        place = sum(week > bound for bound in bounds)
        found[list(found)[place]].append(followed_by(call.on, broke[call.person]))
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("zip", type=Path)
    parser.add_argument("--persons", type=int)
    parser.add_argument("--delays", action="store_true", help="entries become known as late as they do in the field")
    parser.add_argument("--keep", type=Path, help="write the tables here too")
    given = parser.parse_args()
    enrolments, never = read(given.zip, given.persons)
    print(f"{len(enrolments):,} enrolments that began, {never:,} that never did (told apart)")
    dice = random.Random(7) if given.delays else None
    with tempfile.TemporaryDirectory(prefix="pathways-oulad-") as folder:
        Path(folder).chmod(0o755)
        tables_folder = given.keep or Path(folder) / "tables"
        count = write_tables(enrolments, tables_folder, dice)
        with embedded(Path(folder) / "data", TESTING, which=frozenset({"postgres"})) as servers:
            os.environ.update(servers.environment({}))
            upgrade()
            db.configure(servers.app_url, statement_timeout="0")
            started = time.perf_counter()
            refused: list[object] = []
            with clock.at(KNOWN):
                import_tables(tables_folder, tell=lambda _line: None, refuse=refused.append)
            took = time.perf_counter() - started
            rate = f"{count / took:,.0f} a second"
            print(f"{count:,} entries imported and evaluated in {took:.0f} s ({rate}), {len(refused)} refused")
            for refusal in refused[:5]:
                print("  ", refusal)
            sets: dict[tuple[str, str], set[uuid.UUID]] = defaultdict(set)
            for each in enrolments:
                kind = "with activity" if each.clicks else "assessments only"
                sets[kind, each.presentation].add(uuid.uuid5(TUTORS, f"person-{each.number}"))
            with clock.at(KNOWN):
                for (kind, presentation), persons in sorted(sets.items()):
                    print(*judge(kind, presentation, frozenset(persons)), sep="\n", flush=True)
            db.remove()
            db.dispose()


if __name__ == "__main__":
    main()
