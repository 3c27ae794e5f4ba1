"""Who sees whom: the application's role and privileges, row-level security, and the table its policies read.

A policy cannot look into ``link``, which has policies of its own. So triggers keep ``visibility``: until which day an
organisation sees a person. A policy is then one lookup by primary key, which the planner may turn into one hash for a
whole query, and the settings are read once per query because each sits in a sub-select.

The settings (app.scope, app.organisation, app.today) are given by pathways.db at the start of each transaction.
Without them no row shows. Everybody is bound, the owner included (FORCE): a migration says app.scope = 'system', as
env.py does.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPLICATION = "pathways_app"

IS_SYSTEM = "(SELECT current_setting('app.scope', true)) = 'system'"
ORGANISATION = (
    "(SELECT nullif(current_setting('app.organisation', true), '')::bigint "
    "WHERE current_setting('app.scope', true) = 'organisation')"
)
TODAY = "(SELECT nullif(current_setting('app.today', true), '')::date)"

BY_PERSON = {  # table: the column that names the person
    "person": "id",
    "external_id": "person_id",
    "enrolment": "person_id",
    "journal_entry": "person_id",
    "signal": "person_id",
    "alert": "person_id",
}
PROTECTED = (*BY_PERSON, "link", "alert_action", "disclosure")
APPEND_ONLY = ("journal_entry", "alert_action", "disclosure")
READ_ONLY = ("visibility", "enrolment_state", "alembic_version")


def sees(person: str) -> str:
    """Whether the organisation acted for sees this person today."""
    return (
        f"EXISTS (SELECT FROM visibility AS v WHERE v.organisation_id = {ORGANISATION} "
        f"AND v.person_id = {person} AND v.until >= {TODAY})"
    )


# The triggers run as the owner, because the application may not write visibility.
LINKS_ADDED = """
CREATE FUNCTION links_added() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO visibility AS known (organisation_id, person_id, until)
    SELECT organisation_id, person_id, max(coalesce(ended_on + 30, DATE '9999-12-31')) FROM added
    GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (organisation_id, person_id) DO UPDATE SET until = excluded.until WHERE known.until < excluded.until;
    RETURN NULL;
END $$
"""

# The rows are locked first, and read again by the next statement: a link being added by somebody else is waited for.
# All links count, whoever asks: the scope is the system's meanwhile, because the owner is bound by the policies of
# link like everybody else.
LINKS_REMOVED = """
CREATE FUNCTION links_removed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    asked_for text := current_setting('app.scope', true);
BEGIN
    PERFORM set_config('app.scope', 'system', true);
    PERFORM FROM visibility AS known
    WHERE (known.organisation_id, known.person_id) IN (SELECT organisation_id, person_id FROM removed)
    ORDER BY known.organisation_id, known.person_id FOR UPDATE;

    WITH was AS (SELECT DISTINCT organisation_id, person_id FROM removed),
         now_is AS (
             SELECT was.organisation_id, was.person_id, max(coalesce(link.ended_on + 30, DATE '9999-12-31')) AS until
             FROM was JOIN link USING (organisation_id, person_id) GROUP BY 1, 2
         ),
         gone AS (
             DELETE FROM visibility AS known USING was
             WHERE (known.organisation_id, known.person_id) = (was.organisation_id, was.person_id)
               AND NOT EXISTS (
                   SELECT FROM link WHERE (link.organisation_id, link.person_id) = (was.organisation_id, was.person_id))
         )
    UPDATE visibility AS known SET until = now_is.until FROM now_is
    WHERE (known.organisation_id, known.person_id) = (now_is.organisation_id, now_is.person_id)
      AND known.until <> now_is.until;
    PERFORM set_config('app.scope', coalesce(asked_for, ''), true);
    RETURN NULL;
END $$
"""

# Whoever creates a person sees them that day, so that what comes with them (numbers, steps, the link itself) can be
# written.
PERSONS_ADDED = """
CREATE FUNCTION persons_added() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF current_setting('app.scope', true) = 'organisation' THEN
        INSERT INTO visibility (organisation_id, person_id, until)
        SELECT current_setting('app.organisation')::bigint, id, current_setting('app.today')::date FROM added;
    END IF;
    RETURN NULL;
END $$
"""

TRIGGERS = """
CREATE TRIGGER links_inserted AFTER INSERT ON link REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION links_added();

CREATE TRIGGER links_deleted AFTER DELETE ON link REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION links_removed();

CREATE TRIGGER links_updated_1 AFTER UPDATE ON link REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION links_removed();

CREATE TRIGGER links_updated_2 AFTER UPDATE ON link REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION links_added();

CREATE TRIGGER persons_inserted AFTER INSERT ON person REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION persons_added()
"""

# What links existed before this migration.
BACKFILL = """
INSERT INTO visibility (organisation_id, person_id, until)
SELECT organisation_id, person_id, max(coalesce(ended_on + 30, DATE '9999-12-31')) FROM link GROUP BY 1, 2
"""


def upgrade() -> None:
    make_the_application_role()
    op.execute(BACKFILL)
    for function in (LINKS_ADDED, LINKS_REMOVED, PERSONS_ADDED):
        op.execute(function)
    for trigger in TRIGGERS.split(";\n\n"):
        op.execute(trigger)
    grant_what_the_application_does()
    protect_rows()


def downgrade() -> None:
    for table in PROTECTED:
        op.execute(f"DROP POLICY mission ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY")
    op.execute("DROP POLICY creation ON person")
    op.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM {APPLICATION}")
    op.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM {APPLICATION}")
    op.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {APPLICATION}")
    op.execute(f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {APPLICATION}")
    op.execute("DROP FUNCTION links_added, links_removed, persons_added CASCADE")
    op.execute("DELETE FROM visibility")
    # The role stays: it belongs to the server, and other databases may know it.


def make_the_application_role() -> None:
    """Roles belong to the server: the administrator makes them, or lets the owner do it."""
    connection = op.get_bind()
    me, may_create = connection.execute(
        sa.text("SELECT rolname, rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
    ).one()
    if me == APPLICATION:
        raise SystemExit(
            f"Migrations run as the owner of the tables, not as {APPLICATION}: set DATABASE_OWNER_URL to another role."
        )
    if connection.scalar(sa.text("SELECT count(*) FROM pg_roles WHERE rolname = :name"), {"name": APPLICATION}):
        return
    if not may_create:
        raise SystemExit(
            f"The role {APPLICATION} does not exist and {me} may not create it. Ask the server's administrator for:\n"
            f"  CREATE ROLE {APPLICATION} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;"
        )
    op.execute(f"CREATE ROLE {APPLICATION} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE")


def grant_what_the_application_does() -> None:
    everything = "SELECT, INSERT, UPDATE, DELETE"
    op.execute(f"GRANT USAGE ON SCHEMA public TO {APPLICATION}")
    op.execute(f"GRANT {everything} ON ALL TABLES IN SCHEMA public TO {APPLICATION}")
    op.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APPLICATION}")
    op.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {everything} ON TABLES TO {APPLICATION}")
    op.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {APPLICATION}")
    op.execute(f"REVOKE UPDATE, DELETE ON {', '.join(APPEND_ONLY)} FROM {APPLICATION}")
    op.execute(f"REVOKE INSERT, UPDATE, DELETE ON {', '.join(READ_ONLY)} FROM {APPLICATION}")


def protect_rows() -> None:
    own = f"organisation_id = {ORGANISATION}"
    for table, person in BY_PERSON.items():
        op.execute(f"CREATE POLICY mission ON {table} USING ({IS_SYSTEM} OR {sees(person)})")
    op.execute(f"CREATE POLICY creation ON person FOR INSERT WITH CHECK ({ORGANISATION} IS NOT NULL)")
    # An organisation may link itself to a person it does not see yet: it creates them, or they come to it.
    op.execute(
        f"CREATE POLICY mission ON link "
        f"USING ({IS_SYSTEM} OR ({own} AND coalesce(ended_on + 30 >= {TODAY}, true)) OR {sees('person_id')}) "
        f"WITH CHECK ({IS_SYSTEM} OR {own} OR {sees('person_id')})"
    )
    op.execute(
        f"CREATE POLICY mission ON alert_action "
        f"USING ({IS_SYSTEM} OR EXISTS (SELECT FROM alert WHERE alert.id = alert_id))"
    )
    # Everybody answers for their own looks, also at persons they no longer see.
    op.execute(
        f"CREATE POLICY mission ON disclosure USING ({IS_SYSTEM} OR {own} OR {sees('person_id')}) "
        f"WITH CHECK ({IS_SYSTEM} OR {own})"
    )
    for table in PROTECTED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
