"""The numbers other systems know a person by: France Travail, i-milo, INE, PASS IAE."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from pathways import db
from pathways.errors import Reason, Refused
from pathways.forms.identifiers import NumbersForm, numbers_form
from pathways.operations.identifiers import keep_numbers
from pathways.queries.identifiers import numbers_of
from pathways.queries.person import Identity, identity
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import Group
from pathways.sharing.identifiers import NUMBERS, numbers_shown_to
from pathways.sharing.language import N_, _
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentence
from pathways.views.duplicates import leads_to_the_kept_record
from pathways.views.gate import mandate, reader, requires

bp = Blueprint("identifiers", __name__, url_prefix="/personnes/<uuid:person>/identifiants")

HINTS = {
    "france_travail": N_("11 chiffres, ou 8 caractères pour l’ancien."),
    "i_milo": N_("Le numéro du dossier, en chiffres."),
    "ine": N_("11 caractères, sur le certificat de scolarité."),
    "pass_iae": N_("12 chiffres, sur l’attestation."),
}


@bp.app_template_global()
def keeps_numbers(who: Identity) -> bool:
    """Whether the reader's organisation keeps a number of that person, for the link on their page."""
    return bool(numbers_shown_to(mandate().kind, leads=who.led))


@bp.route("/", methods=["GET", "POST"])
@requires(Permission.ENTRY_RECORD)
@leads_to_the_kept_record
def edit(person: uuid.UUID) -> ResponseReturnValue:
    who = reader()
    with db.atomic():
        found = identity(person, who)
        systems = numbers_shown_to(mandate().kind, leads=found.led)
        if not systems:
            raise NotFound
        known = {system: numbers for system, numbers in numbers_of(found.id).items() if system in systems}
        disclose([found.id], "identifiers.edit", [Group.IDENTITY, Group.ADMINISTRATIVE])
    form, pairs = numbers_form(systems, {system: numbers[0] for system, numbers in known.items()}), []
    if form.validate_on_submit():
        try:
            kept = keep_numbers(found.id, form.typed, who)
        except Refused as refusal:
            pairs = _show(form, refusal.reasons)
        else:
            flash(_said(kept.changed), "success" if kept.changed else "info")
            return redirect(url_for("person.show", person=person), code=303)
    page = render_template(
        "identifiers/edit.html",
        who=found,
        form=form,
        hints={system: _(HINTS[system]) for system in systems},
        others={system: numbers[1:] for system, numbers in known.items() if numbers[1:]},
        pairs=pairs,
        labels=NUMBERS,
    )
    return page, form.status


def _show(form: NumbersForm, reasons: Sequence[Reason]) -> list[str]:
    """Each reason beside its field; returns the pairs of records that may be compared, for those who may."""
    for reason in reasons:
        field = form[reason.code.removesuffix("_known")]
        field.errors = [*field.errors, reason_sentence(reason)]
    compares = Permission.PERSON_MERGE in mandate().permissions
    return list(dict.fromkeys(str(each.values["pair"]) for each in reasons if compares and "pair" in each.values))


def _said(changed: Mapping[str, tuple[str, str]]) -> str:
    """What became of each number, the former one included: that is how a slip is put right."""
    told = []
    for system, (before, now) in changed.items():
        if not now:
            text = _("{label} : {before} est retiré.")
        elif before:
            text = _("{label} : {now}, au lieu de {before}.")
        else:
            text = _("{label} : {now}.")
        told.append(text.format(label=_(NUMBERS[system]), before=before, now=now))
    return " ".join(told) or _("Rien n’a changé.")
