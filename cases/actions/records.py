"""Writing the records of a case: what each says now, and all it ever said.

Promise: each writing leaves a sealed revision beside the record, in the same transaction as its event;
whoever saves over a newer one is refused; a record never points out of its case. Called by the actions of
the nouns, alone.
"""

from typing import TypeVar, cast
from uuid import UUID

from accounts.models import User
from audit.actions import record
from audit.vocabulary import Kind
from cases.errors import EditedMeanwhile, ElsewhereRow, RecordIncomplete
from cases.facts import Dated
from cases.models import Case, CaseRow, Record, Revision
from cases.permissions import check, open_for_work
from cases.vocabulary import Permission
from vault.fields import sealed_fields

R = TypeVar("R", bound=Record)
Cell = str | list[str] | dict[str, str] | list[dict[str, str]] | None
Cells = dict[str, Cell]
LONGEST_TEXT = 20_000


def may_write(by: User, case: Case | UUID) -> None:
    """Check the person and that the case is open for work.

    Takes the id where a row is at hand: to follow the row's `case` would already read what was not checked.
    """
    open_for_work(check(by, Permission.INCIDENT_WRITE, case).case)


def insert(row: R, *, by: User, kind: Kind, cells: Cells, **facts: str | int) -> R:
    """Seal and save a new record with its first revision."""
    _sound(row, cells)
    row.seal(**cells)
    row.save(force_insert=True)
    _leave_trace(row, by, kind, cells, facts)
    return row


def rewrite(row: R, *, by: User, kind: Kind, expected: int, cells: Cells, plain: dict[str, object]) -> R:
    """Seal and save new content over a record of revision `expected`, and keep it as the next revision."""
    manager = type(row)._default_manager  # noqa: SLF001  # documented by Django
    rows = manager.select_for_update(of=("self",)).select_related("case")
    held = cast("R", rows.get(pk=row.pk))
    open_for_work(held.case)
    if held.revision != expected:
        raise EditedMeanwhile(subject=_subject(row), scope=row.case_id, expected=expected, now=held.revision)
    _sound(held, cells)
    held.seal(**cells)
    for name, value in plain.items():
        setattr(held, name, value)
    held.revision += 1
    held.save(update_fields=[*cells, *plain, "revision"])
    _leave_trace(held, by, kind, cells, {"revision": held.revision})
    return held


def within(case_id: UUID, *rows: CaseRow | None) -> None:
    """Refuse rows of another case as if they did not exist."""
    for row in rows:
        if row is not None and row.case_id != case_id:
            raise ElsewhereRow(subject=_subject(row), scope=case_id)


def dated(value: Dated) -> dict[str, str]:
    """The form in which a date is sealed; raises `RecordIncomplete` for one that cannot be."""
    if not value.is_sound():
        raise RecordIncomplete(field="dates")
    return value.cell()


def text(value: str) -> str | None:
    """A text without its margins, or nothing."""
    return value.strip() or None


def trace(row: CaseRow, *, by: User, kind: Kind, **facts: str | int) -> None:
    """Record an event about a row that carries no content of its own, such as a link."""
    record(kind, by=by.staff_code, subject=_subject(row), scope=row.case_id, facts=facts, rows=[row])


def _sound(row: Record, cells: Cells) -> None:
    needed = {name for name, column in sealed_fields(type(row)).items() if not column.null}
    for name, value in cells.items():
        if name in needed and not value:
            raise RecordIncomplete(subject=_subject(row), scope=row.case_id, field=name)
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            raise RecordIncomplete(subject=_subject(row), scope=row.case_id, field=name)


def _leave_trace(row: Record, by: User, kind: Kind, cells: Cells, facts: dict[str, str | int]) -> None:
    revision = Revision(
        case_id=row.case_id,
        kind=row._meta.model_name or "",
        subject=row.pk,
        number=row.revision,
        created_by=by,
        sensitivity=row.sensitivity,
    )
    revision.seal(content=cells)
    revision.save(force_insert=True)
    record(
        kind, by=by.staff_code, subject=_subject(row), scope=row.case_id, facts=facts, rows=[row, revision]
    )


def _subject(row: CaseRow) -> str:
    return f"{row._meta.model_name}:{row.pk}"
