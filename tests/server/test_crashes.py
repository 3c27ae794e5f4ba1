"""Nothing acknowledged is lost: the database and the queue are killed while somebody writes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import redis

from pathways.server import DURABLE, embedded, who_holds
from pathways.server.embedded import Embedded
from pathways.server.errors import ServerError
from pathways.server.postgres import clear_stale_pid
from tests.server.conftest import bare_environment, wait_until

pytestmark = pytest.mark.slow

SUPERVISED = """
import sys
from pathways.server import embedded, Supervisor
supervisor = Supervisor()
supervisor.stop_on_signals()
with embedded(sys.argv[1], supervisor=supervisor):
    supervisor.watch()
"""
# A number is written to the output only once the server has acknowledged it; each goes its own way to the disk.
WRITE_ROWS = """
import sys, psycopg
with psycopg.connect(sys.argv[1], autocommit=True) as connection:
    for number in range(1_000_000):
        connection.execute("insert into acknowledged values (%s)", [number])
        sys.stdout.write(f"{number}\\n"); sys.stdout.flush()
"""
WRITE_KEYS = """
import sys, redis
connection = redis.Redis.from_url(sys.argv[1])
for number in range(1_000_000):
    connection.rpush("acknowledged", number)
    sys.stdout.write(f"{number}\\n"); sys.stdout.flush()
"""


@pytest.fixture
def supervised(short_tmp):
    """Servers under a supervisor of their own process, which restarts them."""
    process = subprocess.Popen([sys.executable, "-c", SUPERVISED, str(short_tmp)], env=bare_environment(), cwd="/")
    holder = wait_until(lambda: (found := who_holds(short_tmp)) and found.sockets and found, "the servers")
    yield Embedded(short_tmp, Path(holder.sockets)), process
    process.terminate()
    process.wait(30)


def killed_while_writing(script, url, victim, acknowledged):
    """Kill the victim while the script writes; how many numbers were acknowledged (0 … n - 1)."""
    with acknowledged.open("wb") as output:
        writer = subprocess.Popen([sys.executable, "-c", script, url], stdout=output, stderr=subprocess.DEVNULL)
    wait_until(lambda: acknowledged.stat().st_size > 2000, "some numbers")
    time.sleep(0.3)
    os.kill(victim, signal.SIGKILL)
    assert writer.wait(30) != 0, "the writer noticed"
    return len(acknowledged.read_text().splitlines())


def child_named(process, name):
    table = subprocess.run(["ps", "-o", "pid=,comm=", "--ppid", str(process.pid)], capture_output=True, text=True, check=True)
    return next(int(line.split()[0]) for line in table.stdout.splitlines() if name in line)


def test_every_row_acknowledged_before_kill_9_of_the_database_is_there_afterwards(supervised, tmp_path):
    servers, _ = supervised
    with psycopg.connect(servers.app_url.replace("pathways_app", "pathways_owner"), autocommit=True) as connection:
        connection.execute("create table acknowledged (number int)")
    victim = int((servers.folder / "pg18" / "postmaster.pid").read_text().split("\n", 1)[0])

    count = killed_while_writing(WRITE_ROWS, servers.owner_url, victim, tmp_path / "acknowledged")

    def rows():
        try:
            with psycopg.connect(servers.owner_url) as connection:
                return connection.execute("select number from acknowledged order by number").fetchall()
        except psycopg.OperationalError:
            return None

    kept = wait_until(rows, "the database to come back")
    assert count > 100
    assert [row[0] for row in kept[:count]] == list(range(count))
    # At most the one that was under way when the answer could no longer be given.
    assert len(kept) <= count + 1


def test_every_key_acknowledged_before_kill_9_of_the_queue_is_there_afterwards(supervised, tmp_path):
    servers, process = supervised
    victim = child_named(process, "valkey")

    count = killed_while_writing(WRITE_KEYS, servers.redis_url, victim, tmp_path / "acknowledged")

    def keys():
        try:
            return redis.Redis.from_url(servers.redis_url).lrange("acknowledged", 0, -1)
        except redis.ConnectionError:
            return None

    kept = wait_until(keys, "the queue to come back")
    assert count > 100
    assert [int(key) for key in kept[:count]] == list(range(count))


@pytest.fixture
def stopped(short_tmp):
    """A cluster that was used and stopped."""
    with embedded(short_tmp, DURABLE) as servers:
        pass
    return servers


def start_again(servers):
    with embedded(servers.folder) as again, psycopg.connect(again.app_url) as connection:
        return connection.execute("select 1").fetchone() == (1,)


def leave_pid(servers, pid):
    """What a crashed postmaster leaves, as if its number were now somebody else's."""
    (servers.folder / "pg18" / "postmaster.pid").write_text(
        f"{pid}\n{servers.folder / 'pg18'}\n1700000000\n5432\n{servers.sockets}\n\n  1 2\nready   \n"
    )


def test_a_pid_file_whose_number_now_belongs_to_another_program_is_no_obstacle(stopped):
    with subprocess.Popen(["sleep", "60"]) as somebody_else:
        leave_pid(stopped, somebody_else.pid)
        assert start_again(stopped)
        somebody_else.kill()


def test_a_pid_file_whose_postmaster_is_a_zombie_is_no_obstacle(stopped):
    zombie = os.fork()
    if zombie == 0:
        os._exit(0)
    try:
        leave_pid(stopped, zombie)
        assert start_again(stopped)
    finally:
        os.waitpid(zombie, 0)


def test_an_empty_pid_file_is_no_obstacle(stopped):
    (stopped.folder / "pg18" / "postmaster.pid").write_text("")
    assert start_again(stopped)


def test_a_database_without_supervisor_is_named_and_left_alone(supervised):
    servers, _ = supervised
    pid = (servers.folder / "pg18" / "postmaster.pid").read_text().split("\n", 1)[0]
    with pytest.raises(ServerError, match=f"process {pid}"):
        clear_stale_pid(servers.folder / "pg18", patience=0.2)


def test_a_creation_that_was_interrupted_begins_again(short_tmp):
    half = short_tmp / "pg18"
    half.mkdir(mode=0o700)
    (half / "base").mkdir()
    (half / "postgresql.conf").write_text("half a file")
    with embedded(short_tmp) as servers, psycopg.connect(servers.app_url) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
