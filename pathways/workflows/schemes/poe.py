"""POEI, POEC and the former AFPR: a course before a job that is promised, or that a branch needs."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from pathways.errors import Reason
from pathways.workflows.actors import PRESCRIBERS, TRAINING_BODIES
from pathways.workflows.definition import Workflow, note
from pathways.workflows.families import TRAINING, TRAINING_FINAL, training_lines
from pathways.workflows.predicates import either, promised, registered, said
from pathways.workflows.scheme import Scheme, Version

if TYPE_CHECKING:
    from pathways.workflows.fold import Pathway

LONGEST_HOURS = 400


def within_400_hours(_pathway: "Pathway", _day: date, details: Mapping[str, Any]) -> Iterable[Reason]:
    """At most 400 hours, where they are known."""
    hours = details.get("hours")
    return [Reason("hours_too_many", {"hours": hours, "most": LONGEST_HOURS})] if hours and hours > LONGEST_HOURS else []


WORKFLOW = Workflow("training_before_a_job", final=TRAINING_FINAL, lines=[
    *training_lines(), note("employer_commitment", by=PRESCRIBERS | TRAINING_BODIES)])
_PUBLIC_2009 = either(
    registered, said("aided_contract"), code="job_seeker_or_aided",
    label="Être inscrit à France Travail, ou salarié en contrat aidé ou en CDDI")
_PUBLIC_2024 = either(
    registered, said("aided_contract"), said("adapted_company"), code="job_seeker_or_aided",
    label="Être inscrit à France Travail, ou salarié en contrat aidé, en CDDI ou handicapé d’une entreprise adaptée")
_JOB = (said("offer_filed"), said("employer_commitment"))
_HIRING = ("Le contrat promis commence dans les quinze jours qui suivent la fin (pratique).",)

POEI = Scheme(
    code="POEI",
    label="Préparation opérationnelle à l’emploi individuelle",
    purpose="Formation avant une embauche promise, 400 heures au plus.",
    family=TRAINING,
    workflow=WORKFLOW,
    led_by=TRAINING_BODIES,
    sources="CT L6326-1, L6326-2, D6326-1, D6326-2",
    versions=(
        Version(
            date(2009, 11, 26), "CT L6326-1, L6326-2", date(2024, 6, 20),
            (_PUBLIC_2009, *_JOB, promised({"cdd": 12, "professionnalisation": 12})),
            limits=(within_400_hours,), duties=_HIRING,
        ),
        Version(
            date(2024, 6, 21), "CT D6326-1, D6326-2 (décret 2024-561)", None,
            (_PUBLIC_2024, *_JOB, promised({
                "cdd": 6, "professionnalisation": 6, "apprentissage": 6, "interim": 6, "saisonnier": 4})),
            limits=(within_400_hours,), duties=_HIRING,
        ),
    ),
)
POEC = Scheme(
    code="POEC",
    label="Préparation opérationnelle à l’emploi collective",
    purpose="Formation aux métiers dont une branche a besoin, 400 heures au plus.",
    family=TRAINING,
    workflow=WORKFLOW,
    led_by=TRAINING_BODIES,
    held_as="POEI",
    sources="CT L6326-3",
    versions=(
        Version(
            date(2011, 7, 30), "CT L6326-3", None, (_PUBLIC_2009, promised({"cdd": 12, "professionnalisation": 12})),
            limits=(within_400_hours,),
        ),
    ),
)
AFPR = Scheme(
    code="AFPR",
    label="Action de formation préalable au recrutement",
    purpose="Ancienne formation avant embauche, remplacée par la POEI en 2024.",
    family=TRAINING,
    workflow=WORKFLOW,
    led_by=TRAINING_BODIES,
    held_as="POEI",
    sources="Délibération de Pôle emploi ; supprimée par le conseil d’administration du 24 avril 2024",
    versions=(
        Version(
            date(2010, 1, 1), "Délibération de Pôle emploi", date(2024, 6, 30), (registered, *_JOB), limits=(within_400_hours,),
            duties=_HIRING,
        ),
    ),
    successor="POEI",
)
