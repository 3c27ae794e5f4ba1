"""How migrations run: as the owner, one at a time, and never making the application wait.

The database is ``DATABASE_OWNER_URL`` (else ``DATABASE_URL``), or what the caller gives:
``config.attributes["url"]``. A statement that waits four seconds for a lock, or runs longer than it may, fails and
takes the whole migration back. A long one on purpose: ``alembic -x statement_timeout=20min upgrade head``.
"""

from __future__ import annotations

import os
from typing import Any

import sqlalchemy as sa
from alembic import context

import pathways.models  # noqa: F401 -- fills the metadata
from pathways.db import Base, create_engine
from pathways.models.reference import sync_states

ONE_AT_A_TIME = 0x7061_7468  # "path", in ASCII: the key of the advisory lock


def url() -> str:
    given = (
        context.config.attributes.get("url") or os.environ.get("DATABASE_OWNER_URL") or os.environ.get("DATABASE_URL")
    )
    if not given:
        raise SystemExit("Set DATABASE_OWNER_URL to the database to migrate, under the role that owns its tables.")
    return str(given)


def next_number(_context: object, _revision: object, directives: list[Any]) -> None:
    """Migrations are numbered: 0001, 0002…; two people who take the same number find out before anybody else does."""
    script = directives[0]
    head = context.script.get_current_head()
    script.rev_id = f"{int(head or 0) + 1:04d}"


def run(connection: sa.Connection) -> None:
    asked = context.get_x_argument(as_dictionary=True)
    # Whoever starts second waits here, before the clock of lock_timeout runs.
    connection.execute(sa.text("select pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
    for name, value in {
        "lock_timeout": asked.get("lock_timeout", "4s"),
        "statement_timeout": asked.get("statement_timeout", "30s"),
        # A migration reads and writes every row; the owner is bound by the policies too.
        "app.scope": "system",
    }.items():
        connection.execute(sa.text("select set_config(:name, :value, true)"), {"name": name, "value": value})
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        compare_server_default=True,
        process_revision_directives=next_number,
    )
    context.run_migrations()
    if sa.inspect(connection).has_table("enrolment_state"):
        sync_states(connection)


if context.is_offline_mode():
    raise SystemExit("Migrations look at the roles of the server: run them online.")

_engine = create_engine(url(), poolclass=sa.NullPool)
with _engine.begin() as _connection:
    run(_connection)
