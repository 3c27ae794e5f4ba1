"""The supervisor, with programs so small that only their end matters."""

from __future__ import annotations

import signal
import sys
import time

import pytest

from pathways.server import ServerError, Supervisor
from pathways.server.process import Child, Program, describe
from pathways.server.supervisor import Simple
from tests.server.conftest import wait_until


def program(code, **options):
    return Program("tiny", (sys.executable, "-c", code), **options)


def said_by(supervisor, count, notices):
    def enough():
        for running in supervisor.running.values():
            supervisor._look_at(running)
        return len(notices) >= count

    wait_until(enough, f"{count} notices in {notices}", timeout=20)


def test_what_ends_is_started_again_with_a_growing_wait():
    notices = []
    supervisor = Supervisor(say=notices.append)
    supervisor.start([Simple("tiny", program("raise SystemExit(3)"))])

    said_by(supervisor, 3, notices)
    supervisor.stop()

    assert notices == [f"tiny ended (exit code 3); it starts again in {wait} s." for wait in ("0.2", "0.4", "0.8")]


def test_what_never_gets_ready_is_reported_with_its_last_words(tmp_path):
    doomed = program("print('no such table: moon'); raise SystemExit(4)", log=tmp_path / "tiny.log")
    with pytest.raises(ServerError) as refusal:
        Supervisor().start([Simple("tiny", doomed, answers=lambda: False)])
    assert refusal.value.what == "tiny ended at once (exit code 4)."
    assert "no such table: moon" in refusal.value.mend


def test_what_takes_too_long_is_reported():
    child = Child(program("import time; time.sleep(60)"))
    with pytest.raises(ServerError, match=r"tiny is not ready after 0 s\."):
        child.wait_ready(lambda _: False, timeout=0.1)
    child.stop()


def test_what_does_not_hear_the_polite_signal_is_killed_after_its_grace(capfd):
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    child = Child(program(deaf, grace=0.3))
    wait_until(lambda: "deaf" in capfd.readouterr().out, "the program to be deaf")

    started = time.monotonic()
    child.stop()

    assert child.exit_code() == -signal.SIGKILL
    assert 0.3 <= time.monotonic() - started < 5
    assert "does not stop: killed" in capfd.readouterr().err


def test_what_started_last_stops_first(tmp_path):
    order = tmp_path / "order"
    code = (
        "import signal, sys, time\n"
        "def stop(*_):\n"
        f"    open({str(order)!r}, 'a').write(sys.argv[1]); sys.exit()\n"
        "signal.signal(signal.SIGTERM, stop); print('up', flush=True)\n"
        "while True: time.sleep(1)"
    )
    supervisor = Supervisor()
    for name in "ABC":
        log = tmp_path / name
        tiny = Program(name, (sys.executable, "-c", code, name), log=log)
        supervisor.start([Simple(name, tiny, answers=lambda log=log: "up" in log.read_text())])

    supervisor.stop()

    assert order.read_text() == "CBA"


def test_a_program_that_is_not_there_is_a_plain_refusal():
    with pytest.raises(ServerError, match="tiny cannot be started"):
        Child(Program("tiny", ("/nowhere/tiny",)))


@pytest.mark.parametrize(("code", "words"), [(0, "exit code 0"), (-9, "killed by SIGKILL"), (-99, "killed by signal 99")])
def test_exit_codes_are_told_in_words(code, words):
    assert describe(code) == words
