"""One evaluation of one person: every finding on an evening, and the next day on which the clock may change one."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import pathways.detection.rules  # noqa: F401 -- registers every rule
from pathways.detection.facts import Facts
from pathways.detection.finding import QUIET, Finding, Findings
from pathways.detection.rule import Rule, rules_about, rules_about_the_person
from pathways.detection.settings import Settings
from pathways.workflows.entry import Ref
from pathways.workflows.fold import Pathway


class Key(NamedTuple):
    """What makes two findings one signal."""

    rule: str
    enrolment: Ref | None
    about: str
    threshold: str


@dataclass(frozen=True, slots=True)
class Held:
    """A finding with the rule that holds it."""

    rule: Rule
    finding: Finding


@dataclass(slots=True)
class Evaluation:
    """The findings of one evening by key. ``again_on`` is None when the clock alone changes nothing any more."""

    held: dict[Key, Held] = field(default_factory=dict)
    again_on: date | None = None


def evaluate(pathway: Pathway, day: date, settings: Settings, known_at: date | None = None) -> Evaluation:
    """Every rule that concerns the person, on the evening of ``day``."""
    facts, known_at = Facts(pathway, day), known_at or day
    result = Evaluation()
    for step in facts.steps:
        scheme = step.step.scheme.code
        rules = rules_about(scheme, step.state)
        if rules:
            values = settings.values(scheme, step.step.lead, day, known_at)
            for rule in rules:
                answer = rule.answer(step, values)
                if answer is not QUIET:
                    _collect(result, rule, answer, step.key)
    lead = facts.lead
    scheme, organisation = (lead.step.scheme.code, lead.step.lead) if lead else ("", None)
    values = settings.values(scheme, organisation, day, known_at)
    for rule in rules_about_the_person():
        _collect(result, rule, rule.answer(facts, values), None)
    return result


def _collect(result: Evaluation, rule: Rule, answer: Findings, enrolment: Ref | None) -> None:
    for finding in answer.found:
        key = Key(rule.id, enrolment if enrolment is not None else finding.enrolment, finding.about, finding.threshold)
        result.held[key] = Held(rule, finding)
    again = answer.again_on
    if again is not None and (result.again_on is None or again < result.again_on):
        result.again_on = again
