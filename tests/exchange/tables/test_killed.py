"""An import that is killed leaves whole persons or none, and is finished by running it again."""

import os
import signal
import subprocess
import sys

import pytest

from pathways import clock
from pathways.demo.load import load
from pathways.detection.sweep import sweep
from tests.exchange.tables.conftest import AS_OF, SIGNALS, STEPS, VISIBILITY, asked, digests
from tests.house_rules.source import ROOT

CHILD = """
import sys
from datetime import date
from pathlib import Path
from pathways import clock, db
from pathways.exchange.tables.importing import import_tables
db.configure(sys.argv[1])
with clock.at(date.fromisoformat(sys.argv[3])):
    import_tables(Path(sys.argv[2]), tell=lambda line: print(line, flush=True), part=10)
"""


def start(database, folder):
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, database.app_url, str(folder), AS_OF.isoformat()],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("line", ["entries.csv: ", "20 of 120 persons"])
def test_an_import_killed_in_the_middle_is_finished_by_the_next(
    own_database, another_database, exported, imported, line
):
    with clock.at(AS_OF):
        load(120, 1, AS_OF)
        sweep(AS_OF, history=True)
    folder = exported()
    before = {what: asked(what) for what in (STEPS, SIGNALS, VISIBILITY)}
    target = another_database()

    with start(target, folder) as child:
        for told in child.stdout:
            if told.startswith(line):
                os.kill(child.pid, signal.SIGKILL)
                break
    assert child.returncode == -signal.SIGKILL
    half_done = "select count(*) from person where evaluated_day is null"
    assert asked(half_done) == [(0,)]

    done, refused = imported(folder)

    assert refused == []
    assert sum(done.rows["persons.csv"].values()) == 120
    assert {what: asked(what) for what in before} == before
    assert digests(exported("again")) == digests(folder)
