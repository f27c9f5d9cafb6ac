"""Renew somebody's password and second factors: one administrator asks, another confirms.

Promise: no one person can take over an account, the person's old credentials, sessions and links are gone
when it is confirmed, and they are in no case until the lead of each readmits them. Called by the
administrators' pages.

Limit: two accounts are two people only where administrators are invited honestly; one who invites a second
account for themselves is seen in the log (`account:invited`, `account:role-given`), and what they win is an
account that is in no case.
"""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import credentials
from accounts.actions.links import make_link
from accounts.actions.sessions import end_all_sessions
from accounts.errors import ForgedReset, NotInThisState, NotYourOwn, SecondPersonRequired
from accounts.models import CredentialReset, User
from accounts.vocabulary import LinkPurpose, ResetState
from audit.actions import record
from audit.vocabulary import Kind
from vault.errors import VaultError


@transaction.atomic
def request_reset(*, user: User, by: User) -> CredentialReset:
    """Ask for the renewal of somebody else's credentials; changes nothing yet."""
    if user == by:
        raise NotYourOwn(subject=f"user:{user.pk}")
    if not user.is_active:
        raise NotInThisState(subject=f"user:{user.pk}")
    try:
        with transaction.atomic():
            reset = CredentialReset(user=user, requested_by=by)
            reset.put_tag()
            reset.save(force_insert=True)
    except IntegrityError:
        raise NotInThisState(subject=f"user:{user.pk}") from None
    record(Kind.RESET_REQUESTED, by=by.staff_code, subject=f"user:{user.pk}", facts={"reset": str(reset.pk)})
    return reset


def _requested(reset: UUID) -> CredentialReset:
    row = CredentialReset.objects.select_for_update().filter(pk=reset, state=ResetState.REQUESTED).first()
    if row is None:
        raise NotInThisState(subject=f"reset:{reset}")
    return row


def _believe(row: CredentialReset) -> None:
    """Raise `ForgedReset`: nobody asked for what is only a row. Stopping one needs no belief."""
    try:
        row.verify_tag()
    except VaultError as error:
        raise ForgedReset(subject=f"reset:{row.pk}") from error


def decide_reset(row: CredentialReset, state: ResetState, by: User) -> None:
    """Write the end of a reset; a step of confirming, of stopping, and of closing an account."""
    row.state, row.decided_by, row.decided_at = state, by, timezone.now()
    row.put_tag()
    row.save(update_fields=["state", "decided_by", "decided_at", "tag"])


@transaction.atomic
def confirm_reset(*, reset: UUID, by: User) -> tuple[User, str]:
    """Confirm what another administrator asked for; returns the person and the secret of their new link."""
    row = _requested(reset)
    _believe(row)
    if by.pk in {row.requested_by_id, row.user_id}:
        raise SecondPersonRequired(subject=f"reset:{reset}")
    decide_reset(row, ResetState.CONFIRMED, by)
    user = User.objects.select_for_update().get(pk=row.user_id)
    user.set_unusable_password()
    user.enrolled_at, user.credentials_reset_at = None, timezone.now()
    user.save(update_fields=["password", "enrolled_at", "credentials_reset_at"])
    credentials.forget_factors(user)
    credentials.put_tag(user)  # nothing of the old state is left to bless
    end_all_sessions(user=user, by=by.staff_code)
    facts = {"reset": str(reset)}
    record(Kind.RESET_CONFIRMED, by=by.staff_code, subject=f"user:{user.pk}", facts=facts, rows=[user])
    return user, make_link(user=user, purpose=LinkPurpose.RESET, by=by)


@transaction.atomic
def cancel_reset(*, reset: UUID, by: User) -> None:
    """Withdraw or refuse a request; one person is enough to stop it."""
    row = _requested(reset)
    decide_reset(row, ResetState.CANCELLED, by)
    record(Kind.RESET_CANCELLED, by=by.staff_code, subject=f"user:{row.user_id}", facts={"reset": str(reset)})
