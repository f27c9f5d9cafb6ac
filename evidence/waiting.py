"""What waits for a person in this room: hand-overs, alerts, findings to confirm, exhibits to begin with."""

from django.db.models import Exists, Min, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from accounts.vocabulary import OwedState
from cases.models.sets import Holds
from cases.vocabulary import CaseStatus, Permission
from cases.waiting import Waiting
from evidence.models import (
    EvidenceItem,
    FileObject,
    FixityCheck,
    HandOver,
    IngestJob,
    RedactionSet,
    Verification,
)
from evidence.overdue import overdue_files
from evidence.scanning import SILENT
from evidence.vocabulary import DRAWN, HandOverState, ItemStatus, RedactionState


def waiting_for(user: User, *, most: int = 50) -> list[Waiting]:
    """Return what waits for the person, oldest first: a fixed number of queries, whatever there is."""
    found = [
        *_alerts(user, most),
        *_unscanned(user, most),
        *_overdue(user, most),
        *_hand_overs(user, most),
        *_exhibits("exhibit-confirm", to_confirm(user), most),
        *_exhibits("exhibit-verify", to_begin(user), most),
        *_copies(user, most),
    ]
    return sorted(found, key=lambda one: one.since)[:most]


def to_confirm(user: User) -> "QuerySet[EvidenceItem]":
    """Exhibits with a finding of somebody else that nobody has confirmed."""
    open_findings = Verification.objects.filter(item=OuterRef("pk"), reviewed_by__isnull=True)
    rows = _workable(user).filter(status=ItemStatus.IN_VERIFICATION)
    return rows.filter(Exists(open_findings.exclude(created_by=user)))


def to_begin(user: User) -> "QuerySet[EvidenceItem]":
    """Registered exhibits with a file, with which nobody has begun."""
    files = FileObject.objects.filter(item=OuterRef("pk")).exclude(copy_kind__in=DRAWN)
    return _workable(user).filter(Exists(files), status=ItemStatus.REGISTERED)


def _workable(user: User) -> "QuerySet[EvidenceItem]":
    rows = EvidenceItem.objects.visible_to(user, Permission.EVIDENCE_VERIFY)
    kept = (CaseStatus.CLOSED, CaseStatus.ARCHIVED)
    return rows.filter(frozen_at__isnull=True).exclude(case__status__in=kept)


def _exhibits(kind: str, rows: "QuerySet[EvidenceItem]", most: int) -> list[Waiting]:
    return [
        Waiting(kind, row.case_id, row.case.code, row.pk, row.exhibit_no, row.status_at or row.created_at)
        for row in rows.select_related("case").order_by("created_at")[:most]
    ]


def _copies(user: User, most: int) -> list[Waiting]:
    """Redacted copies that passed their checks and wait for a second person."""
    rows = RedactionSet.objects.visible_to(user, Permission.EXPORT_APPROVE)
    rows = rows.filter(state=RedactionState.READY, file__item__frozen_at__isnull=True).exclude(
        created_by=user
    )
    rows = rows.exclude(case__status__in=(CaseStatus.CLOSED, CaseStatus.ARCHIVED))
    return [
        Waiting(
            "copy", row.case_id, row.case.code, row.file.item_id, row.file.item.exhibit_no, row.created_at
        )
        for row in rows.select_related("case", "file__item").order_by("created_at")[:most]
    ]


def _overdue(user: User, most: int) -> list[Waiting]:
    """A case whose files were not checked in time waits for whoever keeps its evidence."""
    rows = (
        overdue_files()
        .filter(Holds(user, Permission.EVIDENCE_INTEGRITY, "case"))
        .values("case", "case__code")
    )
    late = rows.annotate(since=Min(Coalesce("checked_at", "created_at"))).order_by("since")[:most]
    return [
        Waiting("integrity-overdue", row["case"], row["case__code"], row["case"], "", row["since"])
        for row in late
    ]


def _alerts(user: User, most: int) -> list[Waiting]:
    """An alert tells a number, a result and a time, nothing of the exhibit: its sensitivity hides none."""
    rows = FixityCheck.objects.filter(Holds(user, Permission.EVIDENCE_INTEGRITY, "case"))
    rows = rows.filter(closed_at__isnull=True)
    return [
        Waiting("alert", row.case_id, row.case.code, row.pk, row.file.item.exhibit_no, row.created_at)
        for row in rows.select_related("case", "file__item").order_by("created_at")[:most]
    ]


def _unscanned(user: User, most: int) -> list[Waiting]:
    """Files that wait for a virus scanner which does not answer: told as an alert is, by number and time."""
    rows = IngestJob.objects.filter(Holds(user, Permission.EVIDENCE_INTEGRITY, "file__case"))
    rows = rows.filter(state=OwedState.OWED, reason=SILENT)
    return [
        Waiting(
            "scan",
            row.file.case_id,
            row.file.case.code,
            row.file_id,
            row.file.item.exhibit_no,
            row.created_at,
        )
        for row in rows.select_related("file__case", "file__item").order_by("created_at")[:most]
    ]


def _hand_overs(user: User, most: int) -> list[Waiting]:
    """What somebody offers this person, as long as it can be answered."""
    rows = HandOver.objects.visible_to(user, Permission.EVIDENCE_ADD).filter(to=user)
    rows = rows.filter(state=HandOverState.PROPOSED, expires_at__gt=timezone.now())
    rows = rows.exclude(case__status__in=(CaseStatus.CLOSED, CaseStatus.ARCHIVED))
    return [
        Waiting("hand-over", row.case_id, row.case.code, row.pk, row.item.exhibit_no, row.created_at)
        for row in rows.select_related("case", "item").order_by("created_at")[:most]
    ]
