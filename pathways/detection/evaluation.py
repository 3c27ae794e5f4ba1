"""One evaluation of one person: every finding on an evening, and the next day on which the clock may change one."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import pathways.detection.rules  # noqa: F401 -- registers every rule
from pathways.detection.circumstances import body_of
from pathways.detection.facts import Facts, StepFacts
from pathways.detection.finding import Finding, Findings
from pathways.detection.rule import Rule, rules_about_the_person, rules_after
from pathways.detection.settings import EVERY_RULE, OFF, Settings
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
    """The findings of one evening by key. ``again_on`` is None when the clock alone changes nothing any more.

    ``answers``: what each rule said of each step (or of the person, None), to be asked again only when it may change.
    """

    held: dict[Key, Held] = field(default_factory=dict)
    again_on: date | None = None
    answers: dict[tuple[str, Ref | None], Findings] = field(default_factory=dict)


def evaluate(
    pathway: Pathway,
    day: date,
    settings: Settings,
    known_at: date | None = None,
    *,
    unchanged: Evaluation | None = None,
    only: AbstractSet[str] = frozenset(),
) -> Evaluation:
    """Every rule that concerns the person, on the evening of ``day``.

    ``unchanged``: an earlier evaluation of the very same pathway and settings; only the rules whose day has come are asked.
    ``only``: the rules to ask, all of them when empty. Once a death is declared, only what contradicts it is still said; of
    somebody who objected, or where an organisation switched rules off, only what a human said or the law requires.
    """
    known_at, circumstances, only = known_at or day, settings.circumstances, frozenset(only)
    facts = Facts(pathway, day, circumstances, known_at)
    result = Evaluation()
    alive, objects = pathway.last("deceased") is None, pathway.objects
    for step in facts.steps if alive else ():
        scheme = step.step.scheme.code
        rules = rules_after(scheme, step.state, frozenset(step.step.entries), only)
        if rules:
            values = settings.values(scheme, step.step.lead, day, known_at)
            heard = circumstances.heard_until(body_of(step.step), day, known_at)
            for rule in _wanted(rules, values, objects=objects):
                if rule.fed and heard is not None:
                    _stand_still(result, rule, step, heard, values)
                else:
                    _ask(result, rule, step, values, step.key, unchanged)
    rules = rules_about_the_person(frozenset(pathway.person), only)
    if rules:
        lead = facts.lead
        scheme, organisation = (lead.step.scheme.code, lead.step.lead) if lead else ("", None)
        values = settings.values(scheme, organisation, day, known_at)
        for rule in _wanted(rules, values, objects=objects):
            if alive or rule.after_death:
                _ask(result, rule, facts, values, None, unchanged)
    return result


def _wanted(rules: tuple[Rule, ...], values: Mapping[str, Any], *, objects: bool) -> Iterable[Rule]:
    """Those of the rules that are to be asked at all."""
    if not (objects or values[OFF]):
        return rules
    return [rule for rule in rules if (not objects or rule.despite_objection) and not _is_off(rule, values)]


def _is_off(rule: Rule, values: Mapping[str, Any]) -> bool:
    off = values[OFF]
    return bool(off) and not rule.is_required and (rule.id in off or EVERY_RULE in off)


def _stand_still(result: Evaluation, rule: Rule, step: StepFacts, heard: date, values: Mapping[str, Any]) -> None:
    """The rule's answer by the clock of the last evening the body was heard: what is declared since still counts.

    The clock does not run, so that only news may change it: the end of the outage is one of the circumstances' own days.
    """
    person = step.person
    then = Facts(person.pathway, heard, person.circumstances, person.known_at)
    answer = rule.answer(StepFacts(step.step, then), values)
    _keep(result, rule, step.key, Findings(answer.found))


def _ask(
    result: Evaluation,
    rule: Rule,
    facts: Facts | StepFacts,
    values: Mapping[str, Any],
    enrolment: Ref | None,
    unchanged: Evaluation | None,
) -> None:
    """The rule's answer, kept from before while the clock cannot have changed it."""
    place = (rule.id, enrolment)
    before = unchanged.answers.get(place) if unchanged else None
    if before is not None and (before.again_on is None or before.again_on > facts.day):
        answer = before
    else:
        answer = rule.answer(facts, values)
    _keep(result, rule, enrolment, answer)


def _keep(result: Evaluation, rule: Rule, enrolment: Ref | None, answer: Findings) -> None:
    result.answers[rule.id, enrolment] = answer
    for finding in answer.found:
        key = Key(rule.id, enrolment if enrolment is not None else finding.enrolment, finding.about, finding.threshold)
        result.held[key] = Held(rule, finding)
    again = answer.again_on
    if again is not None and (result.again_on is None or again < result.again_on):
        result.again_on = again
