"""Signals about the person's own conditions: registration and the recognition as a disabled worker."""

from collections.abc import Mapping
from typing import Any

from pathways.detection.facts import Facts, StepFacts
from pathways.detection.finding import ALERT, QUIET, WATCH, Finding, Findings, Mark, earliest, from_marks
from pathways.detection.rule import Family, rule
from pathways.workflows.dates import days
from pathways.workflows.predicates import registered


@rule("eligibility_at_risk", "Condition d’éligibilité perdue", family=Family.ELIGIBILITY, kinds={"accompaniment"})
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
