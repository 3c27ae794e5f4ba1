"""What somebody changes of their own account: name, telephone, language, password."""

from __future__ import annotations

import sqlalchemy as sa

from pathways import clock, db
from pathways.errors import Reason, Refused
from pathways.models import Locale, User
from pathways.sharing import passwords
from pathways.sharing.identifiers import phone_number

LONGEST_NAME = 120


def change_profile(user_id: int, *, name: str, phone: str | None, locale: Locale) -> None:
    with db.atomic() as session:
        user = _own(user_id)
        user.name, user.phone, user.locale = clean_name(name), clean_phone(phone), locale
        session.flush()


def change_password(user_id: int, *, old: str, new: str) -> None:
    """The sessions opened with the old one are over: they carry its stamp."""
    with db.atomic() as session:
        user = _own(user_id)
        if not passwords.is_password(user.password_hash, old):
            raise Refused(Reason("password_wrong"))
        if old == new:
            raise Refused(Reason("password_same"))
        check_password(new, user.email, user.name)
        user.password_hash = passwords.hash_password(new)
        session.flush()


def note_sign_in(user_id: int) -> None:
    """When somebody last signed in: the only thing kept of it."""
    with db.atomic() as session:
        session.execute(sa.update(User).where(User.id == user_id).values(last_signed_in_at=clock.now()))


def check_password(password: str, *about: str) -> None:
    found = passwords.objections(password, *about)
    if found:
        raise Refused(*found)


def clean_name(name: str) -> str:
    """One line, without the spaces around."""
    said = " ".join((name or "").split())
    if not said or len(said) > LONGEST_NAME:
        raise Refused(Reason("name_missing"))
    return said


def clean_phone(phone: str | None) -> str | None:
    try:
        return phone_number(phone)
    except ValueError:
        raise Refused(Reason("phone_invalid")) from None


def _own(user_id: int) -> User:
    return db.session().scalars(sa.select(User).where(User.id == user_id).with_for_update()).one()
