"""Signals of contact: missed appointments, silence, a transfer that waits, a missing referent, an obstacle nobody works on."""

from collections.abc import Mapping
from typing import Any

from pathways.detection.facts import StepFacts
from pathways.detection.finding import ALERT, CRITICAL, INFO, QUIET, WATCH, Finding, Findings, Mark, from_marks, together
from pathways.detection.rule import Family, rule
from pathways.workflows.dates import days
from pathways.workflows.entry import Entry


def _missed_since_seen(step: StepFacts) -> list[Entry]:
    """The no-shows since the last appointment the person came to."""
    run: list[Entry] = []
    for appointment in step.all("appointment"):
        if appointment.data.get("status") == "seen":
            run = []
        elif appointment.data.get("status") == "noshow":
            run.append(appointment)
    return run


@rule("missed_appointment", "Rendez-vous manqué", family=Family.CONTACT)
def missed_appointment(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """An appointment missed without excuse; the next one seen closes it."""
    return Findings(
        tuple(
            Finding(f"{missed.occurred_on}", INFO, evidence=(missed,), values={"on": missed.occurred_on})
            for missed in _missed_since_seen(step)
        )
    )


@rule("repeated_no_show", "Absences répétées aux rendez-vous", family=Family.CONTACT)
def repeated_no_show(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """2 no-shows in 30 rolling days, 3 in 60, since the last appointment seen."""
    run = _missed_since_seen(step)
    found = []
    for level, (count, window) in (
        (ALERT, settings["repeated_no_show.alert"]),
        (CRITICAL, settings["repeated_no_show.critical"]),
    ):
        for position in range(count - 1, len(run)):
            first, last = run[position - count + 1], run[position]
            if (last.occurred_on - first.occurred_on).days < window:
                found.append(
                    Finding(
                        f"since:{run[0].occurred_on}",
                        level,
                        str(count),
                        tuple(run[position - count + 1 : position + 1]),
                        {"count": count, "window": window, "last": last.occurred_on},
                    )
                )
                break
    return Findings(tuple(found))


@rule("contact_silence", "Silence", family=Family.CONTACT, kinds={"accompaniment", "leavers"})
def contact_silence(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """Too many days without a two-way contact, on the lead accompaniment, since it was signed or started.

    A contact belongs to the person: any accompanying body's counts. Twice as long is allowed while the person is in a
    training course, a contract or another structuring step. The file of a school leaver whom nobody accompanies yet counts
    from the first contact.
    """
    allowed, start = settings["contact_silence.days"], _silence_runs_from(step)
    if start is None or not allowed:
        return QUIET
    last = step.person.last_contact_of_a_referent
    anchor = last if last is not None and last.occurred_on >= start.occurred_on else start
    elsewhere = step.person.active_structuring(but=step)
    if elsewhere:
        allowed *= settings["contact_silence.factor"]
    answer = from_marks(
        step.day,
        f"{anchor.occurred_on}",
        [
            Mark(anchor.occurred_on + days(allowed + 1), WATCH, "1", {"allowed": allowed}),
            Mark(
                anchor.occurred_on + days(allowed * settings["contact_silence.alert_factor"] + 1),
                ALERT,
                "2",
                {"allowed": allowed * settings["contact_silence.alert_factor"]},
            ),
        ],
        evidence=(anchor,),
        values={"since": anchor.occurred_on, "spoken": anchor is last},
    )
    # The allowance shrinks the day after the other step's planned end, whether or not somebody declares that end.
    ends = [each.expected_end + days(1) for each in elsewhere if each.expected_end]
    return Findings(answer.found, min([*ends, *([answer.again_on] if answer.again_on else [])], default=None))


def _silence_runs_from(step: StepFacts) -> Entry | None:
    if step.step.scheme.family.code == "accompaniment":
        return step.signed if step.is_lead else None
    spoken = (contact for contact in step.person.pathway.contacts if contact.enrolment == step.key)
    return next(spoken, None) if step.person.lead is None else None


@rule("referent_missing", "Référent manquant", family=Family.CONTACT, kinds={"accompaniment"})
def referent_missing(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """8th day since the referent left without successor; until then the organisation that opened the step is the referent."""
    left, named = step.last("referent_left"), [*step.all("referent_named"), *step.all("transfer_accepted")]
    if left is None or any(successor.occurred_on >= left.occurred_on for successor in named):
        return QUIET
    shown = left.occurred_on + days(settings["referent_missing.days"] + 1)
    return from_marks(step.day, f"{left.occurred_on}", [Mark(shown, WATCH)], evidence=(left,), values={"since": left.occurred_on})


@rule("transfer_pending", "Transfert en attente", family=Family.CONTACT)
def transfer_pending(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """16th day after a transfer was asked without an answer: the sender stays responsible meanwhile."""
    asked = step.last("transfer_requested")
    answers = [*step.all("transfer_accepted"), *step.all("transfer_refused")]
    if asked is None or any(answer.occurred_on >= asked.occurred_on for answer in answers):
        return QUIET
    shown = asked.occurred_on + days(settings["transfer_pending.days"] + 1)
    return from_marks(
        step.day, f"{asked.occurred_on}", [Mark(shown, ALERT)], evidence=(asked,), values={"asked": asked.occurred_on}
    )


@rule("obstacle_unaddressed", "Frein bloquant sans action", family=Family.CONTACT)
def obstacle_unaddressed(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """A blocking obstacle, 30 days without any action on its theme."""
    answers = []
    for obstacle in step.all("obstacle"):
        theme = obstacle.data.get("theme")
        if obstacle.data.get("severity") != "bloquant" or any(
            action.data.get("theme") == theme and action.occurred_on >= obstacle.occurred_on
            for other in step.person.pathway.steps.values()
            for action in other.all("obstacle_action")
        ):
            continue
        shown = obstacle.occurred_on + days(settings["obstacle_unaddressed.days"] + 1)
        answers.append(
            from_marks(
                step.day,
                f"{theme}:{obstacle.occurred_on}",
                [Mark(shown, ALERT)],
                evidence=(obstacle,),
                values={"theme": theme, "since": obstacle.occurred_on},
            )
        )
    return together(answers)
