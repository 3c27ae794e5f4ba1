"""The team of a chief: whose alerts, by when; giving them, or persons, to somebody else; what is missing around it."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pathways import db
from pathways.detection.rule import Family
from pathways.errors import Refused
from pathways.forms.steering import (
    ReassignForm,
    ReferentForm,
    as_address,
    read_alert_filters,
    read_kind,
)
from pathways.operations import reassigning
from pathways.queries import owed, steering
from pathways.queries.incidents import mentioned, mentions
from pathways.queries.silent_feeds import silent_feeds
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import Group
from pathways.sharing.language import N_, _, ngettext
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentences
from pathways.views.gate import account, mandate, reader, requires
from pathways.views.undo import say_handed
from pathways.workflows.schemes import SCHEMES

bp = Blueprint("steering", __name__, url_prefix="/equipe")

SHOWN = (Group.IDENTITY, Group.ADMINISTRATIVE, Group.SIGNALS)
LATE_FIRST = 8
KINDS = {
    owed.ENDS: N_("Fins non déclarées"),
    owed.SHEETS: N_("Feuilles de présence manquantes"),
    owed.POSITIONS: N_("Positionnements sans réponse"),
    owed.APPOINTMENTS: N_("Rendez-vous passés sans suite notée"),
    owed.FOLLOWUPS: N_("Suivis après la sortie à faire"),
}
DUE = {steering.LATE: N_("En retard"), steering.WEEK: N_("Cette semaine"), steering.LATER: N_("Plus tard")}


@bp.get("")
@requires(Permission.TEAM_STEER)
def board() -> ResponseReturnValue:
    who = reader()
    with db.atomic():
        counts = steering.board(who)
        late = steering.steered_alerts(who, steering.AlertFilters(due=steering.LATE), LATE_FIRST)
        missing = owed.numbers(owed.everything(who))
        told = mentions(mentioned(row.signal for row in late.rows), who)
        disclose([row.person_id for row in late.rows], "steering.board", SHOWN)
    shown = {"board": counts, "late": late, "missing": missing, "told_incidents": told}
    return render_template("steering/board.html", kinds=KINDS, due=DUE, **shown)


@bp.route("/alertes", methods=["GET", "POST"])
@requires(Permission.TEAM_STEER)
def alerts() -> ResponseReturnValue:
    """The list a number opens. Sent back, it gives what was ticked, or all of the filter, to somebody else."""
    who, filters = reader(), read_alert_filters(request.args)
    with db.atomic():
        page = steering.steered_alerts(who, filters)
        told = mentions(mentioned(row.signal for row in page.rows), who)
        team = steering.board(who).mates
        disclose([row.person_id for row in page.rows], "steering.alerts", SHOWN)
    form = ReassignForm()
    form.offer([mate for mate in team if mate.member], nobody=True)
    if form.validate_on_submit() and _reassigned(form, filters):
        return redirect(url_for(".alerts", **_address(filters)), code=303)
    shown = {"page": page, "team": team, "filters": filters, "query": as_address(filters), "told_incidents": told}
    return _list("steering/alerts.html", form, **shown), form.status


def _reassigned(form: ReassignForm, filters: steering.AlertFilters) -> bool:
    asked = _all_of(form, filters) if form.all.data else form.asked
    if form.refusals:
        return False
    if not asked:
        form.refuse([_("Cochez au moins une alerte.")])
        return False
    try:
        handed = reassigning.reassign_alerts(asked, to_user_id=form.to, reason=form.reason.data, **_by())
    except Refused as refusal:
        form.refuse(reason_sentences(refusal.reasons))
        return False
    said = ngettext("{n} alerte a changé de mains.", "{n} alertes ont changé de mains.", handed.done)
    _say(handed, said.format(n=handed.done), url_for(".alerts", **_address(filters)))
    return True


def _all_of(form: ReassignForm, filters: steering.AlertFilters) -> list[tuple[uuid.UUID, int]]:
    """Every alert of the filter, if they are still as many as the page said."""
    found = steering.every_alert(reader(), filters)
    if len(found) > steering.MOST:
        form.refuse([_("Au plus {most} alertes à la fois : ajoutez un filtre.").format(most=steering.MOST)])
    elif str(len(found)) != form.shown.data:
        now = ngettext("Ce filtre compte maintenant {n} alerte", "Ce filtre compte maintenant {n} alertes", len(found))
        form.refuse([_("{now} : vérifiez la liste, puis recommencez.").format(now=now.format(n=len(found)))])
    return found


@bp.route("/collegues/<uuid:mate>", methods=["GET", "POST"])
@requires(Permission.TEAM_STEER)
def persons(mate: uuid.UUID) -> ResponseReturnValue:
    """Whom a colleague follows by name; sent back, those ticked get another referent."""
    who, after = reader(), request.args.get("page", "")
    with db.atomic():
        team = steering.board(who).mates
        of = next((each for each in team if each.public_id == str(mate)), None) or abort(404)
        rows, total, before, later = steering.followed_by(who, of.user_id, after)
        disclose([row.person_id for row in rows], "steering.persons", SHOWN)
    form = ReferentForm()
    form.offer(each for each in team if each.member and each.user_id != of.user_id)
    if form.validate_on_submit() and _renamed(form, of):
        return redirect(url_for(".persons", mate=mate), code=303)
    return _list("steering/persons.html", form, mate=of, rows=rows, total=total, before=before, after=later), form.status


def _renamed(form: ReferentForm, of: steering.Mate) -> bool:
    links = form.links
    if form.everybody.data:
        with db.atomic():
            followed, total, _before, _after = steering.followed_by(reader(), of.user_id, size=steering.MOST)
        if total > steering.MOST:
            form.refuse([_("Au plus {most} suivis à la fois : cochez-les page par page.").format(most=steering.MOST)])
            return False
        links = [each.link for each in followed]
    if not links or form.to is None:
        form.refuse([_("Cochez au moins une personne.")])
        return False
    try:
        handed = reassigning.reassign_persons(
            links,
            from_user_id=of.user_id,
            to_user_id=form.to,
            reason=form.reason.data,
            with_alerts=form.with_alerts.data,
            note=(form.note.data or "").strip(),
            **_by(),
        )
    except Refused as refusal:
        form.refuse(reason_sentences(refusal.reasons))
        return False
    said = ngettext("{n} personne a changé de référent.", "{n} personnes ont changé de référent.", handed.done)
    moved = (of.user_id, form.to)
    _say(handed, said.format(n=handed.done), url_for(".persons", mate=of.public_id), moved)
    return True


@bp.get("/attendus")
@requires(Permission.TEAM_STEER)
def missing() -> ResponseReturnValue:
    """What is missing, of one kind, and who owes it."""
    what, by = read_kind(request.args), request.args.get("qui", "")
    with db.atomic():
        page = owed.owed_page(reader(), what, by, request.args.get("page", ""))
        silent = silent_feeds(reader())
        disclose([row.owed.person_id for row in page.rows], "steering.missing", SHOWN)
    return render_template("steering/missing.html", page=page, what=what, by=by, kinds=KINDS, silent=silent)


def _by() -> dict[str, int]:
    return {"user_id": account().id, "organisation_id": mandate().organisation_id}


def _list(template: str, form: ReassignForm | ReferentForm, **shown: Any) -> str:
    """A list with its ticks."""
    return render_template(
        template,
        form=form,
        due=DUE,
        families={str(each): each.label for each in Family},
        schemes=SCHEMES,
        ages=steering.AGES,
        most=steering.MOST,
        **shown,
    )


def _say(handed: reassigning.Handed, said: str, back: str, moved: tuple[int, int] | None = None) -> None:
    """What changed hands and what was left, with the way to give it back if anything did."""
    said = _with_what_was_left(handed, said)
    if handed.done:
        say_handed(said, handed, back, moved=moved)
    else:
        flash(said, "info")


def _address(filters: steering.AlertFilters) -> dict[str, Any]:
    return dict(as_address(filters))


def _with_what_was_left(handed: reassigning.Handed, said: str) -> str:
    """The same, and what was left alone because somebody was quicker."""
    if handed.changed:
        left = ngettext(
            "{n} a changé entre-temps et n’est pas touchée.",
            "{n} ont changé entre-temps et ne sont pas touchées.",
            handed.changed,
        )
        said = f"{said} {left.format(n=handed.changed)}"
    if handed.refused:
        refused = ngettext(
            "{n} ne peut pas changer d’ici : un autre organisme est référent de l’étape.",
            "{n} ne peuvent pas changer d’ici : un autre organisme est référent de l’étape.",
            handed.refused,
        )
        said = f"{said} {refused.format(n=handed.refused)}"
    if handed.same:
        same = ngettext("{n} était déjà à ce nom.", "{n} étaient déjà à ce nom.", handed.same)
        said = f"{said} {same.format(n=handed.same)}"
    return said
