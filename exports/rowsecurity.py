"""What a contact of a recipient may see of a case they are no member of: deliveries, and what these rest
on.

Promise: beside the policy for members, one more lets a contact read an export that is ready and addressed to
them, its receipts, and the state of the consents behind it, so that each fetching can ask them again. Of the
case itself, its witnesses and texts they see nothing. Called by migrations.
"""

from django.db.migrations import RunSQL

_READY = "('verified', 'delivered', 'acknowledged')"
_CONTACT = """EXISTS (
    SELECT FROM exports_recipientcontact c
    WHERE c.recipient_id = {recipient} AND c.user_id = (SELECT reader_user()) AND c.ended_at IS NULL)"""


def _policy(name: str, table: str, command: str, condition: str) -> RunSQL:
    clauses = {
        "SELECT": f"USING ({condition})",
        "INSERT": f"WITH CHECK ({condition})",
        "UPDATE": f"USING ({condition}) WITH CHECK ({condition})",
    }
    return RunSQL(
        f"CREATE POLICY {name} ON {table} FOR {command} TO app {clauses[command]}",
        f"DROP POLICY {name} ON {table}",
    )


def addressed_exports() -> list[RunSQL]:
    """Show a contact the exports addressed to their body, and let them be moved on by fetching them."""
    condition = f"state IN {_READY} AND {_CONTACT.format(recipient='exports_export.recipient_id')}"
    return [
        _policy("addressed_read", "exports_export", "SELECT", condition),
        _policy("addressed_move", "exports_export", "UPDATE", condition),
    ]


def addressed_rows(table: str, *commands: str) -> list[RunSQL]:
    """Show a contact rows of exports addressed to them; what they may see of the export decides."""
    condition = (
        f"EXISTS (SELECT FROM exports_export e WHERE e.id = {table}.export_id AND e.state IN {_READY} "
        f"AND {_CONTACT.format(recipient='e.recipient_id')})"
    )
    return [_policy(f"addressed_{command.lower()}", table, command, condition) for command in commands]


def consents_relied_on() -> list[RunSQL]:
    """Show a contact the consents that a delivery rests on: states, times, tags; the words are sealed."""
    columns = {"cases_consent": "id", "cases_consentscope": "consent_id", "cases_consentevent": "consent_id"}
    return [
        _policy(
            "relied_on",
            table,
            "SELECT",
            "EXISTS (SELECT FROM exports_itemconsent i JOIN exports_export e ON e.id = i.export_id "
            f"WHERE i.consent_id = {table}.{column} AND e.state IN {_READY} "
            f"AND {_CONTACT.format(recipient='e.recipient_id')})",
        )
        for table, column in columns.items()
    ]
