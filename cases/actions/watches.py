"""Comparing the texts of an intake with the names typed in it, while it is open.

Promise: the names lie on the server only under a key that one browser holds; a comparison is made for the
person who typed them and says where a name stands, never which; after 12 hours at most they are deleted.
Called by the identity page, the forms of this person's other pages, and the sweep.
"""

from collections.abc import Mapping, Sequence

from django.utils import timezone

from accounts.door import Machine, reader_code
from accounts.models import User
from audit.actions import record
from audit.vocabulary import Kind
from cases.models import NameWatch, Witness
from cases.models.watch import WATCH_LIFE
from cases.names import stands_in
from cases.permissions import check
from cases.vocabulary import Permission
from vault.copies import open_copy, seal_copy
from vault.errors import NotVerified


def watch_names(*, by: User, witness: Witness, names: Sequence[str], key: bytes) -> NameWatch:
    """Keep the names for the rest of this intake, under the key that the person's browser is given."""
    check(by, Permission.WITNESS_REGISTER, witness.case_id)
    names = [*_still_known(by, witness, key), *names]
    NameWatch.objects.filter(witness=witness, created_by=by).delete()
    watch = NameWatch(
        case_id=witness.case_id, witness=witness, created_by=by, sensitivity=witness.sensitivity
    )
    watch.until = timezone.now() + WATCH_LIFE
    watch.sealed = seal_copy(key, row=watch.pk, case=witness.case_id, names=names)
    watch.save(force_insert=True)
    _record(Kind.INTAKE_WATCHED, by.staff_code, watch, rows=[watch])
    return watch


def end_watch(*, by: User, witness: Witness) -> bool:
    """Delete the names of an intake that is over; tells whether there were any."""
    check(by, Permission.WITNESS_REGISTER, witness.case_id)
    watch = NameWatch.objects.filter(witness=witness, created_by=by).first()
    if watch is None:
        return False
    watch.delete()
    _record(Kind.INTAKE_UNWATCHED, by.staff_code, watch)
    return True


def places_that_name(*, by: User, key: bytes, texts: Mapping[str, str]) -> list[str]:
    """Of these texts, by the words that say where each stands, those that hold a name of an open intake."""
    rows = NameWatch.objects.filter(created_by=by, until__gt=timezone.now())
    names = [name for row in rows for name in _names(row, key)]
    return [where for where, text in texts.items() if any(stands_in(name, [text]) for name in names)]


def sweep_watches() -> int:
    """Delete what is over; return how many. Called by the sweep's task, which has entered as it."""
    rows = list(NameWatch.objects.filter(until__lte=timezone.now()))
    for row in rows:
        row.delete()
        _record(Kind.INTAKE_UNWATCHED, reader_code(Machine.SWEEP), row)
    return len(rows)


def _still_known(by: User, witness: Witness, key: bytes) -> list[str]:
    row = NameWatch.objects.filter(created_by=by, witness=witness, until__gt=timezone.now()).first()
    return _names(row, key) if row is not None else []


def _names(row: NameWatch, key: bytes) -> list[str]:
    """What one row holds; nothing where another browser has its key."""
    try:
        return open_copy(key, row=row.pk, case=row.case_id, blob=bytes(row.sealed))
    except NotVerified:
        return []


def _record(kind: Kind, by: str, watch: NameWatch, *, rows: Sequence[NameWatch] = ()) -> None:
    record(kind, by=by, subject=f"witness:{watch.witness_id}", scope=watch.case_id, rows=rows)
