"""What to deal with today."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from pathways import db
from pathways.forms.filters import SCOPES, as_work_query, read_work_filters
from pathways.forms.follow_up import APPOINTMENT_RESULTS
from pathways.queries import hand_overs, notifications
from pathways.queries.appointments import unanswered_appointments
from pathways.queries.incidents import mentioned, mentions
from pathways.queries.worklist import worklist
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import Group
from pathways.sharing.permissions import Permission
from pathways.views.addresses import here
from pathways.views.gate import reader, requires

bp = Blueprint("worklist", __name__)

SHOWN = (Group.IDENTITY, Group.CONTACT, Group.ADMINISTRATIVE, Group.APPOINTMENTS, Group.SIGNALS)


@bp.get("/a-traiter")
@requires(Permission.ALERT_ACT)
def show() -> ResponseReturnValue:
    """``?vue=`` says whose alerts, ``?q=`` a name; ``?page=`` is the cursor of a page."""
    filters, who = read_work_filters(request.args), reader()
    with db.atomic():
        page = worklist(who, filters)
        told = mentions(mentioned(signal for row in page.rows for alert in row.alerts for signal in alert.signals), who)
        relays, unread = hand_overs.waiting(who), notifications.unread(who)
        appointments, waiting = ([], 0) if filters.at or filters.search else unanswered_appointments(who)
        disclose([*(row.id for row in page.rows), *(each.person_id for each in appointments)], "worklist.show", SHOWN)
    return render_template(
        "worklist/show.html",
        page=page,
        told_incidents=told,
        filters=filters,
        query=as_work_query(filters),
        scopes=SCOPES,
        relays=relays,
        unread=unread,
        appointments=appointments,
        waiting=waiting,
        results=APPOINTMENT_RESULTS,
        here=here(),
    )
