"""The witness: a random code, a pseudonym, and what is known of the person without naming them."""

from typing import Any, ClassVar
from uuid import UUID

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
    erased_by: ClassVar[tuple[str, ...]] = ("erased_at",)
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "code", "status", "sensitivity", "vault_ref")
    handling = {
        **CaseRow.row_handling,
        "code": plain("joins and shows the witness; random, never changed"),
        "status": plain("decides which steps are open"),
        "vault_ref": plain("points to the sealed identity; random"),
        "risk_raised_at": plain("when somebody learned who the person is: the risk must be weighed anew"),
        "revision": plain("two people who edit at once are noticed"),
        "erased_at": plain("no list and no page asks for what cannot be read any more", keep="for ever"),
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
    erased_at = models.DateTimeField(null=True)
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
    erased_by: ClassVar[tuple[str, ...]] = ("witness__erased_at",)
    row_handling = {**CaseRow.row_handling, "witness": plain("whose key seals the row")}

    witness = models.ForeignKey(Witness, on_delete=models.PROTECT, related_name="%(class)s_rows")

    class Meta:
        abstract = True

    def scope(self) -> Scope:
        """The witness's own key."""
        return Scope.witness(self.case_id, self.witness_id)


class GivenRow(CaseRow):
    """A row about something that a witness may have given: it lies under their key, and goes with it.

    Whose key that is stands in the row from the day it is written. What speaks of no witness lies under the
    case key.
    """

    row_handling = {
        **CaseRow.row_handling,
        "belongs_to": plain("the witness whose key seals the row; random"),
    }

    belongs_to = models.UUIDField(null=True, editable=False)

    class Meta:
        abstract = True

    def giver(self) -> UUID | None:
        """Say which witness gave what the row is about, if one did."""
        raise NotImplementedError

    def scope(self) -> Scope:
        """The key of the witness who gave it; else the case key."""
        return Scope.case(self.case_id) if self.belongs_to is None else self._theirs(self.belongs_to)

    def _theirs(self, witness: UUID) -> Scope:
        return Scope.witness(self.case_id, witness)

    def seal(self, **values: object) -> None:
        """Seal under the giver's key, which is asked for when the row is made, and never again."""
        self._ask_giver()
        super().seal(**values)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A row without a sealed word at first may be given one later."""
        self._ask_giver()
        super().save(*args, **kwargs)

    def _ask_giver(self) -> None:
        if self._state.adding and self.belongs_to is None:
            self.belongs_to = self.giver()
