"""Where a person is signed in. The key of the cookie is not here: only a keyed digest of it."""

from uuid import uuid4

from django.db import models
from django.utils import timezone

from accounts.models.person import User
from vault.handling import index, plain
from vault.rows import TableKind


class Session(models.Model):
    """One signed-in browser. A copy of this table opens no session, and a row written into it opens none."""

    table_kind = TableKind.RECORD
    handling = {
        "digest": index("finds the session by the cookie's key, which is nowhere stored"),
        "user": plain("whose session; empty before signing in"),
        "device": plain("browser and system in two words, so that the person knows it again"),
        "started_at": plain("a session ends after a fixed time"),
        "seen_at": plain("a session ends when it rests"),
        "content": plain("ids and times of the sign-in, sealed as one value"),
    }

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    digest = models.BinaryField(unique=True)
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="sessions")
    device = models.CharField(max_length=60, blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"Session {self.id}"
