"""One-time links. The secret is in the link alone; the database knows a keyed digest of it.

Promise: a link lets exactly one person in, once, until it expires; a newer link ends the older ones. Called
by the actions that invite people, renew credentials and make the first administrator.
"""

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts import credentials
from accounts.errors import LinkRefused
from accounts.models import OneTimeLink, User
from accounts.vocabulary import LinkPurpose
from audit.actions import record
from audit.vocabulary import Kind
from vault.macs import Domain, mac

_LASTS = {LinkPurpose.INVITATION: timedelta(days=3), LinkPurpose.RESET: timedelta(days=1)}


def link_digest(secret: str) -> bytes:
    """The only trace of a link in the database."""
    return mac(Domain.SESSION, b"link:" + secret.encode())


def revoke_links(user: User) -> None:
    """End every open link of a person."""
    OneTimeLink.objects.filter(user=user, spent_at__isnull=True, revoked_at__isnull=True).update(
        revoked_at=timezone.now()
    )


@transaction.atomic
def make_link(*, user: User, purpose: LinkPurpose, by: User | None) -> str:
    """Make a link for a person and return its secret; `by` is None for a command."""
    revoke_links(user)
    secret = secrets.token_urlsafe(32)
    link = OneTimeLink.objects.create(
        user=user,
        purpose=purpose,
        digest=link_digest(secret),
        made_by=by,
        expires_at=timezone.now() + _LASTS[purpose],
    )
    code = by.staff_code if by else "machine:command"
    record(
        Kind.LINK_CREATED,
        by=code,
        subject=f"user:{user.pk}",
        facts={"purpose": purpose.value, "link": str(link.pk)},
    )
    return secret


def open_link(secret: str, *, lock: bool = False) -> OneTimeLink:
    """Find a link that can still be used, or raise `LinkRefused`, the same way for every reason."""
    rows = OneTimeLink.objects.select_for_update(of=("self",)) if lock else OneTimeLink.objects
    link = rows.select_related("user").filter(digest=link_digest(secret)).first()
    if link is None or not link.is_open or not link.user.is_active or link.user.enrolled_at is not None:
        raise LinkRefused(subject=f"user:{link.user_id}" if link else "")
    return link


@transaction.atomic
def spend_link(*, secret: str, password: str) -> User:
    """Set the password of the person whom a link lets in, and spend the link."""
    link = open_link(secret, lock=True)
    user = link.user
    credentials.verify(user)
    user.set_password(password)
    user.save(update_fields=["password"])
    credentials.put_tag(user)
    link.spent_at = timezone.now()
    link.save(update_fields=["spent_at"])
    facts = {"link": str(link.pk)}
    record(Kind.LINK_USED, by=user.staff_code, subject=f"user:{user.pk}", facts=facts, rows=[user])
    return user
