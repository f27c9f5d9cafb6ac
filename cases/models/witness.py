"""The witness: a random code, a pseudonym, and what is known of the person without naming them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from cases.models.case import CaseRow
from cases.vocabulary import Permission, WitnessStatus
from vault.fields import SealedJSON, SealedText
from vault.handling import plain, sealed
from vault.rows import TableKind
from vault.scopes import Scope


class Witness(CaseRow):
    """All said of a witness lies under a key of their own: it can be destroyed for them alone."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    read_permission: ClassVar[Permission] = Permission.WITNESS_READ
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "code", "status", "sensitivity", "vault_ref")
    handling = {
        **CaseRow.row_handling,
        "code": plain("joins and shows the witness; random, never changed"),
        "status": plain("decides which steps are open"),
        "vault_ref": plain("points to the sealed identity; random"),
        "risk_raised_at": plain("when somebody learned who the person is: the risk must be weighed anew"),
        "revision": plain("two people who edit at once are noticed"),
        "public_pseudonym": sealed("known to whoever reads the reports"),
        "category": sealed("says how the person came to know"),
        "sex": sealed("narrows down who it is"),
        "age_band": sealed("narrows down who it is"),
        "role_summary": sealed("narrows down who it is"),
        "languages": sealed("narrows down who it is"),
        "vulnerability": sealed("decides what care is owed"),
        "protective_measures": sealed("decides what must be hidden"),
        "risk_level": sealed("decides what care is owed"),
    }

    code = models.CharField(max_length=8, unique=True)
    status = models.CharField(max_length=12, choices=WitnessStatus.choices, default=WitnessStatus.PROSPECTIVE)
    vault_ref = models.UUIDField(null=True, unique=True)
    risk_raised_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)
    public_pseudonym = SealedText()
    category = SealedJSON()
    sex = SealedText()
    age_band = SealedText()
    role_summary = SealedText(null=True)
    languages = SealedJSON(null=True)
    vulnerability = SealedJSON()
    protective_measures = SealedJSON()
    risk_level = SealedText()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^W-[A-Z0-9]{4}$"), name="witness_code_form"),
            models.CheckConstraint(
                condition=Q(status__in=WitnessStatus.values), name="witness_status_is_known"
            ),
        ]

    def scope(self) -> Scope:
        """A witness lies under a key of their own."""
        return Scope.witness(self.case_id, self.id)


class WitnessRow(CaseRow):
    """A row about one witness: it lies under that witness's key and goes with it."""

    read_permission: ClassVar[Permission] = Permission.WITNESS_READ
    strict_by: ClassVar[tuple[str, ...]] = ("sensitivity", "witness__sensitivity")
    row_handling = {**CaseRow.row_handling, "witness": plain("whose key seals the row")}

    witness = models.ForeignKey(Witness, on_delete=models.PROTECT, related_name="%(class)s_rows")

    class Meta:
        abstract = True

    def scope(self) -> Scope:
        """The witness's own key."""
        return Scope.witness(self.case_id, self.witness_id)
