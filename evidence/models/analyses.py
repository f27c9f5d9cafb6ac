"""What analysts worked out of an exhibit: what changed between two frames, a weapon, the place, the time."""

from typing import ClassVar

from django.db import models

from cases.models import GivenRow
from cases.vocabulary import Permission
from evidence.models.file import FileObject
from evidence.models.item import EvidenceItem, OfItem
from vault.fields import SealedJSON, SealedText
from vault.handling import plain, sealed
from vault.rows import TableKind


class SatelliteAnalysis(OfItem):
    """Two frames of one place, before and after, and what is said to have changed between them."""

    table_kind: ClassVar[TableKind] = TableKind.VERSION
    read_permission: ClassVar[Permission] = Permission.EVIDENCE_READ
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "item_id", "before_id", "after_id")
    handling = {
        **GivenRow.row_handling,
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
        "outline": sealed("edge of what was measured"),
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
    outline = SealedText(null=True)
    finding = SealedText()


class WeaponAnalysis(OfItem):
    """What a weapon or remnant is thought to be, from which marks, and how sure that is."""

    table_kind: ClassVar[TableKind] = TableKind.VERSION
    read_permission: ClassVar[Permission] = Permission.EVIDENCE_READ
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "item_id")
    handling = {
        **GivenRow.row_handling,
        "item": plain("joins"),
        "category": sealed("describes the weapon"),
        "model": sealed("describes the weapon"),
        "calibre": sealed("describes the weapon"),
        "markings": sealed("numbers and stamps"),
        "quantity": sealed("how many were seen"),
        "basis": sealed("on what the identification rests"),
        "users": sealed("who is known to use it, and who else"),
        "finding": sealed("what it tends to show"),
        "seen": sealed("where in the exhibit it is seen"),
        "references": sealed("what it was compared with"),
        "confidence": sealed("how sure that is"),
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
    seen = SealedText(null=True)
    references = SealedText(null=True)
    confidence = SealedText(null=True)


class PlaceAnalysis(OfItem):
    """Where something was made: a point, how exactly, and which features of both sides match."""

    table_kind: ClassVar[TableKind] = TableKind.VERSION
    read_permission: ClassVar[Permission] = Permission.EVIDENCE_READ
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "item_id")
    handling = {
        **GivenRow.row_handling,
        "item": plain("joins"),
        "place": sealed("tells where"),
        "point": sealed("latitude, longitude and how many metres it may be off"),
        "features": sealed("what is seen, and what the reference shows"),
        "references": sealed("maps and pictures that were compared"),
        "confidence": sealed("how sure that is"),
        "finding": sealed("what it tends to show"),
    }

    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, related_name="place_analyses")
    place = SealedText(null=True)
    point = SealedJSON()
    features = SealedJSON()
    references = SealedText(null=True)
    confidence = SealedText()
    finding = SealedText()


class TimeAnalysis(OfItem):
    """When something was made, as exactly as it can be said, and from what that was worked out."""

    table_kind: ClassVar[TableKind] = TableKind.VERSION
    read_permission: ClassVar[Permission] = Permission.EVIDENCE_READ
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "item_id")
    handling = {
        **GivenRow.row_handling,
        "item": plain("joins"),
        "found": sealed("the time, and how exactly it is known"),
        "bases": sealed("from what it was worked out"),
        "notes": sealed("how it was worked out"),
        "references": sealed("almanacs, weather records, other pictures"),
        "confidence": sealed("how sure that is"),
        "finding": sealed("what it tends to show"),
    }

    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, related_name="time_analyses")
    found = SealedJSON()
    bases = SealedJSON()
    notes = SealedText()
    references = SealedText(null=True)
    confidence = SealedText()
    finding = SealedText()
