"""Relying on what the log says.

Promise: an event decides something only where this application wrote it and the log holds it: its author's
MAC fits, and once its time to be sealed is over it has a place in the tree, under its own hash. What others
wrote into the table decides nothing, and cannot hide what is true behind itself: too much of it is refused.
Whoever decides anything by an event reads it through here.
"""

import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from audit.actions import event_mac, record
from audit.models import Batch, Event, Position
from audit.refusals import Refusal
from audit.sealing import seal_now
from audit.tree import leaf_hash
from audit.vocabulary import Kind
from vault.errors import VaultError
from vault.rows import SealedRow

AGAIN: Final = timedelta(days=7)  # then what lasts is told anew, and what broke anew is not silent
MOST = 10_000  # rows that one question reads; nothing that is asked of one case or one row has as many


class LogDoubted(Refusal):
    """There are more rows about this than the log can have written."""

    kind = Kind.LOG_FAILED
    status = 503
    message = _(
        "The log could not be believed, so nothing was done. Tell your administrator: somebody may have "
        "written into the database."
    )


def is_ours(event: Event) -> bool:
    """Tell whether this application wrote the event."""
    return hmac.compare_digest(event_mac(event.pk, event.leaf), bytes(event.mac))


def believed(rows: QuerySet[Event], *, most: int = MOST) -> list[Event]:
    """Return those of these events that stand in the log, in the order asked for. Raises `LogDoubted`."""
    watermark = _watermark()
    found = list(rows.select_related("position")[: most + 1])
    if len(found) > most:
        raise LogDoubted(subject=found[0].subject or "", rows=len(found))
    return [one for one in found if _stands(one, watermark)]


def last_written(rows: QuerySet[Event]) -> dict[str, str]:
    """By the id of a row, its digest in the newest believed one of these events. Raises `LogDoubted`."""
    said: dict[str, str] = {}
    for event in believed(rows.order_by("at", "id")):
        said |= {row["id"]: row["digest"] for row in json.loads(event.leaf).get("rows", [])}
    return said


def is_as_written(row: SealedRow, said: Mapping[str, str]) -> bool:
    """Tell whether the row is what the log last said of it; `said` comes from `last_written`."""
    try:
        return said.get(str(row.pk)) == row.row_digest().hex()
    except VaultError:  # a cell that is no envelope at all
        return False


def tell_once(
    kind: Kind,
    *,
    by: str,
    subject: str,
    scope: UUID | None = None,
    facts: Mapping[str, str | int] | None = None,
) -> Event | None:
    """Record what each run of a sweep meets again, once in `AGAIN`; None where the log says it."""
    watermark, now = _watermark(), datetime.now(UTC)
    rows = Event.objects.of_kinds([kind]).of_subject(subject).filter(at__range=(now - AGAIN, now))
    rows = rows.select_related("position")[:MOST]
    said = [json.loads(one.leaf).get("facts", {}) for one in rows if _stands(one, watermark)]
    if dict(facts or {}) in said:
        return None
    event = record(kind, by=by, subject=subject, scope=scope, facts=facts)
    seal_now(event)
    return event


def _watermark() -> int:
    """How far the sealer had come. Asked for before the rows: what it seals meanwhile is believed."""
    return Batch.objects.order_by("-size").values_list("watermark", flat=True).first() or 0


def _stands(event: Event, watermark: int) -> bool:
    """What nobody has sealed yet must be of a transaction that the sealer had not come to."""
    if not is_ours(event):
        return False
    place: Position | None = getattr(event, "position", None)
    if place is None:
        return bool(event.transaction >= watermark)
    return bytes(place.leaf_hash) == leaf_hash(event.leaf.encode())
