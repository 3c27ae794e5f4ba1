"""The obligation to be in training from 16 to 18: the situations that satisfy it, as one table.

Sources: Code de l'éducation L114-1 (loi 2019-791 art. 15, in force on 2020-09-01), D131-10-1 to D131-10-7 (décret du 5 août
2020), instruction du 22 octobre 2020; domain sheet B22.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from pathways.workflows.entry import Entry
from pathways.workflows.outcomes import OUTCOMES, Category
from pathways.workflows.scheme import Scheme

STARTS = date(2020, 9, 1)
FROM, TO = 16, 18
"""From the 16th birthday to the eve of the 18th, with a diploma or without."""
SUMMONS = "obligation_formation"
"""What the appointment is about, when somebody is summoned for the obligation (outcomes.APPOINTMENT_KINDS)."""
ENOUGH_SUMMONSES = 2
"""Summonses left without an answer after which the president of the département may be informed."""


class Situation(StrEnum):
    """What satisfies the obligation, and the exemption."""

    SCHOOL = "school"
    APPRENTICESHIP = "apprenticeship"
    TRAINING = "training"
    JOB = "job"
    CIVIC_SERVICE = "civic_service"
    ACCOMPANIMENT = "accompaniment"
    INSERTION = "insertion"
    EXEMPTED = "exempted"


LABELS: Mapping[str, str] = {
    Situation.SCHOOL: "Scolarité ou études",
    Situation.APPRENTICESHIP: "Apprentissage",
    Situation.TRAINING: "Formation",
    Situation.JOB: "Emploi",
    Situation.CIVIC_SERVICE: "Service civique",
    Situation.ACCOMPANIMENT: "Accompagnement",
    Situation.INSERTION: "Dispositif d’insertion",
    Situation.EXEMPTED: "Exempté",
}
"""The exemption rests on a medical certificate: its word is all that is ever shown of it."""
BY_SCHEME: Mapping[str, Situation] = {
    "APPRENTISSAGE": Situation.APPRENTICESHIP,
    "SERVICE_CIVIQUE": Situation.CIVIC_SERVICE,
    "E2C": Situation.INSERTION,
    "EPIDE": Situation.INSERTION,
}
BY_FAMILY: Mapping[str, Situation] = {
    "training": Situation.TRAINING,
    "contract": Situation.JOB,
    "accompaniment": Situation.ACCOMPANIMENT,
}
"""What a running step is; any other family is a scheme of social or professional insertion."""
_BY_CATEGORY: Mapping[Category, Situation] = {
    Category.DURABLE_JOB: Situation.JOB,
    Category.TRANSITION_JOB: Situation.JOB,
    Category.WORK_STUDY: Situation.APPRENTICESHIP,
}
BY_RESULT: Mapping[str, Situation] = {
    **{code: _BY_CATEGORY[category] for code, (category, _label) in OUTCOMES.items() if category in _BY_CATEGORY},
    "FORMATION_QUALIFIANTE": Situation.TRAINING,
    "FORMATION_PREQUALIFIANTE": Situation.TRAINING,
    "RETOUR_SCOLARITE": Situation.SCHOOL,
    "SERVICE_CIVIQUE": Situation.CIVIC_SERVICE,
    "AUTRE_SIAE": Situation.JOB,
    "E2C_EPIDE": Situation.INSERTION,
    "EN_EMPLOI": Situation.JOB,
    "EN_ALTERNANCE": Situation.APPRENTICESHIP,
    "EN_FORMATION": Situation.TRAINING,
    "ACCOMPAGNE": Situation.ACCOMPANIMENT,
}
"""What somebody who left, or answered a follow-up, is said to be in: a situation that may have no step of its own."""
BY_SOLUTION: Mapping[str, Situation] = {
    "scolarite": Situation.SCHOOL,
    "formation": Situation.TRAINING,
    "apprentissage": Situation.APPRENTICESHIP,
    "emploi": Situation.JOB,
    "service_civique": Situation.CIVIC_SERVICE,
    "autre": Situation.INSERTION,
}
STATED_BY: Mapping[str, tuple[str, Mapping[str, Situation]]] = {
    "in_solution": ("solution", BY_SOLUTION),
    "followup": ("situation", BY_RESULT),
    **dict.fromkeys(("closed", "completed", "dropped", "excluded", "work_contract_ended"), ("outcome", BY_RESULT)),
}
"""Event → the detail that says where the person goes, and what each code is."""
OUTSIDE = frozenset({"RECHERCHE_EMPLOI", "INACTIVITE"})
"""Answers to a follow-up that say the person is in none of these situations."""


def of_scheme(scheme: Scheme) -> Situation:
    """What somebody in a running step of that scheme is in."""
    return BY_SCHEME.get(scheme.code) or BY_FAMILY.get(scheme.family.code, Situation.INSERTION)


def stated(entry: Entry) -> Situation | None:
    """The situation the entry says the person is in from that day on, if any."""
    detail, codes = STATED_BY.get(entry.type, ("", {}))
    return codes.get(str(entry.data.get(detail)))


def says_outside(entry: Entry) -> bool:
    """The entry says that the person is in no situation: out of school, or an answer that says so."""
    return entry.type == "school_exit" or (entry.type == "followup" and entry.data.get("situation") in OUTSIDE)


def unanswered(appointments: Iterable[Entry]) -> list[Entry]:
    """The summonses somebody did not answer since they were last seen, in order of days; one per day."""
    run: dict[date, Entry] = {}
    summoned: set[date] = set()
    for each in sorted(appointments, key=lambda entry: (entry.occurred_on, entry.data.get("status") != "planned", entry.content)):
        status, day = each.data.get("status"), each.occurred_on
        if each.data.get("kind") == SUMMONS:
            summoned.add(day)
        if status == "seen":
            run = {}
        elif status == "noshow" and day in summoned:
            run[day] = each
        elif status in {"excused", "revoked"}:
            run.pop(day, None)
    return list(run.values())
