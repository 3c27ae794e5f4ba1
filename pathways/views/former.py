"""« Anciens accompagnements »: what one's organisation wrote of persons whose record has closed to it."""

from __future__ import annotations

import uuid

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from pathways import db
from pathways.queries.former import former_person, former_persons
from pathways.queries.organisations import names_of, user_names
from pathways.queries.timeline import by_day, named, own_entries, references
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import GROUP_OF, Group
from pathways.sharing.permissions import Permission
from pathways.views.gate import reader, requires

bp = Blueprint("former", __name__)


@bp.get("/anciens-accompagnements")
@requires(Permission.TEAM_READ)
def index() -> ResponseReturnValue:
    search = request.args.get("q", "").strip()
    with db.atomic():
        persons, page = former_persons(search, request.args.get("page", ""))
        disclose([each.id for each in persons], "former.index", [Group.IDENTITY])
    return render_template("former/index.html", persons=persons, page=page, search=search)


@bp.get("/anciens-accompagnements/<uuid:person>")
@requires(Permission.PERSON_READ)
def show(person: uuid.UUID) -> ResponseReturnValue:
    """The organisation's own entries alone: no step, no signal, nothing of anybody else."""
    with db.atomic():
        who = former_person(person)
        entries, older = own_entries(who.id, reader(), request.args.get("avant", ""))
        organisations, users = references(entries)
        names, people = names_of(organisations), user_names(users)
        disclose([who.id], "former.show", {Group.IDENTITY, *(GROUP_OF[each.event] for each in entries)})
    days = by_day([named(each, names, people) for each in entries])
    return render_template("former/show.html", who=who, days=days, older=older)
