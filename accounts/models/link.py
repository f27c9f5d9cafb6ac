"""One-time links, and the renewal of credentials that two people decide."""

from datetime import UTC
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models.person import User
from accounts.vocabulary import LinkPurpose, ResetState
from vault.envelope import encode
from vault.handling import index, plain
from vault.macs import Domain, mac, verify_mac
from vault.rows import TableKind


class OneTimeLink(models.Model):
    """Lets one person set a password and enrol a second factor, once. The secret itself is only in the
    link.
    """

    table_kind = TableKind.RECORD
    handling = {
        "user": plain("whom it lets in"),
        "purpose": plain("invitation or reset"),
        "digest": index("finds the link by its secret, which is nowhere stored"),
        "made_by": plain("who is answerable; empty when a command made it"),
        "expires_at": plain("an old link opens nothing"),
        "spent_at": plain("a link works once"),
        "revoked_at": plain("a newer link replaces an older one"),
    }

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="links")
    purpose = models.CharField(max_length=12, choices=LinkPurpose.choices)
    digest = models.BinaryField(unique=True)
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    spent_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"OneTimeLink {self.id}"

    @property
    def is_open(self) -> bool:
        """Tell whether the link can still be used."""
        return self.spent_at is None and self.revoked_at is None and timezone.now() < self.expires_at


class CredentialReset(models.Model):
    """Asked for by one administrator, confirmed by another: neither can take over an account alone.

    The tag covers whose, who and how far: a row that was written into the database, or put back to an earlier
    state, is confirmed by nobody.
    """

    table_kind = TableKind.RECORD
    handling = {
        "user": plain("whose credentials"),
        "requested_by": plain("who asked"),
        "decided_by": plain("who confirmed or cancelled"),
        "decided_at": plain("when"),
        "state": plain("requested, confirmed or cancelled"),
        "tag": index("refuses a reset that was written into the database"),
    }

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="resets")
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, choices=ResetState.choices, default=ResetState.REQUESTED)
    tag = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=ResetState.CONFIRMED) | ~Q(requested_by=F("decided_by")),
                name="reset_by_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state=ResetState.CONFIRMED) | ~Q(user=F("decided_by")),
                name="reset_not_confirmed_by_the_person",
            ),
            models.CheckConstraint(
                condition=Q(state=ResetState.REQUESTED)
                ^ Q(decided_by__isnull=False, decided_at__isnull=False),
                name="reset_decided_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(state=ResetState.REQUESTED), name="one_open_reset_a_person"
            ),
        ]

    def __str__(self) -> str:
        return f"CredentialReset {self.id}"

    def tagged_facts(self) -> bytes:
        """What the tag covers; lengths stand before every part, so that two rows never read alike."""
        ids = (self.id, self.user_id, self.requested_by_id, self.decided_by_id)
        times = (self.created_at, self.decided_at)
        return encode(
            b"credential reset 1",
            self.state.encode(),
            *(b"" if one is None else one.bytes for one in ids),
            *(b"" if one is None else one.astimezone(UTC).isoformat().encode() for one in times),
        )

    def put_tag(self) -> None:
        """Compute the tag before saving."""
        self.tag = mac(Domain.GRANTS, self.tagged_facts())

    def verify_tag(self) -> None:
        """Raise a vault error when the tag does not fit the row."""
        verify_mac(Domain.GRANTS, self.tagged_facts(), bytes(self.tag or b""))
