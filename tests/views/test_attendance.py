"""The week's grid as a page without script sends it: one select a half-day, and what was shown beside it."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from pathways.models import JournalEntry
from tests.school import School, monday, plain
from tests.views.conftest import token

EMPTY, FULL = ["-"] * 14, ["P"] * 10 + ["-"] * 4


@pytest.fixture
def school(client, frozen_clock):
    return School()


@pytest.fixture
def grid(school, sign_in):
    """The grid of last week, opened and sent by the trainer."""

    class Page:
        def __init__(self):
            self.client = sign_in(school.trainer)

        def open(self, group, first=None):
            self.url = f"/groupes/{group.public_id}/presence?semaine={first or monday(1)}"
            self.page = self.client.get(self.url)
            assert self.page.status_code == 200, plain(self.page)
            return plain(self.page)

        def send(self, *weeks, shown=None):
            fields = {"csrf_token": token(self.page)}
            for pupil, cells in weeks:
                step = pupil.step.public_id
                was = re.search(f'name="was_{step}" value="([^"]+)"', plain(self.page))
                fields[f"was_{step}"] = " ".join(shown or was.group(1).split())
                fields |= {f"c_{step}_{place}": cell for place, cell in enumerate(cells)}
            return self.client.post(self.url, data=fields)

    return Page()


def recorded(session):
    rows = session.scalars(sa.select(JournalEntry).where(JournalEntry.type == "attendance").order_by(JournalEntry.id))
    return [row.payload["halves"] for row in rows]


def test_a_week_is_recorded_for_the_whole_group_and_shown_again(school, grid, session):
    lea, tom = school.pupil("Léa"), school.pupil("Tom")
    grid.open(school.group(lea, tom))

    answer = grid.send((lea, FULL), (tom, [*FULL[:9], "J.maladie", *FULL[10:]]))

    assert answer.status_code == 303
    assert sorted(recorded(session)) == ["PPPPPPPPPJ", "PPPPPPPPPP"]
    again = plain(grid.client.get(answer.location))
    assert "Feuille enregistrée pour 2 stagiaires." in again
    assert 'value="J.maladie" selected' in again


def test_saving_an_unchanged_week_records_nothing(school, grid, session):
    lea = school.pupil("Léa")
    grid.open(school.group(lea))

    grid.send((lea, EMPTY))

    assert recorded(session) == []
    assert "il n’y avait rien à enregistrer" in plain(grid.client.get(grid.url))


def test_the_second_of_two_savers_keeps_what_was_typed_and_sees_what_changed(school, grid, session):
    lea, tom = school.pupil("Léa", family_name="Diallo"), school.pupil("Tom")
    grid.open(school.group(lea, tom))
    grid.send((lea, ["U", *EMPTY[1:]]))

    answer = grid.send((lea, ["P", "P", *EMPTY[2:]]), (tom, FULL), shown=EMPTY)

    assert answer.status_code == 422
    assert "Léa Diallo : quelqu’un a rempli cette feuille entre-temps" in plain(answer)
    assert "Enregistré entre-temps : lundi matin « Absent sans justificatif »" in plain(answer)
    assert recorded(session) == ["U-", "PPPPPPPPPP"]
    cells = re.findall(rf'name="c_{lea.step.public_id}_\d+".*?</select>', plain(answer), re.DOTALL)
    assert [re.search(r'value="([^"]+)" selected', cell).group(1) for cell in cells[:2]] == ["P", "P"]

    grid.page = answer
    assert grid.send((lea, ["P", "P", *EMPTY[2:]])).status_code == 303
    assert recorded(session)[-1] == "PP"


def test_a_day_to_come_keeps_no_presence(school, grid, session):
    lea = school.pupil("Léa")
    grid.open(school.group(lea), monday(0))

    answer = grid.send((lea, FULL))

    assert answer.status_code == 422
    assert "laissez vides les jours à venir" in plain(answer)
    assert recorded(session) == []


def test_a_made_up_code_changes_nothing(school, grid, session):
    lea = school.pupil("Léa")
    grid.open(school.group(lea))

    grid.send((lea, ["X", "<b>", *EMPTY[2:]]))

    assert recorded(session) == []


def test_bank_holidays_and_days_outside_the_step_are_greyed_and_say_why(school, grid, frozen_clock, sign_in):
    frozen_clock.move_to(frozen_clock.today.replace(month=5, day=14))
    sign_in(school.trainer)  # the session of the day before is over
    lea = school.pupil("Léa", since=2)  # entered on Tuesday; Thursday 14 May 2026 is Ascension
    text = grid.open(school.group(lea, since=2), monday(0))

    cells = re.findall(r'data-place="(\d+)" class="([^"]*)"(?: title="([^"]*)")?', text)
    off = {int(place): why for place, names, why in cells if "grid-off" in names}

    assert off == {
        0: "Hors des dates de l’étape", 1: "Hors des dates de l’étape", 6: "Jour férié", 7: "Jour férié",
    }  # fmt: skip


def test_the_weekend_shows_once_it_was_used(school, grid):
    lea = school.pupil("Léa")
    group = school.group(lea)
    assert "Samedi" not in grid.open(group)

    school.tell(lea, "attendance", 1, {"from": monday(1).isoformat(), "halves": "----------PP"})

    assert "Samedi" in grid.open(group)


def test_the_week_before_is_at_hand_to_be_copied(school, grid):
    lea = school.pupil("Léa")
    school.tell(lea, "attendance", 1, {"from": monday(2).isoformat(), "halves": "PPCC"})

    assert 'data-last="P P C C - - - - - - - - - -"' in grid.open(school.group(lea))


def test_the_week_end_is_shown_when_it_is_asked_for(school, grid, sign_in):
    group = school.group(school.pupil("Léa"))
    usual = grid.open(group)
    asked = plain(grid.client.get(f"{grid.url}&weekend=1"))

    assert "Ajouter le week-end" in usual
    assert "Samedi" not in usual
    assert "Samedi" in asked
    assert "Dimanche" in asked
    assert "Ajouter le week-end" not in asked
