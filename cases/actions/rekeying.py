"""A case gets a new key when somebody has left it.

Promise: what is sealed afterwards lies under a key that nobody who left can have copied; what was sealed
before opens as ever. That it is owed is no row of its own: a membership that ended after the case's key was
made says so, however the message about it was lost or forged. Called by the tasks, which have entered as the
sweep.
"""

from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.door import Machine, reader_code
from cases.models import Case, Membership
from vault.keys.rotation import Count, rotate_scope
from vault.models import ScopeKey
from vault.scopes import Scope
from vault.vocabulary import KeyState, ScopeKind

TASK = "cases.rekey"


def owed_rekeys(case: UUID | None = None) -> list[UUID]:
    """Return the cases that somebody left since their key was made, or whose rotation was interrupted.

    One that is locked waits: it is owed again when it is reopened.
    """
    keys = ScopeKey.objects.filter(kind=ScopeKind.CASE, state=KeyState.PRIMARY)
    interrupted = ScopeKey.objects.filter(
        kind=ScopeKind.CASE, scope_id=OuterRef("scope_id"), state=KeyState.ENABLED
    )
    locked = Case.objects.filter(pk=OuterRef("scope_id"), locked_at__isnull=False)
    found = keys.filter(Exists(_left()) | Exists(interrupted)).exclude(Exists(locked))
    if case is not None:
        found = found.filter(scope_id=case)
    return list(found.order_by("created_at").values_list("scope_id", flat=True))


def _left() -> "QuerySet[Membership]":
    """Who was in the case while this key was in use, and is not any more: they left, or are shut out."""
    of_case = Membership.objects.filter(case=OuterRef("scope_id"))
    stays = Membership.objects.filter(
        case=OuterRef("case"), user=OuterRef("user"), closed_at__isnull=True, user__is_active=True
    )
    ended = Q(closed_at__gt=OuterRef("created_at"))
    shut = Q(user__is_active=False, user__deactivated_at__gt=OuterRef("created_at")) & (
        Q(closed_at__isnull=True) | Q(closed_at__gte=F("user__deactivated_at"))
    )
    return of_case.filter(ended | shut).filter(~Exists(stays))


def rekey(case: UUID) -> Count:
    """Make a new key for the case and wrap its witnesses' and files' keys under it."""
    return rotate_scope(Scope.case(case), by=reader_code(Machine.SWEEP))
