"""Positionings: who waits for the body's answer, and answering one or several at once."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pathways import clock, db
from pathways.forms.groups import AFTER_ADMISSION, ANSWERS, CANCELLED, ENTERED, WAITLISTED, AnswerForm
from pathways.operations.declaring import Asked, Declared, declare_together
from pathways.queries import positions as queries
from pathways.queries.positions import EXPECTED, LISTED, STATES, WAITING, Position
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import Group
from pathways.sharing.language import ngettext
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentences
from pathways.views.body_tabs import Numbers, numbers
from pathways.views.gate import account, mandate, reader, requires
from pathways.views.undo import say_done

bp = Blueprint("positions", __name__, url_prefix="/positionnements")


@bp.route("", methods=["GET", "POST"])
@requires(Permission.GROUP_MANAGE)
def index() -> ResponseReturnValue:
    """``?vue=`` names a tab. The list is the form: those ticked get the same answer."""
    tab = request.args.get("vue", WAITING)
    tab = tab if tab in STATES else WAITING
    sizes, rows, tabs = _read(tab)
    form = AnswerForm(data={"on": clock.today()})
    answers = AFTER_ADMISSION if tab == EXPECTED else ANSWERS
    form.ask({code: label for code, label in answers.items() if not (tab == LISTED and code == WAITLISTED)})
    if form.validate_on_submit():
        chosen = [each for each in rows if each.step in form.steps.answer]
        done = _declare(form, chosen)
        if done.steps:
            said = ngettext("{n} réponse enregistrée.", "{n} réponses enregistrées.", len(done.steps))
            say_done(said.format(n=len(done.steps)), done.entries, url_for(".index", vue=tab))
        if not done.refused:
            return redirect(url_for(".index", vue=tab), code=303)
        names = {each.enrolment_id: f"{each.given_name} {each.family_name}" for each in chosen}
        form.refuse(
            f"{names[step]} : {sentence}" for step, reasons in done.refused.items() for sentence in reason_sentences(reasons)
        )
        form.steps.data = [str(each.step) for each in chosen if each.enrolment_id in done.refused]
        sizes, rows, tabs = _read(tab)
    page = render_template(
        "positions/index.html",
        rows=rows,
        tab=tab,
        sizes=sizes,
        numbers=tabs,
        form=form,
        most=queries.MOST,
        cancelled=CANCELLED,
        entered=ENTERED,
    )
    return page, form.status


def _read(tab: str) -> tuple[dict[str, int], list[Position], Numbers]:
    """How many each tab holds, and this one's: reading it is logged, since it shows names and phone numbers."""
    with db.atomic():
        sizes, rows, tabs = queries.counts(reader()), queries.positions(reader(), tab), numbers(reader())
        disclose([each.person_id for each in rows], "positions.index", [Group.IDENTITY, Group.CONTACT, Group.TRAINING])
    return sizes, rows, tabs


def _declare(form: AnswerForm, chosen: list[Position]) -> Declared:
    on = form.on.data or clock.today()
    asked = [Asked(each.person_id, each.enrolment_id, form.answer.data, on, form.details()) for each in chosen]
    return declare_together(asked, organisation_id=mandate().organisation_id, user_id=account().id)
