"""Rows that are made once, however often their page is sent.

Promise: the id that was drawn with a page becomes the id of the row; a page that is sent twice makes one row,
and what was changed in between is not lost unseen; an id that belongs to anything else is refused. Called by
the actions behind pages that register something, while they hold the witness or the account, so that two
presses in one second queue.
"""

from collections.abc import Mapping
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.models import User
from cases.errors import IdTaken, SentBefore
from cases.models import Attestation, Consent, Draft, Testimony, Witness
from cases.models.sets import CaseRowSet
from cases.models.witness import WitnessRow
from vault.opening import open_row
from vault.vocabulary import Purpose

R = TypeVar("R", bound=WitnessRow)


def made_before(rows: "CaseRowSet[R]", once: UUID | None, *, by: User, witness: Witness) -> R | None:
    """Return what this page made already. Raises `IdTaken` where the id is not of such a row of theirs."""
    if once is None:
        return None
    row: R | None = rows.filter(pk=once).first()
    if row is None:
        if _is_elsewhere(once):
            raise IdTaken(subject=f"witness:{witness.pk}", scope=witness.case_id)
        return None
    if row.created_by_id != by.pk or row.witness_id != witness.pk:
        raise IdTaken(subject=f"witness:{witness.pk}", scope=witness.case_id)
    return row


def said_again(made: R, cells: Mapping[str, object], *, by: User, **plain: object) -> R:
    """Return what the page made before. Raises `SentBefore` where it says something else by now."""
    opened = open_row(made, *cells, reader=by.staff_code, purpose=Purpose.EDIT)
    is_same = all(opened[name] == cell for name, cell in cells.items())
    if not is_same or any(getattr(made, name) != value for name, value in plain.items()):
        raise SentBefore(subject=f"witness:{made.witness_id}", scope=made.case_id)
    return made


def put(row: WitnessRow) -> None:
    """Insert the row. Raises `IdTaken` where its id is one of a case that the person may not know of."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if not _is_of_the_id(error):
            raise
        raise IdTaken(subject=f"witness:{row.witness_id}", scope=row.case_id) from None


def _is_elsewhere(once: UUID) -> bool:
    kinds = (Witness.objects, Consent.objects, Testimony.objects, Attestation.objects)
    is_row = any(rows.filter(pk=once).exists() for rows in kinds)
    return is_row or Draft.objects.filter(Q(pk=once) | Q(subject=once)).exists()


def _is_of_the_id(error: IntegrityError) -> bool:
    named = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    return str(named or "").endswith("_pkey")
