"""Signals that come from one fact about many persons: an employer that fails, a body that closes."""

from collections.abc import Iterable, Mapping
from typing import Any

from pathways.detection.facts import StepFacts
from pathways.detection.finding import ALERT, QUIET, Finding, Findings, Level
from pathways.detection.rule import Family, rule
from pathways.workflows.entry import Entry
from pathways.workflows.incidents import CLOSED, INSOLVENCY
from pathways.workflows.states import State as S


def told_once(step: StepFacts, kind: str, level: Level, ends: Iterable[Entry] = ()) -> Findings:
    """The fact told of the step alone, or of its employer or body as a whole: one finding, whoever told it and how often.

    An entry that carries the reference of an incident only repeats it: the incident decides. ``ends``: entries that end it here.
    """
    over = [entry.occurred_on for entry in ends]
    entries = [entry for entry in step.all(kind) if not any(on >= entry.occurred_on for on in over)]
    alone = [entry for entry in entries if not entry.data.get("incident")][-1:]
    found = step.incident(kind)
    if found is not None and any(on >= found[1].starts_on for on in over):
        found = None
    if not alone and found is None:
        return QUIET
    said: dict[str, Any] = {"on": alone[0].occurred_on, "procedure": alone[0].data.get("kind")} if alone else {}
    evidence = list(alone)
    if found is not None:
        incident, told = found
        said = {"on": told.starts_on, "procedure": told.procedure} | said | {"incident": incident.ref, "body": incident.name}
        evidence += [entry for entry in entries if entry.data.get("incident") == incident.ref][-1:]
    about = f"{alone[0].occurred_on}" if alone or found is None else f"incident:{found[0].ref}"
    return Findings((Finding(about, level, evidence=tuple(evidence), values=said),))


@rule(
    "employer_distress",
    "Employeur en difficulté",
    family=Family.CONTRACT,
    kinds={"contract"},
    states={S.CONTRACT_SIGNED, S.PROBATION, S.IN_CONTRACT},
    levels=(ALERT,),
    closes="La fin de la procédure ou du contrat.",
    source="Annonces légales (BODACC)",
)
def employer_distress(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """A collective procedure opened at the employer, until it closes or the contract ends.

    Told of one contract, or of the employer by whoever it may be: it is one signal.
    """
    return told_once(step, INSOLVENCY, ALERT, step.all("employer_insolvency_closed"))


@rule(
    "body_closed",
    "Organisme de formation fermé",
    family=Family.TRAINING_RISK,
    kinds={"training", "contract"},
    levels=(ALERT,),
    closes="Une nouvelle étape commencée, la fin de cette étape, ou la réouverture de l’organisme.",
    source="Pratique : une fermeture concerne tous les stagiaires à la fois",
)
def body_closed(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """The body that runs the step has closed, until the person goes on elsewhere."""
    answer = told_once(step, CLOSED, ALERT)
    goes_on = (
        other is not step and other.started_on is not None and other.started_on >= finding.values["on"]
        and other.took_part_since(finding.values["on"])
        for other in step.person.steps
        for finding in answer.found
    )
    return QUIET if any(goes_on) else answer
