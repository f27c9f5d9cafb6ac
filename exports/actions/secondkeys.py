"""The second key of a recipient: made, given by hand, confirmed by a second person, destroyed with its use.

Promise: its words are shown once, to whoever writes them down for the recipient; it serves nothing before
another person heard from the recipient that the paper has arrived; and when it has ended, by its use or by
being given up, nothing on the server holds the words or what opens them, once its backups of the days before
have expired, too. Called by views and the hand-over; its last step by the task.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from typing import cast
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.door import Machine, reader_code
from accounts.models import User
from accounts.owed import wake
from audit.actions import record
from audit.sealing import seal_now
from audit.vocabulary import Kind
from exports.errors import ConfirmedByMaker, NumbersDiffer, SecondKeyInUse, SecondKeyUnfit
from exports.models import Recipient, SecondKey
from exports.permissions import check_keeper, check_key_checker, check_second_key
from exports.vocabulary import SecondKeyEnd
from vault.custodian import words
from vault.envelope import encode
from vault.keys.shredding import is_past, shred
from vault.keys.unitkeys import keep_unit_key, new_unit_key
from vault.opening import open_row
from vault.vocabulary import Purpose, UnitKind

TURN = "exports.turn_second_key"
_LABEL = b"casemgr second key 1"
_ENDED = ["ended_at", "ended_as", "ended_by", "epochs", "secret", "tag"]


@dataclass(frozen=True, slots=True)
class Made:
    """A new second key, and its words, which are shown once."""

    key: SecondKey
    words: str = field(repr=False)


def make_second_key(*, by: User, recipient: Recipient) -> Made:
    """Draw ten words for a recipient. Raises `SecondKeyInUse` where an earlier one has not ended."""
    check_keeper(by)
    drawn, salt = words.draw(words.WORDS_OF_A_HANDOVER), secrets.token_bytes(32)
    row = SecondKey(id=uuid4(), recipient=recipient, created_by=by)
    row.fingerprint = _fingerprint(row, salt, drawn)
    if recipient.second_keys.filter(ended_at__isnull=True).exists():
        raise SecondKeyInUse(subject=f"recipient:{recipient.pk}")
    keep_unit_key(row.scope(), new_unit_key(UnitKind.WORDS), by=by.staff_code)
    row.seal(secret={"salt": salt.hex(), "words": drawn})
    row.put_tag()
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise SecondKeyInUse(subject=f"recipient:{recipient.pk}") from None
    _record(Kind.SECOND_KEY_MADE, by.staff_code, row)
    return Made(row, drawn)


def confirm_second_key(*, by: User, key: SecondKey, heard: str) -> SecondKey:
    """Record that the recipient has the paper: `heard` are the eight numbers that they read from it.

    Raises `ConfirmedByMaker`, `NumbersDiffer`, `SecondKeyUnfit`.
    """
    check_key_checker(by)
    row = _held(key)
    subject = f"second-key:{row.pk}"
    if row.created_by_id == by.pk:
        raise ConfirmedByMaker(subject=subject)
    check_second_key(row, confirmed=False)
    if not words.same(heard, bytes(row.fingerprint)):
        raise NumbersDiffer(subject=subject)
    row.confirmed_at, row.confirmed_by = timezone.now(), by
    row.put_tag()
    row.save(update_fields=["confirmed_at", "confirmed_by", "tag"])
    _record(Kind.SECOND_KEY_CONFIRMED, by.staff_code, row)
    return row


def revoke_second_key(*, by: User, key: SecondKey) -> SecondKey:
    """Give up a key that was not used; the paper opens nothing from then on. Raises `SecondKeyUnfit`."""
    check_keeper(by)
    row = _held(key)
    if row.ended_at is not None:
        raise SecondKeyUnfit(subject=f"second-key:{row.pk}", why="ended")
    return end_second_key(row, SecondKeyEnd.REVOKED, by)


def end_second_key(row: SecondKey, how: SecondKeyEnd, by: User) -> SecondKey:
    """Destroy a key that is held. A step of giving it up, and of the hand-over that used it."""
    key_ids, epochs = shred(row.scope(), by=by.staff_code)
    row.ended_at, row.ended_as, row.ended_by = timezone.now(), how.value, by
    row.epochs, row.secret = epochs, None
    row.put_tag()
    row.save(update_fields=_ENDED)
    _record(Kind.SECOND_KEY_ENDED, by.staff_code, row, keys=len(key_ids))
    wake(TURN, row.pk)
    return row


def ended_second_keys() -> "QuerySet[SecondKey]":
    """Those of which a copy could still be opened by an epoch that is not over."""
    return SecondKey.objects.filter(ended_at__isnull=False, turned_at__isnull=True)


def note_second_key_turned(key: SecondKey) -> bool:
    """Say that no epoch is left that could open a copy of its key; False while one is. The machine's step."""
    row = _held(key)
    if row.ended_at is None or row.turned_at is not None or not is_past(row.epochs):
        return False
    row.turned_at = timezone.now()
    row.save(update_fields=["turned_at"])
    _record(Kind.SECOND_KEY_TURNED, reader_code(Machine.SWEEP), row)
    return True


def open_words(key: SecondKey, *, reader: str) -> str:
    """Open the words, and compare them with the fingerprint that the tag covers; raises `SecondKeyUnfit`."""
    check_second_key(key)
    said = cast(
        "dict[str, str]", open_row(key, "secret", reader=reader, purpose=Purpose.EXPORT).json("secret")
    )
    found = _fingerprint(key, bytes.fromhex(said["salt"]), said["words"])
    if not hmac.compare_digest(found, bytes(key.fingerprint)):
        raise SecondKeyUnfit(subject=f"second-key:{key.pk}", why="replaced")
    return said["words"]


def numbers_on(key: SecondKey) -> str:
    """The eight numbers that stand under the words, and in what custodians sign. They are not secret."""
    return words.as_numbers(bytes(key.fingerprint))


def _fingerprint(row: SecondKey, salt: bytes, drawn: str) -> bytes:
    # Salted: the digest stays when the words are gone, and nobody shall guess them against it.
    return hashlib.sha256(encode(_LABEL, row.id.bytes, salt, drawn.encode())).digest()


def _held(key: SecondKey) -> SecondKey:
    rows = SecondKey.objects.select_for_update(of=("self",))
    return rows.select_related("recipient", "created_by", "confirmed_by").get(pk=key.pk)


def _record(kind: Kind, by: str, row: SecondKey, **facts: int) -> None:
    told: dict[str, str | int] = {"recipient": str(row.recipient_id), **facts}
    if row.ended_as:
        told["ended"] = row.ended_as
    seal_now(record(kind, by=by, subject=f"second-key:{row.pk}", facts=told, rows=[row]))
