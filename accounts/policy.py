"""Who may call a view. Every view wears exactly one policy; a view without one stops `manage.py check`.

`@public` is for everybody, `@signed_in` for people who are signed in with a second factor (with the given
roles, if any), `@case_view` (in `cases.policy`) for members of a case. `@fresh` stands under one of them
before a grave act. A policy enters the door, renders inside it, and turns a refusal into a calm page.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast, overload

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django.views.defaults import page_not_found

from accounts import credentials
from accounts.actions.enrolment import keep_changed_credentials
from accounts.actions.sessions import note_refused_factor
from accounts.adapters import proved_recently
from accounts.door import entering
from accounts.errors import LockedMeanwhile, NoCredentials, RoleRequired
from accounts.models import User
from accounts.vocabulary import Role
from audit.refusals import Refusal
from vault.errors import KeyLocked, RootKeyUnreachable, VaultError

View = Callable[..., HttpResponseBase]
V = TypeVar("V", bound=View)


class StaffRequest(HttpRequest):
    """A request whose person is known: views under `@signed_in` and `@case_view` take this."""

    user: User


def public(view: V) -> V:
    """Let everybody in; the view decides by what it is given (a link, a password)."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        reader = request.user if isinstance(request.user, User) else None
        return answer(request, reader, lambda: view(request, *args, **kwargs))

    guarded.policy = "public"  # type: ignore[attr-defined]  # read by the check and by the access matrix
    guarded.login_required = False  # type: ignore[attr-defined]  # read by LoginRequiredMiddleware
    return cast("V", guarded)


@overload
def signed_in(view: V, /) -> V: ...
@overload
def signed_in(*roles: Role) -> Callable[[V], V]: ...
def signed_in(*arguments: Any) -> Any:
    """Let signed-in people in; with roles, only those who hold one of them now."""
    if len(arguments) == 1 and not isinstance(arguments[0], Role):
        return _signed_in((), arguments[0])
    return lambda view: _signed_in(arguments, view)


def _signed_in(roles: tuple[Role, ...], view: V) -> V:
    @wraps(view)
    def guarded(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        def ask_and_act() -> HttpResponseBase:
            if roles and not request.user.has_role(*roles):
                raise RoleRequired(subject=f"user:{request.user.pk}")
            return view(request, *args, **kwargs)

        return answer(request, request.user, ask_and_act)

    guarded.policy = "signed_in"  # type: ignore[attr-defined]  # read by the check and by the access matrix
    guarded.login_required = True  # type: ignore[attr-defined]  # a borrowed view may say otherwise
    guarded.roles = roles  # type: ignore[attr-defined]
    return cast("V", guarded)


def fresh(view: V) -> V:
    """Ask the person to prove again who they are, within the last minutes, before a grave act.

    Stands under the policy, next to the view, and belongs on the page with the form as well as on its POST.
    What was typed is never kept on the server while they prove it: a stale POST changes nothing and goes back
    to the address in its field `back`, or to its own.
    """

    @wraps(view)
    def guarded(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if proved_recently(request):
            return view(request, *args, **kwargs)
        if request.method == "POST":
            messages.info(request, _("Nothing was changed yet. Confirm that it is you, then do it again."))
        return HttpResponseRedirect(
            f"{reverse('account_reauthenticate')}?{urlencode({'next': _way_back(request)})}"
        )

    guarded.fresh = True  # type: ignore[attr-defined]  # read by the tests
    return cast("V", guarded)


def entrance(view: V) -> V:
    """The policy of the library's pages before signing in: as `public`, and a refused factor is recorded."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def watched(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if (
            purpose(request) == "mfa_authenticate"
            and request.method == "POST"
            and response.status_code == 200
        ):
            note_refused_factor()
        return response

    return public(cast("V", watched))


def own_credentials(view: V) -> V:
    """The policy of the library's pages where people change their own password and factors.

    What is stored is verified before the page runs, and tagged again, with an event, if the page changed it.
    """

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def watched(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_usable_password():
            raise NoCredentials(subject=f"user:{request.user.pk}")
        user = User.objects.select_for_update().get(pk=request.user.pk)
        credentials.verify(user)
        before, password = credentials.fingerprint(user), user.password
        response = view(request, *args, **kwargs)
        user.refresh_from_db()
        if credentials.fingerprint(user) != before:
            key = request.session.session_key
            changed = user.password != password
            keep_changed_credentials(user=user, by=user, kept_key=key, password_changed=changed)
        return response

    return _signed_in((), cast("V", watched))


def _way_back(request: HttpRequest) -> str:
    back = request.POST.get("back", "")
    if back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return back
    return request.get_full_path()


def answer(
    request: HttpRequest,
    reader: User | None,
    act: Callable[[], HttpResponseBase],
    *,
    after: Callable[[], HttpResponseBase] | None = None,
) -> HttpResponseBase:
    """Run a view inside the door and render its answer there; show a refusal as a page with its status.

    `after` runs behind the closed door and answers in the view's stead: it waits for the wire, and opens a
    door of its own for each step.
    """
    try:
        with entering(reader, purpose(request)):
            response = act()
            if callable(getattr(response, "render", None)) and not getattr(response, "is_rendered", True):
                response = response.render()  # type: ignore[attr-defined]  # a TemplateResponse reads rows here
        return after() if after is not None else response
    except Refusal as refusal:
        return refused(request, refusal)
    except RootKeyUnreachable:
        # Whoever seals the root key is away: nothing was changed, and the same step can be taken again.
        response = render(request, "503.html", status=503)
        response["Retry-After"] = "60"
        return response
    except KeyLocked:
        return refused(request, LockedMeanwhile())
    except VaultError:
        return render(request, "accounts/unopened.html", status=500)


def purpose(request: HttpRequest) -> str:
    """One word for the log: the name of the address that was asked for."""
    match = request.resolver_match
    return (match.view_name if match else "") or "unnamed"


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Show a refusal. What a reader may not know of looks exactly like what does not exist.

    A program that asks for JSON alone is told in JSON.
    """
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"message": str(refusal.message)}, status=refusal.status)
    if refusal.status == 404:
        return page_not_found(request, Http404())
    context = {"message": refusal.message, "refusal": refusal}
    return render(request, refusal.template, context, status=refusal.status)
