"""The list of exhibits: one page of it, found by its keys, with what must be opened and no more."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode

from cases.models import Case
from cases.policy import CaseRequest
from cases.views.common import Line
from evidence.models import CustodyEvent, EvidenceItem, FileObject
from evidence.views.rows import opened
from evidence.vocabulary import DRAWN, FileState, ItemStatus, ItemType
from vault.vocabulary import Purpose

SIZE = 50
# The type is sealed: a choice of one type reads the types of so many exhibits at once.
STRIDE = 250
FROZEN = "frozen"


@dataclass(slots=True)
class Tally:
    """The files of one exhibit, as states, and who has it: empty for somebody outside."""

    files: int = 0
    unsettled: int = 0
    flagged: int = 0
    holder: str = ""


@dataclass(slots=True)
class Page:
    """One page of the list."""

    lines: list[tuple[Line[EvidenceItem], Tally]] = field(default_factory=list)
    state: str = ""
    type: str = ""
    older_url: str = ""
    newest_url: str = ""

    @property
    def is_filtered(self) -> bool:
        """Somebody chose: an empty page is no empty case then."""
        return bool(self.state or self.type or self.newest_url)


def page_of(request: CaseRequest, case: Case) -> Page:
    """Return the page that the address asks for; what it does not understand it leaves out."""
    state, kind = request.GET.get("state", ""), request.GET.get("type", "")
    page = Page(
        state=state if state in {*ItemStatus.values, FROZEN} else "",
        type=kind if kind in ItemType.values else "",
    )
    rows = EvidenceItem.objects.visible_to(request.user).filter(case=case).order_by("-created_at", "-id")
    if page.state == FROZEN:
        rows = rows.filter(frozen_at__isnull=False)
    elif page.state:
        rows = rows.filter(status=page.state)
    found = _found(rows, page.type, request)
    shown = found[:SIZE]
    lines = opened(shown, "type", "title", "traits", "recorded", request=request, why=Purpose.LIST)
    tallies = _tallies(shown, request)
    for entry in CustodyEvent.holding(row.pk for row in shown):
        tallies.setdefault(entry.item_id, Tally()).holder = entry.holder_code
    page.lines = [(line, tallies.get(line.row.pk, Tally())) for line in lines]
    if len(found) > SIZE:
        page.older_url = _address(case, page, shown[-1])
    if "before" in request.GET:
        page.newest_url = _address(case, page)
    return page


def _found(rows: "QuerySet[EvidenceItem]", kind: str, request: CaseRequest) -> list[EvidenceItem]:
    """One row more than a page, behind the place that the address names."""
    place = _place(request)
    if not kind:
        return list(_behind(rows, place)[: SIZE + 1])
    found: list[EvidenceItem] = []
    for stride in _strides(rows, place):
        lines = opened(stride, "type", request=request, why=Purpose.LIST)
        found += [line.row for line in lines if line.opened.text("type") == kind]
        if len(found) > SIZE:
            break
    return found[: SIZE + 1]


def _strides(
    rows: "QuerySet[EvidenceItem]", place: tuple[datetime, UUID] | None
) -> Iterator[list[EvidenceItem]]:
    while stride := list(_behind(rows, place)[:STRIDE]):
        yield stride
        place = (stride[-1].created_at, stride[-1].pk)


def _behind(rows: "QuerySet[EvidenceItem]", place: tuple[datetime, UUID] | None) -> "QuerySet[EvidenceItem]":
    if place is None:
        return rows
    at, pk = place
    return rows.filter(Q(created_at__lt=at) | Q(created_at=at, pk__lt=pk))


def _place(request: CaseRequest) -> tuple[datetime, UUID] | None:
    """The last row of the page before, as the address names it; nonsense is the first page."""
    try:
        at = parse_datetime(request.GET.get("before", ""))
        row = UUID(request.GET.get("row", ""))
    except ValueError:
        return None
    return (at, row) if at is not None and at.tzinfo is not None else None


def _tallies(rows: list[EvidenceItem], request: CaseRequest) -> dict[UUID, Tally]:
    files = FileObject.objects.visible_to(request.user).filter(item__in=[row.pk for row in rows])
    files = files.exclude(copy_kind__in=DRAWN)
    found: dict[UUID, Tally] = {}
    for item, state in files.values_list("item_id", "check_state"):
        tally = found.setdefault(item, Tally())
        tally.files += 1
        tally.flagged += state == FileState.FLAGGED
        tally.unsettled += state not in {FileState.FLAGGED, FileState.CHECKED}
    return found


def _address(case: Case, page: Page, last: EvidenceItem | None = None) -> str:
    query = {"state": page.state, "type": page.type}
    if last is not None:
        query |= {"before": last.created_at.isoformat(), "row": str(last.pk)}
    told = urlencode({name: value for name, value in query.items() if value})
    return reverse("exhibit-list", args=[case.pk]) + (f"?{told}" if told else "")
