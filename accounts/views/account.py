"""A person's own pages: sessions, factors, the way in by a link, language and appearance."""

import time
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import credentials
from accounts.actions import enrolment, links, sessions
from accounts.adapters import note_proof
from accounts.context import PERSONA_SWITCH
from accounts.device import device_name
from accounts.errors import LinkRefused
from accounts.forms import NewPasswordForm, PreferenceForm
from accounts.middleware import LOCKED
from accounts.models import Session, Training
from accounts.policy import StaffRequest, public, signed_in
from accounts.sessionstore import DEVICE, digest, ended_before
from accounts.vocabulary import Role

BACKEND = settings.AUTHENTICATION_BACKENDS[0]
APPEARANCE_COOKIE = "appearance"
COVER_COOKIE = "cover"  # what a reader wants covered; whether a cover was opened is kept nowhere
_YEAR = 365 * 24 * 60 * 60


@require_GET
@signed_in
def account_detail(request: StaffRequest) -> HttpResponse:
    """My roles, factors and sessions."""
    rested, aged = ended_before()
    open_ones = Session.objects.filter(user=request.user, seen_at__gt=rested, started_at__gt=aged)
    here = digest(request.session.session_key or "")
    rows = [(row, bytes(row.digest) == here) for row in open_ones.order_by("-seen_at")]
    roles = sorted(role.label for role in request.user.roles)
    factors = credentials.factor_count(request.user)
    context = {
        "sessions": rows,
        "roles": roles,
        "factors": factors,
        "trainings": Training.objects.filter(user=request.user)
        .select_related("noted_by")
        .order_by("-noted_at"),
        "today": timezone.localdate(),
        "guards_names": request.user.has_role(Role.IDENTITY_CUSTODIAN),
        "administers": request.user.has_role(Role.SYSADMIN),
    }
    return render(request, "accounts/account_detail.html", context)


@require_POST
@signed_in
def session_end(request: StaffRequest, session: UUID) -> HttpResponse:
    """Sign out one other browser of mine."""
    sessions.end_session(session=session, by=request.user)
    messages.success(request, _("That session has ended."))
    return redirect("account-detail")


@require_POST
@signed_in
def session_end_others(request: StaffRequest) -> HttpResponse:
    """Sign out every other browser of mine."""
    sessions.end_other_sessions(by=request.user, kept_key=request.session.session_key)
    messages.success(request, _("All other sessions have ended."))
    return redirect("account-detail")


@require_POST
@signed_in
def session_lock(request: StaffRequest) -> HttpResponse:
    """Lock this browser. A persona of the demonstration cannot unlock it, so it is put down instead."""
    if request.user.has_usable_password():
        request.session[LOCKED] = time.time()
        return redirect("account_reauthenticate")
    may_switch = request.session.get(PERSONA_SWITCH)
    logout(request)
    if not may_switch:
        return redirect("account_login")
    request.session[PERSONA_SWITCH] = True
    return redirect("persona-list")


@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
@public
def enrolment_begin(request: HttpRequest, secret: str) -> HttpResponse:
    """The page behind a one-time link: set a password, then go on to the second factor."""
    try:
        link = links.open_link(secret)
    except LinkRefused:
        if request.method == "POST":
            raise
        return render(request, "accounts/link_refused.html", status=404)
    form = NewPasswordForm(request.POST or None, user=link.user)
    if request.method == "POST" and form.is_valid():
        request.session.flush()
        user = links.spend_link(secret=secret, password=form.cleaned_data["password"])
        login(request, user, backend=BACKEND)
        request.session[DEVICE] = device_name(request)
        note_proof(request, user)
        return redirect("enrolment-detail")
    return render(request, "accounts/enrolment_begin.html", {"form": form, "person": link.user})


@require_GET
@signed_in
def enrolment_detail(request: StaffRequest) -> HttpResponse:
    """What is still to be done before anything else opens."""
    if request.user.enrolled_at is not None:
        return redirect("account-detail")
    context = {
        "factors": credentials.factor_count(request.user),
        "recovery_codes": credentials.has_recovery_codes(request.user),
    }
    return render(request, "accounts/enrolment_detail.html", context)


@require_POST
@signed_in
def enrolment_finish(request: StaffRequest) -> HttpResponse:
    """Open the account."""
    enrolment.finish_enrolment(by=request.user)
    return HttpResponseRedirect(reverse(settings.LOGIN_REDIRECT_URL))


@require_POST
@public
def preference_set(request: HttpRequest) -> HttpResponse:
    """Keep language and appearance in the browser, and go back to where the person was."""
    form = PreferenceForm(request.POST)
    valid = form.cleaned_data if form.is_valid() else {}
    back = valid.get("next", "")
    here = {request.get_host()}
    if not (
        back.startswith("/")
        and url_has_allowed_host_and_scheme(back, here, require_https=request.is_secure())
    ):
        back = "/"
    response = HttpResponseRedirect(back)
    for cookie, value in (
        (settings.LANGUAGE_COOKIE_NAME, valid.get("language")),
        (APPEARANCE_COOKIE, valid.get("appearance")),
        (COVER_COOKIE, valid.get("cover")),
    ):
        if value:
            secure = settings.SESSION_COOKIE_SECURE
            response.set_cookie(cookie, value, max_age=_YEAR, secure=secure, httponly=True, samesite="Strict")
    return response
