"""Follow-ups, obstacles and the obligation to be in training are entries of the journal: no table of their own."""

from __future__ import annotations

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """The indexes by person serve them."""


def downgrade() -> None:
    """As above."""
