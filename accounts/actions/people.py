"""Invite people, give and take roles, close accounts. Called by the administrators' pages and by commands.

Promise: nobody gives themselves a role or closes their own account, a role carries a tag that no row can
forge, and a closed account has no session, no link and no way back.
"""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import credentials
from accounts.actions.links import make_link, revoke_links
from accounts.actions.resets import decide_reset
from accounts.actions.sessions import end_all_sessions
from accounts.errors import NotInThisState, NotYourOwn
from accounts.models import CredentialReset, User, UserRole
from accounts.owed import wake
from accounts.vocabulary import CODE_PREFIXES, LinkPurpose, ResetState, Role
from audit.actions import record
from audit.vocabulary import Kind

_TRIES = 5
# The rooms above end what the person was in and had asked for; their sweeps would find it too.
_LEAVING = ("cases.sweep_memberships", "exports.stop_of_gone")


def _next_code(role: Role, step: int) -> str:
    prefix = CODE_PREFIXES[role]
    taken = User.objects.filter(staff_code__startswith=f"{prefix}-").values_list("staff_code", flat=True)
    highest = max((int(code.partition("-")[2]) for code in taken), default=0)
    return f"{prefix}-{highest + step:02d}"


def new_person(*, name: str, roles: Iterable[Role], by: User | None, staff_code: str = "") -> User:
    """Write a person, their roles and the tag over their credentials; they cannot sign in yet."""
    held = list(roles)
    for step in range(1, _TRIES + 1):
        user = User(staff_code=staff_code or _next_code(held[0], step))
        user.seal(name=name)
        user.set_unusable_password()
        try:
            with transaction.atomic():
                user.save()
            break
        except IntegrityError:
            if staff_code or step == _TRIES:
                raise NotInThisState(subject="user") from None
    for role in held:
        _give(user, role, by)
    credentials.put_tag(user)
    code = by.staff_code if by else "machine:command"
    facts = {"code": user.staff_code}
    record(Kind.ACCOUNT_INVITED, by=code, subject=f"user:{user.pk}", facts=facts, rows=[user])
    return user


@transaction.atomic
def invite_person(*, name: str, roles: Iterable[Role], by: User) -> tuple[User, str]:
    """Invite a person; returns them and the secret of their link, which is shown once."""
    user = new_person(name=name, roles=roles, by=by)
    return user, make_link(user=user, purpose=LinkPurpose.INVITATION, by=by)


@transaction.atomic
def renew_link(*, user: User, by: User) -> str:
    """Replace the link of a person who never finished enrolling."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user == by:
        raise NotYourOwn(subject=f"user:{user.pk}")
    if not user.is_active or user.enrolled_at is not None:
        raise NotInThisState(subject=f"user:{user.pk}")
    purpose = LinkPurpose.RESET if user.credentials_reset_at else LinkPurpose.INVITATION
    return make_link(user=user, purpose=purpose, by=by)


def _give(user: User, role: Role, by: User | None) -> None:
    row = UserRole(user=user, role=role.value, granted_by=by, granted_at=timezone.now())
    row.put_tag()
    row.save()
    code = by.staff_code if by else "machine:command"
    facts = {"role": role.value}
    record(Kind.ACCOUNT_ROLE_GIVEN, by=code, subject=f"user:{user.pk}", facts=facts, rows=[row])


@transaction.atomic
def give_role(*, user: User, role: Role, by: User) -> None:
    """Give a role to somebody else."""
    if user == by:
        raise NotYourOwn(subject=f"user:{user.pk}")
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active or UserRole.objects.filter(user=user, role=role, ended_at__isnull=True).exists():
        raise NotInThisState(subject=f"user:{user.pk}")
    _give(user, role, by)


@transaction.atomic
def take_role(*, user: User, role: Role, by: User) -> None:
    """Take a role from somebody else."""
    if user == by:
        raise NotYourOwn(subject=f"user:{user.pk}")
    held = UserRole.objects.select_for_update().filter(user=user, role=role, ended_at__isnull=True).first()
    if held is None:
        raise NotInThisState(subject=f"user:{user.pk}")
    held.ended_at = timezone.now()
    held.put_tag()  # the end is under the tag too: emptying the column in the database gives nothing back
    held.save(update_fields=["ended_at", "tag"])
    facts = {"role": role.value}
    record(Kind.ACCOUNT_ROLE_TAKEN, by=by.staff_code, subject=f"user:{user.pk}", facts=facts, rows=[held])


@transaction.atomic
def deactivate_person(*, user: User, by: User) -> None:
    """Close somebody else's account at once: sessions, links and open resets end with it, and what is under
    way ends with its next step, a download within seconds. Memberships are ended, exports that they asked for
    are stopped, and the cases get new keys, in a moment.
    """
    if user == by:
        raise NotYourOwn(subject=f"user:{user.pk}")
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        raise NotInThisState(subject=f"user:{user.pk}")
    user.is_active, user.deactivated_at = False, timezone.now()
    user.credentials_tag = None  # no tag verifies: switching the flag back in the database opens nothing
    user.save(update_fields=["is_active", "deactivated_at", "credentials_tag"])
    revoke_links(user)
    for reset in CredentialReset.objects.select_for_update().filter(user=user, state=ResetState.REQUESTED):
        decide_reset(reset, ResetState.CANCELLED, by)
    end_all_sessions(user=user, by=by.staff_code)
    record(Kind.ACCOUNT_DEACTIVATED, by=by.staff_code, subject=f"user:{user.pk}", rows=[user])
    for task in _LEAVING:
        wake(task, user.pk)
