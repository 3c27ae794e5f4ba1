"""Where one begins, and the lists of the persons one accompanies."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pathways import clock, db
from pathways.forms.filters import as_query, read_filters
from pathways.queries import caseload as queries
from pathways.queries.worklist import anything_to_treat
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import CASELOAD
from pathways.sharing.permissions import Permission
from pathways.sharing.territories import names_on
from pathways.views.active_filters import Choices, active_filters, offers
from pathways.views.addresses import here
from pathways.views.gate import account, mandate, reader, requires, signed_in
from pathways.workflows.actors import TRAINING_BODIES

bp = Blueprint("caseload", __name__)


@bp.get("/")
@signed_in
def home() -> ResponseReturnValue:
    """The page somebody's work begins with; a word of explanation for those who open no record."""
    if g.mandate is None:
        return redirect(url_for("auth.choose"), code=303)
    first = _first_page()
    return redirect(url_for(first), code=303) if first else render_template("caseload/no_records.html")


def _first_page() -> str | None:
    """Groups for a body that trains, the team for whoever steers it, members for whoever only runs accounts; else a list."""
    held = mandate().permissions
    if Permission.GROUP_MANAGE in held and mandate().kind in TRAINING_BODIES:
        return "groups.index"
    if Permission.TEAM_STEER in held:
        return "steering.board"
    if Permission.CASELOAD_READ in held:
        return _list_to_begin_with()
    return "members.index" if Permission.ACCOUNT_ADMINISTER in held else None


def _list_to_begin_with() -> str:
    """What is to be treated; else one's own list; else the team's, for somebody who sees it and has no person of their own."""
    with db.acting_for(mandate().organisation_id, account().id):
        if Permission.ALERT_ACT in mandate().permissions and anything_to_treat(reader()):
            return "worklist.show"
        team = Permission.TEAM_READ in mandate().permissions and not queries.anybody_is_mine(reader())
    return "caseload.team" if team else "caseload.mine"


@bp.get("/accompagnements")
@requires(Permission.CASELOAD_READ)
def mine() -> ResponseReturnValue:
    return _list(queries.MINE)


@bp.get("/structure")
@requires(Permission.TEAM_READ)
def team() -> ResponseReturnValue:
    return _list(queries.TEAM)


def _list(scope: str) -> ResponseReturnValue:
    filters = read_filters(request.args, scope)
    with db.atomic():
        page = queries.caseload(reader(), filters)
        choices = Choices(
            referents=queries.team_members(reader()) if scope == queries.TEAM else [],
            operators=queries.operators(reader()),
            territories=names_on(clock.today()),
        )
        disclose([row.id for row in page.rows], f"caseload.{scope}", CASELOAD)
    query = as_query(filters)
    return render_template(
        "caseload/list.html",
        page=page,
        filters=filters,
        query=query,
        endpoint=f"caseload.{scope}",
        active=active_filters(query, choices),
        offers=offers(choices, filters.scheme),
        pick=_may_hold_sessions(),
        any_level=_without(query, "niveau"),
        here=here(),
    )


def _may_hold_sessions() -> bool:
    return mandate().accompanies and Permission.ENTRY_RECORD in mandate().permissions


def _without(query: dict[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in query.items() if key != name}
