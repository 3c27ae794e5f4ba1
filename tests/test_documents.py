"""The generated pages of docs/ say what the code says."""

from pathways.cli.documents import pages


def test_the_generated_pages_are_fresh():
    stale = [path.name for path, text in pages() if path.read_text(encoding="utf-8") != text]

    assert stale == [], "run ./run docs"
