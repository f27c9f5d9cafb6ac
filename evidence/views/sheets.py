"""The record page of an exhibit, gathered: files, custody, verification, analyses, in a fixed number of
queries, whatever there is.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Max
from django.utils.functional import Promise

from accounts.vocabulary import OwedState
from cases.policy import CaseRequest
from cases.views.common import Line
from evidence.actions.verification import counts_from
from evidence.decoding.kinds import REDACTABLE, Family, known
from evidence.geometry import Outline, kept_outline
from evidence.models import (
    CollectionRecord,
    CustodyEvent,
    Decision,
    EvidenceItem,
    FileObject,
    FixityCheck,
    MediaRecord,
    PlaceAnalysis,
    SatelliteAnalysis,
    TimeAnalysis,
    Verification,
    WeaponAnalysis,
)
from evidence.scanning import SILENT
from evidence.views.notes import ShownNote, notes_of
from evidence.views.readout import Group, Told, everything, read_out, remarks
from evidence.views.rows import opened, told_links
from evidence.vocabulary import (
    CONTRARY,
    DRAWN,
    FAMILY_OF,
    SUPPORTING,
    CopyKind,
    CustodyKind,
    FileFlag,
    FileState,
    Finding,
    Method,
    MethodFamily,
)
from vault.opening import Opened
from vault.vocabulary import Purpose

NEWEST_CUSTODY = 5
MOST_LOOKERS = 6
COLLECTED = (
    "url",
    "page_title",
    "tool",
    "tool_version",
    "context",
    "virtual_identity",
    "network",
    "collected",
)
FRAMES = (
    "provider",
    "scenes",
    "captured",
    "place",
    "footprint",
    "resolution",
    "licence",
    "measured_area",
    "outline",
    "finding",
)
WEAPON = (
    "category",
    "model",
    "calibre",
    "markings",
    "quantity",
    "seen",
    "basis",
    "references",
    "confidence",
    "users",
    "finding",
)
PLACE = ("place", "point", "features", "references", "confidence", "finding")
TIME = ("found", "bases", "notes", "references", "confidence", "finding")


@dataclass(frozen=True, slots=True)
class ShownFile:
    """One file as the page shows it: covered picture, clip, sound, or a thing to fetch."""

    line: Line[FileObject]
    mime: str
    family: Family
    is_playable: bool
    drawn: set[str]
    read_out: list[Told]
    remarks: list[str]
    everything: list[Group]
    has_failed: bool
    is_linked: bool
    notes: list[ShownNote]

    @property
    def is_redactable(self) -> bool:
        """It was received, checked, and is of a kind that is made anew from what is seen and heard."""
        is_source = self.line.row.copy_kind == CopyKind.EVIDENTIARY
        return is_source and self.line.row.check_state == FileState.CHECKED and self.family in REDACTABLE

    @property
    def is_damaged(self) -> bool:
        """Its bytes are not those that arrived: nobody is shown anything else in their place."""
        return self.line.row.flag == FileFlag.DAMAGED

    @property
    def waits_for_scanner(self) -> bool:
        """Nothing looks into it before the scanner has answered."""
        job = getattr(self.line.row, "job", None)
        return job is not None and job.state == OwedState.OWED and job.reason == SILENT

    @property
    def has_preview(self) -> bool:
        return CopyKind.THUMBNAIL in self.drawn

    @property
    def has_overview(self) -> bool:
        return CopyKind.OVERVIEW in self.drawn


@dataclass(frozen=True, slots=True)
class Compared:
    """One analysis of two frames, and whether both can be shown."""

    row: SatelliteAnalysis
    opened: Opened
    has_previews: bool

    @property
    def footprint(self) -> Outline | None:
        """The corners of the frames; None where none were typed, or in words alone."""
        return kept_outline(self.opened.text("footprint"))

    @property
    def outline(self) -> Outline | None:
        """The edge of what was measured."""
        return kept_outline(self.opened.text("outline"))


@dataclass(frozen=True, slots=True)
class Collected:
    """How something was collected online: what stands, what was kept, and what was said before."""

    line: Line[CollectionRecord]
    kept: list[tuple[UUID, str | Promise]]
    earlier: list[Line[CollectionRecord]]


@dataclass(slots=True)
class Weighing:
    """What the findings add up to, before anybody decides."""

    lines: list[Line[Verification]] = field(default_factory=list)
    methods: set[Method] = field(default_factory=set)
    families: set[MethodFamily] = field(default_factory=set)
    contrary: int = 0
    unconfirmed: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Looker:
    """Who looked at the exhibit, how often, and when last."""

    code: str
    times: int
    last: datetime


@dataclass(frozen=True, slots=True)
class Custody:
    """The end of the chain, and who looked."""

    newest: list[CustodyEvent]
    count: int
    lookers: list[Looker]


def files_of(request: CaseRequest, item: EvidenceItem) -> list[ShownFile]:
    """Open what the page says of each file; previews are shown with their originals."""
    rows = FileObject.objects.visible_to(request.user).filter(item=item)
    rows = rows.exclude(copy_kind__in=DRAWN)
    rows = rows.select_related("created_by", "job", "set_aside_by").order_by("created_at", "id")
    lines = opened(rows, "filename", "sha256", "blake3", "length", "set_aside_reason", request=request)
    drawn = _drawn(item)
    records = MediaRecord.newest_of(line.row.pk for line in lines)
    told = {
        line.row.file_id: line.opened.json("metadata")
        for line in opened(records, "metadata", request=request)
    }
    tied = told_links(request, [line.row for line in lines])
    notes = notes_of(request, item)
    return [
        _file(
            line,
            told.get(line.row.pk),
            drawn=drawn.get(line.row.pk, set()),
            is_linked=line.row.pk in tied,
            notes=notes.get(line.row.pk, []),
        )
        for line in lines
    ]


def _file(
    line: Line[FileObject], told: object, *, drawn: set[str], is_linked: bool, notes: list[ShownNote]
) -> ShownFile:
    facts = told if isinstance(told, dict) else {}
    mime = str(facts.get("mime") or "")
    kind = known(mime)
    job = getattr(line.row, "job", None)
    return ShownFile(
        line=line,
        mime=mime,
        family=kind.family,
        is_playable=kind.is_shown and not line.row.flag,
        drawn=drawn,
        read_out=read_out(facts, line.row.created_at),
        remarks=remarks(facts),
        everything=everything(facts),
        is_linked=is_linked,
        notes=notes,
        has_failed=job is not None and job.state == OwedState.FAILED and not line.row.is_settled,
    )


def weighing_of(request: CaseRequest, item: EvidenceItem) -> Weighing:
    """Open every finding and count what would carry a decision."""
    rows = Verification.objects.visible_to(request.user).filter(item=item)
    rows = rows.select_related("created_by", "reviewed_by")
    found = Weighing(
        lines=opened(rows.order_by("created_at"), "finding", "notes", "references", request=request),
        since=counts_from(item),
    )
    for line in found.lines:
        finding = Finding(line.opened.text("finding"))
        found.contrary += finding in CONTRARY
        found.unconfirmed += line.row.reviewed_by_id is None
        counts = found.since is None or line.row.created_at > found.since
        if counts and finding in SUPPORTING and line.row.reviewed_by_id is not None:
            method = Method(line.row.method)
            found.methods.add(method)
            found.families.add(FAMILY_OF[method])
    return found


def custody_of(request: CaseRequest, item: EvidenceItem) -> Custody:
    """Return the newest entries, how many there are, and who looked. Nothing is opened."""
    chain = CustodyEvent.objects.visible_to(request.user).filter(item=item)
    newest = list(chain.order_by("-seq").select_related("file")[:NEWEST_CUSTODY])
    looks = chain.filter(event=CustodyKind.ACCESSED).values_list("by_code", "created_at")
    times: Counter[str] = Counter()
    last: dict[str, datetime] = {}
    for code, at in looks.order_by("seq"):
        times[code] += 1
        last[code] = at
    lookers = sorted((Looker(code, times[code], last[code]) for code in times), key=lambda one: one.last)
    count = chain.aggregate(last=Max("seq"))["last"] or 0
    return Custody(newest, count, lookers[::-1][:MOST_LOOKERS])


def analyses_of(request: CaseRequest, item: EvidenceItem) -> dict[str, object]:
    """Open analyses of frames and weapons, decisions and records of collection."""
    weapons, places, times, decisions = (
        kind.objects.visible_to(request.user).filter(item=item).select_related("created_by")
        for kind in (WeaponAnalysis, PlaceAnalysis, TimeAnalysis, Decision)
    )
    return {
        "frames": _frames_of(request, item),
        "places": opened(places.order_by("created_at"), *PLACE, request=request),
        "times": opened(times.order_by("created_at"), *TIME, request=request),
        "weapons": opened(weapons.order_by("created_at"), *WEAPON, request=request),
        "decisions": opened(decisions.order_by("-created_at"), "reason", request=request, why=Purpose.REVIEW),
        "collections": _collections_of(request, item),
    }


def _collections_of(request: CaseRequest, item: EvidenceItem) -> list[Collected]:
    """Of each collection the version that stands, with those that it follows, newest first."""
    rows = CollectionRecord.objects.visible_to(request.user).filter(item=item)
    rows = rows.select_related("created_by", "collector").order_by("created_at", "id")
    lines = {line.row.pk: line for line in opened(rows, *COLLECTED, request=request)}
    followed = {line.row.supersedes_id for line in lines.values()}
    return [
        Collected(line, list(line.row.kept()), _earlier(line, lines))
        for line in lines.values()
        if line.row.pk not in followed
    ]


def _earlier(
    line: Line[CollectionRecord], lines: dict[UUID, Line[CollectionRecord]]
) -> list[Line[CollectionRecord]]:
    found: list[Line[CollectionRecord]] = []
    while line.row.supersedes_id is not None and line.row.supersedes_id in lines:
        line = lines[line.row.supersedes_id]
        found.append(line)
    return found


def _frames_of(request: CaseRequest, item: EvidenceItem) -> list[Compared]:
    rows = SatelliteAnalysis.objects.visible_to(request.user).filter(item=item)
    rows = rows.select_related("created_by").order_by("created_at")
    lines = opened(rows, *FRAMES, request=request)
    shown = {file for file, kinds in _drawn(item).items() if CopyKind.THUMBNAIL in kinds}
    return [
        Compared(line.row, line.opened, {line.row.before_id, line.row.after_id} <= shown) for line in lines
    ]


def _drawn(item: EvidenceItem) -> dict[UUID, set[str]]:
    """What may be shown of which file: neither what was drawn nor its original is damaged."""
    drawn = FileObject.objects.filter(item=item, copy_kind__in=DRAWN, derived_from__isnull=False)
    sound = drawn.exclude(flag=FileFlag.DAMAGED).exclude(derived_from__flag=FileFlag.DAMAGED)
    found: dict[UUID, set[str]] = {}
    for original, kind in sound.values_list("derived_from_id", "copy_kind"):
        if original is not None:
            found.setdefault(original, set()).add(kind)
    return found


def alerts_of(request: CaseRequest, item: EvidenceItem) -> list[FixityCheck]:
    """Alerts of the exhibit that nobody has answered."""
    return list(
        FixityCheck.objects.visible_to(request.user)
        .filter(file__item=item, closed_at__isnull=True)
        .select_related("file")
        .order_by("created_at")
    )
