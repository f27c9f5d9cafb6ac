"""Relying on what two people decided about the end of something.

Promise: an erasure or a disposal counts as it was last written to the log, and as nothing else: a row in
which somebody wrote that another agreed, or that it was done, leads to no step, no page, no certificate and
no word to a witness. It changes nothing. Called by their actions, pages and papers.
"""

from audit.believing import is_as_written, last_written
from audit.models import Event
from exports.errors import DecisionAltered, DisposalAltered
from exports.models import Destruction, Disposal


def refuse_altered(row: Destruction | Disposal) -> None:
    """Raise `DecisionAltered`, or `DisposalAltered`, unless the row is what the newest leaf says of it."""
    subject = f"{row._meta.model_name}:{row.pk}"
    if not is_as_written(row, last_written(Event.objects.of_scope(row.case_id).of_subject(subject))):
        refusal = DisposalAltered if isinstance(row, Disposal) else DecisionAltered
        raise refusal(subject=subject, scope=row.case_id)
