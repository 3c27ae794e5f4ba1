"""Devices on which somebody has signed in before: a signed cookie that opens nothing.

All it does is to keep its holder out of the counters that strangers can fill (views/limits.py). It names accounts by a digest of
their address, so that it tells nobody who works here.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import sha256

from flask import Response, after_this_request, current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

SECONDS = 180 * 24 * 3600
MOST = 8
"""Accounts of one shared computer; the one used longest ago is forgotten first."""


@dataclass(frozen=True)
class Device:
    """One browser, and the accounts that signed in there, the latest first."""

    number: str
    accounts: tuple[str, ...]


def number(email: str) -> str | None:
    """The number of this device if that account signed in here before; None otherwise."""
    device = _device()
    return device.number if device and _digest(email) in device.accounts else None


def remember(email: str) -> None:
    """The answer to this request tells the browser that this account signed in here."""
    device, mine = _device() or Device(secrets.token_urlsafe(12), ()), _digest(email)
    kept = [mine, *(each for each in device.accounts if each != mine)][:MOST]
    told = _serializer().dumps([device.number, *kept])

    @after_this_request
    def tell(answer: Response) -> Response:
        secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
        answer.set_cookie(_name(), told, max_age=SECONDS, path="/", secure=secure, httponly=True, samesite="Lax")
        return answer


def _device() -> Device | None:
    try:
        device, *accounts = _serializer().loads(request.cookies.get(_name(), ""), max_age=SECONDS)
    except (BadData, ValueError):
        return None
    return Device(device, tuple(accounts))


def _name() -> str:
    return str(current_app.config["SESSION_COOKIE_NAME"]) + "-device"


def _serializer() -> URLSafeTimedSerializer:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
    return URLSafeTimedSerializer(keys, salt="known device")


def _digest(email: str) -> str:
    return sha256(email.strip().lower().encode()).hexdigest()[:20]
