"""Who is in the case."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.policy import fresh
from cases.actions.members import add_member, change_member, end_membership, readmit_member
from cases.errors import NotVisible
from cases.forms.cases import MembershipForm, NewMemberForm
from cases.models import Case, Membership
from cases.policy import CaseRequest, case_view
from cases.views.common import attempting, form_page, posted
from cases.vocabulary import MemberRole, Permission


@require_safe
@case_view(Permission.CASE_READ)
def member_list(request: CaseRequest, case: Case) -> HttpResponse:
    """Everybody in the case, by code; who left stands below."""
    rows = Membership.objects.filter(case=case).select_related("user", "granted_by")
    now = [row for row in rows.order_by("starts_at") if row.closed_at is None]
    context = {
        "case": case,
        "members": [(row, row.user.needs_readmission(row.granted_at)) for row in now],
        "former": rows.filter(closed_at__isnull=False).order_by("-closed_at")[:50],
        "may_manage": Permission.MEMBER_MANAGE in request.powers,
        "may_readmit_lead": Permission.CASE_EDIT in request.powers,
        "own": request.membership.pk,
    }
    return render(request, "cases/member_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.MEMBER_MANAGE)
@fresh
def member_create(request: CaseRequest, case: Case) -> HttpResponse:
    """Take somebody in."""
    form = NewMemberForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            add_member(
                by=request.user,
                case=case,
                user=form.cleaned_data["staff_code"],
                role=MemberRole(form.cleaned_data["role"]),
                reason=form.cleaned_data["reason"],
                ends_at=form.ends_at(),
                sees_strict=form.cleaned_data["sees_strict"],
            )
            messages.success(request, _("The person is in the case now."))
            return redirect("member-list", case=case.pk)
    return form_page(
        request,
        case,
        form,
        heading=_("Take somebody into the case"),
        verb=_("Add to the case"),
        back=reverse("member-list", args=[case.pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.MEMBER_MANAGE)
@fresh
def member_edit(request: CaseRequest, case: Case, member: UUID) -> HttpResponse:
    """Change role or length."""
    membership = _find(case, member)
    form = MembershipForm(
        posted(request), initial={"role": membership.role, "sees_strict": membership.sees_strict}
    )
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            change_member(
                by=request.user,
                membership=membership,
                role=MemberRole(form.cleaned_data["role"]),
                reason=form.cleaned_data["reason"],
                ends_at=form.ends_at(),
                sees_strict=form.cleaned_data["sees_strict"],
            )
            messages.success(request, _("The membership was changed."))
            return redirect("member-list", case=case.pk)
    return form_page(
        request,
        case,
        form,
        heading=_("Change a membership"),
        verb=_("Change the membership"),
        back=reverse("member-list", args=[case.pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.CASE_READ)
def member_end(request: CaseRequest, case: Case, member: UUID) -> HttpResponse:
    """End a membership, one's own or another's, after one plain question."""
    membership = _find(case, member)
    is_own = membership.user_id == request.user.pk
    if request.method == "POST":
        end_membership(by=request.user, membership=membership)
        messages.success(request, _("The membership has ended."))
        return redirect("dashboard") if is_own else redirect("member-list", case=case.pk)
    context = {
        "case": case,
        "membership": membership,
        "question": _("Leave this case?") if is_own else _("End this membership?"),
        "consequences": [
            _("From this moment the case opens no more: no page, list, export or task."),
            _("What the person wrote stays, and stays under their code."),
        ],
        "verb": _("Leave the case") if is_own else _("End the membership"),
        "is_grave": True,
        "cancel_url": reverse("member-list", kwargs={"case": case.pk}),
    }
    return render(request, "cases/member_end.html", context)


@require_http_methods(["POST"])
@case_view(Permission.CASE_READ)
def member_readmit(request: CaseRequest, case: Case, member: UUID) -> HttpResponse:
    """Let a person back in after a reset of their credentials."""
    readmit_member(by=request.user, membership=_find(case, member))
    messages.success(request, _("The person is in the case again."))
    return redirect("member-list", case=case.pk)


def _find(case: Case, pk: UUID) -> Membership:
    row = Membership.objects.filter(case=case, pk=pk, closed_at__isnull=True).select_related("user").first()
    if row is None:
        raise NotVisible(subject=f"membership:{pk}", scope=case.pk)
    return row
