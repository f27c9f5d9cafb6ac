"""Ending an object, a paper, a medium by hand: asking, deciding, writing down, the certificate."""

from typing import TypeVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.policy import fresh
from cases.believing import kept_by
from cases.errors import NotVisible
from cases.models import Case, CaseRow, Witness
from cases.models.sets import CaseRowSet
from cases.policy import CaseRequest, case_view
from cases.retention import is_due
from cases.views.common import attempting, find, opened_line, opened_lines, posted, status_of
from cases.vocabulary import Permission
from evidence.models import EvidenceItem
from exports.actions.disposal import (
    agree_disposal,
    ask_disposal,
    carry_out_disposal,
    confirm_disposal,
    decline_disposal,
)
from exports.believing import refuse_altered
from exports.forms import DeedForm, DisposalForm, ErasureDecisionForm
from exports.models import Disposal
from exports.printing.certificate import disposal_certificate
from exports.views.papers import asked_language, handed_out
from exports.vocabulary import DisposalState

R = TypeVar("R", bound=CaseRow)
_SAID = ("mark", "reason", "early", "done_by", "place", "how", "present")


@require_safe
@case_view(Permission.CASE_READ)
def disposal_list(request: CaseRequest, case: Case) -> HttpResponse:
    """Every thing of the case that was to end by hand, newest first."""
    rows = Disposal.objects.visible_to(request.user).filter(case=case)
    rows = rows.select_related("created_by", "confirmed_by", "item").order_by("-created_at")[:200]
    context = {
        "case": case,
        "lines": opened_lines(rows, "mark", request=request),
        "may_ask": Permission.ERASURE_CONFIRM in request.powers,
    }
    return render(request, "exports/disposal_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.ERASURE_CONFIRM)
@fresh
def disposal_ask(request: CaseRequest, case: Case) -> HttpResponse:
    """Ask that something be destroyed, overwritten or given back."""
    items, witnesses = _items(request, case), _witnesses(request, case)
    form = DisposalForm(posted(request))
    form.offer(
        [(str(row.pk), row.exhibit_no) for row in items.order_by("exhibit_no")],
        [(str(row.pk), row.code) for row in witnesses.order_by("code")],
        is_due=is_due(case, timezone.now()),
    )
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            item = _chosen(items, form.cleaned_data["item"], case)
            facts = form.facts(item, _chosen(witnesses, form.cleaned_data["witness"], case))
            made = ask_disposal(by=request.user, case=case, facts=facts)
            messages.success(request, _("Asked. A second person must agree before anything is done."))
            return redirect("disposal-detail", case=case.pk, disposal=made.pk)
    context = {
        "case": case,
        "form": form,
        "question": _("What is to be destroyed, or given back?"),
        "consequences": _consequences(),
        "verb": _("Ask for it"),
        "cancel_url": reverse("disposal-list", args=[case.pk]),
    }
    return render(request, "exports/disposal_ask.html", context, status=status_of(form))


def _consequences() -> list[str]:
    return [
        _("Nothing is done yet: another person must agree first."),
        _("Whoever does it writes down when, where, how and before whom; somebody else confirms it."),
        _("A legal hold forbids it. What this system holds about it stays."),
    ]


def _items(request: CaseRequest, case: Case) -> "CaseRowSet[EvidenceItem]":
    """Exhibits of the case, those of erased witnesses too: the object outlives the words about it."""
    return EvidenceItem.objects.visible_to(request.user, erased=True).filter(case=case)


def _witnesses(request: CaseRequest, case: Case) -> "CaseRowSet[Witness]":
    return Witness.objects.visible_to(request.user, erased=True).filter(case=case)


def _chosen(rows: "CaseRowSet[R]", chosen: str, case: Case) -> R | None:
    """The row that was chosen, or refuse as if it did not exist."""
    if not chosen:
        return None
    row = rows.filter(pk=UUID(chosen)).first()
    if row is None:
        raise NotVisible(subject=f"{rows.model._meta.model_name}:{chosen}", scope=case.pk)
    return row


@require_safe
@case_view(Permission.CASE_READ)
def disposal_detail(request: CaseRequest, case: Case, disposal: UUID) -> HttpResponse:
    """One of them: what it is, what was done, and what comes next."""
    row = _row(request, case, disposal)
    acts = Permission.ERASURE_CONFIRM in request.powers
    before = row.created_by_id if row.state == DisposalState.ASKED else row.carried_out_by_id
    decides = row.state in (DisposalState.ASKED, DisposalState.CARRIED_OUT) and before != request.user.pk
    context = {
        "case": case,
        "disposal": row,
        "line": opened_line(row, *_SAID, request=request),
        "may_decide": acts and decides,
        "may_carry_out": acts and row.state == DisposalState.AGREED,
        "may_give_up": acts and row.state in (DisposalState.ASKED, DisposalState.AGREED) and not decides,
        "is_held": bool(kept_by(case.pk, row.holds())),
    }
    return render(request, "exports/disposal_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.ERASURE_CONFIRM)
@fresh
def disposal_decide(request: CaseRequest, case: Case, disposal: UUID) -> HttpResponse:
    """Agree, or confirm that it was done, as another person; or give it up with a reason."""
    row = _row(request, case, disposal)
    form = ErasureDecisionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            messages.success(request, _decided(request, row, form.cleaned_data))
            return redirect("disposal-detail", case=case.pk, disposal=row.pk)
    context = {
        "case": case,
        "disposal": row,
        "line": opened_line(row, *_SAID, request=request),
        "form": form,
        "was_done": row.state == DisposalState.CARRIED_OUT,
        "is_agreed": row.state == DisposalState.AGREED,
    }
    return render(request, "exports/disposal_decide.html", context, status=status_of(form))


def _decided(request: CaseRequest, row: Disposal, said: dict[str, str]) -> str:
    if said["decision"] == "decline":
        decline_disposal(by=request.user, disposal=row, reason=said["reason"])
        if row.state == DisposalState.CARRIED_OUT:
            return _("Not confirmed. What was written down about the deed stays.")
        return _("Given up. Nothing was changed but this request.")
    if row.state == DisposalState.CARRIED_OUT:
        confirm_disposal(by=request.user, disposal=row)
        return _("Confirmed. The certificate can be printed.")
    agree_disposal(by=request.user, disposal=row)
    return _("Agreed. Whoever does it writes down here when, where and how.")


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.ERASURE_CONFIRM)
@fresh
def disposal_carry_out(request: CaseRequest, case: Case, disposal: UUID) -> HttpResponse:
    """Write down that it was done."""
    row = _row(request, case, disposal)
    form = DeedForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            carry_out_disposal(by=request.user, disposal=row, facts=form.facts())
            messages.success(request, _("Written down. Somebody else who saw it must confirm it."))
            return redirect("disposal-detail", case=case.pk, disposal=row.pk)
    context = {
        "case": case,
        "disposal": row,
        "line": opened_line(row, "mark", request=request),
        "form": form,
        "question": _("What was done?"),
        "consequences": [_("Somebody else who saw it confirms what you write here.")],
        "verb": _("Write it down"),
        "cancel_url": reverse("disposal-detail", args=[case.pk, row.pk]),
    }
    return render(request, "exports/disposal_carry_out.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.CASE_READ)
def disposal_certificate_page(request: CaseRequest, case: Case, disposal: UUID) -> HttpResponse:
    """The certificate as a page; sent, it is handed out as a PDF in the language of the button."""
    row = _row(request, case, disposal)
    mark = opened_line(row, "mark", request=request).opened.text("mark")
    paper = disposal_certificate(row, mark=mark, reader=request.user, language=asked_language(request))
    if request.method == "POST":
        return handed_out(paper, row.number)
    context = {
        "case": case,
        "paper": paper,
        "list_url": reverse("disposal-list", args=[case.pk]),
        "list_word": _("Ended by hand"),
        "back": reverse("disposal-detail", args=[case.pk, row.pk]),
        "number": row.number,
    }
    return render(request, "exports/certificate.html", context)


def _row(request: CaseRequest, case: Case, disposal: UUID) -> Disposal:
    people = ("created_by", "agreed_by", "carried_out_by", "confirmed_by")
    rows = Disposal.objects.select_related("case", "item", "witness", *people)
    row = find(rows, request, case, disposal)
    refuse_altered(row)
    return row
