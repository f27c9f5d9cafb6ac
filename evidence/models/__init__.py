"""The nouns of this room. What describes an exhibit is sealed; states and sealed digests are plain."""

from evidence.models.custody import CustodyEvent
from evidence.models.file import CollectionRecord, FileObject, MediaRecord
from evidence.models.item import EvidenceItem
from evidence.models.redaction import Redaction, RedactionJob, RedactionSet
from evidence.models.upload import Upload
from evidence.models.verification import Decision, SatelliteAnalysis, Verification, WeaponAnalysis
from evidence.models.work import FixityCheck, IngestJob, IntegrityRun

__all__ = [
    "CollectionRecord",
    "CustodyEvent",
    "Decision",
    "EvidenceItem",
    "FileObject",
    "FixityCheck",
    "IngestJob",
    "IntegrityRun",
    "MediaRecord",
    "Redaction",
    "RedactionJob",
    "RedactionSet",
    "SatelliteAnalysis",
    "Upload",
    "Verification",
    "WeaponAnalysis",
]
