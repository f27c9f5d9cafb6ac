"""Steps of an account apart from its review: read back, handed in, made final, replaced, taken out of use."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.actions.attestations import attest
from cases.actions.drafts import find_draft
from cases.actions.reviews import finalise_testimony
from cases.actions.testimonies import submit_testimony, supersede_testimony, withdraw_testimony
from cases.errors import NotVisible, ReadOnly
from cases.forms.submission import SubmissionForm
from cases.forms.testimonies import AttestationForm, ReplacementForm, WithdrawnForm
from cases.models import Attestation, Case, Testimony
from cases.models.draft import NEXT_TEXT
from cases.policy import CaseRequest, case_view
from cases.views.common import attempting, opened_line, posted, status_of
from cases.views.naming import chosen
from cases.views.testimonies import find_testimony, language_of, replacements_of
from cases.vocabulary import ENDED, Permission, SignedHow


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.TESTIMONY_WRITE)
def testimony_attest(request: CaseRequest, case: Case, testimony: UUID) -> HttpResponse:
    """Read the present text back to the witness, and record what they said to it."""
    row = find_testimony(request, case, testimony)
    if row.current is None or row.status in ENDED:
        raise ReadOnly(subject=f"testimony:{row.pk}", scope=case.pk, status=row.status)
    line = opened_line(row.current, "text", "language", request=request)
    form = AttestationForm(
        posted(request),
        initial={
            "seen": row.current.seq,
            "language": language_of(line.opened),
            "by_whom": request.user.staff_code,
            "signed_how": SignedHow.NOT_SIGNED.value,
        },
    )
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            seen, once = form.cleaned_data["seen"], form.drawn()
            attest(by=request.user, testimony=row, facts=form.facts(), seen=seen, once=once)
            messages.success(request, _("The reading back was recorded."))
            return redirect("testimony-detail", case=case.pk, testimony=row.pk)
    context = {"case": case, "row": row, "line": line, "form": form}
    return render(request, "cases/testimony_attest.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.TESTIMONY_WRITE)
def testimony_submit(request: CaseRequest, case: Case, testimony: UUID) -> HttpResponse:
    """Hand the present version in, after one plain question."""
    row = find_testimony(request, case, testimony)
    form = SubmissionForm(posted(request), initial={"seen": row.current.seq if row.current else None})
    if request.method == "POST" and form.is_valid():
        submit_testimony(by=request.user, testimony=row, seen=form.cleaned_data["seen"])
        messages.success(request, _("Handed in. It waits for a reviewer now."))
        return redirect("testimony-detail", case=case.pk, testimony=row.pk)
    context = {
        "case": case,
        "row": row,
        "form": form,
        "question": _("Hand this account in for review?"),
        "consequences": _before_review(request, case, row),
        "verb": _("Hand it in"),
        "cancel_url": reverse("testimony-detail", args=[case.pk, row.pk]),
    }
    return render(request, "cases/testimony_confirm.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.TESTIMONY_REVIEW)
def testimony_finalise(request: CaseRequest, case: Case, testimony: UUID) -> HttpResponse:
    """Close an approved account for ever, after one plain question."""
    row = find_testimony(request, case, testimony)
    if request.method == "POST":
        finalise_testimony(by=request.user, testimony=row)
        messages.success(request, _("The account is final."))
        return redirect("testimony-detail", case=case.pk, testimony=row.pk)
    context = {
        "case": case,
        "row": row,
        "question": _("Make this account final?"),
        "consequences": [
            _("No step leads back: nothing in it can be changed any more."),
            _("A correction is a new account, which replaces this one."),
            _("It can still be withdrawn."),
        ],
        "verb": _("Make it final"),
        "is_grave": True,
        "cancel_url": reverse("testimony-detail", args=[case.pk, row.pk]),
    }
    return render(request, "cases/testimony_confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.CONSENT_WITHDRAW)
def testimony_withdraw(request: CaseRequest, case: Case, testimony: UUID) -> HttpResponse:
    """Take an account out of use. Any member who meets witnesses may, even where they may not read it."""
    row = _to_withdraw(request, case, testimony)
    reads = Permission.TESTIMONY_READ in request.powers
    back = reverse("testimony-detail", args=[case.pk, row.pk]) if reads else _overview(case)
    form = WithdrawnForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            withdraw_testimony(by=request.user, testimony=row, reason=form.cleaned_data["reason"])
            messages.success(request, _("Taken out of use. It counts from this instant, for everybody here."))
            return redirect(back)
    context = {
        "case": case,
        "row": row,
        "form": form,
        "question": _("Take this account out of use?"),
        "consequences": [
            _("No step leads back from this. Exports that wait do not take it along."),
            _("Nothing is deleted: whoever may read it still finds it, marked as withdrawn."),
            _("If the witness takes back their consent, record that, too: it is a step of its own."),
        ],
        "verb": _("Take it out of use"),
        "is_grave": True,
        "cancel_url": back,
    }
    return render(request, "cases/testimony_confirm.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.TESTIMONY_REVIEW)
def testimony_supersede(request: CaseRequest, case: Case, testimony: UUID) -> HttpResponse:
    """Say which newer account of the same witness replaces this one."""
    row = find_testimony(request, case, testimony)
    form = ReplacementForm(posted(request))
    form.offer("replacement", replacements_of(request, row).values_list("pk", "registration_no"))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            newer = chosen(Testimony.objects, request, case, form, "replacement")
            if newer is not None:
                supersede_testimony(by=request.user, testimony=row, replacement=newer)
                messages.success(request, _("The account was replaced."))
                return redirect("testimony-detail", case=case.pk, testimony=row.pk)
    context = {
        "case": case,
        "row": row,
        "form": form,
        "question": _("Which account replaces this one?"),
        "consequences": [
            _("No step leads back from this. Both stay readable; this one names the one that replaced it.")
        ],
        "verb": _("Replace it"),
        "is_grave": True,
        "cancel_url": reverse("testimony-detail", args=[case.pk, row.pk]),
    }
    return render(request, "cases/testimony_confirm.html", context, status=status_of(form))


def _before_review(request: CaseRequest, case: Case, row: Testimony) -> list[str]:
    """What whoever hands in should know: what comes next, and what is still open."""
    found = [_("Another person reviews it. You cannot write in it meanwhile; it may come back to you.")]
    if row.current and not Attestation.objects.filter(version=row.current, read_back=True).exists():
        found.append(_("This version was not read back to the witness. The reviewer will ask why."))
    if find_draft(by=request.user, case=case, form=NEXT_TEXT, subject=row.pk) is not None:
        found.append(_("You have a draft of a next version: it is not handed in with this one."))
    return found


def _to_withdraw(request: CaseRequest, case: Case, pk: UUID) -> Testimony:
    rows = Testimony.objects.visible_to(request.user, Permission.CONSENT_WITHDRAW)
    row = rows.select_related("witness", "current").filter(case=case, pk=pk).first()
    if row is None:
        raise NotVisible(subject=f"testimony:{pk}", scope=case.pk)
    return row


def _overview(case: Case) -> str:
    return reverse("case-detail", args=[case.pk])
