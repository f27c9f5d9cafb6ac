"""Registering exhibits and correcting what is said of them.

Promise: an exhibit gets the next number of its case, and its first entry of custody in the same transaction;
each correction leaves a sealed revision beside it; whoever saves over a newer one is refused; what was
decided about is not changed under the decision, and what was found before a change of what is said counts no
more; it never points out of its case. Called by the evidence pages and the demonstration.
"""

from accounts.models import User
from audit.actions import record
from audit.vocabulary import Kind
from cases.codes import next_number
from cases.errors import EditedMeanwhile, ElsewhereRow
from cases.facts import Dated
from cases.models import Case, CaseRow, Incident, Revision, Witness
from cases.permissions import check, open_for_work
from cases.vocabulary import Permission, Series
from evidence.actions.custody import append_custody, held, subject
from evidence.actions.verification import begin_anew
from evidence.errors import ItemDecided, ItemIncomplete, RecordedAfterPublished, WitnessFixed
from evidence.facts import LONGEST_TEXT, ItemFacts
from evidence.models import EvidenceItem
from evidence.vocabulary import DECIDED, CustodyKind
from vault.opening import open_row, open_rows
from vault.vocabulary import Purpose

_DAY = 10
# What a finding is about. Who may see it, under which terms, and how gently it is shown, no method weighs.
_WEIGHED = (
    "type",
    "title",
    "description",
    "author",
    "provider",
    "original_url",
    "recorded",
    "published",
    "obtained",
    "place",
)
Cell = str | dict[str, str] | dict[str, str | bool] | None
Cells = dict[str, Cell]


def register_item(
    *,
    by: User,
    case: Case,
    facts: ItemFacts,
    witness: Witness | None = None,
    incident: Incident | None = None,
) -> EvidenceItem:
    """Register an exhibit under the next number of its case, such as `BAN-EX-0001`."""
    open_for_work(check(by, Permission.EVIDENCE_ADD, case).case)
    _within(case, by, witness, incident)
    cells = _item_cells(facts)
    item = EvidenceItem(
        case=case,
        exhibit_no=next_number(case, Series.EXHIBIT),
        witness=witness,
        incident=incident,
        sensitivity=facts.sensitivity,
        created_by=by,
    )
    item.seal(**cells)
    item.save(force_insert=True)
    append_custody(
        item,
        CustodyKind.REGISTERED,
        by=by,
        kind=Kind.EVIDENCE_REGISTERED,
        facts={"number": item.exhibit_no},
        rows=[item, _revision(item, by, cells)],
    )
    return item


def change_item(
    *,
    by: User,
    item: EvidenceItem,
    expected: int,
    facts: ItemFacts,
    witness: Witness | None = None,
    incident: Incident | None = None,
) -> EvidenceItem:
    """Correct what is said of an exhibit; `expected` is the revision that was read."""
    row = held(item, by, Permission.EVIDENCE_ADD)
    _within(row.case, by, witness, incident)
    if row.revision != expected:
        raise EditedMeanwhile(subject=subject(row), scope=row.case_id, expected=expected, now=row.revision)
    if row.witness != witness and _is_worked_on(row):
        raise WitnessFixed(subject=subject(row), scope=row.case_id, field="witness")
    cells = _item_cells(facts)
    if row.status in DECIDED:
        _as_decided(row, by, cells, (witness, incident))
    changed = _changed(row, by, {name: cells[name] for name in _WEIGHED}) or row.witness != witness
    anew = begin_anew(by=by, item=row) if changed else None
    moved = _move_revisions(row, by, witness) if row.witness != witness else []
    if row.witness != witness:
        row.belongs_to = None if witness is None else witness.pk
    row.witness, row.incident, row.sensitivity = witness, incident, facts.sensitivity
    row.seal(**cells)  # all of them: they lie under the key of whoever gave it
    row.revision += 1
    row.save(update_fields=[*cells, "witness", "belongs_to", "incident", "sensitivity", "revision"])
    record(
        Kind.EVIDENCE_CHANGED,
        by=by.staff_code,
        subject=subject(row),
        scope=row.case_id,
        facts={"number": row.exhibit_no, "revision": row.revision, "anew": int(anew is not None)},
        rows=[row, _revision(row, by, cells), *moved, *([anew] if anew is not None else [])],
    )
    return row


def _is_worked_on(row: EvidenceItem) -> bool:
    """Whether anything is sealed with the exhibit beside what was said when it was registered."""
    return any(
        related.exists()
        for related in (
            row.files,
            row.verifications,
            row.collections,
            row.hand_overs,
            row.satellite_analyses,
            row.weapon_analyses,
            row.place_analyses,
            row.time_analyses,
        )
    )


def _move_revisions(row: EvidenceItem, by: User, witness: Witness | None) -> list[Revision]:
    """Seal what was said of the exhibit before under the key under which it lies from now on."""
    rows = list(Revision.objects.select_for_update().filter(kind="evidenceitem", subject=row.pk))
    told = open_rows(rows, "content", reader=by.staff_code, purpose=Purpose.EDIT)
    for revision in rows:
        revision.belongs_to = None if witness is None else witness.pk
        revision.seal(content=told[revision.pk].json("content"))
        revision.save(update_fields=["belongs_to", "content"])
    return rows


def _within(case: Case, by: User, witness: Witness | None, incident: Incident | None) -> None:
    """Refuse rows of another case, or that the person may not see, as if they did not exist."""
    linked: tuple[CaseRow | None, ...] = (witness, incident)
    for row in linked:
        if row is None:
            continue
        seen = type(row).objects.visible_to(by).filter(pk=row.pk, case=case.pk)
        if not seen.exists():
            raise ElsewhereRow(subject=f"{row._meta.model_name}:{row.pk}", scope=case.pk)


def _as_decided(
    row: EvidenceItem, by: User, cells: Cells, links: tuple[Witness | None, Incident | None]
) -> None:
    """Refuse to change what a decision was about: all but who may read it and the provider's terms."""
    changed = _changed(row, by, {name: cell for name, cell in cells.items() if name != "restrictions"})
    if changed or (row.witness, row.incident) != links:
        raise ItemDecided(subject=subject(row), scope=row.case_id, changed=",".join(changed) or "links")


def _changed(row: EvidenceItem, by: User, cells: Cells) -> list[str]:
    """Name the cells that say something else than the exhibit does."""
    told = open_row(row, *cells, reader=by.staff_code, purpose=Purpose.EDIT)
    return [name for name, cell in cells.items() if _plainly(told[name]) != _plainly(cell)]


def _plainly(value: object) -> object:
    """A browser sends the ends of lines in its own way: that is no change."""
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def _item_cells(facts: ItemFacts) -> Cells:
    if not facts.title.strip():
        raise ItemIncomplete(field="title")
    if _is_after(facts.recorded, facts.published):
        raise RecordedAfterPublished(field="recorded")
    texts = ("description", "author", "provider", "original_url", "licence", "restrictions", "place")
    cells: Cells = {name: _text(getattr(facts, name), name) for name in texts}
    traits: dict[str, str | bool] = {
        "role": facts.role.value,
        "graphic": facts.graphic,
        "depicted": facts.depicted.value,
    }
    return cells | {
        "type": facts.type.value,
        "title": _text(facts.title, "title"),
        "traits": traits,
        "recorded": _dated(facts.recorded, "recorded"),
        "published": _dated(facts.published, "published"),
        "obtained": _dated(facts.obtained, "obtained"),
    }


def _is_after(recorded: Dated, published: Dated) -> bool:
    """Tell whether one date surely lies after the other: as far as both are known, and no further."""
    known = min(len(recorded.value), len(published.value), _DAY)
    return recorded.value[:known] > published.value[:known]


def _text(value: str, field: str) -> str | None:
    if len(value) > LONGEST_TEXT:
        raise ItemIncomplete(field=field)
    return value.strip() or None


def _dated(value: Dated, field: str) -> dict[str, str]:
    if not value.is_sound():
        raise ItemIncomplete(field=field)
    return value.cell()


def _revision(item: EvidenceItem, by: User, cells: Cells) -> Revision:
    """Keep all that was said at this number, sealed as one value."""
    revision = Revision(
        case_id=item.case_id,
        kind="evidenceitem",
        belongs_to=item.witness_id,
        subject=item.pk,
        number=item.revision,
        created_by=by,
        sensitivity=item.sensitivity,
    )
    revision.seal(content=cells)
    revision.save(force_insert=True)
    return revision
