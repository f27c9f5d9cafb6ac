"""A request to open a name, and what custodians said to it."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q

from cases.models.witness import WitnessRow
from cases.vocabulary import DELAYS, UNFINISHED_ACCESS, AccessState, IdentityPurpose, Verdict
from vault.envelope import encode
from vault.fields import SealedText
from vault.handling import identity, index, plain, sealed
from vault.macs import Domain, mac, verify_mac
from vault.rows import TableKind


class Tagged(models.Model):
    """A row that is believed by its tag alone, which is the column `tag`."""

    tag = models.BinaryField()

    class Meta:
        abstract = True

    def tagged_facts(self) -> bytes:
        """What the tag covers."""
        raise NotImplementedError

    def put_tag(self) -> None:
        """Compute the tag; every action that changes a covered column does this before saving."""
        self.tag = mac(Domain.GRANTS, self.tagged_facts())

    def verify_tag(self) -> None:
        """Raise a vault error when the tag does not fit the row."""
        verify_mac(Domain.GRANTS, self.tagged_facts(), bytes(self.tag))


class IdentityRequest(Tagged, WitnessRow):
    """One person asks to see who one witness is. `paper` is exactly what two custodians sign.

    The tag covers the state: a row that was written or moved on past us opens nothing.
    """

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    noun: ClassVar[str] = "identity-request"
    related: ClassVar[tuple[str, ...]] = ("witness", "case", "created_by")
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "witness_id", "created_by_id", "state", "digest", "tag")
    handling = {
        **WitnessRow.row_handling,
        "purpose": plain("decides how long it waits"),
        "state": plain("decides which step is open"),
        "edition": plain("counts its changes; each voids what was said before"),
        "digest": plain("of the paper; what is said counts for exactly this paper"),
        "paper": sealed("says what is asked, why, and under which one-time key"),
        "held_key": identity("the one-time key, under six words that its requester alone was shown"),
        "agreed_at": plain("when the second custodian approved"),
        "opens_at": plain("not before"),
        "expires_at": plain("not after"),
        "opened_at": plain("it is shown once"),
        "closed_at": plain("when it ended"),
        "tag": index("refuses a request that was written or moved in the database"),
    }

    purpose = models.CharField(max_length=16, choices=IdentityPurpose.choices)
    state = models.CharField(max_length=12, choices=AccessState.choices, default=AccessState.REQUESTED)
    edition = models.PositiveSmallIntegerField(default=1)
    digest = models.BinaryField(max_length=32)
    paper = SealedText()
    held_key = models.BinaryField(null=True)
    agreed_at = models.DateTimeField(null=True)
    opens_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AccessState.values), name="access_state_is_known"),
            models.UniqueConstraint(
                fields=["created_by"], condition=Q(state__in=UNFINISHED_ACCESS), name="one_request_a_person"
            ),
        ]

    @property
    def delay(self) -> timedelta:
        """How long it waits once two approved."""
        return DELAYS[IdentityPurpose(self.purpose)]

    def decision(self) -> "IdentityDecision":
        """A custodian's word on it, to be filled in."""
        return IdentityDecision(
            case_id=self.case_id, witness_id=self.witness_id, request=self, sensitivity=self.sensitivity
        )

    def tagged_facts(self) -> bytes:
        """What the tag covers: everything that decides."""
        ids: tuple[UUID, ...] = (self.id, self.case_id, self.witness_id, self.created_by_id)
        times = (self.agreed_at, self.opens_at, self.expires_at, self.opened_at, self.closed_at)
        words = (self.purpose, str(self.state), str(self.edition), *written_times(*times))
        held = b"" if self.held_key is None else bytes(self.held_key)
        return encode(
            b"identity request 1",
            *(one.bytes for one in ids),
            *(word.encode() for word in words),
            bytes(self.digest),
            hashlib.sha256(held).digest(),
        )


class IdentityDecision(Tagged, WitnessRow):
    """One custodian's signed word on one edition of a request. Never changed, and counted once."""

    table_kind: ClassVar[TableKind] = TableKind.LOG
    deciding: ClassVar[tuple[str, ...]] = ("request_id", "member", "verdict", "digest", "tag")
    handling = {
        **WitnessRow.row_handling,
        "request": plain("to which request"),
        "member": plain("who signed it; random"),
        "verdict": plain("approval, stop, or the lifting of one"),
        "digest": plain("of the request's paper that was signed"),
        "paper": sealed("the signed paper, with halves encrypted to the one-time key"),
        "tag": index("refuses a decision that was written into the database"),
    }

    request = models.ForeignKey(IdentityRequest, on_delete=models.PROTECT, related_name="decisions")
    member = models.UUIDField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    digest = models.BinaryField(max_length=32)
    paper = SealedText()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "digest", "member", "verdict"], name="one_word_a_custodian"
            ),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="verdict_is_known"),
        ]

    def tagged_facts(self) -> bytes:
        """What the tag covers: who said what to which paper."""
        ids: tuple[UUID, ...] = (self.id, self.request_id, self.created_by_id, self.member)
        return encode(
            b"identity decision 1",
            *(one.bytes for one in ids),
            self.verdict.encode(),
            bytes(self.digest),
        )


def written_times(*times: datetime | None) -> Iterator[str]:
    """Times as a tag takes them in."""
    for at in times:
        yield "" if at is None else at.isoformat()
