"""What a meeting risks for a witness, what they told before, and why somebody asks them all of it again."""

from datetime import date, timedelta
from typing import ClassVar

from django.db import models

from cases.models.interview import Interview
from cases.models.witness import WitnessRow
from vault.fields import SealedText
from vault.handling import plain, sealed
from vault.rows import TableKind

# Longer than this nobody knows what a person's danger is.
COUNTS_FOR = timedelta(days=30)
# An assessment of an earlier day that is entered later does not take the place of a newer one.
NEWEST = ("-assessed_on", "-number")


class RiskAssessment(WitnessRow):
    """What was weighed on one day. That of the newest day counts, and none is ever changed."""

    table_kind: ClassVar[TableKind] = TableKind.VERSION
    deciding: ClassVar[tuple[str, ...]] = ("witness_id", "number", "assessed_on", "review_due")
    handling = {
        **WitnessRow.row_handling,
        "number": plain("of one day the newest counts"),
        "assessed_on": plain("an old one counts no more"),
        "review_due": plain("when it is to be weighed anew"),
        "threats": sealed("says who endangers the person, and how"),
        "likelihood": sealed("how likely harm is"),
        "impact": sealed("how grave harm would be"),
        "mitigations": sealed("tells how the person is protected"),
        "residual": sealed("what danger is left"),
        "decision": sealed("decides whether a meeting may be held"),
    }

    number = models.PositiveSmallIntegerField()
    assessed_on = models.DateField()
    review_due = models.DateField()
    threats = SealedText()
    likelihood = SealedText()
    impact = SealedText()
    mitigations = SealedText()
    residual = SealedText()
    decision = SealedText()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["witness", "number"], name="risk_assessments_of_a_witness_are_numbered"
            ),
            models.CheckConstraint(
                condition=models.Q(review_due__gte=models.F("assessed_on")), name="risk_is_weighed_anew_later"
            ),
        ]

    @property
    def counts_until(self) -> date:
        """The last day on which a meeting may stand on it."""
        return min(self.assessed_on + COUNTS_FOR, self.review_due)

    def counts_on(self, day: date) -> bool:
        """Tell whether it is neither too old on that day nor of a day to come."""
        return self.assessed_on <= day <= self.counts_until


class PriorAccount(WitnessRow):
    """One telling before ours, or the answer that there was none. Never changed."""

    table_kind: ClassVar[TableKind] = TableKind.VERSION
    deciding: ClassVar[tuple[str, ...]] = ("witness_id",)
    handling = {
        **WitnessRow.row_handling,
        "form": sealed("in which form the person told it, or that they did not"),
        "organisation": sealed("to whom; narrows down who it is"),
        "told_on": sealed("when, as exactly as it is known; narrows down who it is"),
        "is_signed": sealed("whether the person signed it"),
        "is_copy_held": sealed("whether we hold a copy"),
    }

    form = SealedText()
    organisation = SealedText(null=True)
    told_on = SealedText(null=True)
    is_signed = SealedText()
    is_copy_held = SealedText()


class RepetitionReason(WitnessRow):
    """Why a full account is taken from somebody who gave a full statement before. Never changed."""

    table_kind: ClassVar[TableKind] = TableKind.VERSION
    deciding: ClassVar[tuple[str, ...]] = ("witness_id", "interview_id")
    handling = {
        **WitnessRow.row_handling,
        "interview": plain("for which meeting"),
        "reason": sealed("why the person is asked all of it again"),
    }

    interview = models.OneToOneField(Interview, on_delete=models.PROTECT, related_name="repetition_reason")
    reason = SealedText()
