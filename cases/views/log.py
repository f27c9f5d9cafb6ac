"""The log of a case: who did, and saw, what. It holds codes, ids and states, and no content."""

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from audit.believing import is_ours
from audit.models import Event
from audit.vocabulary import Kind
from cases.models import Case, Membership
from cases.policy import CaseRequest, case_view
from cases.views.saving import desk_of
from cases.vocabulary import Permission

SIZE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.LOG_READ)
def case_log(request: CaseRequest, case: Case) -> HttpResponse:
    """One page of the log, newest first; filters and place are in the address."""
    kind, actor = request.GET.get("kind", ""), request.GET.get("actor", "").strip().upper()
    desk = desk_of(request, case, "case-log", Permission.LOG_READ, kind=list(Kind), actor=_members(case))
    if desk.answer:
        return desk.answer
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
        "foreign": {one.pk for one in shown if not is_ours(one)},
        "kinds": sorted(Kind),
        "kind": kind,
        "actor": actor,
        "desk": desk,
        "older_url": _older(case, shown[-1], kind, actor) if len(page) > SIZE else "",
        "newest_url": reverse("case-log", kwargs={"case": case.pk}) if "before" in request.GET else "",
    }
    return render(request, "cases/case_log.html", context, status=desk.status)


def _members(case: Case) -> list[str]:
    """The codes of who is or was in the case: of all that can be typed, only these are kept in a view."""
    rows = Membership.objects.filter(case=case).order_by("user__staff_code")
    return list(rows.values_list("user__staff_code", flat=True).distinct())


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
