"""The schemes: what each is, its rules with their dates and texts, its workflow drawn, and somebody's place in it."""

from __future__ import annotations

import uuid
from contextlib import nullcontext
from typing import Any

from flask import Blueprint, abort, g, render_template, request
from flask.typing import ResponseReturnValue

from pathways import clock, db
from pathways.operations.possibilities import possible_events
from pathways.queries import schemes as queries
from pathways.queries.place import Place, place
from pathways.sharing import scheme_words
from pathways.sharing.audience import NEVER
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import Group
from pathways.sharing.language import _, short_day
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import proposal
from pathways.sharing.thresholds import THRESHOLDS, label_of, value_sentence
from pathways.views.diagram import drawings
from pathways.views.gate import account, mandate, reader, requires, signed_in
from pathways.workflows.definition import Workflow
from pathways.workflows.graph import passages, places
from pathways.workflows.schemes import SCHEMES

bp = Blueprint("schemes", __name__)
WORDS: dict[str, Any] = {
    "told": _,
    "words": scheme_words,
    "proposal": proposal,
    "label_of": label_of,
    "value_of": value_sentence,
    "locked": lambda name: THRESHOLDS[name].is_locked,
    "never": NEVER,
}


@bp.get("/dispositifs/")
@signed_in
def index() -> ResponseReturnValue:
    """``?q=``: words to look for; ``?etat=``: open or closed ones only."""
    search, only = request.args.get("q", "").strip(), request.args.get("etat", "")
    today = clock.today()
    matching = {each.scheme.code for _family, found in queries.catalogue(today, search, only) for each in found}
    return render_template(
        "schemes/index.html",
        families=queries.catalogue(today, only=only),
        matching=matching,
        search=search,
        only=only,
        counts={
            which: sum(len(found) for _family, found in queries.catalogue(today, only=which))
            for which in (queries.ALL, queries.OPEN, queries.CLOSED)
        },
        words_of=queries.words_of,
        told=_,
    )


@bp.get("/dispositifs/<code>")
@signed_in
def show(code: str) -> ResponseReturnValue:
    if code not in SCHEMES:
        abort(404)
    held = g.get("mandate")
    with db.acting_for(held.organisation_id, account().id) if held else nullcontext():
        sheet = queries.sheet(code, clock.today(), held.organisation_id if held else None)
    workflow = sheet.scheme.workflow
    return render_template(
        "schemes/show.html",
        sheet=sheet,
        scheme=sheet.scheme,
        groups=queries.held_groups(sheet.held),
        **_drawn(workflow),
        **WORDS,
    )


@bp.get("/personnes/<uuid:person>/etapes/<uuid:step>/dispositif")
@requires(Permission.PERSON_READ)
def whereabouts(person: uuid.UUID, step: uuid.UUID) -> ResponseReturnValue:
    """Where a step of somebody stands in its scheme."""
    with db.atomic():
        found = place(person, step, reader())
        options = possible_events(
            person_id=found.identity.id, organisation_id=mandate().organisation_id, on=clock.today()
        )
        disclose([found.identity.id], "schemes.whereabouts", [Group.IDENTITY, Group.ADMINISTRATIVE, Group.SIGNALS])
    allowed = {
        option.event for each in options if each.enrolment_id == found.step.id for option in each.options if option.allowed
    }
    return render_template(
        "schemes/place.html",
        place=found,
        person=found.identity,
        scheme=found.scheme,
        allowed=allowed if Permission.ENTRY_RECORD in mandate().permissions else frozenset(),
        **_drawn(found.scheme.workflow, found),
        **WORDS,
    )


def _drawn(workflow: Workflow, found: Place | None = None) -> dict[str, Any]:
    """The two drawings and the list that says the same."""
    entered = found.entered if found else {}
    labels = {
        where: (scheme_words.place(where), short_day(entered[str(where)]) if str(where) in entered else "")
        for where in places(workflow)
    }
    wide, narrow = drawings(workflow, labels)
    return {
        "wide": wide,
        "narrow": narrow,
        "passages": passages(workflow),
        "final": workflow.final,
        "classes": found.states if found else {},
        "made": found.passed if found else frozenset(),
    }
