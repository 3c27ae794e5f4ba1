"""Name the table in the policies of rows about a person.

Since 0002 their condition said ``v.person_id = person_id``: inside the sub-select the bare name is the visibility table's own
column, so an organisation that saw somebody saw the rows of everybody. Queries asked for the person besides, so no page
showed them; the second wall was missing all the same.
"""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

IS_SYSTEM = "(SELECT current_setting('app.scope', true)) = 'system'"
ORGANISATION = (
    "(SELECT nullif(current_setting('app.organisation', true), '')::bigint "
    "WHERE current_setting('app.scope', true) = 'organisation')"
)
TODAY = "(SELECT nullif(current_setting('app.today', true), '')::date)"
OWN = f"organisation_id = {ORGANISATION}"
ABOUT_A_PERSON = ("external_id", "enrolment", "journal_entry", "signal", "alert")


def sees(table: str) -> str:
    """Whether the organisation acted for sees the person of a row of that table today."""
    return (
        f"EXISTS (SELECT FROM visibility AS v WHERE v.organisation_id = {ORGANISATION} "
        f"AND v.person_id = {table}.person_id AND v.until >= {TODAY})"
    )


def upgrade() -> None:
    for table in ABOUT_A_PERSON:
        op.execute(f"ALTER POLICY mission ON {table} USING ({IS_SYSTEM} OR {sees(table)})")
    op.execute(
        f"ALTER POLICY mission ON link "
        f"USING ({IS_SYSTEM} OR ({OWN} AND coalesce(ended_on + 30 >= {TODAY}, true)) OR {sees('link')}) "
        f"WITH CHECK ({IS_SYSTEM} OR {OWN} OR {sees('link')})"
    )
    op.execute(
        f"ALTER POLICY mission ON disclosure USING ({IS_SYSTEM} OR {OWN} OR {sees('disclosure')}) "
        f"WITH CHECK ({IS_SYSTEM} OR {OWN})"
    )


def downgrade() -> None:
    """The wall stays: an earlier version of the program works behind it as well."""
