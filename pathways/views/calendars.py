"""The calendar of a step, and of a group: read and edited where the rules use it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from flask import Blueprint, abort, render_template, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from pathways import clock, db
from pathways.errors import Refused
from pathways.forms.calendars import CalendarForm, with_what_is_not_shown
from pathways.operations.calendars import Wanted, state_calendar
from pathways.operations.declaring import Declared
from pathways.queries import calendars as queries
from pathways.queries import groups
from pathways.queries.person import identity
from pathways.queries.steps import StepRow, steps_of
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import Group
from pathways.sharing.language import N_, _, days_between, long_day, month, ngettext
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentences
from pathways.views.gate import account, mandate, reader, requires
from pathways.views.undo import say_done
from pathways.workflows.calendars import HALVES, WEEK, Calendar
from pathways.workflows.dates import days, monday_of
from pathways.workflows.schemes import SCHEMES

bp = Blueprint("calendars", __name__)

SHOWN = (Group.IDENTITY, Group.TRAINING, Group.CONTRACT)
WEEKDAYS = dict(
    zip(WEEK, (N_("Lundi"), N_("Mardi"), N_("Mercredi"), N_("Jeudi"), N_("Vendredi"), N_("Samedi"), N_("Dimanche")), strict=True)
)
IN_THE_MORNING = dict(zip(HALVES, (N_("matin"), N_("après-midi")), strict=True))


@dataclass(frozen=True, slots=True)
class Page:
    """What the page is about, between which days, and what is to be recorded on: enrolment → (person, calendar)."""

    title: str
    back: str
    here: str
    scheme: str
    first: date
    last: date | None
    year: int
    shown: queries.Shown
    steps: Mapping[int, tuple[int, Calendar]]
    for_group: bool = False
    alike: bool = True
    effect: queries.Effect | None = None

    @property
    def window(self) -> tuple[date, date]:
        """The days of the weeks on the page."""
        begins, ends = date(self.year, queries.SEPTEMBER, 1), date(self.year + 1, queries.SEPTEMBER, 1) - days(1)
        return monday_of(max(begins, self.first)), min(ends, self.last or ends)


@bp.route("/personnes/<uuid:person>/etapes/<uuid:step>/calendrier", methods=["GET", "POST"])
@requires(Permission.ENTRY_RECORD)
def of_step(person: uuid.UUID, step: uuid.UUID) -> ResponseReturnValue:
    who, today = reader(), clock.today()
    with db.atomic():
        found = identity(person, who)
        row = next((each for each in steps_of([found.id], who).get(found.id, []) if each.public_id == str(step)), None)
        if row is None or not _has_calendar(row):
            raise NotFound
        calendar, effect = queries.step_calendar(found.id, row.id, today)
        disclose([found.id], "calendars.of_step", SHOWN)
    page = Page(
        title=f"{found.given_name} {found.family_name}",
        back=url_for("person.show", person=person),
        here=url_for(".of_step", person=person, step=step),
        scheme=row.scheme,
        first=row.planned_start or row.opened_on,
        last=row.planned_end,
        year=0,
        shown=queries.shown(calendar, today),
        steps={row.id: (found.id, calendar)},
        effect=effect,
    )
    return _page(page, row.id)


@bp.route("/groupes/<uuid:group>/calendrier", methods=["GET", "POST"])
@requires(Permission.GROUP_MANAGE)
def of_group(group: uuid.UUID) -> ResponseReturnValue:
    """One statement for each trainee who is in the group; leave stays each one's own."""
    who, today = reader(), clock.today()
    with db.atomic():
        found = groups.group(group, who)
        trainees = [each for each in groups.members([found.id], who, today, today)[found.id] if each.is_open]
        known = queries.calendars({each.enrolment_id: (each.person_id, each.scheme) for each in trainees})
        calendar, alike = queries.common(list(known.values()), today)
        disclose([each.person_id for each in trainees], "calendars.of_group", SHOWN)
    page = Page(
        title=found.name,
        back=url_for("groups.show", group=group),
        here=url_for(".of_group", group=group),
        scheme=found.scheme,
        first=found.starts_on,
        last=found.ends_on,
        year=0,
        shown=queries.shown(calendar, today),
        steps={each.enrolment_id: (each.person_id, known[each.enrolment_id]) for each in trainees},
        for_group=True,
        alike=alike,
    )
    return _page(page)


def _has_calendar(row: StepRow) -> bool:
    return row.scheme in SCHEMES and "calendar_stated" in SCHEMES[row.scheme].workflow.notes


def _page(page: Page, but: int | None = None) -> ResponseReturnValue:
    years = queries.school_years(page.first, page.last)
    page = replace(page, year=_year(years))
    copied = _copied(page)
    form = _form(copied or page.shown)
    if form.is_submitted() and page.shown.alternates and not form.alternates.data:
        form.refuse([_("Pour ne plus alterner, annulez la saisie « Calendrier » dans l’historique de la personne.")])
    elif form.validate_on_submit():
        try:
            done = state_calendar(
                _wanted(form, page), page.steps, organisation_id=mandate().organisation_id, user_id=account().id
            )
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            if done.entries:
                say_done(_said(page, done, but), done.entries, page.here)
                return go(f"{page.here}?annee={page.year}", code=303)
            form.refuse(reason_sentences(reason for reasons in done.refused.values() for reason in reasons))
    with db.atomic():
        copies = queries.others(reader(), page.scheme, but)
    ticked = set(form.mondays) if form.is_submitted() else None
    return render_template(
        "calendars/edit.html",
        page=page,
        form=form,
        years=years,
        months=_by_month(queries.weeks_of(copied or page.shown, page.year, page.first, page.last)),
        ticked=ticked,
        worked=form.half_days if form.is_submitted() else (copied or page.shown).half_days,
        copies=copies,
        copied=request.args.get("copier", "") if copied else "",
        weekdays=WEEKDAYS,
        halves=IN_THE_MORNING,
        said=effect_sentence(page.effect),
        days_between=days_between,
    ), form.status


def _year(years: list[int]) -> int:
    """The school year asked for, else today's, else the nearest."""
    asked = request.args.get("annee", "")
    today = clock.today()
    wanted = int(asked) if asked.isdecimal() else (today.year if today.month >= queries.SEPTEMBER else today.year - 1)
    return min(years, key=lambda year: abs(year - wanted))


def _copied(page: Page) -> queries.Shown | None:
    """The calendar of another step, to start from; leave is not copied."""
    asked = request.args.get("copier", "")
    if not asked:
        return None
    try:
        public_id = uuid.UUID(asked)
    except ValueError:
        abort(404)
    with db.atomic():
        other = queries.other(reader(), public_id)
        if other is None:
            raise NotFound
        enrolment, person, scheme = other
        found = queries.calendars({enrolment: (person, scheme)})
        disclose([person], "calendars.copied", SHOWN)
    return replace(queries.shown(found[enrolment], clock.today()), leave=page.shown.leave)


def _form(shown: queries.Shown) -> CalendarForm:
    return CalendarForm(
        data={
            "alternates": shown.alternates,
            "closures": shown.closures,
            "leave": shown.leave,
            "part_from": clock.today(),
        }
    )


def _wanted(form: CalendarForm, page: Page) -> Wanted:
    first, last = page.window
    weeks = with_what_is_not_shown(form.mondays, page.shown.cfa_weeks, first, last)
    return Wanted(
        since=page.first,
        cfa_weeks=weeks if form.alternates.data else None,
        closures=form.closed_days(),
        leave=None if page.for_group else form.days_of_leave(),
        half_days=form.half_days or None,
        part_from=form.part_from.data or clock.today(),
        part_until=form.part_until.data,
    )


def _said(page: Page, done: Declared, but: int | None) -> str:
    """What was recorded, and what it changes."""
    if page.for_group:
        said = ngettext(
            "Calendrier enregistré pour {n} stagiaire.", "Calendrier enregistré pour {n} stagiaires.", len(done.steps)
        ).format(n=len(done.steps))
        if done.refused:
            left = len(done.refused)
            said += " " + ngettext("{n} étape ne l’accepte pas.", "{n} étapes ne l’acceptent pas.", left).format(n=left)
        return said
    ((person, _calendar),) = page.steps.values()
    with db.atomic():
        _now, effect = queries.step_calendar(person, but or 0, clock.today())
    return f"{_('Calendrier enregistré.')} {effect_sentence(effect)}".strip()


def effect_sentence(effect: queries.Effect | None) -> str:
    """« Période d’essai : 45 jours en entreprise atteints le 3 décembre 2026. »"""
    if effect is None or not effect.applies:
        return ""
    if effect.reached is None:
        return _("Période d’essai : le 45e jour en entreprise ne se compte pas encore, toutes les semaines ne sont pas connues.")
    return _("Période d’essai : 45 jours en entreprise atteints le {day}.").format(day=long_day(effect.reached))


def _by_month(weeks: list[queries.Week]) -> list[tuple[str, list[queries.Week]]]:
    """The weeks by the month of their Monday."""
    found: dict[str, list[queries.Week]] = {}
    for week in weeks:
        found.setdefault(month(week.monday), []).append(week)
    return list(found.items())
