"""The territories of the region: what holds on a day, and, for the Région, what will from a day on."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from itertools import groupby

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pathways import clock, db
from pathways.errors import Reason, Refused
from pathways.forms.base import read_day
from pathways.forms.territories import MORE, Grid, WithdrawForm, ZoningForm
from pathways.models import Kind
from pathways.operations import territories as operations
from pathways.queries import territories as queries
from pathways.sharing.language import _, ngettext, said_day
from pathways.sharing.permissions import Permission
from pathways.sharing.places import epci
from pathways.sharing.refusals import reason_sentence, reason_sentences
from pathways.sharing.territories import Composition, in_force
from pathways.views.gate import account, mandate, requires, signed_in
from pathways.workflows.reference import places

bp = Blueprint("territories", __name__, url_prefix="/territoires")
bp.add_app_template_filter(epci)


@bp.get("/")
@signed_in
def index() -> ResponseReturnValue:
    if g.mandate is None:
        return redirect(url_for("auth.choose", next=request.full_path), code=303)
    day = _day_asked()
    with db.atomic():
        composition, changes = in_force(day), queries.history()
    return render_template(
        "territories/index.html",
        day=day,
        composition=composition,
        changes=changes,
        longest=queries.LONGEST_HISTORY,
        draws=_draws(),
        form=WithdrawForm(formdata=None),
    )


@bp.route("/nouveau-decoupage", methods=["GET", "POST"])
@requires(Permission.TERRITORY_MANAGE)
def draw() -> ResponseReturnValue:
    """Starts from what holds on the day asked for. One button saves, another adds rows for new territories."""
    _only_the_region()
    day, form = _day_asked(), ZoningForm()
    with db.atomic():
        held = in_force(day) if request.method == "GET" else queries.composition(_public_id(form.seen.data))
    if request.method == "GET":
        form.valid_from.data, form.seen.data = day, str(held.public_id) if held else ""
        return _page(form, Grid.of(held).with_blanks())
    grid = Grid.typed(request.form)
    if request.form.get("act") == MORE:
        return _page(form, grid.with_blanks())
    if form.validate_on_submit():
        try:
            return _save(form, grid, held)
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
            return _page(form, grid.with_blanks(), refusal.reasons)
    return _page(form, grid.with_blanks())


@bp.post("/<uuid:zoning>/annuler")
@requires(Permission.TERRITORY_MANAGE)
def withdraw(zoning: uuid.UUID) -> ResponseReturnValue:
    _only_the_region()
    form = WithdrawForm()
    if form.validate_on_submit():
        try:
            day = operations.withdraw(zoning, organisation_id=mandate().organisation_id, user_id=account().id)
        except Refused as refusal:
            flash(" ".join(reason_sentences(refusal.reasons)), "info")
        else:
            flash(_("Le découpage du {day} est annulé : le précédent reste en vigueur.").format(day=said_day(day)), "success")
    return redirect(url_for(".index"), code=303)


def _save(form: ZoningForm, grid: Grid, seen: Composition | None) -> ResponseReturnValue:
    _zoning, moved = operations.draw(
        form.drawing(grid, seen), organisation_id=mandate().organisation_id, user_id=account().id
    )
    text = ngettext(
        "Le découpage s’applique à partir du {day} : {n} EPCI change de territoire.",
        "Le découpage s’applique à partir du {day} : {n} EPCI changent de territoire.",
        moved,
    )
    flash(text.format(day=said_day(form.begins), n=moved), "success")
    return redirect(url_for(".index", le=form.begins.isoformat()), code=303)


def _page(form: ZoningForm, grid: Grid, reasons: Iterable[Reason] = ()) -> ResponseReturnValue:
    wrong = {str(reason.values["siren"]): reason_sentence(reason) for reason in reasons if "siren" in reason.values}
    by_departement = groupby(places.epcis().values(), key=lambda each: each.departement)
    page = render_template(
        "territories/draw.html",
        form=form,
        grid=grid,
        groups=[(places.DEPARTEMENTS[code], list(found)) for code, found in by_departement],
        wrong=wrong,
    )
    return page, form.status


def _day_asked() -> date:
    try:
        return read_day(request.args.get("le", ""))
    except ValueError:
        return clock.today()


def _public_id(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def _draws() -> bool:
    return mandate().kind is Kind.REGION and Permission.TERRITORY_MANAGE in mandate().permissions


def _only_the_region() -> None:
    if mandate().kind is not Kind.REGION:
        abort(403)
