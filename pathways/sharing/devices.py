"""What is kept of the device somebody signs in from: enough to recognise it, too little to follow anybody."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, ip_address, ip_network

from pathways.sharing.language import N_, _

# The first that is found counts: Edge and Opera also call themselves Chrome, and Chrome calls itself Safari.
BROWSERS = (
    ("Edge", re.compile(r"Edg(e|A|iOS)?/")),
    ("Opera", re.compile(r"OPR/|Opera")),
    ("Samsung Internet", re.compile(r"SamsungBrowser/")),
    ("Firefox", re.compile(r"Firefox/|FxiOS/")),
    ("Chrome", re.compile(r"Chrom(e|ium)/|CriOS/")),
    ("Safari", re.compile(r"Safari/")),
)
SYSTEMS = (
    ("Android", re.compile(r"Android")),
    ("iPhone", re.compile(r"iPhone")),
    ("iPad", re.compile(r"iPad")),
    ("Windows", re.compile(r"Windows")),
    ("macOS", re.compile(r"Mac OS X|Macintosh")),
    ("Linux", re.compile(r"Linux|X11")),
)
UNKNOWN = N_("Navigateur inconnu")
PREFIX = {4: 24, 6: 48}
"""How much of an address is kept: the network of an office or of a provider, not the machine."""


def browser(user_agent: str) -> str:
    """« Firefox, Windows »; nothing when it does not say."""
    return ", ".join(filter(None, (_first(BROWSERS, user_agent), _first(SYSTEMS, user_agent))))


def browser_name(stored: str) -> str:
    """The same as a reader sees it."""
    return stored or _(UNKNOWN)


def network(address: str | None) -> str | None:
    """The network of an address (« 192.0.2.0/24 »), None for what is none."""
    try:
        read = ip_address(address or "")
    except ValueError:
        return None
    if not isinstance(read, IPv4Address) and read.ipv4_mapped is not None:
        read = read.ipv4_mapped
    return str(ip_network(f"{read}/{PREFIX[read.version]}", strict=False))


def _first(known: tuple[tuple[str, re.Pattern[str]], ...], user_agent: str) -> str:
    return next((name for name, pattern in known if pattern.search(user_agent)), "")
