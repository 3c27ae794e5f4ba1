"""How files are named, how long they are, and what they must not contain."""

from __future__ import annotations

import ast
import re

from tests.house_rules.source import ROOT, at, calls, files, imports, name, nodes, repository

LONGEST = 400
VAGUE = {"utils", "util", "helpers", "helper", "manager", "managers", "service", "services", "misc", "common"}
OUTSIDE_ALLOWED = ("/proc", "/dev", "/tmp", "/nowhere")  # noqa: S108 -- only compared with

REASONED = {
    # A code, then why: "noqa: X123 -- because"; "type: ignore[code]  # because" (mypy reads nothing else).
    "noqa": re.compile(r"#\s*noqa: [A-Z]+[0-9]+(, ?[A-Z]+[0-9]+)*\s*(--?|#|:)\s*\S.{6,}"),
    "type: ignore": re.compile(r"#\s*type: ignore\[[a-z-]+(, ?[a-z-]+)*\]\s*#\s*(noqa: \S+\s*--?)?\s*\S.{6,}"),
}
EXCUSES = {"noqa": re.compile(r"#\s*noqa"), "type: ignore": re.compile(r"#\s*type:\s*ignore")}
PROMISES = re.compile("#.*\\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]) + ")\\b")

WORKPLACE = ["/wo" + "rk/", "/opt/py" + "pi", ".libr" + "ary/", "sha" + "red/design", "sha" + "red/precisions"]
REGISTRIES = ["artifac" + "tory", "pypi-" + "more", "nex" + "us.", "registry.npm" + "mirror", "devpi" + "/"]


def texts():
    for path in repository():
        if path.suffix not in {".png", ".jpg", ".ico", ".woff2", ".xlsx", ".pdf", ".mo"}:
            yield path, path.read_text(encoding="utf-8", errors="replace")


def test_no_file_is_too_long_to_be_read_at_once():
    wrong = {
        name(path): length
        for suffix in (".py", ".html", ".css", ".js")
        for path in files(suffix=suffix)
        if (length := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }

    assert not wrong, f"split by what the parts are about ({LONGEST} lines at most): {wrong}"


def test_modules_are_named_after_what_they_hold():
    wrong = [name(path) for path in files() if {path.stem, path.parent.name} & VAGUE]

    assert not wrong, f"name what it holds; a bag has no name: {wrong}"


def test_nothing_is_promised_in_a_comment():
    wrong = [f"{name(path)}:{n}" for path, n, line in lines_of_code() if PROMISES.search(line)]

    assert not wrong, f"do it, or write an issue: {wrong}"


def test_whoever_silences_a_check_says_why():
    wrong = [
        f"{name(path)}:{n}: {line.strip()}"
        for path, n, line in lines_of_code()
        for kind, excuse in EXCUSES.items()
        if excuse.search(line) and not REASONED[kind].search(line)
    ]

    assert not wrong, "give the code and, on the same line, the reason:\n" + "\n".join(wrong)


def lines_of_code():
    for path in files():
        if path != ROOT / "tests/house_rules/test_files.py":
            for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                yield path, n, line


def test_no_test_reads_outside_the_repository():
    wrong = []
    for function in ("open", "Path"):
        for path, call in calls(function, "tests"):
            given = call.args[0] if call.args else None
            text = given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else ""
            if text.startswith(("/", "~", "..")) and not text.startswith(OUTSIDE_ALLOWED):
                wrong.append(f"{at(path, call)}: {text}")
    for function in ("home", "expanduser"):
        wrong += [at(path, call) for path, call in calls(function, "tests") if "Path" in ast.unparse(call.func)]

    assert not wrong, f"copy the data below tests/: {wrong}"


def test_nothing_names_the_place_it_was_written_in():
    wrong = {
        f"{name(path)}: {needle}" for path, text in texts() for needle in (*WORKPLACE, *REGISTRIES) if needle in text
    }

    assert not wrong, f"say what it is, not where it stood: {sorted(wrong)}"


def test_we_do_not_mock_ourselves():
    """Only the edge of our world is replaced (clock, transport, outgoing mail), by an object that does less, not by a
    Mock.
    """
    wrong = []
    for path in files("tests"):
        if any(module.startswith(("unittest.mock", "pytest_mock")) for module in imports(path)):
            ours = [
                node
                for file, node in nodes(ast.Constant, "tests")
                if file == path and str(node.value).startswith("pathways.")
            ]
            wrong += [f"{at(path, node)}: {node.value}" for node in ours]
    for path, call in calls("setattr", "tests"):
        given = call.args[0] if call.args else None
        target = str(given.value) if isinstance(given, ast.Constant) else ""
        # A constant in capitals says where our world ends (folders, programs): a test may move that edge.
        if target.startswith("pathways.") and not target.rpartition(".")[2].isupper():
            wrong.append(f"{at(path, call)}: {target}")

    assert not wrong, f"call the real thing, or replace the outside it talks to: {wrong}"
