"""An account: its state, its versions, how it was confirmed, and who weighed it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases.models.interview import Interview
from cases.models.witness import WitnessRow
from cases.vocabulary import (
    Permission,
    ReviewDecision,
    ReviewStage,
    TestimonyStatus,
    VersionKind,
)
from vault.fields import SealedJSON, SealedText
from vault.handling import plain, sealed
from vault.rows import TableKind


class Testimony(WitnessRow):
    """One account of one witness. What it says is in its versions; here is where it stands."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    read_permission: ClassVar[Permission] = Permission.TESTIMONY_READ
    deciding: ClassVar[tuple[str, ...]] = (
        "case_id",
        "witness_id",
        "registration_no",
        "status",
        "current_id",
    )
    handling = {
        **WitnessRow.row_handling,
        "interview": plain("in which meeting it was given"),
        "registration_no": plain("joins and shows the testimony"),
        "status": plain("decides which steps are open"),
        "status_at": plain("how long it has waited"),
        "current": plain("which version counts"),
        "superseded_by": plain("which testimony replaced it"),
    }

    interview = models.ForeignKey(Interview, null=True, on_delete=models.PROTECT, related_name="testimonies")
    registration_no = models.CharField(max_length=20)
    status = models.CharField(max_length=12, choices=TestimonyStatus.choices, default=TestimonyStatus.DRAFT)
    status_at = models.DateTimeField(default=timezone.now)
    current = models.ForeignKey("TestimonyVersion", null=True, on_delete=models.PROTECT, related_name="+")
    superseded_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "registration_no"], name="testimony_registered_once"),
            models.CheckConstraint(
                condition=Q(status__in=TestimonyStatus.values), name="testimony_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=[TestimonyStatus.DRAFT, TestimonyStatus.WITHDRAWN])
                | Q(current__isnull=False),
                name="testimony_past_draft_says_something",
            ),
        ]


class TestimonyVersion(WitnessRow):
    """A text as it stood. Never changed: a correction is the next version."""

    table_kind: ClassVar[TableKind] = TableKind.VERSION
    read_permission: ClassVar[Permission] = Permission.TESTIMONY_READ
    deciding: ClassVar[tuple[str, ...]] = ("testimony_id", "seq", "kind", "based_on_id", "created_by_id")
    handling = {
        **WitnessRow.row_handling,
        "testimony": plain("whose version"),
        "seq": plain("counts the versions"),
        "kind": plain("decides which steps are open"),
        "based_on": plain("what it was made from"),
        "language": sealed("narrows down who it is"),
        "text": sealed("the account"),
        "sha256": sealed("a digest of the text would confirm a guess"),
    }

    testimony = models.ForeignKey(Testimony, on_delete=models.PROTECT, related_name="versions")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=28, choices=VersionKind.choices)
    based_on = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    language = SealedText()
    text = SealedText()
    sha256 = SealedText()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["testimony", "seq"], name="versions_are_numbered"),
            models.CheckConstraint(condition=Q(seq__gte=1), name="versions_count_from_one"),
            models.CheckConstraint(
                condition=Q(seq=1) | Q(based_on__isnull=False), name="later_version_has_a_source"
            ),
            models.CheckConstraint(condition=Q(kind__in=VersionKind.values), name="version_kind_is_known"),
        ]


class Attestation(WitnessRow):
    """The witness heard the text read back and confirmed it, or why they did not."""

    table_kind: ClassVar[TableKind] = TableKind.LOG
    read_permission: ClassVar[Permission] = Permission.TESTIMONY_READ
    deciding: ClassVar[tuple[str, ...]] = ("version_id", "read_back", "signed_at")
    handling = {
        **WitnessRow.row_handling,
        "version": plain("which text"),
        "read_back": plain("approval asks for it"),
        "signed_at": plain("our own work"),
        "circumstances": sealed("language, who read, how it was signed, how many corrections"),
        "refused_reason": sealed("why it was not confirmed"),
    }

    version = models.ForeignKey(TestimonyVersion, on_delete=models.PROTECT, related_name="attestations")
    read_back = models.BooleanField()
    signed_at = models.DateTimeField(null=True)
    circumstances = SealedJSON()
    refused_reason = SealedText(null=True)


class Review(WitnessRow):
    """One person's weighing of one version. The author of any version never holds it."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    read_permission: ClassVar[Permission] = Permission.TESTIMONY_READ
    deciding: ClassVar[tuple[str, ...]] = ("testimony_id", "version_id", "stage", "created_by_id", "decision")
    handling = {
        **WitnessRow.row_handling,
        "testimony": plain("what is weighed"),
        "version": plain("in which version"),
        "stage": plain("which kind of review"),
        "decision": plain("decides which steps are open"),
        "decided_at": plain("when"),
        "closed_at": plain("an open review is held by one person"),
        "checklist": sealed("what the reviewer confirmed"),
        "comments": sealed("what the author is told"),
        "no_attestation_reason": sealed("why it was approved without being read back"),
    }

    testimony = models.ForeignKey(Testimony, on_delete=models.PROTECT, related_name="reviews")
    version = models.ForeignKey(TestimonyVersion, on_delete=models.PROTECT, related_name="reviews")
    stage = models.CharField(max_length=10, choices=ReviewStage.choices, default=ReviewStage.SUPERVISOR)
    decision = models.CharField(max_length=8, choices=ReviewDecision.choices, blank=True)
    decided_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    checklist = SealedJSON(null=True)
    comments = SealedText(null=True)
    no_attestation_reason = SealedText(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["testimony"], condition=Q(closed_at__isnull=True), name="one_open_review"
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True)
                | (~Q(decision="") & Q(decided_at__isnull=False, closed_at__isnull=False)),
                name="review_decided_at_a_time",
            ),
        ]
