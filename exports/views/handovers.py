"""Asking that identities go with an export. What custodians decide they decide on the pages of sessions."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.policy import fresh
from cases.models import Case, IdentitySession
from cases.policy import CaseRequest, case_view
from cases.views.common import attempting, posted, status_of
from cases.vocabulary import LIVE_SESSION, Permission
from exports.actions.handovers import ask_handover
from exports.forms import HandoverForm
from exports.models import Export, IdentityHandover, SecondKey
from exports.permissions import can_use_second_key
from exports.vocabulary import ExportState, Tier
from exports.weighing import NAMING
from vault.opening import open_row
from vault.vocabulary import Purpose


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.EXPORT_BUILD)
@fresh
def handover_ask(request: CaseRequest, case: Case, export: UUID) -> HttpResponse:
    """Ask two custodians to let the identities of an export's witnesses go to its recipient."""
    rows = Export.objects.visible_to(request.user).filter(case=case)
    row = get_object_or_404(rows.select_related("recipient", "key", "case"), pk=export)
    form = HandoverForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            made = ask_handover(by=request.user, export=row, reason=form.cleaned_data["reason"])
            messages.success(request, _("Two custodians are asked. Tell them, and be ready for their calls."))
            return redirect("comparison-detail", case=case.pk, session=made.session_id)
    name = open_row(row.recipient, "name", reader=request.user.staff_code, purpose=Purpose.READ)
    context = {
        "case": case,
        "export": row,
        "recipient": name,
        "second_key": current_second_key(row),
        "form": form,
        "question": _("Ask that identities go with this export?"),
        "consequences": [
            _("Exactly the witnesses go in whose consent covers bodies of this kind for this purpose."),
            _("Two custodians other than you must agree, and an hour passes in which a third can stop it."),
            _("A process opens the names, encrypts them to the recipient's second key, and is killed."),
            _("Nobody here sees a name, and nobody here can open the file."),
        ],
        "verb": _("Ask two custodians"),
        "cancel_url": reverse("export-detail", args=[case.pk, row.pk]),
    }
    return render(request, "exports/handover_ask.html", context, status=status_of(form))


def current_second_key(export: Export) -> SecondKey | None:
    """The second key that a hand-over would use, if it may be used."""
    key = export.recipient.second_keys.filter(ended_at__isnull=True).first()
    return key if key is not None and can_use_second_key(key) else None


def told_of(request: CaseRequest, export: Export) -> dict[str, object]:
    """What the page of an export says of its identities."""
    rows = list(
        IdentityHandover.objects.filter(export=export)
        .select_related("created_by", "second_key")
        .order_by("created_at")
    )
    # Only who may know of sessions sees one; of a hand-over others see whether it was taken.
    found = IdentitySession.objects.in_bulk([one.session_id for one in rows])
    carries = export.tier == Tier.JUDICIAL and export.identity_level in NAMING
    is_live = any(one.state in LIVE_SESSION for one in found.values())
    return {
        "carries_identities": carries,
        "handovers": [(one, found.get(one.session_id)) for one in rows],
        "may_hand_over": carries
        and export.state == ExportState.APPROVED
        and Permission.EXPORT_BUILD in request.powers
        and not is_live
        and not any(one.stored_id for one in rows),
        "handover_waits": is_live,
    }
