"""Setting up a second factor, passing it, and taking it away. Everything but passing it leaves a trace."""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from pathways import clock, db
from pathways.errors import NotVisible, Reason, Refused
from pathways.models import FactorAct, Membership, RecoveryCode, SecondFactor, SecondFactorAct, User
from pathways.operations import sessions
from pathways.sharing import second_factor as codes


def enrol(user_id: int, secret: str, code: str, *, session: uuid.UUID) -> list[str]:
    """The account has a second factor from now on, and its other sessions, opened without, are over.

    Returns the recovery codes, which are stored as hashes only. A code that does not match the secret is refused.
    """
    with db.atomic() as current:
        step = codes.step_of(secret, code, clock.now())
        if step is None:
            raise Refused(Reason("code_wrong"))
        # Two tabs that enrol at once: one is refused by the key, whichever it is.
        if _locked(user_id) is not None:
            raise Refused(Reason("second_factor_there"))
        current.add(SecondFactor(user_id=user_id, secret=codes.seal(secret), last_step=step))
        current.flush()
        made = _new_codes(user_id)
        _note(user_id, FactorAct.ENROLLED)
        sessions.end_others(user_id, but=session)
    return made


def passes(user_id: int, code: str) -> bool:
    """Whether this code of the authenticator, or this recovery code, lets the account in. Neither does so twice."""
    with db.atomic():
        return _passes(user_id, code)


def renew_codes(user_id: int, code: str) -> list[str]:
    """Ten new recovery codes; those before are void. Asks for a code, as the person in front of the screen may be another."""
    with db.atomic():
        _check(user_id, code)
        made = _new_codes(user_id)
        _note(user_id, FactorAct.CODES_RENEWED)
    return made


def remove(user_id: int, code: str, *, is_owed: bool) -> None:
    """The account signs in with its password alone again; refused where its roles owe a second factor."""
    with db.atomic():
        if is_owed:
            raise Refused(Reason("second_factor_owed"))
        _check(user_id, code)
        _forget(user_id)
        _note(user_id, FactorAct.REMOVED)


def reset(member: uuid.UUID, *, organisation_id: int, by: int) -> None:
    """An administrator takes the second factor of another member away, who lost the telephone and the codes.

    The member's sessions are over: whoever holds the lost telephone may be in one.
    """
    with db.atomic():
        user_id = _member(member, organisation_id)
        if user_id == by:
            raise Refused(Reason("second_factor_own"))
        if _locked(user_id) is None:
            raise Refused(Reason("second_factor_none"))
        _forget(user_id)
        _note(user_id, FactorAct.RESET, by=by, organisation_id=organisation_id)
        sessions.end_others(user_id, but=None)


def _check(user_id: int, code: str) -> None:
    if _locked(user_id) is None:
        raise Refused(Reason("second_factor_none"))
    if not _passes(user_id, code):
        raise Refused(Reason("code_wrong"))


def _passes(user_id: int, code: str) -> bool:
    held = _locked(user_id)
    if held is None:
        return False
    secret = codes.unseal(held.secret)
    step = codes.step_of(secret, code, clock.now()) if secret else None
    if step is None:
        return _uses_up(user_id, code)
    if step <= held.last_step:
        return False
    held.last_step = step
    db.session().flush()
    return True


def _uses_up(user_id: int, code: str) -> bool:
    used = db.session().scalar(
        sa.update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user_id, RecoveryCode.code_hash.in_(codes.hashes(code)), RecoveryCode.used_at.is_(None)
        )
        .values(used_at=clock.now())
        .returning(RecoveryCode.id)
    )
    if used is not None:
        _note(user_id, FactorAct.RECOVERED)
    return used is not None


def _new_codes(user_id: int) -> list[str]:
    made = codes.new_codes()
    session = db.session()
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    session.add_all(RecoveryCode(user_id=user_id, code_hash=codes.hashes(code)[0]) for code in made)
    session.flush()
    return made


def _forget(user_id: int) -> None:
    session = db.session()
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    session.execute(sa.delete(SecondFactor).where(SecondFactor.user_id == user_id))


def _locked(user_id: int) -> SecondFactor | None:
    """The row, locked: two codes typed at once are looked at one after the other."""
    return db.session().scalar(
        sa.select(SecondFactor).where(SecondFactor.user_id == user_id).with_for_update().execution_options(populate_existing=True)
    )


def _note(user_id: int, act: FactorAct, *, by: int | None = None, organisation_id: int | None = None) -> None:
    session = db.session()
    session.add(SecondFactorAct(user_id=user_id, act=act, by_user_id=by or user_id, organisation_id=organisation_id))
    session.flush()


def _member(member: uuid.UUID, organisation_id: int) -> int:
    """The user with that public id, if they have a role in this organisation today."""
    today = clock.today()
    here = sa.exists().where(
        Membership.user_id == User.id,
        Membership.organisation_id == organisation_id,
        Membership.started_on <= today,
        sa.or_(Membership.ended_on.is_(None), Membership.ended_on >= today),
    )
    found = db.session().scalar(sa.select(User.id).where(User.public_id == member, here))
    if found is None:
        raise NotVisible(f"member {member}")
    return found
