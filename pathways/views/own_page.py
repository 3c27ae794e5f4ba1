"""« Mon parcours »: the person's own page, by a link their counsellor gave them. Plain words, no signal, no word of others."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from pathways import clock, db
from pathways.errors import NotVisible, Refused
from pathways.forms.own_page import AnswerForm, BirthDateForm, HelpForm
from pathways.operations.own_page import DAYS, SHOWN, Opened, answer_appointment, ask_for_help, follow, prove
from pathways.queries.own_page import own_page
from pathways.sharing.disclosure import disclose
from pathways.sharing.language import _
from pathways.views.gate import by_own_link
from pathways.workflows.schemes import SCHEMES

bp = Blueprint("own_page", __name__, url_prefix="/ma-page/<secret>")
COOKIE = "ma-page"


@bp.get("")
@by_own_link
def show(secret: str) -> ResponseReturnValue:
    link = _link(secret)
    if link is None:
        return _closed()
    if not link.is_this_device:
        return render_template("own_page/open.html", form=BirthDateForm(), secret=secret) if not link.is_taken else _closed()
    with db.acting_for(link.organisation_id), db.atomic():
        page = own_page(link.person_id, clock.today())
        disclose([link.person_id], "own_page.show", SHOWN, organisation_id=link.organisation_id)
    return render_template(
        "own_page/show.html", page=page, secret=secret, purposes={code: each.purpose for code, each in SCHEMES.items()},
        help_form=HelpForm(), answer_form=AnswerForm(),
    )


@bp.post("")
@by_own_link
def open_page(secret: str) -> ResponseReturnValue:
    link, form = _link(secret), BirthDateForm()
    if link is None or link.is_taken:
        return _closed()
    if form.validate_on_submit() and form.born.data:
        device = prove(link, form.born.data)
        if device is not None:
            answer: Response = redirect(url_for("own_page.show", secret=secret), code=303)
            answer.set_cookie(
                COOKIE, device, max_age=DAYS * 86_400, path=f"/ma-page/{secret}", httponly=True, samesite="Strict",
                secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
            )
            return answer
        form.born.errors = [_("Cette date n’est pas la bonne. Vérifiez le jour, le mois et l’année.")]
    return render_template("own_page/open.html", form=form, secret=secret), 422


@bp.post("/aide")
@by_own_link
def ask(secret: str) -> ResponseReturnValue:
    link, form = _link(secret), HelpForm()
    if link is None or not link.is_this_device:
        return _closed()
    if not form.validate_on_submit():
        flash(_("Choisissez un sujet, puis envoyez."), "info")
    else:
        try:
            ask_for_help(link, form.topic.data, form.words.data or "")
            flash(_("Votre demande est partie. Quelqu’un vous appelle bientôt."), "success")
        except (Refused, NotVisible):
            flash(_("Votre demande n’a pas pu partir. Appelez votre conseiller."), "info")
    return redirect(url_for("own_page.show", secret=secret), code=303)


@bp.post("/rendez-vous")
@by_own_link
def answer(secret: str) -> ResponseReturnValue:
    link, form = _link(secret), AnswerForm()
    if link is None or not link.is_this_device:
        return _closed()
    if form.validate_on_submit() and form.planned.data:
        try:
            answer_appointment(link, form.planned.data, form.answer.data)
            flash(_("C’est noté. Merci d’avoir prévenu."), "success")
        except (Refused, NotVisible):
            flash(_("Votre réponse n’a pas pu partir. Appelez votre conseiller."), "info")
    return redirect(url_for("own_page.show", secret=secret), code=303)


@bp.after_request
def keep_it_quiet(response: Response) -> Response:
    """The address is a secret: no other site learns it (the policy of every page), and no engine keeps it."""
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _link(secret: str) -> Opened | None:
    try:
        return follow(secret, request.cookies.get(COOKIE))
    except NotVisible:
        return None


def _closed() -> ResponseReturnValue:
    return render_template("own_page/closed.html"), 404
