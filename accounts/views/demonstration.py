"""The way into a demonstration. In any other database these addresses answer as if they did not exist."""

from collections.abc import Callable
from functools import wraps
from ipaddress import ip_address
from typing import Any
from uuid import UUID

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from accounts.actions import installation
from accounts.context import PERSONA_SWITCH
from accounts.device import device_name
from accounts.models import User
from accounts.policy import public
from accounts.sessionstore import DEVICE
from accounts.views.account import BACKEND
from accounts.vocabulary import Role

CAN_DO = {
    Role.INVESTIGATOR: _("Takes people's accounts, records consent and receives their photos and videos."),
    Role.INTERPRETER: _("Reads and translates in the interviews they are part of."),
    Role.TRANSLATOR: _("Translates accounts that are finished."),
    Role.ANALYST: _("Weighs accounts against images, places and weapons."),
    Role.SUPERVISOR: _("Reviews accounts, returns or approves them, and approves exports."),
    Role.LEGAL_REVIEWER: _("Reads accounts and evidence with the elements of the law in mind."),
    Role.IDENTITY_CUSTODIAN: _("Guards the sealed names; opens none alone."),
    Role.DISCLOSURE_OFFICER: _("Prepares exports and makes sure that consent covers everything in them."),
    Role.EVIDENCE_CUSTODIAN: _("Registers and guards evidence and its chain of custody."),
    Role.AUDITOR: _("Sees who did what and checks the log; cannot read content."),
    Role.SYSADMIN: _("Invites people and keeps the system running; cannot read content."),
    Role.RECIPIENT: _("Receives an export for a court or another body."),
}
_FORWARDING = ("Forwarded", "Via")


def _is_local(request: HttpRequest) -> bool:
    """Believe only a browser on this machine: a proxy makes every visitor look local, so any sign of one
    refuses.
    """
    names = request.headers
    if any(name in names for name in _FORWARDING) or any(
        name.lower().startswith("x-forwarded") for name in names
    ):
        return False
    host = request.get_host()
    host = host[1 : host.index("]")] if host.startswith("[") else host.partition(":")[0]
    return _loopback(request.META.get("REMOTE_ADDR", "")) and (host == "localhost" or _loopback(host))


def _loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def only_in_a_demonstration(
    *methods: str,
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Answer 404 outside a demonstration, before CSRF or the method could tell that the address exists."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        protected = csrf_protect(view)

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not installation.is_demonstration() or not _is_local(request):
                raise Http404
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            return protected(request, *args, **kwargs)

        return csrf_exempt(public(guarded))

    return decorate


@only_in_a_demonstration("GET", "POST")
def demonstration_enter(request: HttpRequest, secret: str) -> HttpResponse:
    """The printed link: a GET spends nothing, so that a preview or a scanner cannot use it up."""
    if request.method == "POST":
        installation.spend_demonstration_link(secret=secret)
        request.session.flush()
        request.session[PERSONA_SWITCH] = True
        return redirect("persona-list")
    return render(request, "accounts/demonstration_enter.html", {"secret": secret})


def _may_switch(request: HttpRequest) -> None:
    if not request.session.get(PERSONA_SWITCH):
        raise Http404


@only_in_a_demonstration("GET")
def persona_list(request: HttpRequest) -> HttpResponse:
    """Choose whose eyes to see the demonstration with."""
    _may_switch(request)
    rows = []
    for person in User.objects.filter(is_active=True, enrolled_at__isnull=False).order_by("staff_code"):
        roles = sorted(person.roles, key=list(Role).index)
        rows.append((person, [role.label for role in roles], [CAN_DO[role] for role in roles]))
    return render(request, "accounts/persona_list.html", {"rows": rows})


@only_in_a_demonstration("POST")
def persona_take(request: HttpRequest, person: UUID) -> HttpResponse:
    """Become a persona in this browser, under a new session key."""
    _may_switch(request)
    persona = get_object_or_404(User, pk=person, is_active=True, enrolled_at__isnull=False)
    installation.enter_as(persona=persona)
    request.session.flush()
    login(request, persona, backend=BACKEND)
    request.session[PERSONA_SWITCH] = True
    request.session[DEVICE] = device_name(request)
    return redirect("dashboard")
