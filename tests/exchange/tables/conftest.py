"""A populated database, folders of tables, and what a database says in public references."""

import csv
import hashlib
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.exchange.tables.importing import import_tables
from pathways.exchange.tables.writing import export_tables

AS_OF = date(2026, 3, 2)
EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "tables"

SIGNALS = """
    select p.public_id, e.public_id, s.rule, s.about, s.threshold, s.level, s.shown_on, s.since_on, s.closed_on, s.close_reason,
        s.family, s.rule_version
    from signal as s join person as p on p.id = s.person_id left join enrolment as e on e.id = s.enrolment_id
    order by 1, 2, 3, 4, 5, 7
"""
STEPS = """
    select e.public_id, p.public_id, e.scheme, e.state, e.state_since, e.opened_on, e.planned_start, e.planned_end, e.cap_on,
        e.closed_on, e.outcome, e.rules_on, e.rules_version, lead.public_id, prescriber.public_id, operator.public_id
    from enrolment as e join person as p on p.id = e.person_id join organisation as lead on lead.id = e.lead_organisation_id
    left join organisation as prescriber on prescriber.id = e.prescriber_id
    left join organisation as operator on operator.id = e.operator_id order by 1
"""
ALERTS = """
    select p.public_id, e.public_id, a.family, a.level, o.public_id, a.opened_on, a.closed_on, a.outcome,
        a.corrected
    from alert as a join person as p on p.id = a.person_id left join enrolment as e on e.id = a.enrolment_id
    join organisation as o on o.id = a.organisation_id order by 1, 2, 3, 7
"""
VISIBILITY = """
    select o.public_id, p.public_id, v.until from visibility as v join organisation as o on o.id = v.organisation_id
    join person as p on p.id = v.person_id order by 1, 2
"""


def asked(statement):
    """The rows of a statement, in a transaction of its own."""
    with db.as_system(), db.atomic() as session:
        return [tuple(row) for row in session.execute(sa.text(statement))]


def digests(folder):
    """File → fingerprint of its bytes."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.csv"))}


def read(folder, name):
    """The rows of one file as mappings."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def silently(_line):
    """Nobody listens."""


@pytest.fixture
def another_database(servers):
    """``with``-less: call it to turn to a second, empty database; the first one is turned back to by the next call."""
    made = []

    def turn_to(database=None):
        target = database or servers.clone()
        if database is None:
            made.append(target)
        db.remove()
        db.configure(target.app_url)
        return target

    yield turn_to
    db.remove()
    db.dispose()
    for database in made:
        servers.drop(database)


@pytest.fixture
def exported(tmp_path):
    """``exported()``: the whole database in a new folder."""

    def export(name="exported", reader=None):
        with clock.at(AS_OF):
            export_tables(tmp_path / name, reader=reader, tell=silently)
        return tmp_path / name

    return export


@pytest.fixture
def imported():
    """``imported(folder)``: what became of its rows, and the refusals."""

    def run(folder, day=AS_OF, **options):
        refused = []
        with clock.at(day):
            done = import_tables(folder, tell=silently, refuse=refused.append, **options)
        return done, refused

    return run


class Tables:
    """The example of the documentation, to be spoilt. Rows are counted as a spreadsheet does: 2 is the first one."""

    def __init__(self, folder):
        self.folder = folder
        self.rows = {path.stem: read(EXAMPLE, path.stem) for path in sorted(EXAMPLE.glob("*.csv"))}
        self.columns = {name: list(rows[0]) for name, rows in self.rows.items()}

    def cell(self, name, row, column, value):
        """Another value in one cell."""
        self.rows[name][row - 2][column] = value
        return self

    def copy(self, name, row, **changes):
        """One more row, like that one but for the changes; returns its number."""
        self.rows[name].append(self.rows[name][row - 2] | changes)
        return len(self.rows[name]) + 1

    def write(self):
        """The folder, written."""
        self.folder.mkdir(exist_ok=True)
        for name, rows in self.rows.items():
            with (self.folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, self.columns[name], extrasaction="ignore")
                writer.writeheader()
                writer.writerows(rows)
        return self.folder

    def text(self, name, change):
        """The folder, with the text of one file changed as a whole."""
        path = self.write() / f"{name}.csv"
        path.write_bytes(change(path.read_bytes()))
        return self.folder


@pytest.fixture
def tables(tmp_path):
    return Tables(tmp_path / "tables")


def said(refused):
    """Refusals as ``file:row column code``."""
    return [f"{each.file.removesuffix('.csv')}:{each.row} {each.column or '-'} {each.code}" for each in refused]
