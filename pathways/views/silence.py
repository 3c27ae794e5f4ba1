"""« Pourquoi pas d’alerte ? »: the facts of a person for whom nothing is asked, and what would speak first if nobody acted."""

from __future__ import annotations

import uuid

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from pathways import db
from pathways.queries.alerts import open_alerts, silence
from pathways.queries.outlook import CLOCK, outlook_for
from pathways.queries.person import identity
from pathways.queries.rights import objects
from pathways.queries.signals import open_signals
from pathways.queries.steps import steps_of
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import Group
from pathways.sharing.permissions import Permission
from pathways.views.gate import mandate, reader, requires

bp = Blueprint("silence", __name__, url_prefix="/personnes")
NEAREST = 3
"""Rules told: those that would speak first."""


@bp.get("/<uuid:person>/pourquoi-pas-d-alerte")
@requires(Permission.ALERT_ACT)
def show(person: uuid.UUID) -> ResponseReturnValue:
    who = reader()
    with db.atomic():
        of = identity(person, who)
        steps = steps_of([of.id], who).get(of.id, [])
        signals = open_signals([of.id], who).get(of.id, [])
        alerts = open_alerts(of.id, who)
        told = silence(of.id, who)
        coming = [each for each in outlook_for(of, steps, who) if not each.rule.startswith(CLOCK)]
        since = objects(of.id, who)
        disclose([of.id], "silence.show", [Group.IDENTITY, Group.SIGNALS])
    asked = [each for each in alerts if each.own and each.id not in {waiting.id for waiting in told.waiting}]
    return render_template(
        "alerts/silence.html",
        person=of,
        asked=asked,
        elsewhere=[each for each in alerts if not each.own],
        told=told,
        shown_only=[each for each in signals if each.level == "info"],
        coming=coming[:NEAREST],
        steps={step.id: step for step in steps},
        objects=since,
        organisation=mandate().name,
    )
