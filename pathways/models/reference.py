"""Reference tables filled from code: run after each migration, harmless at any other time."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from pathways.models.enrolment import EnrolmentState
from pathways.workflows.schemes import SCHEMES
from pathways.workflows.states import State


def states() -> set[tuple[str, bool]]:
    """Every (state, final) pair some scheme's page names, and the one of a step that nothing has begun."""
    named = {(str(state), state in scheme.workflow.final) for scheme in SCHEMES.values() for state in scheme.workflow.states}
    return named | {(str(State.ANNOUNCED), False)}


def sync_states(connection: sa.Connection) -> None:
    """Add the states the pages name. None is taken away: an old step may still be in it."""
    rows = [{"code": code, "final": final} for code, final in sorted(states())]
    connection.execute(insert(EnrolmentState).on_conflict_do_nothing(), rows)
