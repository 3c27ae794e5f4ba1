"""Files received: the list, one file with what it refused and what it leaves to review, and giving a file by hand."""

from __future__ import annotations

import hashlib
import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pathways import db
from pathways.errors import Reason, Refused
from pathways.exchange.dossiers_apprenants import wording
from pathways.exchange.dossiers_apprenants.bodies import body_of
from pathways.exchange.dossiers_apprenants.file import MOST_BYTES, NotAFeed, read_rows, too_heavy
from pathways.exchange.dossiers_apprenants.reception import Report, receive
from pathways.forms.feeds import ReviewForm, UploadForm
from pathways.forms.screening import file_name
from pathways.operations import feeds as operations
from pathways.queries.feeds import RunPage, run_page, runs
from pathways.queries.silent_feeds import silent_feeds
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import Group
from pathways.sharing.language import moment, ngettext, number
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentences
from pathways.views.gate import account, mandate, reader, requires

bp = Blueprint("feeds", __name__, url_prefix="/fichiers-recus")


@bp.app_context_processor
def words() -> dict[str, object]:
    """What the pages say of codes."""
    return {"feed_words": wording}


bp.add_app_template_filter(moment, "moment")
bp.add_app_template_filter(number, "number")


@bp.get("/")
@requires(Permission.FEED_IMPORT)
def index() -> ResponseReturnValue:
    return _list(UploadForm())


@bp.post("/")
@requires(Permission.FEED_IMPORT)
def give() -> ResponseReturnValue:
    """Tries a file, or takes it. The one taken is the one that was tried: same fingerprint."""
    form = UploadForm()
    if not form.validate_on_submit():
        return _list(form)
    content = form.file.data.stream.read(MOST_BYTES + 1)
    seen = hashlib.sha256(content).hexdigest()
    takes = form.act.data == "take"
    try:
        if takes:
            _refuse_another_file(form, seen)
        report = _received(content, file_name(form.file.data.filename), dry_run=not takes)
    except NotAFeed as fault:
        form.refuse([str(fault)])
        return _list(form)
    except Refused as refusal:
        form.refuse(reason_sentences(refusal.reasons))
        return _list(form)
    if not takes:
        return _list(UploadForm(formdata=None, seen=seen), report)
    said = ngettext("Le fichier est importé : {n} ligne lue.", "Le fichier est importé : {n} lignes lues.", report.total)
    flash(said.format(n=number(report.total)), "success")
    return redirect(url_for("feeds.show", run=report.run), code=303)


def _refuse_another_file(form: UploadForm, seen: str) -> None:
    if form.seen.data != seen:
        raise Refused(Reason("not_the_file_tried"))


def _received(content: bytes, name: str, *, dry_run: bool) -> Report:
    if len(content) > MOST_BYTES:
        raise too_heavy()
    rows = read_rows(content)
    with db.atomic() as session:
        sender = body_of(session, mandate().organisation_id)
    return receive(rows, sender, file_name=name, user_id=account().id, dry_run=dry_run)


def _list(form: UploadForm, tried: Report | None = None) -> ResponseReturnValue:
    before = request.args.get("avant", "")
    with db.atomic():
        found, older = runs(reader(), int(before) if before.isdecimal() and len(before) < 19 else None)  # noqa: PLR2004 -- a bigint
        silent = silent_feeds(reader(), own_alone=True)
    shown = {"runs": found, "older": older, "form": form, "tried": tried, "silent": silent}
    return render_template("feeds/index.html", **shown), form.status


@bp.get("/<uuid:run>")
@requires(Permission.FEED_IMPORT)
def show(run: uuid.UUID) -> ResponseReturnValue:
    return _page(run, ReviewForm(formdata=None))


@bp.post("/<uuid:run>/revue")
@requires(Permission.FEED_IMPORT)
def review(run: uuid.UUID) -> ResponseReturnValue:
    """Takes up the alerts ticked, or closes them with one outcome."""
    form = ReviewForm()
    if not form.validate_on_submit():
        return _page(run, form)
    user, organisation = account().id, mandate().organisation_id
    try:
        if form.act.data == "take_up":
            number = operations.take_up(form.chosen(), user_id=user, organisation_id=organisation)
            said = ngettext("{n} alerte reprise.", "{n} alertes reprises.", number)
        else:
            outcome, reason = form.outcome.data, form.reason.data
            number = operations.put_away(
                form.chosen(), outcome=outcome, reason=reason, user_id=user, organisation_id=organisation
            )
            said = ngettext("{n} alerte classée.", "{n} alertes classées.", number)
    except Refused as refusal:
        form.refuse(reason_sentences(refusal.reasons))
        return _page(run, form)
    flash(said.format(n=number), "success")
    return redirect(url_for("feeds.show", run=run), code=303)


def _page(run: uuid.UUID, form: ReviewForm) -> ResponseReturnValue:
    with db.atomic():
        page: RunPage = run_page(run, reader())
        if page.to_review:
            disclose([each.person_id for each in page.to_review], "feeds.show", [Group.IDENTITY, Group.SIGNALS])
    return render_template("feeds/show.html", page=page, form=form), form.status
