"""The nouns of this room. What describes an exhibit is sealed; states and sealed digests are plain."""

from evidence.models.analyses import PlaceAnalysis, SatelliteAnalysis, TimeAnalysis, WeaponAnalysis
from evidence.models.annotation import Annotation
from evidence.models.collection import CollectionRecord
from evidence.models.custody import CustodyEvent
from evidence.models.file import FileObject, MediaRecord
from evidence.models.handover import HandOver
from evidence.models.integrity import IntegrityChunk, IntegrityFinding, IntegritySchedule
from evidence.models.item import EvidenceItem
from evidence.models.redaction import Redaction, RedactionJob, RedactionSet
from evidence.models.upload import Upload
from evidence.models.verification import Checklist, Decision, Verification
from evidence.models.work import FixityCheck, IngestJob, IntegrityRun

__all__ = [
    "Annotation",
    "Checklist",
    "CollectionRecord",
    "CustodyEvent",
    "Decision",
    "EvidenceItem",
    "FileObject",
    "FixityCheck",
    "HandOver",
    "IngestJob",
    "IntegrityChunk",
    "IntegrityFinding",
    "IntegrityRun",
    "IntegritySchedule",
    "MediaRecord",
    "PlaceAnalysis",
    "Redaction",
    "RedactionJob",
    "RedactionSet",
    "SatelliteAnalysis",
    "TimeAnalysis",
    "Upload",
    "Verification",
    "WeaponAnalysis",
]
