"""The rows that hold, written from the temporary tables into the record: persons by hundreds, each whole or not at all.

A person arrives in one transaction with their steps, links and entries, evaluated: an import that is killed can be run again,
finds what is already there unchanged, and goes on.
"""

# ruff: noqa: S608 -- SQL is put together from the layout: names of our own tables and columns, never a value of a file

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pathways import clock, db
from pathways.detection.alerting import Review
from pathways.detection.sweep import RANGE, Reference, due, evaluate_persons, read_reference, share_out, sweep_range
from pathways.exchange.tables.checking import RESOLVED

Tell = Callable[[str], object]

_ORGANISATIONS = (
    """insert into organisation (public_id, kind, name, siret, uai, code, commune, phone, email, has_account)
    select organisation, kind, name, siret, uai, code, commune, phone, email, coalesce(has_account, false)
    from staged_organisations where status = 'new' order by row""",
    """update organisation as known set name = s.name, siret = coalesce(s.siret, known.siret), uai = coalesce(s.uai, known.uai),
        code = coalesce(s.code, known.code), commune = coalesce(s.commune, known.commune), phone = coalesce(s.phone, known.phone),
        email = coalesce(s.email, known.email)
    from staged_organisations as s where s.organisation = known.public_id and s.status = 'updated'""",
)
_SETTINGS = """
    insert into setting (organisation_id, scheme, name, value, valid_from, recorded_at)
    select o.id, s.scheme, s.name, s.value, s.valid_from, s.recorded_at
    from staged_settings as s left join organisation as o on o.public_id = s.organisation where s.status = 'new' order by s.row
"""
# Read before the first part is in: those evaluated first are to know who records every day as well as the last ones do.
_RECORDING_DAYS = """
    insert into recording_day (organisation_id, day)
    select distinct o.id, (s.recorded_at at time zone 'Europe/Paris')::date
    from staged_entries as s join organisation as o on o.public_id = s.organisation
    where s.status = 'new' and s.type <> 'identity_stated'
    on conflict do nothing
"""
# Nothing was ever shown to them: what this import opens is their stock. One that was killed and runs again is still the first.
_FIRST_SEEN = """
    select id from organisation
    where not exists (select from alert where alert.organisation_id = organisation.id
        and alert.held_for is distinct from 'review')
"""
_WORK = (
    """create temporary table work on commit preserve rows as
    select person, row_number() over (order by person) as place from (
        select person from staged_persons where status in ('new', 'updated')
        union select person from staged_external_ids where status = 'new'
        union select person from staged_enrolments where status = 'new'
        union select person from staged_links where status in ('new', 'updated')
        union select person from staged_entries where status = 'new') as touched""",
    "create temporary table part (person uuid primary key) on commit preserve rows",
)
_PERSONS = (
    """insert into person (public_id, family_name, given_name, birth_date, sex, commune, phone, email, level, rqth_until,
        search_key, sort_key, version)
    select person, family_name, given_name, birth_date, sex, commune, phone, email, level, rqth_until, search_key, sort_key, 1
    from staged_persons join part using (person) where status = 'new' order by row""",
    """update person as known set family_name = s.family_name, given_name = s.given_name,
        birth_date = coalesce(s.birth_date, known.birth_date), sex = coalesce(s.sex, known.sex),
        commune = coalesce(s.commune, known.commune), phone = coalesce(s.phone, known.phone),
        email = coalesce(s.email, known.email), level = coalesce(s.level, known.level),
        rqth_until = coalesce(s.rqth_until, known.rqth_until), search_key = s.search_key,
        sort_key = s.sort_key, version = known.version + 1
    from staged_persons as s join part using (person) where s.person = known.public_id and s.status = 'updated'""",
    """insert into external_id (person_id, system, value)
    select p.id, system, value from staged_external_ids as s join part using (person) join person as p on p.public_id = s.person
    where s.status = 'new' order by s.row""",
    # Nothing has begun the step yet: the evaluation that follows gives it the state its entries say.
    """insert into enrolment (public_id, person_id, scheme, rules_on, rules_version, lead_organisation_id, prescriber_id,
        operator_id, state, state_since, opened_on, planned_start, planned_end, version)
    select s.enrolment, p.id, s.scheme, s.rules_on, s.rules_version, lead.id, prescriber.id, operator.id, 'announced',
        s.state_since, s.opened_on, s.planned_start, s.planned_end, 1
    from staged_enrolments as s join part using (person) join person as p on p.public_id = s.person
    join organisation as lead on lead.public_id = s.lead_organisation
    left join organisation as prescriber on prescriber.public_id = s.prescriber
    left join organisation as operator on operator.public_id = s.operator
    where s.status = 'new' order by s.row""",
    """insert into link (person_id, enrolment_id, organisation_id, role, started_on, ended_on, recorded_at, ended_recorded_at)
    select p.id, step.id, o.id, s.role, s.started_on, s.ended_on, s.recorded_at, s.ended_recorded_at
    from staged_links as s join part using (person) join person as p on p.public_id = s.person
    join organisation as o on o.public_id = s.organisation left join enrolment as step on step.public_id = s.enrolment
    where s.status = 'new' order by s.row""",
    """create temporary table numbered on commit drop as
    select nextval(pg_get_serial_sequence('journal_entry', 'id')) as id, ordered.*
    from (select s.* from staged_entries as s join part using (person) where s.status = 'new' order by s.row) as ordered""",
    "create index on numbered (person, entry)",
    "analyze numbered",
)
_LINKED = """
    staged_links as s join part using (person) join person as p on p.public_id = s.person
    join organisation as o on o.public_id = s.organisation left join enrolment as step on step.public_id = s.enrolment
    where s.status = :status and link.person_id = p.id and link.organisation_id = o.id
        and link.enrolment_id is not distinct from step.id and link.role = s.role and link.started_on = s.started_on
        and link.recorded_at = s.recorded_at
"""
_ENTRIES = f"""
    insert into journal_entry (id, person_id, enrolment_id, organisation_id, retracts, recorded_at, imported_at, occurred_on,
        type, source, payload, reference)
    select n.id, p.id, step.id, o.id, coalesce(wrong.id, old.id), n.recorded_at, :now, n.occurred_on, n.type, 'import',
        n.details || coalesce(mentioned.ids, '{{}}'), n.entry
    from numbered as n join person as p on p.public_id = n.person join organisation as o on o.public_id = n.organisation
    left join enrolment as step on step.public_id = n.enrolment
    left join numbered as wrong on (wrong.person, wrong.entry) = (n.person, n.retracts)
    left join known_entry as old on (old.person, old.entry) = (n.person, n.retracts)
    left join lateral ({RESOLVED.format(
        row="n.row", person="n.person",
        fresh="(select f.id from numbered as f where m.kind = 'entry' and (f.person, f.entry) = (n.person, m.value)),",
    )}) as mentioned on true
    order by n.id
"""
_MERGED = """
    update person as known set merged_into = other.id, version = known.version + 1
    from staged_persons as s join person as other on other.public_id = s.merged_into
    where s.person = known.public_id and s.status in ('new', 'updated') and known.merged_into is null
    returning other.id
"""


def settle(session: Session, tell: Tell, part: int = RANGE) -> None:
    """Writes everything, ``part`` persons a transaction. ``tell`` is called with a line of progress after each."""
    with db.atomic():
        _no_limit(session)
        before = bool(session.scalar(sa.text("select exists (select from person)")))
        for statement in _ORGANISATIONS:
            session.execute(sa.text(statement))
        settings = _count(session.execute(sa.text(_SETTINGS)))
        for statement in _WORK:
            session.execute(sa.text(statement))
        total = int(session.scalar(sa.text("select count(*) from work")) or 0)
        session.execute(sa.text(_RECORDING_DAYS))
        # Each entry comes with the day it was known: every past evening is looked at, as where it comes from.
        reference = read_reference(session, history=True)
        review = Review(frozenset(session.scalars(sa.text(_FIRST_SEEN))))
    day = clock.today()
    for first in range(0, total, part):
        with db.atomic():
            _settle_part(session, first, first + part, day, reference, review)
        tell(f"{min(first + part, total)} of {total} persons written and evaluated")
    _merge(session)
    _evaluate_the_others(session, day, tell, full=before and settings > 0)
    share_out(day)


def _settle_part(session: Session, first: int, last: int, day: date, reference: Reference, review: Review) -> None:
    _no_limit(session)
    now = clock.now()
    session.execute(sa.text("truncate part"))
    session.execute(
        sa.text("insert into part select person from work where place > :first and place <= :last"),
        {"first": first, "last": last},
    )
    session.execute(sa.text("analyze part"))
    for statement in _PERSONS:
        session.execute(sa.text(statement))
    session.execute(sa.text(_ENTRIES), {"now": now})
    _end_links(session, "updated")
    ids = list(session.scalars(sa.text("select p.id from person as p join part on part.person = p.public_id order by p.id")))
    evaluate_persons(session, ids, day, reference, lock="wait", review=review, show=False)
    # A link ends with its step; where the file says otherwise of a link it brings, the file knows.
    _end_links(session, "new")


def _end_links(session: Session, status: str) -> None:
    session.execute(
        sa.text(
            "update link set ended_on = s.ended_on, ended_recorded_at = s.ended_recorded_at from "
            f"{_LINKED} and (link.ended_on, link.ended_recorded_at) is distinct from (s.ended_on, s.ended_recorded_at)"
        ),
        {"status": status},
    )


def _merge(session: Session) -> None:
    with db.atomic():
        touched = list(session.scalars(sa.text(_MERGED)))
        session.execute(sa.text("update person set touched_at = :now where id = any(:ids)"), {"now": clock.now(), "ids": touched})


def _evaluate_the_others(session: Session, day: date, tell: Tell, *, full: bool) -> None:
    """Whoever else is due: everybody who was here before, when thresholds changed."""
    with db.atomic():
        reference, ids = read_reference(session), due(session, day, full=full)
    for first in range(0, len(ids), RANGE):
        sweep_range(ids[first : first + RANGE], day, reference)
        tell(f"{min(first + RANGE, len(ids))} of {len(ids)} others evaluated")


def _no_limit(session: Session) -> None:
    session.execute(sa.text("set local statement_timeout = 0"))


def _count(result: object) -> int:
    return int(getattr(result, "rowcount", 0))
