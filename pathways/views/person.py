"""The page of one person."""

from __future__ import annotations

import uuid

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from pathways import clock, db
from pathways.operations.possibilities import possible_events
from pathways.queries.agreements import adaptations_for
from pathways.queries.duplicates import notes_about
from pathways.queries.hand_overs import of_person
from pathways.queries.obstacles import obstacles_of
from pathways.queries.outlook import outlook_for
from pathways.queries.person import record
from pathways.queries.requests import about
from pathways.queries.timeline import by_day
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import PERSON_PAGE, Group
from pathways.sharing.permissions import Permission
from pathways.views.declarable import arrange
from pathways.views.duplicates import leads_to_the_kept_record
from pathways.views.gate import mandate, reader, requires
from pathways.workflows.actors import PRESCRIBERS
from pathways.workflows.events import EVENTS

ABOUT_NO_STEP = ("ft_registered", "ft_deregistered", "rqth_renewed", "school_exit", "deceased")
"""What may be declared about somebody whatever the step."""

bp = Blueprint("person", __name__, url_prefix="/personnes")


@bp.get("/<uuid:person>")
@requires(Permission.PERSON_READ)
@leads_to_the_kept_record
def show(person: uuid.UUID) -> ResponseReturnValue:
    today, who = clock.today(), reader()
    with db.atomic():
        page = record(person, who, request.args.get("avant", ""))
        notes = notes_about(page.identity.id, who)
        passages = of_person(page.identity.id, who)
        requests = about(page.identity.id, who)
        coming = outlook_for(page.identity, page.steps, who)
        options = possible_events(person_id=page.identity.id, organisation_id=mandate().organisation_id, on=today)
        obstacles = obstacles_of(page.identity.id, page.steps, who, page.identity.bond)
        adaptations = adaptations_for(page.identity.id, who) if Group.HEALTH in page.identity.agreed else []
        more = [*([Group.SOCIAL] if obstacles else []), *([Group.HEALTH] if adaptations else [])]
        disclose([page.identity.id], "person.show", (*PERSON_PAGE, *more))
    # After a death, entries are read and corrected; nothing more is offered.
    of_steps, openings = arrange(options if page.identity.died_on is None else [], page.steps)
    return render_template(
        "person/show.html",
        page=page,
        coming=coming,
        obstacles=obstacles,
        adaptations=adaptations,
        of_steps=of_steps,
        declarable={each.step.id: each for each in of_steps if each.step},
        openings=openings,
        prescribes=any(option.event == "prescribed" for each in openings for option in each.allowed),
        prescribes_for=mandate().kind in PRESCRIBERS,
        about_the_person=[event for event in ABOUT_NO_STEP if mandate().kind in EVENTS[event].by],
        days=by_day(page.entries),
        notes=notes,
        passages=passages,
        requests=requests,
    )
