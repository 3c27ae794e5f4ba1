"""The days on which an organisation recorded something: one that records every day and then nothing is out.

Kept by a trigger on the journal, whoever writes there; read for evaluations alone. Opening a record is news of nobody.
"""

from __future__ import annotations

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

APPLICATION = "pathways_app"
IS_SYSTEM = "(SELECT current_setting('app.scope', true)) = 'system'"
TABLE = """
CREATE TABLE recording_day (
    organisation_id bigint NOT NULL,
    day date NOT NULL,
    CONSTRAINT pk_recording_day PRIMARY KEY (organisation_id, day)
)
"""
# As the owner of the table, whoever declares.
ENTRIES_ADDED = """
CREATE FUNCTION entries_added() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO recording_day (organisation_id, day)
    SELECT DISTINCT organisation_id, (recorded_at AT TIME ZONE 'Europe/Paris')::date FROM added WHERE type <> 'identity_stated'
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$
"""
TRIGGER = """
CREATE TRIGGER journal_entry_inserted AFTER INSERT ON journal_entry REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION entries_added()
"""
BACKFILL = """
INSERT INTO recording_day (organisation_id, day)
SELECT DISTINCT organisation_id, (recorded_at AT TIME ZONE 'Europe/Paris')::date FROM journal_entry
WHERE type <> 'identity_stated'
"""


def upgrade() -> None:
    op.execute(TABLE)
    op.execute("SET LOCAL app.scope = 'system'")
    op.execute(BACKFILL)
    op.execute(ENTRIES_ADDED)
    op.execute(TRIGGER)
    # An import brings its days before the entries of everybody are in.
    op.execute(f"REVOKE UPDATE, DELETE ON recording_day FROM {APPLICATION}")
    op.execute(f"CREATE POLICY mission ON recording_day USING ({IS_SYSTEM})")
    op.execute("CREATE POLICY kept ON recording_day FOR INSERT TO CURRENT_USER WITH CHECK (true)")
    op.execute("ALTER TABLE recording_day ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    op.execute("DROP FUNCTION entries_added CASCADE")
    op.execute("DROP TABLE recording_day")
