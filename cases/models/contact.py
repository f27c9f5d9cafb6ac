"""How a witness may be reached without harm, each time somebody tried, and what help was offered."""

from typing import ClassVar

from django.db import models

from cases.models.witness import WitnessRow
from vault.fields import SealedJSON, SealedText
from vault.handling import plain, sealed
from vault.rows import TableKind


class ContactRules(WitnessRow):
    """The rules for whoever is about to contact the person, without a name or number. The newest counts.

    What names by its nature (a number, an address, who the relative is) lies in the sealed identity.
    """

    table_kind: ClassVar[TableKind] = TableKind.VERSION
    deciding: ClassVar[tuple[str, ...]] = ("witness_id", "number")
    handling = {
        **WitnessRow.row_handling,
        "number": plain("the newest of a witness counts"),
        "channels": sealed("the only ways in which the person may be reached"),
        "hours": sealed("when contact does no harm"),
        "through": sealed("through whom alone, as a role"),
        "words": sealed("what was agreed to say, so that both know each other"),
        "never": sealed("what must not be done"),
    }

    number = models.PositiveSmallIntegerField()
    channels = SealedJSON()
    hours = SealedText(null=True)
    through = SealedText(null=True)
    words = SealedText(null=True)
    never = SealedText(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["witness", "number"], name="contact_rules_of_a_witness_are_numbered"
            ),
        ]


class ContactEntry(WitnessRow):
    """One contact or attempt, as whoever made it tells it. Never changed."""

    table_kind: ClassVar[TableKind] = TableKind.LOG
    deciding: ClassVar[tuple[str, ...]] = ("witness_id", "at")
    handling = {
        **WitnessRow.row_handling,
        "at": plain("our own work; orders the log"),
        "channel": sealed("how the person was reached"),
        "outcome": sealed("what came of it"),
        "safety": sealed("whether it endangered the person"),
        "note": sealed("what else is to be known"),
    }

    at = models.DateTimeField()
    channel = SealedText()
    outcome = SealedText()
    safety = SealedText()
    note = SealedText(null=True)


class Referral(WitnessRow):
    """Help that was offered, and what the person said to it. Never changed."""

    table_kind: ClassVar[TableKind] = TableKind.LOG
    deciding: ClassVar[tuple[str, ...]] = ("witness_id",)
    handling = {
        **WitnessRow.row_handling,
        "kind": sealed("what help the person needs"),
        "answer": sealed("what the person said to it"),
        "note": sealed("to whom, as a kind of place"),
    }

    kind = SealedText()
    answer = SealedText()
    note = SealedText(null=True)
