"""What somebody is typing, kept for them alone until they hand it in."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.utils import timezone

from cases.models.case import CaseRow
from cases.models.witness import Witness
from vault.fields import SealedJSON
from vault.handling import plain, sealed
from vault.rows import TableKind
from vault.scopes import Scope

# How the names of an intake's forms begin; the bare word marks that it was begun.
INTAKE = "intake"
# How long what nobody goes on with is kept; the pages say it in words.
INTAKE_LIFE = timedelta(days=7)
DRAFT_LIFE = timedelta(days=30)
# The forms of accounts: a first text, by its witness; a next version, by its testimony; a review, by its id.
FIRST_TEXT, NEXT_TEXT, REVIEW = "testimony", "testimony-version", "review"


class Draft(CaseRow):
    """Kept for its author alone, replaced as they go on, deleted when they hand it in."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    strict_by: ClassVar[tuple[str, ...]] = ("sensitivity", "witness__sensitivity")
    erased_by: ClassVar[tuple[str, ...]] = ("witness__erased_at",)
    handling = {
        **CaseRow.row_handling,
        "witness": plain("whose key seals the draft, once there is a witness"),
        "form": plain("which form"),
        "subject": plain("which row is edited; random"),
        "number": plain("an older text never replaces a newer one"),
        "updated_at": plain("shown to the person"),
        "content": sealed("what was typed"),
    }

    # A draft of an intake comes before its witness: `subject` is the id that the witness will have.
    witness = models.ForeignKey(Witness, null=True, on_delete=models.PROTECT, related_name="draft_rows")
    form = models.CharField(max_length=40)
    subject = models.UUIDField(null=True)
    number = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(default=timezone.now)
    content = SealedJSON()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["created_by", "case", "form", "subject"],
                nulls_distinct=False,
                name="one_draft_a_form",
            )
        ]

    def scope(self) -> Scope:
        """The key of the witness it speaks of, were they only to come; else the case key."""
        if self.witness_id is not None:
            return Scope.witness(self.case_id, self.witness_id)
        if self.subject is not None and self.form.startswith(INTAKE):
            return Scope.witness(self.case_id, self.subject)
        return Scope.case(self.case_id)
