"""Signals of passages: somebody handed over whom nobody received, answered for or took; a transfer that waits."""

from collections.abc import Mapping
from typing import Any

from pathways.detection.facts import StepFacts
from pathways.detection.finding import ALERT, QUIET, WATCH, Findings, Mark, from_marks, together
from pathways.detection.rule import Family, rule
from pathways.workflows.dates import ONE_DAY, add_working_days, days
from pathways.workflows.passages import Kind, Passage, Stage, passages

SOURCE = "Passages entre organismes : accusé de réception sous 5 jours ouvrés, réponse sous 15 jours"


def _handed_over(step: StepFacts) -> list[Passage]:
    return [each for each in passages(step.step, step.person.pathway) if each.kind is Kind.HAND_OVER]


def _about(passage: Passage) -> str:
    return f"hand_over:{passage.sent.occurred_on}:{passage.receiver}"


@rule(
    "hand_over_unacknowledged", "Transmission sans accusé de réception", family=Family.CONTACT, outlives=True, levels=(WATCH,),
    closes="L’accusé de réception, la réponse ou le retrait la clôt.", source=SOURCE,
    after={"handed_over"},
)
def hand_over_unacknowledged(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """From the day after the 5th working day since the sending, while the receiver has neither said nor done anything."""
    answers = []
    for passage in _handed_over(step):
        if passage.stage is not Stage.SENT:
            continue
        sent = passage.sent.occurred_on
        last = add_working_days(sent, settings["hand_over_unacknowledged.working_days"])
        answers.append(
            from_marks(step.day, _about(passage), [Mark(last + ONE_DAY, WATCH)], evidence=(passage.sent,), values={"sent": sent})
        )
    return together(answers)


@rule(
    "transfer_pending", "Transfert en attente", family=Family.CONTACT, outlives=True, levels=(ALERT,), version="2",
    closes="L’acceptation, le refus ou le retrait la clôt.", source=SOURCE,
    after={"handed_over", "transfer_requested"},
)
def transfer_pending(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """16th day after a transfer was asked, or somebody handed over, without an answer: the sender stays responsible meanwhile."""
    waits, answers = days(settings["transfer_pending.days"] + 1), []
    asked = step.last("transfer_requested")
    if asked is not None and step.step.is_open and not _is_answered(step):
        values = {"asked": asked.occurred_on, "kind": "transfer"}
        mark = Mark(asked.occurred_on + waits, ALERT)
        answers.append(from_marks(step.day, f"{asked.occurred_on}", [mark], evidence=(asked,), values=values))
    for passage in _handed_over(step):
        if passage.is_pending:
            sent = passage.sent.occurred_on
            values = {"asked": sent, "kind": "hand_over"}
            answers.append(
                from_marks(step.day, _about(passage), [Mark(sent + waits, ALERT)], evidence=(passage.sent,), values=values)
            )
    return together(answers)


def _is_answered(step: StepFacts) -> bool:
    asked = step.last("transfer_requested")
    answers = (answer for event in ("accepted", "refused", "withdrawn") for answer in step.all(f"transfer_{event}"))
    return asked is None or any(answer.occurred_on >= asked.occurred_on for answer in answers)


@rule(
    "hand_over_refused", "Transmission refusée", family=Family.CONTACT, kinds={"leavers"}, outlives=True, levels=(WATCH,),
    closes="Une autre transmission, ou un accompagnement ouvert, la clôt.", source=SOURCE,
    after={"handed_over"},
)
def hand_over_refused(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """A school leaver whose last hand-over was refused, whom nobody accompanies: the file is over, the young person is not."""
    handed = _handed_over(step)
    last = handed[-1] if handed else None
    if last is None or last.stage is not Stage.REFUSED or last.answer is None or step.person.lead is not None:
        return QUIET
    if any(each.is_pending or each.stage is Stage.ACCEPTED for each in handed):
        return QUIET
    values = {"refused": last.answer.occurred_on, "reason": last.answer.data.get("reason")}
    mark = Mark(last.answer.occurred_on, WATCH)
    return from_marks(step.day, _about(last), [mark], evidence=(last.sent, last.answer), values=values)
