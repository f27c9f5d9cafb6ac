"""Who may reach findings."""

from tests.policy.matrix.exports import a_case
from tests.policy.rows import everybody, row, unknown

_STRANGERS = {"outsider": 404, "recipient": 404, "sysadmin": 404}
CASE = {"case": a_case}
READERS = everybody(403, lead=200, investigator=200, supervisor=200, disclosure_officer=200, **_STRANGERS)
WRITERS = everybody(403, lead=200, supervisor=200, **_STRANGERS)
MEND = everybody(403, lead=422, supervisor=422, **_STRANGERS)
NOTHING = everybody(403, lead=404, supervisor=404, **_STRANGERS)

ROWS = [
    row("finding-list", CASE, GET=READERS),
    row("claim-add", CASE, GET=WRITERS, POST=MEND),
    row("assertion-add", CASE, GET=WRITERS, POST=MEND),
    row("assertion-link", {"case": a_case, "assertion": unknown}, GET=NOTHING, POST=NOTHING),
    row(
        "assertion-judge",
        {"case": a_case, "assertion": unknown},
        POST=NOTHING,
    ),
]
