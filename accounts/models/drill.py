"""What custodians are asked to open every month, to prove that names can be recovered; and their answers."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.person import User
from accounts.vocabulary import DrillState
from vault.envelope import encode
from vault.fields import SealedText
from vault.handling import index, plain, sealed
from vault.macs import Domain, mac, verify_mac
from vault.rows import SealedRow, TableKind
from vault.scopes import STAFF, Scope


class StaffRow(SealedRow):
    """A row about the custodians, under the key of the staff; its tag covers what `tagged_facts` says."""

    tag = models.BinaryField()

    class Meta:
        abstract = True

    def scope(self) -> Scope:
        return STAFF

    def tagged_facts(self) -> bytes:
        """What the tag covers: everything that decides."""
        raise NotImplementedError

    def put_tag(self) -> None:
        """Compute the tag; every action that changes a covered column does this before saving."""
        self.tag = mac(Domain.GRANTS, self.tagged_facts())

    def verify_tag(self) -> None:
        """Raise a vault error when the tag does not fit the row."""
        verify_mac(Domain.GRANTS, self.tagged_facts(), bytes(self.tag))


class DrillIdentity(SealedRow):
    """One invented identity. The commitment is keyed: a row that others wrote proves nothing."""

    table_kind: ClassVar[TableKind] = TableKind.LOG
    deciding: ClassVar[tuple[str, ...]] = ("first", "second", "commitment")
    handling = {
        "first": plain("for which pair it was made; random"),
        "second": plain("for which pair it was made; random"),
        "directory_number": plain("under which directory it was made"),
        "commitment": index("shows that what was opened is what was sealed"),
    }

    first = models.UUIDField()
    second = models.UUIDField()
    directory_number = models.PositiveIntegerField()
    commitment = models.BinaryField(max_length=32)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def scope(self) -> Scope:
        """Nothing in it is sealed; its id is the identity's."""
        return STAFF


class Drill(StaffRow):
    """One pair is asked to open one invented identity. `paper` is exactly what both sign."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    deciding: ClassVar[tuple[str, ...]] = ("identity_id", "first", "second", "digest", "state", "tag")
    handling = {
        "identity": plain("which invented identity"),
        "first": plain("whose drill it is; random"),
        "second": plain("whose drill it is; random"),
        "directory_number": plain("under which directory it is signed"),
        "digest": plain("of the paper; what is said counts for exactly this paper"),
        "paper": sealed("what is signed"),
        "held_key": sealed("the one-time key; it opens what was invented and nothing else"),
        "state": plain("asked, passed, failed, late or overtaken"),
        "failed_by": plain("whose half was false; random"),
        "expires_at": plain("not after"),
        "closed_at": plain("when it ended"),
        "tag": index("refuses a drill that was written or moved in the database"),
    }

    identity = models.ForeignKey(DrillIdentity, on_delete=models.PROTECT, related_name="+")
    first = models.UUIDField()
    second = models.UUIDField()
    directory_number = models.PositiveIntegerField()
    digest = models.BinaryField(max_length=32)
    paper = SealedText()
    held_key = SealedText(null=True)
    state = models.CharField(max_length=10, choices=DrillState.choices, default=DrillState.ASKED)
    failed_by = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DrillState.values), name="drill_state_is_known"),
            models.UniqueConstraint(
                fields=["first", "second"], condition=Q(state=DrillState.ASKED), name="one_drill_a_pair"
            ),
        ]

    @property
    def pair(self) -> tuple[UUID, UUID]:
        return self.first, self.second

    def tagged_facts(self) -> bytes:
        """What the tag covers: who opens which identity, and how it stands."""
        ids: tuple[UUID, ...] = (self.id, self.identity_id, self.first, self.second)
        times = (self.created_at, self.expires_at, self.closed_at)
        return encode(
            b"drill 1",
            *(one.bytes for one in ids),
            str(self.state).encode(),
            str(self.failed_by or "").encode(),
            str(self.directory_number).encode(),
            *(written_time(one).encode() for one in times),
            bytes(self.digest),
        )


class DrillAnswer(StaffRow):
    """One custodian's signed answer to a drill. Never changed, and counted once."""

    table_kind: ClassVar[TableKind] = TableKind.LOG
    deciding: ClassVar[tuple[str, ...]] = ("drill_id", "member", "tag")
    handling = {
        "drill": plain("to which drill"),
        "member": plain("who signed it; random"),
        "paper": sealed("the signed paper, with halves encrypted to the drill's key"),
        "created_by": plain("who handed it in"),
        "tag": index("refuses an answer that was written into the database"),
    }

    drill = models.ForeignKey(Drill, on_delete=models.PROTECT, related_name="answers")
    member = models.UUIDField()
    paper = SealedText()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["drill", "member"], name="one_answer_a_custodian"),
        ]

    def tagged_facts(self) -> bytes:
        """What the tag covers: who answered what."""
        ids: tuple[UUID, ...] = (self.id, self.drill_id, self.member, self.created_by_id)
        return encode(b"drill answer 1", *(one.bytes for one in ids))


def written_time(at: datetime | None) -> str:
    """A time as a tag covers it."""
    return "" if at is None else at.isoformat()
