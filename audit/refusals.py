"""What the system declines to do, as exceptions with names.

Promise: a refusal carries the event it deserves and the words the person reads. Whoever raises one need do no
more: the door rolls back, writes the event in a transaction of its own and shows `message` with `status`, on
the page that `template` names.
"""

from typing import ClassVar
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.vocabulary import Kind


class Refusal(Exception):
    """Raised by actions and permissions. Subclasses set kind, status and message."""

    kind: ClassVar[Kind] = Kind.ACCESS_REFUSED
    status: ClassVar[int] = 403
    template: ClassVar[str] = "accounts/refused.html"
    message: ClassVar[Promise | str] = _("This is not possible here. Nothing was changed.")

    def __init__(self, *, subject: str = "", scope: UUID | None = None, **facts: str | int) -> None:
        super().__init__(type(self).__name__)
        self.subject = subject
        self.scope = scope
        self.facts = facts
