"""Erasing what a witness gave: asking, deciding, how far it has come, and the certificate."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.policy import fresh
from accounts.vocabulary import OwedState
from cases.believing import kept_by
from cases.models import Case, LegalHold, Witness
from cases.policy import CaseRequest, case_view
from cases.views.common import attempting, find, opened_line, posted, status_of
from cases.vocabulary import Permission
from exports.actions.shredding import ask_erasure, confirm_erasure, decline_erasure
from exports.believing import refuse_altered
from exports.forms import ErasureDecisionForm, ErasureForm
from exports.models import Destruction
from exports.printing.certificate import certificate
from exports.remains import remains_of
from exports.views.papers import asked_language, handed_out
from exports.vocabulary import DestructionState


@require_safe
@case_view(Permission.WITNESS_READ)
def erasure_list(request: CaseRequest, case: Case) -> HttpResponse:
    """Every erasure of the case, newest first."""
    rows = Destruction.objects.visible_to(request.user).filter(case=case)
    context = {
        "case": case,
        "erasures": rows.select_related("created_by", "confirmed_by").order_by("-created_at")[:200],
        "witnesses": _askable(request, case),
    }
    return render(request, "exports/erasure_list.html", context)


def _askable(request: CaseRequest, case: Case) -> list[Witness]:
    if Permission.ERASURE_ASK not in request.powers:
        return []
    rows = Witness.objects.visible_to(request.user).filter(case=case)
    asked = Destruction.objects.exclude(state=DestructionState.DECLINED).values("witness")
    return list(rows.exclude(pk__in=asked).order_by("code"))


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.ERASURE_ASK)
@fresh
def erasure_ask(request: CaseRequest, case: Case, witness: UUID) -> HttpResponse:
    """Ask that what one witness gave be erased."""
    row = find(Witness.objects.all(), request, case, witness)
    form = ErasureForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            made = ask_erasure(by=request.user, witness=row, reason=form.cleaned_data["reason"])
            messages.success(request, _("Asked. A second person must confirm it."))
            return redirect("erasure-detail", case=case.pk, erasure=made.pk)
    context = {
        "case": case,
        "witness": row,
        "form": form,
        "question": _("Ask that all this witness gave be erased?"),
        "consequences": _consequences(),
        "verb": _("Ask to erase it"),
        "is_grave": True,
        "cancel_url": reverse("erasure-list", args=[case.pk]),
    }
    return render(request, "exports/erasure_ask.html", context, status=status_of(form))


def _consequences() -> list[str]:
    return [
        _("Accounts, exhibits, their files and notes, consents and interviews can be read by nobody again."),
        _("It cannot be undone, by nobody and from no backup, once the last copy of the keys has expired."),
        _("Exports that wait are cancelled. What was delivered stays with its recipient."),
        _("A legal hold forbids it. The log keeps that it was done, and when."),
    ]


@require_safe
@case_view(Permission.WITNESS_READ)
def erasure_detail(request: CaseRequest, case: Case, erasure: UUID) -> HttpResponse:
    """One erasure: its steps, from when it is final, and what a person should rewrite."""
    row = _row(request, case, erasure)
    decides = Permission.ERASURE_CONFIRM in request.powers and row.created_by_id != request.user.pk
    job = getattr(row, "job", None)
    is_stuck = row.state == DestructionState.CONFIRMED and job is not None and job.state == OwedState.FAILED
    context = {
        "case": case,
        "erasure": row,
        "line": opened_line(row, "reason", request=request),
        "is_stuck": is_stuck,
        "job": job,
        "may_decide": decides and (row.state == DestructionState.ASKED or is_stuck),
        "remains": remains_of(row.witness, request.user),
        "is_held": bool(kept_by(case.pk, LegalHold.over(case.pk, row.witness_id))),
    }
    return render(request, "exports/erasure_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.ERASURE_CONFIRM)
@fresh
def erasure_decide(request: CaseRequest, case: Case, erasure: UUID) -> HttpResponse:
    """Confirm as the second person, or decline with a reason."""
    row = _row(request, case, erasure)
    form = ErasureDecisionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with attempting(request, form):
            if said["decision"] == "confirm":
                confirm_erasure(by=request.user, destruction=row)
                messages.success(
                    request, _("Confirmed. It is carried out now; this page shows how far it is.")
                )
            else:
                decline_erasure(by=request.user, destruction=row, reason=said["reason"])
                messages.success(request, _("Declined. Nothing was erased."))
            return redirect("erasure-detail", case=case.pk, erasure=row.pk)
    context = {
        "case": case,
        "erasure": row,
        "line": opened_line(row, "reason", request=request),
        "form": form,
        "consequences": _consequences(),
    }
    return render(request, "exports/erasure_decide.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.WITNESS_READ)
def erasure_certificate(request: CaseRequest, case: Case, erasure: UUID) -> HttpResponse:
    """The certificate as a page; sent, it is handed out as a PDF in the language of the button."""
    row = _row(request, case, erasure)
    paper = certificate(row, reader=request.user, language=asked_language(request))
    if request.method == "POST":
        return handed_out(paper, row.number)
    context = {
        "case": case,
        "paper": paper,
        "number": row.number,
        "list_url": reverse("erasure-list", args=[case.pk]),
        "list_word": _("Erasures"),
        "back": reverse("erasure-detail", args=[case.pk, row.pk]),
    }
    return render(request, "exports/certificate.html", context)


def _row(request: CaseRequest, case: Case, erasure: UUID) -> Destruction:
    rows = Destruction.objects.select_related("witness", "created_by", "confirmed_by", "case")
    row = find(rows, request, case, erasure)
    refuse_altered(row)
    return row
