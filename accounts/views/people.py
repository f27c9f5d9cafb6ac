"""The administrators' pages: who works here, under which code, with which roles."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.actions import people, resets
from accounts.forms import InvitationForm, RoleForm
from accounts.models import CredentialReset, OneTimeLink, Training, User
from accounts.policy import StaffRequest, fresh, signed_in
from accounts.vocabulary import ResetState, Role
from vault.opening import open_row
from vault.vocabulary import Purpose


@require_GET
@signed_in(Role.SYSADMIN)
def people_list(request: StaffRequest) -> HttpResponse:
    """List everybody by code; names stay sealed."""
    everybody = User.objects.order_by("-is_active", "staff_code").prefetch_related("role_rows")
    waiting = CredentialReset.objects.filter(state=ResetState.REQUESTED).select_related(
        "user", "requested_by"
    )
    rows = [(person, sorted(role.label for role in person.roles)) for person in everybody]
    return render(request, "accounts/people_list.html", {"rows": rows, "waiting": waiting})


def _show(request: StaffRequest, person: User, **more: object) -> HttpResponse:
    context = {
        "person": person,
        "roles": sorted(person.roles, key=lambda role: role.label),
        "roles_to_give": [role for role in Role if role not in person.roles],
        "reset": CredentialReset.objects.filter(user=person, state=ResetState.REQUESTED).first(),
        "trainings": Training.objects.filter(user=person).select_related("noted_by").order_by("-noted_at"),
        "today": timezone.localdate(),
        "links": OneTimeLink.objects.filter(user=person).order_by("-created_at")[:5],
        "is_me": person == request.user,
        "may_train": person != request.user and person.is_active,
        **more,
    }
    return render(request, "accounts/person_detail.html", context)


@require_GET
@signed_in(Role.SYSADMIN)
def person_detail(request: StaffRequest, person: UUID) -> HttpResponse:
    """One person: code, roles, state. Their name is opened by a button of its own."""
    return _show(request, get_object_or_404(User, pk=person))


@require_POST
@signed_in(Role.SYSADMIN)
@fresh
def person_name(request: StaffRequest, person: UUID) -> HttpResponse:
    """Open the name behind a code, once; the opening is recorded."""
    row = get_object_or_404(User, pk=person)
    opened = open_row(row, "name", reader=request.user.staff_code, purpose=Purpose.READ)
    return _show(request, row, opened_name=opened.text("name"))


@require_http_methods(["GET", "POST"])
@signed_in(Role.SYSADMIN)
@fresh
def person_invite(request: StaffRequest) -> HttpResponse:
    """Invite a person, and show their link once."""
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        person, secret = people.invite_person(name=data["name"], roles=data["roles"], by=request.user)
        return _show_link(request, person, secret)
    return render(request, "accounts/person_invite.html", {"form": form})


def _show_link(request: StaffRequest, person: User, secret: str) -> HttpResponse:
    # The one page that is an answer to a POST: the secret must not lie in a session until the next GET.
    link = request.build_absolute_uri(reverse("enrolment-begin", args=[secret]))
    return render(request, "accounts/link_made.html", {"person": person, "link": link})


@require_POST
@signed_in(Role.SYSADMIN)
@fresh
def link_renew(request: StaffRequest, person: UUID) -> HttpResponse:
    """Make a new link for a person who never finished enrolling."""
    row = get_object_or_404(User, pk=person)
    return _show_link(request, row, people.renew_link(user=row, by=request.user))


@require_POST
@signed_in(Role.SYSADMIN)
@fresh
def role_give(request: StaffRequest, person: UUID) -> HttpResponse:
    """Give a role."""
    form = RoleForm(request.POST)
    if form.is_valid():
        row = get_object_or_404(User, pk=person)
        people.give_role(user=row, role=form.cleaned_data["role"], by=request.user)
    return redirect("person-detail", person)


@require_POST
@signed_in(Role.SYSADMIN)
@fresh
def role_take(request: StaffRequest, person: UUID) -> HttpResponse:
    """Take a role."""
    form = RoleForm(request.POST)
    if form.is_valid():
        row = get_object_or_404(User, pk=person)
        people.take_role(user=row, role=form.cleaned_data["role"], by=request.user)
    return redirect("person-detail", person)


@require_POST
@signed_in(Role.SYSADMIN)
@fresh
def person_deactivate(request: StaffRequest, person: UUID) -> HttpResponse:
    """Close an account and end its sessions."""
    row = get_object_or_404(User, pk=person)
    people.deactivate_person(user=row, by=request.user)
    messages.success(request, _("The account is closed and its sessions have ended."))
    return redirect("person-detail", person)


@require_POST
@signed_in(Role.SYSADMIN)
@fresh
def reset_request(request: StaffRequest, person: UUID) -> HttpResponse:
    """Ask for the renewal of a person's password and factors."""
    row = get_object_or_404(User, pk=person)
    resets.request_reset(user=row, by=request.user)
    messages.info(request, _("Asked. Another administrator must confirm it; until then nothing changes."))
    return redirect("person-detail", person)


@require_POST
@signed_in(Role.SYSADMIN)
@fresh
def reset_confirm(request: StaffRequest, reset: UUID) -> HttpResponse:
    """Confirm what another administrator asked for, and show the new link once."""
    person, secret = resets.confirm_reset(reset=reset, by=request.user)
    return _show_link(request, person, secret)


@require_POST
@signed_in(Role.SYSADMIN)
def reset_cancel(request: StaffRequest, reset: UUID) -> HttpResponse:
    """Stop a renewal that nobody confirmed."""
    resets.cancel_reset(reset=reset, by=request.user)
    return redirect("people-list")
