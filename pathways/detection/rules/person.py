"""Signals about the person's own conditions: registration and the recognition as a disabled worker."""

from collections.abc import Mapping
from typing import Any

from pathways.detection.facts import Facts, StepFacts
from pathways.detection.finding import ALERT, QUIET, WATCH, Finding, Findings, Mark, from_marks
from pathways.detection.rule import Family, rule
from pathways.workflows.dates import days


@rule("eligibility_at_risk", "Condition d’éligibilité perdue", family=Family.ELIGIBILITY, kinds={"accompaniment"})
def eligibility_at_risk(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """Registration with France Travail ended while the rules of the day ask for it (PACEA since 2025, CT L5131-4)."""
    version = step.step.scheme.version(step.day)
    pathway = step.person.pathway
    left, back = pathway.last("ft_deregistered"), pathway.last("ft_registered")
    if version is None or not version.needs_registration or left is None:
        return QUIET
    if back is not None and back.occurred_on >= left.occurred_on:
        return QUIET
    return Findings((Finding(f"registration:{left.occurred_on}", ALERT, evidence=(left,), values={"since": left.occurred_on}),))


@rule("rqth_expiring", "RQTH à renouveler", family=Family.ELIGIBILITY, about_the_person=True)
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
