"""Drawing the territories: a list of territories, and the row of that list each EPCI belongs to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import InputRequired, Length

from pathways import clock
from pathways.forms.base import BaseForm, Day
from pathways.operations.territories import LONGEST_REASON, Drawing
from pathways.sharing.territories import Composition, Drawn
from pathways.workflows.reference import places

MORE = "more"
"""The act of the button that adds rows and saves nothing."""
BLANKS = 3
MOST_ROWS = 60
_ROW = re.compile(r"code-([0-9]{1,3})")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list of territories. ``n`` stands for it in the choice of each EPCI, whatever it is called meanwhile."""

    n: int
    code: str = ""
    name: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.code or self.name)


@dataclass(frozen=True, slots=True)
class Grid:
    """The list of territories, and for each EPCI the numbers of its rows (one, if all is well)."""

    rows: tuple[Row, ...]
    placed: Mapping[str, tuple[int, ...]]

    @classmethod
    def of(cls, composition: Composition | None) -> Grid:
        """What holds, to start from."""
        territories = composition.territories if composition else ()
        rows = tuple(Row(n, each.code, each.name) for n, each in enumerate(territories, 1))
        return cls(rows, {epci: (n,) for n, each in enumerate(territories, 1) for epci in each.epcis})

    @classmethod
    def typed(cls, form: MultiDict[str, str]) -> Grid:
        """What was sent. A number that is no row's is no choice."""
        numbers = sorted({int(found[1]) for found in map(_ROW.fullmatch, form) if found})[:MOST_ROWS]
        rows = tuple(Row(n, form.get(f"code-{n}", "").strip(), form.get(f"name-{n}", "").strip()) for n in numbers)
        known = {str(row.n) for row in rows}
        chosen = {
            epci: tuple(int(n) for n in dict.fromkeys(form.getlist(f"epci-{epci}")) if n in known) for epci in places.epcis()
        }
        return cls(rows, chosen)

    def with_blanks(self, count: int = BLANKS) -> Grid:
        """Room for new territories at the end of the list."""
        used = tuple(row for row in self.rows if not row.is_blank)
        last = max((row.n for row in self.rows), default=0)
        return replace(self, rows=(*used, *(Row(last + more) for more in range(1, count + 1))))

    @property
    def named(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if not row.is_blank)

    @property
    def drawn(self) -> tuple[Drawn, ...]:
        """The territories as the operation reads them: a row that was emptied is none."""
        return tuple(
            Drawn(row.code, row.name, tuple(epci for epci, numbers in self.placed.items() if row.n in numbers))
            for row in self.named
        )


class ZoningForm(BaseForm):
    """From which day, why, and whether the past is meant. The list itself is a ``Grid``."""

    valid_from = Day("À partir du", validators=[InputRequired("Indiquez un jour.")], default=clock.today)
    correcting = BooleanField("Corriger le passé : ce découpage s’appliquait déjà ce jour-là")
    reason = StringField(
        "Pourquoi ce changement",
        validators=[Length(max=LONGEST_REASON)],
        render_kw={"autocomplete": "off", "maxlength": LONGEST_REASON},
    )
    seen = HiddenField()

    @property
    def begins(self) -> date:
        """The day asked for, once the form is valid."""
        assert self.valid_from.data is not None
        return self.valid_from.data

    def drawing(self, grid: Grid, seen: Composition | None) -> Drawing:
        """What is asked for. ``seen``: the zoning named by the page, if it still exists."""
        return Drawing(
            grid.drawn, self.begins, self.reason.data or "", bool(self.correcting.data), seen.public_id if seen else None
        )


class WithdrawForm(BaseForm):
    """Only a token: taking a zoning back changes something."""
