"""Follow-ups after a course: who left, which follow-up is to be done, and answering one or a group in a table."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pathways import clock, db
from pathways.errors import Refused
from pathways.forms.base import BaseForm
from pathways.forms.follow_ups import MINE, NO_ANSWER, STATUSES, AnswerForm, TableForm, as_query, read_filters
from pathways.operations.declaring import Asked, Declared, declare_together
from pathways.operations.recording import record_event
from pathways.queries import follow_ups as queries
from pathways.queries.follow_ups import ExitRow, Exits, Filters, exit_of, exits, with_contacts
from pathways.sharing import naming
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import Group
from pathways.sharing.language import N_, _, ngettext
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentences
from pathways.views.addresses import asked_back, here
from pathways.views.gate import account, mandate, reader, requires
from pathways.views.undo import say_done
from pathways.workflows.follow_ups import CONTRACTS, LENGTHS, OFFERED, SITUATIONS, WORKING

bp = Blueprint("followups", __name__)

SHOWN = (Group.IDENTITY, Group.CONTACT, Group.OUTCOMES)
PAGE = 50
TABLE = 30
"""Lines of a table: those who left one course together."""
ICONS = {
    "EN_EMPLOI": "briefcase", "EN_ALTERNANCE": "easel", "CREATION_ENTREPRISE": "shop", "SERVICE_CIVIQUE": "people",
    "EN_FORMATION": "book", "RETOUR_SCOLARITE": "mortarboard", "ACCOMPAGNE": "signpost-split", "RECHERCHE_EMPLOI": "search",
    "INACTIVITE": "pause-circle", "INDISPONIBLE": "slash-circle", "INJOIGNABLE": "telephone-x",
}  # fmt: skip
bp.add_app_template_filter(lambda code: naming.detail("followup", "situation", code), "answer_label")
TABS = (("", N_("À faire")), ("retard", N_("En retard")), ("venir", N_("À venir")), ("faits", N_("Répondus")))


@bp.get("/suivis")
@requires(Permission.ENTRY_RECORD)
def index() -> ResponseReturnValue:
    """``?etat=``, ``?dispositif=``, ``?groupe=``, ``?mois=``, ``?vue=miens`` narrow the list; ``?page=`` counts from 1."""
    filters = read_filters(request.args)
    found, shown, number = _read(filters, PAGE, "followups.index")
    return render_template(
        "followups/index.html",
        found=found,
        rows=shown,
        filters=filters,
        asked=as_query(filters),
        tabs=_tabs(found, filters),
        page=number,
        last=(len(found.rows) - 1) // PAGE + 1,
        table=TABLE,
        mine=MINE,
        most=queries.MOST,
        here=here,
        months=queries.MONTHS,
    )


def _read(filters: Filters, size: int, view: str) -> tuple[Exits, list[ExitRow], int]:
    """What is found, this page of it with whom to call, and its number. The look at these names is logged."""
    with db.atomic():
        found = exits(reader(), filters)
        number = _page_number(len(found.rows), size)
        shown = found.rows[(number - 1) * size : number * size]
        with_contacts(shown, reader())
        disclose([row.person_id for row in shown], view, SHOWN)
    return found, shown, number


def _page_number(total: int, size: int) -> int:
    asked = request.args.get("page", "")
    wanted = int(asked) if asked.isdecimal() and len(asked) < 5 else 1  # noqa: PLR2004 -- no list has ten thousand pages
    return max(1, min(wanted, (total - 1) // size + 1))


def _tabs(found: Exits, filters: Filters) -> list[tuple[str, str, int, bool]]:
    """(label, address, how many, current) of each state."""
    made = []
    for code, label in TABS:
        status = str(STATUSES.get(code, ""))
        number = found.counts[status] if status else sum(found.counts[str(each)] for each in queries.TO_DO)
        query = as_query(filters) | {"etat": code}
        made.append((_(label), url_for(".index", **{k: v for k, v in query.items() if v}), number, filters.status == status))
    return made


@bp.route("/suivis/etapes/<uuid:step>/<int:month>", methods=["GET", "POST"])
@requires(Permission.ENTRY_RECORD)
def answer(step: uuid.UUID, month: int) -> ResponseReturnValue:
    """``?situation=`` asks about the contract that goes with it; ``?retour=`` is the list to go back to."""
    row = _one(step, month)
    form = AnswerForm()
    situation = form.situation.data if form.is_submitted() else request.args.get("situation", "")
    situation = situation if situation in SITUATIONS else ""
    form.ask_about(situation)
    if form.validate_on_submit():
        try:
            entry = _record(row, "followup", {"month": month, **form.details}, form)
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            name = f"{row.given_name} {row.family_name}"
            said = _("{name} : « {situation} », suivi à {month} mois enregistré.")
            say_done(said.format(name=name, situation=_(SITUATIONS[situation]), month=month), [entry], _back())
            return redirect(_back(), code=303)
    page = render_template(
        "followups/answer.html",
        row=row,
        line=row.line(month),
        month=month,
        form=form,
        situation=situation if situation in WORKING else "",
        situations=SITUATIONS,
        working=WORKING,
        icons=ICONS,
        back=_back(),
        carried={"retour": request.args["retour"]} if "retour" in request.args else {},
    )
    return page, form.status


@bp.post("/suivis/etapes/<uuid:step>/<int:month>/sans-reponse")
@requires(Permission.ENTRY_RECORD)
def no_answer(step: uuid.UUID, month: int) -> ResponseReturnValue:
    """Somebody was called in vain: an attempt, and the follow-up is still to be done."""
    row, form = _one(step, month), BaseForm()
    if not form.validate():
        abort(400)
    try:
        entry = _record(row, "contact_attempt", {"channel": "phone", "result": "failed"})
    except Refused as refusal:
        flash(" ".join(reason_sentences(refusal.reasons)), "info")
    else:
        tries = ngettext("{n} tentative depuis la sortie.", "{n} tentatives depuis la sortie.", row.attempts + 1)
        name = f"{row.given_name} {row.family_name}"
        said = _("{name} : pas de réponse.").format(name=name)
        say_done(f"{said} {tries.format(n=row.attempts + 1)}", [entry], _back())
    return redirect(_back(), code=303)


def _one(step: uuid.UUID, month: int) -> ExitRow:
    with db.atomic():
        row = exit_of(step, reader())
        if row.line(month) is None:
            abort(404)
        with_contacts([row], reader())
        disclose([row.person_id], "followups.answer", SHOWN)
    return row


def _record(row: ExitRow, event: str, data: Mapping[str, object], form: AnswerForm | None = None) -> int:
    on = form.day.data if form is not None and form.day.data else clock.today()
    with db.atomic():
        return record_event(
            person_id=row.person_id,
            type=event,
            occurred_on=on,
            data=data,
            enrolment_id=row.enrolment_id,
            user_id=account().id,
            organisation_id=mandate().organisation_id,
        )


def _back() -> str:
    return asked_back(url_for(".index"))


@bp.route("/suivis/tableau", methods=["GET", "POST"])
@requires(Permission.ENTRY_RECORD)
def table() -> ResponseReturnValue:
    """The same filters as the list: one line for each who has a follow-up to do, recorded together."""
    filters = read_filters(request.args)
    found, rows, number = _read(filters, TABLE, "followups.table")
    rows = [row for row in rows if row.next is not None]
    form = TableForm()
    refused: Mapping[int, Sequence[str]] = {}
    if form.validate_on_submit():
        done = _declare(form, rows)
        if done.entries:
            said = ngettext("{n} suivi noté.", "{n} suivis notés.", len(done.steps)).format(n=len(done.steps))
            say_done(said, done.entries, url_for(".table", **as_query(filters)))
        if done.entries and not done.refused:
            return redirect(url_for(".index", **as_query(filters)), code=303)
        refused = {step: reason_sentences(reasons) for step, reasons in done.refused.items()}
        left = _("Ce qui n’a pas pu être noté reste ci-dessous, avec la raison.")
        form.refuse([left if refused else _("Rien n’a été rempli.")])
    page = render_template(
        "followups/table.html",
        found=found,
        rows=rows,
        form=form,
        refused=refused,
        situations=SITUATIONS,
        offered={code: CONTRACTS[code] for codes in OFFERED.values() for code in codes},
        lengths=LENGTHS,
        no_answer=NO_ANSWER,
        asked=as_query(filters),
        page=number,
        last=(len(found.rows) - 1) // TABLE + 1,
    )
    return page, form.status


def _declare(form: TableForm, rows: Sequence[ExitRow]) -> Declared:
    """What is filled in, each line on its own: an answer for the follow-up to do, or an attempt."""
    on, asked = form.day.data or clock.today(), []
    for row in rows:
        said = form.line(row.step)
        if not said or row.next is None:
            continue
        called_in_vain = said["situation"] == NO_ANSWER
        what = "contact_attempt" if called_in_vain else "followup"
        data = {"channel": "phone", "result": "failed"} if called_in_vain else {"month": row.next.month, **said}
        asked.append(Asked(row.person_id, row.enrolment_id, what, on, data))
    return declare_together(asked, organisation_id=mandate().organisation_id, user_id=account().id)
