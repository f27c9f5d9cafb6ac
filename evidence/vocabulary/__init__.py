"""The words of this room: types and states of exhibits, custody, integrity, verification."""

from evidence.vocabulary.annotations import Motivation
from evidence.vocabulary.custody import BY_HAND, CustodyKind, FixityResult, FrozenReason
from evidence.vocabulary.items import (
    DECIDED,
    DRAWN,
    ITEM_STEPS,
    MAY_HAVE_NO_FILE,
    CopyKind,
    DepictedConsent,
    EvidenceRole,
    FileFlag,
    FileState,
    ItemStatus,
    ItemType,
)
from evidence.vocabulary.questions import QUESTIONS, Question, questions_of
from evidence.vocabulary.redaction import BurnFault, RedactionReason, RedactionState, RegionKind
from evidence.vocabulary.verification import (
    CONTRARY,
    FAMILY_OF,
    SUPPORTING,
    Answer,
    Confidence,
    Finding,
    Method,
    MethodFamily,
    TimeBasis,
    WeaponCategory,
)

__all__ = [
    "BY_HAND",
    "CONTRARY",
    "DECIDED",
    "DRAWN",
    "FAMILY_OF",
    "ITEM_STEPS",
    "MAY_HAVE_NO_FILE",
    "QUESTIONS",
    "SUPPORTING",
    "Answer",
    "BurnFault",
    "Confidence",
    "CopyKind",
    "CustodyKind",
    "DepictedConsent",
    "EvidenceRole",
    "FileFlag",
    "FileState",
    "Finding",
    "FixityResult",
    "FrozenReason",
    "ItemStatus",
    "ItemType",
    "Method",
    "MethodFamily",
    "Motivation",
    "Question",
    "RedactionReason",
    "RedactionState",
    "RegionKind",
    "TimeBasis",
    "WeaponCategory",
    "questions_of",
]
