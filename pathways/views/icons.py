"""Bootstrap's icons, inlined: one symbol at a time, because the whole sprite weighs a megabyte."""

from __future__ import annotations

import re
from functools import cache

from markupsafe import Markup

from pathways.views.bootstrap import BOOTSTRAP

_SYMBOL = re.compile(r'viewBox="([^"]+)" id="([\w-]+)">(.*?)</symbol>', re.DOTALL)


@cache
def _symbols() -> dict[str, tuple[str, str]]:
    sprite = BOOTSTRAP / "icons/bootstrap-icons.svg"
    return {name: (box, body) for box, name, body in _SYMBOL.findall(sprite.read_text(encoding="utf-8"))}


@cache
def icon(name: str, label: str = "") -> Markup:
    """The symbol as inline SVG; hidden from screen readers unless it has a label. KeyError for an unknown name."""
    box, body = _symbols()[name]
    said = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon" viewBox="{}" {} focusable="false">{}</svg>').format(box, said, Markup(body))  # noqa: S704 -- from the wheel
