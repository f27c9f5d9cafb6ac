"""How rows are named in a choice, opened for the reader who chooses, and which row was chosen."""

from typing import TypeVar
from uuid import UUID

from django import forms
from django.db.models import Manager

from cases.models import Actor, Case, CaseRow, Incident, Location, Victim, Witness
from cases.policy import CaseRequest
from cases.views.common import find, opened_lines

R = TypeVar("R", bound=CaseRow)
Choices = list[tuple[UUID, str]]


def places_of(request: CaseRequest, case: Case) -> Choices:
    """The places of the case."""
    rows = Location.objects.visible_to(request.user).filter(case=case).order_by("created_at")
    return [
        (line.row.pk, line.opened.text("name_en") or line.opened.text("name_ar"))
        for line in opened_lines(rows, "name_en", "name_ar", request=request)
    ]


def incidents_of(request: CaseRequest, case: Case, apart_from: object = None) -> Choices:
    """The incidents of the case, but for one."""
    rows = Incident.objects.visible_to(request.user).filter(case=case).order_by("created_at")
    return [
        (line.row.pk, line.opened.text("title"))
        for line in opened_lines(rows, "title", request=request)
        if line.row.pk != apart_from
    ]


def victims_of(request: CaseRequest, case: Case, apart_from: object = None) -> Choices:
    """The victims of the case by code and how accounts speak of them."""
    rows = Victim.objects.visible_to(request.user).filter(case=case).order_by("created_at")
    return [
        (line.row.pk, _joined(line.row.code, line.opened.text("known_as")))
        for line in opened_lines(rows, "known_as", request=request)
        if line.row.pk != apart_from
    ]


def actors_of(request: CaseRequest, case: Case, apart_from: object = None) -> Choices:
    """The actors of the case by code and name."""
    rows = Actor.objects.visible_to(request.user).filter(case=case).order_by("created_at")
    return [
        (line.row.pk, _joined(line.row.code, line.opened.text("name")))
        for line in opened_lines(rows, "name", request=request)
        if line.row.pk != apart_from
    ]


def witnesses_of(request: CaseRequest, case: Case) -> Choices:
    """The witnesses of the case by code and pseudonym."""
    rows = Witness.objects.visible_to(request.user).filter(case=case).order_by("created_at")
    return [
        (line.row.pk, _joined(line.row.code, line.opened.text("public_pseudonym")))
        for line in opened_lines(rows, "public_pseudonym", request=request)
    ]


def chosen(rows: "Manager[R]", request: CaseRequest, case: Case, form: forms.Form, name: str) -> R | None:
    """Return the row that was chosen, if one was: asked anew, since a form's choices are not a check."""
    value = form.cleaned_data.get(name)
    return find(rows.all(), request, case, UUID(str(value))) if value else None  # type: ignore[arg-type]  # every manager of a CaseRow gives a CaseRowSet


def _joined(code: str, name: str) -> str:
    return f"{code} · {name}" if name else code
