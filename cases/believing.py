"""Relying on what witnesses agreed to, where something is to leave.

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

from audit.believing import believed
from audit.models import Event
from audit.vocabulary import OF_CONSENT
from cases.models import Consent, ConsentScope, Use
from cases.vocabulary import Gap
from vault.errors import VaultError

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
        if self._is_as_written(consent, consent) and self._is_as_written(consent, answer):
            return None, answer
        return Gap.NOT_AUTHENTIC, None

    def _is_as_written(self, consent: Consent, row: Consent | ConsentScope) -> bool:
        try:
            return self._said[consent.pk].get(str(row.pk)) == row.row_digest().hex()
        except VaultError:  # a cell that is no envelope at all
            return False


def _newest(consents: Sequence[UUID]) -> dict[UUID, dict[str, str]]:
    """By consent and row, the digest in the newest believed leaf: later ones replace earlier ones."""
    said: dict[UUID, dict[str, str]] = {pk: {} for pk in consents}
    subjects = {f"consent:{pk}": pk for pk in consents}
    events = Event.objects.of_kinds(OF_CONSENT).filter(subject__in=list(subjects))
    for event in believed(events.order_by("at", "id")):
        rows = json.loads(event.leaf).get("rows", [])
        said[subjects[str(event.subject)]].update({row["id"]: row["digest"] for row in rows})
    return said
