"""Signals about the person's own conditions: registration and the recognition as a disabled worker."""

from collections.abc import Mapping
from typing import Any

from pathways.detection.facts import Facts, StepFacts
from pathways.detection.finding import ALERT, QUIET, WATCH, Finding, Findings, Mark, earliest, from_marks
from pathways.detection.rule import Family, rule
from pathways.workflows.dates import days
from pathways.workflows.predicates import registered


@rule(
    "eligibility_at_risk",
    "Condition d’éligibilité perdue",
    family=Family.ELIGIBILITY,
    kinds={"accompaniment"},
    levels=(ALERT,),
    closes="La condition de nouveau remplie, ou la sortie.",
    source="Texte de chaque dispositif",
)
def eligibility_at_risk(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """What held at entry and must go on holding no longer does: registration, or the recognition that allows to stay past an age.

    A condition nobody enters without is taken to have held at entry unless known otherwise.
    """
    pathway, opened = step.person.pathway, step.step.opened_on
    version = step.step.scheme.version(step.day)
    again = earliest(*(each.valid_from for each in step.step.scheme.versions if each.valid_from > step.day))
    if version is None or opened is None:
        return Findings(again_on=again)
    found: list[Finding] = []
    for each in version.stays:
        again = earliest(again, each.changes_on(pathway, step.day) if each.changes_on else None)
        held = each.holds(pathway, opened, {})
        if (held or (held is None and each.presumed)) and each.holds(pathway, step.day, {}) is False:
            reason = each.why_not(pathway, step.day, {})
            since = reason.values.get("since")
            evidence = tuple(entry for entry in [pathway.last("ft_deregistered")] if each is registered and entry)
            found.append(Finding(f"{each.code}:{since}", ALERT, evidence=evidence, values={"since": since}))
    return Findings(tuple(found), again)


@rule(
    "rqth_expiring",
    "RQTH à renouveler",
    family=Family.ELIGIBILITY,
    about_the_person=True,
    levels=(WATCH,),
    closes="Le renouvellement, ou la fin de la reconnaissance.",
    source="Pratique : le renouvellement prend plusieurs mois",
)
def rqth_expiring(facts: Facts, settings: Mapping[str, Any]) -> Findings:
    """180 days before the recognition ends, while somebody accompanies the person; renewal or lapse closes it."""
    until = facts.pathway.identity.get("rqth_until")
    if until is None or facts.lead is None:
        return QUIET
    return from_marks(
        facts.day,
        f"{until}",
        [Mark(until - days(settings["rqth_expiring.days"]), WATCH)],
        until=until,
        values={"until": until},
        enrolment=facts.lead.key,
    )


@rule(
    "ft_deregistered",
    "Fin d’inscription à France Travail",
    family=Family.ELIGIBILITY,
    about_the_person=True,
    levels=(ALERT,),
    closes="La réinscription, ou la fin de l’accompagnement.",
    source="CT L5411-1, L5412-1",
    after={"ft_deregistered"},
)
def ft_deregistered(facts: Facts, settings: Mapping[str, Any]) -> Findings:
    """Registration ended or was struck off, while somebody accompanies the person, until they register again."""
    left = facts.pathway.last("ft_deregistered")
    back = [entry.occurred_on for entry in facts.pathway.person.get("ft_registered", ())]
    concerned = _tied_to_registration(facts)
    if left is None or concerned is None or any(on >= left.occurred_on for on in back):
        return QUIET
    values = {"since": left.occurred_on}
    return Findings((Finding(f"{left.occurred_on}", ALERT, evidence=(left,), values=values, enrolment=concerned.key),))


def _tied_to_registration(facts: Facts) -> StepFacts | None:
    """The open accompaniment that rests on the registration, the least intensive first; else the one that leads."""
    tied = [
        step
        for step in facts.steps
        if step.step.is_open and step.step.scheme.lead_rank is not None
        and (version := step.step.scheme.version(step.step.opened_on or facts.day)) is not None and registered in version.stays
    ]
    return max(tied, key=lambda step: (step.step.scheme.lead_rank or 0, str(step.key)), default=facts.lead)
