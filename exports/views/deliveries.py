"""What a recipient's contact sees: deliveries addressed to their own body, and nothing of any case."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.policy import StaffRequest, fresh, signed_in
from accounts.vocabulary import Role
from exports.actions import delivery
from exports.errors import NotAddressed
from exports.forms import AcknowledgeForm
from exports.models import Export
from exports.permissions import contact_of
from exports.views import serving
from exports.vocabulary import DELIVERABLE, ExportState


def _delivery(request: StaffRequest, export: UUID) -> Export:
    contact = contact_of(request.user)
    row = Export.objects.filter(pk=export, recipient=contact.recipient_id, state__in=DELIVERABLE).first()
    if row is None:
        raise NotAddressed(subject=f"export:{export}")
    return row


@require_GET
@signed_in(Role.RECIPIENT)
def delivery_list(request: StaffRequest) -> HttpResponse:
    """List what is addressed to the person's body."""
    contact = contact_of(request.user)
    rows = Export.objects.filter(recipient=contact.recipient_id, state__in=DELIVERABLE).order_by("-state_at")
    return render(request, "exports/delivery_list.html", {"deliveries": rows[:200]})


@require_http_methods(["GET", "POST"])
@signed_in(Role.RECIPIENT)
def delivery_detail(request: StaffRequest, export: UUID) -> HttpResponse:
    """One delivery: fetch it, check it, confirm what arrived."""
    row = _delivery(request, export)
    form = AcknowledgeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        receipt = delivery.acknowledge(by=request.user, export=row, sha512=form.cleaned_data["sha512"])
        if receipt.is_matching:
            messages.success(request, _("Thank you. What arrived is what was sent."))
        else:
            messages.error(
                request,
                _(
                    "This is not the digest of what was sent. Do not open the file; fetch it once more, or "
                    "call us."
                ),
            )
        return redirect("delivery-detail", export=row.pk)
    context = {
        "export": row,
        "form": form,
        "rows": row.receipts.order_by("created_at"),
        "is_acknowledged": row.state == ExportState.ACKNOWLEDGED,
    }
    return render(request, "exports/delivery_detail.html", context)


@require_POST
@signed_in(Role.RECIPIENT)
@fresh
def delivery_download(request: StaffRequest, export: UUID) -> HttpResponseBase:
    """Fetch the package; consents are asked in this instant."""
    row = _delivery(request, export)
    opened = delivery.fetch_for_recipient(by=request.user, export=row)
    return serving.package(
        request, row, opened, lambda: delivery.go_on_for_recipient(by=request.user, export=row)
    )


@require_GET
@signed_in(Role.RECIPIENT)
def delivery_letter(request: StaffRequest, export: UUID, which: str) -> HttpResponse:
    """Fetch the receipt. The statement, its signature and the signer's key come by another way."""
    row = _delivery(request, export)
    if which != "receipt":
        raise Http404
    return serving.letter(row, which, delivery.open_letters(row, reader=request.user.staff_code))
