"""Members of one's organisation and their roles. No record of a person is opened here."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from pathways import db
from pathways.errors import Refused
from pathways.forms.members import (
    LATER,
    LONGEST_SEARCH,
    EndRoleForm,
    GiveRoleForm,
    InvitationForm,
    KeepRoleForm,
)
from pathways.forms.second_factor import ResetForm
from pathways.models import Role
from pathways.operations import members as operations
from pathways.operations.second_factor import reset
from pathways.queries import members as queries
from pathways.queries import second_factor
from pathways.queries.members import FORMER, PRESENT, HeldRole, Member
from pathways.sharing.language import _, moment, said_day
from pathways.sharing.naming import ROLES
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentences
from pathways.sharing.roles import OPENS_RECORDS, roles_for
from pathways.views.gate import account, mandate, requires

bp = Blueprint("members", __name__, url_prefix="/membres")


@bp.get("/")
@requires(Permission.ACCOUNT_ADMINISTER)
def index() -> ResponseReturnValue:
    which = FORMER if request.args.get("anciens") else PRESENT
    search = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    with db.atomic():
        page = queries.members(mandate().organisation_id, search=search, which=which)
        waiting = queries.waiting_invitations(mandate().organisation_id)
    return render_template(
        "members/index.html",
        page=page,
        which=which,
        search=search,
        waiting=waiting,
        form=InvitationForm(formdata=None),
        opens_records=OPENS_RECORDS,
    )


@bp.get("/<uuid:member>")
@requires(Permission.ACCOUNT_ADMINISTER)
def show(member: uuid.UUID) -> ResponseReturnValue:
    with db.atomic():
        found = _member(member)
        owned = queries.owned(found.id, mandate().organisation_id)
        factor = second_factor.state(found.id)
    return render_template(
        "members/show.html",
        member=found,
        owned=owned,
        factor=factor,
        form=KeepRoleForm(formdata=None),
        opens_records=OPENS_RECORDS,
        oneself=found.id == account().id,
        moment=moment,
    )


@bp.route("/<uuid:member>/double-authentification", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_ADMINISTER)
def reset_second_factor(member: uuid.UUID) -> ResponseReturnValue:
    """Asked before it is done: it weakens somebody's account, and closes their sessions."""
    with db.atomic():
        found = _member(member)
        factor = second_factor.state(found.id)
    form = ResetForm()
    if form.validate_on_submit():
        try:
            reset(member, organisation_id=mandate().organisation_id, by=account().id)
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            said = _("La double authentification de {name} est réinitialisée, et ses sessions sont fermées.")
            flash(said.format(name=found.name), "success")
            return redirect(url_for(".show", member=member), code=303)
    return render_template("members/reset_second_factor.html", member=found, factor=factor, form=form), form.status


@bp.route("/<uuid:member>/roles", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_ADMINISTER)
def give(member: uuid.UUID) -> ResponseReturnValue:
    with db.atomic():
        found = _member(member)
    form = GiveRoleForm()
    form.offer(_to_give(found))
    if form.validate_on_submit():
        role = Role(form.role.data)
        try:
            operations.give_role(
                member, role, from_day=form.begins, organisation_id=mandate().organisation_id, by=account().id
            )
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            said = _("Le rôle « {role} » est donné à {name} à partir du {day}.")
            flash(said.format(role=_(ROLES[role]), name=found.name, day=said_day(form.begins)), "success")
            return redirect(url_for(".show", member=member), code=303)
    return render_template("members/give.html", member=found, form=form, oneself=found.id == account().id), form.status


@bp.route("/<uuid:member>/roles/<role>/fin", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_ADMINISTER)
def end(member: uuid.UUID, role: str) -> ResponseReturnValue:
    with db.atomic():
        found, held = _held(member, role)
        owned = queries.owned(found.id, mandate().organisation_id)
    form = EndRoleForm()
    if form.validate_on_submit():
        last_day = form.last_day.data if form.when.data == LATER else None
        try:
            ended = operations.end_role(member, held.role, last_day=last_day, organisation_id=mandate().organisation_id)
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            later, now = _("Le rôle « {role} » de {name} prend fin après le {day}."), _("{name} n’a plus le rôle « {role} ».")
            said = later if last_day else now
            flash(said.format(role=_(ROLES[held.role]), name=found.name, day=said_day(ended)), "success")
            if found.id == account().id:  # one's own right to see this page may just have gone
                return redirect(url_for("caseload.home"), code=303)
            return redirect(url_for(".show", member=member), code=303)
    is_last = len(found.present_roles) == 1
    page = render_template("members/end.html", member=found, held=held, owned=owned, is_last=is_last, form=form)
    return page, form.status


@bp.post("/<uuid:member>/roles/<role>/garder")
@requires(Permission.ACCOUNT_ADMINISTER)
def keep(member: uuid.UUID, role: str) -> ResponseReturnValue:
    with db.atomic():
        found, held = _held(member, role)
    if KeepRoleForm().validate_on_submit():
        operations.keep_role(member, held.role, organisation_id=mandate().organisation_id)
        said = _("Le rôle « {role} » de {name} continue, sans date de fin.")
        flash(said.format(role=_(ROLES[held.role]), name=found.name), "success")
    return redirect(url_for(".show", member=member), code=303)


def _member(public_id: uuid.UUID) -> Member:
    found = queries.member(public_id, mandate().organisation_id)
    if found is None:
        raise NotFound
    return found


def _held(public_id: uuid.UUID, role: str) -> tuple[Member, HeldRole]:
    """A member and the role of theirs that holds, or will."""
    found = _member(public_id)
    held = next((each for each in reversed(found.roles) if each.role == role and each.goes_on), None)
    if held is None:
        raise NotFound
    return found, held


def _to_give(found: Member) -> list[Role]:
    """The roles of this kind of organisation that the member does not have for good."""
    kept = {held.role for held in found.roles if held.ended_on is None}
    return [role for role in roles_for(mandate().kind) if role not in kept]
