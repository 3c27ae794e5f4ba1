"""The session, the unit of work and the row-level security context. The only file that commits.

One session per execution context (a request, a job, a command), opened on first use and closed by ``remove``. Each
transaction tells PostgreSQL for whom it works (``app.scope``, ``app.organisation``, ``app.user``) and which day it is
(``app.today``): the policies of the first migration show rows accordingly, and no row at all to whoever forgot to
say.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from pathways import clock
from pathways.errors import Stale
from pathways.reading import refuse_writes

log = logging.getLogger(__name__)


class Base(DeclarativeBase):
    """Every mapped class. Columns are NOT NULL unless their annotation says ``| None``."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 -- read once by SQLAlchemy
        int: sa.BigInteger,
        str: sa.Text,
        bool: sa.Boolean,
        date: sa.Date,
        datetime: sa.DateTime(timezone=True),
        uuid.UUID: sa.Uuid,
        dict[str, Any]: JSONB,
        list[dict[str, Any]]: JSONB,
        list[str]: ARRAY(sa.Text),
    }


@dataclass(frozen=True)
class Context:
    """For whom the current code reads and writes: nobody (no row shows), one organisation, or the system."""

    scope: str = ""
    organisation_id: int | None = None
    user_id: int | None = None


@dataclass(frozen=True)
class Patience:
    """How long one statement may run, and wait for a lock another holds: PostgreSQL durations."""

    statement: str
    lock: str


WORKING = Patience("15min", "30s")
"""Of jobs and commands: as long as a job may take. The default."""
SERVING = Patience("10s", "5s")
"""Of a page: nobody waits longer in front of a screen, and four slow ones must not hold every thread of the server."""

_engine: sa.Engine | None = None
_sessions: sessionmaker[Session] = sessionmaker()
_session: ContextVar[Session | None] = ContextVar("pathways_session", default=None)
_patience: ContextVar[Patience | None] = ContextVar("pathways_patience", default=None)
_context: ContextVar[Context] = ContextVar("pathways_context", default=Context())  # noqa: B039 -- frozen, so shareable

_SET_CONTEXT = sa.text(
    "select set_config('app.scope', :scope, true), set_config('app.organisation', :organisation, true), "
    "set_config('app.user', :user, true), set_config('app.today', :today, true)"
)
_SET_PATIENCE = sa.text("select set_config('statement_timeout', :statement, true), set_config('lock_timeout', :lock, true)")
"""Till the end of the transaction, like the context: a pooled connection goes back to what it was opened with."""


def configure(
    url: str, *, statement_timeout: str = WORKING.statement, lock_timeout: str = WORKING.lock, **engine_options: Any
) -> sa.Engine:
    """Point every session at ``url``. Timeouts are PostgreSQL durations, set once per connection; '0' means none."""
    global _engine  # noqa: PLW0603 -- one process, one database
    dispose()
    _engine = create_engine(url, statement_timeout=statement_timeout, lock_timeout=lock_timeout, **engine_options)
    _sessions.configure(bind=_engine, join_transaction_mode="conditional_savepoint")
    return _engine


def create_engine(
    url: str, *, statement_timeout: str = "0", lock_timeout: str = "0", **engine_options: Any
) -> sa.Engine:
    """An engine whose connections speak UTC and give up after the given PostgreSQL durations."""
    options = {
        "timezone": "UTC",
        "statement_timeout": statement_timeout,
        "lock_timeout": lock_timeout,
        # The policies make plans look dearer than they are, and compiling a page's queries costs more than running
        # them.
        "jit": "off",
    }
    settings = " ".join(f"-c {name}={value}" for name, value in options.items())
    made = sa.create_engine(
        url, connect_args={"options": settings, "application_name": "pathways"}, pool_pre_ping=True, **engine_options
    )
    event.listen(made, "before_cursor_execute", _before_it_leaves)
    return made


def _before_it_leaves(_connection: sa.Connection, _cursor: object, statement: str, *_rest: object) -> None:
    refuse_writes(statement)


def engine() -> sa.Engine:
    """The configured engine; RuntimeError before ``configure``."""
    if _engine is None:
        raise RuntimeError("pathways.db.configure(url) has not been called")
    return _engine


def dispose() -> None:
    """Close the pooled connections: before forking, and when the process ends."""
    if _engine is not None:
        _engine.dispose()


def session() -> Session:
    """The session of this execution context, opened on first use."""
    current = _session.get()
    if current is None:
        current = _sessions()
        _session.set(current)
    return current


def remove() -> None:
    """Close the session of this execution context and give its connection back. Uncommitted work is lost."""
    current = _session.get()
    if current is not None:
        _session.set(None)
        current.close()


@contextmanager
def bound_to(connection: sa.Connection) -> Iterator[None]:
    """Run every session inside a transaction that the caller began on ``connection`` and will end: their commits
    release savepoints.
    """
    usual = dict(_sessions.kw)
    remove()
    _sessions.configure(bind=connection, join_transaction_mode="create_savepoint")
    try:
        yield
    finally:
        remove()
        _sessions.configure(**usual)


# --- the unit of work ------------------------------------------------------------------------------------------------


@contextmanager
def atomic() -> Iterator[Session]:
    """One unit of work: the outermost commits, an inner one is a savepoint.

    Callbacks given to ``on_commit`` run after the outermost commit; those of an inner block that fails are dropped
    with it. A row changed by somebody else since it was read raises ``Stale``.
    """
    current = session()
    pending: list[Callable[[], object]] | None = current.info.get("on_commit")
    try:
        if pending is not None:
            mark = len(pending)
            try:
                with current.begin_nested():
                    current.connection()  # the savepoint, before any narrower context tells the transaction
                    yield current
            except BaseException:
                del pending[mark:]
                raise
            return
        pending = current.info["on_commit"] = []
        try:
            current.connection()  # begins under this context: a narrower one, inside, can then be taken back
            yield current
            current.commit()
        except BaseException:
            current.rollback()
            raise
        finally:
            del current.info["on_commit"]
    except StaleDataError as changed:
        raise Stale(str(changed)) from changed
    for run in pending:
        _run_after_commit(run)


def on_commit(run: Callable[..., object], *args: Any) -> None:
    """Call ``run(*args)`` once the outermost ``atomic`` has committed; at once outside of any.

    It must be re-derivable: a failure then is logged and changes nothing, since what was acknowledged is committed.
    Mapped objects, which would be expired or gone by then, are a TypeError: pass ids.
    """
    _refuse_mapped_objects(run, args)
    call = partial(run, *args)
    pending = session().info.get("on_commit")
    if pending is None:
        _run_after_commit(call)
    else:
        pending.append(call)


def _run_after_commit(run: Callable[[], object]) -> None:
    try:
        run()
    except Exception:
        log.exception("a callback failed after the commit it followed")


def _refuse_mapped_objects(run: Callable[..., object], args: tuple[Any, ...]) -> None:
    held: list[Any] = list(args)
    while isinstance(run, partial):
        held += [*run.args, *run.keywords.values()]
        run = run.func
    held.append(getattr(run, "__self__", None))
    held += [cell.cell_contents for cell in getattr(run, "__closure__", None) or ()]
    held += getattr(run, "__defaults__", None) or ()
    for value in held:
        if is_mapped(value):
            raise TypeError(f"{type(value).__name__} would outlive its transaction: pass its id")


def is_mapped(value: object) -> bool:
    """Whether the value is, or directly contains, an instance of a mapped class."""
    if isinstance(value, Base):
        return True
    if isinstance(value, (list, tuple, set, frozenset)):
        return any(is_mapped(item) for item in value)
    return isinstance(value, dict) and any(is_mapped(item) for item in value.values())


# --- for whom: the row-level security context
# --------------------------------------------------------------------------


def context() -> Context:
    """For whom the current code works."""
    return _context.get()


@contextmanager
def acting_for(organisation_id: int, user_id: int | None = None) -> Iterator[None]:
    """Show and accept only the rows of persons whom this organisation accompanies."""
    with _working(Context("organisation", organisation_id, user_id)):
        yield


@contextmanager
def as_system() -> Iterator[None]:
    """Show every row: for sweeps, imports and other work done for no organisation in particular."""
    with _working(Context("system")):
        yield


@contextmanager
def _working(wanted: Context) -> Iterator[None]:
    _finish_pending_work()
    token = _context.set(wanted)
    _tell_running_transaction()
    try:
        yield
        _finish_pending_work()
    finally:
        _context.reset(token)
        _tell_running_transaction()


def _finish_pending_work() -> None:
    """What was added under one context is written, and checked, under it."""
    current = _session.get()
    if current is not None and current.is_active and (current.new or current.dirty or current.deleted):
        current.flush()


def _tell_running_transaction() -> None:
    current = _session.get()
    if current is None or not current.in_transaction() or not current.is_active:
        return
    connection = current.connection()
    if _is_broken(connection):
        return  # Only a rollback is possible, and it takes the settings back with it.
    _tell(connection)


def _is_broken(connection: sa.Connection) -> bool:
    driver = connection.connection.dbapi_connection
    return driver is not None and driver.info.transaction_status.name in {"INERROR", "UNKNOWN"}


def _tell(connection: sa.Connection) -> None:
    wanted = _context.get()
    connection.execute(
        _SET_CONTEXT,
        {
            "scope": wanted.scope,
            "organisation": "" if wanted.organisation_id is None else str(wanted.organisation_id),
            "user": "" if wanted.user_id is None else str(wanted.user_id),
            "today": clock.today().isoformat(),
        },
    )


@event.listens_for(_sessions, "after_begin")
def _tell_new_transaction(_session: Session, _transaction: SessionTransaction, connection: sa.Connection) -> None:
    # set_config(..., true) ends with the transaction, so a pooled connection never remembers the previous reader.
    _tell(connection)
    if patience := _patience.get():
        connection.execute(_SET_PATIENCE, {"statement": patience.statement, "lock": patience.lock})


@contextmanager
def within(patience: Patience) -> Iterator[None]:
    """Transactions begun meanwhile give up sooner (or later) than the connection they run on usually does."""
    token = _patience.set(patience)
    try:
        yield
    finally:
        _patience.reset(token)


# --- another role, and nobody else meanwhile
# ---------------------------------------------------------------------------------------


@contextmanager
def under_role(url: str) -> Iterator[None]:
    """Run every session of this process on ``url``: the same database under another role, for what the application may not do."""
    usual, other = dict(_sessions.kw), create_engine(url, lock_timeout="5s")
    remove()
    _sessions.configure(bind=other)
    try:
        yield
    finally:
        remove()
        _sessions.configure(**usual)
        other.dispose()


@contextmanager
def alone(key: int) -> Iterator[bool]:
    """Whether this process is the only one that does what ``key`` stands for, until the block ends or the process dies."""
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        taken = bool(connection.scalar(sa.text("SELECT pg_try_advisory_lock(:key)"), {"key": key}))
        try:
            yield taken
        finally:
            if taken:
                connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), {"key": key})
