"""Directories of custodians, as they were handed in. Their signatures count, not the rows."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.person import User
from vault.handling import plain
from vault.rows import SealedRow, TableKind
from vault.scopes import STAFF, Scope


class CustodianDirectory(SealedRow):
    """One signed paper. Those in force make the chain; of the others the newest of a digest gathers
    signatures.
    """

    table_kind: ClassVar[TableKind] = TableKind.VERSION
    deciding: ClassVar[tuple[str, ...]] = ("number", "digest", "paper", "in_force")
    handling = {
        "number": plain("each follows the one before", keep="for ever"),
        "digest": plain("what was signed", keep="for ever"),
        "paper": plain("codes, roles and public keys of custodians, and signatures", keep="for ever"),
        "in_force": plain("signed by enough; judged again whenever it is read", keep="for ever"),
        "created_at": plain("when it was handed in", keep="for ever"),
        "created_by": plain("who handed it in; empty in a demonstration", keep="for ever"),
    }

    number = models.PositiveIntegerField()
    digest = models.BinaryField(max_length=32)
    paper = models.BinaryField()
    in_force = models.BooleanField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=Q(in_force=True), name="one_directory_of_a_number"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="directory_has_a_number"),
        ]

    def scope(self) -> Scope:
        """Nothing in it is sealed; it is about the staff."""
        return STAFF
