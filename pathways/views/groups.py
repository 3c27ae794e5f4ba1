"""Groups of a training body: the list, one group, making and changing it, and who is in it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pathways import clock, db
from pathways.errors import Refused
from pathways.forms.groups import (
    TRAINEE_STATES,
    AddForm,
    ChosenForm,
    EntryForm,
    ExitForm,
    GroupForm,
    ProposalForm,
    as_query,
    read_filters,
)
from pathways.operations import groups as operations
from pathways.operations.declaring import Asked, Declared, declare_together
from pathways.queries import groups as queries
from pathways.queries.attendance import missing_weeks, presence
from pathways.queries.groups import GroupRow, Trainee
from pathways.queries.signals import open_signals
from pathways.sharing import naming
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import Group
from pathways.sharing.language import _, long_day, ngettext
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentences
from pathways.views.body_tabs import numbers
from pathways.views.gate import account, mandate, reader, requires
from pathways.views.undo import say_done
from pathways.workflows.dates import days

bp = Blueprint("groups", __name__)

MINE, ALL, OVER = "", "tous", "finis"
SHOWN = (Group.IDENTITY, Group.TRAINING, Group.SIGNALS)
LATELY = days(60)
"""How far back somebody who left a group still counts for its missing sheets."""


@bp.get("/groupes")
@requires(Permission.GROUP_MANAGE)
def index() -> ResponseReturnValue:
    """``?vue=``: my groups without it, ``tous`` those of the body, ``finis`` those that ended."""
    who, today = reader(), clock.today()
    with db.atomic():
        mine, every, over = queries.counts(who)
        view = request.args.get("vue", MINE if mine else ALL)
        view = view if view in {MINE, ALL, OVER} else ALL
        rows = queries.groups(who, mine=view == MINE, over=view == OVER)
        members = queries.members([each.id for each in rows], who, today - LATELY, today)
        missing = missing_weeks(members, [] if view == OVER else rows, who)
        signals = _signals([each for trainees in members.values() for each in trainees])
        without, proposals = queries.proposals(who)
        tabs = numbers(who)
    return render_template(
        "groups/index.html",
        rows=rows,
        view=view,
        sizes={MINE: mine, ALL: every, OVER: over},
        missing=missing,
        signals={each: sum(len(signals.get(of.enrolment_id, ())) for of in trainees) for each, trainees in members.items()},
        without=without,
        proposals=proposals,
        numbers=tabs,
    )


@bp.get("/groupes/<uuid:group>")
@requires(Permission.GROUP_MANAGE)
def show(group: uuid.UUID) -> ResponseReturnValue:
    who, today = reader(), clock.today()
    with db.atomic():
        found = queries.group(group, who)
        members = queries.members([found.id], who, today - LATELY, today)
        everybody = members[found.id]
        there = [each for each in everybody if each.left_on is None or each.left_on >= today]
        figures = presence(there, who)
        missing = missing_weeks(members, [found], who)[found.id]
        signals = _signals(there)
        disclose([each.person_id for each in there], "groups.show", SHOWN)
    return render_template(
        "groups/show.html",
        group=found,
        trainees=there,
        figures=figures,
        missing=missing,
        signals=signals,
        half_codes=naming.day_codes,
    )


def _signals(trainees: Sequence[Trainee]) -> dict[int, list[object]]:
    """Enrolment → the signals on it the body may see, the most serious first."""
    found: dict[int, list[object]] = {}
    for signals in open_signals(sorted({each.person_id for each in trainees}), reader()).values():
        for each in signals:
            if each.enrolment_id is not None:
                found.setdefault(each.enrolment_id, []).append(each)
    return found


@bp.route("/groupes/nouveau", methods=["GET", "POST"])
@requires(Permission.GROUP_MANAGE)
def new() -> ResponseReturnValue:
    form = GroupForm(data={"trainer": str(account().id)})
    form.offer(queries.trainers(reader()))
    if form.validate_on_submit():
        try:
            made = operations.create_group(form.described, organisation_id=mandate().organisation_id)
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            flash(_("Le groupe est créé : ajoutez-y ses stagiaires."), "success")
            return redirect(url_for(".add", group=made), code=303)
    return render_template("groups/edit.html", form=form, group=None), form.status


@bp.route("/groupes/<uuid:group>/modifier", methods=["GET", "POST"])
@requires(Permission.GROUP_MANAGE)
def edit(group: uuid.UUID) -> ResponseReturnValue:
    found = queries.group(group, reader())
    form = GroupForm(
        data={
            "name": found.name,
            "scheme": found.scheme,
            "starts_on": found.starts_on,
            "ends_on": found.ends_on,
            "trainer": str(found.trainer_id or ""),
            "place": found.place,
            "version": found.version,
        }
    )
    form.offer(queries.trainers(reader()), found.scheme)
    if form.validate_on_submit():
        version = form.version.data
        try:
            operations.change_group(
                found.id,
                form.described,
                organisation_id=mandate().organisation_id,
                version=int(version) if version and str(version).isdecimal() else None,
            )
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            flash(_("Le groupe est modifié."), "success")
            return redirect(url_for(".show", group=group), code=303)
    return render_template("groups/edit.html", form=form, group=found), form.status


@bp.post("/groupes/proposer")
@requires(Permission.GROUP_MANAGE)
def propose() -> ResponseReturnValue:
    """Makes the group a proposal speaks of, with everybody it gathers today."""
    form = ProposalForm()
    if not form.validate_on_submit() or form.starts_on.data is None:
        flash(_("Cette proposition a changé : la voici à jour."), "info")
        return redirect(url_for(".index"), code=303)
    scheme, start, end = form.scheme.data or "", form.starts_on.data, form.ends_on.data
    with db.atomic():
        members = queries.proposed(reader(), scheme, start, end)
        name = _("{scheme}, {day}").format(scheme=naming.scheme(scheme), day=long_day(start))
        described = operations.Described(name[:80], scheme, start, end, account().id)
        made = operations.create_group(described, organisation_id=mandate().organisation_id, members=members)
    said = ngettext("Le groupe est créé avec {n} stagiaire.", "Le groupe est créé avec {n} stagiaires.", len(members))
    flash(said.format(n=len(members)), "success")
    return redirect(url_for(".show", group=made), code=303)


@bp.route("/groupes/<uuid:group>/ajouter", methods=["GET", "POST"])
@requires(Permission.GROUP_MANAGE)
def add(group: uuid.UUID) -> ResponseReturnValue:
    """Trainees of the body, those of the same scheme without group first."""
    filters = read_filters(request.args)
    with db.atomic():
        found = queries.group(group, reader())
        here = queries.Filters(filters.search, filters.state, filters.group or "aucun", filters.scheme or found.scheme)
        offered = queries.trainees(reader(), here)
        disclose([each.person_id for each in offered.rows], "groups.add", [Group.IDENTITY, Group.TRAINING])
    form = AddForm()
    if form.validate_on_submit():
        chosen = queries.some_trainees(reader(), form.steps.answer)
        ids = [each.enrolment_id for each in chosen]
        number = operations.add_members(found.id, ids, organisation_id=mandate().organisation_id)
        said = ngettext("{n} stagiaire ajouté au groupe.", "{n} stagiaires ajoutés au groupe.", number)
        flash(said.format(n=number), "success")
        return redirect(url_for(".show", group=group), code=303)
    return render_template("groups/add.html", group=found, offered=offered, filters=here, form=form), form.status


@bp.post("/groupes/<uuid:group>/retirer")
@requires(Permission.GROUP_MANAGE)
def leave(group: uuid.UUID) -> ResponseReturnValue:
    form = ChosenForm()
    found = queries.group(group, reader())
    if form.validate_on_submit():
        for each in queries.some_trainees(reader(), form.steps.answer):
            operations.leave_group(found.id, each.enrolment_id, organisation_id=mandate().organisation_id)
            said = _("{name} n’est plus dans le groupe. Son étape n’a pas changé.")
            flash(said.format(name=f"{each.given_name} {each.family_name}"), "success")
    return redirect(url_for(".show", group=group), code=303)


@bp.get("/stagiaires")
@requires(Permission.GROUP_MANAGE)
def trainees() -> ResponseReturnValue:
    """Everybody the body trains, with a search and filters that live in the address."""
    filters = read_filters(request.args)
    with db.atomic():
        found = queries.trainees(reader(), filters)
        names, tabs = queries.groups(reader()), numbers(reader())
        signals = _signals(found.rows)
        disclose([each.person_id for each in found.rows], "groups.trainees", SHOWN)
    return render_template(
        "groups/trainees.html",
        found=found,
        filters=filters,
        query=as_query(filters),
        groups=names,
        signals=signals,
        states=TRAINEE_STATES,
        numbers=tabs,
        most=queries.MOST,
    )


@bp.route("/groupes/<uuid:group>/entrees", methods=["GET", "POST"])
@requires(Permission.ENTRY_RECORD)
def entries(group: uuid.UUID) -> ResponseReturnValue:
    """The real entry of those ticked, all of them unless told otherwise."""
    found, offered = _offered(group, lambda each: each.is_open and not each.is_present)
    form = EntryForm(data={"on": min(found.starts_on, clock.today()), "planned_end": found.ends_on})
    if not form.is_submitted():
        form.steps.data = request.args.getlist("stagiaire") or [str(each.step) for each in offered]
    if form.validate_on_submit():
        assert form.on.data
        end = {"planned_end": form.planned_end.data.isoformat()} if form.planned_end.data else {}
        chosen = [each for each in offered if each.step in form.steps.answer]
        asked = [Asked(each.person_id, each.enrolment_id, "entered", form.on.data, end) for each in chosen]
        done = _declare(asked)
        if done.steps:
            said = ngettext("{n} entrée déclarée.", "{n} entrées déclarées.", len(done.steps)).format(n=len(done.steps))
            say_done(said, done.entries, url_for(".show", group=group))
        if not done.refused:
            return redirect(url_for(".show", group=group), code=303)
        offered = _remaining(form, offered, done)
    return render_template("groups/entries.html", group=found, offered=offered, form=form), form.status


@bp.route("/groupes/<uuid:group>/sorties", methods=["GET", "POST"])
@requires(Permission.ENTRY_RECORD)
def exits(group: uuid.UUID) -> ResponseReturnValue:
    """How those ticked left; nobody is ticked beforehand but whom the address names."""
    found, offered = _offered(group, lambda each: each.is_present)
    form = ExitForm(data={"on": clock.today()})
    if not form.is_submitted():
        form.steps.data = request.args.getlist("stagiaire")
    if form.validate_on_submit():
        assert form.on.data
        event = form.how.data
        chosen = [each for each in offered if each.step in form.steps.answer]
        asked = [Asked(each.person_id, each.enrolment_id, event, form.on.data, form.details(event)) for each in chosen]
        done = _declare(asked)
        if done.steps:
            said = ngettext("{n} sortie déclarée.", "{n} sorties déclarées.", len(done.steps)).format(n=len(done.steps))
            say_done(said, done.entries, url_for(".show", group=group))
        if not done.refused:
            return redirect(url_for(".show", group=group), code=303)
        offered = _remaining(form, offered, done)
    return render_template("groups/exits.html", group=found, offered=offered, form=form), form.status


def _offered(group: uuid.UUID, whom: Callable[[Trainee], bool]) -> tuple[GroupRow, list[Trainee]]:
    """The group, and those of its trainees it makes sense to declare something for."""
    today = clock.today()
    with db.atomic():
        found = queries.group(group, reader())
        offered = [each for each in queries.members([found.id], reader(), today, today + days(366))[found.id] if whom(each)]
        disclose([each.person_id for each in offered], "groups.declare", [Group.IDENTITY, Group.TRAINING])
    return found, offered


def _declare(asked: Sequence[Asked]) -> Declared:
    return declare_together(asked, organisation_id=mandate().organisation_id, user_id=account().id)


def _remaining(form: ChosenForm, offered: Sequence[Trainee], done: Declared) -> list[Trainee]:
    """Those refused stay in the form, ticked, with the reasons; those recorded leave it."""
    names = {each.enrolment_id: f"{each.given_name} {each.family_name}" for each in offered}
    form.refuse(f"{names[step]} : {sentence}" for step, reasons in done.refused.items() for sentence in reason_sentences(reasons))
    form.steps.data = [str(each.step) for each in offered if each.enrolment_id in done.refused]
    return [each for each in offered if each.enrolment_id not in done.steps]
