"""Opening a case, changing what it says of itself, and moving it on."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.door import reader_code
from accounts.policy import StaffRequest, signed_in
from cases.actions.cases import MAY_OPEN, change_case, move_case, open_case
from cases.errors import NotVisible
from cases.forms.cases import CaseForm, NewCaseForm
from cases.models import Case
from cases.policy import CaseRequest, case_view
from cases.views.common import attempting, form_page, posted, status_of
from cases.vocabulary import CaseStatus, Permission
from vault.opening import open_row
from vault.vocabulary import Purpose


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*MAY_OPEN)
def case_create(request: StaffRequest) -> HttpResponse:
    """Open a case."""
    form = NewCaseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            case = open_case(by=request.user, prefix=form.cleaned_data["letters"], facts=form.facts())
            messages.success(request, _("The case is open, and you are its lead."))
            return redirect("case-detail", case=case.pk)
    return render(request, "cases/case_create.html", {"form": form}, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.CASE_EDIT)
def case_edit(request: CaseRequest, case: Case) -> HttpResponse:
    """Change what the case says of itself."""
    form = CaseForm(posted(request), initial=_initial(request, case))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            change_case(by=request.user, case=case, expected=form.read_revision(), facts=form.facts())
            messages.success(request, _("The case was changed."))
            return redirect("case-detail", case=case.pk)
    return form_page(
        request,
        case,
        form,
        heading=_("Change the case"),
        verb=_("Save the change"),
        back=reverse("case-detail", args=[case.pk]),
    )


@require_http_methods(["POST"])
@case_view(Permission.CASE_READ)
def case_move(request: CaseRequest, case: Case, to: str) -> HttpResponse:
    """Take the case one step on; the action says who may."""
    if to not in CaseStatus.values:
        raise NotVisible(subject=f"case:{case.pk}", scope=case.pk)
    moved = move_case(by=request.user, case=case, to=CaseStatus(to))
    messages.success(request, _("The case is now: %(state)s.") % {"state": moved.get_status_display()})
    return redirect("case-detail", case=case.pk)


def _initial(request: CaseRequest, case: Case) -> dict[str, object]:
    if request.method == "POST":
        return {}
    opened = open_row(case, "title", "mandate", reader=reader_code(request.user), purpose=Purpose.EDIT)
    return {
        "revision": case.revision,
        "title": opened.text("title"),
        "mandate": opened.text("mandate"),
        "situation": case.situation,
        "standard_of_proof": case.standard_of_proof,
        "armed_conflict": case.armed_conflict,
        "retention_rule": case.retention_rule,
    }
