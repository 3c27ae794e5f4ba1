"""Signals about the data: what organisations declare against each other, and ends nobody declared."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import combinations, pairwise
from typing import Any

from pathways.detection.facts import Facts, StepFacts
from pathways.detection.finding import ALERT, QUIET, WATCH, Finding, Findings, Level, Mark, earliest, from_marks
from pathways.detection.rule import Family, rule
from pathways.workflows import attendance
from pathways.workflows.actors import ACCOMPANYING
from pathways.workflows.dates import days
from pathways.workflows.entry import Entry, Ref
from pathways.workflows.leading import whom_it_names
from pathways.workflows.together import refused_together


@rule(
    "end_undeclared",
    "Fin non déclarée",
    family=Family.DATA,
    fed=True,
    levels=(WATCH,),
    closes="Une sortie ou une prolongation déclarée.",
    source="CT L6121-5, L6353-10 ; délai de pratique",
)
def end_undeclared(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """A week after the planned end of a step that nobody ended or extended: its owner is asked."""
    end = step.step.planned_end
    if not step.is_structuring or not step.step.is_active or end is None or step.expected_end != end:
        return QUIET
    return from_marks(step.day, f"{end}", [Mark(end + days(settings["end_undeclared.days"] + 1), WATCH)], values={"end": end})


@rule(
    "discordance",
    "Déclarations discordantes",
    family=Family.DATA,
    about_the_person=True,
    after_death=True,
    despite_objection=True,
    levels=(WATCH, ALERT),
    closes="Une des déclarations annulée ou corrigée, ou la discordance réglée.",
    source="Pratique : deux organismes déclarent la même personne",
)
def discordance(facts: Facts, settings: Mapping[str, Any]) -> Findings:
    """Two declarations that cannot both be true, or one that does not apply: the lead referent settles it.

    Settled, it is silent about these two entries from then on; another entry that contradicts them speaks again.
    """
    settled = {each.data.get("about") for each in facts.pathway.person.get("discordance_settled", ())}
    found = [
        Finding(
            f"{kind}:{on}:{'/'.join(sorted(entry.type for entry in entries))}",
            _level(entries),
            kind,
            entries,
            {"kind": kind, "on": on, "organisations": tuple(entry.organisation for entry in entries)},
            enrolment,
        )
        for kind, on, entries, enrolment in _contradictions(facts)
        if pair_of(kind, on, (entry.id for entry in entries)) not in settled
    ]
    again = earliest(*(step.next_half_day for step in facts.steps))
    return Findings(tuple({(finding.about, finding.enrolment): finding for finding in found}.values()), again)


def pair_of(kind: str, on: date, entries: Iterable[Ref]) -> str:
    """The code by which entries that contradict each other on that day are settled: ``two_leads:2025-02-03:12-34``."""
    return f"{kind}:{on}:{'-'.join(sorted(map(str, entries)))}"


def _level(entries: tuple[Entry, ...]) -> Level:
    """Louder when one of the two says that somebody left early."""
    ruptures = (entry.type in RUPTURES or entry.data.get("outcome") in {"ABANDON", "INJOIGNABLE"} for entry in entries)
    return ALERT if any(ruptures) else WATCH


RUPTURES = frozenset({"contract_broken", "dropped", "excluded"})
FULL_TIME = 35
"""Legal weekly hours (CT L3121-27)."""
Contradiction = tuple[str, date, tuple[Entry, ...], Any]


def _contradictions(facts: Facts) -> Iterator[Contradiction]:
    for each in facts.pathway.discordances:
        yield _kind_of(each.entries, each.kind), each.on, each.entries, each.enrolment
    yield from _present_elsewhere(facts)
    yield from _job_beside_a_contract(facts)
    yield from _refused_together(facts)
    yield from _two_leads(facts)
    yield from _contact_after_death(facts)


def _kind_of(entries: tuple[Entry, ...], kind: str) -> str:
    """An entry declared after an exit of the same step has a name of its own."""
    return "entry_after_exit" if entries[-1].type == "entered" and len(entries) > 1 else kind


def _present_elsewhere(facts: Facts) -> Iterator[Contradiction]:
    """Absent at one body while present at another the same half-day."""
    sheets = [(step, step.half_days) for step in facts.steps if step.all("attendance")]
    for position, (step, codes) in enumerate(sheets):
        for other, others in sheets[position + 1 :]:
            for day in sorted(codes.keys() & others.keys()):
                pairs = set(zip(codes[day], others[day], strict=True))
                if pairs & {(attendance.UNJUSTIFIED, attendance.PRESENT), (attendance.PRESENT, attendance.UNJUSTIFIED)}:
                    yield "present_elsewhere", day, (_sheet(step, day), _sheet(other, day)), step.key


def _sheet(step: StepFacts, day: date) -> Entry:
    return next(
        sheet
        for sheet in reversed(step.all("attendance"))
        if sheet.data["from"] <= day < sheet.data["from"] + days(len(sheet.data["halves"]) // 2)
    )


def _job_beside_a_contract(facts: Facts) -> Iterator[Contradiction]:
    """A full-time job recorded while another body declares a contract running."""
    running = [step for step in facts.steps if step.is_contract and step.state in {"probation", "in_contract"}]
    for job in running:
        started = job.last("work_contract_started")
        if started is None or started.kind not in ACCOMPANYING or not _full_time(job):
            continue
        for other in running:
            declared = other.last("work_contract_started")
            if (
                other is not job
                and declared
                and declared.kind not in ACCOMPANYING
                and declared.organisation != started.organisation
            ):
                yield "two_contracts", max(started.occurred_on, declared.occurred_on), (declared, started), other.key


def _full_time(job: StepFacts) -> bool:
    hours = job.detail("work_contract_signed", "hours_per_week")
    return hours is not None and hours >= FULL_TIME


def _refused_together(facts: Facts) -> Iterator[Contradiction]:
    """Two open accompaniments that may not be held together."""
    open_ones = [step for step in facts.steps if step.step.is_active and not step.is_structuring and step.signed]
    for position, step in enumerate(open_ones):
        for other in open_ones[position + 1 :]:
            first, second = step.signed, other.signed
            if first is None or second is None:
                continue
            on = max(first.occurred_on, second.occurred_on)
            if refused_together(step.step.scheme.held_as, other.step.scheme.held_as, on):
                yield "refused_together", on, (first, second), step.key


def _two_leads(facts: Facts) -> Iterator[Contradiction]:
    """Two organisations named referent of one step on one day, or each leading an open accompaniment of the same scheme."""
    for step in facts.steps:
        # Somebody handed over is taken by one organisation, beside the referent of the step that sends them.
        for events in (("referent_named", "transfer_accepted"), ("hand_over_accepted",)):
            named = sorted((each for event in events for each in step.all(event)), key=lambda entry: entry.occurred_on)
            for one, following in pairwise(named):
                both = {whom_it_names(step.step, each) for each in (one, following)}
                if one.occurred_on == following.occurred_on and len(both) > 1:
                    yield "two_leads", one.occurred_on, (one, following), step.key
    open_ones = [step for step in facts.steps if step.step.is_active and not step.is_structuring]
    for step, other in combinations(open_ones, 2):
        first, second = step.signed, other.signed
        if first and second and step.step.scheme is other.step.scheme and step.step.lead != other.step.lead:
            yield "two_leads", max(first.occurred_on, second.occurred_on), (first, second), step.key


def _contact_after_death(facts: Facts) -> Iterator[Contradiction]:
    death = facts.pathway.last("deceased")
    for contact in facts.pathway.contacts if death else ():
        if death and contact.occurred_on > death.occurred_on:
            yield "contact_after_death", contact.occurred_on, (death, contact), contact.enrolment
