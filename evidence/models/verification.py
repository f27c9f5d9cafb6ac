"""Whether an exhibit is what it is said to be: methods, findings, and analyses of frames and weapons."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from cases.models import CaseRow
from cases.vocabulary import Permission
from evidence.models.file import FileObject
from evidence.models.item import OF_ITEM, EvidenceItem
from evidence.vocabulary import ItemStatus, Method
from vault.fields import SealedJSON, SealedText
from vault.handling import plain, sealed
from vault.rows import TableKind


class Verification(CaseRow):
    """One method applied by one person; it counts once a second person has confirmed it."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    strict_by: ClassVar[tuple[str, ...]] = OF_ITEM
    read_permission: ClassVar[Permission] = Permission.EVIDENCE_READ
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "item_id", "method", "created_by_id", "reviewed_by_id")
    handling = {
        **CaseRow.row_handling,
        "item": plain("joins"),
        "method": plain("verified needs methods of two families"),
        "reviewed_by": plain("the second person, never the first"),
        "reviewed_at": plain("and when"),
        "finding": sealed("what was found"),
        "notes": sealed("on what it rests"),
        "references": sealed("addresses and exhibits that were compared"),
    }

    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, related_name="verifications")
    method = models.CharField(max_length=24, choices=Method.choices)
    reviewed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    finding = SealedText()
    notes = SealedText()
    references = SealedText(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(method__in=Method.values), name="verification_is_known"),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("created_by")),
                name="verification_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True, reviewed_by__isnull=True)
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False),
                name="verification_reviewed_by_somebody",
            ),
        ]


class Decision(CaseRow):
    """One step in the state of an exhibit, by whom and why. Never changed."""

    table_kind: ClassVar[TableKind] = TableKind.VERSION
    strict_by: ClassVar[tuple[str, ...]] = OF_ITEM
    read_permission: ClassVar[Permission] = Permission.EVIDENCE_READ
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "item_id", "before", "to", "created_by_id")
    handling = {
        **CaseRow.row_handling,
        "item": plain("joins"),
        "before": plain("the state it was in"),
        "to": plain("the state it came into"),
        "reason": sealed("answers what speaks against the exhibit"),
    }

    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, related_name="decisions")
    before = models.CharField(max_length=16, choices=ItemStatus.choices)
    to = models.CharField(max_length=16, choices=ItemStatus.choices)
    reason = SealedText(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(before__in=ItemStatus.values, to__in=ItemStatus.values),
                name="decision_between_known_states",
            )
        ]


class SatelliteAnalysis(CaseRow):
    """Two frames of one place, before and after, and what is said to have changed between them."""

    table_kind: ClassVar[TableKind] = TableKind.VERSION
    strict_by: ClassVar[tuple[str, ...]] = OF_ITEM
    read_permission: ClassVar[Permission] = Permission.EVIDENCE_READ
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "item_id", "before_id", "after_id")
    handling = {
        **CaseRow.row_handling,
        "item": plain("joins"),
        "before": plain("the earlier frame"),
        "after": plain("the later frame"),
        "provider": sealed("tells which place was looked at"),
        "scenes": sealed("scene numbers: they tell place and time"),
        "captured": sealed("when each frame was taken, and when the event was"),
        "place": sealed("tells where"),
        "footprint": sealed("corners of the frame"),
        "resolution": sealed("metres on the ground a pixel"),
        "licence": sealed("under which terms the frames may be used"),
        "measured_area": sealed("what was measured"),
        "finding": sealed("what is said to have changed"),
    }

    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, related_name="satellite_analyses")
    before = models.ForeignKey(FileObject, null=True, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey(FileObject, null=True, on_delete=models.PROTECT, related_name="+")
    provider = SealedText()
    scenes = SealedJSON()
    captured = SealedJSON()
    place = SealedText()
    footprint = SealedText(null=True)
    resolution = SealedText(null=True)
    licence = SealedText(null=True)
    measured_area = SealedText(null=True)
    finding = SealedText()


class WeaponAnalysis(CaseRow):
    """What a weapon or remnant is thought to be, from which marks, and how sure that is."""

    table_kind: ClassVar[TableKind] = TableKind.VERSION
    strict_by: ClassVar[tuple[str, ...]] = OF_ITEM
    read_permission: ClassVar[Permission] = Permission.EVIDENCE_READ
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "item_id")
    handling = {
        **CaseRow.row_handling,
        "item": plain("joins"),
        "category": sealed("describes the weapon"),
        "model": sealed("describes the weapon"),
        "calibre": sealed("describes the weapon"),
        "markings": sealed("numbers and stamps"),
        "quantity": sealed("how many were seen"),
        "basis": sealed("on what the identification rests"),
        "users": sealed("who is known to use it, and who else"),
        "finding": sealed("what it tends to show"),
    }

    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, related_name="weapon_analyses")
    category = SealedText()
    model = SealedText(null=True)
    calibre = SealedText(null=True)
    markings = SealedText(null=True)
    quantity = SealedText(null=True)
    basis = SealedText()
    users = SealedText(null=True)
    finding = SealedText()
