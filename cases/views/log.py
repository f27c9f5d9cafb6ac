"""The log of a case: who did, and saw, what. It holds codes, ids and states, and no content."""

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from audit.models import Event
from audit.vocabulary import Kind
from cases.models import Case
from cases.policy import CaseRequest, case_view
from cases.vocabulary import Permission

SIZE = 50


@require_safe
@case_view(Permission.LOG_READ)
def case_log(request: CaseRequest, case: Case) -> HttpResponse:
    """One page of the log, newest first; filters and place are in the address."""
    kind, actor = request.GET.get("kind", ""), request.GET.get("actor", "").strip().upper()
    rows = Event.objects.of_scope(case.pk)
    if kind in list(Kind):
        rows = rows.of_kinds([Kind(kind)])
    if actor:
        rows = rows.of_actor(actor)
    page = rows.page(after=_place(request), size=SIZE + 1)
    shown = page[:SIZE]
    context = {
        "case": case,
        "events": shown,
        "kinds": sorted(Kind),
        "kind": kind,
        "actor": actor,
        "older_url": _older(case, shown[-1], kind, actor) if len(page) > SIZE else "",
        "newest_url": reverse("case-log", kwargs={"case": case.pk}) if "before" in request.GET else "",
    }
    return render(request, "cases/case_log.html", context)


def _place(request: CaseRequest) -> tuple[datetime, UUID] | None:
    """The last row of the page before, as the address names it; nonsense is the first page."""
    try:
        at = parse_datetime(request.GET.get("before", ""))
        row = UUID(request.GET.get("row", ""))
    except ValueError:
        return None
    return (at, row) if at is not None and at.tzinfo is not None else None


def _older(case: Case, last: Event, kind: str, actor: str) -> str:
    place = {"before": last.at.isoformat(), "row": str(last.pk), "kind": kind, "actor": actor}
    query = urlencode({name: value for name, value in place.items() if value})
    return f"{reverse('case-log', kwargs={'case': case.pk})}?{query}"
