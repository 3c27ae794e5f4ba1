"""What an organisation declared itself stays readable to it after its access has closed; everything else of the record does not.

The policy of the journal lets one's own entries through for reading, and for reading alone. Whose they are is told by one
function, which runs as the owner and names only persons the organisation once had a link with.

Another one answers, outside every link, the three things the law lets the network know of anybody (identity, contact, referent
organisation: CT R5312-38-1), and writes in the same transaction that it did.
"""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

APPLICATION = "pathways_app"
IS_SYSTEM = "(SELECT current_setting('app.scope', true)) = 'system'"
ORGANISATION = (
    "(SELECT nullif(current_setting('app.organisation', true), '')::bigint "
    "WHERE current_setting('app.scope', true) = 'organisation')"
)
TODAY = "(SELECT nullif(current_setting('app.today', true), '')::date)"
SEES = (
    f"EXISTS (SELECT FROM visibility AS v WHERE v.organisation_id = {ORGANISATION} "
    f"AND v.person_id = journal_entry.person_id AND v.until >= {TODAY})"
)
FORMER = """
CREATE FUNCTION former_persons(needle text, wanted uuid)
RETURNS TABLE (id bigint, public_id uuid, family_name text, given_name text, sort_key text, until date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT person.id, person.public_id, person.family_name, person.given_name, person.sort_key, v.until
    FROM visibility AS v JOIN person ON person.id = v.person_id
    WHERE current_setting('app.scope', true) = 'organisation'
      AND v.organisation_id = nullif(current_setting('app.organisation', true), '')::bigint
      AND v.until < nullif(current_setting('app.today', true), '')::date
      AND person.merged_into IS NULL AND person.archived_on IS NULL AND person.erased_on IS NULL
      AND (wanted IS NULL OR person.public_id = wanted)
      AND NOT EXISTS (SELECT FROM string_to_table(needle, ' ') AS word WHERE person.search_key NOT LIKE '%' || word || '%')
      AND EXISTS (SELECT FROM journal_entry AS own WHERE own.person_id = person.id AND own.organisation_id = v.organisation_id)
$$
"""

FIND = """
CREATE FUNCTION find_referent(typed text, born date, place text)
RETURNS TABLE (public_id uuid, family_name text, given_name text, birth_date date, commune text,
               organisation text, phone text, email text, referent text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    asking bigint := nullif(current_setting('app.organisation', true), '')::bigint;
    today date := nullif(current_setting('app.today', true), '')::date;
    found bigint[] := ARRAY(
        SELECT person.id FROM person
        WHERE person.birth_date = born AND person.search_key = typed AND (place IS NULL OR person.commune = place)
          AND person.merged_into IS NULL AND person.archived_on IS NULL AND person.erased_on IS NULL
        ORDER BY person.id LIMIT 4);
BEGIN
    IF current_setting('app.scope', true) <> 'organisation' OR asking IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO disclosure (at, user_id, organisation_id, person_id, what, groups)
        SELECT now(), nullif(current_setting('app.user', true), '')::bigint, asking, each, 'seek.find', ARRAY['C', 'I']
        FROM unnest(found) AS each;
    RETURN QUERY
        SELECT person.public_id, person.family_name, person.given_name, person.birth_date, person.commune,
               organisation.name, coalesce(app_user.phone, organisation.phone), organisation.email, app_user.name
        FROM person
        LEFT JOIN LATERAL (
            SELECT link.organisation_id, link.user_id FROM link
            WHERE link.person_id = person.id AND link.role = 'referent' AND (link.ended_on IS NULL OR link.ended_on >= today)
            ORDER BY link.user_id IS NULL, link.started_on DESC LIMIT 1) AS lead ON true
        LEFT JOIN organisation ON organisation.id = lead.organisation_id
        LEFT JOIN app_user ON app_user.id = lead.user_id
        WHERE person.id = ANY (found) ORDER BY person.id;
END $$
"""
OPENED = ("journal_entry", "link")
"""What the owner reads in these functions."""
FUNCTIONS = {"former_persons": FORMER, "find_referent": FIND}


def upgrade() -> None:
    op.execute(
        f"ALTER POLICY mission ON journal_entry USING ({IS_SYSTEM} OR organisation_id = {ORGANISATION} OR {SEES}) "
        f"WITH CHECK ({IS_SYSTEM} OR {SEES})"
    )
    for table in OPENED:
        op.execute(f"CREATE POLICY former ON {table} FOR SELECT TO CURRENT_USER USING (true)")
    for name, text in FUNCTIONS.items():
        op.execute(text)
        op.execute(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {name} TO {APPLICATION}")


def downgrade() -> None:
    for name in FUNCTIONS:
        op.execute(f"DROP FUNCTION {name}")
    for table in OPENED:
        op.execute(f"DROP POLICY former ON {table}")
    op.execute(f"ALTER POLICY mission ON journal_entry USING ({IS_SYSTEM} OR {SEES}) WITH CHECK ({IS_SYSTEM} OR {SEES})")
