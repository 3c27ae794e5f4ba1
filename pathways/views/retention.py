"""What comes to its term: the list everybody reads, and for those who answer for it the holds and the archived records."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pathways import clock, db
from pathways.errors import NotVisible, Refused
from pathways.forms.base import BaseForm
from pathways.forms.retention import ArchiveForm, HoldForm, ReviewForm
from pathways.operations.legal_holds import lift_hold, place_hold, review_hold
from pathways.queries.retention import MOST, archived, endings, hold_of, holds
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import Group
from pathways.sharing.language import _
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentences
from pathways.sharing.retention import NOTICE_DAYS, RULES, Subject
from pathways.views.gate import account, mandate, reader, requires
from pathways.workflows.dates import add_months

bp = Blueprint("retention", __name__)
bp.add_app_template_filter(lambda code: RULES[code].what if code in RULES else code, "retention_rule")


@bp.get("/fiches-a-terme")
@requires(Permission.PERSON_READ)
def ending() -> ResponseReturnValue:
    """« Fiches arrivant à leur terme »: what was announced, and what stops it. ``?vue=tous``: also those who left lately."""
    everybody = request.args.get("vue") == "tous"
    with db.atomic():
        rows, total = endings(reader(), own=not everybody)
        disclose([each.person_id for each in rows], "retention.ending", [Group.IDENTITY])
    return render_template(
        "retention/ending.html", rows=rows, total=total, most=MOST, everybody=everybody, notice=NOTICE_DAYS, rules=RULES
    )


@bp.get("/conservation")
@requires(Permission.RETENTION_HOLD)
def index() -> ResponseReturnValue:
    """What is due, what is held, and how long everything is kept."""
    with db.atomic():
        rows, total = endings(reader(), own=False)
        held = holds(reader())
        shown = [each.person_id for each in rows] + [each.person_id for each in held if each.family_name]
        disclose(shown, "retention.index", [Group.IDENTITY])
    table = [rule for rule in RULES.values() if rule.subject is not Subject.CEILING]
    return render_template(
        "retention/index.html", rows=rows, total=total, most=MOST, holds=held, table=table, today_=clock.today(), rules=RULES
    )


@bp.route("/conservation/retenir", methods=["GET", "POST"])
@requires(Permission.RETENTION_HOLD)
def hold() -> ResponseReturnValue:
    """Keeps a record beyond its time. ``?fiche=``: its reference."""
    form = HoldForm(person=request.args.get("fiche", "")[:300], review_on=add_months(clock.today(), 6))
    if form.validate_on_submit():
        assert form.review_on.data is not None
        try:
            place_hold(
                form.person.answer, reason=form.reason.data or "", review_on=form.review_on.data,
                organisation_id=mandate().organisation_id, user_id=account().id,
            )  # fmt: skip
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        except NotVisible:
            form.refuse([_("Votre organisme n’a accompagné personne sous cette référence : vérifiez-la.")])
        else:
            flash(_("Fiche retenue : rien n’y sera archivé ni effacé jusqu’à ce que vous leviez la mesure."), "success")
            return redirect(url_for(".index"), code=303)
    return render_template("retention/hold.html", form=form), form.status


@bp.route("/conservation/mesures/<uuid:hold>", methods=["GET", "POST"])
@requires(Permission.RETENTION_HOLD)
def review(hold: uuid.UUID) -> ResponseReturnValue:
    """Looks at a hold again: it goes on until another day, or is lifted."""
    with db.atomic():
        found = hold_of(reader(), hold)
    form = ReviewForm(review_on=add_months(clock.today(), 6))
    if form.validate_on_submit():
        assert form.review_on.data is not None
        try:
            review_hold(hold, review_on=form.review_on.data, organisation_id=mandate().organisation_id)
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            flash(_("La mesure continue."), "success")
            return redirect(url_for(".index"), code=303)
    return render_template("retention/review.html", form=form, hold=found), form.status


@bp.post("/conservation/mesures/<uuid:hold>/lever")
@requires(Permission.RETENTION_HOLD)
def lift(hold: uuid.UUID) -> ResponseReturnValue:
    """The clock runs again."""
    form = BaseForm()
    if form.validate():
        person = lift_hold(hold, organisation_id=mandate().organisation_id, user_id=account().id)
        said = _("Mesure levée. La fiche {reference} suit de nouveau les durées de conservation.")
        flash(said.format(reference=person), "success")
    return redirect(url_for(".index"), code=303)


@bp.route("/conservation/archives", methods=["GET", "POST"])
@requires(Permission.RETENTION_HOLD)
def archive() -> ResponseReturnValue:
    """One archived record, for a reason that is written into the log before anything is shown."""
    form, found = ArchiveForm(person=request.args.get("fiche", "")[:300]), None
    if form.validate_on_submit():
        try:
            with db.atomic():
                found = archived(form.person.answer, reader())
                shown = [Group.IDENTITY, Group.OUTCOMES]
                disclose([found.person_id], "retention.archive", shown, reason=(form.reason.data or "").strip())
        except NotVisible:
            form.refuse([_("Votre organisme n’a aucune fiche archivée sous cette référence : vérifiez-la.")])
    return render_template("retention/archive.html", form=form, record=found), form.status
