"""A refusal carries every reason, as codes and values."""

from __future__ import annotations

import pickle

import pytest

from pathways.errors import NotVisible, Reason, Refused


def test_a_refusal_gives_every_reason_at_once():
    refusal = Refused("minor", Reason("age_above_25", {"age": 27, "schemes": ["PACEA"]}))

    assert refusal.codes == ("minor", "age_above_25")
    assert str(refusal) == "minor; age_above_25 (age=27, schemes=['PACEA'])"


def test_a_refusal_without_a_reason_is_a_mistake():
    with pytest.raises(ValueError, match="at least one reason"):
        Refused()


def test_reasons_compare_by_content_and_do_not_change():
    reason = Reason("age_above_25", {"age": 27})

    assert reason == Reason("age_above_25", {"age": 27})
    assert len({reason, Reason("age_above_25", {"age": 27})}) == 1
    assert pickle.loads(pickle.dumps(reason)) == reason  # noqa: S301 -- our own bytes
    with pytest.raises(TypeError):
        reason.values["age"] = 12


def test_what_is_not_visible_is_not_found():
    assert issubclass(NotVisible, LookupError)
