"""The life of an alert, as data: its states, who moves it from one to another, and what each move has to say.

Nothing here changes a state of a step, a right or an allowance: an alert only asks a human to look, and keeps what came of it.
One line per move; the operations, the clock and the page that documents them read the same table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pathways.workflows.labels import Labelled


class AlertState(Labelled):
    """Where an alert stands. Acknowledging is not acting."""

    PROPOSED = "proposed", "Retenue"
    """Computed and not shown yet: over the week's budget, muted, or waiting for a review. Counted, never lost."""
    NEW = "new", "Nouvelle"
    ACKNOWLEDGED = "acknowledged", "Prise en compte"
    IN_ACTION = "in_action", "En action"
    """At least one act was logged since it was shown."""
    PAUSED = "paused", "En pause"
    RESOLVED = "resolved", "Résolue"
    DISMISSED = "dismissed", "Écartée"
    EXPIRED = "expired", "Expirée"
    """The facts ended it before anybody acted."""


S = AlertState
WORKED: Final = (S.NEW, S.ACKNOWLEDGED, S.IN_ACTION)
"""In front of somebody."""
OPEN: Final = (S.PROPOSED, *WORKED, S.PAUSED)
CLOSED: Final = (S.RESOLVED, S.DISMISSED, S.EXPIRED)


class Actor(Labelled):
    """Who moves an alert."""

    MEMBER = "member", "un membre de l’organisme à qui l’on demande d’agir"
    CLOSER = "closer", "la personne qui l’a close ou confiée, tant que rien n’a suivi"
    CLOCK = "clock", "l’horloge"
    FACTS = "facts", "les faits"


class Says(Labelled):
    """What a move has to say."""

    NOTHING = "nothing", "rien"
    OUTCOME = "outcome", "une issue de la liste"
    DISMISSAL = "dismissal", "un motif de la liste"
    COLLEAGUE = "colleague", "un collègue de l’organisme"
    PAUSE = "pause", "un motif de la liste et un jour, dans 28 jours au plus"
    ACT = "act", "l’acte noté dans le dossier"


@dataclass(frozen=True, slots=True)
class Move:
    """One way an alert moves. ``kind``: its name in the log; ``to`` None: the state stays, or is the one it had before."""

    kind: str
    label: str
    sources: tuple[AlertState, ...]
    to: AlertState | None
    actor: Actor
    says: Says = Says.NOTHING
    stays: tuple[AlertState, ...] = ()
    """Sources that the move leaves where they are."""


MOVES: Final = tuple(
    Move(kind, label, sources, to, actor, says, (S.IN_ACTION, S.PAUSED) if kind == "taken" else ())
    for kind, label, sources, to, actor, says in (
        ("proposed", "Calculée", (), S.PROPOSED, Actor.FACTS, Says.NOTHING),
        ("opened", "Montrée", (S.PROPOSED,), S.NEW, Actor.CLOCK, Says.NOTHING),
        ("taken_up", "Reprise de la revue", (S.PROPOSED,), S.NEW, Actor.MEMBER, Says.NOTHING),
        ("worsened", "Aggravée", OPEN, None, Actor.FACTS, Says.NOTHING),
        ("taken", "Prise en compte", OPEN, S.ACKNOWLEDGED, Actor.MEMBER, Says.NOTHING),
        ("handed", "Confiée", OPEN, None, Actor.MEMBER, Says.COLLEAGUE),
        ("left_to_nobody", "Laissée à l’équipe", OPEN, None, Actor.MEMBER, Says.NOTHING),
        ("handing_undone", "Transmission annulée", OPEN, None, Actor.CLOSER, Says.NOTHING),
        ("acted", "Acte noté", (S.NEW, S.ACKNOWLEDGED, S.IN_ACTION), S.IN_ACTION, Actor.MEMBER, Says.ACT),
        ("act_undone", "Acte annulé", (S.IN_ACTION,), None, Actor.MEMBER, Says.ACT),
        ("paused", "Mise en pause", WORKED, S.PAUSED, Actor.MEMBER, Says.PAUSE),
        ("resumed", "Reprise", (S.PAUSED,), None, Actor.MEMBER, Says.NOTHING),
        ("pause_ended", "Pause finie", (S.PAUSED,), None, Actor.CLOCK, Says.NOTHING),
        ("reminded", "Rappelée", (S.NEW, S.ACKNOWLEDGED, S.IN_ACTION), None, Actor.CLOCK, Says.NOTHING),
        ("escalated", "Signalée à l’équipe puis au responsable", WORKED, None, Actor.CLOCK, Says.NOTHING),
        ("closed", "Résolue", OPEN, S.RESOLVED, Actor.MEMBER, Says.OUTCOME),
        ("dismissed", "Écartée", OPEN, S.DISMISSED, Actor.MEMBER, Says.DISMISSAL),
        ("reopened", "Rouverte", (S.RESOLVED, S.DISMISSED), None, Actor.CLOSER, Says.NOTHING),
        ("ended", "Close par les faits, après un acte", (S.IN_ACTION, S.PAUSED), S.RESOLVED, Actor.FACTS, Says.NOTHING),
        ("expired", "Expirée", (S.PROPOSED, S.NEW, S.ACKNOWLEDGED, S.PAUSED), S.EXPIRED, Actor.FACTS, Says.NOTHING),
    )
)  # fmt: skip
"""Every move there is. What is not here does not happen."""
BY_KIND: Mapping[str, Move] = {move.kind: move for move in MOVES}

OUTCOMES: Mapping[str, str] = {
    "contact_reestablished": "Contact rétabli",
    "appointment_made": "Rendez-vous pris",
    "barrier_opened": "Frein identifié",
    "new_step": "Nouveau contrat ou nouvelle étape",
    "planned_exit": "Sortie prévue",
    "rupture_confirmed": "Rupture confirmée",
    "unreachable": "Injoignable après plusieurs tentatives",
}
"""What came of an alert somebody worked on: these codes are what a rule is judged on."""
DISMISSALS: Mapping[str, str] = {
    "already_handled": "Déjà traité",
    "excused": "Absence excusée",
    "wrong_data": "Données erronées",
    "not_relevant": "Sans objet",
    "person_objects": "La personne s’y oppose",
}
"""Why an alert is put aside. ``not_relevant`` is what puts a rule under review."""
CLOSINGS: Mapping[str, str] = {**OUTCOMES, **DISMISSALS}
EXPLAINED: Final = frozenset({"not_relevant"})
"""Closings that also take a few words."""
BY_THE_FACTS: Final = "no_longer_holds"
"""Outcome given when the facts ended every signal of an alert before anybody closed it."""
NO_LONGER_FOLLOWED: Final = "no_longer_followed"
"""Outcome given when the organisation that was asked no longer accompanies the person, and could do nothing more."""
JUSTIFIED: Final = tuple(OUTCOMES)
"""The alert was worth somebody's time: the precision of a rule is their share of what humans closed."""

PAUSES: Mapping[str, str] = {
    "appointment_soon": "Rendez-vous déjà prévu",
    "waiting_reply": "Réponse d’un partenaire attendue",
    "document_awaited": "Document attendu",
    "person_away": "Absence annoncée",
}
"""Why an alert waits."""
LONGEST_PAUSE: Final = 28
"""Days."""


class Held(Labelled):
    """Why an alert was computed and not shown."""

    BUDGET = "budget", "Au-delà de ce qu’une semaine permet"
    MUTED = "muted", "Vient d’être close, et rien n’est arrivé depuis"
    CONTACT = "contact", "La personne vient d’être vue ou jointe"
    REVIEW = "review", "Déjà là au démarrage : à passer en revue"
    RULE_REVIEW = "rule_review", "La règle est en revue"


class Reserve(Labelled):
    """Why an alert is shown whatever the budget of the week."""

    HUMAN = "human", "Signalé par quelqu’un"
    CRITICAL = "critical", "Critique"
    MINOR = "minor", "Mineur"
    PROBATION = "probation", "Début de contrat"
    LONG_SILENCE = "long_silence", "Plus de 30 jours sans contact"
    SAME_PERSON = "same_person", "Personne déjà dans la liste"


class Escalation(StrEnum):
    """To whom an alert that waits is told, one after the other."""

    OWNER = "owner"
    TEAM = "team"
    MANAGER = "manager"


AFTER_DUE: Mapping[Escalation, int] = {Escalation.OWNER: 0, Escalation.TEAM: 3, Escalation.MANAGER: 8}
"""Working days after the day an alert was due."""


def is_dismissal(code: str) -> bool:
    return code in DISMISSALS
