"""The last page of an intake: who the person is. Sealed by its own button, never kept, never shown again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.actions.installation import is_demonstration
from cases.actions.consents import consent_in_force
from cases.actions.identities import accounts_that_name, seal_identity
from cases.forms.intake import IdentityForm
from cases.models import Case, Witness
from cases.policy import CaseRequest, case_view
from cases.views.common import attempting, find, posted, status_of
from cases.vocabulary import Permission


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.WITNESS_REGISTER)
def witness_identity(request: CaseRequest, case: Case, witness: UUID) -> HttpResponse:
    """Ask who the person is, or say that it is sealed, or that it cannot be sealed here."""
    row = find(Witness.objects.all(), request, case, witness)
    form = IdentityForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            seal_identity(by=request.user, witness=row, identity=form.said())
            messages.success(request, _("The identity is sealed. It is not shown again."))
            for number in accounts_that_name(by=request.user, witness=row, identity=form.said()):
                words = _(
                    "A name that was sealed just now stands in %(number)s, too. Put a code in its place."
                )
                messages.warning(request, words % {"number": number})
            return redirect("witness-identity", case=case.pk, witness=row.pk)
    status = status_of(form)
    context = {
        "case": case,
        "line": row,
        "form": form.blank() if form.is_bound else form,
        "is_sealed_here": is_demonstration(),
        "is_written": case.is_written,
        "has_consent": consent_in_force(row) is not None,
        "may_record": Permission.CONSENT_RECORD in request.powers,
    }
    return render(request, "cases/witness_identity.html", context, status=status)
