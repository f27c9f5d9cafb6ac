"""Who may reach the pages that sum up rooms."""

from tests.policy.matrix.cases import READERS, a_case, a_foreign_case, members
from tests.policy.rows import everybody, row, unknown

WORDS = {"words": "samira"}
SEARCHERS = members(200, *READERS)
NOTHING = everybody(404)

ROWS = [
    row("dashboard", GET=everybody(200)),
    row("case-search", {"case": a_case}, data=WORDS, GET=SEARCHERS, POST=members(302, *READERS)),
    row("case-search", {"case": a_foreign_case}, data=WORDS, query="?foreign", GET=NOTHING, POST=NOTHING),
    # A search that nobody made leads to the empty box; in a case of others it does not exist.
    row("search-found", {"case": a_case, "search": unknown}, GET=members(302, *READERS)),
    row("search-found", {"case": a_foreign_case, "search": unknown}, query="?foreign", GET=NOTHING),
]
