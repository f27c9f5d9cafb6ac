"""A sealed file in the store."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.utils import timezone

from vault.fields import SealedJSON
from vault.handling import TableKind, plain, sealed
from vault.rows import SealedRow
from vault.scopes import Scope
from vault.vocabulary import ScopeKind

_KINDS = [(kind.value, kind.value) for kind in ScopeKind]


class StoredFile(SealedRow):
    """What is known of a file without a key: where its sealed bytes lie, how many they are, and their digest.

    Its own key seals its bytes and its manifest, and lies in the keystore.
    """

    table_kind: ClassVar[TableKind] = TableKind.VERSION
    deciding: ClassVar[tuple[str, ...]] = (
        "scope_kind",
        "scope_id",
        "storage_ref",
        "sealed_size",
        "sealed_digest",
    )
    handling = {
        "scope_kind": plain("case, staff or recipients"),
        "scope_id": plain("whose file; random"),
        "storage_ref": plain("finds the sealed bytes; random"),
        "sealed_size": plain("the padded size, to check the store by"),
        "sealed_digest": plain("BLAKE3 of the sealed bytes: a routine check needs no key"),
        "manifest": sealed("true length and digests: they would confirm that we hold a known file"),
        "created_by": plain("who is answerable; a staff code or a machine"),
    }

    scope_kind = models.CharField(max_length=12, choices=_KINDS)
    scope_id = models.UUIDField()
    storage_ref = models.CharField(max_length=64, unique=True)
    sealed_size = models.PositiveBigIntegerField()
    sealed_digest = models.BinaryField(max_length=32)
    manifest = SealedJSON()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.CharField(max_length=40)

    def scope(self) -> Scope:
        """A file lies under its own key."""
        scope_id: UUID = self.scope_id
        return Scope(ScopeKind(self.scope_kind), scope_id, self.id)
