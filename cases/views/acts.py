"""Acts, and what is reported of an actor's part in them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases.actions.acts import change_act, record_act, record_involvement, retract_involvement
from cases.forms.dates import DatedForm
from cases.forms.events import ActForm, InvolvementForm
from cases.models import Act, Actor, ActVictim, Case, Incident, Involvement, Location, Victim
from cases.policy import CaseRequest, case_view
from cases.views.common import Line, attempting, find, form_page, opened_line, opened_lines, posted
from cases.views.naming import actors_of, chosen, places_of, victims_of
from cases.vocabulary import Permission
from vault.vocabulary import Purpose

FIELDS = ("type", "method", "stated_reason", "dates", "attribution", "description")


@require_safe
@case_view(Permission.INCIDENT_READ)
def act_detail(request: CaseRequest, case: Case, act: UUID) -> HttpResponse:
    """One act: to whom, how, words spoken, and what is reported of actors."""
    row = find(Act.objects.select_related("incident", "location"), request, case, act)
    victims = Victim.objects.visible_to(request.user).filter(
        act_links__act=row, act_links__retracted_at__isnull=True
    )
    reports = Involvement.objects.visible_to(request.user).filter(act=row, retracted_at__isnull=True)
    context = {
        "case": case,
        "line": opened_line(row, *FIELDS, request=request),
        "incident": opened_line(row.incident, "title", request=request),
        "place": opened_line(row.location, "name_en", "name_ar", request=request) if row.location else None,
        "victims": opened_lines(victims, "known_as", request=request),
        "reports": opened_lines(reports.select_related("actor"), "degree", "status", "note", request=request),
        "may_write": Permission.INCIDENT_WRITE in request.powers,
    }
    return render(request, "cases/act_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.INCIDENT_WRITE)
def act_create(request: CaseRequest, case: Case, incident: UUID) -> HttpResponse:
    """Record an act within an incident."""
    row = find(Incident.objects.select_related("case"), request, case, incident)
    form = _form(request, case, {"location": row.location_id or ""})
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            act = record_act(
                by=request.user,
                incident=row,
                facts=form.facts(),
                victims=_victims(request, case, form),
                location=chosen(Location.objects, request, case, form, "location"),
            )
            messages.success(request, _("The act was recorded."))
            return redirect("act-detail", case=case.pk, act=act.pk)
    return form_page(
        request,
        case,
        form,
        heading=_("Record an act"),
        verb=_("Record the act"),
        back=reverse("incident-detail", args=[case.pk, row.pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.INCIDENT_WRITE)
def act_edit(request: CaseRequest, case: Case, act: UUID) -> HttpResponse:
    """Correct an act."""
    row = find(Act.objects.all(), request, case, act)
    line = opened_line(row, *FIELDS, request=request, why=Purpose.EDIT)
    form = _form(request, case, _initial(line))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            change_act(
                by=request.user,
                act=row,
                expected=form.read_revision(),
                facts=form.facts(),
                victims=_victims(request, case, form),
                location=chosen(Location.objects, request, case, form, "location"),
            )
            messages.success(request, _("The act was changed."))
            return redirect("act-detail", case=case.pk, act=row.pk)
    return form_page(
        request,
        case,
        form,
        heading=_("Correct an act"),
        verb=_("Save the change"),
        back=reverse("act-detail", args=[case.pk, row.pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.INCIDENT_WRITE)
def involvement_create(request: CaseRequest, case: Case, act: UUID) -> HttpResponse:
    """Record what is reported of an actor's part."""
    row = find(Act.objects.select_related("case"), request, case, act)
    form = InvolvementForm(posted(request))
    form.offer("actor", actors_of(request, case))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            actor = chosen(Actor.objects, request, case, form, "actor")
            if actor is not None:
                record_involvement(by=request.user, act=row, actor=actor, facts=form.facts())
                messages.success(request, _("The report was recorded."))
            return redirect("act-detail", case=case.pk, act=row.pk)
    return form_page(
        request,
        case,
        form,
        heading=_("Record what is reported of an actor"),
        verb=_("Record the report"),
        back=reverse("act-detail", args=[case.pk, row.pk]),
    )


@require_http_methods(["POST"])
@case_view(Permission.INCIDENT_WRITE)
def involvement_retract(request: CaseRequest, case: Case, involvement: UUID) -> HttpResponse:
    """Take a report back; all it said stays."""
    row = find(Involvement.objects.all(), request, case, involvement)
    retract_involvement(by=request.user, involvement=row)
    messages.success(request, _("The report was taken back. What it said is kept."))
    return redirect("act-detail", case=case.pk, act=row.act_id)


def _form(request: CaseRequest, case: Case, initial: dict[str, object]) -> ActForm:
    form = ActForm(posted(request), initial=initial)
    form.offer("location", places_of(request, case))
    form.offer("victims", victims_of(request, case))
    return form


def _victims(request: CaseRequest, case: Case, form: ActForm) -> tuple[Victim, ...]:
    return tuple(find(Victim.objects.all(), request, case, UUID(pk)) for pk in form.cleaned_data["victims"])


def _initial(line: Line[Act]) -> dict[str, object]:
    row, opened = line.row, line.opened
    spoken = opened.json("stated_reason")
    said = spoken if isinstance(spoken, dict) else {}
    held = ActVictim.objects.filter(act=row, retracted_at__isnull=True)
    return {
        **{name: opened.text(name) for name in ("type", "method", "attribution", "description")},
        "reason_words": said.get("words", ""),
        "reason_by": said.get("spoken_by", ""),
        "reason_language": said.get("language", ""),
        "location": row.location_id or "",
        "victims": [str(pk) for pk in held.values_list("victim_id", flat=True)],
        "revision": row.revision,
        **DatedForm.initial_of(opened.json("dates")),
    }
