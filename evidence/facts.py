"""What people enter about exhibits, as values: each action takes one, so that nothing travels loose."""

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from cases.facts import Dated
from cases.vocabulary import Precision, Sensitivity
from evidence.geometry import Outline
from evidence.models import FileObject
from evidence.vocabulary import (
    Answer,
    Confidence,
    CustodyKind,
    DepictedConsent,
    EvidenceRole,
    Finding,
    ItemType,
    Method,
    RedactionReason,
    RegionKind,
    TimeBasis,
    WeaponCategory,
)

# Between a frame and the event more may have happened than the event, beyond this many days.
FAR_FRAME_DAYS = 31
NOT_KNOWN = Dated()
LONGEST_TEXT = 20_000
CIRCUMSTANCES = ("place", "purpose", "condition", "seal_no")
_DAY = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFacts:
    """What an exhibit is said to be. Three dates are kept apart: made, published, obtained."""

    type: ItemType
    title: str
    description: str = ""
    author: str = ""
    provider: str = ""
    original_url: str = ""
    licence: str = ""
    restrictions: str = ""
    role: EvidenceRole = EvidenceRole.CRIME_BASE
    graphic: bool = False
    depicted: DepictedConsent = DepictedConsent.NOT_APPLICABLE
    recorded: Dated = NOT_KNOWN
    published: Dated = NOT_KNOWN
    obtained: Dated = NOT_KNOWN
    place: str = ""
    sensitivity: Sensitivity = Sensitivity.CONFIDENTIAL


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionFacts:
    """How something was collected online. Identity and network are the collector's cover, never their own."""

    url: str
    page_title: str = ""
    tool: str = ""
    tool_version: str = ""
    context: str = ""
    virtual_identity: str = ""
    network: str = ""
    collected: Dated
    collector: User | None = None
    screenshot: FileObject | None = None
    page: FileObject | None = None
    material: FileObject | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """When and where something was done with an exhibit or one file of it, what for, in which condition."""

    file: FileObject | None = None
    when: Dated = NOT_KNOWN
    place: str = ""
    purpose: str = ""
    condition: str = ""
    seal_no: str = ""

    def cells(self) -> dict[str, object]:
        """What is sealed of it."""
        texts = {name: getattr(self, name).strip() or None for name in CIRCUMSTANCES}
        return {**texts, "when": self.when.cell() if self.when.value else None}

    def fault(self) -> str:
        """The field that cannot be as it is; empty where all can."""
        if not self.when.is_sound():
            return "when"
        return next((name for name in CIRCUMSTANCES if len(getattr(self, name)) > LONGEST_TEXT), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyFacts(Circumstances):
    """What somebody did with an exhibit and writes down by hand."""

    event: CustodyKind


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverFacts(Circumstances):
    """To which member an exhibit is handed."""

    to: User


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideFacts(Circumstances):
    """To whom outside this system an exhibit was handed, and against which signed receipt."""

    outside: str
    reference: str = ""
    receipt: FileObject | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationFacts:
    """One method, what it found, and on what that rests."""

    method: Method
    finding: Finding
    notes: str
    references: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SatelliteFacts:
    """Two frames of one place and what changed between them. Both frames are files of the exhibit."""

    before: FileObject
    after: FileObject
    captured_before: Dated
    captured_after: Dated
    event: Dated = NOT_KNOWN
    provider: str
    scene_before: str = ""
    scene_after: str = ""
    place: str
    footprint: Outline | None = None
    resolution: str = ""
    licence: str = ""
    measured_area: str = ""
    outline: Outline | None = None
    finding: str

    def far_frames(self) -> tuple[str, ...]:
        """Which frames, `before` or `after`, lie more than 31 days from the event: a warning, no refusal."""
        return far_frames(self.captured_before, self.captured_after, self.event)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeaponFacts:
    """What a weapon or remnant is thought to be, from which marks, and how sure that is."""

    category: WeaponCategory
    model: str = ""
    calibre: str = ""
    markings: str = ""
    quantity: str = ""
    basis: str
    users: str = ""
    finding: str
    seen: str = ""
    references: str = ""
    confidence: Confidence = Confidence.OPEN


@dataclass(frozen=True, slots=True)
class Match:
    """One feature that is seen, and what the reference shows there."""

    seen: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFacts:
    """Where something was made. Degrees on WGS 84; `uncertainty` is how many metres the point may be off."""

    latitude: float
    longitude: float
    uncertainty: int
    features: tuple[Match, ...]
    confidence: Confidence
    finding: str
    place: str = ""
    references: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeFacts:
    """When something was made, and from what that was worked out."""

    found: Dated
    bases: tuple[TimeBasis, ...]
    notes: str
    confidence: Confidence
    finding: str
    references: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer to one question, and why."""

    answer: Answer
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionFacts:
    """One thing to take out. Places are percent of what is shown, times seconds from the beginning."""

    reason: RedactionReason
    kind: RegionKind = RegionKind.BOX
    left: float = 0.0
    top: float = 0.0
    width: float = 0.0
    height: float = 0.0
    page: int = 0
    start: float = 0.0
    end: float = 0.0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactionFacts:
    """Everything that is taken out of one file, and what the copy is for."""

    regions: tuple[RegionFacts, ...]
    note: str = ""


def far_frames(before: Dated, after: Dated, event: Dated) -> tuple[str, ...]:
    """Which of two frames lie more than 31 days from an event whose days are known; else nothing is said."""
    days = _days(event)
    if days is None:
        return ()
    first, last = days
    found = []
    for name, frame in (("before", _days(before)), ("after", _days(after))):
        if frame is None:
            continue
        gap = (first - frame[1]).days if name == "before" else (frame[0] - last).days
        if gap > FAR_FRAME_DAYS:
            found.append(name)
    return tuple(found)


def reversed_frames(before: Dated, after: Dated) -> bool:
    """Tell whether the frame before was surely taken after the other: as far as both dates are known."""
    earliest = "" if before.precision in {Precision.UNKNOWN, Precision.BEFORE} else before.value
    latest = "" if after.precision in {Precision.UNKNOWN, Precision.AFTER} else after.end or after.value
    known = min(len(earliest), len(latest))
    return earliest[:known] > latest[:known]


def _days(value: Dated) -> tuple[date, date] | None:
    """The first and last day of a date that is known to the day; None for what is known less exactly."""
    if value.precision in {Precision.UNKNOWN, Precision.BEFORE, Precision.AFTER} or len(value.value) < _DAY:
        return None
    end = value.end if value.precision == Precision.BETWEEN and len(value.end) >= _DAY else value.value
    return date.fromisoformat(value.value[:_DAY]), date.fromisoformat(end[:_DAY])
