"""Writing to the log.

Promise: an event stands in the same transaction as its effect, or neither stands; it holds codes, ids, states
and counts, never content. Every action of every room calls `record`; nobody else writes the table.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection

from audit.canonical import UnfitForLog, Value, encode
from audit.models import Event
from audit.vocabulary import Kind
from vault.macs import Domain, mac
from vault.rows import SealedRow

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class OutsideTransaction(RuntimeError):
    """An event without a transaction could stand without its effect, or the effect without its event."""


def microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970; exact, where a float would round."""
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def event_mac(event: UUID, leaf: str) -> bytes:
    """What shows that this application wrote the leaf, under this id: a row inserted by others has none."""
    return mac(Domain.LOG_AUTHOR, event.bytes + leaf.encode())


def commitment(event: UUID, detail: Mapping[str, Value]) -> str:
    """HMAC over a detail that may not stand in the leaf, under a salt of this event alone.

    Whoever holds the detail and the log's key can show that it is the one; a leaf alone lets nobody guess it.
    """
    salt = mac(Domain.LOG_AUTHOR, b"salt of a detail|" + event.bytes)
    return hmac.digest(salt, encode(detail).encode("ascii"), hashlib.sha256).hex()


def record(
    kind: Kind,
    *,
    by: str,
    subject: str = "",
    scope: UUID | None = None,
    facts: Mapping[str, str | int] | None = None,
    rows: Sequence[SealedRow] = (),
    secret: Mapping[str, Value] | None = None,
) -> Event:
    """Write one event into the transaction that is open now and return it.

    `by` is a staff code, `machine:<name>` or `anonymous`; `subject` is `noun:<uuid or code>`; `scope` is the
    case. `rows` are the rows just written: their digests let `verify_audit` find a row that was put back.
    Raises `OutsideTransaction`, and `UnfitForLog` for anything that is not printable ASCII.
    """
    return append(
        kind, by=by, subject=subject, scopes=(scope,) if scope else (), facts=facts, rows=rows, secret=secret
    )


def append(
    kind: Kind,
    *,
    by: str,
    subject: str = "",
    scopes: Sequence[UUID] = (),
    facts: Mapping[str, str | int] | None = None,
    rows: Sequence[SealedRow] = (),
    secret: Mapping[str, Value] | None = None,
) -> Event:
    """As `record`, for an event that touches several cases at once."""
    if not connection.in_atomic_block:
        raise OutsideTransaction(kind)
    if not by:
        raise UnfitForLog("by")
    event = uuid4()
    leaf: dict[str, Value] = {
        "actor": by,
        "at": microseconds(datetime.now(UTC)),
        "id": str(event),
        "kind": kind.value,
        "v": 1,
    }
    named = sorted({str(scope) for scope in scopes})
    if len(named) == 1:
        leaf["scope"] = named[0]
    elif named:
        leaf["scopes"] = named
    if subject:
        leaf["subject"] = subject
    if facts:
        leaf["facts"] = {key: str(value) if isinstance(value, str) else value for key, value in facts.items()}
    if rows:
        leaf["rows"] = [
            {"digest": row.row_digest().hex(), "id": str(row.pk), "table": row._meta.db_table} for row in rows
        ]
    if secret:
        leaf["commitment"] = commitment(event, secret)
    return _insert(event, leaf, encode(leaf))


def _insert(event: UUID, leaf: Mapping[str, Value], text: str) -> Event:
    """Write the row and return it; every action pays for this, so it asks the database for nothing."""
    tag = event_mac(event, text)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO audit_event (id, leaf, mac) VALUES (%s, %s, %s)", [event, text, tag])
    scope, at = leaf.get("scope"), leaf["at"]
    values = {
        "id": event,
        "leaf": text,
        "mac": tag,
        "at": _EPOCH + timedelta(microseconds=at if isinstance(at, int) else 0),
        "actor": leaf["actor"],
        "kind": leaf["kind"],
        "subject": leaf.get("subject"),
        "scope": UUID(scope) if isinstance(scope, str) else None,
        "scopes": leaf.get("scopes"),
    }
    return Event.from_db(connection.alias, list(values), list(values.values()))
