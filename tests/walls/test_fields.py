"""What comes back of a record, by what the reading organisation is to the person, against the matrix of the domain sheet (D5)."""

from __future__ import annotations

import re

import pytest

from pathways.models import Kind
from pathways.sharing.matrix import Place, place_of
from pathways.sharing.roles import OPENS_RECORDS, roles_for
from pathways.workflows.actors import ACCOMPANYING
from tests.walls.marked import EMAIL, NOTE, NUMBER, PHONE, RECOGNISED, mark, marked

READS = """
               own        other      none
lead           ASHTKRGOF  ASHTKRGOF  ASHTKRGOF
co_referent    ATKRGO     O          O
training_body  TKRGO      -          -
cfa            TKRGO      -          -
siae           ATKRGO     -          -
adviser        ATKRGO     -          -
leavers        TRGO       -          -
employer       K          -          -
funder         TKO        -          -
watcher        -          -          -
"""
"""Letters of the groups whose marks are read, on a step of one's own, on another's, on none: from D5, not from the code."""


MARK = re.compile(r"(?<![\w-])XQ([A-Z])([023])[TV]?(?![\w-])")
"""A word of its own: the tokens of forms hold anything."""


def expected(place: Place) -> set[str]:
    heading, *rows = (line.split() for line in READS.strip().splitlines())
    row = next(row for row in rows if row[0] == place.value)
    seen = {mark(letter, where) for where, letters in zip(heading, row[1:], strict=True) for letter in letters.strip("-")}
    if place is Place.LEAD:
        seen.add(RECOGNISED)
    if place not in {Place.EMPLOYER, Place.FUNDER, Place.WATCHER}:
        seen |= {PHONE, EMAIL}
    return seen


def seen_in(text: str) -> set[str]:
    """The marks on a page, whatever the step they stand on."""
    text = text.replace("\u00a0", " ")
    found = {f"XQ{letter}{number}" for letter, number in MARK.findall(text)}
    found |= {mark("H", where) for where in NUMBER if mark("H", where) in text}
    return found | {each for each in (PHONE, EMAIL, RECOGNISED) if each in text}


EVERYBODY = [(kind, leads) for kind in Kind for leads in (False, True) if not leads or kind in ACCOMPANYING]


@pytest.mark.parametrize(("kind", "leads"), EVERYBODY)
def test_the_record_shows_what_the_matrix_says(kind, leads, sign_in, frozen_clock):
    case = marked(kind, leads=leads)
    opens = any(role in OPENS_RECORDS for role in roles_for(kind))
    page = sign_in(case.user()).get(f"/personnes/{case.person.public_id}")

    assert page.status_code == (200 if opens else 403)
    assert seen_in(page.text) == (expected(place_of(kind, leads=leads)) if opens else set())
    assert NOTE not in page.text
