"""What docs/ says is what the code says, and its links lead somewhere."""

import re

import pytest

import pathways.detection.rules  # noqa: F401 -- registers every rule
from pathways.cli.documents import pages
from pathways.detection.rule import RULES
from pathways.workflows.schemes import SCHEMES
from tests.house_rules.source import ROOT

WRITTEN = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").glob("*.md")])
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def test_the_generated_pages_are_fresh():
    stale = [path.name for path, text in pages() if path.read_text(encoding="utf-8") != text]

    assert stale == [], "run ./run docs"


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: str(page.relative_to(ROOT)))
def test_its_links_lead_somewhere(page):
    links = LINK.findall(page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("readme", ["README.md", "README.fr.md"])
def test_the_readme_counts_schemes_and_signals_right(readme):
    text = (ROOT / readme).read_text(encoding="utf-8")

    assert re.search(rf"\b{len(SCHEMES)} (schemes|dispositifs)", text)
    assert re.search(rf"\b{len(RULES)} \[sign", text)
