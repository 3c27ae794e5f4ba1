"""What every installation has to know, with the values that suit all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

MEBIBYTE = 1024 * 1024
WORKING_DAY = 10 * 60 * 60
"""Seconds after which one signs in again."""


class ConfigurationError(Exception):
    """The environment does not say enough to start; ``faults`` lists everything that is wrong."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Config:
    """One installation. Nothing else in the application reads the environment."""

    environment: ClassVar[str] = "base"
    secure_cookies: ClassVar[bool] = True
    shortest_secret: ClassVar[int] = 32
    argon2_profile: ClassVar[str] = "default"
    """Cost of a password: ``default`` or ``cheapest`` (tests only)."""

    database_url: str
    """Where the application reads and writes, under the role that row-level security binds."""
    owner_url: str
    """The same database under the role that owns the tables: migrations, backup, restore."""
    redis_url: str
    secret_key: str
    trusted_proxies: int = 0
    """How many reverse proxies stand in front and set X-Forwarded-*."""

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        faults = [
            f"{name} is not set: {what}."
            for name, what in (
                ("DATABASE_URL", "give the URL of the PostgreSQL database"),
                ("REDIS_URL", "give the URL of the Valkey or Redis server"),
                ("PATHWAYS_SECRET_KEY", "give a long random string, the same for every process"),
            )
            if not environ.get(name)
        ]
        secret = environ.get("PATHWAYS_SECRET_KEY", "")
        if secret and len(secret) < cls.shortest_secret:
            faults.append(f"PATHWAYS_SECRET_KEY is too short: {cls.shortest_secret} characters at least.")
        proxies = environ.get("PATHWAYS_TRUSTED_PROXIES", "0")
        if not proxies.isdigit():
            faults.append(f"PATHWAYS_TRUSTED_PROXIES is {proxies!r}: give the number of reverse proxies in front.")
        if faults:
            raise ConfigurationError(faults)
        return cls(
            database_url=environ["DATABASE_URL"],
            owner_url=environ.get("DATABASE_OWNER_URL") or environ["DATABASE_URL"],
            redis_url=environ["REDIS_URL"],
            secret_key=secret,
            trusted_proxies=int(proxies),
        )

    @property
    def limiter_url(self) -> str:
        """REDIS_URL as Flask-Limiter spells it: a unix socket is ``redis+unix://`` there."""
        return "redis+" + self.redis_url if self.redis_url.startswith("unix://") else self.redis_url

    def flask(self) -> dict[str, Any]:
        """The keys that Flask and its extensions read from ``app.config``."""
        return {
            "SECRET_KEY": self.secret_key,
            "SESSION_COOKIE_NAME": "pathways",
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_SECURE": self.secure_cookies,
            "PERMANENT_SESSION_LIFETIME": WORKING_DAY,
            "ARGON2_PROFILE": self.argon2_profile,
            "WTF_I18N_ENABLED": False,  # our forms bring their own French
            "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: a page left open over lunch still posts
            "MAX_CONTENT_LENGTH": 32 * MEBIBYTE,
            "RATELIMIT_STORAGE_URI": self.limiter_url,
            "BOOTSTRAP_SERVE_LOCAL": True,
            "PATHWAYS_ENV": self.environment,
        }
