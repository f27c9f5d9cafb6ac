"""One person for each way of looking at the system, as fixtures, and how they sign in.

They are written through the same action as everybody, but enrolled at once: a password and factors cost time,
and few tests are about them.
"""

from collections.abc import Callable
from typing import Final

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts import credentials
from accounts.actions.people import new_person
from accounts.models import User
from accounts.vocabulary import Role

ROLES: Final[dict[str, tuple[Role, ...]]] = {
    "lead": (Role.INVESTIGATOR, Role.SUPERVISOR),
    "investigator": (Role.INVESTIGATOR,),
    "interpreter": (Role.INTERPRETER,),
    "supervisor": (Role.SUPERVISOR,),
    "custodian": (Role.IDENTITY_CUSTODIAN,),
    "disclosure_officer": (Role.DISCLOSURE_OFFICER,),
    "recipient": (Role.RECIPIENT,),
    "outsider": (Role.INVESTIGATOR,),
    "auditor": (Role.AUDITOR,),
    "sysadmin": (Role.SYSADMIN,),
}
ANONYMOUS: Final = "anonymous"
PERSONAS: Final = (ANONYMOUS, *ROLES)


def make_person(*roles: Role, name: str = "A person of the tests") -> User:
    """Write an enrolled person without password or factor."""
    with transaction.atomic():
        user = new_person(name=name, roles=roles, by=None)
        user.enrolled_at = timezone.now()
        user.save(update_fields=["enrolled_at"])
        credentials.put_tag(user)
    return user


def signed_in(user: User | None) -> Client:
    """Return a browser in which `user` is signed in; None for a stranger."""
    browser = Client()
    if user is not None:
        browser.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return browser


def _persona(name: str) -> Callable[..., User]:
    @pytest.fixture(name=name)
    def persona(db: None) -> User:
        return make_person(*ROLES[name], name=f"The {name} of the tests")

    return persona


lead = _persona("lead")
investigator = _persona("investigator")
interpreter = _persona("interpreter")
supervisor = _persona("supervisor")
custodian = _persona("custodian")
disclosure_officer = _persona("disclosure_officer")
recipient = _persona("recipient")
outsider = _persona("outsider")
auditor = _persona("auditor")
sysadmin = _persona("sysadmin")
