"""A week's attendance of a group, in one grid."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pathways import clock, db
from pathways.errors import Reason
from pathways.forms.attendance import WeekForm, choices, read_week, typed
from pathways.operations.attendance import Recorded, Typed, record_week
from pathways.queries import groups as queries
from pathways.queries.attendance import CLOSED, COMPANY, HOLIDAY, OUTSIDE, Grid, GridRow, grid, missing_weeks
from pathways.queries.groups import GroupRow
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import Group
from pathways.sharing.language import N_, _, ngettext, week_day
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentences
from pathways.views.gate import account, mandate, reader, requires
from pathways.views.undo import say_done
from pathways.workflows.attendance import ABSENCE_REASONS
from pathways.workflows.dates import days
from pathways.workflows.week import HALVES

bp = Blueprint("attendance", __name__, url_prefix="/groupes/<uuid:group>/presence")

WEEK = 7

OFF = {
    OUTSIDE: N_("Hors des dates de l’étape"),
    HOLIDAY: N_("Jour férié"),
    CLOSED: N_("Fermeture, congé ou jour non travaillé"),
    COMPANY: N_("En entreprise"),
}
"""Why a half-day is greyed."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the grid as the page shows it: what stands in its cells, what stood in them, and what needs a word."""

    row: GridRow
    values: tuple[str, ...]
    moved: tuple[int, ...] = ()
    """Places somebody else changed since the grid was shown."""
    refused: tuple[Reason, ...] = ()

    @property
    def contested(self) -> tuple[int, ...]:
        """Those of them where something else was typed meanwhile: somebody has to choose."""
        return tuple(place for place in self.moved if self.values[place] != self.row.cells[place])


@bp.route("", methods=["GET", "POST"])
@requires(Permission.GROUP_MANAGE)
def week(group: uuid.UUID) -> ResponseReturnValue:
    """``?semaine=`` names a day of the week shown, this week without it; ``?weekend=1`` shows its Saturday and Sunday too."""
    monday = read_week(request.args.get("semaine", ""), clock.today())
    found, shown = _read(group, monday)
    form = WeekForm()
    lines = [Line(row, row.cells) for row in shown.rows]
    if form.validate_on_submit():
        asked = typed(shown, request.form)
        done = record_week(asked, monday, organisation_id=mandate().organisation_id, user_id=account().id)
        here = url_for(".week", group=group, semaine=monday)
        _say(done, here)
        if not done.meanwhile and not done.declared.refused:
            return redirect(here, code=303)
        found, shown = _read(group, monday)
        lines = _again(shown, asked, done)
        form.refuse(_sentences(done, shown))
    return _page(found, shown, lines, form), form.status


def _read(group: uuid.UUID, monday: date) -> tuple[GroupRow, Grid]:
    """The group and its week: reading it is logged, since it shows names."""
    with db.atomic():
        found = queries.group(group, reader())
        trainees = queries.members([found.id], reader(), monday, monday + days(6))[found.id]
        shown = grid(trainees, monday, reader())
        disclose([each.person_id for each in trainees], "attendance.week", [Group.IDENTITY, Group.TRAINING])
    return found, shown


def _page(found: GroupRow, shown: Grid, lines: Sequence[Line], form: WeekForm) -> str:
    with db.atomic():
        trainees = queries.members([found.id], reader(), clock.today() - days(60), clock.today())
        missing = missing_weeks(trainees, [found], reader())[found.id]
    return render_template(
        "attendance/week.html",
        group=found,
        grid=shown,
        days=_days(shown),
        lines=lines,
        form=form,
        choices=choices(),
        names=_half_days(shown.monday),
        brief=[" ".join((name.split(" ")[0], name.split(" ")[-1])) for name in _half_days(shown.monday)],
        reasons={code: _(label) for code, label in OFF.items()},
        absence_reasons=ABSENCE_REASONS,
        missing=missing,
        before=shown.monday - days(7),
        after=shown.monday + days(7),
    )


def _days(shown: Grid) -> list[date]:
    """The columns: the week-end is there once somebody has a code on it, or when it is asked for."""
    if request.args.get("weekend") == "1":
        return [shown.monday + days(n) for n in range(WEEK)]
    return shown.days


def _half_days(monday: date) -> list[str]:
    """« lundi 2 mars 2026 matin », for each half-day of the week."""
    halves = (_("matin"), _("après-midi"))
    return [f"{week_day(monday + days(place // 2))} {halves[place % 2]}" for place in range(HALVES)]


def _say(done: Recorded, here: str) -> None:
    recorded = len(done.declared.steps)
    if recorded:
        said = ngettext("Feuille enregistrée pour {n} stagiaire.", "Feuille enregistrée pour {n} stagiaires.", recorded)
        say_done(said.format(n=recorded), done.declared.entries, here)
    elif not done.meanwhile and not done.declared.refused:
        flash(_("Rien n’a changé : il n’y avait rien à enregistrer."), "info")


def _again(shown: Grid, asked: Sequence[Typed], done: Recorded) -> list[Line]:
    """The grid after a refusal: what was typed and not recorded stays in its cells, beside what others recorded meanwhile."""
    by_step = {each.enrolment_id: each for each in asked}
    lines = []
    for row in shown.rows:
        each = by_step.get(row.trainee.enrolment_id)
        moved = done.meanwhile.get(row.trainee.enrolment_id, ())
        refused = done.declared.refused.get(row.trainee.enrolment_id, ())
        if each is None or not (moved or refused):
            lines.append(Line(row, row.cells))
            continue
        mine = zip(each.wanted, each.shown, row.cells, strict=True)
        values = tuple(wanted if wanted != was else now for wanted, was, now in mine)
        lines.append(Line(row, values, moved, refused))
    return lines


def _sentences(done: Recorded, shown: Grid) -> list[str]:
    names = {row.trainee.enrolment_id: f"{row.trainee.given_name} {row.trainee.family_name}" for row in shown.rows}
    said = [
        _("{name} : quelqu’un a rempli cette feuille entre-temps. Vos changements sont gardés ci-dessous : "
          "vérifiez les cases marquées, puis enregistrez de nouveau.").format(name=names.get(step, ""))
        for step in done.meanwhile
    ]  # fmt: skip
    for step, reasons in done.declared.refused.items():
        said += [f"{names.get(step, '')} : {sentence}" for sentence in reason_sentences(reasons)]
    return said
