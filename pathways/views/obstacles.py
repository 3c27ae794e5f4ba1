"""Obstacles: noting one, noting what is done about it, and saying that it is lifted."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pathways import clock, db
from pathways.errors import Refused
from pathways.forms.base import BaseForm
from pathways.forms.obstacles import ActionForm, ObstacleForm
from pathways.operations.recording import record_event
from pathways.queries.attendants import own_open_steps
from pathways.queries.obstacles import ObstacleRow, obstacles_of, themes_open
from pathways.queries.person import Identity, identity
from pathways.queries.steps import StepRow, steps_of
from pathways.sharing import naming
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import Group
from pathways.sharing.language import _
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentences
from pathways.views.gate import account, mandate, reader, requires
from pathways.views.undo import say_done
from pathways.workflows.events import EVENTS
from pathways.workflows.obstacle_codes import HEALTH, THEMES
from pathways.workflows.schemes import SCHEMES

bp = Blueprint("obstacles", __name__, url_prefix="/personnes/<uuid:person>/freins")
bp.add_app_template_global(lambda: mandate().kind in EVENTS["obstacle"].by, "may_note_obstacles")


@dataclass(frozen=True, slots=True)
class Subject:
    """Who it is about, the steps it may be noted on, and what is known already."""

    who: Identity
    steps: list[StepRow]
    rows: list[ObstacleRow]

    @property
    def offered(self) -> list[tuple[str, str]]:
        return [(step.public_id, f"{naming.scheme(step.scheme)} · {step.organisation}") for step in self.steps]


@bp.route("/nouveau", methods=["GET", "POST"])
@requires(Permission.ENTRY_RECORD)
def declare(person: uuid.UUID) -> ResponseReturnValue:
    about, form = _subject(person, "obstacle"), ObstacleForm()
    form.offer(about.offered)
    if about.steps and form.validate_on_submit():
        answer = _recorded(about, "obstacle", form.details, form, form.step.data, form.day.data)
        if answer is not None:
            return answer
    page = render_template("obstacles/declare.html", person=about.who, about=about, form=form, protected=HEALTH)
    return page, form.status


@bp.route("/<theme>/action", methods=["GET", "POST"])
@requires(Permission.ENTRY_RECORD)
def act(person: uuid.UUID, theme: str) -> ResponseReturnValue:
    about, form = _subject(person, "obstacle_action", theme), ActionForm()
    form.offer(about.offered)
    form.about(theme)
    if about.steps and form.validate_on_submit():
        answer = _recorded(about, "obstacle_action", form.details(theme), form, form.step.data, form.day.data)
        if answer is not None:
            return answer
    row = next(each for each in about.rows if each.theme == theme and each.is_open)
    return render_template("obstacles/act.html", person=about.who, about=about, form=form, row=row), form.status


@bp.post("/<theme>/lever")
@requires(Permission.ENTRY_RECORD)
def lift(person: uuid.UUID, theme: str) -> ResponseReturnValue:
    """One button: the obstacle is no longer one."""
    about, form = _subject(person, "obstacle_lifted", theme), BaseForm()
    if not form.validate() or not about.steps:
        abort(400)
    answer = _recorded(about, "obstacle_lifted", {"theme": theme}, form, about.steps[0].public_id, None)
    if answer is None:
        flash(" ".join(form.refusals), "info")
        return redirect(_back(about), code=303)
    return answer


def _subject(person: uuid.UUID, event: str, theme: str | None = None) -> Subject:
    """404 for a theme that is not one of the person's open obstacles, as far as the reader may read."""
    who = reader()
    with db.atomic():
        found = identity(person, who)
        steps = steps_of([found.id], who).get(found.id, [])
        rows = obstacles_of(found.id, steps, who, found.bond)
        disclose([found.id], "obstacles.declare", [Group.IDENTITY, Group.SOCIAL])
    if mandate().kind not in EVENTS[event].by:
        abort(403)
    if theme is not None and theme not in themes_open(rows):
        abort(404)
    own = [step for step in own_open_steps(steps, who) if event in SCHEMES[step.scheme].workflow.events]
    return Subject(found, own, rows)


def _recorded(
    about: Subject, event: str, data: Mapping[str, Any], form: BaseForm, step: str, on: date | None
) -> ResponseReturnValue | None:
    """Back to the person once recorded; None when refused, with the reasons on the form."""
    enrolment = next(each.id for each in about.steps if each.public_id == step)
    try:
        with db.atomic():
            entry = record_event(
                person_id=about.who.id,
                type=event,
                occurred_on=on or clock.today(),
                data=data,
                enrolment_id=enrolment,
                user_id=account().id,
                organisation_id=mandate().organisation_id,
            )
    except Refused as refusal:
        form.refuse(reason_sentences(refusal.reasons))
        return None
    said = _("« {event} » est enregistré : {theme}.")
    say_done(said.format(event=naming.event(event), theme=_(THEMES[data["theme"]]).lower()), [entry], _back(about))
    return redirect(_back(about), code=303)


def _back(about: Subject) -> str:
    return url_for("person.show", person=about.who.public_id) + "#freins"
