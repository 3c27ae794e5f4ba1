"""Signals of contact: missed appointments, silence, a missing referent, an obstacle nobody works on."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pathways.detection.facts import StepFacts
from pathways.detection.finding import ALERT, CRITICAL, INFO, QUIET, WATCH, Finding, Findings, Mark, from_marks, together
from pathways.detection.rule import Family, rule
from pathways.workflows.dates import days
from pathways.workflows.entry import Entry
from pathways.workflows.obstacles import EVENTS as OBSTACLE_EVENTS
from pathways.workflows.obstacles import unaddressed
from pathways.workflows.states import State as S


def _missed_since_seen(step: StepFacts) -> list[Entry]:
    """The no-shows since the last appointment the person came to."""
    run: list[Entry] = []
    for appointment in step.all("appointment"):
        if appointment.data.get("status") == "seen":
            run = []
        elif appointment.data.get("status") == "noshow":
            run.append(appointment)
    return run


@rule(
    "missed_appointment",
    "Rendez-vous manqué",
    family=Family.CONTACT,
    levels=(INFO,),
    closes="Le prochain rendez-vous honoré.",
    source="Pratique",
    after={"appointment"},
)
def missed_appointment(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """An appointment missed without excuse; the next one seen closes it."""
    return Findings(
        tuple(
            Finding(f"{missed.occurred_on}", INFO, evidence=(missed,), values={"on": missed.occurred_on})
            for missed in _missed_since_seen(step)
        )
    )


@rule(
    "repeated_no_show",
    "Absences répétées aux rendez-vous",
    family=Family.CONTACT,
    levels=(ALERT, CRITICAL),
    closes="Un rendez-vous honoré.",
    source="Pratique",
    after={"appointment"},
)
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


_ALONE = {"leavers", "validation", "creation"}
"""Kinds of steps in which silence counts only while nobody accompanies the person."""


@rule(
    "contact_silence",
    "Silence",
    family=Family.CONTACT,
    kinds={"accompaniment", *_ALONE},
    fed=True,
    levels=(WATCH, ALERT),
    closes="Un échange avec la personne, noté par un organisme qui l’accompagne.",
    source="Pratique, par dispositif",
)
def contact_silence(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """Too many days without a two-way contact, on the lead accompaniment, since it was signed or started.

    A contact belongs to the person: any accompanying body's counts. Twice as long is allowed while the person is in a
    training course, a contract or another structuring step. While nobody accompanies the person, the file of a school leaver
    counts from the first contact, a VAE and the creation of a business from their own start.
    """
    allowed, start = settings["contact_silence.days"], _silence_runs_from(step)
    if start is None or not allowed:
        return QUIET
    last = _last_contact(step)
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
        values={"since": anchor.occurred_on, "spoken": anchor is last, "began": anchor.type},
    )
    # The allowance shrinks the day after the other step's planned end, whether or not somebody declares that end.
    ends = [each.expected_end + days(1) for each in elsewhere if each.expected_end]
    return Findings(answer.found, min([*ends, *([answer.again_on] if answer.again_on else [])], default=None))


def _silence_runs_from(step: StepFacts) -> Entry | None:
    if step.step.scheme.family.code == "accompaniment":
        return step.signed if step.is_lead else None
    if step.person.lead is not None or step.state in _PASSED_ON:
        return None
    if step.step.scheme.family.code == "leavers":
        return next((contact for contact in step.person.pathway.contacts if contact.enrolment == step.key), None)
    return step.step.history[0].cause


_PASSED_ON = {S.HANDED_OVER, S.IN_SOLUTION}
"""Others answer for the young person from then on."""


def _last_contact(step: StepFacts) -> Entry | None:
    """The last exchange with a body that accompanies the person; in a project of their own, with the body that runs it too."""
    last = step.person.last_contact_of_a_referent
    if step.step.scheme.family.code not in _ALONE:
        return last
    own = [contact for contact in step.person.pathway.contacts if contact.enrolment == step.key]
    return max((each for each in (last, *own[-1:]) if each is not None), key=lambda entry: entry.occurred_on, default=None)


@rule(
    "referent_missing",
    "Référent manquant",
    family=Family.CONTACT,
    kinds={"accompaniment"},
    levels=(WATCH,),
    closes="Un référent désigné, ou la fin de l’accompagnement.",
    source="CT L5411-5-1",
    after={"referent_left"},
)
def referent_missing(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """8th day since the referent left without successor; until then the organisation that opened the step is the referent."""
    left, named = step.last("referent_left"), [*step.all("referent_named"), *step.all("transfer_accepted")]
    if left is None or any(successor.occurred_on >= left.occurred_on for successor in named):
        return QUIET
    shown = left.occurred_on + days(settings["referent_missing.days"] + 1)
    return from_marks(step.day, f"{left.occurred_on}", [Mark(shown, WATCH)], evidence=(left,), values={"since": left.occurred_on})


@rule(
    "obstacle_unaddressed",
    "Frein bloquant sans action",
    family=Family.CONTACT,
    levels=(ALERT,),
    closes="Une action sur ce frein, sa levée, ou une gravité moindre.",
    source="Freins périphériques (CT R5312-42, 2° x) ; délai par défaut",
    after={"obstacle"},
)
def obstacle_unaddressed(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """A theme declared blocking on this step, 30 days without any action on it, whoever acts (``obstacles.unaddressed``)."""
    if not step.all("obstacle"):
        return QUIET
    told = (entry for other in step.person.pathway.steps.values() for event in OBSTACLE_EVENTS for entry in other.all(event))
    return together(
        from_marks(
            step.day,
            f"{obstacle.data.get('theme')}:{obstacle.occurred_on}",
            [Mark(obstacle.occurred_on + days(settings["obstacle_unaddressed.days"] + 1), ALERT)],
            evidence=(obstacle,),
            values={"theme": obstacle.data.get("theme"), "since": obstacle.occurred_on},
        )
        for key, obstacle in unaddressed(told)
        if key == step.key
    )


@rule(
    "pair_silent",
    "Un des deux référents sans échange",
    family=Family.CONTACT,
    schemes={"GLOBAL"},
    states={S.ACTIVE},
    levels=(WATCH,),
    closes="Un échange de ce référent avec la personne, ou la fin de l’accompagnement.",
    source="Protocole ADF-DGEFP-Pôle emploi d’avril 2014 ; délai de pratique",
)
def pair_silent(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """More than 60 days without an exchange with one of the two who accompany, once both are known."""
    begun, pair = step.signed, _first_acts(step)
    if begun is None:
        return QUIET
    if begun.data.get("partner"):  # named from the first day, whoever it is
        pair = {str(kind): begun.occurred_on for kind in step.step.scheme.led_by}
    if len(pair) < len(step.step.scheme.led_by):
        return QUIET
    answers = []
    for kind, since in sorted(pair.items()):
        spoken = [each.occurred_on for each in step.person.pathway.contacts if each.kind == kind]
        last = max(begun.occurred_on, since, *spoken)
        answers.append(from_marks(
            step.day, f"{kind}:{last}", [Mark(last + days(settings["pair_silent.days"] + 1), WATCH)],
            values={"who": kind, "since": last},
        ))
    return together(answers)


def _first_acts(step: StepFacts) -> dict[str, date]:
    """The first day on which each of the kinds that lead the step declared something on it."""
    acts: dict[str, date] = {}
    for entries in step.step.entries.values():
        for entry in entries:
            if entry.kind in step.step.scheme.led_by:
                acts[str(entry.kind)] = min(acts.get(str(entry.kind), entry.occurred_on), entry.occurred_on)
    return acts
