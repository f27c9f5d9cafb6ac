"""Legal holds and retention: what must be kept, and what is due to go."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.policy import StaffRequest, fresh, signed_in
from cases.actions.holds import ask_lift, lift_hold, place_hold
from cases.forms.holds import HoldForm, LiftForm
from cases.models import Case, LegalHold, Witness
from cases.policy import CaseRequest, case_view
from cases.retention import due_cases
from cases.views.common import attempting, find, form_page, opened_lines, posted, status_of
from cases.vocabulary import Permission


@require_safe
@case_view(Permission.CASE_READ)
def hold_list(request: CaseRequest, case: Case) -> HttpResponse:
    """Every hold of the case: those that keep something now first."""
    rows = LegalHold.objects.visible_to(request.user).filter(case=case)
    rows = rows.select_related("witness", "created_by", "lift_asked_by", "lifted_by")
    lines = opened_lines(rows.order_by("lifted_at", "-created_at"), "authority", "reason", request=request)
    context = {
        "case": case,
        "holds": [(line, _standing(line.row)) for line in lines],
        "may_manage": Permission.HOLD_MANAGE in request.powers,
    }
    return render(request, "cases/hold_list.html", context)


def _standing(row: LegalHold) -> tuple[str, str]:
    if row.lifted_at is not None:
        return "done", _("Lifted")
    if row.ends_at is not None and row.ends_at <= timezone.now():
        return "expired", _("Over")
    return ("waiting", _("A second person must lift it")) if row.lift_asked_at else ("hold", _("Holds"))


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.HOLD_MANAGE)
@fresh
def hold_place(request: CaseRequest, case: Case) -> HttpResponse:
    """Keep the case, or what one witness gave, on an authority's word."""
    witnesses = Witness.objects.visible_to(request.user).filter(case=case).order_by("code")
    form = HoldForm(posted(request))
    form.offer([(str(row.pk), row.code) for row in witnesses])
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["witness"]
        witness = find(Witness.objects.all(), request, case, UUID(chosen)) if chosen else None
        with attempting(request, form):
            place_hold(
                by=request.user,
                case=case,
                witness=witness,
                authority=form.cleaned_data["authority"],
                ends_at=form.ends_at(),
            )
            messages.success(request, _("The hold counts from now on. Nothing that it keeps can be erased."))
            return redirect("hold-list", case=case.pk)
    back = reverse("hold-list", args=[case.pk])
    return form_page(
        request, case, form, heading=_("Place a legal hold"), verb=_("Place the hold"), back=back
    )


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.HOLD_MANAGE)
@fresh
def hold_lift(request: CaseRequest, case: Case, hold: UUID) -> HttpResponse:
    """Ask that a hold be lifted, or lift it as the second person."""
    rows = LegalHold.objects.select_related("witness", "lift_asked_by")
    row = find(rows, request, case, hold)
    is_second = row.lift_asked_by_id not in (None, request.user.pk)
    form = None if is_second else LiftForm(posted(request))
    if request.method == "POST" and form is None:
        lift_hold(by=request.user, hold=row)
        messages.success(request, _("The hold is lifted."))
        return redirect("hold-list", case=case.pk)
    if request.method == "POST" and form is not None and form.is_valid():
        with attempting(request, form):
            ask_lift(by=request.user, hold=row, reason=form.cleaned_data["reason"])
            messages.success(request, _("Asked. It holds until a second person lifts it."))
            return redirect("hold-list", case=case.pk)
    context = {
        "case": case,
        "hold": row,
        "form": form,
        "question": _("Lift this hold?") if is_second else _("Ask that this hold be lifted?"),
        "consequences": [
            _("From then on it forbids no erasure any more."),
            _("Two people lift a hold: one asks with a reason, another confirms."),
        ],
        "verb": _("Lift the hold") if is_second else _("Ask to lift it"),
        "is_grave": is_second,
        "cancel_url": reverse("hold-list", args=[case.pk]),
    }
    status = 200 if form is None else status_of(form)
    return render(request, "cases/hold_lift.html", context, status=status)


@require_safe
@signed_in()
def retention_list(request: StaffRequest) -> HttpResponse:
    """Closed cases of the reader's, when each is due to be destroyed, and what keeps it."""
    now: datetime = timezone.now()
    return render(request, "cases/retention_list.html", {"cases": due_cases(request.user, now), "now": now})
