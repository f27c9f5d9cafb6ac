"""Figures that others give, and facts with what speaks for and against them."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q

from cases.models import GivenRow, Testimony
from cases.vocabulary import Permission
from evidence.models import EvidenceItem
from findings.vocabulary import FactState, Stance
from vault.fields import SealedJSON, SealedText
from vault.handling import plain, sealed
from vault.rows import TableKind


class FindingRow(GivenRow):
    """A row of this room. What quotes one witness lies under their key; a judgement of ours does not."""

    read_permission: ClassVar[Permission] = Permission.FINDING_READ

    class Meta:
        abstract = True

    def giver(self) -> UUID | None:
        """Nobody, unless a row says otherwise."""
        return None


class CasualtyClaim(FindingRow):
    """What one organisation says, about whom, where and when. Nothing ever adds two claims up.

    It quotes the exhibit in which it stands, so it is as strict as that is now.
    """

    table_kind: ClassVar[TableKind] = TableKind.VERSION
    strict_by: ClassVar[tuple[str, ...]] = ("sensitivity", "item__sensitivity")
    erased_by: ClassVar[tuple[str, ...]] = ("item__witness__erased_at",)
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "item_id", "replaces_id")
    handling = {
        **GivenRow.row_handling,
        "item": plain("the exhibit in which the figure stands"),
        "replaces": plain("a later figure of the same organisation"),
        "organisation": sealed("who says it"),
        "figures": sealed("lower and higher figure, and what is counted"),
        "as_of": sealed("when it was said"),
        "scope_of_figure": sealed("period, area and persons counted"),
        "breakdown": sealed("parts of the figure, such as children"),
        "method": sealed("how the figure was reached"),
        "wording": sealed("in the organisation's own words"),
    }

    item = models.ForeignKey(EvidenceItem, null=True, on_delete=models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    organisation = SealedText()
    figures = SealedJSON()
    as_of = SealedJSON()
    scope_of_figure = SealedJSON()
    breakdown = SealedJSON(null=True)
    method = SealedText()
    wording = SealedText(null=True)

    def giver(self) -> UUID | None:
        """Whoever gave the exhibit that it quotes."""
        return self.item.witness_id if self.item is not None else None


class FactAssertion(FindingRow):
    """One sentence about what happened. Its state is a judgement that somebody made, never a sum."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "state", "revision")
    handling = {
        **GivenRow.row_handling,
        "state": plain("decides whether it may be called established"),
        "revision": plain("two people who edit at once are noticed"),
        "text": sealed("says what happened"),
    }

    state = models.CharField(max_length=12, choices=FactState.choices, default=FactState.ASSERTED)
    revision = models.PositiveIntegerField(default=1)
    text = SealedText()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=FactState.values), name="fact_state_is_known"),
        ]


class FactLink(FindingRow):
    """One thing that speaks for or against a fact. Sources of one group count as one.

    It quotes what it links to, so it is as strict as that is now. Once taken back it stays so.
    """

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    strict_by: ClassVar[tuple[str, ...]] = (
        "sensitivity",
        "item__sensitivity",
        "testimony__sensitivity",
        "testimony__witness__sensitivity",
    )
    erased_by: ClassVar[tuple[str, ...]] = ("item__witness__erased_at", "testimony__witness__erased_at")
    deciding: ClassVar[tuple[str, ...]] = (
        "assertion_id",
        "testimony_id",
        "item_id",
        "stance",
        "retracted_at",
    )
    handling = {
        **GivenRow.row_handling,
        "assertion": plain("joins"),
        "testimony": plain("joins"),
        "item": plain("joins"),
        "stance": plain("what contradicts stands beside what supports"),
        "retracted_at": plain("a link may be taken back"),
        "passage": sealed("which words, and why"),
        "independence_group": sealed("sources that come from one another count once"),
    }

    assertion = models.ForeignKey(FactAssertion, on_delete=models.PROTECT, related_name="links")
    testimony = models.ForeignKey(Testimony, null=True, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(EvidenceItem, null=True, on_delete=models.PROTECT, related_name="+")
    stance = models.CharField(max_length=11, choices=Stance.choices)
    retracted_at = models.DateTimeField(null=True)
    passage = SealedText(null=True)
    independence_group = SealedText()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(stance__in=Stance.values), name="stance_is_known"),
            models.CheckConstraint(
                condition=Q(testimony__isnull=False, item__isnull=True)
                | Q(testimony__isnull=True, item__isnull=False),
                name="fact_link_to_one_thing",
            ),
        ]

    def giver(self) -> UUID | None:
        """Whoever is quoted."""
        if self.testimony is not None:
            return self.testimony.witness_id
        return self.item.witness_id if self.item is not None else None


class LinkRetraction(FindingRow):
    """Who took a link back, when and why. It may quote what the link quotes, so it is as strict."""

    table_kind: ClassVar[TableKind] = TableKind.VERSION
    strict_by: ClassVar[tuple[str, ...]] = (
        "sensitivity",
        *(f"link__{column}" for column in FactLink.strict_by),
    )
    erased_by: ClassVar[tuple[str, ...]] = tuple(f"link__{column}" for column in FactLink.erased_by)
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "link_id", "created_by_id")
    handling = {
        **GivenRow.row_handling,
        "link": plain("joins"),
        "reason": sealed("may quote what was linked"),
    }

    link = models.OneToOneField(FactLink, on_delete=models.PROTECT, related_name="retraction")
    reason = SealedText()

    def giver(self) -> UUID | None:
        """Whoever the link quotes."""
        return self.link.giver()
