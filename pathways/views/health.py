"""Two questions a monitor asks: does the process answer, and can it work?"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask import Blueprint
from flask.typing import ResponseReturnValue

from pathways import clock, db, queue
from pathways.models import Heartbeat
from pathways.views.gate import public

bp = Blueprint("health", __name__)

STALE_TICK = timedelta(minutes=10)


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """The process answers. Whether its servers do is another question."""
    return {"status": "ok"}


@bp.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Database, queue and ticker, each by name; 503 when pages cannot be served. A late ticker is told, and serves."""
    checks = {"database": _database(), "queue": _queue(), "ticker": _ticker()}
    ready = checks["database"] == "ok"
    return {"status": "ok" if ready else "unavailable", **checks}, 200 if ready else 503


def _database() -> str:
    try:
        db.session().execute(sa.select(sa.literal(1)))
    except sa.exc.SQLAlchemyError:
        return "unreachable"
    return "ok"


def _queue() -> str:
    try:
        queue.connection().ping()
    except Exception:  # noqa: BLE001 -- whatever a client library raises, the queue does not answer
        return "unreachable"
    return "ok"


def _ticker() -> str:
    try:
        last = db.session().scalar(sa.select(sa.func.max(Heartbeat.at)))
    except sa.exc.SQLAlchemyError:
        return "unknown"
    if last is None:
        return "never"
    return "ok" if clock.now() - last < STALE_TICK else "late"
