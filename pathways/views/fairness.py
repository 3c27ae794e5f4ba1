"""Whether alerts fall evenly: for managers and the DPO, figures without a name."""

from __future__ import annotations

import logging

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from pathways import clock, db
from pathways.forms.review import read_review_filters
from pathways.queries.fairness import GAPS, LEAST, fairness, usual_period
from pathways.sharing.language import N_
from pathways.sharing.permissions import Permission
from pathways.views.gate import account, mandate, reader, requires

bp = Blueprint("fairness", __name__, url_prefix="/equite")
log = logging.getLogger(__name__)

NAMES = {"sex": N_("Sexe"), "rqth": N_("RQTH"), "qpv": N_("Quartier prioritaire"), "age": N_("Âge")}
GROUPS = {
    "sex": {"F": N_("Femmes"), "M": N_("Hommes"), "X": N_("Autre"), "?": N_("Non dit")},
    "rqth": {"yes": N_("Avec RQTH"), "no": N_("Sans RQTH connue")},
    "qpv": {"yes": N_("En quartier prioritaire"), "no": N_("Hors quartier prioritaire, ou non dit")},
    "age": {
        "-18": N_("Moins de 18 ans"), "18-21": N_("18 à 21 ans"), "22-25": N_("22 à 25 ans"), "26+": N_("26 ans et plus"),
        "?": N_("Non dit"),
    },
}  # fmt: skip
RATES = {
    "alerted": N_("Personnes avec une alerte"),
    "dismissed": N_("Alertes écartées"),
    "caught": N_("Ruptures précédées d’une alerte"),
    "false": N_("Alertées sans rupture"),
}


@bp.get("")
@requires(Permission.FAIRNESS_READ)
def index() -> ResponseReturnValue:
    """A year by default; ``?du=…&au=…`` another period. Each opening leaves a line in the log, though it names nobody."""
    first, last = usual_period(clock.today())
    if request.args.get("du"):
        asked = read_review_filters(request.args)
        first, last = asked.first, asked.last
    with db.atomic():
        dimensions = fairness(reader(), first, last)
    log.info("fairness page opened: user %s, organisation %s, %s to %s", account().id, mandate().organisation_id, first, last)
    return render_template(
        "fairness/index.html",
        dimensions=dimensions,
        first=first,
        last=last,
        names=NAMES,
        groups=GROUPS,
        rates=RATES,
        gaps=GAPS,
        least=LEAST,
    )
