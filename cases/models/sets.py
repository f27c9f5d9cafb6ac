"""Lists start from the reader: one EXISTS over grant and dated membership decides what they may see."""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar, cast

from django.contrib.auth.models import Permission as StoredPermission
from django.contrib.postgres.fields import ArrayField
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Expression, F, Model, Q, QuerySet, TextField
from django.db.models.sql.compiler import SQLCompiler

from accounts.models import User
from cases.vocabulary import WHILE_LOCKED, Permission, Sensitivity

M = TypeVar("M", bound=Model)


@cache
def stored_permission(permission: Permission) -> StoredPermission:
    """Return guardian's name for a power. These rows are made by a migration and never change."""
    return StoredPermission.objects.select_related("content_type").get(
        content_type__app_label="cases", content_type__model="case", codename=permission.value
    )


# What makes a membership stand now: begun, not over, not ended, given after any reset of credentials. As text
# and not as a tree of Django's expressions: every request asks it, and building the tree takes longer.
_STANDS = """{m}.starts_at <= statement_timestamp() AND {m}.closed_at IS NULL
    AND ({m}.ends_at IS NULL OR {m}.ends_at > statement_timestamp())
    AND EXISTS (SELECT FROM accounts_user u WHERE u.id = {m}.user_id AND u.is_active
                AND (u.credentials_reset_at IS NULL OR {m}.granted_at > u.credentials_reset_at))"""
_GRANTED = """EXISTS (
    SELECT FROM cases_casegrant g
    WHERE g.user_id = {m}.user_id AND g.content_object_id = {m}.case_id{which})"""
_CODES = """ARRAY(
    SELECT p.codename::text FROM cases_casegrant g JOIN auth_permission p ON p.id = g.permission_id
    WHERE g.user_id = {m}.user_id AND g.content_object_id = {m}.case_id)"""
_WHICH = " AND g.permission_id = %s"
_HOLDS = (
    f"EXISTS (SELECT FROM cases_membership m WHERE m.case_id = {{case}} AND m.user_id = %s"
    f" AND {_STANDS.format(m='m')} AND {_GRANTED.format(m='m', which=_WHICH)}{{unlocked}})"
)
_UNLOCKED = " AND NOT EXISTS (SELECT FROM cases_case k WHERE k.id = m.case_id AND k.locked_at IS NOT NULL)"


# The membership that stands for a person in a case, with whether it `holds` a power, and the `codes` of all
# that are granted behind it. For `raw`, as every request asks it; takes the power, the case and the person.
STANDING = f"""
    SELECT m.*, {_GRANTED.format(m="m", which=_WHICH)} AS holds, {_CODES.format(m="m")} AS codes
    FROM cases_membership m
    WHERE m.case_id = %s AND m.user_id = %s AND {_STANDS.format(m="m")}
        AND {_GRANTED.format(m="m", which="")}"""  # noqa: S608 - the parts stand above


class _Claim(Expression):
    """A condition written in SQL, with its values; nothing that a reader typed is ever part of its text."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, text: str, *values: object) -> None:
        super().__init__()
        self._text, self._values = text, values

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:  # noqa: ARG002 - Django's signature
        return self._text, list(self._values)


def in_force() -> Expression:
    """A membership counts now. For queries over memberships themselves."""
    return _Claim(_STANDS.format(m="cases_membership"))


def has_grant(permission: Permission | None = None) -> Expression:
    """Guardian's grant of a power, or of any, stands behind a membership. For queries over memberships."""
    if permission is None:
        return _Claim(_GRANTED.format(m="cases_membership", which=""))
    text = _GRANTED.format(m="cases_membership", which=_WHICH)
    return _Claim(text, stored_permission(permission).pk)


class _Codes(_Claim):
    output_field = ArrayField(TextField())  # type: ignore[assignment]  # names in place of a claim
    conditional = False


def granted_codes() -> Expression:
    """The names of all powers that are granted behind a membership. For queries over memberships."""
    return _Codes(_CODES.format(m="cases_membership"))


class Holds(_Claim):
    """The one question: does a person hold a permission in the case that an outer column names, now?

    In a case that is locked nobody does, but for what asks for its reopening.
    """

    def __init__(self, user: User, permission: Permission, case: str) -> None:
        super().__init__(_HOLDS, user.pk, stored_permission(permission).pk)
        self._case: Expression | F = F(case)
        self._unlocked = "" if permission in WHILE_LOCKED else _UNLOCKED

    def get_source_expressions(self) -> list[Any]:
        return [self._case]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        (self._case,) = exprs

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:  # noqa: ARG002 - as above
        case, values = compiler.compile(cast("Expression", self._case))
        return self._text.format(case=case, unlocked=self._unlocked), [*values, *self._values]


class CaseSet(QuerySet[M]):
    """Cases, from a reader's side."""

    def visible_to(self, user: User, permission: Permission = Permission.CASE_READ) -> "CaseSet[M]":
        """Keep the cases in which the person holds the permission now."""
        return self.filter(Holds(user, permission, "pk"))


class CaseRowSet(QuerySet[M]):
    """Rows of cases, from a reader's side."""

    def visible_to(
        self, user: User, permission: Permission | None = None, *, erased: bool = False
    ) -> "CaseRowSet[M]":
        """Keep the rows of cases where the person may read this kind; strict ones need a grant more.

        What is said of a witness is as strict as the witness is *now*, whatever they were when it was said.
        `erased` asks for rows too whose words nobody can open any more: for their plain columns.
        """
        asked = permission or cast("Permission", getattr(self.model, "read_permission", Permission.CASE_READ))
        open_to_members = Q()
        for column in getattr(self.model, "strict_by", ("sensitivity",)):
            open_to_members &= ~Q(**{column: Sensitivity.STRICTLY_CONFIDENTIAL})
        rows = self if erased else self.kept()
        return rows.filter(
            Holds(user, asked, "case"),
            open_to_members | Holds(user, Permission.STRICT_READ, "case"),
        )

    def kept(self) -> "CaseRowSet[M]":
        """Leave out what a destroyed key sealed: it would only fail to open."""
        return self.filter(**{f"{column}__isnull": True for column in getattr(self.model, "erased_by", ())})
