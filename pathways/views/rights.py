"""« Droits de la personne »: information, agreements, objection, requests, access export, the link to their own page."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import segno
from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pathways import clock, db
from pathways.errors import Refused
from pathways.exchange.access_export import as_json, as_pdf, everything_about
from pathways.forms.rights import KINDS, AnswerForm, InformationForm, RequestForm, agreement_form
from pathways.operations.agreements import note_agreement, revoke_agreement
from pathways.operations.own_page import DAYS, living_link, make_link, revoke_links
from pathways.operations.rights import answer_request, note_information, receive_request, withdraw_objection
from pathways.queries.agreements import agreements_of, recipients_for
from pathways.queries.own_page import body_of, locked_links
from pathways.queries.person import Identity, identity
from pathways.queries.rights import information_given, objects, requests_of, waiting_requests
from pathways.sharing.agreements import ADAPTATIONS
from pathways.sharing.disclosure import disclose
from pathways.sharing.information import EASY, FULL, VERSION
from pathways.sharing.language import _
from pathways.sharing.matrix import GROUPS, Group
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentences
from pathways.sharing.who_reads import told
from pathways.views.duplicates import leads_to_the_kept_record
from pathways.views.gate import account, mandate, reader, requires, signed_in

bp = Blueprint("rights", __name__)
bp.add_app_template_global(lambda code: _(ADAPTATIONS.get(code, code)), "adaptation")
OF_PERSON = "/personnes/<uuid:person>/droits"
SHOWN = (Group.IDENTITY, Group.ADMINISTRATIVE)


@bp.get("/information")
@signed_in
def sheet() -> ResponseReturnValue:
    """To be read on screen or printed; ``facile``: in short sentences. It names the organisation one acts for, if any."""
    easy, held, body = "facile" in request.args, g.get("mandate"), None
    if held:
        with db.acting_for(held.organisation_id, account().id), db.atomic():
            body = body_of(held.organisation_id)
    return render_template(
        "rights/sheet.html", parts=EASY if easy else FULL, easy=easy, version=VERSION, told=told(easy=easy), body=body,
    )


@bp.get("/droits")
@requires(Permission.RIGHTS_HONOUR)
def index() -> ResponseReturnValue:
    with db.atomic():
        waiting = waiting_requests(reader())
        locked = locked_links(reader())
        disclose([*(each.person_id for each in waiting), *(each.person_id for each in locked)], "rights.index", [Group.IDENTITY])
    return render_template("rights/index.html", waiting=waiting, locked=locked, kinds=_kinds(), today=clock.today())


@bp.get(OF_PERSON)
@requires(Permission.RIGHTS_HONOUR)
@leads_to_the_kept_record
def show(person: uuid.UUID) -> ResponseReturnValue:
    return _page(person)


@bp.post(f"{OF_PERSON}/information")
@requires(Permission.RIGHTS_HONOUR)
def inform(person: uuid.UUID) -> ResponseReturnValue:
    who, form = _who(person), InformationForm()
    if not form.validate_on_submit():
        return _page(person, information=form)
    note_information(who.id, easy=form.easy.data, channel=form.channel.data, **_by())
    flash(_("L’information est notée."), "success")
    return _back(person)


@bp.post(f"{OF_PERSON}/accord")
@requires(Permission.RIGHTS_HONOUR)
def agree(person: uuid.UUID) -> ResponseReturnValue:
    who = _who(person)
    form = agreement_form(_recipients(who))
    if form.validate_on_submit():
        try:
            note_agreement(
                who.id, uuid.UUID(form.recipient.data), form.group.data, adaptations=form.adaptations.data or (),
                until=form.until.data, **_by(),
            )
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            flash(_("L’accord est noté. La personne peut le retirer à tout moment."), "success")
            return _back(person)
    return _page(person, agreement=form)


@bp.post(f"{OF_PERSON}/accord/<uuid:agreement>/retirer")
@requires(Permission.RIGHTS_HONOUR)
def revoke(person: uuid.UUID, agreement: uuid.UUID) -> ResponseReturnValue:
    revoke_agreement(_who(person).id, agreement, **_by())
    flash(_("L’accord est retiré : plus rien n’est lu par lui."), "success")
    return _back(person)


@bp.post(f"{OF_PERSON}/demande")
@requires(Permission.RIGHTS_HONOUR)
def ask(person: uuid.UUID) -> ResponseReturnValue:
    who, form = _who(person), RequestForm()
    if not form.validate_on_submit():
        return _page(person, request_form=form)
    try:
        receive_request(who.id, form.kind.data, form.said.data or "", **_by())
    except Refused as refusal:
        form.refuse(reason_sentences(refusal.reasons))
        return _page(person, request_form=form)
    flash(_("La demande est notée."), "success")
    return _back(person)


@bp.post(f"{OF_PERSON}/demande/<uuid:asked>/reponse")
@requires(Permission.RIGHTS_HONOUR)
def answer(person: uuid.UUID, asked: uuid.UUID) -> ResponseReturnValue:
    _who(person)
    form = AnswerForm()
    if form.validate_on_submit():
        try:
            answer_request(asked, granted=form.granted.data == "oui", answer=form.answer.data or "", **_by())
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            flash(_("La réponse est notée."), "success")
            return _back(person)
    return _page(person, answer_form=form)


@bp.post(f"{OF_PERSON}/opposition/retirer")
@requires(Permission.RIGHTS_HONOUR)
def accept_signals(person: uuid.UUID) -> ResponseReturnValue:
    withdraw_objection(_who(person).id, **_by())
    flash(_("L’opposition est retirée : les signaux reprennent."), "success")
    return _back(person)


@bp.post(f"{OF_PERSON}/lien")
@requires(Permission.RIGHTS_HONOUR)
def link(person: uuid.UUID) -> ResponseReturnValue:
    """The address is shown once, on the answer itself: it is kept nowhere."""
    who = _who(person)
    try:
        secret = make_link(who.id, **_by())
    except Refused as refusal:
        flash(" ".join(reason_sentences(refusal.reasons)), "info")
        return _back(person)
    address = url_for("own_page.show", secret=secret, _external=True)
    drawing = segno.make(address, error="m").svg_inline(scale=5, omitsize=False)
    return render_template("rights/link.html", who=who, address=address, drawing=drawing, days=DAYS)


@bp.post(f"{OF_PERSON}/lien/retirer")
@requires(Permission.RIGHTS_HONOUR)
def unlink(person: uuid.UUID) -> ResponseReturnValue:
    revoke_links(_who(person).id, organisation_id=mandate().organisation_id)
    flash(_("Le lien ne marche plus."), "success")
    return _back(person)


@bp.post(f"{OF_PERSON}/export.<kind>")
@requires(Permission.RIGHTS_HONOUR)
def access_export(person: uuid.UUID, kind: str) -> ResponseReturnValue:
    """Everything held on the person, to be handed to them."""
    if kind not in {"json", "pdf"}:
        abort(404)
    who = _who(person)
    with db.atomic():
        held = everything_about(who.id, reader())
        disclose([who.id], "rights.export", list(Group))
    body, mime = (as_json(held), "application/json") if kind == "json" else (as_pdf(held), "application/pdf")
    name = f"dossier-{clock.today().isoformat()}.{kind}"
    return Response(body, mimetype=mime, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _who(person: uuid.UUID) -> Identity:
    with db.atomic():
        who = identity(person, reader())
        disclose([who.id], "rights.act", [Group.IDENTITY])
    return who


def _page(person: uuid.UUID, **forms: object) -> ResponseReturnValue:
    with db.atomic():
        who = identity(person, reader())
        seen = {
            "information": information_given(who.id, reader()),
            "agreements": agreements_of(who.id, reader()),
            "requests": requests_of(who.id, reader()),
            "objects": objects(who.id, reader()),
            "link_until": living_link(who.id, mandate().organisation_id),
        }
        recipients = _recipients(who)
        disclose([who.id], "rights.show", SHOWN)
    filled = {
        "information_form": forms.get("information") or InformationForm(None),
        "agreement_form": forms.get("agreement") or agreement_form(recipients),
        "request_form": forms.get("request_form") or RequestForm(None),
        "answer_form": forms.get("answer_form") or AnswerForm(None),
    }
    page = render_template(
        "rights/show.html", who=who, kinds=_kinds(), groups=GROUPS, recipients=recipients, version=VERSION,
        sent=set(forms), today=clock.today(), **seen, **filled,
    )
    return page, 422 if forms else 200


def _recipients(who: Identity) -> Sequence[tuple[str, str]]:
    with db.atomic():
        return recipients_for(who.id, reader())


def _kinds() -> dict[str, str]:
    return {str(each.value): each.label for each in KINDS}


def _by() -> dict[str, int]:
    return {"organisation_id": mandate().organisation_id, "user_id": account().id}


def _back(person: uuid.UUID) -> ResponseReturnValue:
    return redirect(url_for("rights.show", person=person), code=303)
