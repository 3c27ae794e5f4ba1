"""The command line: quick, honest about what it has, and careful with people's data."""

from __future__ import annotations

import subprocess
import sys

import psycopg
import pytest

from pathways.cli import COMMANDS
from tests.factories import OrganisationFactory, PersonFactory
from tests.server.conftest import bare_environment, pathways


def test_help_lists_exactly_the_commands_that_exist():
    shown = pathways("--help").stdout
    for name, entry in COMMANDS.items():
        assert (f"\n  {name} " in shown) is entry.exists, name


@pytest.mark.parametrize("name", [name for name, entry in COMMANDS.items() if entry.exists])
def test_every_command_explains_itself(name):
    shown = pathways(name, "--help")
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.startswith(f"Usage: ./run {name} ")


def test_help_imports_nothing_heavy():
    code = (
        "import sys; sys.argv = ['pathways', '--help']\n"
        "try:\n    from pathways.cli import main; main()\n"
        "except SystemExit: pass\n"
        "print([name for name in ('sqlalchemy', 'flask', 'redis', 'rq', 'psycopg', 'alembic') if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.splitlines()[-1] == "[]"


def test_an_unknown_command_could_not_run():
    assert pathways("dance").returncode == 2


def test_a_configuration_that_says_too_little_is_refused_with_every_fault():
    refused = pathways(
        "ticker",
        environment=bare_environment(
            DATABASE_URL="postgresql:///x",
            REDIS_URL="unix:///x",
            PATHWAYS_SECRET_KEY="short",
            PATHWAYS_TRUSTED_PROXIES="two",
        ),
    )
    assert refused.returncode == 2
    assert "PATHWAYS_SECRET_KEY is too short: 32 characters at least." in refused.stderr
    assert "PATHWAYS_TRUSTED_PROXIES is 'two'" in refused.stderr


@pytest.fixture
def of(servers):
    """The environment of somebody whose own database this is."""

    def environment(database):
        return bare_environment(
            DATABASE_URL=database.app_url, DATABASE_OWNER_URL=database.owner_url, REDIS_URL=servers.redis_url(9)
        )

    return environment


@pytest.fixture
def other_database(servers):
    clone = servers.clone()
    yield clone
    servers.drop(clone)


def count(database, table):
    with psycopg.connect(database.admin_url) as connection:
        return connection.execute(f"select count(*) from {table}").fetchone()[0]


@pytest.mark.slow
def test_a_backup_holds_everybody_and_is_readable_by_its_owner_alone(own_database, other_database, of, tmp_path):
    OrganisationFactory()
    PersonFactory.create_batch(3)
    file = tmp_path / "pathways.dump"

    assert pathways("backup", file, environment=of(own_database)).returncode == 0
    assert file.stat().st_mode & 0o777 == 0o600
    restored = pathways("restore", file, environment=of(other_database))

    assert restored.returncode == 0, restored.stderr
    assert count(other_database, "person") == 3
    with psycopg.connect(other_database.app_url) as connection:
        assert connection.execute("select count(*) from person").fetchone() == (0,), "the policies came along"


@pytest.mark.slow
def test_a_restore_asks_before_it_replaces(own_database, other_database, of, tmp_path):
    file = tmp_path / "empty.dump"
    assert pathways("backup", file, environment=of(other_database)).returncode == 0
    OrganisationFactory()

    refused = pathways("restore", file, environment=of(own_database))
    assert refused.returncode == 2
    assert "--force" in refused.stderr
    assert count(own_database, "organisation") == 1

    assert pathways("restore", file, "--force", environment=of(own_database)).returncode == 0
    assert count(own_database, "organisation") == 0


@pytest.mark.slow
def test_a_damaged_backup_changes_nothing(own_database, of, tmp_path):
    OrganisationFactory()
    whole, cut = tmp_path / "whole.dump", tmp_path / "cut.dump"
    assert pathways("backup", whole, environment=of(own_database)).returncode == 0
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 2 // 3])

    refused = pathways("restore", cut, "--force", environment=of(own_database))

    assert refused.returncode == 2
    assert count(own_database, "organisation") == 1


@pytest.mark.slow
def test_a_backup_that_cannot_be_written_leaves_no_half_of_it(own_database, of, tmp_path):
    refused = pathways("backup", tmp_path / "nowhere" / "file", environment=of(own_database))
    assert refused.returncode != 0
    assert list(tmp_path.iterdir()) == []
