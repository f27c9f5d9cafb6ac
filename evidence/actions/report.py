"""The report on the integrity of a case's files.

Promise: it says how the files stand, when each was last looked at and opened, what failed and what was
answered, and carries the newest checkpoint with its time stamps, so that others can tie it to the log. It
opens nothing, counts no more than its reader may see, and each taking of it is an event. Its keys are told in
`docs/integrity-report.md`. Called by the report's pages.
"""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from django.db.models import Count, Min, Q
from django.utils import timezone

from accounts.models import User
from audit.actions import record
from audit.models import Checkpoint, Stamp
from audit.vocabulary import Kind
from cases.models import Case
from cases.permissions import check, powers
from cases.vocabulary import Permission
from evidence.actions.planning import days_of
from evidence.models import FileObject, FixityCheck
from evidence.overdue import is_overdue
from evidence.progress import Progress, runs_of_case
from evidence.vocabulary import FileFlag

FORMAT: Final = "casemgr-integrity-report"
VERSION: Final = 1
Report = dict[str, object]
_COLUMNS: Final = (
    "item__exhibit_no",
    "stored_id",
    "stored__sealed_digest",
    "stored__sealed_size",
    "copy_kind",
    "flag",
    "set_aside_at",
    "checked_at",
    "deep_checked_at",
    "intact_at",
)


def take_report(*, by: User, case: Case, form: str, language: str = "") -> Report:
    """Return the report on a case for its reader, and record that they took it, in which form."""
    check(by, Permission.EVIDENCE_READ, case)
    report = integrity_report(by, case)
    newest = report["checkpoint"]
    record(
        Kind.INTEGRITY_REPORTED,
        by=by.staff_code,
        subject=f"case:{case.pk}",
        scope=case.pk,
        facts={
            "form": form,
            "language": language,
            "checkpoint": newest["size"] if isinstance(newest, dict) else 0,
        },
    )
    return report


def integrity_report(reader: User, case: Case) -> Report:
    """Gather it: what the reader may see, in JSON's own kinds of value; times in UTC."""
    files = FileObject.objects.visible_to(reader).filter(case=case)
    routine_days, deep_days = days_of([case.pk])[case.pk]
    may_count = bool({Permission.EVIDENCE_INTEGRITY, Permission.STRICT_READ} & powers(reader, case))
    return {
        "format": FORMAT,
        "version": VERSION,
        "case": case.code,
        "made_at": _time(timezone.now()),
        "made_by": reader.staff_code,
        "schedule": {"routine_days": routine_days, "deep_days": deep_days},
        "files": {
            **files.aggregate(
                stored=Count("pk"),
                never_checked=Count("pk", filter=Q(checked_at__isnull=True, intact_at__isnull=True)),
                damaged=Count("pk", filter=Q(flag=FileFlag.DAMAGED, set_aside_at__isnull=True)),
                set_aside=Count("pk", filter=Q(set_aside_at__isnull=False)),
            ),
            "longest_unchecked": _time(files.aggregate(first=Min("checked_at"))["first"]),
            "overdue": is_overdue(case.pk),
        },
        "runs": [_run(one, may_count=may_count) for one in runs_of_case(case.pk)],
        "alerts": list(_alerts(reader, case)),
        "items": list(_items(reader, case)),
        "checkpoint": _checkpoint(),
        "stamps": list(_stamps()),
    }


def _run(one: Progress, *, may_count: bool) -> Report:
    """A run counts strictly confidential files too: how many is for those who may see them."""
    return {
        "run": str(one.run.pk),
        "kind": one.run.kind,
        "by": one.run.by.staff_code if one.run.by is not None else "machine:integrity",
        "begun_at": _time(one.run.created_at),
        "ended_at": _time(one.ended_at),
        "state": str(one.state),
        "files": one.files if may_count else None,
        "checked": one.done if may_count else None,
        "failed": one.failed if may_count else None,
    }


def _alerts(reader: User, case: Case) -> Iterator[Report]:
    rows = FixityCheck.objects.visible_to(reader).filter(case=case).select_related("file__item", "closed_by")
    for row in rows.order_by("created_at"):
        yield {
            "exhibit": row.file.item.exhibit_no,
            "stored_file": str(row.stored_id),
            "result": row.result,
            "found_at": _time(row.created_at),
            "found_by": row.by_code,
            "answered_at": _time(row.closed_at),
            "answered_by": row.closed_by.staff_code if row.closed_by is not None else None,
        }


def _items(reader: User, case: Case) -> Iterator[Report]:
    rows = FileObject.objects.visible_to(reader).filter(case=case).order_by("item__exhibit_no", "created_at")
    for row in rows.values(*_COLUMNS).iterator(2_000):
        yield {
            "exhibit": row["item__exhibit_no"],
            "stored_file": str(row["stored_id"]),
            "copy": row["copy_kind"],
            "sealed_blake3": bytes(row["stored__sealed_digest"]).hex(),
            "sealed_bytes": row["stored__sealed_size"],
            "flag": row["flag"] or None,
            "set_aside_at": _time(row["set_aside_at"]),
            "checked_at": _time(row["checked_at"]),
            "opened_at": _time(row["deep_checked_at"]),
            "intact_at": _time(row["intact_at"]),
        }


def _checkpoint() -> Report | None:
    newest = Checkpoint.objects.order_by("-size").first()
    if newest is None:
        return None
    return {"size": newest.size, "signed_at": _time(newest.signed_at), "note": newest.note}


def _stamps() -> Iterator[Report]:
    """The newest stamp of each authority, with the checkpoint that it is over."""
    newest = Stamp.objects.order_by("owed__authority", "-owed__due_at").distinct("owed__authority")
    for stamp in newest.select_related("owed__checkpoint"):
        yield {
            "authority": stamp.owed.authority,
            "said_at": _time(stamp.said_at),
            "policy": stamp.policy,
            "serial": stamp.serial,
            "checkpoint_size": stamp.owed.checkpoint_id,
            "checkpoint_note": stamp.owed.checkpoint.note,
            "response_base64": base64.b64encode(bytes(stamp.token)).decode(),
        }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
