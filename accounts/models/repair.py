"""Repairs: how a newcomer among the custodians comes to halves of identities that were sealed before."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.drill import StaffRow, written_time
from accounts.vocabulary import RepairState
from vault.envelope import encode
from vault.fields import SealedJSON, SealedText
from vault.handling import index, plain, sealed
from vault.rows import TableKind


class Repair(StaffRow):
    """One newcomer, two helpers, and as many identities as one file holds. Its paper is made anew from
    `sources` and the kept halves whenever it is asked for, and must have `digest`.
    """

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    deciding: ClassVar[tuple[str, ...]] = ("newcomer", "first", "second", "digest", "state", "tag")
    handling = {
        "newcomer": plain("who gets halves; random"),
        "first": plain("who helps; random"),
        "second": plain("who helps; random"),
        "directory_number": plain("under which directory; a later one ends it"),
        "identities": plain("how many are in it"),
        "digest": plain("of the paper that all three sign"),
        "sources": sealed("which identities, their codes, and with whom the newcomer becomes a pair"),
        "first_help": sealed("what the first helper signed, until it is finished"),
        "second_help": sealed("what the second helper signed, until it is finished"),
        "state": plain("asked, finished or overtaken"),
        "closed_at": plain("when it ended"),
        "tag": index("refuses a repair that was written or moved in the database"),
    }

    newcomer = models.UUIDField()
    first = models.UUIDField()
    second = models.UUIDField()
    directory_number = models.PositiveIntegerField()
    identities = models.PositiveSmallIntegerField()
    digest = models.BinaryField(max_length=32)
    sources = SealedJSON()
    first_help = SealedText(null=True)
    second_help = SealedText(null=True)
    state = models.CharField(max_length=10, choices=RepairState.choices, default=RepairState.ASKED)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RepairState.values), name="repair_state_is_known"),
            models.UniqueConstraint(
                fields=["state"], condition=Q(state=RepairState.ASKED), name="one_repair_at_a_time"
            ),
        ]

    @property
    def helpers(self) -> tuple[UUID, UUID]:
        return self.first, self.second

    def tagged_facts(self) -> bytes:
        """What the tag covers: who gets what with whose help, and how it stands."""
        ids: tuple[UUID, ...] = (self.id, self.newcomer, self.first, self.second)
        return encode(
            b"repair 1",
            *(one.bytes for one in ids),
            str(self.directory_number).encode(),
            str(self.state).encode(),
            written_time(self.closed_at).encode(),
            bytes(self.digest),
        )
