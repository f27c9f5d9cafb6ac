"""Relying on what two people decided about the end of something.

Promise: an erasure or a disposal counts as it was last written to the log, and as nothing else: a row in
which somebody wrote that another agreed, or that it was done, leads to no step, no page, no certificate and
no word to a witness. It changes nothing. Called by their actions, pages and papers.
"""

from audit.believing import is_as_written, last_written
from audit.models import Event
from exports.errors import DecisionAltered
from exports.models import Destruction, Disposal


def refuse_altered(row: Destruction | Disposal, subject: str) -> None:
    """Raise `DecisionAltered` unless the row is what the newest leaf says of it."""
    if not is_as_written(row, last_written(Event.objects.of_scope(row.case_id).of_subject(subject))):
        raise DecisionAltered(subject=subject, scope=row.case_id)
