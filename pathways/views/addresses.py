"""Addresses of this site that a page is told to go back to."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request, url_for


def local(address: str | None) -> str | None:
    """An address of this site; None for any other, however it is dressed up.

    Browsers read more as « another site » than the standard says: backslashes count as slashes, and tabs and line ends are left
    out before anything is read. All of these are refused, wherever they stand.
    """
    if not address or not address.startswith("/") or address.startswith("//") or "\\" in address or not address.isprintable():
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if not parts.scheme and not parts.netloc else None


def here() -> str:
    """The address of the page being shown, with its filters."""
    return request.full_path.rstrip("?")


def asked_back(default: str = "") -> str:
    """Where ``retour`` says to go afterwards, else ``default``, else home."""
    return local(request.args.get("retour")) or default or url_for("caseload.home")
