"""The numbers of one's own organisation, and of partners without account."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from pathways import db
from pathways.errors import Refused
from pathways.forms.organisation_numbers import HINTS, identifier_of, organisation_numbers_form
from pathways.operations.organisation_numbers import keep_organisation_numbers
from pathways.queries import partners as queries
from pathways.sharing.language import _
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentences
from pathways.views.gate import mandate, requires

bp = Blueprint("organisation_numbers", __name__, url_prefix="/partenaires")


@bp.route("/<uuid:partner>/numeros", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_ADMINISTER)
def edit(partner: uuid.UUID) -> ResponseReturnValue:
    with db.atomic():
        found = queries.partner(partner)
    if found is None:
        raise NotFound
    own = found.id == mandate().organisation_id
    if found.has_account and not own:
        return redirect(url_for("partners.edit", partner=partner), code=303)
    form = organisation_numbers_form(found)
    if form.validate_on_submit():
        try:
            keep_organisation_numbers(partner, form.typed, organisation_id=mandate().organisation_id)
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            flash(_("Les numéros de {name} sont enregistrés.").format(name=found.name), "success")
            return redirect(url_for("partners.own" if own else "partners.index", q=None if own else found.name), code=303)
    fields = [(form[column], _(HINTS[identifier_of(found.kind, column)])) for column in form.typed]
    return render_template("partners/numbers.html", partner=found, form=form, fields=fields, own=own), form.status
