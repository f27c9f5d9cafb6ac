"""The names of an intake that is still open, under a key that only its author's browser holds."""

from datetime import timedelta
from typing import ClassVar

from django.db import models

from cases.models.case import CaseRow
from cases.models.witness import Witness
from vault.handling import TableKind, identity, plain

# How long an intake's texts are compared with the names typed in it; the pages say it in words.
WATCH_LIFE = timedelta(hours=12)


class NameWatch(CaseRow):
    """Deleted when its author ends the intake, and by the sweep; the server can open it at no time."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    handling = {
        **CaseRow.row_handling,
        "witness": plain("whose intake"),
        "until": plain("it is deleted then"),
        "sealed": identity("names the witness, under a key that lies in one browser", keep="12 hours"),
    }

    witness = models.ForeignKey(Witness, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField()
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["witness", "created_by"], name="one_watch_an_intake"),
        ]
