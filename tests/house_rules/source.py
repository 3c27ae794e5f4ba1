"""The repository as its rules read it: files, syntax trees, calls."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
NOT_OURS = {".venv", "var", ".git", "__pycache__", "node_modules"}


@cache
def repository() -> tuple[Path, ...]:
    """Every file that is, or is about to be, under version control."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        found = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:  # an archive without its history
        found = [path for path in ROOT.rglob("*") if not NOT_OURS & set(path.relative_to(ROOT).parts)]
    return tuple(sorted(path for path in set(found) if path.is_file()))


def files(*folders: str, suffix: str = ".py") -> list[Path]:
    """The repository's files below these folders (all of it without any)."""
    inside = tuple(ROOT / folder for folder in folders) or (ROOT,)
    return [
        path for path in repository() if path.suffix == suffix and any(path.is_relative_to(folder) for folder in inside)
    ]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def nodes(kind: type[ast.AST], *folders: str) -> Iterator[tuple[Path, ast.AST]]:
    """Every node of a kind, with the file it stands in."""
    for path in files(*folders):
        for node in ast.walk(tree(path)):
            if isinstance(node, kind):
                yield path, node


def calls(function: str, *folders: str) -> Iterator[tuple[Path, ast.Call]]:
    """Every call of a function or method of that name."""
    for path, node in nodes(ast.Call, *folders):
        called = node.func
        if (called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", None)) == function:
            yield path, node


def imports(path: Path) -> set[str]:
    """The dotted names of the modules a file imports."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def at(path: Path, node: ast.AST) -> str:
    return f"{name(path)}:{node.lineno}"
