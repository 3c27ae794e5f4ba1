"""Bootstrap's style sheet and ours, one file a page area, sent as one: a page asks for one address instead of forty."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from pathlib import Path

from flask import Flask, Response, url_for

from pathways.views.bootstrap import BOOTSTRAP

STYLES = Path(__file__).parents[1] / "static/css"
GROUND, LAST = ("theme", "layout", "forms"), "narrow"


def sheets() -> tuple[Path, ...]:
    """Every sheet of ours, in the order of the cascade: the ground first, narrow windows last."""
    names = {path.stem for path in STYLES.glob("*.css")}
    order = [*GROUND, *sorted(names - {*GROUND, LAST}), LAST]
    return tuple(STYLES / f"{name}.css" for name in order)


@cache
def whole() -> str:
    """All of them, Bootstrap's first, read once by each process."""
    bootstrap = BOOTSTRAP / "css/bootstrap.min.css"
    return "\n".join(sheet.read_text(encoding="utf-8") for sheet in (bootstrap, *sheets()))


@cache
def _version() -> str:
    return blake2b(whole().encode(), digest_size=5).hexdigest()


def stylesheet() -> str:
    """Its address, which changes with its content."""
    return url_for("stylesheet", v=_version())


def install(app: Flask) -> None:
    app.add_url_rule("/static/pathways.css", "stylesheet", lambda: Response(whole(), content_type="text/css; charset=utf-8"))
    app.jinja_env.globals["stylesheet"] = stylesheet
