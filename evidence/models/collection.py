"""How material was collected online."""

from collections.abc import Iterator
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.models import GivenRow
from cases.models.sets import CaseRowSet
from cases.vocabulary import Permission
from evidence.models.file import FileObject
from evidence.models.item import EvidenceItem, OfItem
from vault.fields import SealedJSON, SealedText
from vault.handling import plain, sealed
from vault.rows import TableKind


class CollectionRecord(OfItem):
    """How something was collected online: address, page, tool, by whom, under which cover, and what was kept.

    A record is never changed: what has to be said otherwise is said in a version that follows it, and only
    one can follow.
    """

    table_kind: ClassVar[TableKind] = TableKind.VERSION
    read_permission: ClassVar[Permission] = Permission.EVIDENCE_READ
    deciding: ClassVar[tuple[str, ...]] = (
        "case_id",
        "item_id",
        "version",
        "supersedes_id",
        "collector_id",
        "screenshot_id",
        "page_id",
        "material_id",
    )
    handling = {
        **GivenRow.row_handling,
        "item": plain("joins"),
        "version": plain("counts what was said of one collection"),
        "supersedes": plain("which version it follows; nothing is changed"),
        "collector": plain("who collected it, where that is not who wrote it down"),
        "screenshot": plain("which file of the exhibit is the picture of the page"),
        "page": plain("which file of the exhibit is the page itself"),
        "material": plain("which file of the exhibit stood on the page"),
        "url": sealed("leads to a person"),
        "page_title": sealed("describes the exhibit"),
        "tool": sealed("capture tool"),
        "tool_version": sealed("version of the capture tool"),
        "context": sealed("comments, uploader, channel, views"),
        "virtual_identity": sealed("the collector's cover"),
        "network": sealed("the collector's cover"),
        "collected": sealed("when, and how exactly that is known"),
    }

    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, related_name="collections")
    version = models.PositiveSmallIntegerField(default=1)
    supersedes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    collector = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    screenshot = models.ForeignKey(FileObject, null=True, on_delete=models.PROTECT, related_name="+")
    page = models.ForeignKey(FileObject, null=True, on_delete=models.PROTECT, related_name="+")
    material = models.ForeignKey(FileObject, null=True, on_delete=models.PROTECT, related_name="+")
    url = SealedText()
    page_title = SealedText(null=True)
    tool = SealedText(null=True)
    tool_version = SealedText(null=True)
    context = SealedText(null=True)
    virtual_identity = SealedText(null=True)
    network = SealedText(null=True)
    collected = SealedJSON()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(supersedes=F("id")), name="collection_follows_another"),
            models.CheckConstraint(
                condition=Q(version=1, supersedes__isnull=True) | Q(version__gt=1, supersedes__isnull=False),
                name="collection_versions_follow",
            ),
        ]

    @classmethod
    def newest(cls, rows: "CaseRowSet[CollectionRecord]", item: UUID) -> "CaseRowSet[CollectionRecord]":
        """Of each collection of an exhibit the version that none follows, oldest collection first."""
        found: CaseRowSet[CollectionRecord] = rows.filter(item=item, superseded_by__isnull=True)
        return found.order_by("created_at", "id")

    @property
    def collected_by(self) -> User:
        """Who collected it."""
        return self.collector or self.created_by

    def kept(self) -> Iterator[tuple[UUID, str | Promise]]:
        """What was kept of the page: which file of the exhibit is what."""
        for pk, word in (
            (self.screenshot_id, _("Picture of the page")),
            (self.page_id, _("The page itself")),
            (self.material_id, _("What stood on the page")),
        ):
            if pk is not None:
                yield pk, word
