"""Victims, how they are counted, and the dead."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases.actions.victims import (
    ASIDE,
    COUNT_STEPS,
    change_death,
    change_victim,
    count_victim,
    record_death,
    record_victim,
)
from cases.forms.dates import DatedForm
from cases.forms.people import CountForm, DeathForm, NewVictimForm, VictimForm
from cases.models import ActVictim, Case, Death, Incident, Victim
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
from cases.views.naming import chosen, incidents_of, victims_of
from cases.views.saving import desk_of
from cases.vocabulary import CountClass, Permission
from vault.vocabulary import Purpose

FIELDS = (
    "known_as",
    "outcome",
    "counting_unit",
    "sex",
    "age_band",
    "civilian_status",
    "group_targeted",
    "family_consent_to_name",
    "dates",
)
DEATH_FIELDS = ("dates", "circumstances", "body", "handling_chain", "burial")


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.INCIDENT_READ)
def victim_list(request: CaseRequest, case: Case) -> HttpResponse:
    """All victims; counts stand by class and are never added to other people's claims."""
    desk = desk_of(request, case, "victim-list", Permission.INCIDENT_READ, count=CountClass.values)
    if desk.answer:
        return desk.answer
    rows = Victim.objects.visible_to(request.user).filter(case=case).order_by("created_at")
    wanted = request.GET.get("count", "")
    if wanted in CountClass.values:
        rows = rows.filter(count_class=wanted)
    context = {
        "case": case,
        "lines": opened_lines(rows, "known_as", "outcome", "age_band", "sex", request=request),
        "classes": CountClass.choices,
        "wanted": wanted,
        "desk": desk,
        "may_write": Permission.INCIDENT_WRITE in request.powers,
    }
    return render(request, "cases/victim_list.html", context, status=desk.status)


@require_safe
@case_view(Permission.INCIDENT_READ)
def victim_detail(request: CaseRequest, case: Case, victim: UUID) -> HttpResponse:
    """One victim, the acts done to them, and what is known of a death."""
    row = find(Victim.objects.select_related("duplicate_of"), request, case, victim)
    incident = seen(Incident.objects.all(), request, row.incident_id)
    may_write = Permission.INCIDENT_WRITE in request.powers
    links = ActVictim.objects.visible_to(request.user).filter(victim=row, retracted_at__isnull=True)
    acts = [link.act for link in links.select_related("act")]
    death = Death.objects.visible_to(request.user).filter(victim=row).first()
    context = {
        "case": case,
        "line": opened_line(row, *FIELDS, request=request),
        "incident": opened_line(incident, "title", request=request) if incident else None,
        "death": opened_line(death, *DEATH_FIELDS, request=request) if death else None,
        "acts": [opened_line(act, "type", "dates", request=request) for act in acts],
        "count_form": _count_form(request, case, row) if may_write else None,
        "may_write": may_write,
    }
    return render(request, "cases/victim_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.INCIDENT_WRITE)
def victim_create(request: CaseRequest, case: Case) -> HttpResponse:
    """Record a victim as reported."""
    form = NewVictimForm(posted(request))
    form.offer("incident", incidents_of(request, case))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            row = record_victim(
                by=request.user,
                case=case,
                facts=form.facts(),
                incident=chosen(Incident.objects, request, case, form, "incident"),
                count_class=form.count_class(),
            )
            messages.success(request, _("The victim was recorded as reported."))
            return redirect("victim-detail", case=case.pk, victim=row.pk)
    return form_page(
        request,
        case,
        form,
        heading=_("Record a victim"),
        verb=_("Record the victim"),
        back=reverse("victim-list", args=[case.pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.INCIDENT_WRITE)
def victim_edit(request: CaseRequest, case: Case, victim: UUID) -> HttpResponse:
    """Correct what is known."""
    row = find(Victim.objects.all(), request, case, victim)
    whole(Incident.objects.all(), request, case, row, row.incident_id)
    line = opened_line(row, *FIELDS, request=request, why=Purpose.EDIT)
    form = VictimForm(posted(request), initial=_initial(line))
    form.offer("incident", incidents_of(request, case))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            change_victim(
                by=request.user,
                victim=row,
                expected=form.read_revision(),
                facts=form.facts(),
                incident=chosen(Incident.objects, request, case, form, "incident"),
            )
            messages.success(request, _("The victim's record was changed."))
            return redirect("victim-detail", case=case.pk, victim=row.pk)
    return form_page(
        request,
        case,
        form,
        heading=_("Correct what is known of a victim"),
        verb=_("Save the change"),
        back=reverse("victim-detail", args=[case.pk, row.pk]),
    )


@require_http_methods(["POST"])
@case_view(Permission.INCIDENT_WRITE)
def victim_count(request: CaseRequest, case: Case, victim: UUID) -> HttpResponse:
    """Move the victim to another class of counting."""
    row = find(Victim.objects.all(), request, case, victim)
    form = _count_form(request, case, row)
    if form.is_valid():
        with attempting(request, form):
            count_victim(
                by=request.user,
                victim=row,
                to=CountClass(form.cleaned_data["to"]),
                duplicate_of=chosen(Victim.objects, request, case, form, "duplicate_of"),
            )
            messages.success(request, _("The victim is counted differently now."))
    for error in form.non_field_errors():
        messages.error(request, str(error))
    if form.errors and not form.non_field_errors():
        messages.error(request, _("Choose how to count, and for a duplicate the row that counts instead."))
    return redirect("victim-detail", case=case.pk, victim=row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.INCIDENT_WRITE)
def death_edit(request: CaseRequest, case: Case, victim: UUID) -> HttpResponse:
    """Record a death, or correct what is known of it."""
    row = find(Victim.objects.all(), request, case, victim)
    death = Death.objects.visible_to(request.user).filter(victim=row).first()
    line = opened_line(death, *DEATH_FIELDS, request=request, why=Purpose.EDIT) if death else None
    form = DeathForm(posted(request), initial=_death_initial(line) if line else {})
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            if death is None:
                record_death(by=request.user, victim=row, facts=form.facts())
            else:
                change_death(by=request.user, death=death, expected=form.read_revision(), facts=form.facts())
            messages.success(request, _("What is known of the death was recorded."))
            return redirect("victim-detail", case=case.pk, victim=row.pk)
    return form_page(
        request,
        case,
        form,
        heading=_("What is known of a death"),
        verb=_("Save what is known"),
        back=reverse("victim-detail", args=[case.pk, row.pk]),
    )


def _count_form(request: CaseRequest, case: Case, row: Victim) -> CountForm:
    now = CountClass(row.count_class)
    steps = {CountClass(row.count_class_before)} if now in ASIDE else COUNT_STEPS[now]
    form = CountForm(posted(request), steps=[step for step in CountClass if step in steps])
    form.offer("duplicate_of", victims_of(request, case, apart_from=row.pk))
    return form


def _initial(line: Line[Victim]) -> dict[str, object]:
    row, opened = line.row, line.opened
    groups = opened.json("group_targeted")
    names = ("known_as", "outcome", "counting_unit", "sex", "age_band", "civilian_status")
    return {
        **{name: opened.text(name) for name in names},
        "group_targeted": "\n".join(groups) if isinstance(groups, list) else "",
        "family_consent_to_name": opened.text("family_consent_to_name"),
        "incident": row.incident_id or "",
        "revision": row.revision,
        **DatedForm.initial_of(opened.json("dates")),
    }


def _death_initial(line: Line[Death]) -> dict[str, object]:
    opened = line.opened
    parts: dict[str, object] = {"revision": line.row.revision}
    for name in ("circumstances", "body", "burial"):
        cell = opened.json(name)
        parts |= cell if isinstance(cell, dict) else {}
    chain = opened.json("handling_chain")
    steps = [str(step.get("step", "")) for step in chain] if isinstance(chain, list) else []
    parts["chain"] = "\n".join(steps)
    parts["body_condition"] = parts.pop("condition", "")
    parts["burial_ordered_by"] = parts.pop("ordered_by", "")
    return parts | DatedForm.initial_of(opened.json("dates"))
