"""What somebody filters a list by again and again, kept under a name of their own."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from cases.models.case import CaseRow
from vault.fields import SealedJSON, SealedText
from vault.handling import plain, sealed
from vault.rows import TableKind

MOST_VIEWS = 20


class SavedView(CaseRow):
    """For its owner alone. The filters are values that the list itself offers; the name is free words."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "created_by_id", "shelf")
    handling = {
        **CaseRow.row_handling,
        "shelf": plain("which list it belongs to: the name of an address, the same in every case"),
        "place": plain("how many a person may keep, and in which order they were made"),
        "name": sealed("free words of the person"),
        "filters": sealed("says what somebody looks for"),
    }

    shelf = models.CharField(max_length=40)
    place = models.PositiveSmallIntegerField()
    name = SealedText()
    filters = SealedJSON()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["created_by", "case", "shelf", "place"], name="one_saved_view_a_place"
            ),
            models.CheckConstraint(
                condition=Q(place__gte=1, place__lte=MOST_VIEWS), name="saved_views_are_few"
            ),
        ]
