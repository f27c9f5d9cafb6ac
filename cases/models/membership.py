"""Who is in a case, in which role and from when to when; and guardian's grants, which follow from it."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from guardian.models import UserObjectPermissionBase

from accounts.models import User
from cases.models.case import Case
from cases.vocabulary import MemberRole
from vault.fields import SealedText
from vault.handling import index, plain, sealed
from vault.macs import Domain, mac, verify_mac
from vault.rows import SealedRow, TableKind
from vault.scopes import Scope


class Membership(SealedRow):
    """A role in a case, for a time. A change of role ends one membership and begins another.

    The tag covers everything that gives power: a row written past us is refused wherever it would open
    something.
    """

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "user_id", "role", "tag")
    handling = {
        "case": plain("which case"),
        "user": plain("who"),
        "role": plain("decides what they may do"),
        "sees_strict": plain("decides whether strictly confidential rows are shown"),
        "starts_at": plain("a membership counts from here"),
        "ends_at": plain("and to here, if it is set"),
        "granted_at": plain("a reset of credentials takes force from older memberships"),
        "granted_by": plain("who is answerable"),
        "closed_at": plain("when it was ended"),
        "closed_by": plain("by whom; empty when it ran out"),
        "reason": sealed("why, in words that may name people"),
        "tag": index("refuses a membership that was written into the database"),
    }

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=MemberRole.choices)
    sees_strict = models.BooleanField(default=False)
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True)
    granted_at = models.DateTimeField(default=timezone.now)
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reason = SealedText(null=True)
    tag = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "user"], condition=Q(closed_at__isnull=True), name="one_membership_a_person"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="membership_ends_after_start",
            ),
            models.CheckConstraint(condition=Q(role__in=MemberRole.values), name="membership_role_is_known"),
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True) | Q(closed_at__isnull=False),
                name="membership_closed_at_a_time",
            ),
        ]
        # All that the question "in force?" needs stands in the index: lists never touch the rows.
        indexes = [
            models.Index(
                fields=["user", "case"],
                include=["starts_at", "ends_at", "granted_at", "closed_at"],
                condition=Q(closed_at__isnull=True),
                name="membership_in_force",
            )
        ]

    def scope(self) -> Scope:
        """The reason lies under the case key."""
        return Scope.case(self.case_id)

    def tagged_facts(self) -> bytes:
        """What the tag covers: fixed widths, then one enumeration, so that two rows never read alike."""
        case_id: UUID = self.case_id
        user_id: UUID = self.user_id
        times = b"".join(map(_moment, (self.starts_at, self.ends_at, self.granted_at, self.closed_at)))
        strict = b"\x01" if self.sees_strict else b"\x00"
        return b"member" + self.id.bytes + case_id.bytes + user_id.bytes + times + strict + self.role.encode()

    def put_tag(self) -> None:
        """Compute the tag; every action that changes a covered column does this before saving."""
        self.tag = mac(Domain.GRANTS, self.tagged_facts())

    def verify_tag(self) -> None:
        """Raise a vault error when the tag does not fit the row."""
        verify_mac(Domain.GRANTS, self.tagged_facts(), bytes(self.tag))


def _moment(value: datetime | None) -> bytes:
    """Nine bytes: whether there is a time, and its microseconds since 1970."""
    if value is None:
        return bytes(9)
    since = value - datetime.fromtimestamp(0, tz=value.tzinfo)
    micros = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    return b"\x01" + micros.to_bytes(8, signed=True)


class CaseGrant(UserObjectPermissionBase):
    """One power of one person in one case. Written by guardian; worth nothing without a membership."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    handling = {
        "user": plain("who"),
        "permission": plain("which power"),
        "content_object": plain("in which case"),
    }

    # guardian finds this table through the reverse relation; without one it would write its generic table.
    content_object = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="grants")

    class Meta(UserObjectPermissionBase.Meta):
        indexes = [models.Index(fields=["user", "content_object"], name="grant_by_user_and_case")]

    def __str__(self) -> str:
        return f"CaseGrant {self.pk}"
