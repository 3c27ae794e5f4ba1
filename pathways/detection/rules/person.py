"""Signals about the person's own conditions: registration and the recognition as a disabled worker."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pathways.detection.facts import Facts, StepFacts
from pathways.detection.finding import ALERT, QUIET, WATCH, Finding, Findings, Mark, earliest, from_marks, together
from pathways.detection.rule import Family, rule
from pathways.workflows.dates import ONE_DAY, birthday, days
from pathways.workflows.scheme import Version


@rule("eligibility_at_risk", "Condition d’éligibilité perdue", family=Family.ELIGIBILITY, kinds={"accompaniment"})
def eligibility_at_risk(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """What was true at entry and must stay so no longer is: registration, or the recognition that allowed to stay past an age."""
    versions = step.step.scheme.versions
    new_rules_on = earliest(*(version.valid_from for version in versions if version.valid_from > step.day))
    version = step.step.scheme.version(step.day)
    if version is None:
        return Findings(again_on=new_rules_on)
    registration = Findings(tuple(_registration_lost(step, version)), new_rules_on)
    return together([registration, _recognition_lost(step, version)])


def _registration_lost(step: StepFacts, version: Version) -> Iterator[Finding]:
    """Registration with France Travail ended while the rules of the day ask for it (PACEA and CEJ since 2025, CT L5131-4)."""
    left, back = step.person.pathway.last("ft_deregistered"), step.person.pathway.last("ft_registered")
    if version.needs_registration and left and not (back and back.occurred_on >= left.occurred_on):
        yield Finding(f"registration:{left.occurred_on}", ALERT, evidence=(left,), values={"since": left.occurred_on})


def _recognition_lost(step: StepFacts, version: Version) -> Findings:
    """The recognition as a disabled worker lapsed past the age at which it became the condition (CEJ at 26, CT R5131-15)."""
    until, born, opened = step.person.pathway.identity.get("rqth_until"), step.person.born, step.step.opened_on
    if version.max_age_rqth is None or version.max_age is None or until is None or born is None or opened is None:
        return QUIET
    lapsed: date = until + ONE_DAY
    if lapsed <= opened or lapsed < birthday(born, version.max_age):
        return QUIET
    return from_marks(step.day, f"rqth:{until}", [Mark(lapsed, ALERT)], values={"since": lapsed})


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
