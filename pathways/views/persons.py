"""Opening the record of a new person, with the records that resemble it shown while one types."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import Blueprint, current_app, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded

from pathways import db
from pathways.errors import Reason, Refused
from pathways.forms.persons import PersonForm, commune_names
from pathways.models.likeness import Facts, digest
from pathways.operations.persons import create_person
from pathways.queries.likeness import Elsewhere, Lookalike, elsewhere, lookalikes
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import Group
from pathways.sharing.language import _
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentence, reason_sentences
from pathways.views.gate import account, mandate, reader, requires

bp = Blueprint("persons", __name__, url_prefix="/personnes")

IDENTITIES = "40 per hour"
"""Whole identities that one account may ask the other organisations about: a long day of reception, no list of a town."""
ASKED = "asked_identity"
"""Where the session keeps the last identity asked about, so that typing on about the same person counts once."""
FIELD_OF = {
    "names_missing": "family_name",
    "name_too_long": "family_name",
    "birth_date_missing": "birth_date",
    "birth_to_come": "birth_date",
    "birth_too_far": "birth_date",
    "age_to_confirm": "age_confirmed",
    "phone_unreadable": "phone",
    "email_unreadable": "email",
    "france_travail_unreadable": "france_travail",
    "france_travail_known": "france_travail",
    "ine_unreadable": "ine",
    "ine_known": "ine",
}


@dataclass(frozen=True, slots=True)
class Resembling:
    """What resembles an identity. ``limited``: too many identities were asked about; the others answer later."""

    records: Sequence[Lookalike] = ()
    others: Sequence[Elsewhere] = ()
    limited: bool = False
    to_confirm: str = field(default="")
    """Stands for what was shown, so that a confirmation is of that and of nothing else; empty when there is nothing."""


@bp.route("/nouvelle", methods=["GET", "POST"])
@requires(Permission.PERSON_CREATE)
def new() -> ResponseReturnValue:
    form, found = PersonForm(), Resembling()
    if form.is_submitted():
        found = _resembling(form)
    if form.validate_on_submit() and (form.anyway.data or "") == found.to_confirm:
        try:
            created = create_person(
                form.person,
                organisation_id=mandate().organisation_id,
                user_id=account().id,
                age_confirmed=bool(form.age_confirmed.data),
            )
        except Refused as refusal:
            _show(form, refusal.reasons)
        else:
            flash(_("La fiche est ouverte. Vous pouvez maintenant ouvrir un accompagnement."), "success")
            return redirect(url_for("person.show", person=created.public_id, _anchor="etapes"), code=303)
    asks = bool(form.is_submitted() and not form.errors and not form.refusals and found.to_confirm)
    page = render_template("persons/new.html", form=form, found=found, asks=asks, communes=commune_names())
    return page, 422 if asks else form.status


@bp.post("/ressemblances")
@requires(Permission.PERSON_CREATE)
def like() -> ResponseReturnValue:
    """The fragment shown beside the form. Sent, not asked for by address: what is typed about somebody stays out of the logs."""
    return render_template("persons/like.html", found=_resembling(PersonForm()))


def _resembling(form: PersonForm) -> Resembling:
    typed = form.facts
    ask = _may_ask(typed)
    with db.atomic():
        records = lookalikes(typed, reader())
        others = elsewhere(typed) if ask else []
        disclose([each.id for each in records], "persons.like", [Group.IDENTITY])
        disclose([each.person_id for each in others], "persons.elsewhere", [Group.IDENTITY])
    shown = [str(each.public_id) for each in records if each.same] + [str(each.person_id) for each in others]
    stands_for = hashlib.sha256(" ".join(sorted(shown)).encode()).hexdigest()[:24] if shown else ""
    return Resembling(records, others, not ask, stands_for)


def _may_ask(typed: Facts) -> bool:
    """Whether this account may still ask about that identity. Half an identity asks nobody, and costs nothing."""
    if not (typed.family_name and typed.given_name and typed.birth_date):
        return True
    asked = digest([Facts(typed.family_name, typed.given_name, typed.birth_date)])
    if session.get(ASKED) == asked:
        return True
    (limiter,) = current_app.extensions["limiter"]
    try:
        with limiter.shared_limit(IDENTITIES, scope="identities", key_func=lambda: str(account().id)):
            session[ASKED] = asked
            return True
    except RateLimitExceeded:
        return False


def _show(form: PersonForm, reasons: Sequence[Reason]) -> None:
    """Each reason beside its field; on top those of none."""
    beside = [reason for reason in reasons if reason.code in FIELD_OF]
    for reason in beside:
        named = form[FIELD_OF[reason.code]]
        named.errors = [*named.errors, reason_sentence(reason)]
    rest = [reason for reason in reasons if reason.code not in FIELD_OF]
    if rest:
        form.refuse(reason_sentences(rest))
