"""The style page shows every component, and what the charts draw is what their figures say."""

from __future__ import annotations

import re

import pytest

from pathways.views.stylesheet import STYLES, sheets


def test_everybody_may_look_and_every_component_is_there(client):
    page = client.get("/style")

    assert page.status_code == 200
    for component in (
        "btn-primary", "level-critical", "flash-success", "refusal", "tabs", "pager", "empty", "halves", "chart-bar", "chart-line"
    ):  # fmt: skip
        assert component in page.text, component


def test_the_longest_bar_is_the_largest_number(client):
    widths = [float(width) for width in re.findall(r'class="chart-fill[^"]*" width="([\d.]+)"', client.get("/style").text)]

    assert widths[:3] == [100, round(100 * 9 / 14, 2), round(100 * 3 / 14, 2)]


def test_parts_of_a_share_fill_it_without_overlap(client):
    rects = re.findall(r'x="([\d.]+)" width="([\d.]+)" height="6"', client.get("/style").text)

    ends = [float(x) + float(width) for x, width in rects]
    assert [float(x) for x, _ in rects][1:] == pytest.approx(ends[:-1], abs=0.02)
    assert ends[-1] == pytest.approx(100, abs=0.02)


def test_every_sheet_is_sent_as_one_ground_first_and_narrow_windows_last(client):
    names = [sheet.stem for sheet in sheets()]

    assert (names[0], names[-1]) == ("theme", "narrow")
    assert sorted(names) == sorted(sheet.stem for sheet in STYLES.glob("*.css"))
    answer = client.get("/static/pathways.css")
    assert answer.content_type == "text/css; charset=utf-8"
    places = [answer.text.index(sheet.read_text(encoding="utf-8")) for sheet in sheets()]
    assert places == sorted(places)
