"""Break-glass: the file for an outside body, and handing in what it signed."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.policy import fresh
from cases.actions.carrying import body_paper, bring_answer
from cases.forms.unsealing import AnswerForm
from cases.models import Case
from cases.policy import CaseRequest, case_view
from cases.views.common import attempting, posted, status_of
from cases.views.unsealing import file_of, found, told
from cases.vocabulary import Permission


@require_safe
@case_view(Permission.IDENTITY_CARRY)
def identity_body_paper(request: CaseRequest, case: Case, access: UUID, body: UUID) -> HttpResponse:
    """The file that is carried to an outside body."""
    row = found(request, case, access)
    return file_of(body_paper(by=request.user, request=row, body=body), f"request-{row.witness.code}.json")


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.IDENTITY_CARRY)
@fresh
def identity_body_answer(request: CaseRequest, case: Case, access: UUID) -> HttpResponse:
    """Hand in what an outside body has signed."""
    row = found(request, case, access)
    form = AnswerForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            bring_answer(by=request.user, request=row, answer=form.raw())
            messages.success(request, _("The body's answer was counted."))
            return redirect("identity-detail", case=case.pk, access=row.pk)
    context = {
        **told(request, case, row),
        "form": form,
        "question": _("Hand in what a body signed"),
        "consequences": [
            _("With the answers of both bodies the name opens to the person who asked, once."),
            _("All custodians are alarmed on every page. None of them can stop it."),
        ],
        "verb": _("Hand in the body's answer"),
        "cancel_url": reverse("identity-detail", args=[case.pk, row.pk]),
    }
    return render(request, "cases/identity_answer.html", context, status=status_of(form))
