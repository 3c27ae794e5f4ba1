"""Passwords: argon2, and the same work whether or not there is a password to check."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher, profiles
from argon2.exceptions import InvalidHashError, VerificationError

PROFILES = {"default": profiles.RFC_9106_LOW_MEMORY, "cheapest": profiles.CHEAPEST}

_profile = "default"


def configure(profile: str) -> None:
    """Choose the cost once, at start-up: ``default``, or ``cheapest`` for tests."""
    global _profile  # noqa: PLW0603 -- set once per process, like the database
    _profile = profile


@cache
def _hasher(profile: str) -> PasswordHasher:
    return PasswordHasher.from_parameters(PROFILES[profile])


@cache
def _nobody(profile: str) -> str:
    """A hash nobody's password matches, made once: checking it costs what checking a real one does."""
    return _hasher(profile).hash("nobody signs in with this")


def hash_password(password: str) -> str:
    """What is stored."""
    return _hasher(_profile).hash(password)


def is_password(stored: str | None, password: str) -> bool:
    """Whether ``password`` is the stored one. Without a stored one the answer is no, in the same time."""
    try:
        _hasher(_profile).verify(stored or _nobody(_profile), password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None
