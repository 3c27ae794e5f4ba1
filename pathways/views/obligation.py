"""The obligation to be in training from 16 to 18: who is outside any situation, summoning them, informing the département."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pathways import clock, db
from pathways.errors import Refused
from pathways.forms.base import BaseForm
from pathways.forms.obligation import EVERYBODY, MINE, WITHIN, SummonsForm, as_query, read_filters
from pathways.operations.recording import record_event
from pathways.queries.attendants import own_open_steps
from pathways.queries.obligation import COVERED, MOST, OUT, RECENT, Minors, minors, with_summonses
from pathways.queries.person import Identity, identity
from pathways.queries.steps import StepRow, steps_of
from pathways.sharing import naming
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import Group
from pathways.sharing.language import N_, _
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentences
from pathways.views.addresses import asked_back, here
from pathways.views.gate import account, mandate, reader, requires
from pathways.views.undo import say_done
from pathways.workflows.events import EVENTS
from pathways.workflows.obligation import ENOUGH_SUMMONSES, LABELS, SUMMONS
from pathways.workflows.schemes import SCHEMES

bp = Blueprint("obligation", __name__, url_prefix="/obligation-de-formation")
bp.add_app_template_filter(lambda code: _(LABELS.get(code, code)), "situation_label")

PAGE = 50
SHOWN = (Group.IDENTITY, Group.CONTACT, Group.ADMINISTRATIVE, Group.SIGNALS)
CHECKED_BY = EVENTS["departement_informed"].by
TABS = (
    (OUT, N_("Hors de toute situation")),
    (RECENT, N_("À préciser")),
    (COVERED, N_("Dans une situation")),
    (EVERYBODY, N_("Tous")),
)


@bp.get("")
@requires(Permission.ENTRY_RECORD)
def index() -> ResponseReturnValue:
    """``?etat=``, ``?majorite=`` (days), ``?q=``, ``?vue=miens`` narrow the list; ``?page=`` counts from 1."""
    _check_kind()
    filters = read_filters(request.args)
    with db.atomic():
        found = minors(reader(), filters)
        last = max(1, (len(found.rows) - 1) // PAGE + 1)
        asked = request.args.get("page", "")
        number = min(int(asked), last) if asked.isdecimal() and 0 < len(asked) < 4 else 1  # noqa: PLR2004 -- pages of a list
        number = max(1, number)
        rows = with_summonses(found.rows[(number - 1) * PAGE : number * PAGE], reader())
        disclose([each.person_id for each in rows], "obligation.index", SHOWN)
    query = as_query(filters)
    return render_template(
        "obligation/index.html",
        found=found,
        rows=rows,
        filters=filters,
        asked=query,
        tabs=_tabs(found, query, filters.state or EVERYBODY),
        enough=ENOUGH_SUMMONSES,
        within=WITHIN,
        mine=MINE,
        most=MOST,
        page=number,
        last=last,
        here=here,
        out=OUT,
    )


def _tabs(found: Minors, query: Mapping[str, Any], current: str) -> list[tuple[str, str, int, bool]]:
    def address(code: str) -> str:
        return url_for(".index", **{**query, "etat": code})

    total = sum(found.counts.values())
    return [
        (_(label), address(code), total if code == EVERYBODY else found.counts.get(code, 0), code == current)
        for code, label in TABS
    ]


@bp.route("/<uuid:person>/convocation", methods=["GET", "POST"])
@requires(Permission.ENTRY_RECORD)
def summon(person: uuid.UUID) -> ResponseReturnValue:
    """An appointment to come, that says what it is for: its result is noted like any other's."""
    who, steps = _subject(person)
    form = SummonsForm()
    form.offer([(step.public_id, f"{naming.scheme(step.scheme)} · {step.organisation}") for step in steps])
    if steps and form.validate_on_submit():
        step = next(each for each in steps if each.public_id == form.step.data)
        data = {"status": "planned", "kind": SUMMONS}
        try:
            with db.atomic():
                entry = record_event(
                    person_id=who.id, type="appointment", occurred_on=form.day.data or clock.today(), data=data,
                    enrolment_id=step.id, user_id=account().id, organisation_id=mandate().organisation_id,
                )  # fmt: skip
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            say_done(_("{name} : convocation enregistrée.").format(name=_name(who)), [entry], _back())
            return redirect(_back(), code=303)
    return render_template("obligation/summon.html", person=who, steps=steps, form=form, back=_back()), form.status


@bp.post("/<uuid:person>/informer-le-departement")
@requires(Permission.ENTRY_RECORD)
def inform(person: uuid.UUID) -> ResponseReturnValue:
    """The president of the département was informed, after two summonses without an answer."""
    who, _steps = _subject(person)
    if not BaseForm().validate():
        abort(400)
    try:
        with db.atomic():
            entry = record_event(
                person_id=who.id, type="departement_informed", occurred_on=clock.today(), data={}, user_id=account().id,
                organisation_id=mandate().organisation_id,
            )  # fmt: skip
    except Refused as refusal:
        flash(" ".join(reason_sentences(refusal.reasons)), "info")
    else:
        said = _("{name} : information du président du département enregistrée.")
        say_done(said.format(name=_name(who)), [entry], _back())
    return redirect(_back(), code=303)


def _subject(person: uuid.UUID) -> tuple[Identity, list[StepRow]]:
    _check_kind()
    with db.atomic():
        who = identity(person, reader())
        steps = steps_of([who.id], reader()).get(who.id, [])
        disclose([who.id], "obligation.summon", [Group.IDENTITY, Group.CONTACT])
    return who, [each for each in own_open_steps(steps, reader()) if "appointment" in SCHEMES[each.scheme].workflow.events]


def _check_kind() -> None:
    """For those who check the obligation: a mission locale, the network of school leavers."""
    if mandate().kind not in CHECKED_BY:
        abort(403)


def _name(who: Identity) -> str:
    return f"{who.given_name} {who.family_name}"


def _back() -> str:
    return asked_back(url_for(".index"))
