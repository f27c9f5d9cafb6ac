"""Who is in a case: adding, changing, ending, readmitting, and sweeping out what ran out.

Promise: guardian's grants follow a tagged membership and nothing else; nobody changes their own powers; a
case keeps a lead. Called by the member pages, `open_case` and the sweep.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from guardian.shortcuts import remove_perm

from accounts import sweeping
from accounts.door import Machine, reader_code
from accounts.models import User
from accounts.owed import wake
from accounts.vocabulary import Role
from audit.actions import record
from audit.vocabulary import Kind
from cases.actions.rekeying import TASK as REKEY
from cases.errors import (
    AlreadyMember,
    LastLead,
    MembershipWithoutTime,
    MemberUnfit,
    OwnMembership,
    StepNotPossible,
)
from cases.models import Case, CaseGrant, Membership
from cases.models.sets import in_force, stored_permission
from cases.permissions import check, role_powers
from cases.vocabulary import MemberRole, Permission
from vault.errors import VaultError

# Which role in the organisation carries which role in a case.
_FITS: dict[MemberRole, tuple[Role, ...]] = {
    MemberRole.LEAD: (Role.INVESTIGATOR, Role.SUPERVISOR),
    **{role: (Role(role.value),) for role in MemberRole if role is not MemberRole.LEAD},
}


def add_member(
    *,
    by: User,
    case: Case,
    user: User,
    role: MemberRole,
    reason: str,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    sees_strict: bool = False,
) -> Membership:
    """Give a person a role in a case, for a time. Raises `AlreadyMember`, `MemberUnfit`."""
    check(by, Permission.MEMBER_MANAGE, case)
    if user.pk == by.pk:
        raise OwnMembership(subject=f"user:{user.pk}", scope=case.pk)
    for old in Membership.objects.select_for_update().filter(case=case, user=user, closed_at__isnull=True):
        if old.ends_at is None or old.ends_at > timezone.now():
            raise AlreadyMember(subject=f"membership:{old.pk}", scope=case.pk)
        _close(old, closed_by=None)
    membership = grant(
        case=case,
        user=user,
        role=role,
        by=by,
        reason=reason,
        starts_at=starts_at,
        ends_at=ends_at,
        sees_strict=sees_strict,
    )
    _record(Kind.MEMBER_ADDED, by, membership)
    return membership


def change_member(
    *,
    by: User,
    membership: Membership,
    role: MemberRole,
    reason: str,
    ends_at: datetime | None = None,
    sees_strict: bool = False,
) -> Membership:
    """End a membership and begin one of another role or length in the same instant."""
    check(by, Permission.MEMBER_MANAGE, membership.case_id)
    old = _open(membership)
    if old.user_id == by.pk:
        raise OwnMembership(subject=f"membership:{old.pk}", scope=old.case_id)
    if role != MemberRole.LEAD:
        _keeps_a_lead(old)
    before = old.role
    _close(old, closed_by=by)
    new = grant(
        case=old.case,
        user=old.user,
        role=role,
        by=by,
        reason=reason,
        ends_at=ends_at,
        sees_strict=sees_strict,
    )
    _record(Kind.MEMBER_CHANGED, by, new, old, before=before, ended=str(old.pk))
    return new


def end_membership(*, by: User, membership: Membership) -> Membership:
    """End a membership and take its grants; anybody may leave a case themselves."""
    if membership.user_id == by.pk:
        own = Permission.LOG_READ if membership.role == MemberRole.AUDITOR else Permission.CASE_READ
        check(by, own, membership.case_id)
    else:
        check(by, Permission.MEMBER_MANAGE, membership.case_id)
    old = _open(membership)
    _keeps_a_lead(old)
    _close(old, closed_by=by)
    _record(Kind.MEMBER_ENDED, by, old)
    return old


def readmit_member(*, by: User, membership: Membership) -> Membership:
    """Let a person back in whose credentials were reset. A lead who was reset needs a supervisor."""
    is_lead = membership.role == MemberRole.LEAD
    check(by, Permission.CASE_EDIT if is_lead else Permission.MEMBER_MANAGE, membership.case_id)
    old = _open(membership)
    if old.user_id == by.pk:
        raise OwnMembership(subject=f"membership:{old.pk}", scope=old.case_id)
    if not old.user.needs_readmission(old.granted_at):
        raise StepNotPossible(subject=f"membership:{old.pk}", scope=old.case_id)
    old.verify_tag()
    _fits(old.user, MemberRole(old.role), old.case_id)
    old.granted_at = timezone.now()
    old.granted_by = by
    old.put_tag()
    old.save(update_fields=["granted_at", "granted_by", "tag"])
    _record(Kind.MEMBER_READMITTED, by, old)
    return old


def sweep_memberships() -> int:
    """Close memberships that ran out or whose account was closed, and take every grant that stands behind
    none; return how many closed. The last lead of a case stays on paper: a supervisor must find them there.

    Called by the sweep's task, which has entered as that machine. One that cannot be ended as it stands is
    set aside: it keeps nobody else's from ending.
    """
    is_shut = Q(user__is_active=False)
    over = Membership.objects.select_for_update(of=("self",), skip_locked=True).filter(
        Q(ends_at__lte=timezone.now()) | is_shut, closed_at__isnull=True
    )
    closed = []
    for membership in over.select_related("user").order_by("case", "pk"):
        if not membership.user.is_active and _is_last_lead(membership):
            continue
        reason = "ran_out" if membership.user.is_active else "account_closed"
        try:
            with transaction.atomic():
                _close(membership, closed_by=None)
                _record(Kind.MEMBER_ENDED, Machine.SWEEP, membership, reason=reason)
        except VaultError as refused:
            because, scope = type(refused).__name__, membership.case_id
            sweeping.set_aside(f"membership:{membership.pk}", because=because, scope=scope)
        else:
            closed.append(membership)
    standing = Membership.objects.filter(
        case=OuterRef("content_object"), user=OuterRef("user"), closed_at__isnull=True
    )
    for orphan in CaseGrant.objects.filter(~Exists(standing)).select_related("user", "permission"):
        remove_perm(orphan.permission, orphan.user, Case(pk=orphan.content_object_id))
        record(
            Kind.MEMBER_ENDED,
            by=reader_code(Machine.SWEEP),
            subject=f"user:{orphan.user_id}",
            scope=orphan.content_object_id,
            facts={"reason": "grant_without_membership", "permission": orphan.permission.codename},
        )
    return len(closed)


def grant(
    *,
    case: Case,
    user: User,
    role: MemberRole,
    by: User,
    reason: str,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    sees_strict: bool = False,
) -> Membership:
    """Write a membership and its grants. Checks the person, not the giver: the calling action did that."""
    _fits(user, role, case.pk)
    now = timezone.now()
    membership = Membership(
        case=case,
        user=user,
        role=role,
        sees_strict=sees_strict,
        starts_at=starts_at or now,
        ends_at=ends_at,
        granted_at=now,
        granted_by=by,
    )
    if ends_at is not None and ends_at <= membership.starts_at:
        raise MembershipWithoutTime(subject=f"user:{user.pk}", scope=case.pk)
    membership.seal(reason=reason.strip() or None)
    membership.put_tag()
    membership.save(force_insert=True)
    # As guardian assigns them, in one statement: one at a time they are a hundred.
    CaseGrant.objects.bulk_create(
        [
            CaseGrant(permission=stored_permission(permission), user=user, content_object=case)
            for permission in sorted(role_powers(membership))
        ],
        ignore_conflicts=True,
    )
    return membership


def _fits(user: User, role: MemberRole, case_id: UUID) -> None:
    if not user.is_active or not user.has_role(*_FITS[role]):
        raise MemberUnfit(subject=f"user:{user.pk}", scope=case_id, role=role.value)


def _open(membership: Membership) -> Membership:
    """Lock the membership and read it anew; only one that is not ended can be changed."""
    locked = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("case", "user")
        .get(pk=membership.pk)
    )
    if locked.closed_at is not None:
        raise StepNotPossible(subject=f"membership:{locked.pk}", scope=locked.case_id)
    return locked


def _keeps_a_lead(membership: Membership) -> None:
    if membership.role != MemberRole.LEAD:
        return
    # Two leads who leave in the same second would each see the other: the case row is their queue.
    Case.objects.select_for_update().get(pk=membership.case_id)
    if _is_last_lead(membership):
        raise LastLead(subject=f"membership:{membership.pk}", scope=membership.case_id)


def _is_last_lead(membership: Membership) -> bool:
    leads = Membership.objects.filter(in_force(), case=membership.case_id, role=MemberRole.LEAD)
    return membership.role == MemberRole.LEAD and not leads.exclude(pk=membership.pk).exists()


def _close(membership: Membership, *, closed_by: User | None) -> None:
    membership.closed_at = timezone.now()
    membership.closed_by = closed_by
    membership.put_tag()
    membership.save(update_fields=["closed_at", "closed_by", "tag"])
    CaseGrant.objects.filter(user=membership.user_id, content_object=membership.case_id).delete()
    wake(REKEY, membership.case_id)  # who left may have seen the key: what is sealed next has another


def _record(
    kind: Kind, by: User | Machine, membership: Membership, *others: Membership, **facts: str
) -> None:
    record(
        kind,
        by=reader_code(by),
        subject=f"membership:{membership.pk}",
        scope=membership.case_id,
        facts={"role": membership.role, "user": str(membership.user_id), **facts},
        rows=[membership, *others],
    )
