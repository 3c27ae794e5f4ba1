"""A collective session, noted once for everybody who was expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pathways import clock, db
from pathways.errors import Reason, Refused
from pathways.forms.collective import (
    PERSON,
    STATUS,
    STATUSES,
    SessionForm,
    asked_persons,
    asked_status,
    asked_to_record,
)
from pathways.forms.filters import LONGEST_SEARCH
from pathways.operations.collective import MOST, Attendance, Noted, record_session
from pathways.queries.attendants import Attendant, attendants, matches
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import Group
from pathways.sharing.language import _, ngettext
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentence, reason_sentences
from pathways.views.gate import account, mandate, reader, requires
from pathways.views.undo import say_done
from pathways.workflows.outcomes import SESSION_KINDS

bp = Blueprint("collective", __name__, url_prefix="/seance-collective")


@bp.route("", methods=["GET", "POST"])
@requires(Permission.ENTRY_RECORD)
def new() -> ResponseReturnValue:
    """``?personne=`` (repeated) are those expected. Its buttons add somebody, take somebody away, search, or record."""
    form, search = SessionForm(), request.form.get("q", "").strip()[:LONGEST_SEARCH]
    adding = "ajouter" in request.form
    with db.atomic():
        expected = attendants(asked_persons(), reader())
        found = [] if adding else matches(search, reader(), [each.public_id for each in expected])
        disclose([each.id for each in (*expected, *found)], "collective.new", [Group.IDENTITY, Group.ADMINISTRATIVE])
    refused: Mapping[int, Sequence[str]] = {}
    status = 200
    if asked_to_record() and form.validate_on_submit():
        try:
            noted = _record(form, expected)
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            if noted.entries:
                say_done(_done(form, noted), sorted(noted.entries.values()), url_for(".new"))
            if not noted.refused:
                return redirect(url_for(".new"), code=303)
            refused = {person: reason_sentences(reasons) for person, reasons in noted.refused.items()}
            expected = [each for each in expected if each.id in refused]
            form.refuse([_("Ce qui n’a pas pu être noté reste ci-dessous, avec la raison.")])
        status = form.status
    elif asked_to_record():
        status = form.status
    page = render_template(
        "collective/new.html",
        form=form,
        expected=expected,
        statuses={each.public_id: asked_status(each.public_id) for each in expected},
        choices=STATUSES,
        refused=refused,
        found=found,
        search="" if adding else search,
        no_step=reason_sentence(Reason("no_open_step")),
        most=MOST,
        names={"person": PERSON, "status": STATUS},
        recording=asked_to_record(),
    )
    return page, status


def _record(form: SessionForm, expected: Sequence[Attendant]) -> Noted:
    """Those without an open step of one's own are refused here: there is nothing to note it on."""
    on = form.day.data or clock.today()
    with_step = [
        Attendance(each.id, each.step.id, asked_status(each.public_id)) for each in expected if each.step is not None
    ]
    without = {each.id: (Reason("no_open_step"),) for each in expected if each.step is None}
    if without and not with_step:
        return Noted("", refused=dict(without))
    noted = record_session(
        with_step,
        kind=form.kind.data,
        on=on,
        organisation_id=mandate().organisation_id,
        user_id=account().id,
        note=(form.note.data or "").strip(),
    )
    noted.refused.update(without)
    return noted


def _done(form: SessionForm, noted: Noted) -> str:
    number = len(noted.entries)
    said = ngettext(
        "« {session} » est enregistrée pour une personne.", "« {session} » est enregistrée pour {n} personnes.", number
    )
    return said.format(session=_(SESSION_KINDS[form.kind.data]), n=number)
