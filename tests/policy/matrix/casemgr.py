"""Who may reach the pages that sum up rooms."""

from tests.policy.rows import everybody, row

ROWS = [
    row("dashboard", GET=everybody(200)),
]
