"""The rows of one person, as the text that COPY reads. Keys are local: (person's index, key of the step, rank of the entry)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from pathways.demo.journal import CALLED, RANKS, Declared, StepPlan
from pathways.demo.population import DemoPerson
from pathways.demo.region import Region
from pathways.detection.writing import projection
from pathways.models.person import search_key, sort_key
from pathways.workflows.fold import Pathway, Step, pathway

COLUMNS = {
    "person": "person, public_id, family_name, given_name, birth_date, sex, commune, phone, email, level, rqth_until, "
    "search_key, sort_key, touched_at",
    "external_id": "person, system, value",
    "enrolment": "person, key, public_id, scheme, rules_on, rules_version, state, state_since, opened_on, planned_start, "
    "planned_end, cap_on, closed_on, outcome, lead_organisation_id, prescriber_id, operator_id",
    "link": "person, key, place, organisation_id, user_id, role, started_on, ended_on, recorded_at, ended_recorded_at",
    "journal_entry": "person, rank, key, type, occurred_on, recorded_at, organisation_id, user_id, retracts, payload",
}
"""Table → columns of its rows. Organisations and users are numbered within the region."""


@dataclass(slots=True)
class Rows:
    """Lines by table; ``discordances`` counts what the fold could not reconcile."""

    lines: dict[str, list[str]] = field(default_factory=lambda: {table: [] for table in COLUMNS})
    discordances: int = 0

    def add(self, table: str, *values: object) -> None:
        self.lines[table].append("\t".join([_text(value) for value in values]))

    def text(self, table: str) -> str:
        """What COPY reads."""
        lines = self.lines[table]
        return "\n".join(lines) + "\n" if lines else ""


def _text(value: object) -> str:
    if value is None:
        return "\\N"
    return str(value).replace("\\", "\\\\")


def write_person(rows: Rows, person: DemoPerson, region: Region, until: date) -> None:
    """Adds the person with everything that is known of them on the evening of ``until``."""
    known = pathway(person.entries, until, until)
    rows.discordances += len(known.discordances)
    _person(rows, person, known)
    for plan in person.steps:
        step = known.steps.get(plan.key)
        if step is not None and step.state:
            _enrolment(rows, person, plan, step, known)
            _links(rows, person, plan, step, region, until)
    for each in person.declared:
        _entry(rows, person.index, each)


def _moment(day: date, second: int) -> str:
    return f"{day} {second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d} Europe/Paris"


def _person(rows: Rows, person: DemoPerson, known: Pathway) -> None:
    who, said, last = person.profile, known.identity, person.declared[-1]
    family, given = said["family_name"], said["given_name"]
    rows.add(
        "person",
        person.index,
        who.public_id,
        family,
        given,
        said["born"],
        said.get("sex"),
        said.get("commune"),
        who.phone,
        who.email,
        said.get("level"),
        said.get("rqth_until"),
        search_key(family, given),
        sort_key(family, given),
        _moment(last.entry.known_on, last.second),
    )
    if person.truth.entrance in {"redundant", "trainee"}:
        rows.add("external_id", person.index, "france_travail", f"9{person.index:010d}")
    elif person.truth.entrance == "youth":
        rows.add("external_id", person.index, "i_milo", 1_000_000 + person.index)


def _enrolment(rows: Rows, person: DemoPerson, plan: StepPlan, step: Step, known: Pathway) -> None:
    assert step.opened_on is not None
    version = step.scheme.version(step.opened_on)
    *dates_and_state, lead, prescriber, operator = projection(step, known)
    identifier = f"{person.profile.public_id[:-4]}{int(person.profile.public_id[-4:], 16) ^ plan.key:04x}"
    rows.add(
        "enrolment",
        person.index,
        plan.key,
        identifier,
        plan.scheme,
        step.opened_on,
        version.valid_from if version else None,
        *dates_and_state,
        lead or plan.lead.number,
        prescriber,
        operator,
    )


def _links(rows: Rows, person: DemoPerson, plan: StepPlan, step: Step, region: Region, until: date) -> None:
    """One link for each organisation that declared something on the step; two where a counsellor handed over."""
    first_known: dict[object, date] = {}
    for each in person.declared:
        if each.entry.enrolment == plan.key:
            first_known.setdefault(each.entry.organisation, each.entry.known_on)
    over = _over(step, until)
    for place, follower in enumerate(plan.followers):
        # Who was called has not declared anything yet, and sees the person all the same.
        known = follower.since if follower.role == CALLED else first_known.get(follower.body.number)
        if known is None or follower.since > until:
            continue
        ended = min((day for day in (over, follower.until) if day), default=None)
        started = min(follower.since, ended or follower.since)
        for number, (user, first, last) in enumerate(_holders(region, follower.user, started, ended)):
            # What was known late was recorded late; nothing is recorded after the last day.
            end_known = None if last is None else _moment(min(until, max(last, known)), 43_200)
            start_known = max(known, first)
            rows.add(
                "link",
                person.index,
                plan.key,
                2 * place + number,
                follower.body.number,
                user,
                follower.role,
                first,
                last,
                _moment(start_known, 43_200),
                end_known,
            )


def _over(step: Step, until: date) -> date | None:
    """The last day on which the step gives a reason to follow the person, if past: the one it closed, as in the tool itself."""
    return step.closed_on if step.closed_on and step.closed_on <= until else None


def _holders(region: Region, user: int | None, first: date, last: date | None) -> Iterable[tuple[int | None, date, date | None]]:
    """The user, and the colleague who took over when they left meanwhile."""
    left = region.departures.get(user or 0)
    if left is None or left.on < first or (last is not None and last <= left.on):
        return [(region.acting(user, first) if user else None, first, last)]
    return [(user, first, left.on), (left.successor, left.on + timedelta(1), last)]


def _entry(rows: Rows, person: int, each: Declared) -> None:
    entry = each.entry
    retracts = int(entry.retracts) % RANKS if entry.retracts is not None else None
    rows.add(
        "journal_entry",
        person,
        entry.number,
        entry.enrolment,
        entry.type,
        entry.occurred_on,
        _moment(entry.known_on, each.second),
        entry.organisation,
        each.user,
        retracts,
        entry.content,
    )
