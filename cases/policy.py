"""`@case_view`: the reference in the URL becomes a case that was checked for this reader and this power.

Promise: a view under this policy never runs for somebody who may not; what a reader may not know of gives
the very page that nothing gives. Worn by every view inside a case.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import SimpleLazyObject

from accounts.door import reader_code
from accounts.models import User
from accounts.policy import StaffRequest, answer
from cases.errors import NotVisible
from cases.models import Case, LegalHold, Membership
from cases.permissions import check, powers_of
from cases.vocabulary import Permission
from vault.opening import open_row
from vault.vocabulary import Purpose

V = TypeVar("V", bound=Callable[..., HttpResponseBase])


class CaseRequest(StaffRequest):
    """A request inside a case: the reader is known to be a member."""

    case: Case
    case_title: str
    case_is_held: bool
    membership: Membership
    powers: frozenset[Permission]


def case_view(permission: Permission, *, waits: bool = False) -> Callable[[V], V]:
    """Let in who holds `permission` in the case that the URL names as `case`.

    A view that `waits` for the wire runs when the door has closed behind the question, so that no transaction
    is open meanwhile; it opens one for each of its steps, which ask again.
    """

    def wear(view: V) -> V:
        @wraps(view)
        def guarded(request: CaseRequest, *args: Any, case: UUID, **kwargs: Any) -> HttpResponseBase:
            def act() -> HttpResponseBase:
                return view(request, request.case, *args, **kwargs)

            def ask() -> HttpResponseBase:
                if not isinstance(request.user, User):
                    raise NotVisible(subject=f"case:{case}", scope=case)
                request.membership = check(request.user, permission, case)
                request.case = request.membership.case
                request.powers = powers_of(request.membership)
                request.case_title = cast("str", SimpleLazyObject(lambda: title_of(request)))
                request.case_is_held = cast("bool", SimpleLazyObject(lambda: is_held(request.case)))
                return HttpResponse() if waits else act()

            return answer(request, request.user, ask, after=act if waits else None)

        guarded.policy = "case_view"  # type: ignore[attr-defined]  # read by the check and the access matrix
        guarded.permission = permission  # type: ignore[attr-defined]
        return cast("V", guarded)

    return wear


def is_held(case: Case) -> bool:
    """Tell whether an authority keeps the case or anything in it, asked once a page, when it is printed."""
    return LegalHold.over(case.pk, whole=False).exists()


def title_of(request: CaseRequest) -> str:
    """Open the title for who may read it, once a page, when it is printed; an auditor sees none."""
    if Permission.CASE_READ not in request.powers:
        return ""
    opened = open_row(request.case, "title", reader=reader_code(request.user), purpose=Purpose.READ)
    return opened.text("title")
