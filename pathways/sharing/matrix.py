"""Who reads which group of fields: one table, which screens, exports and docs/visibility.md all use (domain sheet D5).

A row is what the reading organisation is to the person; a column, a group of fields (`groups.Group`). Its own declarations an
organisation always reads; free text and protected reasons never leave it, whatever the table says (`groups`).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from pathways.sharing.language import N_
from pathways.workflows.actors import ACCOMPANYING, SCHOOLS, TRAINING_BODIES, Kind


class Group(StrEnum):
    """Groups of fields of the matrix."""

    IDENTITY = "I"
    CONTACT = "C"
    ADMINISTRATIVE = "A"
    SOCIAL = "S"
    HEALTH = "H"
    TRAINING = "T"
    CONTRACT = "K"
    APPOINTMENTS = "R"
    SHARED_NOTES = "N1"
    OWN_NOTES = "N2"
    SIGNALS = "G"
    OUTCOMES = "O"
    FINANCIAL = "F"


GROUPS: Mapping[Group, str] = {
    Group.IDENTITY: N_("identité"),
    Group.CONTACT: N_("coordonnées"),
    Group.ADMINISTRATIVE: N_("dossier administratif"),
    Group.SOCIAL: N_("situation sociale et freins"),
    Group.HEALTH: N_("santé et RQTH"),
    Group.TRAINING: N_("formation et assiduité"),
    Group.CONTRACT: N_("contrat de travail"),
    Group.APPOINTMENTS: N_("rendez-vous et échanges"),
    Group.SHARED_NOTES: N_("notes"),
    Group.OWN_NOTES: N_("notes confidentielles"),
    Group.SIGNALS: N_("signaux et signalements"),
    Group.OUTCOMES: N_("résultats"),
    Group.FINANCIAL: N_("suspensions et décisions"),
}


class Cell(StrEnum):
    """What a reader gets of a group that another organisation declared."""

    ALL = "all"
    OWN = "own"
    """All of a step the reader has a part in; nothing of another one."""
    DATES = "dates"
    """All of a step the reader has a part in; of another one, that it exists and its day."""
    AGREED = "agreed"
    """The theme alone, once the person has agreed to it."""
    ADAPTED = "adapted"
    """The adaptations named in an agreement of the person, and nothing of what makes them needed."""
    MINE = "mine"
    """What it wrote itself."""
    NONE = "none"


CELLS: Mapping[Cell, str] = {
    Cell.ALL: N_("tout"),
    Cell.OWN: N_("ses étapes"),
    Cell.DATES: N_("ses étapes ; des autres, les dates"),
    Cell.AGREED: N_("le thème, avec l’accord de la personne"),
    Cell.ADAPTED: N_("les aménagements écrits dans un accord"),
    Cell.MINE: N_("ce qu’il a écrit"),
    Cell.NONE: N_("rien"),
}


class Place(StrEnum):
    """What the reading organisation is to the person."""

    LEAD = "lead"
    CO_REFERENT = "co_referent"
    TRAINING_BODY = "training_body"
    CFA = "cfa"
    SIAE = "siae"
    ADVISER = "adviser"
    LEAVERS = "leavers"
    EMPLOYER = "employer"
    FUNDER = "funder"
    WATCHER = "watcher"


PLACES: Mapping[Place, str] = {
    Place.LEAD: N_("l’organisme référent de la personne"),
    Place.CO_REFERENT: N_("un autre organisme d’accompagnement"),
    Place.TRAINING_BODY: N_("un organisme de formation, une E2C, un EPIDE"),
    Place.CFA: N_("un CFA"),
    Place.SIAE: N_("une structure d’insertion"),
    Place.ADVISER: N_("un conseil (CEP, Apec), une association relais"),
    Place.LEAVERS: N_("le réseau des jeunes sortis de scolarité"),
    Place.EMPLOYER: N_("un employeur, une structure d’accueil"),
    Place.FUNDER: N_("un financeur"),
    Place.WATCHER: N_("un observateur"),
}
_TABLE = """
                I    C    A     S      H       T     K     R     N1   N2   G    O    F
lead            all  all  all   all    all     all   all   all   mine mine all  all  all
co_referent     all  all  dates agreed none    dates dates dates mine mine own  all  none
training_body   all  all  none  none   adapted own   own   own   mine mine own  own  none
cfa             all  all  none  agreed adapted own   own   own   mine mine own  own  none
siae            all  all  own   agreed none    own   own   own   mine mine own  own  none
adviser         all  all  own   none   none    own   own   own   mine mine own  own  none
leavers         all  all  none  none   none    own   none  own   mine mine own  own  none
employer        all  none none  none   none    none  own   none  none mine none none none
funder          all  none none  none   none    own   own   none  none mine none own  none
watcher         none none none  none   none    none  none  none  none none none none none
"""
"""Rows are places, columns groups."""


def _read(table: str) -> Mapping[Place, Mapping[Group, Cell]]:
    heading, *rows = (line.split() for line in table.strip().splitlines())
    return {
        Place(place): {Group(group): Cell(cell) for group, cell in zip(heading, cells, strict=True)} for place, *cells in rows
    }


MATRIX = _read(_TABLE)
_PLACE_OF: Mapping[Kind, Place] = (
    dict.fromkeys(TRAINING_BODIES, Place.TRAINING_BODY)
    | dict.fromkeys({Kind.PSAD, *SCHOOLS}, Place.LEAVERS)
    | dict.fromkeys({Kind.REGION, Kind.OPCO}, Place.FUNDER)
    | dict.fromkeys({Kind.DREETS, Kind.CARIFOREF, Kind.CREFOP}, Place.WATCHER)
    | dict.fromkeys({Kind.EMPLOYEUR, Kind.ORGANISME_SERVICE_CIVIQUE}, Place.EMPLOYER)
    | {Kind.CFA: Place.CFA, Kind.SIAE: Place.SIAE}
    | dict.fromkeys({Kind.APEC, Kind.OPERATEUR_CEP, Kind.ASSOCIATION_RELAIS}, Place.ADVISER)
    | dict.fromkeys(ACCOMPANYING, Place.CO_REFERENT)
)


ASKED = frozenset({Cell.AGREED, Cell.ADAPTED})
"""What is read only once the person agreed."""


def kinds_in(place: Place) -> list[Kind]:
    """The kinds of organisation that may be that to somebody."""
    return [kind for kind in Kind if _PLACE_OF[kind] is place or (place is Place.LEAD and kind in ACCOMPANYING)]


def place_of(kind: Kind, *, leads: bool) -> Place:
    """What an organisation of that kind is to somebody; ``leads``: it is their referent now."""
    return Place.LEAD if leads and kind in ACCOMPANYING else _PLACE_OF[kind]
