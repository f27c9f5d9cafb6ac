"""Recording how material was collected online.

Promise: a record is an entry of custody too; it names a member of the case and files of this exhibit alone;
it is never changed but followed, and by one version only. Called by the evidence pages.
"""

from django.db import IntegrityError, transaction

from accounts.models import User
from audit.vocabulary import Kind
from cases.errors import EditedMeanwhile, ElsewhereRow
from cases.permissions import can
from cases.vocabulary import Permission
from evidence.actions.custody import append_custody, held, own_file, subject
from evidence.errors import ItemIncomplete
from evidence.facts import LONGEST_TEXT, CollectionFacts
from evidence.models import CollectionRecord, EvidenceItem, FileObject
from evidence.vocabulary import CustodyKind

TEXTS = ("url", "page_title", "tool", "tool_version", "context", "virtual_identity", "network")
FILES = ("screenshot", "page", "material")


def record_collection(
    *, by: User, item: EvidenceItem, facts: CollectionFacts, supersedes: CollectionRecord | None = None
) -> CollectionRecord:
    """Record how something was collected online, or say it otherwise in a version that follows another."""
    row = held(item, by, Permission.EVIDENCE_ADD)
    before = _before(row, by, supersedes)
    field = _fault(row, facts, before)
    if field:
        raise ItemIncomplete(subject=subject(row), scope=row.case_id, field=field)
    made = CollectionRecord(
        case_id=row.case_id,
        item=row,
        created_by=by,
        version=before.version + 1 if before is not None else 1,
        supersedes=before,
        collector=facts.collector,
        **{name: _own(row, getattr(facts, name)) for name in FILES},
    )
    cells: dict[str, object] = {name: getattr(facts, name).strip() or None for name in TEXTS}
    made.seal(**cells, collected=facts.collected.cell())
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        if "supersedes" not in str(error):
            raise
        now = before.version + 1 if before is not None else 1
        raise EditedMeanwhile(subject=subject(row), scope=row.case_id, expected=now - 1, now=now) from None
    append_custody(
        row,
        CustodyKind.COLLECTED,
        by=by,
        kind=Kind.EVIDENCE_COLLECTED,
        cells={"when": facts.collected.cell()},
        facts={"collection": str(made.pk), "version": made.version},
        rows=[made],
    )
    return made


def _fault(row: EvidenceItem, facts: CollectionFacts, before: CollectionRecord | None) -> str:
    if not facts.url.strip():
        return "url"
    if not facts.collected.value or not facts.collected.is_sound():
        return "collected"
    who = facts.collector
    is_known = before is not None and who == before.collected_by  # they may have left since
    if who is not None and not is_known and not can(who, Permission.EVIDENCE_READ, row.case_id):
        return "collector"
    return next((name for name in TEXTS if len(getattr(facts, name)) > LONGEST_TEXT), "")


def _before(row: EvidenceItem, by: User, supersedes: CollectionRecord | None) -> CollectionRecord | None:
    if supersedes is None:
        return None
    found = CollectionRecord.objects.visible_to(by).filter(pk=supersedes.pk, item=row.pk).first()
    if found is None:
        raise ElsewhereRow(subject=f"collection:{supersedes.pk}", scope=row.case_id)
    return found


def _own(row: EvidenceItem, file: FileObject | None) -> FileObject | None:
    return own_file(row, file.pk) if file is not None else None
