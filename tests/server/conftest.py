"""What the tests of the server side share: a real ./run in a process of its own, and a look at the process table."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PATHWAYS = [sys.executable, "-P", "-m", "pathways"]
PATIENCE = 60.0
FOREIGN = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "PATHWAYS_")


def bare_environment(**more):
    """What a newcomer's shell holds: nothing of ours."""
    return {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)} | more


def wait_until(condition, what, timeout=PATIENCE):
    deadline = time.monotonic() + timeout
    while not (found := condition()):
        assert time.monotonic() < deadline, f"still waiting after {timeout} s: {what}"
        time.sleep(0.02)
    return found


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def processes():
    """pid → (parent, start time, state) of every process there is."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            found[int(entry.name)] = (int(fields[1]), fields[19], fields[0])
    return found


def family(pid):
    """A process and all its descendants: {pid: start time}."""
    table, members = processes(), {pid}
    while more := {child for child, (parent, _, _) in table.items() if parent in members} - members:
        members |= more
    return {member: table[member][1] for member in members if member in table}


def alive(members):
    """Those of a former family that still live (a number used again does not count, a zombie neither)."""
    table = processes()
    return [pid for pid, born in members.items() if pid in table and table[pid][1] == born and table[pid][2] != "Z"]


def command_line(pid):
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


@dataclass
class Run:
    """A ./run that was started."""

    process: subprocess.Popen
    data: Path
    port: int
    log: Path

    @property
    def said(self):
        return self.log.read_text()

    def wait_ready(self):
        def ready():
            assert self.process.poll() is None, self.said
            return "\nready\n" in self.said

        wait_until(ready, f"ready, so far: {self.said}")
        return self

    def stop(self, number=signal.SIGTERM):
        """Its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@pytest.fixture
def short_tmp():
    """A folder that anybody can reach; pytest's own is closed to other users."""
    with tempfile.TemporaryDirectory(prefix="pathways-test-") as path:
        Path(path).chmod(0o755)
        yield Path(path)


class Starter:
    """Starts ./run as often as asked, and cleans up."""

    def __init__(self, folder):
        self.folder = folder
        self.runs = []

    def __call__(self, *arguments, data=None, port=None, user=None, environment=None, command=PATHWAYS):
        port = port or free_port()
        data = data or self.folder / f"data{len(self.runs)}"
        log = self.folder / f"run{len(self.runs)}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [*command, "--port", str(port), "--data", str(data), "--empty", *arguments],
                stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd="/",
                env=bare_environment() if environment is None else environment,
                **({"user": user, "group": user, "extra_groups": []} if user else {}),
            )  # fmt: skip
        self.runs.append(Run(process, data, port, log))
        return self.runs[-1]

    def close(self):
        for run in self.runs:
            run.stop()


@pytest.fixture
def start(short_tmp):
    starter = Starter(short_tmp)
    yield starter
    starter.close()


@pytest.fixture(scope="session")
def running(tmp_path_factory):
    """One ./run for all the tests that only look at it; they are in one file, and so on one worker of xdist."""
    starter = Starter(tmp_path_factory.mktemp("running"))
    yield starter().wait_ready()
    starter.close()


def pathways(*arguments, environment=None, user=None, command=PATHWAYS):
    """One command to its end: a CompletedProcess with text."""
    return subprocess.run(
        [*command, *map(str, arguments)],
        env=bare_environment() if environment is None else environment, cwd="/", timeout=PATIENCE,
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        **({"user": user, "group": user, "extra_groups": []} if user else {}),
    )  # fmt: skip


@pytest.fixture
def nobody():
    """The number of an account that is not root."""
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    return pwd.getpwnam("nobody").pw_uid


@pytest.fixture(scope="session")
def somebody():
    """An ordinary user with a fresh copy of the project, which their first ./run installs: options for ``pathways``."""
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    uid = pwd.getpwnam("nobody").pw_uid
    account = {"user": uid, "group": uid, "extra_groups": []}

    def can_run(python):
        asked = [str(python), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
        reachable = subprocess.run(["test", "-x", asked[0]], cwd="/", check=False, **account).returncode == 0
        return reachable and subprocess.run(asked, cwd="/", check=False, **account).returncode == 0

    found = next(filter(can_run, (sys._base_executable, "/usr/bin/python3")), None)
    if found is None:
        pytest.skip("no Python from 3.11 on is within an ordinary user's reach")
    with tempfile.TemporaryDirectory(prefix="pathways-fresh-") as folder:
        copy = Path(folder, "pathways")
        unwanted = shutil.ignore_patterns(".venv", ".git", "var", "__pycache__", ".*_cache", "tests")
        shutil.copytree(PROJECT, copy, ignore=unwanted)
        for path in (Path(folder), copy, *copy.rglob("*")):
            os.chown(path, uid, uid)
        environment = bare_environment(HOME="/nonexistent", PATHWAYS_PYTHON=found)
        user = {"command": [str(copy / "run")], "user": uid, "environment": environment}
        installed = pathways("--help", **user)
        assert installed.returncode == 0, installed.stderr
        yield user


@pytest.fixture(scope="session")
def running_servers(tmp_path_factory):
    """Database and queue alone, as somebody's own servers."""
    from pathways.server import embedded

    with embedded(tmp_path_factory.mktemp("own")) as servers:
        yield servers
