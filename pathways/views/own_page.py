"""« Mon parcours »: the person's own page, by a link their counsellor gave them. Plain words, no signal, no word of others."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import validate_csrf
from werkzeug.wrappers import Response
from wtforms import ValidationError

from pathways import clock, db
from pathways.errors import NotVisible, Refused
from pathways.forms.own_page import AnswerForm, BirthDateForm, HelpForm
from pathways.operations.own_page import (
    DAYS,
    SHOWN,
    Opened,
    answer_appointment,
    ask_for_help,
    follow,
    locked_link_of,
    prove,
)
from pathways.queries.own_page import CallBack, body_of, own_page, who_reads
from pathways.sharing.disclosure import disclose
from pathways.sharing.information import EASY, FULL, VERSION
from pathways.sharing.language import _, ngettext, said_day
from pathways.sharing.matrix import Place
from pathways.sharing.who_reads import reads_something, told
from pathways.views.gate import SAFE, by_own_link
from pathways.workflows.schemes import SCHEMES

bp = Blueprint("own_page", __name__, url_prefix="/ma-page/<secret>")
COOKIE = "ma-page"
FORGED = 400
WARNED_FROM = 2
"""Tries left from which the page says how many: before, it would only frighten."""


@bp.record_once
def check_tokens_here(state: BlueprintSetupState) -> None:
    """Pages that send no referrer cannot be checked by it, as the guard of every other form does over HTTPS.

    The token itself is checked below; besides, the cookie of the device follows no link from another site.
    """
    state.app.extensions["csrf"].exempt(bp)


@bp.before_request
def refuse_forgeries() -> ResponseReturnValue | None:
    if request.method in SAFE:
        return None
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        secret, words = (request.view_args or {}).get("secret", ""), request.form.get("words", "") if is_this_device() else ""
        return render_template("own_page/stale.html", secret=secret, words=words), FORGED
    return None


@bp.get("")
@by_own_link
def show(secret: str) -> ResponseReturnValue:
    link = _link(secret)
    if link is None:
        return _closed()
    if not link.is_this_device:
        return render_template("own_page/open.html", form=BirthDateForm(), secret=secret) if not link.is_taken else _closed()
    with db.acting_for(link.organisation_id), db.atomic():
        page = own_page(link.person_id, link.organisation_id, clock.today())
        disclose([link.person_id], "own_page.show", SHOWN, organisation_id=link.organisation_id)
    return render_template(
        "own_page/show.html", page=page, secret=secret, purposes={code: each.purpose for code, each in SCHEMES.items()},
        help_form=HelpForm(), answer_form=AnswerForm(), who_calls=who_calls, today=clock.today(),
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
        if locked_link_of(secret) is not None:
            return _closed()
        form.born.errors = [_wrong_date(link.tries_left - 1)]
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
            flash(" ".join((_("Votre demande est partie."), _who_calls(link))), "success")
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


@bp.get("/information")
@by_own_link
def information(secret: str) -> ResponseReturnValue:
    """The information sheet, on the device that opened the page; ``facile``: in short sentences."""
    link, easy = _link(secret), "facile" in request.args
    if link is None or (link.is_taken and not link.is_this_device):
        return _closed()
    if not link.is_this_device:
        return redirect(url_for("own_page.show", secret=secret), code=303)
    with db.acting_for(link.organisation_id), db.atomic():
        body = body_of(link.organisation_id)
        readers = [each for each in who_reads(link.person_id, clock.today()) if reads_something(each.place)]
    mine: dict[Place, list[str]] = {}
    for each in readers:
        mine.setdefault(each.place, []).append(each.organisation)
    return render_template(
        "own_page/information.html", secret=secret, parts=EASY if easy else FULL, easy=easy, version=VERSION, body=body,
        readers=readers, mine=mine, told=told(easy=easy),
    )


@bp.after_request
def keep_it_quiet(response: Response) -> Response:
    """The address is a secret: no site learns it, not even ours, and no engine keeps it."""
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def is_this_device() -> bool:
    """Whether the request comes from the device on which the page was opened with the birth date."""
    link = _link((request.view_args or {}).get("secret", ""))
    return link is not None and link.is_this_device


def too_many(wait: int) -> str:
    """The page of somebody who tried too often, and may again in ``wait`` seconds."""
    return render_template("own_page/wait.html", minutes=max(1, -((1 - wait) // 60)))


def who_calls(back: CallBack, phone: str | None) -> str:
    """« Claire, de la structure …, vous rappelle au plus tard le 25 novembre. », and what to do without a number to call."""
    due = back.waiting.due_on if back.waiting else clock.today()
    if back.first_name:
        said = _("{name} ({organisation}) vous rappelle d’habitude au plus tard le {day}.")
    else:
        said = _("Quelqu’un de {organisation} vous rappelle d’habitude au plus tard le {day}.")
    sentence = said.format(name=back.first_name, organisation=back.body.name, day=said_day(due))
    return sentence if phone else " ".join((sentence, _("Votre numéro n’est pas noté : c’est à vous d’appeler.")))


def _wrong_date(left: int) -> str:
    wrong = _("Cette date n’est pas la bonne. Vérifiez le jour, le mois et l’année.")
    warning = ngettext("Encore {n} essai, puis le lien se bloque.", "Encore {n} essais, puis le lien se bloque.", left)
    return f"{wrong} {warning.format(n=left)}" if left <= WARNED_FROM else wrong


def _who_calls(link: Opened) -> str:
    with db.acting_for(link.organisation_id), db.atomic():
        page = own_page(link.person_id, link.organisation_id, clock.today())
    return who_calls(page.call_back, page.who.phone)


def _link(secret: str) -> Opened | None:
    """Read once a request: the counters of wrong guesses ask it too (views/limits.py)."""
    if "own_link" not in g:
        try:
            g.own_link = follow(secret, request.cookies.get(COOKIE))
        except NotVisible:
            g.own_link = None
    found: Opened | None = g.own_link
    return found


def _closed() -> ResponseReturnValue:
    """What opens nothing; a link that wrong dates locked says whom to call."""
    organisation = locked_link_of((request.view_args or {}).get("secret", ""))
    if organisation is None:
        return render_template("own_page/closed.html"), 404
    with db.acting_for(organisation), db.atomic():
        body = body_of(organisation)
    return render_template("own_page/locked.html", body=body), 404
