"""References: what another system calls a journal entry, so that the same file read twice is recorded once.

Empty for what was recorded here: those entries get a reference computed from their own key when they are exported. No
index: references are compared person by person.
"""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE journal_entry ADD COLUMN reference text CONSTRAINT ck_journal_entry_reference CHECK (reference <> '')"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE journal_entry DROP COLUMN reference")
