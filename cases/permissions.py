"""Who may do what in a case.

Promise: power is a guardian grant *and* a membership in force *and* the role that the membership's tag
covers; what lists show, what checks allow and what row-level security passes is one and the same question.
`check` raises, `can` wraps it, so that a button and its refusal never disagree. Called by policies, actions
and views.
"""

from collections.abc import Iterable
from contextlib import suppress
from uuid import UUID

from accounts.models import User
from cases.errors import CaseClosed, CaseLocked, ForgedMembership, NotAllowed, NotVisible
from cases.models import Case, CaseRow, Membership
from cases.models.sets import STANDING, granted_codes, has_grant, in_force, stored_permission
from cases.vocabulary import ROLE_PERMISSIONS, WHILE_LOCKED, MemberRole, Permission
from vault.errors import VaultError

__all__ = [
    "ROLE_PERMISSIONS",
    "can",
    "check",
    "members_with",
    "open_for_work",
    "powers",
    "powers_of",
    "refuse_locked",
    "role_powers",
    "roles_with",
    "verified_cases",
]


def role_powers(membership: Membership) -> frozenset[Permission]:
    """What the role brings, whatever grants may lie in the table."""
    powers = ROLE_PERMISSIONS[MemberRole(membership.role)]
    return powers | {Permission.STRICT_READ} if membership.sees_strict else powers


def check(user: User, permission: Permission, case: Case | UUID) -> Membership:
    """Return the membership that allows this now, or raise `NotVisible`, `CaseLocked` or `NotAllowed`."""
    case_id = case.pk if isinstance(case, Case) else case
    subject = f"case:{case_id}"
    membership = _standing(user, permission, case_id)
    if membership is None:
        raise NotVisible(subject=subject, scope=case_id, permission=permission.value)
    _believe(membership)
    if membership.case.locked_at is not None and permission not in WHILE_LOCKED:
        asks = Permission.CASE_LOCK in role_powers(membership)
        raise CaseLocked(subject=subject, scope=case_id, permission=permission.value, asks=int(asks))
    if not vars(membership)["holds"] or permission not in role_powers(membership):
        raise NotAllowed(subject=subject, scope=case_id, permission=permission.value)
    return membership


def _standing(user: User, permission: Permission, case_id: UUID) -> Membership | None:
    """Read the membership that stands now, and its case. Two texts: composing one query takes longer."""
    asked = [stored_permission(permission).pk, case_id, user.pk]
    for membership in Membership.objects.raw(STANDING, asked):
        for case in Case.objects.raw("SELECT * FROM cases_case WHERE id = %s", [case_id]):
            membership.case = case
            return membership
    return None


def can(user: User, permission: Permission, case: Case | UUID) -> bool:
    """Tell whether `check` would pass."""
    try:
        check(user, permission, case)
    except (NotVisible, NotAllowed, CaseLocked, ForgedMembership):
        return False
    return True


def powers(user: User, case: Case | UUID) -> frozenset[Permission]:
    """All that the person may do in the case now."""
    case_id = case.pk if isinstance(case, Case) else case
    found = Membership.objects.filter(in_force(), case=case_id, user=user.pk)
    membership = found.annotate(codes=granted_codes()).select_related("case").first()
    if membership is None:
        return frozenset()
    _believe(membership)
    return powers_of(membership)


def powers_of(membership: Membership) -> frozenset[Permission]:
    """All that a membership allows that `check` returned in this transaction."""
    codes: list[str] = vars(membership)["codes"]  # read with it
    held = role_powers(membership) if membership.case.locked_at is None else WHILE_LOCKED
    return frozenset(power for power in held & role_powers(membership) if power.value in codes)


def verified_cases(user: User, cases: Iterable[Case]) -> list[Case]:
    """Keep a list of visible cases only if every membership behind it carries our tag; raise otherwise."""
    found = list(cases)
    for membership in Membership.objects.filter(
        in_force(), user=user.pk, case__in=[case.pk for case in found]
    ):
        _believe(membership)
    return found


def open_for_work(case: Case) -> None:
    """Raise `CaseClosed` when the case is kept and no longer written."""
    if not case.is_written:
        raise CaseClosed(subject=f"case:{case.pk}", scope=case.pk)


def refuse_locked(row: CaseRow | None) -> None:
    """Raise `CaseLocked` where a list left out a row because its case is locked: whoever works it waits."""
    if row is not None and Case.objects.filter(pk=row.case_id, locked_at__isnull=False).exists():
        raise CaseLocked(subject=f"case:{row.case_id}", scope=row.case_id)


def members_with(permission: Permission, case: Case) -> list[User]:
    """The people who hold a power in a case now."""
    roles = [role for role, held in ROLE_PERMISSIONS.items() if permission in held]
    rows = Membership.objects.filter(in_force(), case=case, role__in=roles).select_related("user")
    return [row.user for row in rows]


def roles_with(permission: Permission, case: Case) -> dict[User, MemberRole]:
    """The people for whom `check` would pass in the case now, and their roles in it: asked in one query."""
    found = Membership.objects.filter(in_force(), has_grant(permission), case=case)
    if permission not in WHILE_LOCKED:
        found = found.filter(case__locked_at__isnull=True)
    held: dict[User, MemberRole] = {}
    for row in found.select_related("user"):
        with suppress(ForgedMembership):
            _believe(row)
            if permission in role_powers(row):
                held[row.user] = MemberRole(row.role)
    return held


def _believe(membership: Membership) -> None:
    try:
        membership.verify_tag()
    except VaultError as error:
        raise ForgedMembership(subject=f"membership:{membership.pk}", scope=membership.case_id) from error
