"""The keys of recipients: entered, compared by two people, withdrawn.

Promise: nothing is encrypted to a key before two different people have each compared its fingerprint with the
recipient by other means; whoever compares types what they hear, and is never shown what we hold. Called by
views, the demonstration and tests.
"""

import hmac
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from audit.actions import record
from audit.vocabulary import Kind
from exports.errors import FingerprintDiffers, KeyInUse, KeyUnfit, NotAKey, SecondPersonNeeded
from exports.models import KeyCheck, Recipient, RecipientKey
from exports.package.ageing import checked_key, fingerprint
from exports.package.errors import BadRecipientKey
from exports.permissions import check_keeper, check_key_checker
from exports.vocabulary import Channel
from vault.blind import blind_index
from vault.opening import open_row
from vault.scopes import RECIPIENTS
from vault.vocabulary import Purpose

# Half of the fingerprint, 128 bits: as much as a person reads aloud without a slip.
TYPED = 32


def _index(public_key: str) -> bytes:
    return blind_index(
        table=RecipientKey._meta.db_table,
        column="public_key",
        scope=RECIPIENTS,
        value=public_key,
        possible=2**128,
    )


def add_key(
    *, by: User, recipient: Recipient, public_key: str, expires_at: datetime | None = None
) -> RecipientKey:
    """Enter a recipient's age public key. Raises `NotAKey`, `KeyInUse`. It is not usable yet."""
    check_keeper(by)
    subject = f"recipient:{recipient.pk}"
    try:
        text = checked_key(public_key)
    except BadRecipientKey:
        raise NotAKey(subject=subject) from None
    if expires_at is not None and expires_at <= timezone.now():
        raise NotAKey(subject=subject, why="expired")
    key = RecipientKey(recipient=recipient, key_index=_index(text), expires_at=expires_at, created_by=by)
    key.seal(public_key=text)
    key.put_tag()
    if recipient.keys.filter(revoked_at__isnull=True).exists():
        raise KeyInUse(subject=subject)
    try:
        with transaction.atomic():
            key.save(force_insert=True)
    except IntegrityError as error:
        raise NotAKey(subject=subject, why="known") from error
    record(Kind.RECIPIENT_KEY_ADDED, by=by.staff_code, subject=f"recipient-key:{key.pk}", rows=[key])
    return key


def check_key_with(*, by: User, key: RecipientKey, heard: str, channel: Channel, note: str) -> KeyCheck:
    """Record that `by` compared the key: `heard` is what the recipient read aloud, at least half of it.

    Raises `FingerprintDiffers`, `SecondPersonNeeded`, `KeyUnfit`, `NotAKey` for a missing note.
    """
    check_key_checker(by)
    subject = f"recipient-key:{key.pk}"
    locked = RecipientKey.objects.select_for_update().get(pk=key.pk)
    if locked.revoked_at is not None:
        raise KeyUnfit(subject=subject, why="revoked")
    if locked.checks.filter(created_by=by).exists():
        raise SecondPersonNeeded(subject=subject)
    ours = fingerprint(open_public_key(locked, reader=by.staff_code)).replace(" ", "")
    typed = "".join(heard.split()).lower()
    if len(typed) < TYPED or not hmac.compare_digest(ours[: len(typed)].encode(), typed.encode()):
        raise FingerprintDiffers(subject=subject)
    check = KeyCheck(key=locked, channel=channel, created_by=by)
    check.seal(note=note.strip())
    check.put_tag()
    check.save(force_insert=True)
    told: dict[str, str | int] = {"channel": channel.value, "checks": locked.checks.count()}
    record(Kind.RECIPIENT_KEY_CHECKED, by=by.staff_code, subject=subject, facts=told, rows=[locked, check])
    return check


def open_public_key(key: RecipientKey, *, reader: str) -> str:
    """Open the key and compare it with its keyed digest, which the tag covers; raises `KeyUnfit`."""
    text = open_row(key, "public_key", reader=reader, purpose=Purpose.EXPORT).text("public_key")
    if not hmac.compare_digest(_index(text), bytes(key.key_index)):
        raise KeyUnfit(subject=f"recipient-key:{key.pk}", why="replaced")
    return text


def revoke_key(*, by: User, key: RecipientKey) -> RecipientKey:
    """Withdraw a key at once; exports approved for it can no longer be built."""
    check_keeper(by)
    locked = RecipientKey.objects.select_for_update().get(pk=key.pk)
    if locked.revoked_at is None:
        locked.revoked_at, locked.revoked_by = timezone.now(), by
        locked.put_tag()
        locked.save(update_fields=["revoked_at", "revoked_by", "tag"])
    record(
        Kind.RECIPIENT_KEY_REFUSED,
        by=by.staff_code,
        subject=f"recipient-key:{locked.pk}",
        facts={"revoked": 1},
        rows=[locked],
    )
    return locked
