"""Whom an incident concerns, from the steps stored today: read in the scope of whoever asks, without folding anybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

import pathways.detection.rules  # noqa: F401 -- registers every rule
from pathways.detection.circumstances import SIREN, Incident
from pathways.detection.rule import RULES
from pathways.workflows.entry import Ref
from pathways.workflows.incidents import CLOSED, INSOLVENCY, OUTAGE

RULE_OF: Mapping[str, str] = {INSOLVENCY: "employer_distress", CLOSED: "body_closed"}
"""The signal each kind of incident raises; an outage raises none, it holds some back."""

_CONTRACTS = sa.text("""
    SELECT enrolment.id, enrolment.person_id, enrolment.scheme, enrolment.state, said.payload -> 'employer'
    FROM enrolment JOIN person ON person.id = enrolment.person_id AND person.merged_into IS NULL
        JOIN journal_entry said ON said.person_id = enrolment.person_id AND said.enrolment_id = enrolment.id
    WHERE enrolment.closed_on IS NULL AND said.type IN ('work_contract_signed', 'work_contract_started')
        AND said.payload ->> 'employer' IS NOT NULL
        AND NOT EXISTS (SELECT FROM journal_entry back WHERE back.retracts = said.id)
    ORDER BY said.type = 'work_contract_started', said.occurred_on, said.id
""")
_STEPS = sa.text("""
    SELECT enrolment.id, person_id, scheme, state, coalesce(operator_id, lead_organisation_id)
    FROM enrolment JOIN person ON person.id = enrolment.person_id AND person.merged_into IS NULL
    WHERE closed_on IS NULL AND (CAST(:bodies AS bigint[]) IS NULL OR coalesce(operator_id, lead_organisation_id) = ANY(:bodies))
""")


@dataclass(frozen=True, slots=True)
class Place:
    """An open step, and the employer or body it names."""

    enrolment_id: int
    person_id: int
    named: Ref


def contracts(session: Session) -> list[Place]:
    """The running contracts the caller sees, each with its employer as it was last declared. One statement."""
    last = {row[0]: row for row in session.execute(_CONTRACTS)}
    return [Place(id_, person, named) for id_, person, *at, named in last.values() if _raises(INSOLVENCY, *at)]


def steps_at(session: Session, kind: str, bodies: Iterable[int] | None = None) -> list[Place]:
    """The open steps the caller sees that these bodies run, all bodies when None. One statement."""
    rows = session.execute(_STEPS, {"bodies": None if bodies is None else list(bodies)})
    return [Place(id_, person, body) for id_, person, *at, body in rows if kind == OUTAGE or _raises(kind, *at)]


def concerned(session: Session, incident: Incident) -> list[Place]:
    """The open steps the caller sees that the incident is about."""
    if incident.kind == INSOLVENCY:
        return [place for place in contracts(session) if incident.names(place.named)]
    return steps_at(session, incident.kind, [body for body in incident.organisations if isinstance(body, int)])


def same_employer(session: Session, siren: str | None) -> frozenset[Ref]:
    """The organisations that are establishments of this employer."""
    if siren is None:
        return frozenset()
    query = sa.text("SELECT id FROM organisation WHERE siret BETWEEN :first AND :last")
    return frozenset(session.scalars(query, {"first": siren + "00000", "last": siren + "99999"}))


def siren_of(named: Any) -> str | None:
    """The first nine digits of a SIRET or SIREN; None for anything else."""
    digits = named.replace(" ", "") if isinstance(named, str) else ""
    return digits[:SIREN] if digits.isdecimal() and len(digits) in (SIREN, SIREN + 5) else None


def _raises(kind: str, scheme: str, state: str) -> bool:
    return RULES[RULE_OF[kind]].concerns(scheme, state)
