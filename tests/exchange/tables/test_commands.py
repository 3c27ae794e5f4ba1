"""``./run export tables`` and ``./run import tables`` as somebody types them."""

import pytest
from click.testing import CliRunner

from pathways.cli.export_tables import command as exports
from pathways.cli.import_tables import command as imports
from tests.exchange.tables.conftest import asked


@pytest.fixture
def run(own_database, frozen_clock):
    def run_one(command, *arguments):
        return CliRunner().invoke(command, [*map(str, arguments)], catch_exceptions=False)

    return run_one


def test_an_import_says_what_became_of_each_file_and_succeeds(run, tables):
    ran = run(imports, tables.write())

    assert ran.exit_code == 0
    assert "persons.csv: 3 new, 0 updated, 0 unchanged, 0 refused" in ran.stdout
    assert "28 rows in " in ran.stdout
    assert "3 of 3 persons written and evaluated" in ran.stderr


def test_refused_rows_are_told_one_a_line_and_fail(run, tables):
    tables.cell("entries", 5, "occurred_on", "31/02/2026")
    ran = run(imports, tables.write(), "--dry-run")

    assert ran.exit_code == 1
    assert ran.stdout.splitlines()[0] == (
        "entries.csv row 5, occurred_on: invalid_day -- "
        "« 31/02/2026 » is not a day that exists; expected a day such as 2026-02-28"
    )
    assert ran.stdout.rstrip().endswith("nothing was written")
    assert asked("select 1 from person") == []


def test_what_is_not_read_is_a_warning(run, tables):
    tables.columns["persons"].append("favourite_colour")
    for row in tables.rows["persons"]:
        row["favourite_colour"] = "blue"
    (tables.write() / "pets.csv").write_text("name\r\n")

    ran = run(imports, tables.folder)

    assert ran.exit_code == 0
    assert "persons.csv: columns not read: favourite_colour" in ran.stderr
    assert "files not read: pets.csv" in ran.stderr


def test_a_folder_that_is_no_export_could_not_be_read(run, tmp_path):
    ran = run(imports, tmp_path)

    assert ran.exit_code == 2
    assert "organisations.csv: the file is missing" in ran.stderr


def test_an_export_says_what_it_holds_and_to_keep_it(run, tables, tmp_path):
    run(imports, tables.write())

    ran = run(exports, tmp_path / "out")

    assert ran.exit_code == 0
    assert "entries.csv: 12 rows" in ran.stdout
    assert "The whole database, free texts included" in ran.stdout


def test_an_export_for_an_organisation_has_its_part(run, tables, tmp_path):
    run(imports, tables.write())

    ran = run(exports, tmp_path / "out", "--as", "44109S00")

    assert "persons.csv: 1 rows" in ran.stdout
    assert "free texts" not in ran.stdout


def test_an_export_for_nobody_could_not_be_made(run, tmp_path):
    ran = run(exports, tmp_path / "out", "--as", "nobody")

    assert ran.exit_code == 2
    assert "0 organisations are called nobody" in ran.stderr
