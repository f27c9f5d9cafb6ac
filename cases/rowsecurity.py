"""Row-level security: the second wall behind the querysets.

Promise: a query without a reader returns nothing; a query with one returns rows of the cases in which that
person has a grant and a membership in force, and rows of no other case can be written. Migrations of every
room above call `row_security` for each table of theirs that belongs to a case. It stands against our own
mistakes; it does not stop injected SQL that sets the reader, nor the owner of the tables.
"""

from collections.abc import Sequence

from django.db.migrations import RunSQL

# Who reads, as the door named them for this transaction: a person's id, or `machine:<name>`, or nobody. Their
# cases are found once a query, by a function of its own: written out in every policy, the question costs more
# to plan than to answer. It runs as the owner, for whom there is no wall, and is told nothing but the reader.
READER_FUNCTIONS = RunSQL(
    """
    CREATE FUNCTION reader_user() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
      SELECT CASE WHEN current_setting('app.reader', true) ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
             THEN current_setting('app.reader', true)::uuid END $$;
    CREATE FUNCTION reader_machine() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
      SELECT nullif(current_setting('app.reader', true), '') $$;
    CREATE FUNCTION reader_cases() RETURNS SETOF uuid LANGUAGE sql STABLE PARALLEL SAFE ROWS 20
      SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
      SELECT m.case_id FROM cases_membership m JOIN accounts_user u ON u.id = m.user_id
      WHERE m.user_id = reader_user() AND u.is_active
        AND m.closed_at IS NULL AND m.starts_at <= statement_timestamp()
        AND (m.ends_at IS NULL OR m.ends_at > statement_timestamp())
        AND coalesce(u.credentials_reset_at, '-infinity') < m.granted_at
        AND EXISTS (SELECT FROM cases_casegrant g
                    WHERE g.user_id = m.user_id AND g.content_object_id = m.case_id) $$;
    REVOKE EXECUTE ON FUNCTION reader_cases() FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION reader_cases() TO app;
    """,
    "DROP FUNCTION reader_cases(); DROP FUNCTION reader_user(); DROP FUNCTION reader_machine();",
)

_MEMBER = "{case} IN (SELECT one FROM reader_cases() AS one)"
_HOLDS = """EXISTS (
    SELECT FROM cases_casegrant g JOIN auth_permission p ON p.id = g.permission_id
    WHERE g.user_id = (SELECT reader_user()) AND g.content_object_id = {case} AND p.codename = '{power}')"""
_SWEEP = "(SELECT reader_machine()) = 'machine:sweep'"


def row_security(
    table: str,
    *,
    case_column: str = "case_id",
    machines: Sequence[str] = (),
    own_column: str = "",
    power: str = "",
) -> RunSQL:
    """Show and take rows of `table` only for members of their case, and for the named machines.

    `own_column` narrows further, to rows whose column is the reader: drafts are nobody else's business.
    `power` narrows to members who hold it.
    """
    member = _MEMBER.format(case=f"{table}.{case_column}")
    if power:
        member = f"({member} AND {_HOLDS.format(case=f'{table}.{case_column}', power=power)})"
    if own_column:
        member = f"({table}.{own_column} = (SELECT reader_user()) AND {member})"
    statements = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY members ON {table} TO app USING ({member}) WITH CHECK ({member})",
    ]
    undo = [f"DROP POLICY members ON {table}"]
    if machines:
        names = ", ".join(f"'machine:{name}'" for name in machines)
        allowed = f"(SELECT reader_machine()) IN ({names})"
        statements.append(
            f"CREATE POLICY machines ON {table} TO app USING ({allowed}) WITH CHECK ({allowed})"
        )
        undo.append(f"DROP POLICY machines ON {table}")
    undo.append(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    return RunSQL(";\n".join(statements), ";\n".join(undo))


def sweepable(table: str) -> RunSQL:
    """Let the sweep find, lock and delete rows of `table`; it writes none."""
    return RunSQL(
        f"CREATE POLICY sweep ON {table} TO app USING ({_SWEEP}) WITH CHECK (false)",
        f"DROP POLICY sweep ON {table}",
    )


def seen_by_sweep(table: str) -> RunSQL:
    """Let the sweep see of a row in what state it is; what is sealed in it stays sealed."""
    return RunSQL(
        f"CREATE POLICY sweep ON {table} FOR SELECT TO app USING ({_SWEEP})",
        f"DROP POLICY sweep ON {table}",
    )


def opening_policy(table: str = "cases_case", creator: str = "created_by_id") -> RunSQL:
    """Let a person insert a case of their own: the grant that shows it to them comes a moment later."""
    return RunSQL(
        f"CREATE POLICY opening ON {table} FOR INSERT TO app WITH CHECK ({creator} = (SELECT reader_user()))",
        f"DROP POLICY opening ON {table}",
    )


def same_case(table: str, column: str, parent: str) -> RunSQL:
    """Refuse, in the database, a row that points into another case: `parent` needs `case_key(parent)`."""
    name = f"{table}_{column}_same_case"[:63]
    return RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({column}, case_id) "
        f"REFERENCES {parent} (id, case_id) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


def case_key(parent: str) -> RunSQL:
    """Give `parent` the key (id, case) that `same_case` points to."""
    return RunSQL(
        f"ALTER TABLE {parent} ADD CONSTRAINT {parent}_in_case UNIQUE (id, case_id)",
        f"ALTER TABLE {parent} DROP CONSTRAINT {parent}_in_case",
    )
