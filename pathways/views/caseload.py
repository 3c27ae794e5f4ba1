"""The home page: the persons one accompanies."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pathways import db
from pathways.forms.filters import as_query, read_filters
from pathways.queries import caseload as queries
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import CASELOAD
from pathways.sharing.permissions import Permission
from pathways.views.gate import account, mandate, reader, requires, signed_in

bp = Blueprint("caseload", __name__)


@bp.get("/")
@signed_in
def home() -> ResponseReturnValue:
    """The list for those whose role opens records; a word of explanation for the others."""
    if g.mandate is None:
        return redirect(url_for("auth.choose"), code=303)
    if Permission.CASELOAD_READ in g.mandate.permissions:
        return redirect(url_for(".team" if _follows_nobody() else ".mine"), code=303)
    return render_template("caseload/no_records.html")


def _follows_nobody() -> bool:
    """Somebody who sees a team and has no person of their own starts with the team."""
    if Permission.TEAM_READ not in mandate().permissions:
        return False
    with db.acting_for(mandate().organisation_id, account().id):
        return not queries.anybody_is_mine(reader())


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
        disclose([row.id for row in page.rows], f"caseload.{scope}", CASELOAD)
    query = as_query(filters)
    return render_template(
        "caseload/list.html",
        page=page,
        filters=filters,
        query=query,
        any_level=_without(query, "niveau"),
        any_order=_without(query, "tri"),
    )


def _without(query: dict[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in query.items() if key != name}
