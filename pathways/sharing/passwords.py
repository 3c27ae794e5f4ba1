"""Passwords: argon2, and the same work whether or not there is a password to check."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from unicodedata import normalize

from argon2 import PasswordHasher, profiles
from argon2.exceptions import InvalidHashError, VerificationError

from pathways.errors import Reason

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


SHORTEST = 12
LONGEST = 200
"""Beyond, hashing would be a way to keep the server busy."""
FEWEST_CHARACTERS = 5
"""Different ones: « aaaaaaaaaaaa » is long and no secret."""
COMMON = frozenset({
    "motdepasse", "azerty", "qwerty", "password", "123456", "654321", "abcdef", "bonjour", "soleil", "doudou", "loulou",
    "missionlocale", "francetravail", "pathways",
})
"""What is guessed first: such a word and up to four characters more is refused, not a long sentence that contains one."""
LONGEST_TAIL = 4
SHORTEST_PART = 4


def objections(password: str, *about: str) -> list[Reason]:
    """Why this password is not accepted; nothing when it is. ``about``: the address and name it must not be made of.

    Length counts, not kinds of characters: a long sentence is easier to remember and harder to guess (sign-in is slowed).
    """
    found = []
    if len(password) < SHORTEST:
        found.append(Reason("password_short", {"least": SHORTEST}))
    if len(password) > LONGEST:
        found.append(Reason("password_long", {"most": LONGEST}))
    if len(set(password)) < FEWEST_CHARACTERS or _mostly(password, COMMON):
        found.append(Reason("password_common"))
    parts = {part for text in about for part in _words(text) if len(part) >= SHORTEST_PART}
    if _mostly(password, parts):
        found.append(Reason("password_personal"))
    return found


def _mostly(password: str, words: Iterable[str]) -> bool:
    """Whether little is left of the password without these words, however often they are repeated."""
    letters = left = "".join(_words(password)) or password
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "")
    return left != letters and len(left) <= LONGEST_TAIL


def _words(text: str) -> list[str]:
    plain = normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return re.findall(r"[a-z0-9]+", plain)
