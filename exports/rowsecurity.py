"""What a contact of a recipient may see of a case they are no member of: deliveries, and what these rest
on.

Promise: beside the policy for members, one more lets a contact read an export that is ready and addressed to
them, its receipts, and the state of the consents behind it, so that each fetching can ask them again. Of the
case itself, its witnesses and texts they see nothing. Called by migrations.
"""

from django.db.migrations import RunSQL

# What is addressed to the reader is found once a query, as the reader's cases are (`cases.rowsecurity`).
READER_FUNCTIONS = RunSQL(
    """
    CREATE FUNCTION reader_deliveries() RETURNS SETOF uuid LANGUAGE sql STABLE PARALLEL SAFE ROWS 5
      SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
      SELECT e.id FROM exports_recipientcontact c JOIN exports_export e ON e.recipient_id = c.recipient_id
      WHERE c.user_id = reader_user() AND c.ended_at IS NULL
        AND e.state IN ('verified', 'delivered', 'acknowledged') $$;
    CREATE FUNCTION reader_relied_on() RETURNS SETOF uuid LANGUAGE sql STABLE PARALLEL SAFE ROWS 20
      SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
      SELECT i.consent_id FROM exports_itemconsent i
      WHERE i.export_id IN (SELECT one FROM reader_deliveries() AS one) $$;
    REVOKE EXECUTE ON FUNCTION reader_deliveries(), reader_relied_on() FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION reader_deliveries(), reader_relied_on() TO app;
    """,
    "DROP FUNCTION reader_relied_on(); DROP FUNCTION reader_deliveries();",
)
_ADDRESSED = "{export} IN (SELECT one FROM reader_deliveries() AS one)"
_RELIED_ON = "{consent} IN (SELECT one FROM reader_relied_on() AS one)"
_STAYS_READY = "state IN ('verified', 'delivered', 'acknowledged')"


def _policy(name: str, table: str, command: str, condition: str, afterwards: str = "") -> RunSQL:
    after = afterwards or condition
    clauses = {
        "SELECT": f"USING ({condition})",
        "INSERT": f"WITH CHECK ({after})",
        "UPDATE": f"USING ({condition}) WITH CHECK ({after})",
    }
    return RunSQL(
        f"CREATE POLICY {name} ON {table} FOR {command} TO app {clauses[command]}",
        f"DROP POLICY {name} ON {table}",
    )


def addressed_exports() -> list[RunSQL]:
    """Show a contact the exports addressed to their body, and let them be moved on by fetching them.

    The function sees a row as it was before the statement: what it becomes is asked of the row itself. To
    whom an export is addressed is no column that may change.
    """
    condition = _ADDRESSED.format(export="id")
    return [
        _policy("addressed_read", "exports_export", "SELECT", condition),
        _policy("addressed_move", "exports_export", "UPDATE", condition, f"{condition} AND {_STAYS_READY}"),
    ]


def addressed_rows(table: str, *commands: str) -> list[RunSQL]:
    """Show a contact rows of exports addressed to them; what they may see of the export decides."""
    condition = _ADDRESSED.format(export=f"{table}.export_id")
    return [_policy(f"addressed_{command.lower()}", table, command, condition) for command in commands]


def consents_relied_on() -> list[RunSQL]:
    """Show a contact the consents that a delivery rests on: states, times, tags; the words are sealed."""
    columns = {"cases_consent": "id", "cases_consentscope": "consent_id", "cases_consentevent": "consent_id"}
    return [
        _policy(
            "relied_on",
            table,
            "SELECT",
            _RELIED_ON.format(consent=f"{table}.{column}"),
        )
        for table, column in columns.items()
    ]
