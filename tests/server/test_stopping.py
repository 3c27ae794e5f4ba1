"""./run from start to end: whatever happens, nothing is left behind, and it starts again."""

from __future__ import annotations

import contextlib
import os
import signal

import psycopg
import pytest
import redis
import rq

from pathways.server import who_holds
from tests.server.conftest import alive, command_line, family, wait_until

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL], ids=lambda n: n.name)
def test_however_it_ends_nothing_of_it_stays(start, number):
    run = start().wait_ready()
    # A job that would go on for long, in a process of its own, three generations below.
    jobs = redis.Redis.from_url(f"unix://{who_holds(run.data).sockets}/valkey.sock")
    rq.Queue("pathways", connection=jobs, serializer="json").enqueue("time.sleep", 1 if number != signal.SIGKILL else 60)
    wait_until(
        lambda: [worker for worker in rq.Worker.all(jobs, serializer="json") if worker.get_state() == "busy"],
        "the job to run",
    )
    jobs.close()
    members = family(run.process.pid)
    assert len(members) > 8

    code = run.stop(number)

    assert code == (-9 if number == signal.SIGKILL else 0)
    wait_until(lambda: not alive(members), "every process of it to end", timeout=15)
    assert who_holds(run.data) is None


def test_after_kill_9_of_everything_it_starts_again_on_the_same_data(start, short_tmp):
    first = start(data=short_tmp / "data").wait_ready()
    with psycopg.connect(f"postgresql://pathways_owner@/pathways?host={who_holds(first.data).sockets}") as connection:
        connection.execute("create table kept (id int)")
    members = family(first.process.pid)
    for pid in members:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    first.process.wait()
    wait_until(lambda: not alive(members), "all to be dead")

    second = start(data=first.data).wait_ready()

    with psycopg.connect(f"postgresql://pathways_owner@/pathways?host={who_holds(second.data).sockets}") as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (0,)


def test_a_crashed_part_is_started_again(start):
    run = start().wait_ready()
    worker = next(pid for pid in family(run.process.pid) if "pathways worker" in command_line(pid))

    os.kill(worker, signal.SIGKILL)

    wait_until(lambda: "worker ended (killed by SIGKILL); it starts again" in run.said, "the notice")
    wait_until(
        lambda: [pid for pid in family(run.process.pid) if pid != worker and "pathways worker" in command_line(pid)],
        "another worker",
    )


def test_own_servers_are_used_and_nothing_is_started_beside_them(start, running_servers, short_tmp):
    environment = running_servers.environment() | {"PATHWAYS_ENV": "development"}

    run = start(data=short_tmp / "untouched", environment=environment).wait_ready()

    lines = [command_line(pid) for pid in family(run.process.pid)]
    assert not [line for line in lines if "valkey-server" in line or "/bin/postgres" in line]
    assert not run.data.exists()
