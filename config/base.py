"""What every installation has to know, with the values that suit all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar, Self

from pathways.mail import FILE, SMTP, FileSink, Post, SmtpServer
from pathways.mail import faults as mail_faults

MEBIBYTE = 1024 * 1024
IDLE_MINUTES = 30
"""Without a request: long enough for an interview with the screen open beside it, short enough for a desk left over lunch."""
SESSION_HOURS = 12
"""A working day, after which one signs in again whatever one does."""
YES, NO = "yes", "no"
LIMITS = {"PATHWAYS_IDLE_MINUTES": IDLE_MINUTES, "PATHWAYS_SESSION_HOURS": SESSION_HOURS}


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
    totp_required_here: ClassVar[bool] = False
    """Whether roles that reach much owe a second factor, unless the environment says otherwise."""
    argon2_profile: ClassVar[str] = "default"
    """Cost of a password: ``default`` or ``cheapest`` (tests only)."""

    database_url: str
    """Where the application reads and writes, under the role that row-level security binds."""
    owner_url: str
    """The same database under the role that owns the tables: migrations, backup, restore."""
    redis_url: str
    secret_key: str
    eraser_url: str = ""
    """The same database under the role that erases what may not be kept (./run retention); empty: nothing is erased from here."""
    trusted_proxies: int = 0
    """How many reverse proxies stand in front and set X-Forwarded-*."""
    former_secret_key: str = ""
    """The secret key before the present one: what it signed or encrypted is still read."""
    idle_minutes: int = IDLE_MINUTES
    session_hours: int = SESSION_HOURS
    totp_required: bool | None = None
    """None: as this kind of installation does."""
    mail_way: str = FILE
    """``file`` (the folder below) or ``smtp``."""
    mail_folder: str = "var/mail"
    smtp_url: str = ""
    mail_from: str = "pathways@localhost"
    mail_override: str = ""
    """The one address every mail goes to instead of its recipient; must be there outside production."""
    public_url: str = "http://127.0.0.1:8000"
    """Where the pages are, as links of mails say it."""
    security_contact: str = ""
    """Where to report a weakness (``mailto:…`` or ``https://…``), published in security.txt; empty: no such page."""

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
        limits = {name: environ.get(name, str(usual)) for name, usual in LIMITS.items()}
        faults += [
            f"{name} is {said!r}: give a whole number, 1 or more."
            for name, said in limits.items()
            if not said.isdigit() or int(said) == 0
        ]
        required = environ.get("PATHWAYS_TOTP_REQUIRED") or None
        if required not in {YES, NO, None}:
            faults.append(f"PATHWAYS_TOTP_REQUIRED is {required!r}: say {YES} or {NO}.")
        contact = environ.get("PATHWAYS_SECURITY_CONTACT", "")
        if contact and not contact.startswith(("mailto:", "https://")):
            faults.append(f"PATHWAYS_SECURITY_CONTACT is {contact!r}: begin with mailto: or https://.")
        mail = {name: environ.get(name, "") for name in ("PATHWAYS_SMTP_URL", "PATHWAYS_MAIL_OVERRIDE")}
        way = environ.get("PATHWAYS_MAIL") or FILE
        faults += mail_faults(way, mail["PATHWAYS_SMTP_URL"], cls.environment, mail["PATHWAYS_MAIL_OVERRIDE"])
        if faults:
            raise ConfigurationError(faults)
        return cls(
            database_url=environ["DATABASE_URL"],
            owner_url=environ.get("DATABASE_OWNER_URL") or environ["DATABASE_URL"],
            redis_url=environ["REDIS_URL"],
            secret_key=secret,
            eraser_url=environ.get("DATABASE_ERASER_URL", ""),
            trusted_proxies=int(proxies),
            former_secret_key=environ.get("PATHWAYS_FORMER_SECRET_KEY", ""),
            idle_minutes=int(limits["PATHWAYS_IDLE_MINUTES"]),
            session_hours=int(limits["PATHWAYS_SESSION_HOURS"]),
            totp_required=None if required is None else required == YES,
            security_contact=contact,
            mail_way=way,
            smtp_url=mail["PATHWAYS_SMTP_URL"],
            mail_override=mail["PATHWAYS_MAIL_OVERRIDE"],
            mail_folder=environ.get("PATHWAYS_MAIL_FOLDER") or cls.mail_folder,
            mail_from=environ.get("PATHWAYS_MAIL_FROM") or cls.mail_from,
            public_url=(environ.get("PATHWAYS_PUBLIC_URL") or cls.public_url).rstrip("/"),
        )

    @property
    def post(self) -> Post:
        """How mail leaves this installation."""
        sender = SmtpServer(self.smtp_url) if self.mail_way == SMTP else FileSink(Path(self.mail_folder))
        return Post(sender, self.mail_from, self.mail_override)

    @property
    def limiter_url(self) -> str:
        """REDIS_URL as Flask-Limiter spells it: a unix socket is ``redis+unix://`` there."""
        return "redis+" + self.redis_url if self.redis_url.startswith("unix://") else self.redis_url

    def flask(self) -> dict[str, Any]:
        """The keys that Flask and its extensions read from ``app.config``."""
        return {
            "SECRET_KEY": self.secret_key,
            "SECRET_KEY_FALLBACKS": [self.former_secret_key] if self.former_secret_key else [],
            # The prefix makes the browser refuse such a cookie from a neighbouring site or over plain HTTP.
            "SESSION_COOKIE_NAME": "__Host-pathways" if self.secure_cookies else "pathways",
            "SESSION_COOKIE_PATH": "/",
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_SECURE": self.secure_cookies,
            "PERMANENT_SESSION_LIFETIME": self.session_hours * 3600,
            "SESSION_IDLE": timedelta(minutes=self.idle_minutes),
            "SESSION_LONGEST": timedelta(hours=self.session_hours),
            "TOTP_REQUIRED": self.totp_required_here if self.totp_required is None else self.totp_required,
            "SECURITY_CONTACT": self.security_contact,
            "ARGON2_PROFILE": self.argon2_profile,
            "WTF_I18N_ENABLED": False,  # our forms bring their own French
            "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: a page left open over lunch still posts
            "MAX_CONTENT_LENGTH": 32 * MEBIBYTE,
            "RATELIMIT_STORAGE_URI": self.limiter_url,
            "RATELIMIT_STRATEGY": "moving-window",  # a minute is any minute: waiting for the clock to turn gives nothing back
            "BOOTSTRAP_SERVE_LOCAL": True,
            "PATHWAYS_ENV": self.environment,
        }
