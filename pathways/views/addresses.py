"""Addresses of this site that a page is told to go back to."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request, url_for


def local(address: str | None) -> str | None:
    """An address of this site; None for any other, however it is dressed up."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")) or "\\" in address:
        return None
    parts = urlsplit(address)
    return address if not parts.scheme and not parts.netloc and address.isprintable() else None


def here() -> str:
    """The address of the page being shown, with its filters."""
    return request.full_path.rstrip("?")


def asked_back(default: str = "") -> str:
    """Where ``retour`` says to go afterwards, else ``default``, else home."""
    return local(request.args.get("retour")) or default or url_for("caseload.home")
