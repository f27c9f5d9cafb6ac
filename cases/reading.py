"""What pages read about many rows at once: in few queries; a doubtful row counts for nothing."""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from cases.models import Consent, ConsentEvent
from cases.models.consent import IN_FORCE
from cases.vocabulary import ConsentEventKind


def standing_consents(witnesses: Iterable[UUID], at: datetime) -> dict[UUID, Consent]:
    """Return the consent that counts for each of the witnesses at a time, if there is one."""
    taken_back = ConsentEvent.objects.filter(consent=OuterRef("pk"), kind=ConsentEventKind.WITHDRAWN)
    rows = Consent.objects.filter(witness__in=witnesses, state__in=IN_FORCE)
    marked = rows.annotate(is_taken_back=Exists(taken_back))
    return {row.witness_id: row for row in marked if row.standing_gap(at, _said(row)) is None}


def _said(row: Consent) -> Callable[[], bool]:
    return lambda: bool(getattr(row, "is_taken_back", True))
