"""Whom to write to about one's data, for each organisation; and when a link to somebody's own page was locked by wrong dates."""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE organisation ADD COLUMN dpo_contact text CONSTRAINT ck_organisation_dpo_contact CHECK (dpo_contact <> '')"
    )
    op.execute("ALTER TABLE own_link ADD COLUMN locked_at timestamptz")
    # A link that was dead from guesses before has no moment: the last one that is known is its making.
    op.execute("UPDATE own_link SET locked_at = made_at WHERE failures >= 5")


def downgrade() -> None:
    op.execute("ALTER TABLE own_link DROP COLUMN locked_at")
    op.execute("ALTER TABLE organisation DROP COLUMN dpo_contact")
