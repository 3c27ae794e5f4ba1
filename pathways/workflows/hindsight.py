"""The words of looking back: how far a replay is, and what is concluded of a rupture nobody was warned of."""

from __future__ import annotations

from datetime import timedelta

from pathways.workflows.labels import Labelled


class Stage(Labelled):
    """How far a replay is."""

    WAITING = "waiting", "En attente"
    RUNNING = "running", "En cours"
    DONE = "done", "Terminé"
    CANCELLED = "cancelled", "Annulé"
    FAILED = "failed", "Interrompu"


GOING_ON = (Stage.WAITING, Stage.RUNNING)
STANDS_STILL = timedelta(minutes=10)
"""Without a move for so long, a replay was interrupted: its worker was stopped."""


class Conclusion(Labelled):
    """Why no alert came before a rupture."""

    ENTERED_LATE = "entered_late", "Les faits ont été saisis trop tard"
    THRESHOLD = "threshold", "Un autre seuil l’aurait montrée"
    HELD_BACK = "held_back", "Une alerte existait, elle n’a pas été montrée"
    NO_SIGN = "no_sign", "Rien ne l’annonçait"
    KNOWN = "known", "L’équipe le savait et agissait déjà"
    NOT_ONE = "not_one", "Ce n’est pas une rupture"
