"""Who may read and take the report on a case's integrity: whoever may read its exhibits."""

from tests.policy.matrix.cases import FOREIGN, ONE
from tests.policy.matrix.evidence import READ
from tests.policy.rows import everybody, row

AS_JSON = {"form": "json"}

ROWS = [
    row("integrity-report", ONE, GET=READ),
    row("integrity-report", FOREIGN, query="?foreign", GET=everybody(404)),
    row("integrity-report-take", ONE, data=AS_JSON, POST=READ),
    row("integrity-report-take", FOREIGN, data=AS_JSON, query="?foreign", POST=everybody(404)),
]
