"""Who may do what: commit, read the clock, ask for a job, move a state."""

from __future__ import annotations

import ast

import pytest
from sqlalchemy.orm import configure_mappers

import pathways.models  # noqa: F401 -- fills the registry
from pathways import queue
from pathways.cli.processes import schedule
from pathways.db import Base
from tests.house_rules.source import ROOT, at, calls, files, imports, name, nodes

PURE = ["pathways/workflows", "pathways/detection/rules"]
MOVES_STATES = "pathways/operations/projection.py"
ASKS_FOR_SCHEDULED_JOBS = "pathways/cli/processes.py"
"""The ticker: the only caller whose jobs are data, in the schedule."""


def test_only_the_unit_of_work_commits():
    committing = {name(path) for path, _ in calls("commit", "pathways")}

    assert committing <= {"pathways/db.py"}, f"use db.atomic() instead of commit() in {committing - {'pathways/db.py'}}"


def test_only_the_clock_knows_what_time_it_is():
    wrong = [
        at(path, node)
        for function in ("today", "now", "utcnow")
        for path, node in calls(function, "pathways", "config", "migrations")
        if isinstance(node.func, ast.Attribute)
        and ast.unparse(node.func.value).rsplit(".", 1)[-1] in {"date", "datetime", "dt"}
        and name(path) != "pathways/clock.py"
    ]

    assert not wrong, f"ask pathways.clock, which tests and replays can move: {wrong}"


def test_every_job_asked_for_exists():
    wrong = []
    asked = [("schedule", periodic.job) for periodic in schedule()]
    for path, call in calls("later", "pathways"):
        job = call.args[0] if call.args else None
        if isinstance(job, ast.Constant):
            asked.append((at(path, call), job.value))
        elif name(path) != ASKS_FOR_SCHEDULED_JOBS:
            wrong.append(f"{at(path, call)}: name the job literally, so that it can be found")
    for where, job in asked:
        try:
            queue.job_named(job)
        except LookupError as missing:
            wrong.append(f"{where}: {missing}")

    assert not wrong, "\n".join(wrong)


def test_nobody_moves_an_enrolment_but_the_projection():
    """The state is the fold's answer: it is stored by one function. An alert's is the alert operations' business."""
    wrong = []
    for path in files("pathways"):
        stores = any(module.startswith("pathways.models") for module in imports(path))
        if name(path) != MOVES_STATES and stores and not name(path).startswith("pathways/models/"):
            wrong += [f"{name(path)}:{line}" for line in states_assigned(path)]

    assert not wrong, f"record the event and let {MOVES_STATES} move the state: {wrong}"


def states_assigned(path):
    for _, node in ((path, node) for file, node in nodes(ast.AST, name(path)) if file == path):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            if (
                isinstance(target, ast.Attribute)
                and target.attr == "state"
                and "alert" not in ast.unparse(target.value).lower()
            ):
                yield node.lineno
        if isinstance(node, ast.Call) and any(keyword.arg == "state" for keyword in node.keywords):
            written = ast.unparse(node.func)
            if written.endswith(".values") and "update(" in written and "Enrolment" in written:
                yield node.lineno


def test_every_relationship_says_what_a_page_needs():
    configure_mappers()
    wrong = [
        str(relationship)
        for mapper in Base.registry.mappers
        for relationship in mapper.relationships
        if relationship.lazy != "raise"
    ]

    assert not wrong, f'give lazy="raise", and load what the page needs in its query: {wrong}'


@pytest.mark.parametrize("folder", PURE)
def test_workflows_and_rules_are_plain_functions_and_data(folder):
    wrong = {
        f"{name(path)} imports {module}"
        for path in files(folder)
        for module in imports(path)
        if module.split(".")[0] in {"flask", "sqlalchemy", "redis", "rq", "psycopg"}
        or module.startswith(("pathways.db", "pathways.models", "pathways.queue"))
    }

    assert not wrong, f"pass what is needed as an argument: {wrong}"


def test_only_the_queue_knows_rq():
    wrong = {name(path) for path in files("pathways") if any(module.split(".")[0] == "rq" for module in imports(path))}

    assert wrong <= {"pathways/queue.py"}, f"ask pathways.queue: {wrong}"


def test_the_rules_look_at_something():
    assert len(files("pathways")) > 20
    assert (ROOT / "setup.cfg").exists()
    assert list(calls("atomic", "pathways", "tests"))
