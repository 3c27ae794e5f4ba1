"""Organisations without account, and the contact card of one's own."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from pathways import db
from pathways.errors import Refused
from pathways.forms.partners import ContactForm, OwnContactForm, PartnerContactForm, PartnerForm, read_wanted, town_of, towns
from pathways.models import Kind
from pathways.operations import partners as operations
from pathways.queries import partners as queries
from pathways.queries.partners import Partner
from pathways.sharing.language import _
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentences
from pathways.views.gate import mandate, requires

bp = Blueprint("partners", __name__, url_prefix="/partenaires")


@bp.get("/")
@requires(Permission.ACCOUNT_ADMINISTER)
def index() -> ResponseReturnValue:
    wanted = read_wanted(request.args)
    with db.atomic():
        page = queries.partners(wanted)
        own = queries.own_card(mandate().organisation_id)
    kept = {name: request.args[name] for name in ("q", "type", "commune") if request.args.get(name)}
    return render_template("partners/index.html", page=page, wanted=wanted, query=kept, own=own, kinds=sorted_kinds(page.kinds))


@bp.route("/ajouter", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_ADMINISTER)
def new() -> ResponseReturnValue:
    """Those that look alike are shown before anything is added; saying that it is another one adds it."""
    form, alike = PartnerForm(), []
    if form.validate_on_submit():
        with db.atomic():
            alike = queries.lookalikes(form.name.data or "", form.siret.data, form.uai.data)
        if not alike or form.another.data:
            try:
                operations.add_partner(
                    Kind(form.kind.data), form.name.data or "", siret=form.siret.data, uai=form.uai.data, contact=form.contact
                )
            except Refused as refusal:
                form.refuse(reason_sentences(refusal.reasons))
            else:
                flash(_("{name} est ajouté aux partenaires.").format(name=form.name.data), "success")
                return redirect(url_for(".index", q=form.name.data), code=303)
    status = 422 if alike and not form.refusals else form.status
    return render_template("partners/new.html", form=form, alike=alike, towns=towns()), status


@bp.route("/<uuid:partner>", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_ADMINISTER)
def edit(partner: uuid.UUID) -> ResponseReturnValue:
    with db.atomic():
        found = queries.partner(partner)
    if found is None:
        raise NotFound
    if found.id == mandate().organisation_id:
        return redirect(url_for(".own"), code=303)
    if found.has_account:
        return render_template("partners/closed.html", partner=found)
    form = PartnerContactForm(data=_typed(found))
    if form.validate_on_submit() and _save(found, form, form.name.data):
        return redirect(url_for(".index", q=form.name.data), code=303)
    return render_template("partners/edit.html", partner=found, form=form, towns=towns()), form.status


@bp.route("/notre-organisme", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_ADMINISTER)
def own() -> ResponseReturnValue:
    with db.atomic():
        found = queries.own_card(mandate().organisation_id)
    form = OwnContactForm(data=_typed(found))
    if form.validate_on_submit() and _save(found, form, None):
        return redirect(url_for(".index"), code=303)
    return render_template("partners/own.html", partner=found, form=form, towns=towns()), form.status


def _save(found: Partner, form: ContactForm, name: str | None) -> bool:
    try:
        operations.edit_contact(
            found.public_id, name=name, contact=form.contact, organisation_id=mandate().organisation_id
        )
    except Refused as refusal:
        form.refuse(reason_sentences(refusal.reasons))
        return False
    flash(_("Les coordonnées de {name} sont enregistrées.").format(name=name or found.name), "success")
    return True


def _typed(found: Partner) -> dict[str, str | None]:
    return {
        "name": found.name, "phone": found.phone, "email": found.email, "town": town_of(found.commune),
        "dpo_contact": found.dpo_contact,
    }


def sorted_kinds(kinds: dict[Kind, int]) -> list[tuple[Kind, int]]:
    """The kinds there are, the most numerous first."""
    return sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0].label))
