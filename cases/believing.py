"""Relying on what witnesses agreed to and authorities ordered, where something is to leave or to end.

Promise: a consent and its answers count as they were last written, and as nothing else. A row that was put
back to what it said before carries a tag that was true once; the newest leaf that names it tells the two
apart. The log is asked in a fixed number of questions, however many consents and answers there are. It opens
nothing and changes nothing. Called wherever consent is asked before something leaves.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from audit.believing import believed, is_as_written, last_written
from audit.models import Event
from audit.vocabulary import OF_CONSENT, OF_HOLD
from cases.models import Consent, ConsentScope, LegalHold, Use
from cases.vocabulary import Gap

_AT_ONCE: Final = 1000  # consents that one question names


class Leaves:
    """What the log last said about the rows of some consents; read once, for one decision alone."""

    def __init__(self, consents: Iterable[Consent] = ()) -> None:
        self._said: dict[UUID, dict[str, str]] = {}
        self.read(consents)

    def read(self, consents: Iterable[Consent]) -> None:
        """Ask about those that were not asked about yet. Raises `LogDoubted`."""
        wanted = sorted({consent.pk for consent in consents} - self._said.keys())
        for start in range(0, len(wanted), _AT_ONCE):
            self._said.update(_newest(wanted[start : start + _AT_ONCE]))

    def gap(self, consent: Consent, use: Use, at: datetime) -> tuple[Gap | None, ConsentScope | None]:
        """Say why the use is not covered, or None and the answer on which it rests."""
        gap, answer = consent.answered(use, at)
        if gap is not None or answer is None:
            return gap or Gap.NOT_ASKED, None
        self.read([consent])
        said = self._said[consent.pk]
        if is_as_written(consent, said) and is_as_written(answer, said):
            return None, answer
        return Gap.NOT_AUTHENTIC, None


def kept_by(case: UUID, holds: QuerySet[LegalHold]) -> str:
    """The id of a hold that keeps something: one of these, or any of the case that the log contradicts.

    No row ends a hold, and no row that is missing: its own day does, as it was written, or two people.
    """
    stands = holds.values_list("pk", flat=True).first()
    return str(stands) if stands else next(iter(_contradicted(case)), "")


def _contradicted(case: UUID) -> list[str]:
    """Holds of the case that are not as they were last written, or gone."""
    said = last_written(Event.objects.of_scope(case).of_kinds(OF_HOLD))
    rows = {str(row.pk): row for row in LegalHold.objects.filter(case=case)}
    return sorted(
        one for one in said.keys() | rows.keys() if one not in rows or not is_as_written(rows[one], said)
    )


def _newest(consents: Sequence[UUID]) -> dict[UUID, dict[str, str]]:
    """By consent and row, the digest in the newest believed leaf: later ones replace earlier ones."""
    said: dict[UUID, dict[str, str]] = {pk: {} for pk in consents}
    subjects = {f"consent:{pk}": pk for pk in consents}
    events = Event.objects.of_kinds(OF_CONSENT).filter(subject__in=list(subjects))
    for event in believed(events.order_by("at", "id")):
        rows = json.loads(event.leaf).get("rows", [])
        said[subjects[str(event.subject)]].update({row["id"]: row["digest"] for row in rows})
    return said
