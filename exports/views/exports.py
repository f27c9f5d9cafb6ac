"""Exports of a case: the list, one export as a ladder of steps, deciding, building, carrying."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.policy import fresh
from cases.models import Case, Testimony
from cases.policy import CaseRequest, case_view
from cases.views.saving import desk_of
from cases.vocabulary import Permission
from evidence.models import EvidenceItem
from exports.actions import approvals, building, delivery, requests
from exports.forms import DecisionForm
from exports.ladder import rungs
from exports.models import Export, ExportItem
from exports.views import serving
from exports.views.handovers import told_of
from exports.vocabulary import DELIVERABLE, EXPORT_STEPS, ExportState
from vault.opening import open_row, open_rows
from vault.vocabulary import Purpose


def _export(request: CaseRequest, case: Case, export: UUID) -> Export:
    rows = Export.objects.visible_to(request.user).filter(case=case)
    return get_object_or_404(rows.select_related("recipient", "key", "created_by", "case"), pk=export)


def _items(row: Export) -> QuerySet[ExportItem]:
    return row.items.select_related("testimony", "evidence").order_by("decision", "kind", "exported_id")


def _readable(request: CaseRequest, row: Export) -> set[UUID]:
    """The objects of an export that the reader may open: only these are links."""
    testimonies = Testimony.objects.visible_to(request.user).filter(pk__in=row.items.values("testimony"))
    exhibits = EvidenceItem.objects.visible_to(request.user).filter(pk__in=row.items.values("evidence"))
    return {*testimonies.values_list("pk", flat=True), *exhibits.values_list("pk", flat=True)}


def _possible(request: CaseRequest, row: Export) -> dict[str, bool]:
    """Say which steps this person may take now; the others are absent from the page."""
    state, powers = ExportState(row.state), request.powers
    asks, builds = Permission.EXPORT_REQUEST in powers, Permission.EXPORT_BUILD in powers
    is_own = row.created_by_id == request.user.pk
    return {
        "may_check": asks and ExportState.SCOPE_CHECKED in EXPORT_STEPS.get(state, frozenset()),
        "may_cancel": asks and ExportState.CANCELLED in EXPORT_STEPS.get(state, frozenset()),
        "may_decide": state == ExportState.SCOPE_CHECKED
        and Permission.EXPORT_APPROVE in powers
        and not is_own,
        "may_build": builds and state == ExportState.APPROVED,
        "may_carry": builds and state in DELIVERABLE,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.EXPORT_READ)
def export_list(request: CaseRequest, case: Case) -> HttpResponse:
    """List what was asked for, newest first; the choice is in the address."""
    desk = desk_of(request, case, "export-list", Permission.EXPORT_READ, state=ExportState.values)
    if desk.answer:
        return desk.answer
    found = Export.objects.visible_to(request.user).filter(case=case).filter(**desk.chosen)
    rows = list(found.select_related("recipient", "created_by").order_by("-created_at")[:200])
    names = open_rows(
        {row.recipient for row in rows}, "name", reader=request.user.staff_code, purpose=Purpose.LIST
    )
    listed = [(row, names[row.recipient_id].text("name")) for row in rows]
    context = {
        "case": case,
        "exports": listed,
        "may_ask": Permission.EXPORT_REQUEST in request.powers,
        "states": ExportState.choices,
        "wanted": desk.chosen.get("state", ""),
        "desk": desk,
    }
    return render(request, "exports/export_list.html", context, status=desk.status)


@require_GET
@case_view(Permission.EXPORT_READ)
def export_detail(request: CaseRequest, case: Case, export: UUID) -> HttpResponse:
    """One export: its steps, what is in it, what is not and why, and the few things that can be done now."""
    row = _export(request, case, export)
    code = request.user.staff_code
    context = {
        "case": case,
        "export": row,
        "recipient": open_row(row.recipient, "name", reader=code, purpose=Purpose.READ),
        "opened": open_row(row, "note", "package_sha512", reader=code, purpose=Purpose.READ),
        "items": _items(row),
        "readable": _readable(request, row),
        "rungs": rungs(row),
        "job": getattr(row, "job", None),
        "receipts": row.receipts.select_related("created_by").order_by("created_at"),
        **_possible(request, row),
        **told_of(request, row),
    }
    return render(request, "exports/export_detail.html", context)


@require_POST
@case_view(Permission.EXPORT_REQUEST)
def export_check(request: CaseRequest, case: Case, export: UUID) -> HttpResponse:
    """Ask every consent again."""
    requests.check_scope(by=request.user, export=_export(request, case, export))
    messages.success(request, _("Every consent was asked. What is not covered is listed with its reason."))
    return redirect("export-detail", case=case.pk, export=export)


@require_http_methods(["GET", "POST"])
@case_view(Permission.EXPORT_APPROVE)
@fresh
def export_decide(request: CaseRequest, case: Case, export: UUID) -> HttpResponse:
    """Approve or refuse: the page shows once more what would leave."""
    row = _export(request, case, export)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if form.cleaned_data["decision"] == "approve":
            approvals.approve_export(by=request.user, export=row, reason=reason)
            messages.success(request, _("The export was approved. The disclosure officer can build it now."))
        else:
            approvals.refuse_export(by=request.user, export=row, reason=reason)
            messages.success(request, _("The export was refused."))
        return redirect("export-detail", case=case.pk, export=export)
    context = {
        "case": case,
        "export": row,
        "form": form,
        "recipient": open_row(row.recipient, "name", reader=request.user.staff_code, purpose=Purpose.READ),
        "items": _items(row),
        "readable": _readable(request, row),
    }
    return render(request, "exports/export_decide.html", context)


@require_POST
@case_view(Permission.EXPORT_BUILD)
@fresh
def export_build(request: CaseRequest, case: Case, export: UUID) -> HttpResponse:
    """Owe a package; the worker builds it with this person's rights."""
    building.owe_build(by=request.user, export=_export(request, case, export))
    messages.success(request, _("The package is being built. This page shows when it is ready."))
    return redirect("export-detail", case=case.pk, export=export)


@require_POST
@case_view(Permission.EXPORT_REQUEST)
def export_cancel(request: CaseRequest, case: Case, export: UUID) -> HttpResponse:
    """Give an export up."""
    requests.cancel_export(by=request.user, export=_export(request, case, export))
    messages.success(request, _("The export was cancelled. Its package can no longer be fetched."))
    return redirect("export-detail", case=case.pk, export=export)


@require_POST
@case_view(Permission.EXPORT_BUILD)
@fresh
def export_download(request: CaseRequest, case: Case, export: UUID) -> HttpResponseBase:
    """Fetch the package, to carry it to the recipient; consents are asked in this instant."""
    row = _export(request, case, export)
    opened = delivery.fetch_for_officer(by=request.user, export=row)
    return serving.package(
        request, row, opened, lambda: delivery.go_on_for_officer(by=request.user, export=row)
    )


@require_GET
@case_view(Permission.EXPORT_BUILD)
def export_letter(request: CaseRequest, case: Case, export: UUID, which: str) -> HttpResponse:
    """Fetch the statement, its signature, the receipt or the signer's key."""
    row = _export(request, case, export)
    if which not in serving.LETTERS or row.state not in DELIVERABLE:
        raise Http404
    return serving.letter(row, which, delivery.open_letters(row, reader=request.user.staff_code))
