"""Flagging a difficulty, and seeing what became of it."""

from __future__ import annotations

import uuid

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pathways import db
from pathways.errors import Refused
from pathways.forms.flags import LEVELS, FlagForm
from pathways.operations.flags import raise_flag
from pathways.queries import flags as queries
from pathways.queries.groups import Trainee, trainee
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import Group
from pathways.sharing.language import N_, _
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentences
from pathways.views.body_tabs import numbers
from pathways.views.gate import account, mandate, reader, requires
from pathways.views.undo import say_done

bp = Blueprint("flags", __name__, url_prefix="/signalements")

ALL = "tous"
STAGES = {
    "received": N_("Reçu"), "read": N_("Lu"), "taken": N_("Pris en charge"), "acting": N_("En action"), "closed": N_("Clos"),
}  # fmt: skip
"""How far the organisation asked has come, in its order."""


@bp.get("")
@requires(Permission.GROUP_MANAGE)
def index() -> ResponseReturnValue:
    """``?vue=tous`` shows those of the whole body; mine without it."""
    with db.atomic():
        mine, every = queries.counts(reader())
        view = ALL if request.args.get("vue", "" if mine else ALL) == ALL else ""
        rows, tabs = queries.flags(reader(), mine=view != ALL), numbers(reader())
        disclose([each.person_id for each in rows], queries.PAGE, [Group.IDENTITY, Group.SIGNALS])
    return render_template(
        "flags/index.html", rows=rows, view=view, mine=mine, every=every, levels=LEVELS, most=queries.MOST, numbers=tabs,
        stages=STAGES,
    )  # fmt: skip


@bp.route("/nouveau/<uuid:step>", methods=["GET", "POST"])
@requires(Permission.ENTRY_RECORD)
def new(step: uuid.UUID) -> ResponseReturnValue:
    with db.atomic():
        found = trainee(reader(), step)
        told = queries.told(found.person_id, reader())
        disclose([found.person_id], "flags.new", [Group.IDENTITY, Group.SIGNALS])
    form = FlagForm()
    if form.validate_on_submit():
        try:
            entry = raise_flag(
                found.person_id,
                found.enrolment_id,
                dimension=form.dimension.data,
                level=int(form.level.data),
                themes=form.themes.data or (),
                note=(form.note.data or "").strip() or None,
                organisation_id=mandate().organisation_id,
                user_id=account().id,
            )
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            say_done(_said(found, told), [entry], _back(found))
            return redirect(_back(found), code=303)
    return render_template("flags/new.html", trainee=found, told=told, form=form, back=_back(found)), form.status


def _said(found: Trainee, told: queries.Told | None) -> str:
    name = f"{found.given_name} {found.family_name}"
    if told is None:
        return _("La difficulté de {name} est signalée. Personne d’autre ne l’accompagne pour l’instant.").format(name=name)
    who = f"{told.name} ({told.organisation})" if told.name else told.organisation
    return _("La difficulté de {name} est signalée à {who}.").format(name=name, who=who)


def _back(found: Trainee) -> str:
    """The group of the trainee, else their record."""
    if found.group_public_id is not None:
        return url_for("groups.show", group=found.group_public_id)
    return url_for("person.show", person=found.public_id)
