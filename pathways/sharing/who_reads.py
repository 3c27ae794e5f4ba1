"""Who sees what about me: the matrix told to the person, in full and in easy French. Made from the matrix, never beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pathways.sharing.language import N_, _
from pathways.sharing.matrix import MATRIX, Cell, Group, Place, kinds_in

PLACES: Mapping[Place, tuple[str, str]] = {
    Place.LEAD: (N_("Votre organisme référent"), N_("La structure qui me suit en premier")),
    Place.CO_REFERENT: (N_("Un autre organisme qui vous accompagne"), N_("Une autre structure qui m’aide")),
    Place.TRAINING_BODY: (N_("Votre organisme de formation"), N_("Mon centre de formation")),
    Place.CFA: (N_("Votre CFA"), N_("Mon CFA")),
    Place.SIAE: (N_("Votre structure d’insertion"), N_("Ma structure d’insertion")),
    Place.ADVISER: (N_("Un conseil ou une association relais"), N_("Un conseiller extérieur, une association")),
    Place.LEAVERS: (N_("Le réseau qui aide après l’école"), N_("Le réseau qui m’aide après l’école")),
    Place.EMPLOYER: (N_("Votre employeur, ou qui vous accueille"), N_("Mon employeur")),
    Place.FUNDER: (N_("Qui paie votre formation ou votre contrat"), N_("Qui paie ma formation ou mon contrat")),
    Place.WATCHER: (N_("Un observateur"), N_("Un observateur")),
}
GROUPS: Mapping[Group, tuple[str, str]] = {
    Group.IDENTITY: (N_("votre nom, votre date de naissance, votre commune"), N_("mon nom et ma date de naissance")),
    Group.CONTACT: (N_("votre téléphone et votre courriel"), N_("mon téléphone et mon mail")),
    Group.ADMINISTRATIVE: (N_("vos inscriptions et votre accompagnement"), N_("mes inscriptions")),
    Group.SOCIAL: (N_("vos difficultés (logement, argent, famille…)"), N_("mes difficultés")),
    Group.HEALTH: (N_("un arrêt maladie ou une RQTH, jamais pourquoi"), N_("mes arrêts maladie, jamais pourquoi")),
    Group.TRAINING: (N_("votre formation et vos absences"), N_("ma formation et mes absences")),
    Group.CONTRACT: (N_("votre contrat de travail"), N_("mon contrat de travail")),
    Group.APPOINTMENTS: (N_("vos rendez-vous et vos échanges"), N_("mes rendez-vous")),
    Group.SHARED_NOTES: (N_("les notes"), N_("les notes")),
    Group.OWN_NOTES: (N_("les notes confidentielles"), N_("les notes secrètes")),
    Group.SIGNALS: (N_("les alertes et les signalements"), N_("les alertes")),
    Group.OUTCOMES: (N_("ce que vous devenez ensuite"), N_("ce que je deviens après")),
    Group.FINANCIAL: (N_("les suspensions et les décisions"), N_("les suspensions d’argent")),
}
CELLS: Mapping[Cell, tuple[str, str]] = {
    Cell.ALL: (N_("Lit"), N_("Peut lire")),
    Cell.DATES: (N_("Lit pour ce que vous faites ensemble, et les dates seulement pour le reste"),
                 N_("Peut lire ce que nous faisons ensemble, et seulement les dates pour le reste")),
    Cell.OWN: (N_("Lit seulement pour ce que vous faites ensemble"), N_("Peut lire seulement ce que nous faisons ensemble")),
    Cell.AGREED: (N_("Lit le sujet seulement, et si vous êtes d’accord"), N_("Peut lire le sujet, seulement si je dis oui")),
    Cell.ADAPTED: (N_("Lit seulement si vous êtes d’accord"), N_("Peut lire seulement si je dis oui")),
    Cell.MINE: (N_("Lit seulement ce qu’il a écrit"), N_("Peut lire seulement ce que cette structure a écrit")),
    Cell.NONE: (N_("Ne lit pas"), N_("Ne peut pas lire")),
}
"""From the most to the least. In each pair: in full, and in easy French."""
ADAPTATIONS = (
    N_("les aménagements écrits dans votre accord, jamais pourquoi"), N_("ce qu’il faut prévoir pour moi, jamais pourquoi"),
)
"""All that is read of a group that is ``ADAPTED``: its own name would say too much."""


@dataclass(frozen=True, slots=True)
class Line:
    """What is read alike. ``reads``: False for what is not read at all."""

    how: str
    what: tuple[str, ...]
    reads: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One row of the matrix, in words. ``kinds``: the organisations that may be that to somebody."""

    place: Place
    title: str
    kinds: tuple[str, ...]
    lines: tuple[Line, ...]


def reads_something(place: Place) -> bool:
    """Whether the place reads anything of somebody that it did not write."""
    return any(cell not in {Cell.NONE, Cell.MINE} for cell in MATRIX[place].values())


def told(*, easy: bool) -> list[Told]:
    """Every place, in the order of the matrix; those that read nothing of others come too, and say so."""
    return [
        Told(place, title(place, easy=easy), tuple(_(kind.label) for kind in kinds_in(place)), tuple(_lines(place, easy)))
        for place in MATRIX
    ]


def title(place: Place, *, easy: bool) -> str:
    return _(PLACES[place][easy])


def _lines(place: Place, easy: bool) -> list[Line]:
    held = {cell: [group for group, holds in MATRIX[place].items() if holds is cell] for cell in CELLS}
    return [
        Line(_(CELLS[cell][easy]), tuple(_(each) for each in _what(cell, groups, easy)), cell is not Cell.NONE)
        for cell, groups in held.items() if groups
    ]


def _what(cell: Cell, groups: list[Group], easy: bool) -> list[str]:
    return [ADAPTATIONS[easy]] if cell is Cell.ADAPTED else [GROUPS[group][easy] for group in groups]
