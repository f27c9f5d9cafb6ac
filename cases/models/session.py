"""An identity session: what two custodians are asked to let be compared, what they said, and the report."""

from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q

from accounts.models import User
from cases.models.case import CaseRow
from cases.models.unsealing import Tagged, written_times
from cases.vocabulary import (
    LIVE_SESSION,
    SESSION_DELAYS,
    Permission,
    SessionCheck,
    SessionPurpose,
    SessionState,
    Verdict,
)
from vault.envelope import encode
from vault.fields import SealedJSON, SealedText
from vault.handling import index, plain, sealed
from vault.rows import TableKind


class IdentitySession(Tagged, CaseRow):
    """Names of one case, to be compared once in one process, or handed over by it. `paper` is exactly what
    two custodians sign.

    `material` is the digest of the queue, fixed when it is asked; `keeper` is the program in whose child the
    one-time key lies: where that has ended, so has the session.
    """

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    read_permission: ClassVar[Permission] = Permission.IDENTITY_SESSION
    noun: ClassVar[str] = "identity-session"
    related: ClassVar[tuple[str, ...]] = ("case", "created_by")
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "created_by_id", "state", "material", "digest", "tag")
    handling = {
        **CaseRow.row_handling,
        "purpose": plain("decides how long it waits"),
        "state": plain("decides which step is open"),
        "material": plain("of sealed bytes: what was queued is what is compared"),
        "digest": plain("of the paper; what is said counts for exactly this paper"),
        "keeper": plain("which run of which program holds the key; random"),
        "reason": sealed("what the custodians should know"),
        "paper": sealed("says what is asked, why, and under which one-time key"),
        "agreed_at": plain("when the second custodian approved"),
        "opens_at": plain("not before"),
        "expires_at": plain("not after"),
        "started_at": plain("names of the case were in memory then; once a day"),
        "closed_at": plain("when it ended"),
        "ended_by": plain("what ended a session that failed, in one word"),
        "tag": index("refuses a session that was written or moved in the database"),
    }

    purpose = models.CharField(max_length=16, choices=SessionPurpose.choices)
    state = models.CharField(max_length=12, choices=SessionState.choices, default=SessionState.PREPARING)
    material = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32, default=b"")
    keeper = models.UUIDField(null=True)
    reason = SealedText()
    paper = SealedText(null=True)
    agreed_at = models.DateTimeField(null=True)
    opens_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SessionState.values), name="session_state_is_known"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(state__in=LIVE_SESSION), name="one_session_a_case"
            ),
        ]

    @property
    def is_handover(self) -> bool:
        """Whether names go to the recipient of an export, and are compared with nothing."""
        return self.purpose == SessionPurpose.HANDOVER

    @property
    def delay(self) -> timedelta:
        """How long it waits once two approved."""
        return SESSION_DELAYS[SessionPurpose(self.purpose)]

    def decision(self) -> "SessionDecision":
        """A custodian's word on it, to be filled in."""
        return SessionDecision(case_id=self.case_id, request=self, sensitivity=self.sensitivity)

    def tagged_facts(self) -> bytes:
        """What the tag covers: everything that decides."""
        ids: tuple[UUID, ...] = (self.id, self.case_id, self.created_by_id)
        times = (self.agreed_at, self.opens_at, self.expires_at, self.started_at, self.closed_at)
        words = (self.purpose, str(self.state), str(self.keeper), self.ended_by, *written_times(*times))
        return encode(
            b"identity session 1",
            *(one.bytes for one in ids),
            *(word.encode() for word in words),
            bytes(self.material),
            bytes(self.digest),
        )


class SessionItem(CaseRow):
    """One thing that is compared with the names. Never changed: the session's digest covers them all."""

    table_kind: ClassVar[TableKind] = TableKind.LOG
    read_permission: ClassVar[Permission] = Permission.IDENTITY_SESSION
    deciding: ClassVar[tuple[str, ...]] = ("session_id", "number", "kind", "subject", "digest", "author_id")
    handling = {
        **CaseRow.row_handling,
        "session": plain("whose queue"),
        "number": plain("its place in the queue"),
        "kind": plain("what it is compared for"),
        "subject": plain("the row that is compared; random"),
        "digest": plain("of its sealed bytes: what is changed later is not compared"),
        "author": plain("who wrote it: the report does not go to them"),
    }

    session = models.ForeignKey(IdentitySession, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=SessionCheck.choices)
    subject = models.UUIDField(null=True)
    digest = models.BinaryField(max_length=32)
    author = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="items_are_numbered"),
            models.CheckConstraint(condition=Q(kind__in=SessionCheck.values), name="session_check_is_known"),
        ]

    def written(self) -> bytes:
        """What the session's digest takes in of it."""
        subject: UUID | None = self.subject
        author: UUID | None = self.author_id
        ids = (b"" if one is None else one.bytes for one in (subject, author))
        return encode(self.number.to_bytes(8), self.kind.encode(), *ids, bytes(self.digest))


class SessionDecision(Tagged, CaseRow):
    """One custodian's signed word on a session. Never changed, and counted once."""

    table_kind: ClassVar[TableKind] = TableKind.LOG
    read_permission: ClassVar[Permission] = Permission.IDENTITY_SESSION
    deciding: ClassVar[tuple[str, ...]] = ("request_id", "member", "verdict", "digest", "tag")
    handling = {
        **CaseRow.row_handling,
        "request": plain("to which session"),
        "member": plain("who signed it; random"),
        "verdict": plain("approval, stop, or the lifting of one"),
        "digest": plain("of the session's paper that was signed"),
        "paper": sealed("the signed paper, with halves encrypted to the one-time key"),
        "tag": index("refuses a decision that was written into the database"),
    }

    request = models.ForeignKey(IdentitySession, on_delete=models.PROTECT, related_name="decisions")
    member = models.UUIDField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    digest = models.BinaryField(max_length=32)
    paper = SealedText()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "digest", "member", "verdict"], name="one_word_on_a_session"
            ),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="session_verdict_is_known"),
        ]

    def tagged_facts(self) -> bytes:
        """What the tag covers: who said what to which paper."""
        ids: tuple[UUID, ...] = (self.id, self.request_id, self.created_by_id, self.member)
        words = (self.verdict.encode(), bytes(self.digest))
        return encode(b"session decision 1", *(one.bytes for one in ids), *words)


class SessionReport(CaseRow):
    """Where something was found, in one of three words. For whoever may ask for sessions, and nobody else."""

    table_kind: ClassVar[TableKind] = TableKind.LOG
    read_permission: ClassVar[Permission] = Permission.IDENTITY_SESSION
    deciding: ClassVar[tuple[str, ...]] = ("session_id",)
    handling = {
        **CaseRow.row_handling,
        "session": plain("whose report"),
        "said": sealed("places and words; an answer is a disclosure"),
    }

    session = models.OneToOneField(IdentitySession, on_delete=models.PROTECT, related_name="report")
    said = SealedJSON()
