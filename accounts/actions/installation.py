"""What this database is: a demonstration from its creation, or never. Called by commands and the start of
`up`.

Promise: no account exists by default; the first administrator comes in by a one-time link that a command
prints; a database with people in it never becomes a demonstration, and in any other no persona can be
taken.
"""

import secrets
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts import credentials
from accounts.actions.links import make_link
from accounts.actions.people import new_person
from accounts.errors import LinkRefused, NotADemonstration, NotInThisState
from accounts.models import DemonstrationLink, Installation, User
from accounts.vocabulary import LinkPurpose, Role
from audit.actions import record
from audit.vocabulary import Kind
from vault.macs import Domain, mac


def is_demonstration() -> bool:
    """Tell whether this database was created as a demonstration."""
    return Installation.objects.filter(is_demonstration=True).exists()


@transaction.atomic
def mark_demonstration() -> None:
    """Make an empty database a demonstration; refused once there is a person, or once it was decided."""
    if User.objects.exists() or Installation.objects.exists():
        raise NotInThisState(subject="installation")
    Installation.objects.create(is_demonstration=True)
    record(Kind.DEMO_MARKED, by="machine:command", subject="installation")


def _digest(secret: str) -> bytes:
    return mac(Domain.SESSION, b"demonstration:" + secret.encode())


@transaction.atomic
def demonstration_link() -> str:
    """Make the link of this start and return its path; the links of earlier starts become worthless."""
    if not is_demonstration():
        raise NotADemonstration
    DemonstrationLink.objects.filter(spent_at__isnull=True).update(spent_at=timezone.now())
    secret = secrets.token_hex(16)
    DemonstrationLink.objects.create(digest=_digest(secret))
    record(Kind.LINK_CREATED, by="machine:command", subject="demonstration")
    return f"/demonstration/{secret}"


@transaction.atomic
def spend_demonstration_link(*, secret: str) -> None:
    """Use the link, once; of two at the same moment one is refused."""
    now = timezone.now()
    if not is_demonstration():
        raise NotADemonstration
    if not DemonstrationLink.objects.filter(digest=_digest(secret), spent_at__isnull=True).update(
        spent_at=now
    ):
        raise LinkRefused(subject="demonstration")
    record(Kind.LINK_USED, by="anonymous", subject="demonstration")


@transaction.atomic
def make_demonstration_person(*, staff_code: str, name: str, roles: Iterable[Role]) -> User:
    """Write a persona of the demonstration: no password, no factor, reached through the link alone."""
    if not is_demonstration():
        raise NotADemonstration
    user = new_person(name=name, roles=roles, by=None, staff_code=staff_code)
    user.enrolled_at = timezone.now()
    user.save(update_fields=["enrolled_at"])
    credentials.put_tag(user)
    record(Kind.ACCOUNT_ACTIVATED, by="machine:command", subject=f"user:{user.pk}", rows=[user])
    return user


@transaction.atomic
def enter_as(*, persona: User) -> None:
    """Record that somebody took a persona of the demonstration."""
    if not is_demonstration() or not persona.is_active:
        raise NotADemonstration
    record(Kind.DEMO_ENTERED, by=persona.staff_code, subject=f"user:{persona.pk}")


@transaction.atomic
def make_first_administrator(*, name: str) -> tuple[User, str]:
    """Make the first administrator, or a new link for one who never enrolled; refused once one has.

    Returns the person and the secret of their link. From here on the database is no demonstration, ever.
    """
    installation, _new = Installation.objects.get_or_create(defaults={"is_demonstration": False})
    if installation.is_demonstration or User.objects.filter(enrolled_at__isnull=False).exists():
        raise NotInThisState(subject="installation")
    administrators = User.objects.filter(role_rows__role=Role.SYSADMIN, role_rows__ended_at__isnull=True)
    waiting = administrators.filter(is_active=True).order_by("created_at").first()
    user = waiting or new_person(name=name, roles=[Role.SYSADMIN], by=None)
    return user, make_link(user=user, purpose=LinkPurpose.INVITATION, by=None)
