"""Evaluation of the persons who are due: read, evaluate and write, in id ranges.

Due = the clock's day has come, an entry or a setting is newer than the stored stamp, or a body began or ceased to be heard.
Every day that mattered since the last evaluation is visited with what was known on it, so that a night that did not run is
caught up exactly.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pathways import clock, db
from pathways.detection.alerting import Raised, Review
from pathways.detection.asking import weigh
from pathways.detection.budget import show_waiting
from pathways.detection.evaluation import Key, evaluate
from pathways.detection.finding import Finding, Level
from pathways.detection.outages import last_turns
from pathways.detection.passages import Passed
from pathways.detection.reading import (
    PROJECTED,
    Dossier,
    Lock,
    OpenSignal,
    accompanying,
    read_dossiers,
    read_kinds,
    read_settings,
)
from pathways.detection.rule import RULES, Family
from pathways.detection.settings import Settings
from pathways.detection.timeline import Run, Timeline, first_look, since_on, timeline
from pathways.detection.writing import Outcome, as_shown, as_text, changed_steps, evidence_of, signal_row, write
from pathways.workflows.actors import ACCOMPANYING
from pathways.workflows.dates import ONE_DAY
from pathways.workflows.entry import Ref
from pathways.workflows.fold import Pathway, pathway
from pathways.workflows.passages import holder

RANGE = 500
"""Persons per transaction and per job: large enough to amortise statements, small enough to keep locks short."""

_DUE = sa.text("""
    SELECT id FROM person
    WHERE merged_into IS NULL AND archived_on IS NULL AND erased_on IS NULL AND id BETWEEN :low AND :high
        AND (:full OR evaluated_day IS NULL OR next_on <= :day OR touched_at IS NOT NULL
        OR evaluated_at < (SELECT max(recorded_at) FROM setting)
        OR id IN (SELECT enrolment.person_id FROM jsonb_to_recordset(CAST(:turns AS jsonb)) AS turn(body bigint, turned date)
            JOIN enrolment ON coalesce(enrolment.operator_id, enrolment.lead_organisation_id) = turn.body
            JOIN person seen ON seen.id = enrolment.person_id AND seen.evaluated_day < turn.turned))
    ORDER BY id LIMIT :most
""")


@dataclass(slots=True)
class Counts:
    """What an evaluation did."""

    persons: int = 0
    entries: int = 0
    half_days: int = 0
    opened: int = 0
    closed: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


@dataclass(slots=True)
class Reference:
    """What every range needs, read once. ``history``: of somebody never evaluated, every past evening is looked at too."""

    settings: Settings
    kinds: Mapping[int, str]
    history: bool = False


def read_reference(session: Session, persons: Sequence[int] | None = None, *, history: bool = False) -> Reference:
    """``persons``: the only ones it is read for; None for everybody."""
    return Reference(read_settings(session, persons), read_kinds(session, persons), history)


def due(
    session: Session, day: date, *, full: bool = False, between: tuple[int, int] | None = None, most: int | None = None
) -> list[int]:
    """Ids of the persons to evaluate on ``day``, in their order; ``between``: of those from one id to another alone.

    ``most``: the first of them are enough.
    """
    turns = last_turns(read_settings(session).circumstances, day)
    asked = [{"body": body, "turned": on.isoformat()} for body, on in turns.items()]
    low, high = between or (0, 2**63 - 1)
    wanted = {"day": day, "full": full, "turns": json.dumps(asked), "low": low, "high": high, "most": most}
    return list(session.scalars(_DUE, wanted))


def sweep(day: date, *, full: bool = False, history: bool = False) -> Counts:
    """Evaluates everybody who is due, range by range, each in its own transaction."""
    with db.as_system():
        with db.atomic() as session:
            reference, ids = read_reference(session, history=history), due(session, day, full=full)
        counts = Counts()
        for first in range(0, len(ids), RANGE):
            counts += sweep_range(ids[first : first + RANGE], day, reference)
        share_out(day)
        return counts


def sweep_range(ids: Sequence[int], day: date, reference: Reference) -> Counts:
    """Evaluates these persons in one transaction, leaving out those somebody else is writing at this moment.

    What needs a human then waits for `share_out`.
    """
    with db.as_system(), db.atomic() as session:
        return evaluate_persons(session, ids, day, reference, lock="skip", show=False)


def share_out(day: date) -> None:
    """Shows what the week's budget of each allows, once everybody has been evaluated: the first range has no advantage."""
    with db.as_system(), db.atomic() as session:
        session.execute(sa.text("SET LOCAL statement_timeout = 0"))
        show_waiting(session, day, clock.now())


def evaluate_now(person_id: int, day: date) -> Counts:
    """Evaluates one person inside the running transaction: what follows an entry."""
    with db.as_system():
        session = db.session()
        return evaluate_persons(session, [person_id], day, read_reference(session, [person_id]), lock="wait")


def evaluate_persons(
    session: Session,
    ids: Sequence[int],
    day: date,
    reference: Reference,
    *,
    lock: Lock,
    review: Review | None = None,
    show: bool = True,
) -> Counts:
    """Reads, evaluates and writes these persons in the running transaction.

    ``review``: for the first file of an organisation. ``show``: whether what fits in the week's budget is shown at once; a
    sweep shows it when all are evaluated.
    """
    dossiers = read_dossiers(session, ids, reference.kinds, day, lock=lock)
    there = accompanying(session, [dossier.person_id for dossier in dossiers], day)
    outcome, counts, passed = Outcome(day, review=review), Counts(), Passed(day)
    for dossier in dossiers:
        walk = judge(dossier, outcome, there, reference.settings, history=reference.history)
        if walk.current is not None:
            passed.gather(dossier, walk.current.pathway)
        sheets = (entry.data["halves"] for entry in dossier.entries if entry.type == "attendance")
        counts += Counts(1, len(dossier.entries), sum(len(halves) for halves in sheets))
    asked = write(session, outcome, clock.now())
    if show and asked:
        show_waiting(session, day, clock.now(), asked)
    passed.write(session, clock.now())
    counts.opened, counts.closed = len(outcome.opened), len(outcome.closed)
    return counts


def judge(
    dossier: Dossier,
    outcome: Outcome,
    there: Mapping[tuple[int, int], int | None],
    settings: Settings,
    *,
    history: bool = False,
) -> Timeline:
    """Adds to ``outcome`` what an evaluation of this person on its day has to write, and writes nothing.

    ``history``: somebody never evaluated is looked at on every past evening, and not only today.
    """
    walk = _walk(dossier, outcome.day, settings, history)
    _compare(dossier, walk, outcome, there, settings)
    return walk


def _walk(dossier: Dossier, day: date, settings: Settings, history: bool) -> Timeline:
    """The person's timeline from where the last evaluation left it."""
    if dossier.evaluated_day is None:
        return (timeline if history else first_look)(dossier.entries, settings, day)
    # An entry recorded later on an evaluated day is looked at again that same evening.
    after = min(dossier.evaluated_day, day - ONE_DAY)
    open_runs = [run for run in map(_as_run, dossier.signals) if run]
    return Timeline(dossier.entries, settings).resume(after, open_runs, dossier.next_on).run_to(day)


def _as_run(signal: OpenSignal) -> Run | None:
    """A stored signal as the timeline left it; None when its rule is gone."""
    rule = RULES.get(signal.rule)
    if rule is None:
        return None
    finding = Finding(signal.about, Level[signal.level.upper()], signal.threshold, (), signal.details, signal.enrolment)
    return Run(Key(signal.rule, signal.enrolment, signal.about, signal.threshold), rule, finding, signal.shown_on)


def _compare(
    dossier: Dossier, walk: Timeline, outcome: Outcome, there: Mapping[tuple[int, int], int | None], settings: Settings
) -> None:
    """What the evaluation says, against what is stored."""
    assert walk.current is not None
    folded = walk.current.pathway
    stored = {Key(signal.rule, signal.enrolment, signal.about, signal.threshold): signal for signal in dossier.signals}
    since = _since(dossier, walk, stored, settings, outcome.day)
    for run in walk.runs:
        signal = stored.get(run.key)
        if signal is None or signal.shown_on != run.shown_on:
            outcome.opened.append(signal_row(dossier.person_id, run, since.get(run.key, run.shown_on)))
            rises = run.closed_on is None
        else:
            stored.pop(run.key)
            # A signal nobody could be asked about waits for the first organisation that accompanies the person.
            rises = not signal.asked and run.closed_on is None
            rises |= _update(dossier.person_id, signal, run, since.get(run.key, signal.shown_on), outcome)
        if rises:
            _raise(dossier, folded, run, outcome, there)
    for orphan in stored.values():
        if orphan.closed_on is None:
            outcome.closed.append(
                {"id": orphan.id, "person_id": dossier.person_id, "closed_on": outcome.day, "close_reason": "ended"}
            )
    for changed in changed_steps(dossier, folded):
        outcome.steps.append(changed)
        was = dossier.steps[changed["id"]].values[PROJECTED.index("closed_on")]
        if was is not None and changed["closed_on"] is None:
            outcome.reopened.append({"id": changed["id"], "was": was})
    outcome.persons.append({"id": dossier.person_id, "next_on": walk.next_on})


def _update(person_id: int, signal: OpenSignal, run: Run, began: date, outcome: Outcome) -> bool:
    """Writes what changed of a stored signal; True when it rose, or holds again after having closed that very day."""
    level, said = run.finding.level, as_text(run.finding.values)
    if run.closed_on is not None:
        if signal.closed_on is None:
            outcome.closed.append(
                {"id": signal.id, "person_id": person_id, "closed_on": run.closed_on, "close_reason": run.reason}
            )
        return False
    if signal.closed_on is not None or (signal.level, signal.since_on, signal.details) != (level.code, began, said):
        outcome.updated.append(
            {"id": signal.id, "level": level.code, "since_on": began, "details": said, "evidence": evidence_of(run)}
        )
    return signal.closed_on is not None or Level[signal.level.upper()] < level


def _since(
    dossier: Dossier, walk: Timeline, stored: Mapping[Key, OpenSignal], settings: Settings, day: date
) -> dict[Key, date]:
    """When each open signal began by what is known now, where that may differ from the day it showed.

    It may when something was recorded after its day or taken back. Walking the whole timeline again is dear: it is done
    when something came late since the last evaluation, or for a new signal that already held the evening before.
    """
    known = {key: signal.since_on for key, signal in stored.items()}
    late = [entry for entry in dossier.entries if entry.known_on > entry.effective_on or entry.retracts is not None]
    last, open_runs = dossier.evaluated_day, [run for run in walk.runs if run.closed_on is None]
    if not late or not open_runs:
        return known
    if last is None or any(entry.known_on >= last for entry in late):
        # What was known before it showed, and has not been added to since, cannot date it otherwise.
        latest = max(entry.known_on for entry in late)
        asked = [run for run in open_runs if latest >= run.shown_on]
    else:
        asked = _held_before(dossier, [run for run in open_runs if run.key not in stored], settings, day)
    return known | since_on(dossier.entries, settings, day, {run.key: run.shown_on for run in asked})


def _held_before(dossier: Dossier, new: list[Run], settings: Settings, day: date) -> list[Run]:
    """Those of the new signals that, by what is known now, already held on the evening before they showed."""
    found: list[Run] = []
    for shown_on in {run.shown_on for run in new}:
        eve, runs = shown_on - ONE_DAY, [run for run in new if run.shown_on == shown_on]
        held = evaluate(pathway(dossier.entries, eve, day), eve, settings, day, only={run.key.rule for run in runs}).held
        found += [run for run in runs if run.key in held]
    return found


def _raise(dossier: Dossier, pathway: Pathway, run: Run, outcome: Outcome, there: Mapping[tuple[int, int], int | None]) -> None:
    """Asks the one who can act: the lead referent; the body itself for an end it did not declare; where neither a step nor a
    hand-over says who, the accompanying organisation that spoke last.

    Only an organisation that accompanies the person today is asked. Where none does, the signal is kept and nobody is asked.
    """
    if run.finding.level < Level.WATCH:
        return
    lead = pathway.lead_accompaniment
    step = pathway.steps.get(run.key.enrolment) if run.key.enrolment is not None else None
    candidates = [lead.lead if lead else holder(pathway), step and step.prescriber, step and step.lead]
    if run.rule.family is Family.DATA:
        candidates.reverse()
    person = dossier.person_id
    for owner in [*candidates, *_who_spoke(dossier)]:
        if isinstance(owner, int) and (person, owner) in there:
            enrolment = run.key.enrolment if isinstance(run.key.enrolment, int) else None
            weight = weigh(run, pathway, outcome.day)
            asked = (owner, there[person, owner], run.rule.id, weight, as_shown(run))
            outcome.raised.append(Raised(person, enrolment, run.rule.family, run.finding.level, *asked))
            return


def _who_spoke(dossier: Dossier) -> Iterator[Ref | None]:
    """The accompanying organisations that declared something of the person, the last first."""
    return (entry.organisation for entry in reversed(dossier.entries) if entry.kind in ACCOMPANYING)
