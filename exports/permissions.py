"""Who may keep recipients, compare keys and fetch deliveries; and when a key or a contact is believed.

Promise: a key that two different people have not compared, or that was written past us, is never used; a
contact sees what is addressed to their own body and nothing else. What happens inside a case is asked of
`cases.permissions`. Called by actions and by views that show a button.
"""

from datetime import datetime

from django.utils import timezone

from accounts.errors import RoleRequired
from accounts.models import User
from accounts.vocabulary import Role
from exports.errors import KeyUnfit, NotAddressed, RecipientUnfit, SecondKeyUnfit
from exports.models import KeyCheck, Recipient, RecipientContact, RecipientKey, SecondKey
from exports.vocabulary import KEEPERS, KEY_CHECKERS
from vault.errors import VaultError

CHECKS_NEEDED = 2


def check_keeper(user: User) -> None:
    """Raise `RoleRequired` unless the person keeps recipients."""
    if not user.has_role(*KEEPERS):
        raise RoleRequired(subject=f"user:{user.pk}")


def can_keep(user: User) -> bool:
    """Tell whether `check_keeper` would pass."""
    return user.has_role(*KEEPERS)


def check_key_checker(user: User) -> None:
    """Raise `RoleRequired` unless the person may compare keys."""
    if not user.has_role(*KEY_CHECKERS):
        raise RoleRequired(subject=f"user:{user.pk}")


def believed_checks(key: RecipientKey) -> list[KeyCheck]:
    """Return the comparisons that carry our tag, one a person; raises `KeyUnfit` at a forged one."""
    checks = list(key.checks.select_related("created_by").order_by("created_at"))
    try:
        for check in checks:
            check.key = key
            check.verify_tag()
    except VaultError as error:
        raise KeyUnfit(subject=f"recipient-key:{key.pk}", why="forged_check") from error
    return list({check.created_by_id: check for check in checks}.values())


def check_key(key: RecipientKey, at: datetime | None = None) -> None:
    """Raise `KeyUnfit`, saying why, unless packages may be encrypted to the key now."""
    now = at or timezone.now()
    subject = f"recipient-key:{key.pk}"
    try:
        key.verify_tag()
    except VaultError as error:
        raise KeyUnfit(subject=subject, why="forged") from error
    if key.revoked_at is not None:
        raise KeyUnfit(subject=subject, why="revoked")
    if key.expires_at is not None and now >= key.expires_at:
        raise KeyUnfit(subject=subject, why="expired")
    if len(believed_checks(key)) < CHECKS_NEEDED:
        raise KeyUnfit(subject=subject, why="unchecked")


def can_use_key(key: RecipientKey) -> bool:
    """Tell whether `check_key` would pass."""
    try:
        check_key(key)
    except KeyUnfit:
        return False
    return True


def check_second_key(key: SecondKey, *, confirmed: bool = True) -> None:
    """Raise `SecondKeyUnfit`, saying why, unless the key is ours, has not ended, and, where it is to be used,
    a second person confirmed that the recipient holds it.
    """
    subject = f"second-key:{key.pk}"
    try:
        key.verify_tag()
    except VaultError as error:
        raise SecondKeyUnfit(subject=subject, why="forged") from error
    if key.ended_at is not None:
        raise SecondKeyUnfit(subject=subject, why="ended")
    if (key.confirmed_at is not None) != confirmed:
        raise SecondKeyUnfit(subject=subject, why="unconfirmed" if confirmed else "confirmed")


def can_use_second_key(key: SecondKey) -> bool:
    """Tell whether `check_second_key` would pass."""
    try:
        check_second_key(key)
    except SecondKeyUnfit:
        return False
    return True


def check_agreement(recipient: Recipient) -> None:
    """Raise `RecipientUnfit` when the agreement has run out."""
    if recipient.agreement_until is not None and recipient.agreement_until < timezone.localdate():
        raise RecipientUnfit(subject=f"recipient:{recipient.pk}")


def contact_of(user: User) -> RecipientContact:
    """Return for which body the person signs in; raises `NotAddressed` for none, or a forged one."""
    contact = (
        RecipientContact.objects.filter(user=user.pk, ended_at__isnull=True)
        .select_related("recipient")
        .first()
    )
    if contact is None or not user.has_role(Role.RECIPIENT):
        raise NotAddressed(subject=f"user:{user.pk}")
    try:
        contact.verify_tag()
    except VaultError as error:
        raise NotAddressed(subject=f"recipient-contact:{contact.pk}", why="forged") from error
    return contact
