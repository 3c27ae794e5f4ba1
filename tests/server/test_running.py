"""./run while it runs: what it says, what it refuses, who may use it."""

from __future__ import annotations

import os
import socket
import urllib.request
from pathlib import Path

import pytest

from pathways.server import who_holds
from tests.server.conftest import command_line, family, free_port, pathways, wait_until

pytestmark = pytest.mark.slow


def test_it_prints_the_address_where_pages_answer_and_then_ready(running):
    assert f"http://127.0.0.1:{running.port}\n" in running.said
    assert running.said.endswith("\nready\n")
    with urllib.request.urlopen(f"http://127.0.0.1:{running.port}/healthz") as answer:
        assert answer.status == 200


def test_all_of_it_is_one_process_tree_with_database_and_queue_as_direct_children(running):
    lines = {pid: command_line(pid) for pid in family(running.process.pid)}
    for part in ("valkey-server", "pathways web", "pathways worker", "pathways ticker"):
        assert [line for line in lines.values() if part in line], f"no {part} in {lines}"
    postmaster = int((running.data / "pg18" / "postmaster.pid").read_text().split("\n", 1)[0])
    assert Path(f"/proc/{postmaster}/stat").read_text().rpartition(")")[2].split()[1] == str(running.process.pid)


def test_a_second_start_on_the_same_data_says_who_has_it(running):
    refused = pathways("--data", running.data, "--port", free_port())

    assert refused.returncode == 2
    assert f"process {running.process.pid}" in refused.stderr
    assert f"http://127.0.0.1:{running.port}" in refused.stderr
    assert "--data DIR" in refused.stderr


def test_a_busy_port_is_named_with_another_one(running, tmp_path):
    refused = pathways("--data", tmp_path / "other", "--port", running.port)

    assert refused.returncode == 2
    assert f"Port {running.port} of 127.0.0.1 is taken" in refused.stderr
    assert f"--port {running.port + 1}" in refused.stderr
    assert not (tmp_path / "other").exists(), "nothing was started for a port that cannot be had"


def test_a_command_uses_the_servers_that_run_already(running):
    before = set(family(running.process.pid))

    done = pathways("migrate", "--data", running.data)

    assert done.returncode == 0, done.stderr
    assert "Already at" in done.stdout
    assert before <= set(family(running.process.pid))


def test_the_doctor_is_content_with_a_running_installation(running):
    def content():
        examined = pathways("doctor", "--data", running.data)
        return examined.returncode == 0 and "beat" in examined.stdout and examined

    # The first beat comes with the first tick, a moment after ready.
    assert "All is well." in wait_until(content, "a doctor who is content").stdout


def test_the_doctor_finds_a_role_that_row_level_security_does_not_bind(running):
    holder = who_holds(running.data)
    environment = os.environ | {
        "DATABASE_URL": f"postgresql://postgres@/pathways?host={holder.sockets}",
        "REDIS_URL": f"unix://{holder.sockets}/valkey.sock",
        "PATHWAYS_SECRET_KEY": "x" * 40,
    }

    examined = pathways("doctor", environment=environment)

    assert examined.returncode == 1
    assert "WRONG  Role: postgres sees every row" in examined.stdout
    assert "→ Connect as a role without BYPASSRLS." in examined.stdout


def test_a_port_in_use_by_a_listener_on_every_address_is_busy_too(tmp_path):
    with socket.create_server(("0.0.0.0", 0)) as listener:
        port = listener.getsockname()[1]
        assert f"Port {port}" in pathways("--data", tmp_path, "--port", port).stderr
