"""Filters of the lists: they live in the address of the page, and what is not on the list of choices is ignored."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from pathways.operations.territories import CODE as TERRITORY_CODE
from pathways.queries import worklist
from pathways.queries.caseload import BY_LAST_CONTACT, BY_NAME, BY_NEXT_DATE, BY_URGENCY, GROUPS, MINE, TEAM, Filters
from pathways.sharing.language import N_
from pathways.sharing.naming import LEVELS, STATES
from pathways.workflows.schemes import SCHEMES

LONGEST_SEARCH = 100
ORDERS = {BY_URGENCY: "", BY_NAME: "nom", BY_LAST_CONTACT: "contact", BY_NEXT_DATE: "date"}
ORDER_LABELS = {
    BY_URGENCY: N_("À regarder d’abord"),
    BY_NAME: N_("Nom"),
    BY_LAST_CONTACT: N_("Dernier contact, le plus ancien d’abord"),
    BY_NEXT_DATE: N_("Prochaine date"),
}
SCOPES = {worklist.MINE: "miens", worklist.UNOWNED: "sans-responsable", worklist.ALL: "tous", worklist.LATER: "plus-tard"}
IDLE_FOR = (15, 30, 45, 90)
"""Days without action one may ask for."""
WITHIN = (7, 15, 30, 90)
"""Days ahead in which a date may be asked for."""
YES = "oui"


def read_filters(query: Mapping[str, str], scope: str) -> Filters:
    """The filters an address asks for."""
    level, state, scheme = query.get("niveau", ""), query.get("etat", ""), query.get("dispositif", "")
    orders = {name: order for order, name in ORDERS.items()}
    return Filters(
        scope=scope if scope in {MINE, TEAM} else MINE,
        search=read_search(query),
        level=level if level in LEVELS else "",
        order=orders.get(query.get("tri", ""), BY_URGENCY),
        scheme=scheme if scheme in SCHEMES else "",
        state=state if state in STATES or state in GROUPS else "",
        referent=_public_id(query.get("referent")) if scope == TEAM else "",
        operator=_public_id(query.get("organisme")),
        idle=_among(query.get("sans-action"), IDLE_FOR),
        soon=_among(query.get("echeance"), WITHIN),
        no_appointment=query.get("sans-rdv") == YES,
        disabled=query.get("rqth") == YES,
        minor=query.get("mineur") == YES,
        territory=_code(query.get("territoire")),
        at=query.get("page", ""),
    )


def as_query(filters: Filters) -> dict[str, str]:
    """The filters as an address carries them, without what is usual."""
    asked = {
        "q": filters.search,
        "niveau": filters.level,
        "dispositif": filters.scheme,
        "etat": filters.state,
        "referent": filters.referent,
        "organisme": filters.operator,
        "sans-action": str(filters.idle or ""),
        "echeance": str(filters.soon or ""),
        "sans-rdv": YES if filters.no_appointment else "",
        "rqth": YES if filters.disabled else "",
        "mineur": YES if filters.minor else "",
        "territoire": filters.territory,
        "tri": ORDERS[filters.order],
    }
    return {name: value for name, value in asked.items() if value}


def read_work_filters(query: Mapping[str, str]) -> worklist.WorkFilters:
    scopes = {name: scope for scope, name in SCOPES.items()}
    return worklist.WorkFilters(scopes.get(query.get("vue", ""), worklist.MINE), read_search(query), query.get("page", ""))


def as_work_query(filters: worklist.WorkFilters) -> dict[str, str]:
    asked = {"vue": SCOPES[filters.scope] if filters.scope != worklist.MINE else "", "q": filters.search}
    return {name: value for name, value in asked.items() if value}


def read_search(query: Mapping[str, str]) -> str:
    return query.get("q", "").strip()[:LONGEST_SEARCH]


def _among(text: str | None, choices: tuple[int, ...]) -> int:
    return int(text) if text and text.isdecimal() and int(text) in choices else 0


def _code(text: str | None) -> str:
    """The code of a territory, as they are written."""
    code = (text or "").strip().upper()
    return code if TERRITORY_CODE.fullmatch(code) else ""


def _public_id(text: str | None) -> str:
    try:
        return str(uuid.UUID(text or ""))
    except ValueError:
        return ""
