"""``./run replay`` as somebody types it: in a process of its own, on servers of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STORIES = ROOT / "tests" / "stories" / "scenarios.yaml"

pytestmark = pytest.mark.slow


def replay(*arguments):
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE", "REDIS", "PATHWAYS"))}
    return subprocess.run(
        [sys.executable, "-m", "pathways", "replay", *map(str, arguments)],
        cwd=ROOT,
        env=clean,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_every_story_is_shown_as_it_is_told():
    played = replay(STORIES, "--check")

    lines = played.stdout.splitlines()
    assert lines[-1] == "8 stories, 0 mismatches", played.stdout + played.stderr
    assert "S04 facts not checked" in lines
    assert played.returncode == 0


def test_a_story_that_shows_something_else_is_told_on_one_line_and_fails(tmp_path):
    told = "{id: csp_prebilan_overdue, scheme: csp, raised_on: 2025-04-"
    altered = STORIES.read_text(encoding="utf-8").replace(f"{told}10", f"{told}09")
    file = tmp_path / "stories.yaml"
    file.write_text(altered.replace("type: csp_accepted", "type: csp_adopted"), encoding="utf-8")

    played = replay(file, "--check")

    assert "S04 event csp_adopted expected understood got unknown" in played.stdout
    assert "S04 signal:csp_prebilan_overdue:csp@2025-04-09 expected shown got" in played.stdout
    assert played.returncode == 1


def test_without_check_states_and_signals_are_printed_in_the_order_of_days():
    played = replay(STORIES)

    story = played.stdout[played.stdout.index("S04 ") :]
    assert story.index("2025-03-10 csp: proposed") < story.index("2025-04-10 ! csp_prebilan_overdue alert (csp) until 2025-04-14")
    assert played.returncode == 0


def test_a_file_that_is_no_story_says_where_and_what_was_expected(tmp_path):
    file = tmp_path / "other.yaml"
    file.write_text("people: []\n", encoding="utf-8")

    played = replay(file, "--check")

    assert played.returncode == 2
    assert "expected a mapping with a list « scenarios »" in played.stderr
