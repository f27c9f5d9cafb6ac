"""Finish an enrolment, and keep the tag over a person's credentials when they change them themselves.

Promise: nobody is enrolled without a second factor and recovery codes, and a change is tagged only when
what was there before verified. Called by the enrolment page and by the policy round the library's pages.
"""

from django.db import transaction
from django.utils import timezone

from accounts import credentials
from accounts.actions.sessions import end_other_sessions
from accounts.errors import NotInThisState
from accounts.models import User
from audit.actions import record
from audit.vocabulary import Kind


@transaction.atomic
def finish_enrolment(*, by: User) -> None:
    """Open the account of a person who now has a second factor and has seen their recovery codes."""
    user = User.objects.select_for_update().get(pk=by.pk)
    complete = credentials.factor_count(user) > 0 and credentials.has_recovery_codes(user)
    if user.enrolled_at is not None or not complete:
        raise NotInThisState(subject=f"user:{user.pk}")
    credentials.verify(user)
    user.enrolled_at = timezone.now()
    user.save(update_fields=["enrolled_at"])
    credentials.put_tag(user)
    record(Kind.ACCOUNT_ACTIVATED, by=user.staff_code, subject=f"user:{user.pk}", rows=[user])


def keep_changed_credentials(*, user: User, by: User, kept_key: str | None, password_changed: bool) -> None:
    """Tag credentials that the person changed just now in a page of the library, and record that they did.

    The caller verified the old state before the page ran. After a new password no other browser stays
    signed in.
    """
    credentials.put_tag(user)
    kind = Kind.PASSWORD_CHANGED if password_changed else Kind.FACTOR_CHANGED
    facts = {"factors": credentials.factor_count(user)}
    record(kind, by=by.staff_code, subject=f"user:{user.pk}", facts=facts, rows=[user])
    if password_changed:
        end_other_sessions(by=by, kept_key=kept_key)
