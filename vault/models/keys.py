"""The tables of keys. Every key in them is wrapped; without the root key none opens anything."""

from typing import ClassVar
from uuid import UUID, uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from vault.handling import TableKind, plain, sealed
from vault.scopes import Scope
from vault.vocabulary import KeyState, ScopeKind, UnitKind

_STATES = [(state.value, state.value) for state in KeyState]
_KINDS = [(kind.value, kind.value) for kind in ScopeKind]
_UNITS = [(kind.value, kind.value) for kind in UnitKind]


class RootCheck(models.Model):
    """The canary: one sealed value by which a process knows its root key before it touches a row."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    handling = {
        "root_id": plain("names the root key", keep="for ever"),
        "sealed": sealed("opens under the right root key alone", keep="for ever"),
    }

    id = models.UUIDField(primary_key=True, editable=False)
    root_id = models.UUIDField()
    sealed = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"RootCheck {self.pk}"


class ScopeKey(models.Model):
    """L2: the key of a case, of the staff or of the recipients, wrapped under the root key that `root_id`
    names.
    """

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    handling = {
        "kind": plain("case, staff or recipients"),
        "scope_id": plain("whose key; random"),
        "state": plain("which key seals and which only open"),
        "root_id": plain("a rotation finds what is left to wrap anew"),
        "wrapped": sealed("the key itself"),
    }

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=_KINDS)
    scope_id = models.UUIDField()
    state = models.CharField(max_length=12, choices=_STATES, default=KeyState.PRIMARY)
    root_id = models.UUIDField()
    wrapped = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "scope_id"],
                condition=Q(state=KeyState.PRIMARY),
                name="scope_has_one_primary_key",
            ),
            models.CheckConstraint(condition=Q(state__in=list(KeyState)), name="scope_key_state_is_known"),
            models.CheckConstraint(condition=Q(kind__in=list(ScopeKind)), name="scope_key_kind_is_known"),
        ]
        indexes = [models.Index(fields=["root_id"], name="scope_key_by_root")]

    def __str__(self) -> str:
        return f"ScopeKey {self.id}"

    @property
    def scope(self) -> Scope:
        scope_id: UUID = self.scope_id
        return Scope(ScopeKind(self.kind), scope_id)


class KeystoreKey(models.Model):
    """L3: the key of a witness, a file, a share or words on paper, in the schema `keystore` of one role.

    `sealed` is Seal(epoch key, Seal(scope key, key)) and lies nowhere else: deleting the row and turning the
    epoch makes everything under the key unreadable, in every backup of the database too.
    """

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    handling = {
        "kind": plain("witness, file, share or words"),
        "scope_kind": plain("case, staff or recipients"),
        "scope_id": plain("whose key wraps it; random"),
        "unit": plain("which witness, file or identity; random"),
        "belongs_to": plain("the witness whose erasure takes this key with it; random"),
        "state": plain("which key seals and which only open"),
        "scope_key_id": plain("a rotation finds what is left to wrap anew"),
        "epoch_id": plain("a rotation finds what is left to wrap anew"),
        "sealed": sealed("the key itself"),
    }

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=_UNITS)
    scope_kind = models.CharField(max_length=12, choices=_KINDS)
    scope_id = models.UUIDField()
    unit = models.UUIDField()
    belongs_to = models.UUIDField(null=True)
    state = models.CharField(max_length=12, choices=_STATES, default=KeyState.PRIMARY)
    scope_key_id = models.UUIDField()
    epoch_id = models.UUIDField()
    sealed = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        db_table = "keystore_key"
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(state=KeyState.PRIMARY), name="unit_has_one_primary_key"
            ),
            models.CheckConstraint(condition=Q(state__in=list(KeyState)), name="keystore_key_state_is_known"),
        ]
        indexes = [
            models.Index(fields=["scope_key_id"], name="keystore_key_by_scope_key"),
            models.Index(fields=["epoch_id"], name="keystore_key_by_epoch"),
            models.Index(fields=["belongs_to"], name="keystore_key_by_witness"),
        ]

    def __str__(self) -> str:
        return f"KeystoreKey {self.id}"

    @property
    def scope(self) -> Scope:
        scope_id: UUID = self.scope_id
        unit: UUID = self.unit
        return Scope(ScopeKind(self.scope_kind), scope_id, unit)


class DestroyedKey(models.Model):
    """The ids of destroyed keys. Outside the keystore: its restored backup brings none of them back."""

    table_kind: ClassVar[TableKind] = TableKind.LOG
    handling: ClassVar[dict[str, object]] = {"destroyed_at": plain("since when", keep="for ever")}

    id = models.UUIDField(primary_key=True, editable=False)
    destroyed_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"DestroyedKey {self.id}"
