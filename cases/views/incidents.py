"""Incidents, their places, and how they stand to each other."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases.actions.incidents import (
    change_incident,
    change_location,
    link_incidents,
    record_incident,
    record_location,
    retract_link,
)
from cases.forms.dates import DatedForm
from cases.forms.events import IncidentForm, IncidentLinkForm, LocationForm
from cases.models import Act, Case, Incident, IncidentLink, Location, Victim
from cases.policy import CaseRequest, case_view
from cases.views.common import (
    Line,
    attempting,
    find,
    form_page,
    opened_line,
    opened_lines,
    posted,
    seen,
    whole,
)
from cases.views.naming import chosen, incidents_of, places_of
from cases.vocabulary import ChainLink, Permission
from vault.vocabulary import Purpose

FIELDS = ("title", "dates", "description", "violation_status")


@require_safe
@case_view(Permission.INCIDENT_READ)
def incident_list(request: CaseRequest, case: Case) -> HttpResponse:
    """All incidents of the case, and its places."""
    rows = Incident.objects.visible_to(request.user).filter(case=case).order_by("created_at")
    places = Location.objects.visible_to(request.user).filter(case=case).order_by("created_at")
    context = {
        "case": case,
        "lines": opened_lines(rows, "title", "dates", "violation_status", request=request),
        "places": opened_lines(places, "name_en", "name_ar", "type", request=request),
        "may_write": Permission.INCIDENT_WRITE in request.powers,
    }
    return render(request, "cases/incident_list.html", context)


@require_safe
@case_view(Permission.INCIDENT_READ)
def incident_detail(request: CaseRequest, case: Case, incident: UUID) -> HttpResponse:
    """One incident with its acts, victims and links."""
    row = find(Incident.objects.select_related("parent"), request, case, incident)
    acts = Act.objects.visible_to(request.user).filter(incident=row).order_by("created_at")
    victims = Victim.objects.visible_to(request.user).filter(incident=row).order_by("created_at")
    may_write = Permission.INCIDENT_WRITE in request.powers
    context = {
        "case": case,
        "line": opened_line(row, *FIELDS, request=request),
        "place": _place(request, case, row),
        "acts": opened_lines(acts, "type", "dates", "method", request=request),
        "victims": opened_lines(victims, "known_as", "outcome", request=request),
        "links": _links(request, row),
        "link_form": _link_form(request, case, row) if may_write else None,
        "parent": seen(Incident.objects.all(), request, row.parent_id),
        "may_write": may_write,
    }
    return render(request, "cases/incident_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.INCIDENT_WRITE)
def incident_create(request: CaseRequest, case: Case) -> HttpResponse:
    """Record an incident."""
    form = _form(request, case, {})
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            row = record_incident(
                by=request.user,
                case=case,
                facts=form.facts(),
                location=chosen(Location.objects, request, case, form, "location"),
                parent=chosen(Incident.objects, request, case, form, "parent"),
            )
            messages.success(request, _("The incident was recorded."))
            return redirect("incident-detail", case=case.pk, incident=row.pk)
    return form_page(
        request,
        case,
        form,
        heading=_("Record an incident"),
        verb=_("Record the incident"),
        back=reverse("incident-list", args=[case.pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.INCIDENT_WRITE)
def incident_edit(request: CaseRequest, case: Case, incident: UUID) -> HttpResponse:
    """Correct an incident."""
    row = find(Incident.objects.all(), request, case, incident)
    whole(Incident.objects.all(), request, case, row, row.parent_id)
    line = opened_line(row, *FIELDS, request=request, why=Purpose.EDIT)
    form = _form(request, case, _initial(line))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            change_incident(
                by=request.user,
                incident=row,
                expected=form.read_revision(),
                facts=form.facts(),
                location=chosen(Location.objects, request, case, form, "location"),
                parent=chosen(Incident.objects, request, case, form, "parent"),
            )
            messages.success(request, _("The incident was changed."))
            return redirect("incident-detail", case=case.pk, incident=row.pk)
    return form_page(
        request,
        case,
        form,
        heading=_("Correct an incident"),
        verb=_("Save the change"),
        back=reverse("incident-detail", args=[case.pk, row.pk]),
    )


@require_http_methods(["POST"])
@case_view(Permission.INCIDENT_WRITE)
def incident_link(request: CaseRequest, case: Case, incident: UUID) -> HttpResponse:
    """Say how this incident stands to another."""
    row = find(Incident.objects.all(), request, case, incident)
    form = _link_form(request, case, row)
    if form.is_valid():
        other = chosen(Incident.objects, request, case, form, "second")
        if other is not None:
            link_incidents(
                by=request.user, first=row, second=other, kind=ChainLink(form.cleaned_data["kind"])
            )
            messages.success(request, _("The incidents are linked."))
    else:
        messages.error(request, _("Choose the other incident and how the two stand. Nothing was changed."))
    return redirect("incident-detail", case=case.pk, incident=row.pk)


@require_http_methods(["POST"])
@case_view(Permission.INCIDENT_WRITE)
def incident_unlink(request: CaseRequest, case: Case, link: UUID) -> HttpResponse:
    """Take a link back."""
    row = find(IncidentLink.objects.all(), request, case, link)
    retract_link(by=request.user, link=row)
    messages.success(request, _("The link was taken back."))
    return redirect("incident-detail", case=case.pk, incident=row.first_id)


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.INCIDENT_WRITE)
def location_create(request: CaseRequest, case: Case) -> HttpResponse:
    """Record a place."""
    form = LocationForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            record_location(by=request.user, case=case, facts=form.facts())
            messages.success(request, _("The place was recorded."))
            return redirect("incident-list", case=case.pk)
    return form_page(
        request,
        case,
        form,
        heading=_("Record a place"),
        verb=_("Record the place"),
        back=reverse("incident-list", args=[case.pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.INCIDENT_WRITE)
def location_edit(request: CaseRequest, case: Case, location: UUID) -> HttpResponse:
    """Correct a place."""
    row = find(Location.objects.all(), request, case, location)
    fields = ("name_en", "name_ar", "area", "pcode", "type", "point", "disclosed_level")
    opened = opened_line(row, *fields, request=request, why=Purpose.EDIT).opened
    point, area = opened.json("point"), opened.json("area")
    initial = {
        **{name: opened.text(name) for name in ("name_en", "name_ar", "pcode", "type", "disclosed_level")},
        **(point if isinstance(point, dict) else {}),
        "admin": "\n".join(area) if isinstance(area, list) else "",
        "revision": row.revision,
    }
    form = LocationForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            change_location(by=request.user, location=row, expected=form.read_revision(), facts=form.facts())
            messages.success(request, _("The place was changed."))
            return redirect("incident-list", case=case.pk)
    return form_page(
        request,
        case,
        form,
        heading=_("Correct a place"),
        verb=_("Save the change"),
        back=reverse("incident-list", args=[case.pk]),
    )


def _form(request: CaseRequest, case: Case, initial: dict[str, object]) -> IncidentForm:
    form = IncidentForm(posted(request), initial=initial)
    form.offer("location", places_of(request, case))
    form.offer("parent", incidents_of(request, case, apart_from=initial.get("pk")))
    return form


def _initial(line: Line[Incident]) -> dict[str, object]:
    row, opened = line.row, line.opened
    return {
        "pk": row.pk,
        "revision": row.revision,
        "title": opened.text("title"),
        "description": opened.text("description"),
        "violation_status": opened.text("violation_status"),
        "sensitivity": row.sensitivity,
        "location": row.location_id or "",
        "parent": row.parent_id or "",
        **DatedForm.initial_of(opened.json("dates")),
    }


def _place(request: CaseRequest, case: Case, row: Incident) -> Line[Location] | None:
    if row.location_id is None:
        return None
    place = find(Location.objects.all(), request, case, row.location_id)
    return opened_line(place, "name_en", "name_ar", "type", "point", request=request)


def _links(request: CaseRequest, row: Incident) -> list[tuple[Line[IncidentLink], Incident]]:
    links = IncidentLink.objects.visible_to(request.user).filter(first=row, retracted_at__isnull=True)
    return [
        (line, line.row.second)
        for line in opened_lines(links.select_related("second"), "kind", request=request)
    ]


def _link_form(request: CaseRequest, case: Case, row: Incident) -> IncidentLinkForm:
    form = IncidentLinkForm(posted(request))
    form.offer("second", incidents_of(request, case, apart_from=row.pk))
    return form
