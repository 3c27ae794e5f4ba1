"""What one organisation may ask another about a person they both accompany, and the replies it may give: closed lists.

Data for screens. A request changes no state: a reply that tells a fact names the event to declare it with, and whoever answers
decides to declare it. No free text travels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from pathways.workflows.actors import ACCOMPANYING, FT, SIAE, TRAINING_BODIES, Kind
from pathways.workflows.dates import add_working_days, days

DEADLINES = (1, 2, 3, 5, 10)
"""Working days that may be given to answer."""
FARTHEST = days(366)
"""How far from today a reply's day may be."""
BODIES = TRAINING_BODIES | {SIAE}
ASKING = ACCOMPANYING | BODIES
"""Who asks and is asked: those who accompany, those who train, those who employ to insert."""


class Stage(StrEnum):
    """Where a request is. Read and overdue are computed, from the log of consultations and from the day."""

    ASKED = "asked"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    UNDONE = "undone"
    """Its author took it back at once: as if it had never been."""


class StepKind(StrEnum):
    """What happened to a request after it was asked."""

    ANSWERED = "answered"
    REOPENED = "reopened"
    """The answer was taken back at once."""
    WITHDRAWN = "withdrawn"
    UNDONE = "undone"


class When(StrEnum):
    """On which side of today a reply's day lies."""

    COMING = "coming"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class Fact:
    """The event that says the same in the journal. ``day_as``: the detail that takes the day; "" for the day it happened."""

    event: str
    day_as: str = ""
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply. ``label``: on a button; ``said``: once given, ``{day}`` in it when a day is asked; ``when``: which days."""

    code: str
    label: str
    said: str
    when: When | None = None
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One request. ``due_in``: working days to answer unless told otherwise; ``by`` asks it of ``to``."""

    code: str
    label: str
    due_in: int
    by: frozenset[Kind]
    to: frozenset[Kind]
    replies: tuple[Reply, ...]

    def reply(self, code: str) -> Reply | None:
        return next((each for each in self.replies if each.code == code), None)


_PLANNED = Fact("appointment", data={"status": "planned"})
MEETING = Reply("meeting", "Rendez-vous le…", "Fait, rendez-vous le {day}", When.COMING, (_PLANNED,))
REACHED = Reply("reached", "Fait, échange eu", "Fait, échange eu", None, (Fact("contact"),))
NOT_REACHED = Reply("not_reached", "Fait, pas joint", "Fait, pas joint", None, (Fact("contact_attempt"),))
IMPOSSIBLE = Reply("impossible", "Pas possible", "Pas possible")
SEEN = Reply("seen", "Déjà reçu le…", "Déjà reçu le {day}", When.PAST, (Fact("appointment", data={"status": "seen"}),))
PRESENT = Reply("present", "Oui, présent", "Oui, toujours présent")
ABSENT = Reply("absent", "Absent depuis le…", "Absent depuis le {day}", When.PAST, (Fact("absence_reported"), Fact("risk_flag")))
GONE = Reply("gone", "Non, parti le…", "Non, parti le {day}", When.PAST,
             (Fact("dropped", "last_day"), Fact("completed", "last_day"), Fact("work_contract_ended", "last_day")))
PLACE = Reply("place", "Place confirmée pour le…", "Place confirmée pour le {day}", When.COMING,
              (Fact("admitted", "planned_start"),))
LISTED = Reply("listed", "Sur liste d’attente", "Sur liste d’attente", None, (Fact("waitlisted"),))
NO_PLACE = Reply("no_place", "Pas de place", "Pas de place", None, (Fact("not_selected"),))
UNDECIDED = Reply("undecided", "Pas encore décidé", "Pas encore décidé")
ENTRY_ON = Reply("entry_on", "Entrée prévue le…", "Entrée prévue le {day}", When.COMING, (Fact("admitted", "planned_start"),))
ENTERED = Reply("entered", "Déjà entré le…", "Déjà entré le {day}", When.PAST, (Fact("entered"),))
NO_ENTRY = Reply("no_entry", "Pas d’entrée", "Il n’y aura pas d’entrée", None, (Fact("cancelled"), Fact("not_selected")))
ENDED = Reply("ended", "Oui, fin le…", "Oui, le contrat a pris fin le {day}", When.PAST,
              (Fact("contract_broken", "broken_on"), Fact("work_contract_ended", "last_day")))
GOES_ON = Reply("goes_on", "Non, il continue", "Non, le contrat continue")
UNKNOWN = Reply("unknown", "Nous ne savons pas", "Nous ne savons pas")
STILL = Reply("still", "Oui", "Oui, nous l’accompagnons toujours")
NO_LONGER = Reply("no_longer", "Non, depuis le…", "Non, plus depuis le {day}", When.PAST, (Fact("closed"),))
REGISTERED = Reply("registered", "Oui, inscrit depuis le…", "Oui, inscrit depuis le {day}", When.PAST, (Fact("ft_registered"),))
NOT_REGISTERED = Reply("not_registered", "Non, plus inscrit depuis le…", "Non, plus inscrit depuis le {day}", When.PAST,
                       (Fact("ft_deregistered"),))
NEVER_REGISTERED = Reply("never_registered", "Jamais inscrit", "Jamais inscrit")

QUESTIONS: Mapping[str, Question] = {
    each.code: each
    for each in (
        Question("call", "Pouvez-vous appeler la personne ?", 3, ASKING, ASKING,
                 (MEETING, REACHED, NOT_REACHED, IMPOSSIBLE)),
        Question("meet", "Pouvez-vous recevoir la personne ?", 5, ASKING, ACCOMPANYING,
                 (MEETING, SEEN, NOT_REACHED, IMPOSSIBLE)),
        Question("present", "La personne est-elle toujours présente chez vous ?", 2, ACCOMPANYING, BODIES,
                 (PRESENT, ABSENT, GONE)),
        Question("place", "Pouvez-vous faire un point sur la place en formation ?", 5, ACCOMPANYING, TRAINING_BODIES,
                 (PLACE, LISTED, UNDECIDED, NO_PLACE)),
        Question("entry_day", "Quand aura lieu l’entrée ?", 5, ACCOMPANYING, BODIES, (ENTRY_ON, ENTERED, UNDECIDED, NO_ENTRY)),
        Question("contract_end", "Confirmez-vous la fin du contrat ?", 3, ACCOMPANYING | TRAINING_BODIES, BODIES,
                 (ENDED, GOES_ON, UNKNOWN)),
        Question("still_followed", "Accompagnez-vous toujours la personne ?", 5, ASKING, ACCOMPANYING, (STILL, NO_LONGER)),
        Question("registration", "L’inscription à France Travail est-elle en cours ?", 3, ASKING - {FT}, frozenset({FT}),
                 (REGISTERED, NOT_REGISTERED, NEVER_REGISTERED)),
    )
}  # fmt: skip
"""In the order in which they are offered."""
REPLIES: Mapping[str, Reply] = {reply.code: reply for question in QUESTIONS.values() for reply in question.replies}


def questions_between(asking: Kind, asked: Kind) -> list[Question]:
    """What an organisation of one kind may ask one of the other."""
    return [each for each in QUESTIONS.values() if asking in each.by and asked in each.to]


def due_on(asked_on: date, due_in: int) -> date:
    """The last working day to answer."""
    return add_working_days(asked_on, due_in)


def is_right_day(reply: Reply, on: date, today: date) -> bool:
    """The day lies on the side of today that the reply speaks of, and not a lifetime away. Today is on both sides."""
    if reply.when is When.COMING:
        return today <= on <= today + FARTHEST
    return today - 3 * FARTHEST <= on <= today
