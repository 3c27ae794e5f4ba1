"""What differs between schemes is on their pages: nothing else asks which scheme it is."""

from __future__ import annotations

import ast

from pathways.workflows.schemes import SCHEMES
from tests.house_rules.source import at, nodes

ELSEWHERE_TOO = frozenset(SCHEMES) & {"EMPLOI", "SERVICE_CIVIQUE"}
"""Codes that are also those of outcomes or reasons."""


def texts(compared: ast.Compare) -> set[str]:
    """The texts something is compared with, alone or in a set."""
    sides = (compared.left, *compared.comparators)
    constants = (each.value for side in sides for each in ast.walk(side) if isinstance(each, ast.Constant))
    return {value for value in constants if isinstance(value, str)}


def test_no_code_of_a_scheme_is_compared_with_anything():
    codes = frozenset(SCHEMES) - ELSEWHERE_TOO
    found = [at(path, node) for path, node in nodes(ast.Compare, "pathways") if texts(node) & codes]

    assert found == [], "put the difference on the page of the scheme, as data"
