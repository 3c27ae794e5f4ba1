"""Where a pathway comes from: a dismissal for unfitness is health, read by nobody but who wrote it down."""

import pytest

from pathways.sharing.groups import Bond, Standing, shown_details
from pathways.workflows.actors import Kind


@pytest.mark.parametrize(
    ("condition", "author", "read"),
    [
        ("unfitness_dismissal", True, "unfitness_dismissal"),
        ("unfitness_dismissal", False, None),
        ("economic_redundancy", False, "economic_redundancy"),
    ],
)
def test_a_dismissal_for_unfitness_is_read_by_its_author_alone(condition, author, read):
    referent = Standing(Bond(Kind.MISSION_LOCALE, leads=True), author=author, own_step=True)

    assert shown_details("condition_stated", {"condition": condition, "holds": True}, referent).get("condition") == read
