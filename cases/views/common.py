"""What the views of this room share: finding a row of the case, and showing a form again after a refusal."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from accounts.door import note_refusal, reader_code
from accounts.policy import StaffRequest, purpose
from audit.refusals import Refusal
from cases.errors import NotAllowed, NotVisible
from cases.models import Case, CaseRow
from cases.models.sets import CaseRowSet
from cases.views.watching import warn_of_names
from vault.opening import Opened, open_row, open_rows
from vault.vocabulary import Purpose

R = TypeVar("R", bound=CaseRow)


@dataclass(frozen=True, slots=True)
class Line(Generic[R]):
    """A row with what was opened of it."""

    row: R
    opened: Opened


def find(rows: "CaseRowSet[R]", request: StaffRequest, case: Case, pk: UUID) -> R:
    """Return the row that the address names, if it is of this case and the reader may read it."""
    row = rows.visible_to(request.user).filter(case=case, pk=pk).first()
    if row is None:
        raise NotVisible(subject=f"{rows.model._meta.model_name}:{pk}", scope=case.pk)
    return row


def seen(rows: "CaseRowSet[R]", request: StaffRequest, pk: UUID | None) -> R | None:
    """Return the row that another points to, if the reader may know of it."""
    return rows.visible_to(request.user).filter(pk=pk).first() if pk else None


def whole(rows: "CaseRowSet[R]", request: StaffRequest, case: Case, row: CaseRow, pk: UUID | None) -> None:
    """Refuse to correct a row that points to what the reader does not see: saving would cut it off."""
    if pk is not None and seen(rows, request, pk) is None:
        raise NotAllowed(subject=f"{row._meta.model_name}:{row.pk}", scope=case.pk)


def opened_lines(rows: "QuerySet[R]", *fields: str, request: StaffRequest) -> list[Line[R]]:
    """Open columns of a list in one call, and keep its order."""
    found = list(rows)
    opened = open_rows(found, *fields, reader=reader_code(request.user), purpose=Purpose.LIST)
    return [Line(row, opened[row.pk]) for row in found]


def opened_line(row: R, *fields: str, request: StaffRequest, why: Purpose = Purpose.READ) -> Line[R]:
    """Open columns of one row."""
    return Line(row, open_row(row, *fields, reader=reader_code(request.user), purpose=why))


@contextmanager
def attempting(request: StaffRequest, form: BaseForm) -> Iterator[None]:
    """Undo and record a refusal, and say it on the form: what was typed is shown again and not lost.

    What was saved is compared with the names of the person's own open intake, if there is one.
    What the reader may not know of, or may not do at all, goes on to the door.
    """
    try:
        with transaction.atomic():
            yield
            warn_of_names(request, form)
    except Refusal as refusal:
        if refusal.status in (403, 404):
            raise
        note_refusal(refusal, request.user, purpose(request))
        field = str(refusal.facts.get("field", ""))
        form.add_error(field if field in form.fields else None, str(refusal.message))


def posted(request: StaffRequest) -> QueryDict | None:
    """What was sent, were it nothing at all: an empty form that was sent has something to mend."""
    return request.POST if request.method == "POST" else None


def form_page(
    request: StaffRequest, case: Case, form: BaseForm, *, heading: str, verb: str, back: str
) -> HttpResponse:
    """Show a form inside a case; one that has something to mend says so in its status, too."""
    context = {"case": case, "form": form, "heading": heading, "verb": verb, "back": back}
    return render(request, "cases/form.html", context, status=status_of(form))


def status_of(form: BaseForm) -> int:
    """A form that is shown again because something is wrong says so in its status, too."""
    return 422 if form.is_bound and form.errors else 200
