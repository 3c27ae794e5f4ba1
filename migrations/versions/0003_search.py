"""Search by name: one audited function that returns the ids of persons the reader may see.

Trigram operators are not leakproof, so that PostgreSQL would check the policy of ``person`` on every row before it
looked into the index. The function runs as the owner of the table, for whom a policy opens reading (and reading of this
table alone), finds by the index first, and then keeps what the reader's organisation sees.

What is typed is looked for as it stands; only when nobody is found, for what resembles it.
"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

APPLICATION = "pathways_app"

SEES = """
    (current_setting('app.scope', true) = 'system' OR EXISTS (
        SELECT FROM visibility AS v
        WHERE current_setting('app.scope', true) = 'organisation'
          AND v.organisation_id = nullif(current_setting('app.organisation', true), '')::bigint
          AND v.person_id = person.id
          AND v.until >= nullif(current_setting('app.today', true), '')::date))
"""

SEARCH = """
CREATE FUNCTION persons_named(needle text, most integer) RETURNS TABLE (person_id bigint, likeness real)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY
        SELECT person.id, 1.0::real FROM person
        WHERE person.search_key LIKE '%' || needle || '%' AND {sees}
        ORDER BY person.sort_key, person.id LIMIT most;
    IF FOUND THEN
        RETURN;
    END IF;
    PERFORM set_config('pg_trgm.word_similarity_threshold', '0.4', true);
    RETURN QUERY
        SELECT person.id, word_similarity(needle, person.search_key) FROM person
        WHERE needle <% person.search_key AND {sees}
        ORDER BY 2 DESC, person.sort_key, person.id LIMIT most;
END $$
"""


def upgrade() -> None:
    op.execute("CREATE POLICY search ON person FOR SELECT TO CURRENT_USER USING (true)")
    op.execute(SEARCH.replace("{sees}", SEES))
    op.execute("REVOKE ALL ON FUNCTION persons_named FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION persons_named TO {APPLICATION}")


def downgrade() -> None:
    op.execute("DROP FUNCTION persons_named")
    op.execute("DROP POLICY search ON person")
