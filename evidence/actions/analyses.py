"""What analysts work out of an exhibit: two frames, a weapon, the place, the time.

Promise: an analysis says what it rests on and how sure it is, is never changed, and is an entry of custody; a
later one stands beside it. It decides nothing: what it carries is recorded as the finding of a method, and
that counts once a second person has confirmed it. Called by the pages of analyses and the demonstration.
"""

import math

from accounts.models import User
from audit.vocabulary import Kind
from cases.facts import Dated
from evidence.actions.custody import append_custody, own_file, subject
from evidence.actions.verification import LONGEST_TEXT, complete, usable
from evidence.errors import AnalysisIncomplete, FramesReversed, FramesSame
from evidence.facts import PlaceFacts, SatelliteFacts, TimeFacts, WeaponFacts, reversed_frames
from evidence.geometry import MOST_LATITUDE, MOST_LONGITUDE
from evidence.models import (
    EvidenceItem,
    FileObject,
    PlaceAnalysis,
    SatelliteAnalysis,
    TimeAnalysis,
    WeaponAnalysis,
)
from evidence.vocabulary import CustodyKind, FileFlag

MOST_FEATURES = 40
FARTHEST_OFF = 100_000  # metres: whoever knows a place less exactly than that has not found it


def analyse_satellite(*, by: User, item: EvidenceItem, facts: SatelliteFacts) -> SatelliteAnalysis:
    """Record what two frames show. `facts.far_frames()` says which frame lies far from the event."""
    row = usable(item, by)
    before, after = (_frame(row, frame) for frame in (facts.before, facts.after))
    dates = (facts.captured_before, facts.captured_after, facts.event)
    if bytes(before.content_index) == bytes(after.content_index):
        raise FramesSame(subject=subject(row), scope=row.case_id)
    if not all(date.is_sound() for date in dates) or not _are_known(*dates[:2]):
        raise AnalysisIncomplete(subject=subject(row), scope=row.case_id, field="captured")
    if reversed_frames(facts.captured_before, facts.captured_after):
        raise FramesReversed(subject=subject(row), scope=row.case_id)
    cells: dict[str, object] = {
        "provider": facts.provider.strip(),
        "scenes": {"before": facts.scene_before.strip(), "after": facts.scene_after.strip()},
        "captured": {
            "before": facts.captured_before.cell(),
            "after": facts.captured_after.cell(),
            "event": facts.event.cell(),
            "far": list(facts.far_frames()),
        },
        "place": facts.place.strip(),
        "footprint": facts.footprint.geojson() if facts.footprint is not None else None,
        "resolution": facts.resolution.strip() or None,
        "licence": facts.licence.strip() or None,
        "measured_area": facts.measured_area.strip() or None,
        "outline": facts.outline.geojson() if facts.outline is not None else None,
        "finding": facts.finding.strip(),
    }
    complete(row, cells, "provider", "place", "finding")
    analysis = SatelliteAnalysis(case_id=row.case_id, item=row, before=before, after=after, created_by=by)
    analysis.seal(**cells)
    analysis.save(force_insert=True)
    append_custody(row, CustodyKind.EXAMINED, by=by, kind=Kind.SATELLITE_ANALYSED, rows=[analysis])
    return analysis


def analyse_weapon(*, by: User, item: EvidenceItem, facts: WeaponFacts) -> WeaponAnalysis:
    """Record what a weapon or remnant is thought to be, and from which marks."""
    row = usable(item, by)
    names = ("model", "calibre", "markings", "quantity", "users", "seen", "references")
    optional = {name: getattr(facts, name) for name in names}
    cells: dict[str, object] = {name: value.strip() or None for name, value in optional.items()}
    cells |= {
        "category": facts.category.value,
        "basis": facts.basis.strip(),
        "finding": facts.finding.strip(),
        "confidence": facts.confidence.value,
    }
    complete(row, cells, "basis", "finding")
    analysis = WeaponAnalysis(case_id=row.case_id, item=row, created_by=by)
    analysis.seal(**cells)
    analysis.save(force_insert=True)
    append_custody(row, CustodyKind.EXAMINED, by=by, kind=Kind.WEAPON_ANALYSED, rows=[analysis])
    return analysis


def analyse_place(*, by: User, item: EvidenceItem, facts: PlaceFacts) -> PlaceAnalysis:
    """Record where something was made. Raises `AnalysisIncomplete` for a point that is not on the earth."""
    row = usable(item, by)
    on_earth = abs(facts.latitude) <= MOST_LATITUDE and abs(facts.longitude) <= MOST_LONGITUDE
    if not (math.isfinite(facts.latitude) and math.isfinite(facts.longitude) and on_earth):
        raise AnalysisIncomplete(subject=subject(row), scope=row.case_id, field="latitude")
    if not 1 <= facts.uncertainty <= FARTHEST_OFF:
        raise AnalysisIncomplete(subject=subject(row), scope=row.case_id, field="uncertainty")
    features = [{"seen": one.seen.strip(), "reference": one.reference.strip()} for one in facts.features]
    if not 1 <= len(features) <= MOST_FEATURES or not all(
        0 < len(v) <= LONGEST_TEXT for one in features for v in one.values()
    ):
        raise AnalysisIncomplete(subject=subject(row), scope=row.case_id, field="features")
    cells: dict[str, object] = {
        "place": facts.place.strip() or None,
        "point": {
            "latitude": f"{facts.latitude:.6f}",
            "longitude": f"{facts.longitude:.6f}",
            "uncertainty": facts.uncertainty,
        },
        "features": features,
        "references": facts.references.strip() or None,
        "confidence": facts.confidence.value,
        "finding": facts.finding.strip(),
    }
    complete(row, cells, "finding")
    analysis = PlaceAnalysis(case_id=row.case_id, item=row, created_by=by)
    analysis.seal(**cells)
    analysis.save(force_insert=True)
    append_custody(row, CustodyKind.EXAMINED, by=by, kind=Kind.PLACE_ANALYSED, rows=[analysis])
    return analysis


def analyse_time(*, by: User, item: EvidenceItem, facts: TimeFacts) -> TimeAnalysis:
    """Record when something was made, with its precision and from what that was worked out."""
    row = usable(item, by)
    if not facts.found.is_sound() or not facts.found.value:
        raise AnalysisIncomplete(subject=subject(row), scope=row.case_id, field="found")
    cells: dict[str, object] = {
        "found": facts.found.cell(),
        "bases": sorted({basis.value for basis in facts.bases}),
        "notes": facts.notes.strip(),
        "references": facts.references.strip() or None,
        "confidence": facts.confidence.value,
        "finding": facts.finding.strip(),
    }
    complete(row, cells, "bases", "notes", "finding")
    analysis = TimeAnalysis(case_id=row.case_id, item=row, created_by=by)
    analysis.seal(**cells)
    analysis.save(force_insert=True)
    append_custody(row, CustodyKind.EXAMINED, by=by, kind=Kind.TIME_ANALYSED, rows=[analysis])
    return analysis


def _frame(row: EvidenceItem, file: FileObject) -> FileObject:
    """One file of the exhibit whose bytes are there: an exhibit with a lost one need not be frozen."""
    found = own_file(row, file.pk)
    if found.flag == FileFlag.DAMAGED:
        raise AnalysisIncomplete(subject=subject(row), scope=row.case_id, field="frames")
    return found


def _are_known(*dates: Dated) -> bool:
    return all(date.value for date in dates)
