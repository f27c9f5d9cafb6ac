"""A person of the organisation. Their name is sealed under the staff key; their code is what others see."""

from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.errors import ForgedRole
from accounts.vocabulary import Role
from vault.fields import SealedText
from vault.handling import index, plain, sealed
from vault.macs import Domain, mac, verify_mac
from vault.rows import SealedRow, TableKind
from vault.scopes import STAFF, Scope


class People(BaseUserManager["User"]):
    """Finds people by their code; makes none: an invitation does."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(staff_code=(username or "").upper())


class User(SealedRow, AbstractBaseUser, PermissionsMixin):
    """No e-mail address: it would name the person, and whoever reads the mailbox could take the account."""

    table_kind = TableKind.RECORD
    USERNAME_FIELD = "staff_code"
    REQUIRED_FIELDS = []
    objects: ClassVar[People] = People()
    deciding: ClassVar[tuple[str, ...]] = (
        "staff_code",
        "password",
        "is_active",
        "enrolled_at",
        "credentials_reset_at",
        "credentials_tag",
    )
    handling = {
        "staff_code": plain("joins and shows a person without naming them"),
        "name": sealed("lets an administrator know whom a code stands for"),
        "password": plain("an Argon2id hash of a peppered password"),
        "last_login": plain("shows the person that nobody else signed in"),
        "is_superuser": plain("false for everybody, by a constraint"),
        "is_active": plain("closes the account"),
        "groups": plain("unused: grants go to persons"),
        "user_permissions": plain("unused: grants go to cases"),
        "enrolled_at": plain("nothing opens before a second factor is enrolled"),
        "deactivated_at": plain("when the account was closed"),
        "credentials_reset_at": plain("memberships from before count no more"),
        "credentials_tag": index("refuses credentials that were written into the database"),
    }

    staff_code = models.CharField(
        _("staff code"),
        max_length=12,
        unique=True,
        validators=[RegexValidator(r"^[A-Z]{2,4}-[0-9]{2,5}$")],
    )
    name = SealedText(null=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    enrolled_at = models.DateTimeField(null=True, editable=False)
    deactivated_at = models.DateTimeField(null=True, editable=False)
    credentials_reset_at = models.DateTimeField(null=True, editable=False)
    credentials_tag = models.BinaryField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(is_superuser=False), name="user_is_never_superuser"),
            models.CheckConstraint(
                condition=Q(is_active=True) | Q(deactivated_at__isnull=False), name="user_closed_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(staff_code__regex=r"^[A-Z]{2,4}-[0-9]{2,5}$"), name="user_staff_code_form"
            ),
        ]

    def __str__(self) -> str:
        return self.staff_code

    def scope(self) -> Scope:
        """Every person's name lies under the staff key."""
        return STAFF

    @cached_property
    def roles(self) -> frozenset[Role]:
        """The roles held now; a row without a valid tag raises `ForgedRole`."""
        if not self.is_active:
            return frozenset()
        rows = UserRole.objects.filter(user=self, ended_at__isnull=True)
        return frozenset(row.verified() for row in rows)

    def check_password(self, raw_password: str | None) -> bool:
        """Compare only: the library's method would write a newer hash, which no tag would cover."""
        return check_password(raw_password, self.password)

    def has_role(self, *roles: Role) -> bool:
        """Tell whether the person holds one of the roles."""
        return not self.roles.isdisjoint(roles)

    def needs_readmission(self, since: datetime) -> bool:
        """Tell whether a membership granted at `since` lost its force when the credentials were reset."""
        return self.credentials_reset_at is not None and since <= self.credentials_reset_at


class UserRole(SealedRow):
    """A role given to a person, until it is ended. The tag keeps a row written past us from giving power."""

    table_kind = TableKind.RECORD
    deciding: ClassVar[tuple[str, ...]] = ("user_id", "role", "granted_at", "ended_at", "tag")
    handling = {
        "user": plain("whose role"),
        "role": plain("which role"),
        "granted_at": plain("since when"),
        "granted_by": plain("by whom; empty for the first administrator and a demonstration"),
        "ended_at": plain("until when"),
        "tag": index("refuses a role that was written into the database"),
    }

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="role_rows")
    role = models.CharField(max_length=24, choices=Role.choices)
    granted_at = models.DateTimeField(default=timezone.now)
    granted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    tag = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"], condition=Q(ended_at__isnull=True), name="role_held_once"
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="role_is_known"),
        ]

    def scope(self) -> Scope:
        """Nothing in it is sealed; it is about the staff."""
        return STAFF

    def sealed_facts(self) -> bytes:
        """The facts under the tag: fixed widths and an enumeration, so two rows can never read alike."""
        user_id: UUID = self.user_id
        moment = self.granted_at.astimezone(UTC).isoformat(timespec="microseconds").encode()
        ended = b"ended|" if self.ended_at is not None else b""
        return ended + b"role" + self.id.bytes + user_id.bytes + moment + self.role.encode()

    def put_tag(self) -> None:
        """Compute the tag before the row is first saved, and again when the role is taken."""
        self.tag = mac(Domain.GRANTS, self.sealed_facts())

    def verified(self) -> Role:
        """Return the role, or raise `ForgedRole` when the tag does not fit the row."""
        try:
            verify_mac(Domain.GRANTS, self.sealed_facts(), bytes(self.tag))
        except Exception as error:
            raise ForgedRole(subject=f"user:{self.user_id}") from error
        return Role(self.role)
