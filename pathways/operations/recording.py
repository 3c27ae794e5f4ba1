"""Recording an event: the one way a fact enters the journal from a screen, and what follows in the same transaction."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from pathways import clock, db
from pathways.detection.reading import read_kinds
from pathways.detection.sweep import evaluate_now
from pathways.errors import Reason, Refused, Stale
from pathways.models import JournalEntry
from pathways.operations.acting import note_acts
from pathways.operations.dossier import Opened, open_dossier
from pathways.operations.linking import Linking
from pathways.operations.projection import open_enrolment
from pathways.schemas.entries import keep_details, read_details
from pathways.workflows.entry import Entry, Ref
from pathways.workflows.events import ABOUT_THE_PERSON, EVENTS, GIVES_ACCESS
from pathways.workflows.fold import Pathway, Step, pathway
from pathways.workflows.objections import objections
from pathways.workflows.schemes import SCHEMES

OPENS = -1
"""Number of a step that has no row yet."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One entry to record. ``scheme`` without ``enrolment_id`` opens a step.

    ``id``: its number when another draft refers to it. ``restates``: it says again, corrected, what was declared before: like
    a late fact it is not refused for the state of the step.
    """

    type: str
    occurred_on: date
    data: Mapping[str, Any] = field(default_factory=dict)
    enrolment_id: int | None = None
    scheme: str | None = None
    retracts: int | None = None
    id: int | None = None
    restates: bool = False


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
    version: int | None = None,
) -> int:
    """Records one event and evaluates the person at once: signals, alerts and the stored state follow before the answer.

    ``scheme`` without ``enrolment_id`` opens a step. Returns the id of the entry. Raises as `record_entries`.
    """
    draft = Draft(type, occurred_on, data, enrolment_id, scheme, retracts)
    (entry,) = record_entries(
        [draft], person_id=person_id, organisation_id=organisation_id, user_id=user_id, source=source, version=version
    )
    return entry


def record_entries(
    drafts: Sequence[Draft],
    *,
    person_id: int,
    organisation_id: int,
    user_id: int | None = None,
    source: str = "screen",
    version: int | None = None,
) -> list[int]:
    """Records these entries of one organisation, all or none, and evaluates the person once. Returns their ids.

    ``version``: of the dossier the asker has seen. Raises `Refused` with every reason, `NotVisible` when the organisation may
    not see the person, `Stale` when something was declared since that version.
    """
    today = clock.today()
    with db.atomic() as session:
        dossier = open_dossier(person_id, organisation_id, today)
        if version is not None and version != dossier.version:
            raise Stale(f"person {person_id}: {dossier.version} entries instead of {version}")
        drafts = [_with_its_step(draft) for draft in drafts]
        entries = prepare(dossier, drafts, today)
        for draft, entry in zip(drafts, entries, strict=True):
            if draft.scheme is not None:
                open_enrolment(person_id, entry, _step_after(dossier, entry, today))
        kept = journal_rows(drafts, entries, person_id=person_id, organisation_id=organisation_id, user_id=user_id, source=source)
        for row in kept:
            session.add(row)
            session.flush()  # one by one: a draft may refer to the one before
        Linking(person_id, user_id, dossier, today).follow(entries)
        note_acts(kept, organisation_id=organisation_id, user_id=user_id)
        evaluate_now(person_id, today)
        return [row.id for row in kept]


def prepare(dossier: Opened, drafts: Sequence[Draft], today: date) -> list[Entry]:
    """The entries these drafts make in this dossier. Raises `Refused` with every reason against any of them."""
    entries = [_as_entry(dossier, draft, place, today) for place, draft in enumerate(drafts, 1)]
    # What is corrected is judged as if the faulty entry had never been declared.
    taken_back = [entry for entry in entries if entry.retracts is not None]
    without = replace(dossier, entries=[*dossier.entries, *taken_back])
    reasons: list[Reason] = []
    for draft, entry in zip(drafts, entries, strict=True):
        taking_back = entry.type == "retracted"
        reasons += (
            _against_retracting(dossier, entry) if taking_back else _objections(without, entry, today, restates=draft.restates)
        )
    if reasons:
        raise Refused(*reasons)
    return entries


def journal_rows(
    drafts: Sequence[Draft],
    entries: Sequence[Entry],
    *,
    person_id: int,
    organisation_id: int,
    user_id: int | None,
    source: str = "screen",
) -> list[JournalEntry]:
    """The rows of prepared entries, in their order, not in the session yet."""
    return [
        _row(draft, entry, person_id, organisation_id, user_id, source) for draft, entry in zip(drafts, entries, strict=True)
    ]


def _with_its_step(draft: Draft) -> Draft:
    """A draft that opens a step gets the number the step will have; no other names a scheme."""
    if draft.enrolment_id is not None:
        return replace(draft, scheme=None)
    if draft.scheme is None:
        return draft
    number = db.session().scalar(sa.text("SELECT nextval(pg_get_serial_sequence('enrolment', 'id'))"))
    return replace(draft, enrolment_id=number)


def _as_entry(dossier: Opened, draft: Draft, place: int, today: date) -> Entry:
    if draft.type not in EVENTS:
        raise Refused(Reason("unknown_event", {"event": draft.type}))
    details = read_details(draft.type, draft.data)
    stored = dossier.stored.steps.get(draft.enrolment_id or 0)
    key: Ref | None = draft.enrolment_id if draft.enrolment_id is not None else (OPENS if draft.scheme else None)
    return Entry(
        draft.id or f"draft {place}",
        draft.type,
        draft.occurred_on,
        today,
        dossier.acting.organisation,
        dossier.acting.kind,
        key,
        draft.scheme or (stored.scheme if stored else None),
        details,
        draft.retracts,
        dossier.version + place,
        json.dumps(keep_details(draft.type, details), sort_keys=True, ensure_ascii=False),
    )


def _row(
    draft: Draft, entry: Entry, person_id: int, organisation_id: int, user_id: int | None, source: str
) -> JournalEntry:
    given = {} if draft.id is None else {"id": draft.id}
    return JournalEntry(
        **given,
        person_id=person_id,
        enrolment_id=entry.enrolment,
        type=entry.type,
        occurred_on=entry.occurred_on,
        organisation_id=organisation_id,
        user_id=user_id,
        source=source,
        payload=keep_details(entry.type, entry.data),
        retracts=entry.retracts,
    )


def _objections(dossier: Opened, entry: Entry, today: date, *, restates: bool) -> list[Reason]:
    """Every reason against, from the calendar to the workflow."""
    found = [*_against_whom_it_names(dossier, entry)]
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
    late = restates or (entry.occurred_on < today and step.state != "")
    return [*found, *objections(step, on_that_day, entry, dossier.acting, late=late)]


def _against_whom_it_names(dossier: Opened, entry: Entry) -> list[Reason]:
    """An organisation named by its number is one we know, and is not called by itself."""
    found = []
    for name, spec in EVENTS[entry.type].fields.items():
        named = entry.data.get(name)
        if spec.kind != "organisation" or not isinstance(named, int):
            continue
        label = {"field": name, "label": spec.label}
        kind = read_kinds(db.session(), (), [named]).get(named)
        if kind is None:
            found.append(Reason("unknown_organisation", label))
        elif entry.type == "transfer_requested":
            # One may ask to take over oneself: the page of the scheme says who asks whom.
            if entry.scheme in SCHEMES and kind not in SCHEMES[entry.scheme].led_by:
                found.append(Reason("cannot_lead", label))
        elif named == dossier.acting.organisation and GIVES_ACCESS.get(entry.type) == "to":
            found.append(Reason("calls_oneself", label))
    return found


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
