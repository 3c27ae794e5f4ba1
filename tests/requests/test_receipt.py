"""When a request was read: the first page that showed it to somebody of the organisation asked, and nothing else."""

from __future__ import annotations

import pytest

from pathways import clock, db
from pathways.operations.requests import answer, withdraw_request


@pytest.mark.parametrize(
    ("what", "read"),
    [("person.show", True), ("requests.received", True), ("requests.index", False), ("worklist.show", False)],
)
def test_only_a_page_that_shows_it_counts(asking, frozen_clock, what, read):
    number = asking.ask()
    frozen_clock.advance(hours=1)
    asking.look(asking.body, asking.karim, what)

    found = asking.read_by(asking.ml, asking.claire, number).read_at

    assert found == (clock.now() if read else None)


def test_neither_a_look_before_nor_one_s_own_nor_a_third_s_counts_and_the_first_stays(asking, frozen_clock):
    asking.look(asking.body, asking.karim, "person.show")
    frozen_clock.advance(hours=1)
    number = asking.ask()
    frozen_clock.advance(hours=1)
    other, user = asking.another_body()
    asking.look(asking.ml, asking.claire, "person.show")
    asking.look(other, user, "person.show")
    assert asking.read_by(asking.ml, asking.claire, number).read_at is None

    frozen_clock.advance(hours=1)
    first = clock.now()
    asking.look(asking.body, asking.karim, "person.show")
    frozen_clock.advance(hours=1)
    asking.look(asking.body, asking.karim, "person.show")

    assert asking.read_by(asking.ml, asking.claire, number).read_at == first


def test_who_answers_has_read_and_a_look_after_the_withdrawal_is_none(asking, frozen_clock):
    answered, withdrawn = asking.ask("present"), asking.ask("call")
    frozen_clock.advance(hours=1)
    with db.acting_for(asking.body.id, asking.karim.id):
        answer(answered, "present", **asking.by_body)
    with db.acting_for(asking.ml.id, asking.claire.id):
        withdraw_request(withdrawn, **asking.by_ml)
    at = clock.now()
    frozen_clock.advance(hours=1)
    asking.look(asking.body, asking.karim, "person.show")

    assert asking.read_by(asking.ml, asking.claire, answered).read_at == at
    assert asking.read_by(asking.ml, asking.claire, withdrawn).read_at is None
