"""Work for later. The only file that knows RQ.

``later`` asks for ``pathways.jobs.<module>.<function>(*args)`` once the current unit of work has committed. The queue
is a hurry-up, not a record: whatever a job does must be derivable again from the database, by the next sweep at the
latest.
"""

from __future__ import annotations

import logging
import os
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from pathways import clock, db

if TYPE_CHECKING:
    from redis import Redis
    from rq import Queue

log = logging.getLogger(__name__)

NAME = "pathways"
TIMEOUT = 15 * 60
"""Seconds a job may run: an id range of a full sweep takes a few, an import of a large file some minutes."""
KEEP_FAILED = 3 * 24 * 3600
"""Seconds a failed job stays for inspection; RQ's default would block a unique id for a year."""
RETRY_AFTER = [10, 60, 300]

_JOB_NAME = re.compile(r"[a-z_]+\.[a-z_]+")
_SLOT = re.compile(r"[A-Za-z0-9_-]+")

type_of_argument = (str, int, float, bool, type(None))


@dataclass(frozen=True)
class Message:
    """One job asked for: its name under ``pathways.jobs``, JSON arguments, and when and under which id to run it."""

    name: str
    args: tuple[Any, ...] = ()
    at: datetime | None = None
    unique: str | None = None


def later(name: str, *args: str | float | bool | None, at: datetime | None = None, unique: str | None = None) -> None:
    """Run ``pathways.jobs.<name>(*args)`` after the current unit of work has committed.

    ``at`` (an aware moment) delays it. ``unique`` is a slot, as a rule dated (``"sweep-2026-11-22T18-40"``): a second
    message for a slot that still waits, runs or has failed in the last three days is dropped. Arguments are ids,
    numbers and strings: anything else is a TypeError here, where the mistake is, and not in the worker.
    """
    if not _JOB_NAME.fullmatch(name):
        raise ValueError(f"a job is named module.function, not {name!r}")
    if unique is not None and not _SLOT.fullmatch(unique):
        raise ValueError(f"a slot is made of letters, digits, dashes and underscores, not {unique!r}")
    if at is not None and at.tzinfo is None:
        raise ValueError(f"a naive moment is a guess: {at!r}")
    for value in args:
        if not isinstance(value, type_of_argument):
            raise TypeError(
                f"{name}: a job takes ids, numbers and strings, not {type(value).__name__} (days as ISO strings)"
            )
    db.on_commit(_dispatch, Message(name, args, at, unique))


def _dispatch(message: Message) -> None:
    send(message)


def _enqueue(message: Message) -> None:
    """Hand one message to RQ; a slot already taken is not news."""
    from rq import Retry
    from rq.exceptions import DuplicateJobError

    options: dict[str, Any] = {
        "args": (message.name, *message.args),
        "kwargs": {},
        "description": message.name,
        "job_timeout": TIMEOUT,
        "result_ttl": 0,
        "failure_ttl": KEEP_FAILED,
        "retry": Retry(max=len(RETRY_AFTER), interval=RETRY_AFTER),
        "unique": message.unique is not None,
        "job_id": message.unique,
    }
    function = f"{__name__}.{run.__name__}"
    try:
        if message.at is None:
            waiting().enqueue(function, **options)
        else:
            waiting().enqueue_at(message.at, function, **options)
    except DuplicateJobError:
        log.debug("slot %s is taken", message.unique)


send: Callable[[Message], object] = _enqueue
"""The transport. Tests of operations put ``list.append`` here; one test per job lets a real worker run it."""


def run(name: str, *args: Any) -> None:
    """What the worker executes: one job, with its name and duration in the log, and its session closed."""
    started = time.monotonic()
    try:
        job_named(name)(*args)
    except Exception:
        log.exception("job %s%r failed after %.3f s", name, args, time.monotonic() - started)
        raise
    finally:
        db.remove()
    log.info("job %s%r done in %.3f s", name, args, time.monotonic() - started)


def job_named(name: str) -> Callable[..., object]:
    """The function ``pathways.jobs.<module>.<function>``; LookupError when there is none."""
    module, _, function = name.rpartition(".")
    try:
        found = getattr(import_module(f"pathways.jobs.{module}"), function)
    except (ImportError, AttributeError) as missing:
        raise LookupError(f"no job is named {name!r}") from missing
    if callable(found):
        return cast("Callable[..., object]", found)
    raise LookupError(f"{name!r} is not a job")


# --- Redis or Valkey
# ---------------------------------------------------------------------------------------------------

_url: str | None = None
_connections: dict[str, Redis] = {}


def configure(url: str | None) -> None:
    """Use this server instead of ``REDIS_URL``."""
    global _url  # noqa: PLW0603 -- one process, one queue
    _url = url


def connection() -> Redis:
    """The connection to the configured server, or to ``REDIS_URL``; RuntimeError without either."""
    from redis import Redis

    url = _url or os.environ.get("REDIS_URL")
    if not url:
        raise RuntimeError("no queue: configure(url) has not been called and REDIS_URL is not set")
    if url not in _connections:
        # Flask-Limiter writes unix sockets as redis+unix://, redis-py as unix://; both are accepted.
        _connections[url] = Redis.from_url(url.removeprefix("redis+") if url.startswith("redis+unix:") else url)
    return _connections[url]


def waiting() -> Queue:
    """The one queue: jobs are short, and none is more urgent than the others."""
    from rq import Queue

    return Queue(NAME, connection=connection(), serializer="json")


@dataclass(frozen=True)
class Load:
    """What the readiness page and the metrics say about the queue."""

    waiting: int
    failed: int
    scheduled: int
    oldest_waits: float
    """Seconds since the oldest waiting job was asked for; 0.0 when none waits."""


def load() -> Load:
    """How much work waits, and for how long."""
    queue = waiting()
    oldest = next(iter(queue.get_jobs(0, 1)), None)
    asked_at = oldest.enqueued_at if oldest else None
    age = (clock.now() - asked_at).total_seconds() if asked_at else 0.0
    return Load(queue.count, queue.failed_job_registry.count, queue.scheduled_job_registry.count, max(age, 0.0))


def work(
    *, burst: bool = False, fork: bool = True, with_scheduler: bool = True, names: Sequence[str] = (NAME,)
) -> bool:
    """Run jobs until told to stop, or with ``burst`` until none waits. True if it ran any.

    Each job runs in a child process unless ``fork`` is false; the pooled database connections are dropped first,
    because a child must not talk on its parent's.
    """
    from rq import Queue, SimpleWorker, Worker
    from sqlalchemy.orm import configure_mappers

    configure_mappers()
    db.remove()
    db.dispose()
    server = connection()
    queues = [Queue(name, connection=server, serializer="json") for name in names]
    worker = (Worker if fork else SimpleWorker)(queues, connection=server, serializer="json")
    return worker.work(burst=burst, with_scheduler=with_scheduler, logging_level="WARNING")
