"""The last page of an intake: who the person is. Sealed by its own button, never kept, never shown again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.custodians import directory_in_force
from cases.actions.consents import consent_in_force
from cases.actions.identities import accounts_that_name, add_to_identity, names_of, seal_identity
from cases.actions.watches import end_watch, watch_names
from cases.forms.intake import IdentityForm
from cases.models import Case, NameWatch, Witness
from cases.policy import CaseRequest, case_view
from cases.views.common import attempting, find, posted, status_of
from cases.views.watching import give, key_for
from cases.vocabulary import Permission


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.WITNESS_REGISTER)
def witness_identity(request: CaseRequest, case: Case, witness: UUID) -> HttpResponse:
    """Ask who the person is, or say that it is sealed, or that it cannot be sealed here."""
    row = find(Witness.objects.all(), request, case, witness)
    if request.method == "POST" and "end" in request.POST:
        end_watch(by=request.user, witness=row)
        messages.success(request, _("The intake is over. The names typed in it are deleted."))
        return redirect("witness-detail", case=case.pk, witness=row.pk)
    form = IdentityForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            return _sealed(request, row, form)
    context = {
        "case": case,
        "line": row,
        "form": form.blank() if form.is_bound else form,
        "is_sealed_here": directory_in_force() is not None,
        "is_asked": row.vault_ref is None or "add" in request.GET,
        "watch": NameWatch.objects.filter(
            witness=row, created_by=request.user, until__gt=timezone.now()
        ).first(),
        "is_written": case.is_written,
        "has_consent": consent_in_force(row) is not None,
        "may_record": Permission.CONSENT_RECORD in request.powers,
    }
    return render(request, "cases/witness_identity.html", context, status=status_of(form))


def _sealed(request: CaseRequest, row: Witness, form: IdentityForm) -> HttpResponse:
    """Seal what was sent, and give the browser the key by which this intake's texts are compared with it."""
    said = form.said()
    seal = add_to_identity if "add" in request.GET else seal_identity
    seal(by=request.user, witness=row, identity=said)
    messages.success(request, _("The identity is sealed. It is not shown again."))
    for number in accounts_that_name(by=request.user, witness=row, identity=said):
        words = _("A name that was sealed just now stands in %(number)s, too. Put a code in its place.")
        messages.warning(request, words % {"number": number})
    response = redirect("witness-identity", case=row.case_id, witness=row.pk)
    if names := names_of(said):
        key = key_for(request)
        watch_names(by=request.user, witness=row, names=names, key=key)
        give(response, key)
    return response
