"""Recording an event: the one way a fact enters the journal from a screen, and what follows in the same transaction."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from pathways import clock, db
from pathways.detection.sweep import evaluate_now
from pathways.errors import Reason, Refused
from pathways.models import JournalEntry, Link, LinkRole
from pathways.operations.dossier import Opened, open_dossier
from pathways.operations.projection import open_enrolment
from pathways.schemas.entries import keep_details, read_details
from pathways.workflows.actors import ACCOMPANYING, TRAINING_BODIES
from pathways.workflows.entry import Entry
from pathways.workflows.events import ABOUT_THE_PERSON, EVENTS
from pathways.workflows.fold import Pathway, Step, pathway
from pathways.workflows.objections import objections
from pathways.workflows.schemes import SCHEMES


def record_event(
    *,
    person_id: int,
    type: str,  # noqa: A002 -- the journal's own word
    occurred_on: date,
    data: Mapping[str, Any],
    organisation_id: int,
    user_id: int | None = None,
    enrolment_id: int | None = None,
    scheme: str | None = None,
    retracts: int | None = None,
    source: str = "screen",
) -> int:
    """Records one event and evaluates the person at once: signals, alerts and the stored state follow before the answer.

    ``scheme`` without ``enrolment_id`` opens a step. Returns the id of the entry. Raises `Refused` with every reason, and
    `NotVisible` when the organisation may not see the person.
    """
    if type not in EVENTS:
        raise Refused(Reason("unknown_event", {"event": type}))
    details = read_details(type, data)
    today = clock.today()
    with db.atomic() as session:
        dossier = open_dossier(person_id, organisation_id, today)
        if enrolment_id is None and scheme is not None:
            enrolment_id = session.scalar(sa.text("SELECT nextval(pg_get_serial_sequence('enrolment', 'id'))"))
            opens = True
        else:
            opens = False
            scheme = dossier.stored.steps[enrolment_id].scheme if enrolment_id in dossier.stored.steps else None
        entry = _as_entry(dossier, type, occurred_on, details, enrolment_id, scheme, retracts, today)
        reasons = [*_objections(dossier, entry, today)]
        if reasons:
            raise Refused(*reasons)
        if opens and enrolment_id is not None:
            open_enrolment(person_id, entry, _step_after(dossier, entry, today))
        kept = JournalEntry(
            person_id=person_id,
            enrolment_id=enrolment_id,
            type=type,
            occurred_on=occurred_on,
            organisation_id=organisation_id,
            user_id=user_id,
            source=source,
            payload=keep_details(type, details),
            retracts=retracts,
        )
        session.add(kept)
        session.flush()  # the evaluation reads the entry back, and the caller needs its id
        if enrolment_id is not None:
            _link(entry, person_id, user_id, dossier)
        evaluate_now(person_id, today)
        return kept.id


def _as_entry(
    dossier: Opened,
    kind: str,
    occurred_on: date,
    details: Mapping[str, Any],
    enrolment_id: int | None,
    scheme: str | None,
    retracts: int | None,
    today: date,
) -> Entry:
    content = json.dumps(keep_details(kind, details), sort_keys=True, ensure_ascii=False)
    number = max((entry.number for entry in dossier.entries), default=0) + 1
    return Entry(
        "new",
        kind,
        occurred_on,
        today,
        dossier.acting.organisation,
        dossier.acting.kind,
        enrolment_id,
        scheme,
        details,
        retracts,
        number,
        content,
    )


def _objections(dossier: Opened, entry: Entry, today: date) -> list[Reason]:
    """Every reason against, from the calendar to the workflow."""
    if entry.type == "retracted":
        return _against_retracting(dossier, entry)
    found = []
    if entry.occurred_on > today and not _is_planned(entry):
        found.append(Reason("day_to_come", {"today": today}))
    if entry.enrolment is None:
        if entry.type not in ABOUT_THE_PERSON:
            found.append(Reason("needs_a_step", {"event": entry.type}))
        elif dossier.acting.kind not in EVENTS[entry.type].by:
            found.append(Reason("not_yours_to_declare", {"event": entry.type, "by": sorted(EVENTS[entry.type].by)}))
        return found
    if entry.scheme not in SCHEMES:
        return [*found, Reason("unknown_step")]
    on_that_day = dossier.pathway(min(entry.occurred_on, today), today)
    step = on_that_day.steps.get(entry.enrolment) or Step(entry.enrolment, SCHEMES[entry.scheme])
    late = entry.occurred_on < today and step.state != ""
    return [*found, *objections(step, on_that_day, entry, dossier.acting, late=late)]


def _is_planned(entry: Entry) -> bool:
    """An appointment to come is declared before its day, and says so."""
    return entry.type == "appointment" and entry.data.get("status") == "planned"


def _against_retracting(dossier: Opened, entry: Entry) -> list[Reason]:
    """Only what one's own organisation declared, and only once: others' entries are settled as discordances."""
    target = next((each for each in dossier.entries if each.id == entry.retracts), None)
    if target is None:
        return [Reason("nothing_to_retract")]
    if target.organisation != dossier.acting.organisation:
        return [Reason("not_your_entry", {"event": target.type})]
    if any(each.retracts == target.id for each in dossier.entries):
        return [Reason("already_retracted", {"event": target.type})]
    return []


def _step_after(dossier: Opened, entry: Entry, today: date) -> tuple[Step, Pathway]:
    """The step as it will be once the entry is known. `Refused` when the entry would not begin it."""
    folded = pathway([*dossier.entries, entry], today, today)
    step = folded.steps.get(entry.enrolment or 0)
    if step is None or not step.state:
        raise Refused(Reason("opens_nothing", {"event": entry.type}))
    return step, folded


def _link(entry: Entry, person_id: int, user_id: int | None, dossier: Opened) -> None:
    """The organisation that declares on a step accompanies the person from then on: its access opens with its part."""
    organisation = dossier.acting.organisation
    session = db.session()
    known = session.scalar(
        sa.select(
            sa.exists().where(Link.enrolment_id == entry.enrolment, Link.organisation_id == organisation, Link.ended_on.is_(None))
        )
    )
    if known:
        return
    session.add(
        Link(
            person_id=person_id,
            enrolment_id=entry.enrolment,
            organisation_id=organisation,
            user_id=user_id,
            role=_role(entry, dossier.acting.kind),
            started_on=min(entry.occurred_on, entry.known_on),
        )
    )
    session.flush()  # row-level security reads links: the answer page must see the step


def _role(entry: Entry, kind: str) -> LinkRole:
    if entry.type == "prescribed":
        return LinkRole.PRESCRIBER
    if kind in ACCOMPANYING:
        return LinkRole.REFERENT if SCHEMES[entry.scheme or ""].lead_rank is not None else LinkRole.CO_REFERENT
    return LinkRole.OPERATOR if kind in TRAINING_BODIES else LinkRole.PARTNER
