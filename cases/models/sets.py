"""Lists start from the reader: one EXISTS over grant and dated membership decides what they may see."""

from functools import cache
from typing import TypeVar, cast

from django.apps import apps
from django.contrib.auth.models import Permission as StoredPermission
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from accounts.models import User
from cases.vocabulary import Permission, Sensitivity

M = TypeVar("M", bound=Model)


@cache
def stored_permission(permission: Permission) -> StoredPermission:
    """Return guardian's name for a power. These rows are made by a migration and never change."""
    return StoredPermission.objects.select_related("content_type").get(
        content_type__app_label="cases", content_type__model="case", codename=permission.value
    )


def in_force() -> Q:
    """A membership counts now: begun, not over, not ended, given after any reset of credentials."""
    begun = Q(starts_at__lte=Now(), closed_at__isnull=True)
    lasting = Q(ends_at__isnull=True) | Q(ends_at__gt=Now())
    trusted = Q(user__credentials_reset_at__isnull=True) | Q(granted_at__gt=F("user__credentials_reset_at"))
    return begun & lasting & trusted & Q(user__is_active=True)


def holding(user: User, permission: Permission, case: str) -> Exists:
    """The one question: does `user` hold `permission` in the case that the outer column `case` names, now?"""
    grant = apps.get_model("cases", "CaseGrant")
    membership = apps.get_model("cases", "Membership")
    granted = grant._base_manager.filter(  # get_model knows no managers by type
        content_object=OuterRef("case"), user=OuterRef("user"), permission=stored_permission(permission).pk
    )
    return Exists(
        membership._base_manager.filter(  # as above
            in_force(), Exists(granted), case=OuterRef(case), user=user.pk
        )
    )


class CaseSet(QuerySet[M]):
    """Cases, from a reader's side."""

    def visible_to(self, user: User, permission: Permission = Permission.CASE_READ) -> "CaseSet[M]":
        """Keep the cases in which the person holds the permission now."""
        return self.filter(holding(user, permission, "pk"))


class CaseRowSet(QuerySet[M]):
    """Rows of cases, from a reader's side."""

    def visible_to(self, user: User, permission: Permission | None = None) -> "CaseRowSet[M]":
        """Keep the rows of cases where the person may read this kind; strict ones need a grant more.

        What is said of a witness is as strict as the witness is *now*, whatever they were when it was said.
        """
        asked = permission or cast("Permission", getattr(self.model, "read_permission", Permission.CASE_READ))
        open_to_members = Q()
        for column in getattr(self.model, "strict_by", ("sensitivity",)):
            open_to_members &= ~Q(**{column: Sensitivity.STRICTLY_CONFIDENTIAL})
        return self.filter(
            holding(user, asked, "case"), open_to_members | holding(user, Permission.STRICT_READ, "case")
        )
