"""Sending a mail. The only file that knows SMTP.

By default a mail is a file: nothing leaves a machine that was not told where to send. Outside production nothing leaves without
an address to which everything goes instead of its recipients.
"""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

TIMEOUT = 20
"""Seconds to wait for a server."""
FILE, SMTP = "file", "smtp"


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent. ``key`` is the same at every try, so that a server or a reader knows a second copy for what it is."""

    key: str
    to: str
    subject: str
    body: str


class Sender(Protocol):
    """One way to send. Raises ``OSError`` or ``smtplib.SMTPException`` when it could not."""

    def send(self, message: EmailMessage) -> None: ...


@dataclass(frozen=True, slots=True)
class FileSink:
    """Every mail as a file that a mail reader opens."""

    folder: Path

    def send(self, message: EmailMessage) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        part = self.folder / f".{name}"
        part.write_bytes(bytes(message))
        part.rename(self.folder / f"{name}.eml")  # whole, or not there


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """``smtp://user:password@host:port`` (STARTTLS wherever the server offers it) or ``smtps://…`` (TLS from the start)."""

    url: str

    def send(self, message: EmailMessage) -> None:
        parts = urlsplit(self.url)
        host, secure = parts.hostname or "localhost", parts.scheme == "smtps"
        context = ssl.create_default_context()
        if secure:
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(host, parts.port or 587, timeout=TIMEOUT)
        with server:
            server.ehlo()
            if not secure and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)


@dataclass(frozen=True, slots=True)
class Post:
    """How this installation sends. ``override``: the one address everything goes to; empty in production only."""

    sender: Sender
    origin: str
    override: str = ""

    def send(self, letter: Letter) -> None:
        message = EmailMessage()
        message["Subject"] = letter.subject
        message["From"] = self.origin
        message["To"] = self.override or letter.to
        message["Message-ID"] = f"<{letter.key}@{self.origin.rpartition('@')[2].rstrip('>')}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.body)
        self.sender.send(message)


def faults(way: str, url: str, environment: str, override: str) -> list[str]:
    """What is wrong with what the environment says of mail."""
    if way not in {FILE, SMTP}:
        return [f"PATHWAYS_MAIL is {way!r}: say {FILE} or {SMTP}."]
    if way == FILE:
        return []
    found = []
    if urlsplit(url).scheme not in {"smtp", "smtps"} or not urlsplit(url).hostname:
        found.append("PATHWAYS_SMTP_URL is not set: give smtp://user:password@host:port, or smtps://…")
    if environment != "production" and not override:
        found.append("PATHWAYS_MAIL_OVERRIDE is not set: outside production every mail goes to that address.")
    return found
