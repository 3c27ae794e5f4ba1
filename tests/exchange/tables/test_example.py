"""The example of the documentation, as somebody tries it."""

from pathlib import Path

from pathways.exchange.tables import faults, layout
from tests.exchange.tables.conftest import asked

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "docs" / "examples" / "tables"
DOCUMENTED = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")


def test_the_example_is_imported_without_an_error_and_without_a_warning(own_database, imported):
    done, refused = imported(EXAMPLE)

    assert [str(refusal) for refusal in refused] == []
    assert done.rows["persons.csv"] == {"new": 3}
    states = asked("select scheme, state from enrolment order by scheme")
    assert states == [("APPRENTISSAGE", "probation"), ("CSP", "accepted"), ("PACEA", "active")]
    assert ("contact_silence", "watch") in asked("select rule, level from signal")


def test_the_documentation_has_every_column_and_every_code():
    assert layout.as_markdown() in DOCUMENTED
    assert faults.as_markdown() in DOCUMENTED
