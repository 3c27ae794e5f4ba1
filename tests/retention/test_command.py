"""``./run retention``: what it says, what it refuses, and what it leaves alone."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from config.testing import Testing as Configuration
from pathways import clock, create_app, db
from pathways.cli.retention import command
from pathways.models import Person, RetentionNotice

START = date(2020, 1, 6)


@pytest.fixture
def run(own_database):
    """``run("--dry-run")``: the command inside an application of this database."""

    def go(*arguments: str, eraser_url: str = own_database.eraser_url):
        url = own_database.app_url
        db.remove()  # a session left open would outlive the pool that making an application replaces
        app = create_app(Configuration(url, own_database.owner_url, "memory://", "x" * 32, eraser_url=eraser_url))
        with app.app_context():
            said = CliRunner().invoke(command, list(arguments))
        db.remove()
        return said

    return go


def test_a_dry_run_says_what_is_due_by_reference_and_writes_nothing(years, run):
    story = years(START)
    story.person("Hadrienne")
    with clock.at(date(2026, 1, 1)):
        told = run("--dry-run", "--on", "2021-12-10")

    assert told.exit_code == 0
    assert "2021-12-10 pathway: 1 notice (24 months + 36 archived; CNIL" in told.output
    reference = story.persons["Hadrienne"].public_id
    assert f"{reference}  record  pathway  counted from 2020-01-06  announced, due on 2022-01-09" in told.output
    assert "nothing was written" in told.output
    assert "Zorglub" not in told.output
    with db.as_system(), db.atomic() as session:
        assert session.scalars(sa.select(RetentionNotice.id)).all() == []


def test_it_does_what_it_said(years, run):
    story = years(START)
    story.person("Hadrienne")
    with clock.at(date(2021, 12, 10)):
        first = run()
    with clock.at(date(2022, 1, 9)):
        second = run()

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "archived on 2022-01-09" in second.output
    with db.as_system(), db.atomic() as session:
        assert session.scalars(sa.select(Person.archived_on)).all() == [date(2022, 1, 9)]


def test_without_the_eraser_s_address_or_for_a_day_to_come_it_could_not_run(years, run):
    years(START)

    assert run(eraser_url="").exit_code == 2
    assert "DATABASE_ERASER_URL" in run(eraser_url="").output
    assert run("--on", "2999-01-01").exit_code == 2
