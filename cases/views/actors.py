"""Actors: who is said to have taken part."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases.actions.acts import change_actor, record_actor
from cases.forms.people import ActorForm
from cases.models import Actor, Case, Involvement
from cases.policy import CaseRequest, case_view
from cases.views.common import Line, attempting, find, form_page, opened_line, opened_lines, posted
from cases.views.naming import actors_of, chosen
from cases.vocabulary import Permission
from vault.vocabulary import Purpose

FIELDS = (
    "kind",
    "name",
    "aliases",
    "side",
    "rank_or_position",
    "description",
    "identification_strength",
)


@require_safe
@case_view(Permission.INCIDENT_READ)
def actor_list(request: CaseRequest, case: Case) -> HttpResponse:
    """All actors of the case."""
    rows = Actor.objects.visible_to(request.user).filter(case=case).order_by("created_at")
    context = {
        "case": case,
        "lines": opened_lines(rows, "kind", "name", "identification_strength", request=request),
        "may_write": Permission.INCIDENT_WRITE in request.powers,
    }
    return render(request, "cases/actor_list.html", context)


@require_safe
@case_view(Permission.INCIDENT_READ)
def actor_detail(request: CaseRequest, case: Case, actor: UUID) -> HttpResponse:
    """One actor and what is reported of them."""
    row = find(Actor.objects.select_related("unit_of"), request, case, actor)
    reports = Involvement.objects.visible_to(request.user).filter(actor=row, retracted_at__isnull=True)
    context = {
        "case": case,
        "line": opened_line(row, *FIELDS, request=request),
        "reports": opened_lines(
            reports.select_related("act").order_by("created_at"), "degree", "status", request=request
        ),
        "may_write": Permission.INCIDENT_WRITE in request.powers,
    }
    return render(request, "cases/actor_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.INCIDENT_WRITE)
def actor_create(request: CaseRequest, case: Case) -> HttpResponse:
    """Record an actor."""
    form = ActorForm(posted(request))
    form.offer("unit_of", actors_of(request, case))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            row = record_actor(
                by=request.user,
                case=case,
                facts=form.facts(),
                unit_of=chosen(Actor.objects, request, case, form, "unit_of"),
            )
            messages.success(request, _("The actor was recorded."))
            return redirect("actor-detail", case=case.pk, actor=row.pk)
    return form_page(
        request,
        case,
        form,
        heading=_("Record an actor"),
        verb=_("Record the actor"),
        back=reverse("actor-list", args=[case.pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.INCIDENT_WRITE)
def actor_edit(request: CaseRequest, case: Case, actor: UUID) -> HttpResponse:
    """Correct what is known."""
    row = find(Actor.objects.all(), request, case, actor)
    line = opened_line(row, *FIELDS, request=request, why=Purpose.EDIT)
    form = ActorForm(posted(request), initial=_initial(line))
    form.offer("unit_of", actors_of(request, case, apart_from=row.pk))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            change_actor(
                by=request.user,
                actor=row,
                expected=form.read_revision(),
                facts=form.facts(),
                unit_of=chosen(Actor.objects, request, case, form, "unit_of"),
            )
            messages.success(request, _("The actor's record was changed."))
            return redirect("actor-detail", case=case.pk, actor=row.pk)
    return form_page(
        request,
        case,
        form,
        heading=_("Correct what is known of an actor"),
        verb=_("Save the change"),
        back=reverse("actor-detail", args=[case.pk, row.pk]),
    )


def _initial(line: Line[Actor]) -> dict[str, object]:
    aliases = line.opened.json("aliases")
    names = ("kind", "name", "side", "rank_or_position", "description", "identification_strength")
    return {
        **{name: line.opened.text(name) for name in names},
        "aliases": "\n".join(aliases) if isinstance(aliases, list) else "",
        "unit_of": line.row.unit_of_id or "",
        "revision": line.row.revision,
    }
