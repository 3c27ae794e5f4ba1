"""A group's week as it comes from the page: fourteen cells a trainee, as they were shown and as they are wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from wtforms import HiddenField

from pathways.forms.base import BaseForm
from pathways.operations.attendance import Typed
from pathways.queries.attendance import Grid, GridRow
from pathways.sharing.language import _
from pathways.workflows.attendance import ABSENCE_REASONS, BLANK, CODES, JUSTIFIED
from pathways.workflows.dates import monday_of
from pathways.workflows.week import CELLS, HALVES

SEPARATOR = " "


class WeekForm(BaseForm):
    """Only a token and the week: the cells are read by ``typed``, one input each."""

    week = HiddenField()


def choices() -> list[tuple[str, str]]:
    """Everything a cell may say, for the selects of the page without script."""
    plain = [(code, "–" if code == BLANK else _(label)) for code, label in CODES.items()]
    excused = [(f"{JUSTIFIED}.{reason}", _("Excusé : {reason}").format(reason=_(label).lower())) for reason, label in _reasons()]
    at = next(place for place, (code, _label) in enumerate(plain) if code == JUSTIFIED) + 1
    return [plain[-1], *plain[:at], *excused, *plain[at:-1]]


def _reasons() -> list[tuple[str, str]]:
    return list(ABSENCE_REASONS.items())


def typed(grid: Grid, form: Mapping[str, str]) -> list[Typed]:
    """What was sent for the trainees of the grid; a cell that was not sent, or made up, stays as it was shown."""
    return [_row(row, form) for row in grid.rows]


def _row(row: GridRow, form: Mapping[str, str]) -> Typed:
    trainee = row.trainee
    shown = _cells(form.get(f"was_{trainee.step}", "").split(SEPARATOR), row.cells)
    wanted = _cells([form.get(f"c_{trainee.step}_{place}", "") for place in range(HALVES)], shown)
    return Typed(trainee.person_id, trainee.enrolment_id, trainee.scheme, shown, wanted)


def _cells(sent: Sequence[str], otherwise: Sequence[str]) -> tuple[str, ...]:
    if len(sent) != HALVES:
        return tuple(otherwise)
    return tuple(cell if cell in CELLS else known for cell, known in zip(sent, otherwise, strict=True))


def read_week(text: str, today: date) -> date:
    """The Monday of the week an address asks for; of this one when it asks for none."""
    try:
        return monday_of(date.fromisoformat(text))
    except ValueError:
        return monday_of(today)
