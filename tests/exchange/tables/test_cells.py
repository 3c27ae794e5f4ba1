"""One cell written and read: whatever the text, a spreadsheet runs nothing and reading gives it back."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.exchange.tables.cells import Faulty, as_given, neutralised, read_cell, write_cell
from pathways.exchange.tables.layout import TABLES

NOW = datetime(2026, 3, 2, tzinfo=UTC)
NAME = TABLES["persons"].by_name["family_name"]
MOMENT = TABLES["entries"].by_name["recorded_at"]
SIGNS = "=+-@\t\r＝＋－＠"  # noqa: RUF001 -- full-width signs are the point


@given(st.text(alphabet=st.sampled_from([*SIGNS, "'", "a", "é", '"', ","]), max_size=8) | st.text(max_size=12))
def test_what_is_neutralised_reads_back(text):
    written = neutralised(text)

    assert not written or written[0] not in SIGNS
    assert as_given(written) == text


@pytest.mark.parametrize("text", ["=1+1", "+33639980101", "-5", "@SUM(A1)", "'=1", "''+2", "'t Hooft", "N’Diaye", "'"])
def test_a_name_comes_back_whatever_it_begins_with(text):
    assert read_cell(NAME, write_cell(text), NOW) == text


def test_a_name_with_an_apostrophe_in_front_is_left_alone():
    assert write_cell("'t Hooft") == "'t Hooft"


@pytest.mark.parametrize("moment", ["2026-03-01T09:15:00Z", "2026-03-01T10:15:00+01:00", "2026-03-01 10:15+0100"])
def test_a_moment_is_the_same_in_every_zone(moment):
    assert read_cell(MOMENT, moment, NOW) == "2026-03-01T09:15:00+00:00"


def test_the_microseconds_of_a_moment_come_back():
    moment = datetime(2026, 3, 1, 9, 15, 0, 123456, tzinfo=UTC)

    assert write_cell(moment) == "2026-03-01T09:15:00.123456Z"
    assert datetime.fromisoformat(read_cell(MOMENT, write_cell(moment), NOW)) == moment


@pytest.mark.parametrize("text", ["{" * 100_000, "1" * 5_000, "1e999", "[" * 50_000])
def test_json_made_to_hurt_is_refused(text):
    column = TABLES["entries"].by_name["details"]
    with pytest.raises(Faulty):
        read_cell(column, text[: column.limit], NOW)
