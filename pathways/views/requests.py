"""Coded requests between organisations: the list of both sides, asking, answering, withdrawing, and what a reply may declare."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any, NamedTuple

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pathways import clock, db
from pathways.errors import Refused
from pathways.forms.events import FIELD
from pathways.forms.requests import MINE, SIDES, STATE_LABELS, STATES, AnswerForm, AskForm, as_query, read_filters
from pathways.operations import requests as operations
from pathways.operations.possibilities import possible_events
from pathways.queries import requests as queries
from pathways.queries.person import identity
from pathways.queries.requests import RequestRow
from pathways.queries.steps import steps_of
from pathways.sharing import naming
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import Group
from pathways.sharing.language import _
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentences
from pathways.sharing.requests import question_said, reply_label, reply_said
from pathways.views.gate import account, mandate, reader, requires
from pathways.views.undo import say_request
from pathways.workflows.events import ABOUT_THE_PERSON, EVENTS
from pathways.workflows.requests import ASKING, QUESTIONS, REPLIES, Fact, Stage

bp = Blueprint("requests", __name__, url_prefix="/demandes")
bp.add_app_template_filter(question_said, "question")
bp.add_app_template_filter(reply_label, "reply_label")
bp.add_app_template_filter(clock.paris_day, "paris_day")
bp.add_app_template_global(reply_said, "reply_said")
bp.add_app_template_global(lambda code: QUESTIONS[code].replies if code in QUESTIONS else (), "replies_of")

SHOWN = (Group.IDENTITY, Group.ADMINISTRATIVE)
FROM_PERSON = "person"
"""What the forms on the page of a person send, to come back there."""


class Offer(NamedTuple):
    """A way to declare what a reply tells: the event, on which step if any, and the address of its screen."""

    event: str
    scheme: str | None
    url: str


@bp.before_app_request
def count_waiting() -> None:
    """The bar says how many requests wait for an answer of the organisation one acts for."""
    holder = g.get("mandate")
    if holder and request.method == "GET" and Permission.PERSON_READ in holder.permissions and holder.kind in ASKING:
        with db.acting_for(holder.organisation_id, account().id), db.atomic():
            found = queries.waiting(reader())
        g.requests_waiting = found if found.total else None


@bp.get("")
@requires(Permission.PERSON_READ)
def index() -> ResponseReturnValue:
    """``?sens=envoyees``, ``?etat=``, ``?objet=``, ``?pour=moi``: what was received and waits without them; ``?page=``: where."""
    filters = read_filters(request.args)
    with db.atomic():
        page = queries.requests_of(reader(), filters, request.args.get("page", ""))
        whole = page.shown_whole
        disclose(whole, queries.LIST_PAGE, SHOWN)
        disclose([each.person_id for each in page.rows if each.person_id not in whole], queries.OTHER_PAGE, SHOWN)
    return render_template(
        "requests/index.html", page=page, filters=filters, query=as_query(filters), sides=SIDES,
        states=STATES, labels=STATE_LABELS, to_me=MINE, codes=list(QUESTIONS),
    )  # fmt: skip


@bp.route("/nouvelle/<uuid:person>", methods=["GET", "POST"])
@requires(Permission.ENTRY_RECORD)
def new(person: uuid.UUID) -> ResponseReturnValue:
    """``?a=`` is the organisation asked, the only one there is without it."""
    with db.atomic():
        who = identity(person, reader())
        partners = [] if who.died_on else queries.partners(who.id, reader())
        disclose([who.id], "requests.new", SHOWN)
    wanted = request.args.get("a", "")
    partner = next((each for each in partners if each.public_id == wanted), partners[0] if len(partners) == 1 else None)
    if partner is None:
        return render_template("requests/new.html", person=who, partners=partners, partner=None, form=None)
    form = AskForm()
    form.offer(partner, clock.today())
    if form.validate_on_submit():
        to = operations.Addressee(uuid.UUID(partner.public_id), uuid.UUID(form.user_asked.data) if form.user_asked.data else None)
        try:
            asked = operations.ask(
                who.id, to, form.question.data, due_in=int(form.due_in.data) if form.due_in.data else None, **_by()
            )
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            back = url_for("person.show", person=person)
            say_request(_("La demande est envoyée à {other}.").format(other=partner.name), asked, back)
            return redirect(back, code=303)
    page = render_template("requests/new.html", person=who, partners=partners, partner=partner, form=form)
    return page, form.status


@bp.get("/<uuid:asked>")
@requires(Permission.PERSON_READ)
def show(asked: uuid.UUID) -> ResponseReturnValue:
    return _page(asked, AnswerForm())


@bp.post("/<uuid:asked>/repondre")
@requires(Permission.ENTRY_RECORD)
def answer(asked: uuid.UUID) -> ResponseReturnValue:
    """What tells a fact leads to the page of the request, where it is offered to declare it; the rest back to where one was."""
    with db.atomic():
        found = queries.one(asked, reader())
    form = AnswerForm()
    if not form.validate_on_submit():
        return _page(asked, form)
    try:
        operations.answer(found.id, form.reply.data, form.on.data, **_by())
    except Refused as refusal:
        form.refuse(reason_sentences(refusal.reasons))
        return _page(asked, form)
    given = REPLIES[str(form.reply.data)]
    back = url_for("requests.show", asked=asked) if given.facts else _back(found)
    said = _("Réponse envoyée à {other} : {reply}.")
    say_request(said.format(other=found.other, reply=reply_said(given.code, form.on.data)), asked, back)
    return redirect(back, code=303)


@bp.post("/<uuid:asked>/retirer")
@requires(Permission.ENTRY_RECORD)
def withdraw(asked: uuid.UUID) -> ResponseReturnValue:
    """It no longer waits for an answer."""
    with db.atomic():
        found = queries.one(asked, reader())
    try:
        operations.withdraw_request(found.id, **_by())
    except Refused as refusal:
        flash(" ".join(reason_sentences(refusal.reasons)), "info")
    else:
        say_request(_("La demande à {other} est retirée.").format(other=found.other), asked, _back(found))
    return redirect(_back(found), code=303)


def _page(asked: uuid.UUID, form: AnswerForm) -> ResponseReturnValue:
    with db.atomic():
        found = queries.one(asked, reader())
        offers, declared = _offers(found)
        disclose([found.person_id], "requests.show", SHOWN)
    page = render_template("requests/show.html", each=found, form=form, offers=offers, declared=declared)
    return page, form.status if form.is_submitted() else 200


def _offers(found: RequestRow) -> tuple[list[Offer], bool]:
    """The screens on which whoever answered may declare what the reply tells, and whether they have since."""
    given = REPLIES.get(found.reply or "")
    facts = given.facts if given else ()
    if found.stage is not Stage.ANSWERED or found.sent_by_me or not facts or found.closed_at is None:
        return [], False
    if Permission.ENTRY_RECORD not in mandate().permissions:
        return [], False
    if queries.is_declared(found.person_id, [each.event for each in facts], found.closed_at, reader()):
        return [], True
    return list(_ways(found, facts)), False


def _ways(found: RequestRow, facts: tuple[Fact, ...]) -> Iterator[Offer]:
    options = possible_events(person_id=found.person_id, organisation_id=mandate().organisation_id, on=clock.today())
    allowed = {(each.enrolment_id, option.event) for each in options for option in each.options if option.allowed}
    steps = [each for each in steps_of([found.person_id], reader()).get(found.person_id, []) if each.is_open and each.own]
    for fact in facts:
        filled = dict(_filled(fact, found))
        if fact.event in ABOUT_THE_PERSON:
            if mandate().kind in EVENTS[fact.event].by:
                yield Offer(fact.event, None, url_for("events.record", person=found.person, event=fact.event, **filled))
            continue
        for step in steps:
            if (step.id, fact.event) in allowed:
                url = url_for("events.record", person=found.person, event=fact.event, etape=step.public_id, **filled)
                yield Offer(fact.event, naming.scheme(step.scheme), url)


def _filled(fact: Fact, found: RequestRow) -> Iterator[tuple[str, Any]]:
    """What the screen of the event has in it already."""
    if found.reply_on is not None:
        yield FIELD + fact.day_as if fact.day_as else "le", found.reply_on.isoformat()
    for name, value in fact.data.items():
        yield FIELD + name, value


def _back(found: RequestRow) -> str:
    if request.form.get("from") == FROM_PERSON:
        return url_for("person.show", person=found.person)
    return url_for("requests.index", sens=SIDES[queries.SENT] if found.sent_by_me else None)


def _by() -> dict[str, int]:
    """Who acts, and for which organisation."""
    return {"organisation_id": mandate().organisation_id, "user_id": account().id}
