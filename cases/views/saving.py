"""Saved views beside the filters of a list, for the lists of this room and of those above it.

A list names what it offers and asks `desk_of` for its saved views; a form that was sent to the list itself is
answered there, under the policy of the list, and needs no script.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.actions.savedviews import LONGEST_NAME, Shelf, remove_view, save_view, saved_views
from cases.errors import NotVisible
from cases.models import Case, SavedView
from cases.models.view import MOST_VIEWS
from cases.policy import CaseRequest
from cases.views.common import attempting, posted, status_of
from cases.vocabulary import Permission


class ViewForm(forms.Form):
    """Under which name a choice is kept."""

    name = forms.CharField(
        label=gettext_lazy("Name of the view"),
        max_length=LONGEST_NAME,
        error_messages={"required": gettext_lazy("Give the view a short name.")},
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """One saved view as it stands beside the filters."""

    row: SavedView
    name: str
    url: str
    is_here: bool


@dataclass(slots=True)
class Desk:
    """What a page needs of the saved views of its list. An `answer` is sent instead of the page."""

    form: ViewForm
    chosen: dict[str, str]
    here: str
    views: list[Shown] = field(default_factory=list)
    answer: HttpResponseRedirect | None = None

    @property
    def status(self) -> int:
        """That of the page: a name that cannot be kept is said in the status, too."""
        return status_of(self.form)

    @property
    def may_save(self) -> bool:
        """There is a choice, there is room, and the very same is not kept already."""
        here = any(view.is_here for view in self.views)
        return bool(self.chosen) and len(self.views) < MOST_VIEWS and not here

    @property
    def is_open(self) -> bool:
        """The fold stands open while there is something to mend in it."""
        return bool(self.form.errors)


def desk_of(
    request: CaseRequest, case: Case, name: str, permission: Permission, **offers: Collection[str]
) -> Desk:
    """Return the saved views of the list `name`, whose filters offer these values, or an answer to a form."""
    shelf = Shelf(name, permission, offers)
    form = ViewForm(None if "remove" in request.POST else posted(request))
    chosen = shelf.fitting(request.GET)
    desk = Desk(form, chosen, _address(case, shelf, chosen))
    if request.method == "POST":
        _answer(request, case, shelf, desk)
    if desk.answer is None:
        kept = saved_views(by=request.user, case=case, shelf=shelf)
        found = [(row, opened.text("name"), shelf.fitting(opened.json("filters"))) for row, opened in kept]
        desk.views = [
            Shown(row, called, _address(case, shelf, chosen), is_here=chosen == desk.chosen)
            for row, called, chosen in found
        ]
    return desk


def _answer(request: CaseRequest, case: Case, shelf: Shelf, desk: Desk) -> None:
    if "remove" in request.POST:
        _remove(request, case, shelf, request.POST["remove"])
        messages.success(request, _("The view was removed."))
        desk.answer = redirect(desk.here)
    elif desk.form.is_valid():
        with attempting(request, desk.form):
            name = desk.form.cleaned_data["name"]
            save_view(by=request.user, case=case, shelf=shelf, name=name, filters=desk.chosen)
            messages.success(request, _("The view was saved. Only you see it."))
            desk.answer = redirect(desk.here)


def _remove(request: CaseRequest, case: Case, shelf: Shelf, pk: str) -> None:
    rows = SavedView.objects.visible_to(request.user, shelf.permission).filter(case=case)
    row = rows.filter(created_by=request.user, shelf=shelf.name, pk=_uuid(pk)).select_related("case").first()
    if row is None:
        raise NotVisible(subject=f"savedview:{_uuid(pk)}", scope=case.pk)
    remove_view(by=request.user, shelf=shelf, view=row)


def _uuid(value: str) -> UUID:
    """Whatever names nothing names the row that is not there."""
    try:
        return UUID(value)
    except ValueError:
        return UUID(int=0)


def _address(case: Case, shelf: Shelf, chosen: Mapping[str, str]) -> str:
    told = urlencode(chosen)
    return reverse(shelf.name, args=[case.pk]) + (f"?{told}" if told else "")
