"""Keeping the choice of filters of a list under a name, and removing it again.

Promise: what is kept is values that the list itself offers, never typed words; its name and the choice lie
sealed; nobody but its owner finds it, and they only while they may open the list. Called by the lists of this
room and of those above it, through `cases.views.saving`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.actions import record
from audit.refusals import Refusal
from audit.vocabulary import Kind
from cases.models import Case, SavedView
from cases.models.sets import CaseRowSet
from cases.models.view import MOST_VIEWS
from cases.permissions import check
from cases.vocabulary import Permission
from vault.opening import Opened, open_rows
from vault.vocabulary import Purpose

LONGEST_NAME = 40


class ViewNotKept(Refusal):
    """A view that the list could not show, or one too many."""

    kind: ClassVar[Kind] = Kind.VIEW_REFUSED
    status: ClassVar[int] = 409
    message: ClassVar[Promise | str] = _("This choice cannot be kept. Choose among the filters, then save.")


class ViewNameTaken(ViewNotKept):
    message = _("You have a view of this name here. Choose another name, or remove that view first.")


class TooManyViews(ViewNotKept):
    message = _("You keep as many views here as there can be. Remove one first.")


@dataclass(frozen=True, slots=True)
class Shelf:
    """A list that can be filtered: the name of its address, the power it asks for, and what it offers."""

    name: str
    permission: Permission
    offers: Mapping[str, Collection[str]]

    def fitting(self, filters: object) -> dict[str, str]:
        """Keep of a choice what the list offers; nothing where it is no choice at all."""
        asked = filters if isinstance(filters, Mapping) else {}
        return {name: str(asked[name]) for name, values in self.offers.items() if asked.get(name) in values}


def saved_views(*, by: User, case: Case, shelf: Shelf) -> list[tuple[SavedView, Opened]]:
    """The person's own views of a list, oldest first, opened for them."""
    rows = list(_own(by, case, shelf).order_by("place"))
    opened = open_rows(rows, "name", "filters", reader=by.staff_code, purpose=Purpose.LIST)
    return [(row, opened[row.pk]) for row in rows]


def save_view(*, by: User, case: Case, shelf: Shelf, name: str, filters: Mapping[str, str]) -> SavedView:
    """Keep a choice. Raises `ViewNotKept`, `ViewNameTaken`, `TooManyViews`."""
    check(by, shelf.permission, case)
    subject, said = f"case:{case.pk}", " ".join(name.split())
    chosen = shelf.fitting(filters)
    if not chosen or chosen != dict(filters) or not 0 < len(said) <= LONGEST_NAME:
        raise ViewNotKept(subject=subject, scope=case.pk, shelf=shelf.name)
    held = saved_views(by=by, case=case, shelf=shelf)
    if any(opened.text("name").casefold() == said.casefold() for _row, opened in held):
        raise ViewNameTaken(subject=subject, scope=case.pk, shelf=shelf.name, field="name")
    free = sorted(set(range(1, MOST_VIEWS + 1)) - {row.place for row, _opened in held})
    if not free:
        raise TooManyViews(subject=subject, scope=case.pk, shelf=shelf.name)
    view = SavedView(case=case, created_by=by, shelf=shelf.name, place=free[0])
    view.seal(name=said, filters=chosen)
    try:
        with transaction.atomic():
            view.save(force_insert=True)
    except IntegrityError:  # another window of theirs took the place in the same moment
        raise TooManyViews(subject=subject, scope=case.pk, shelf=shelf.name) from None
    _record(Kind.VIEW_SAVED, by, view)
    return view


def remove_view(*, by: User, shelf: Shelf, view: SavedView) -> None:
    """Delete a view of one's own; nothing of it is kept."""
    check(by, shelf.permission, view.case_id)
    gone, _rows = _own(by, view.case, shelf).filter(pk=view.pk).delete()
    if not gone:  # another window of theirs was quicker
        raise ViewNotKept(subject=f"savedview:{view.pk}", scope=view.case_id, shelf=shelf.name)
    _record(Kind.VIEW_REMOVED, by, view)


def _own(by: User, case: Case, shelf: Shelf) -> CaseRowSet[SavedView]:
    rows = SavedView.objects.visible_to(by, shelf.permission)
    found: CaseRowSet[SavedView] = rows.filter(case=case, created_by=by, shelf=shelf.name)
    return found


def _record(kind: Kind, by: User, view: SavedView) -> None:
    record(
        kind,
        by=by.staff_code,
        subject=f"savedview:{view.pk}",
        scope=view.case_id,
        facts={"shelf": view.shelf},
        rows=[view] if kind == Kind.VIEW_SAVED else [],
    )
