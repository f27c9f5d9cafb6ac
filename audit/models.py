"""Append-only tables of the log: what happened, in which order it was sealed, and what was signed.

Promise: the application's role may INSERT and SELECT here and nothing else. Only `audit` writes these tables.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID, uuid4

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone

from audit.columns import CurrentTransaction, LeafJSON, LeafText, LeafTime, LeafUUID
from audit.vocabulary import ALARMS, OF_CONSENT, TOLD_ONCE, Kind
from vault.handling import TableKind, plain


class EventQuerySet(models.QuerySet["Event"]):
    """Reads of the log. A page is asked for by the last row of the page before, never by OFFSET."""

    def of_scope(self, scope: UUID) -> Self:
        """Events of one case; readings that touched several cases at once stand in each of them."""
        return self.filter(Q(scope=scope) | Q(scopes__contains=[str(scope)]))

    def of_subject(self, subject: str) -> Self:
        return self.filter(subject=subject)

    def of_actor(self, actor: str) -> Self:
        return self.filter(actor=actor)

    def of_kinds(self, kinds: Sequence[Kind]) -> Self:
        return self.filter(kind__in=list(kinds))

    def newest_first(self) -> Self:
        return self.order_by("-at", "-id")

    def before(self, at: datetime, id: UUID) -> Self:  # noqa: A002 - the row's own name for it
        """Rows older than the row (at, id): the next page of `newest_first`."""
        return self.filter(Q(at__lt=at) | Q(at=at, id__lt=id))

    def page(self, *, after: tuple[datetime, UUID] | None = None, size: int = 50) -> list["Event"]:
        """Return one page, newest first, starting below the last row of the page before."""
        rows = self.newest_first()
        return list((rows.before(*after) if after else rows)[:size])


class Event(models.Model):
    """One thing that happened, or was refused. `leaf` counts; the other columns are read out of it."""

    table_kind: ClassVar[TableKind] = TableKind.LOG
    handling: ClassVar = {
        "leaf": plain("what is hashed and signed; codes, ids, states and counts only", keep="for ever"),
        "mac": plain("shows that the application wrote the leaf", keep="for ever"),
        "transaction": plain("the sealer waits until it is over", keep="for ever"),
        "at": plain("read out of the leaf, to page by", keep="for ever"),
        "actor": plain("read out of the leaf, to filter by", keep="for ever"),
        "kind": plain("read out of the leaf, to filter by", keep="for ever"),
        "subject": plain("read out of the leaf, to filter by", keep="for ever"),
        "scope": plain("read out of the leaf, to filter by", keep="for ever"),
        "scopes": plain("read out of the leaf, to filter by", keep="for ever"),
    }

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    leaf = models.TextField(editable=False)
    mac = models.BinaryField(max_length=64, editable=False)
    transaction = models.BigIntegerField(db_default=CurrentTransaction(), editable=False)
    at = models.GeneratedField(
        expression=LeafTime(key="at"), output_field=models.DateTimeField(), db_persist=True
    )
    actor = models.GeneratedField(
        expression=LeafText(key="actor"), output_field=models.TextField(), db_persist=True
    )
    kind = models.GeneratedField(
        expression=LeafText(key="kind"), output_field=models.TextField(), db_persist=True
    )
    subject = models.GeneratedField(
        expression=LeafText(key="subject"), output_field=models.TextField(), db_persist=True
    )
    scope = models.GeneratedField(
        expression=LeafUUID(key="scope"), output_field=models.UUIDField(null=True), db_persist=True
    )
    scopes = models.GeneratedField(
        expression=LeafJSON(key="scopes"), output_field=models.JSONField(null=True), db_persist=True
    )

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(at__isnull=False, actor__isnull=False, kind__isnull=False),
                name="event_is_complete",
            )
        ]
        indexes = [
            models.Index(fields=["transaction"], name="event_sealing"),
            models.Index(fields=["scope", "-at", "-id"], name="event_scope"),
            models.Index(fields=["-at", "-id"], name="event_newest"),
            models.Index(
                fields=["kind", "-at", "-id"],
                name="event_alarms",
                condition=Q(kind__in=[kind.value for kind in ALARMS]),
            ),
            models.Index(
                fields=["subject", "actor"],
                name="event_told_once",
                condition=Q(kind__in=[kind.value for kind in TOLD_ONCE]),
            ),
            models.Index(
                fields=["subject"],
                name="event_of_consent",
                condition=Q(kind__in=[kind.value for kind in OF_CONSENT]),
            ),
            GinIndex(
                fields=["scopes"],
                opclasses=["jsonb_path_ops"],
                name="event_scopes",
                condition=Q(scopes__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Event {self.id}"


class Batch(models.Model):
    """The tree after one sealing: how many leaves, which root, and what is needed to go on from there."""

    table_kind: ClassVar[TableKind] = TableKind.LOG
    handling: ClassVar = {
        "size": plain("leaves in the tree after this sealing", keep="for ever"),
        "root": plain("Merkle root at that size", keep="for ever"),
        "frontier": plain(
            "hashes of the complete subtrees at the right edge, to go on from", keep="for ever"
        ),
        "watermark": plain("every transaction below it is over and sealed", keep="for ever"),
        "sealed_at": plain("when it was sealed", keep="for ever"),
    }

    size = models.BigIntegerField(primary_key=True, editable=False)
    root = models.BinaryField(max_length=32, editable=False)
    frontier = models.BinaryField(max_length=64 * 32, editable=False)
    watermark = models.BigIntegerField(editable=False)
    sealed_at = models.DateTimeField(editable=False)

    def __str__(self) -> str:
        return f"Batch {self.size}"


class Position(models.Model):
    """The place of one event in the tree, given by the sealer: 0, 1, 2 ... without a gap."""

    table_kind: ClassVar[TableKind] = TableKind.LOG
    handling: ClassVar = {
        "index": plain("place in the tree", keep="for ever"),
        "event": plain("which event", keep="for ever"),
        "leaf_hash": plain("RFC 6962 hash of the leaf", keep="for ever"),
    }

    index = models.BigIntegerField(primary_key=True, editable=False)
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="position", editable=False)
    leaf_hash = models.BinaryField(max_length=32, editable=False)

    def __str__(self) -> str:
        return f"Position {self.index}"


class Subtree(models.Model):
    """Hash of one complete subtree of 2^level leaves (level 8, 16 ...): it makes proofs short to compute."""

    table_kind: ClassVar[TableKind] = TableKind.LOG
    handling: ClassVar = {
        "id": plain("row number", keep="for ever"),
        "level": plain("height of the subtree", keep="for ever"),
        "index": plain("place of the subtree on its level", keep="for ever"),
        "hash": plain("Merkle hash of the subtree", keep="for ever"),
    }

    level = models.SmallIntegerField(editable=False)
    index = models.BigIntegerField(editable=False)
    hash = models.BinaryField(max_length=32, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="subtree_once")]

    def __str__(self) -> str:
        return f"Subtree {self.level}/{self.index}"


class Checkpoint(models.Model):
    """A signed note over one size and root (C2SP tlog-checkpoint). The signer keeps a copy elsewhere."""

    table_kind: ClassVar[TableKind] = TableKind.LOG
    handling: ClassVar = {
        "size": plain("leaves that the note covers", keep="for ever"),
        "note": plain("the signed note, as it is handed out", keep="for ever"),
        "signed_at": plain("when it was signed", keep="for ever"),
    }

    size = models.BigIntegerField(primary_key=True, editable=False)
    note = models.TextField(editable=False)
    signed_at = models.DateTimeField(editable=False)

    def __str__(self) -> str:
        return f"Checkpoint {self.size}"


class StampOwed(models.Model):
    """One authority owes a stamp for one clock time, over the checkpoint that was the newest then."""

    table_kind: ClassVar[TableKind] = TableKind.LOG
    handling: ClassVar = {
        "authority": plain("whom to ask; a name of the settings", keep="for ever"),
        "due_at": plain("the clock time", keep="for ever"),
        "checkpoint": plain("what is to be stamped", keep="for ever"),
    }

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    authority = models.CharField(max_length=40, editable=False)
    due_at = models.DateTimeField(editable=False)
    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="+", editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "due_at"], name="one_stamp_a_time")]

    def __str__(self) -> str:
        return f"StampOwed {self.id}"


class Stamp(models.Model):
    """An authority's answer, whole and as it came (RFC 3161), with what it was checked against."""

    table_kind: ClassVar[TableKind] = TableKind.LOG
    handling: ClassVar = {
        "owed": plain("what was asked", keep="for ever"),
        "token": plain("the answer, to be verified by anybody", keep="for ever"),
        "nonce": plain("with which it was asked", keep="for ever"),
        "policy": plain("under which it was given", keep="for ever"),
        "serial": plain("the authority's own number of it", keep="for ever"),
        "said_at": plain("the time that the authority names", keep="for ever"),
        "received_at": plain("when it came", keep="for ever"),
    }

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    owed = models.OneToOneField(StampOwed, on_delete=models.PROTECT, related_name="stamp", editable=False)
    token = models.BinaryField(max_length=1 << 16, editable=False)
    nonce = models.CharField(max_length=64, editable=False)
    policy = models.CharField(max_length=120, editable=False)
    serial = models.CharField(max_length=64, editable=False)
    said_at = models.DateTimeField(editable=False)
    received_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"Stamp {self.id}"


class StampTry(models.Model):
    """Why no stamp came, the first time for each reason."""

    table_kind: ClassVar[TableKind] = TableKind.LOG
    handling: ClassVar = {
        "owed": plain("what was asked", keep="for ever"),
        "reason": plain("a code of what was wrong", keep="for ever"),
        "tried_at": plain("when", keep="for ever"),
    }

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    owed = models.ForeignKey(StampOwed, on_delete=models.PROTECT, related_name="tries", editable=False)
    reason = models.CharField(max_length=40, editable=False)
    tried_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"StampTry {self.id}"
