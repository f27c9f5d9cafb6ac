"""Deleting what names a witness and belongs to somebody else: drafts, views, uploads, names of an intake.

Promise: nothing is deleted but what speaks of this one witness; nobody's own things are shown to anybody for
it; each deletion is an event. Called by the task before the keys go, since a saved view is known by what it
says; it has entered as the sweep, and may be repeated.
"""

from uuid import UUID

from accounts.door import Machine, reader_code
from audit.actions import record
from audit.vocabulary import Kind
from cases.models import Draft, NameWatch, SavedView, Witness
from evidence.models import Upload
from exports.models import Destruction
from exports.vocabulary import DestructionState
from vault.files import drop_file
from vault.opening import open_row, open_rows
from vault.scopes import Scope
from vault.vocabulary import Purpose

_BY = reader_code(Machine.SWEEP)


def purge_derived(destruction: Destruction) -> int:
    """Delete them, if the erasure was confirmed and the keys are still there; return how many."""
    row = Destruction.objects.filter(pk=destruction.pk, state=DestructionState.CONFIRMED).first()
    if row is None:
        return 0
    witness = Witness.objects.get(pk=row.witness_id)
    drafts = Draft.objects.filter(witness=witness)
    watches = NameWatch.objects.filter(witness=witness)
    views = SavedView.objects.filter(pk__in=_views_that_name(witness))
    uploads = list(Upload.objects.filter(item__witness=witness))
    for upload in uploads:
        drop_file(upload.file, scope=Scope.case(upload.case_id), by=_BY)
    counts = {
        "drafts": drafts.delete()[0],
        "views": views.delete()[0],
        "watches": watches.delete()[0],
        "uploads": Upload.objects.filter(pk__in=[one.pk for one in uploads]).delete()[0],
    }
    record(
        Kind.DERIVED_PURGED,
        by=_BY,
        subject=f"destruction:{row.pk}",
        scope=row.case_id,
        facts={"number": row.number, **counts},
    )
    return sum(counts.values())


def _views_that_name(witness: Witness) -> list[UUID]:
    """The saved views of the case that say the witness's id, code or pseudonym, whoever keeps them."""
    pseudonym = open_row(witness, "public_pseudonym", reader=_BY, purpose=Purpose.ERASURE)
    words = {str(witness.pk), witness.code, pseudonym.text("public_pseudonym")}
    rows = list(SavedView.objects.filter(case=witness.case_id))
    told = open_rows(rows, "name", "filters", reader=_BY, purpose=Purpose.ERASURE)
    found: list[UUID] = []
    for row in rows:
        said = f"{told[row.pk].text('name')} {told[row.pk].json('filters')}".casefold()
        if any(word.casefold() in said for word in words if word):
            found.append(row.pk)
    return found
