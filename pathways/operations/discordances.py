"""Declarations that contradict each other: asking the other organisation to look again, answering, or keeping both."""

from datetime import date

from pathways import clock, db
from pathways.detection.rules.data import pair_of
from pathways.errors import NotVisible, Reason, Refused
from pathways.operations.correction import stands
from pathways.operations.dossier import Opened, open_dossier
from pathways.operations.recording import record_event
from pathways.workflows.entry import Entry


def settle(
    *,
    person_id: int,
    kind: str,
    on: date,
    entries: list[int],
    reason: str,
    organisation_id: int,
    user_id: int,
    note: str | None = None,
) -> int:
    """Keeps both entries, and says why: the signal closes, no state changes. Returns the id of the entry that says so.

    Raises `Refused` unless one answers for the person, or when one of the entries was taken back meanwhile.
    """
    with db.atomic():
        dossier = open_dossier(person_id, organisation_id, clock.today())
        lead = dossier.pathway(clock.today(), clock.today()).lead_accompaniment
        if lead is not None and lead.lead != organisation_id:
            raise Refused("not_the_lead")
        if not all(stands(dossier.entries, _entry(dossier, each).number) for each in entries):
            raise Refused("no_discordance")
        data = {"about": pair_of(kind, on, entries), "reason": reason} | ({"note": note} if note else {})
        return record_event(
            person_id=person_id,
            type="discordance_settled",
            occurred_on=clock.today(),
            data=data,
            organisation_id=organisation_id,
            user_id=user_id,
        )


def ask_to_check(*, person_id: int, entry: int, reason: str, organisation_id: int, user_id: int) -> int:
    """Asks the organisation that declared an entry to look at it again. `Refused` for one's own, or asked already."""
    with db.atomic():
        dossier = open_dossier(person_id, organisation_id, clock.today())
        asked = _entry(dossier, entry)
        if asked.organisation == organisation_id:
            raise Refused("your_own_entry")
        if not stands(dossier.entries, entry):
            raise Refused(Reason("already_retracted", {"event": asked.type}))
        if is_awaited(dossier.entries, entry):
            raise Refused("already_asked")
        return _record("correction_requested", person_id, {"entry": entry, "reason": reason}, organisation_id, user_id)


def confirm_entry(*, person_id: int, entry: int, organisation_id: int, user_id: int) -> int:
    """Answers that one's own entry is right as it is. `Refused` when nobody asks."""
    with db.atomic():
        dossier = open_dossier(person_id, organisation_id, clock.today())
        asked = _entry(dossier, entry)
        if asked.organisation != organisation_id:
            raise Refused(Reason("not_your_entry", {"event": asked.type}))
        if not is_awaited(dossier.entries, entry):
            raise Refused("not_asked")
        return _record("entry_confirmed", person_id, {"entry": entry}, organisation_id, user_id)


def is_awaited(entries: list[Entry], entry: int) -> bool:
    """Whether somebody asked to look at the entry again, and has no answer yet."""
    about = [each for each in entries if each.data.get("entry") == entry and stands(entries, each.number)]
    last = max(about, key=lambda each: each.number, default=None)
    return last is not None and last.type == "correction_requested"


def _entry(dossier: Opened, number: int) -> Entry:
    found = next((each for each in dossier.entries if each.id == number), None)
    if found is None:
        raise NotVisible(f"entry {number}")
    return found


def _record(kind: str, person_id: int, data: dict[str, object], organisation_id: int, user_id: int) -> int:
    return record_event(
        person_id=person_id,
        type=kind,
        occurred_on=clock.today(),
        data=data,
        organisation_id=organisation_id,
        user_id=user_id,
    )
