"""The threat model names tests that exist, covers every kind of threat in every flow, and says so where there is no test."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from tests.databases import ROOT

PAGE = ROOT / "docs" / "threat-model.md"
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
KINDS = {"S", "T", "R", "I", "D", "E"}
SHORTEST_REASON = 25


@cache
def proofs_in(path: str) -> frozenset[str]:
    file = ROOT / path
    if not file.is_file():
        return frozenset()
    functions = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.FunctionDef)]
    return frozenset(function.name for function in functions if function.name.startswith("test_"))


def flows() -> dict[str, list[list[str]]]:
    """The rows of each flow: kind, threat, measure, proof."""
    found: dict[str, list[list[str]]] = {}
    for part in PAGE.read_text().split("\n## ")[1:]:
        title, *lines = part.splitlines()
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
        found[title] = rows[2:]
    return found


ROWS = [(flow, row) for flow, rows in flows().items() for row in rows]


def test_every_flow_is_there():
    assert list(flows()) == [
        "Browser ↔ application",
        "Application ↔ database",
        "Application ↔ queue and worker",
        "Feed import",
        "Tables in and out",
        "Links that serve once (invitations)",
        "A person's own page",
        "Mail and files to persons",
        "Backups",
        "Command line",
    ]


@pytest.mark.parametrize("flow", list(flows()))
def test_every_kind_of_threat_is_thought_of(flow):
    assert {row[0] for row in flows()[flow]} == KINDS


@pytest.mark.parametrize(("flow", "row"), ROWS, ids=[f"{flow}: {row[1]}" for flow, row in ROWS])
def test_a_threat_is_proved_to_be_met_or_accepted_with_a_reason(flow, row):
    kind, threat, measure, proof = row
    named = NAMED.findall(proof)

    assert kind in KINDS
    assert threat
    assert [f"{path}::{name}" for path, name in named if name not in proofs_in(path)] == []
    if named:
        assert measure, "what is tested has no name"
    else:
        reason = proof.removeprefix("accepted")
        assert reason != proof, "neither a test nor accepted"
        assert len(reason) > SHORTEST_REASON, "accepted, and why?"


def test_a_name_that_is_none_is_noticed():
    assert "test_a_name_that_is_none_is_noticed" in proofs_in("tests/test_threat_model.py")
    assert "test_nothing_of_the_kind" not in proofs_in("tests/test_threat_model.py")
    assert proofs_in("tests/no_such_file.py") == frozenset()
