"""The reference of the signals: what each means, when it shows, how it ends, and the thresholds in force."""

from __future__ import annotations

from contextlib import nullcontext

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from pathways import clock, db
from pathways.detection.budget import DUE_IN
from pathways.queries.schemes import plain
from pathways.queries.signal_reference import families_of, references
from pathways.sharing import audience, meanings
from pathways.sharing.language import _
from pathways.sharing.naming import scheme as scheme_name
from pathways.sharing.thresholds import FAMILIES, THRESHOLDS, value_sentence
from pathways.views.gate import account, signed_in
from pathways.workflows.schemes import SCHEMES

bp = Blueprint("signals", __name__, url_prefix="/signaux")


@bp.get("/")
@signed_in
def index() -> ResponseReturnValue:
    held = g.get("mandate")
    with db.acting_for(held.organisation_id, account().id) if held else nullcontext():
        found = references(held.organisation_id if held else None)
    return render_template(
        "signals/index.html",
        families=found,
        family_names=FAMILIES,
        told=_,
        plain=plain,
        due_in=DUE_IN,
        day=clock.today(),
        meaning=meanings.meaning,
        audience_words=audience.WORDS,
        never=audience.NEVER,
        looked_at=lambda codes: [scheme_name(each) if each in SCHEMES else _(each) for each in families_of(codes)],
        value_of=value_sentence,
        threshold_of=lambda name: THRESHOLDS[name],
    )
