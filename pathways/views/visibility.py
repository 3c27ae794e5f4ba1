"""« Qui voit quoi »: the sharing matrix as one's own organisation lives it, then whole."""

from __future__ import annotations

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from pathways.models import DAYS_AFTER_END
from pathways.sharing.matrix import CELLS, GROUPS, MATRIX, PLACES, Group, kinds_in, place_of
from pathways.views.gate import signed_in

bp = Blueprint("visibility", __name__, url_prefix="/qui-voit-quoi")


@bp.get("/")
@signed_in
def show() -> ResponseReturnValue:
    held = g.get("mandate")
    mine = [place_of(held.kind, leads=leads) for leads in (True, False)] if held else []
    return render_template(
        "visibility/show.html",
        places=PLACES,
        groups=GROUPS,
        cells=CELLS,
        matrix=MATRIX,
        mine=list(dict.fromkeys(mine)),
        columns=list(Group),
        kinds_in=kinds_in,
        days=DAYS_AFTER_END,
    )
