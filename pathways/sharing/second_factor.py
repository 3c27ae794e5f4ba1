"""The second factor: codes of an authenticator (RFC 6238), codes on paper, and how the secret is kept unreadable.

Two keys are derived from the application's secret key, one for each use, so that neither serves for the other nor for the
cookies. What was encrypted under the key before the present one stays readable while that key is configured.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256

import pyotp
import segno
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pathways.models import Role

OWED_BY = frozenset(
    {Role.CHEF_SERVICE, Role.RESPONSABLE_STRUCTURE, Role.ADMINISTRATEUR, Role.DPO, Role.GESTIONNAIRE_REGION}
)
"""Roles that reach many records or other people's rights: they owe a second factor where the installation requires it."""

ISSUER = "Pathways"
SECONDS = 30
DRIFT = 1
"""Codes before and after the present one that are accepted: telephones are not always on time."""
RECOVERY_CODES = 10
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what is misread on paper: i, l, o, 0 and 1."""
GROUPS, GROUP = 3, 4
"""Twelve letters of thirty-one: 59 bits, and nobody may try more than a few."""

_keys: tuple[str, ...] = ()


def configure(*secret_keys: str) -> None:
    """The application's secret key, then those it had before, once at start-up."""
    global _keys  # noqa: PLW0603 -- set once per process, like the database
    _keys = tuple(filter(None, secret_keys))


def is_owed(roles: Iterable[Role]) -> bool:
    return any(role in OWED_BY for role in roles)


def new_secret() -> str:
    """160 random bits, as people copy them: letters and digits 2 to 7."""
    return pyotp.random_base32()


def seal(secret: str) -> str:
    """The secret as it is stored."""
    return _fernet().encrypt(secret.encode()).decode()


def unseal(stored: str) -> str | None:
    """The stored secret in clear; None when it was sealed under a key this installation no longer has."""
    try:
        return _fernet().decrypt(stored.encode()).decode()
    except InvalidToken:
        return None


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The half-minute whose code this is, among the present one and its neighbours; None for a wrong code."""
    present, asked = int(now.timestamp()) // SECONDS, bare(code)
    totp = pyotp.TOTP(secret, interval=SECONDS)
    # All are compared, each in the same time: how long a refusal takes says nothing.
    found = [
        step for step in range(present - DRIFT, present + DRIFT + 1) if hmac.compare_digest(totp.generate_otp(step), asked)
    ]
    return found[-1] if found else None


def bare(code: str) -> str:
    """What was typed without spaces and dashes, in lower case; never anything but ASCII."""
    return "".join(letter for letter in code.lower() if letter.isascii() and letter.isalnum())


def in_groups(secret: str) -> str:
    """The secret in groups of four, to be typed into a telephone."""
    return " ".join(secret[at : at + GROUP] for at in range(0, len(secret), GROUP))


def picture(secret: str, email: str) -> str:
    """The QR code an authenticator scans: an SVG element, black on white, without style or script."""
    uri = pyotp.TOTP(secret, interval=SECONDS).provisioning_uri(name=email, issuer_name=ISSUER)
    drawn = segno.make(uri, error="m", micro=False)
    return str(drawn.svg_inline(scale=4, border=4, light="#fff", svgclass="qr", lineclass=None, omitsize=True))


def new_codes() -> list[str]:
    """Ten codes to print: « abcd-efgh-jkmn »."""
    return ["-".join(_letters() for _group in range(GROUPS)) for _code in range(RECOVERY_CODES)]


def hashes(code: str) -> Sequence[str]:
    """What may be stored for a code, under the present key first. Keyed: a copy of the database does not tell the codes."""
    return [hmac.new(_derived(key, b"recovery codes"), bare(code).encode(), sha256).hexdigest() for key in _keys]


def _letters() -> str:
    return "".join(secrets.choice(ALPHABET) for _letter in range(GROUP))


def _fernet() -> MultiFernet:
    if not _keys:
        raise RuntimeError("pathways.sharing.second_factor.configure(key) has not been called")
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key, b"authenticator secrets"))) for key in _keys])


def _derived(key: str, use: bytes) -> bytes:
    """A key of 32 bytes for one use. The secret key is long and random: it needs no salt and no slowness."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"pathways " + use).derive(key.encode())
