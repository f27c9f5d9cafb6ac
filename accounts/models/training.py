"""What people were trained for, and until when it counts."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.errors import ForgedTraining
from accounts.models.person import User
from accounts.vocabulary import EXPIRES_SOON, TrainingKind
from vault.errors import VaultError
from vault.fields import SealedText
from vault.handling import index, plain, sealed
from vault.macs import Domain, mac, verify_mac
from vault.rows import SealedRow, TableKind
from vault.scopes import STAFF, Scope


class Training(SealedRow):
    """One training of one person. It lets them meet whom others may not: the tag keeps a row written past us,
    or one whose days were changed, from doing so.
    """

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    deciding: ClassVar[tuple[str, ...]] = ("user_id", "kind", "completed_on", "expires_on", "ended_at", "tag")
    handling = {
        "user": plain("who was trained"),
        "kind": plain("decides whom they may meet"),
        "completed_on": plain("it counts from that day"),
        "expires_on": plain("and up to that day"),
        "noted_at": plain("when it was entered"),
        "noted_by": plain("by whom; empty in a demonstration"),
        "ended_at": plain("when it was taken back, or a newer one took its place"),
        "certificate": sealed("who trained the person, and where the paper is"),
        "tag": index("refuses a training that was written into the database"),
    }

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="training_rows")
    kind = models.CharField(max_length=16, choices=TrainingKind.choices)
    completed_on = models.DateField()
    expires_on = models.DateField()
    noted_at = models.DateTimeField(default=timezone.now, editable=False)
    noted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    certificate = SealedText()
    tag = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"], condition=Q(ended_at__isnull=True), name="training_counts_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=TrainingKind.values), name="training_is_known"),
            models.CheckConstraint(
                condition=Q(expires_on__gt=F("completed_on")), name="training_expires_later"
            ),
        ]

    def scope(self) -> Scope:
        """It is about the staff."""
        return STAFF

    def tagged_facts(self) -> bytes:
        """What the tag covers: fixed widths and an enumeration, so that two rows never read alike."""
        user_id: UUID = self.user_id
        days = b"".join(day.isoformat().encode() for day in (self.completed_on, self.expires_on))
        ended = self.ended_at.astimezone(UTC).isoformat(timespec="microseconds") if self.ended_at else ""
        return b"training" + self.id.bytes + user_id.bytes + days + self.kind.encode() + b"|" + ended.encode()

    def put_tag(self) -> None:
        """Compute the tag before the row is saved, and again when the training is ended."""
        self.tag = mac(Domain.GRANTS, self.tagged_facts())

    def verified(self) -> TrainingKind:
        """Return what it was for, or raise `ForgedTraining` where the tag does not fit the row."""
        try:
            verify_mac(Domain.GRANTS, self.tagged_facts(), bytes(self.tag))
        except VaultError as error:
            raise ForgedTraining(subject=f"user:{self.user_id}") from error
        return TrainingKind(self.kind)

    def is_ours(self) -> bool:
        """Tell whether the row carries our tag."""
        try:
            self.verified()
        except ForgedTraining:
            return False
        return True

    def warned_since(self) -> datetime:
        """When it began to be soon that it expires."""
        return timezone.make_aware(datetime.combine(self.expires_on - EXPIRES_SOON, time.min))

    def counts_on(self, day: date) -> bool:
        """Tell whether the person is trained on that day; the last day counts."""
        return self.ended_at is None and self.completed_on <= day <= self.expires_on


def trainings_of(people: Iterable[User], day: date) -> dict[UUID, frozenset[TrainingKind]]:
    """What each of them is trained for on a day, by their ids. Raises `ForgedTraining`.

    Every row that is not ended must carry our tag, whether it counts on that day or not.
    """
    found: dict[UUID, frozenset[TrainingKind]] = {one.pk: frozenset() for one in people}
    for row in Training.objects.filter(user__in=found, ended_at__isnull=True):
        kind = row.verified()
        if row.counts_on(day):
            found[row.user_id] |= {kind}
    return found


def expiring(people: Iterable[UUID], day: date) -> list[Training]:
    """What they are trained for on a day and soon no more, the first to end first; a row that is not ours
    opens nothing, and so there is nothing of it to renew.
    """
    rows = Training.objects.filter(user__in=people, ended_at__isnull=True).select_related("user")
    soon = rows.filter(expires_on__range=(day, day + EXPIRES_SOON)).order_by("expires_on", "id")
    return [row for row in soon if row.counts_on(day) and row.is_ours()]
