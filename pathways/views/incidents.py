"""One fact about many persons: the list of incidents, one of them with its people, declaring one and saying it again."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from pathways import clock, db
from pathways.errors import Refused
from pathways.forms.filters import LONGEST_SEARCH
from pathways.forms.incidents import KINDS, IncidentForm
from pathways.operations import incidents as operations
from pathways.operations.incidents import About
from pathways.queries.incident_subjects import MOST, Subject, subject, subjects, whom
from pathways.queries.incidents import IncidentPage, incident_page, incidents
from pathways.sharing.codes import PROCEDURES
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import Group
from pathways.sharing.language import _, ngettext
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentences
from pathways.views.gate import account, mandate, reader, requires
from pathways.views.undo import say_incident
from pathways.workflows.incidents import INSOLVENCY, OUTAGE
from pathways.workflows.incidents import KINDS as LABELS

bp = Blueprint("incidents", __name__, url_prefix="/incidents")


@bp.app_context_processor
def words() -> dict[str, object]:
    """What pages say of codes."""
    return {"INCIDENTS": LABELS, "PROCEDURES": PROCEDURES}


@bp.get("")
@requires(Permission.PERSON_READ)
def index() -> ResponseReturnValue:
    with db.atomic():
        rows = incidents(reader())
    running = [row for row in rows if not row.is_over(reader().today)]
    return render_template("incidents/index.html", running=running, over=[row for row in rows if row not in running])


@bp.route("/nouveau", methods=["GET", "POST"])
@requires(Permission.ENTRY_RECORD)
def new() -> ResponseReturnValue:
    """``?type=`` what happened, ``?q=`` a search, ``?qui=`` the employer or body chosen: then who is concerned is shown."""
    kind, search = request.args.get("type", INSOLVENCY), request.args.get("q", "").strip()[:LONGEST_SEARCH]
    if kind not in _offered():
        raise NotFound
    with db.atomic():
        found = [] if kind == OUTAGE else subjects(kind, reader(), search)
        chosen = _chosen(kind)
        people = whom(chosen.persons, reader()) if chosen else []
        disclose([each.id for each in people], "incidents.new", [Group.IDENTITY])
    form = IncidentForm(kind, starts_on=clock.today()) if chosen else None
    if form and chosen and form.validate_on_submit():
        try:
            return _declare(kind, chosen, form)
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
    page = render_template(
        "incidents/new.html", kind=kind, kinds=_offered(), search=search, found=found[:MOST], more=len(found) - MOST,
        chosen=chosen, people=people, form=form, total=len(chosen.persons) if chosen else 0,
    )
    return page, form.status if form else 200


def _offered() -> dict[str, str]:
    """A body announces the outage of its own feed only."""
    own_feed = Permission.FEED_IMPORT in mandate().permissions
    return {kind: label for kind, label in KINDS.items() if kind != OUTAGE or own_feed}


def _chosen(kind: str) -> Subject | None:
    if kind == OUTAGE:
        return Subject("", mandate().organisation_id, None, mandate().name, None, None, ())
    key = request.args.get("qui", "")
    return subject(kind, key, reader()) if key else None


def _declare(kind: str, chosen: Subject, form: IncidentForm) -> ResponseReturnValue:
    told = operations.declare_incident(
        kind, About(chosen.organisation_id, chosen.named), form.when, organisation_id=mandate().organisation_id,
        user_id=account().id,
    )
    said = ngettext(
        "L’incident est signalé : {n} personne concernée.", "L’incident est signalé : {n} personnes concernées.", told.persons
    )
    if kind == OUTAGE:
        said = _("La panne est signalée : les rappels qui attendent vos fichiers sont suspendus.")
    say_incident(said.format(n=told.persons), told.public_id, url_for(".index"))
    return redirect(url_for(".show", incident=told.public_id), code=303)


@bp.get("/<uuid:incident>")
@requires(Permission.PERSON_READ)
def show(incident: uuid.UUID) -> ResponseReturnValue:
    return _page(incident)


def _page(incident: uuid.UUID, form: IncidentForm | None = None) -> ResponseReturnValue:
    with db.atomic():
        page: IncidentPage = incident_page(incident, reader())
        disclose([each.id for each in page.people], "incidents.show", [Group.IDENTITY, Group.SIGNALS, Group.APPOINTMENTS])
    now = page.incident.now
    form = form or IncidentForm(
        page.incident.kind, formdata=None, starts_on=now.starts_on, ends_on=now.ends_on, procedure=now.procedure
    )
    return render_template("incidents/show.html", page=page, form=form), form.status


@bp.post("/<uuid:incident>/dire")
@requires(Permission.ENTRY_RECORD)
def say_again(incident: uuid.UUID) -> ResponseReturnValue:
    """Corrects its days, or ends it."""
    with db.atomic():
        page = incident_page(incident, reader())
    form = IncidentForm(page.incident.kind)
    if not form.validate_on_submit():
        return _page(incident, form)
    try:
        operations.say_again(incident, form.when, organisation_id=mandate().organisation_id, user_id=account().id)
    except Refused as refusal:
        form.refuse(reason_sentences(refusal.reasons))
        return _page(incident, form)
    flash(_("C’est noté. Les rappels suivent ce qui est maintenant connu."), "success")
    return redirect(url_for(".show", incident=incident), code=303)


@bp.post("/<uuid:incident>/retrait")
@requires(Permission.ENTRY_RETRACT)
def withdraw(incident: uuid.UUID) -> ResponseReturnValue:
    """It was declared by mistake."""
    try:
        operations.withdraw(incident, organisation_id=mandate().organisation_id, user_id=account().id)
    except Refused as refusal:
        flash(" ".join(reason_sentences(refusal.reasons)), "info")
    else:
        flash(_("L’incident est retiré, avec ce qu’il avait inscrit dans les fiches."), "success")
    return redirect(url_for(".show", incident=incident), code=303)
