"""The chain of custody: one numbered entry for each thing that is done with an exhibit.

Promise: entries of an exhibit are numbered without a gap, never change, and each stands in the log as the
leaf it names, in the same transaction as what it tells of. `append_custody`, `held`, `guarded` and
`holder_of` are called by the actions of this room and of the rooms above; `record_custody` by its page.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Max, Q

from accounts.models import User
from audit.actions import record
from audit.vocabulary import Kind
from cases.errors import ElsewhereRow
from cases.permissions import check, open_for_work
from cases.vocabulary import Permission
from evidence.errors import CustodyIncomplete, NothingOutside
from evidence.facts import CustodyFacts
from evidence.models import CustodyEvent, EvidenceItem, FileObject, HandOver
from evidence.vocabulary import BY_HAND, HOLDING, CustodyKind
from vault.rows import SealedRow


def subject(item: EvidenceItem) -> str:
    """Name an exhibit in the log."""
    return f"evidence:{item.pk}"


def held(item: EvidenceItem, by: User, permission: Permission) -> EvidenceItem:
    """Return the exhibit, locked, if the person holds the permission, may see it, and its case is open."""
    open_for_work(check(by, permission, item.case_id).case)
    rows = EvidenceItem.objects.visible_to(by).select_for_update(of=("self",)).select_related("case")
    row = rows.filter(pk=item.pk).first()
    if row is None:
        raise ElsewhereRow(subject=subject(item), scope=item.case_id)
    return row


def guarded(item: EvidenceItem, by: User) -> EvidenceItem:
    """Return the exhibit, locked, for whoever answers for its bytes.

    Damage is told of a number: it must reach somebody whoever may read the exhibit, and in a closed case too.
    """
    check(by, Permission.EVIDENCE_INTEGRITY, item.case_id)
    rows = EvidenceItem.objects.select_for_update(of=("self",)).select_related("case")
    return rows.get(pk=item.pk, case=item.case_id)


def own_file(item: EvidenceItem, file: UUID) -> FileObject:
    """Return a file of this exhibit with its stored row, or refuse as if it did not exist."""
    found = FileObject.objects.select_related("stored").filter(pk=file, item=item.pk).first()
    if found is None:
        raise ElsewhereRow(subject=f"file:{file}", scope=item.case_id)
    return found


def holder_of(item: EvidenceItem, file: FileObject | None = None) -> str:
    """Who has the exhibit, or this one file of it, as the chain tells; empty for somebody outside."""
    parts = Q(file__isnull=True) if file is None else Q(file__isnull=True) | Q(file=file.pk)
    rows = CustodyEvent.objects.filter(parts, item=item.pk, event__in=HOLDING)
    last = rows.order_by("-seq").first()
    return last.holder_code if last is not None else item.created_by.staff_code


def append_custody(
    item: EvidenceItem,
    event: CustodyKind,
    *,
    by: User | str,
    kind: Kind,
    file: FileObject | None = None,
    hand_over: HandOver | None = None,
    cells: Mapping[str, object] | None = None,
    facts: Mapping[str, str | int] | None = None,
    rows: Sequence[SealedRow] = (),
) -> CustodyEvent:
    """Write the next entry and its leaf, which holds the digests of `rows` too.

    `by` is a person, or the code of a machine. With a hand-over the entry names its giver and its receiver,
    whoever of them writes it. The exhibit is locked until the end of the transaction: two who write at once
    get two numbers.
    """
    code = by.staff_code if isinstance(by, User) else by
    receiver = hand_over.to if hand_over is not None else None
    entry = CustodyEvent(
        case_id=item.case_id,
        created_by=by if isinstance(by, User) else None,
        item=item,
        file=file,
        seq=_next_number(item),
        event=event,
        by_code=hand_over.created_by.staff_code if hand_over is not None else code,
        to_code=receiver.staff_code if receiver is not None else "",
        hand_over=hand_over,
        sealed_digest=bytes(file.stored.sealed_digest) if file is not None else None,
    )
    if cells:
        entry.seal(**cells)
    told = _told(item, entry) | dict(facts or {})
    entry.leaf = record(
        kind, by=code, subject=subject(item), scope=item.case_id, facts=told, rows=[entry, *rows]
    )
    entry.save(force_insert=True)
    return entry


def _next_number(item: EvidenceItem) -> int:
    EvidenceItem.objects.select_for_update(of=("self",)).values_list("pk").get(pk=item.pk)
    last: int = CustodyEvent.objects.filter(item=item.pk).aggregate(last=Max("seq"))["last"] or 0
    return last + 1


def _told(item: EvidenceItem, entry: CustodyEvent) -> dict[str, str | int]:
    told: dict[str, str | int] = {"number": item.exhibit_no, "seq": entry.seq, "custody": entry.event}
    if entry.hand_over_id is not None:
        told |= {
            "hand_over": str(entry.hand_over_id),
            "from": entry.by_code,
            "to": entry.to_code or "outside",
        }
    return told | ({"file": str(entry.file_id)} if entry.file_id is not None else {})


def record_custody(*, by: User, item: EvidenceItem, facts: CustodyFacts) -> CustodyEvent:
    """Write down what was done with an exhibit outside this system, such as that it came back."""
    row = held(item, by, Permission.EVIDENCE_ADD)
    field = "event" if facts.event not in BY_HAND else facts.fault()
    if field:
        raise CustodyIncomplete(subject=subject(row), scope=row.case_id, field=field)
    file = own_file(row, facts.file.pk) if facts.file is not None else None
    if facts.event == CustodyKind.RETURNED and holder_of(row, file):
        raise NothingOutside(subject=subject(row), scope=row.case_id, field="event")
    return append_custody(row, facts.event, by=by, kind=Kind.CUSTODY_RECORDED, file=file, cells=facts.cells())
