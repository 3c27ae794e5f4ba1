"""The link by which somebody opens their own page, and what they may say there.

The link is a secret of 256 bits, shown once; a hash of it is kept. It opens on one device, the first that also gives the birth
date, for some days. Wrong dates are counted and logged, never what was typed; too many lock the link, which its organisation
sees. Nothing said there changes a state: it calls the counsellor.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from pathways import clock, db
from pathways.errors import NotVisible, Reason, Refused
from pathways.models import OwnLink, Person
from pathways.operations.recording import record_event
from pathways.sharing.disclosure import disclose
from pathways.sharing.matrix import Group
from pathways.sharing.visibility import Reader, visible_to

log = logging.getLogger(__name__)

DAYS = 7
MOST_FAILURES = 5
"""Wrong birth dates after which the link is locked: whoever found it guesses no further."""
SHOWN = (Group.IDENTITY, Group.ADMINISTRATIVE, Group.APPOINTMENTS)


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that may be used: whose, and which organisation made it."""

    id: int
    person_id: int
    organisation_id: int
    is_this_device: bool
    is_taken: bool
    tries_left: int
    """Wrong birth dates that are still forgiven, the one that locks it included."""


def make_link(person_id: int, *, organisation_id: int, user_id: int) -> str:
    """The secret of a new link; those made before by this organisation for this person are dead. `Refused` without birth date."""
    now, secret = clock.now(), secrets.token_urlsafe(32)
    with db.atomic() as session:
        seen = sa.select(Person.birth_date).where(
            Person.id == person_id, visible_to(Reader(organisation_id, clock.today()), Person.id)
        )
        row = session.execute(seen).first()
        if row is None:
            raise NotVisible(f"person {person_id}")
        if row.birth_date is None:
            raise Refused(Reason("birth_date_needed"))
        _revoke(person_id, organisation_id)
        session.add(OwnLink(
            person_id=person_id, organisation_id=organisation_id, user_id=user_id, token_hash=_hash(secret), made_at=now,
            until=now + timedelta(days=DAYS),
        ))
    return secret


def revoke_links(person_id: int, *, organisation_id: int) -> None:
    """No link of this organisation opens that person's page any more."""
    with db.atomic():
        _revoke(person_id, organisation_id)


def living_link(person_id: int, organisation_id: int) -> datetime | None:
    """Until when the organisation's link to that page may be used; None when there is none."""
    return db.session().scalar(
        sa.select(OwnLink.until).where(
            OwnLink.person_id == person_id, OwnLink.organisation_id == organisation_id, *_alive()
        )
    )


def locked_link_of(secret: str) -> int | None:
    """The organisation whose link of that secret is locked, to be called; None for any other link, and for none."""
    with db.as_system():
        return db.session().scalar(
            sa.select(OwnLink.organisation_id).where(OwnLink.token_hash == _hash(secret), *_locked())
        )


def follow(secret: str, device: str | None) -> Opened:
    """The link of that secret; `NotVisible` once it is over, revoked or guessed at, and for one that never was."""
    with db.as_system():
        row = db.session().execute(
            sa.select(OwnLink.id, OwnLink.person_id, OwnLink.organisation_id, OwnLink.device_hash, OwnLink.failures).where(
                OwnLink.token_hash == _hash(secret), *_alive()
            )
        ).first()
    if row is None:
        raise NotVisible("own page")
    mine = bool(device) and row.device_hash == _hash(device or "")
    return Opened(row.id, row.person_id, row.organisation_id, mine, row.device_hash is not None, MOST_FAILURES - row.failures)


def prove(link: Opened, born: date) -> str | None:
    """Binds the link to this device when the birth date is right; the secret its cookie holds. None, and one try less, if not."""
    device = secrets.token_urlsafe(32)
    with db.as_system(), db.atomic() as session:
        right = session.scalar(sa.select(Person.birth_date).where(Person.id == link.person_id)) == born
        values = {"device_hash": _hash(device), "opened_at": clock.now()} if right else _one_more_failure()
        failures = session.scalar(
            sa.update(OwnLink)
            .where(OwnLink.id == link.id, OwnLink.device_hash.is_(None), *_alive())
            .values(values)
            .returning(OwnLink.failures)
        )
    if not right and failures is not None:
        said = "locked" if failures >= MOST_FAILURES else "still open"
        log.warning("own page: wrong birth date %d of %d for link %d, %s", failures, MOST_FAILURES, link.id, said)
    return device if right and failures is not None else None


def ask_for_help(link: Opened, topic: str, words: str) -> int:
    """Calls the organisation that made the link: an urgent signal, before anything computed."""
    data = {"topic": topic} | ({"note": words.strip()} if words.strip() else {})
    return _say(link, "help_asked", data)


def answer_appointment(link: Opened, planned: date, answer: str) -> int:
    """Confirms the appointment of that day, asks for another one, or says that they will not come."""
    return _say(link, "appointment_answered", {"answer": answer, "for": planned.isoformat()})


def _say(link: Opened, event: str, data: dict[str, str]) -> int:
    with db.acting_for(link.organisation_id), db.atomic():
        disclose([link.person_id], f"own_page.{event}", SHOWN, organisation_id=link.organisation_id)
        return record_event(
            person_id=link.person_id, type=event, occurred_on=clock.today(), data=data, organisation_id=link.organisation_id
        )


def _one_more_failure() -> dict[str, Any]:
    last = OwnLink.failures + 1 >= MOST_FAILURES
    return {"failures": OwnLink.failures + 1, "locked_at": sa.case((last, clock.now()), else_=OwnLink.locked_at)}


def _locked() -> tuple[sa.ColumnElement[bool], ...]:
    return (OwnLink.revoked_at.is_(None), OwnLink.until > clock.now(), OwnLink.failures >= MOST_FAILURES)


def _alive() -> tuple[sa.ColumnElement[bool], ...]:
    return (OwnLink.revoked_at.is_(None), OwnLink.until > clock.now(), OwnLink.failures < MOST_FAILURES)


def _revoke(person_id: int, organisation_id: int) -> None:
    db.session().execute(
        sa.update(OwnLink)
        .where(OwnLink.person_id == person_id, OwnLink.organisation_id == organisation_id, OwnLink.revoked_at.is_(None))
        .values(revoked_at=clock.now())
    )


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


