"""Whose rows a query shows: the criterion every query applies, on top of row-level security.

Row-level security is the wall; this is the door. Both say the same of persons: an organisation sees whom it has a link with that
did not end more than 30 days ago. This module also says which *steps* and *signals* of a visible person an organisation sees.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pathways.models import DAYS_AFTER_END, Enrolment, Kind, Link, LinkRole, Organisation, Person, Signal
from pathways.sharing.groups import Bond, Group
from pathways.sharing.matrix import MATRIX, Cell, place_of
from pathways.workflows.actors import ACCOMPANYING

Criterion = sa.ColumnElement[bool]

# One of each for every criterion: to name the columns of a table anew takes longer than to build the statement around them.
_DOOR, _LEADS, _PART, _CO_REFERENT = (aliased(Link) for _ in range(4))
_OWN = aliased(Enrolment)


@dataclass(frozen=True)
class Reader:
    """For whom and on which day something is read: an organisation of that kind, and its user."""

    organisation_id: int
    today: date
    user_id: int | None = None
    kind: Kind = Kind.MISSION_LOCALE

    @property
    def accompanies(self) -> bool:
        """The organisation may be referent of an accompaniment."""
        return self.kind in ACCOMPANYING

    @property
    def since(self) -> date:
        """The earliest end a link may have and still open the door."""
        return self.today - timedelta(days=DAYS_AFTER_END)


def still_open(link: Any, reader: Reader) -> Criterion:
    """The link has not ended, or did at most 30 days ago."""
    return sa.or_(link.ended_on.is_(None), link.ended_on >= reader.since)


def not_ended(link: Any, reader: Reader) -> Criterion:
    """The link holds today: somebody accompanies, and did not merely until lately."""
    return sa.or_(link.ended_on.is_(None), link.ended_on >= reader.today)


def visible_to(reader: Reader, person_id: sa.ColumnElement[int] | Any) -> Criterion:
    """The person whose id stands in ``person_id`` has a link with the reader's organisation that still opens the door."""
    return sa.exists().where(
        _DOOR.person_id == person_id, _DOOR.organisation_id == reader.organisation_id, still_open(_DOOR, reader)
    )


def leads(reader: Reader, person_id: sa.ColumnElement[int] | Any) -> Criterion:
    """The reader's organisation is the person's referent now."""
    return sa.exists().where(
        _LEADS.person_id == person_id,
        _LEADS.organisation_id == reader.organisation_id,
        _LEADS.role == LinkRole.REFERENT,
        not_ended(_LEADS, reader),
    )


def readable(reader: Reader, group: Group, column: Any) -> Any:
    """A column of ``person`` as the matrix shows it to the reader: itself, nothing, or itself where the reader is referent."""
    as_referent, otherwise = (Bond(reader.kind, leads=led).reads(group) for led in (True, False))
    if as_referent == otherwise:
        return column if otherwise else sa.null()
    return sa.case((leads(reader, Person.id), column))


def own_step(reader: Reader, enrolment: Any) -> Criterion:
    """The organisation leads, runs or prescribed the step, or is linked to it."""
    return sa.or_(
        enrolment.lead_organisation_id == reader.organisation_id,
        enrolment.operator_id == reader.organisation_id,
        enrolment.prescriber_id == reader.organisation_id,
        sa.exists().where(
            _PART.enrolment_id == enrolment.id, _PART.organisation_id == reader.organisation_id, still_open(_PART, reader)
        ),
    )


def steps_visible_to(reader: Reader, enrolment: Any = Enrolment) -> Criterion:
    """Accompanying bodies see every step of the persons they see; training bodies, employers… see their own steps only."""
    return sa.true() if reader.accompanies else own_step(reader, enrolment)


TOLD_NOTHING = [kind for kind in Kind if MATRIX[place_of(kind, leads=False)][Group.SIGNALS] is Cell.NONE]
"""Employers and places of work, funders, observers: they read no signal and no alert, whatever their part in a step."""


def signals_visible_to(reader: Reader, of: Any = Signal) -> Criterion:
    """The lead sees all signals of the person; a co-referent those of its steps and of the person; a body those of its step.

    An employer, a funder or an observer sees none, whatever its part in the step. ``of``: the signals, or the alerts.
    """
    told_nothing = sa.exists().where(Organisation.id == reader.organisation_id, Organisation.kind.in_(TOLD_NOTHING))
    of_own_step = sa.exists().where(_OWN.id == of.enrolment_id, own_step(reader, _OWN))
    as_co_referent = sa.and_(
        of.enrolment_id.is_(None),
        sa.exists().where(
            _CO_REFERENT.person_id == of.person_id,
            _CO_REFERENT.organisation_id == reader.organisation_id,
            _CO_REFERENT.role == LinkRole.CO_REFERENT,
            still_open(_CO_REFERENT, reader),
        ),
    )
    return sa.and_(sa.or_(leads(reader, of.person_id), of_own_step, as_co_referent), ~told_nothing)
