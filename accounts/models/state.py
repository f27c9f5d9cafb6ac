"""Small tables of the sign-in: how often something was tried, and whether this is a demonstration."""

from uuid import UUID, uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from vault.handling import index, plain
from vault.rows import TableKind

THE_INSTALLATION = UUID("6f0d6a0e-6c1b-4a2e-9d53-5a0a5f3c7d11")


class Throttle(models.Model):
    """A counter of tries, here and not in Redis: whoever reaches Redis can empty it."""

    table_kind = TableKind.RECORD
    handling = {
        "digest": index("finds the counter without telling the address or code it counts"),
        "value": plain("times of tries, as JSON"),
        "expires_at": plain("counters are forgotten"),
    }

    digest = models.BinaryField(primary_key=True)
    value = models.TextField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return "Throttle"


class Installation(models.Model):
    """The one row that says what this database is. Written before its first person, or never."""

    table_kind = TableKind.LOG
    handling = {"is_demonstration": plain("a demonstration from its creation, or never")}

    id = models.UUIDField(primary_key=True, default=THE_INSTALLATION, editable=False)
    is_demonstration = models.BooleanField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=THE_INSTALLATION), name="one_installation")]

    def __str__(self) -> str:
        return "Installation"


class DemonstrationLink(models.Model):
    """The link that one start of a demonstration printed. A newer start makes the older ones worthless."""

    table_kind = TableKind.RECORD
    handling = {
        "digest": index("finds the link by its secret, which is nowhere stored"),
        "spent_at": plain("a link works once"),
    }

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    digest = models.BinaryField(unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    spent_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"DemonstrationLink {self.id}"
