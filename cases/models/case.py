"""A case: what a mandate, a standard of proof and a group of people are about."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from cases.models.sets import CaseRowSet, CaseSet
from cases.vocabulary import (
    ArmedConflict,
    CaseStatus,
    Permission,
    RetentionRule,
    Sensitivity,
    Series,
    StandardOfProof,
)
from vault.fields import SealedText
from vault.handling import plain, sealed
from vault.rows import SealedRow, TableKind
from vault.scopes import Scope


class Case(SealedRow):
    """Its code is random but for the prefix: a refused code can tell nothing of a hidden case."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    deciding: ClassVar[tuple[str, ...]] = ("code", "prefix", "standard_of_proof", "armed_conflict", "status")
    handling = {
        "code": plain("joins and shows a case without its title"),
        "prefix": plain("begins the numbers of the case's testimonies and exhibits"),
        "title": sealed("says what the case is about"),
        "situation": plain("groups cases of one situation"),
        "mandate": sealed("says on whose word, and about what, people work"),
        "standard_of_proof": plain("decides what may be called established"),
        "armed_conflict": plain("decides which law applies"),
        "status": plain("decides which steps are open"),
        "retention_rule": plain("decides when the case is destroyed"),
        "locked_at": plain("two custodians hold its key since then"),
        "revision": plain("two people who edit at once are noticed"),
        "created_by": plain("who is answerable"),
    }

    code = models.CharField(max_length=16, unique=True)
    prefix = models.CharField(max_length=5)
    title = SealedText()
    situation = models.CharField(max_length=60)
    mandate = SealedText()
    standard_of_proof = models.CharField(max_length=32, choices=StandardOfProof.choices)
    armed_conflict = models.CharField(
        max_length=24, choices=ArmedConflict.choices, default=ArmedConflict.UNDETERMINED
    )
    status = models.CharField(max_length=20, choices=CaseStatus.choices, default=CaseStatus.OPEN)
    retention_rule = models.CharField(
        max_length=20, choices=RetentionRule.choices, default=RetentionRule.THIRTY_YEARS
    )
    locked_at = models.DateTimeField(null=True, editable=False)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = CaseSet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [(permission.value, permission.value) for permission in Permission]
        constraints = [
            models.CheckConstraint(condition=Q(prefix__regex=r"^[A-Z]{2,5}$"), name="case_prefix_form"),
            models.CheckConstraint(condition=Q(status__in=CaseStatus.values), name="case_status_is_known"),
            models.CheckConstraint(
                condition=Q(standard_of_proof__in=StandardOfProof.values), name="case_standard_is_known"
            ),
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="case_newest_first")]

    def scope(self) -> Scope:
        """A case lies under its own key."""
        return Scope.case(self.id)

    @property
    def is_written(self) -> bool:
        """A closed case is kept, not written."""
        return self.status not in (CaseStatus.CLOSED, CaseStatus.ARCHIVED)


class CaseRow(SealedRow):
    """A row of one case. The database itself shows it to members of that case only."""

    # Which power a list of these rows asks for.
    read_permission: ClassVar[Permission] = Permission.CASE_READ
    # The columns of which any one may make a row strict.
    strict_by: ClassVar[tuple[str, ...]] = ("sensitivity",)
    row_handling = {
        "case": plain("row-level security decides by it"),
        "created_by": plain("who is answerable"),
        "sensitivity": plain("decides who may read the row"),
    }

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sensitivity = models.CharField(
        max_length=22, choices=Sensitivity.choices, default=Sensitivity.CONFIDENTIAL
    )

    objects = CaseRowSet.as_manager()

    class Meta:
        abstract = True

    def scope(self) -> Scope:
        """Rows of a case lie under the case key unless they speak of one witness."""
        return Scope.case(self.case_id)


class CaseCounter(models.Model):
    """The last number given in one series of one case."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    handling = {
        "case": plain("whose numbers"),
        "series": plain("which numbers"),
        "last": plain("the next one follows it"),
    }

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    series = models.CharField(max_length=4, choices=Series.choices)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "series"], name="one_counter_a_series")]

    def __str__(self) -> str:
        return f"CaseCounter {self.pk}"
