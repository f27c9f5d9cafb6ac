"""Handing an exhibit over: proposing it, one hand-over with its steps, and what each side says."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.policy import fresh
from cases.models import Case
from cases.permissions import members_with
from cases.policy import CaseRequest, case_view
from cases.views.common import Line, attempting, find, opened_line, posted, seen, status_of
from cases.vocabulary import Permission
from evidence.actions import handing
from evidence.errors.handing import HandOverEnded, NotYourHandOver
from evidence.facts import HandOverFacts, OutsideFacts
from evidence.forms.custody import CircumstancesForm, DeclineForm, HandOverForm, OutsideForm, ReceiptForm
from evidence.models import EvidenceItem, FileObject, HandOver
from evidence.views.custody import files_to_name
from evidence.views.rows import exhibit, named, parted_page
from evidence.vocabulary import CopyKind, HandOverState

CELLS = ("when", "place", "purpose", "condition", "seal_no", "outside", "reference", "answer")


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.EVIDENCE_ADD)
@fresh
def custody_propose(request: CaseRequest, case: Case, item: UUID) -> HttpResponse:
    """Offer the exhibit, or one file of it, to another member."""
    row = exhibit(request, case, item)
    people = _receivers(request, case, row)
    form, files = HandOverForm(posted(request)), _offered(request, row)
    form.offer_people(people.values())
    form.offer("file", [(file.pk, name) for file, name in files])
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            facts = HandOverFacts(
                to=people[UUID(form.cleaned_data["to"])],
                file=form.chosen(files),
                when=form.dated("when"),
                **form.told(),
            )
            made = handing.propose_hand_over(by=request.user, item=row, facts=facts)
            _say(request, made, _("The hand-over was proposed. It waits for the receiver to confirm it."))
            return redirect("custody-hand-over", case=case.pk, hand_over=made.pk)
    lead = _(
        "You propose; the exhibit stays with you until the receiver confirms. The stored bytes are digested "
        "anew now and when it is confirmed: if they differ, nothing passes."
    )
    heading, verb = _("Hand over an exhibit"), _("Propose the hand-over")
    return _form_page(request, row, form, heading=heading, verb=verb, lead=lead)


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.EVIDENCE_ADD)
@fresh
def custody_hand_outside(request: CaseRequest, case: Case, item: UUID) -> HttpResponse:
    """Write down that the exhibit went to somebody outside, against a signed receipt."""
    row = exhibit(request, case, item)
    form, files, receipts = OutsideForm(posted(request)), _offered(request, row), _receipts(request, row)
    form.offer("file", [(file.pk, name) for file, name in files])
    form.offer("receipt", [(file.pk, name) for file, name in receipts])
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            facts = OutsideFacts(
                outside=form.cleaned_data["outside"],
                reference=form.cleaned_data["reference"],
                receipt=form.chosen(receipts, "receipt"),
                file=form.chosen(files),
                when=form.dated("when"),
                **form.told(),
            )
            made = handing.hand_outside(by=request.user, item=row, facts=facts)
            _say(request, made, _("The hand-over was written into the chain of custody, with its receipt."))
            return redirect("custody-hand-over", case=case.pk, hand_over=made.pk)
    lead = _(
        "For a court, a laboratory, or whoever else cannot confirm in this system. The chain of custody says "
        "plainly that a receipt stands in place of their confirmation."
    )
    heading, verb = _("Hand over to somebody outside"), _("Write the hand-over into the chain")
    return _form_page(request, row, form, heading=heading, verb=verb, lead=lead)


@require_safe
@case_view(Permission.EVIDENCE_READ)
def custody_hand_over(request: CaseRequest, case: Case, hand_over: UUID) -> HttpResponse:
    """One hand-over: who, when, and what comes next."""
    found = _found(request, case, hand_over)
    acts = Permission.EVIDENCE_ADD in request.powers and case.is_written and found.is_open
    context = {
        **_told(request, case, found),
        "may_answer": acts and found.to_id == request.user.pk and not found.item.is_frozen,
        "may_decline": acts and found.to_id == request.user.pk,
        "may_take_back": acts and found.created_by_id == request.user.pk,
    }
    return render(request, "evidence/hand_over.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.EVIDENCE_ADD)
@fresh
def custody_confirm(request: CaseRequest, case: Case, hand_over: UUID) -> HttpResponse:
    """Take the exhibit over."""
    found = _mine(request, case, hand_over)
    form = ReceiptForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            done = handing.confirm_hand_over(
                by=request.user, hand_over=found, condition=form.cleaned_data["condition"]
            )
            _say(request, done, _("You have the exhibit now. The chain of custody names both of you."))
            return redirect("custody-hand-over", case=case.pk, hand_over=found.pk)
    context = {
        **_told(request, case, found),
        "form": form,
        "question": _("Take this exhibit into your custody?"),
        "consequences": [
            _("The stored bytes are digested once more. If they differ, nothing passes and it is frozen."),
            _("The chain of custody gets its entry, with both names. It cannot be taken back."),
        ],
        "verb": _("Take custody"),
    }
    return render(request, "evidence/hand_over_answer.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.EVIDENCE_ADD)
@fresh
def custody_decline(request: CaseRequest, case: Case, hand_over: UUID) -> HttpResponse:
    """Refuse to take the exhibit over, with a reason."""
    found = _mine(request, case, hand_over)
    form = DeclineForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            handing.decline_hand_over(by=request.user, hand_over=found, reason=form.cleaned_data["reason"])
            messages.success(request, _("The hand-over was declined. The exhibit stays where it is."))
            return redirect("custody-hand-over", case=case.pk, hand_over=found.pk)
    context = {
        **_told(request, case, found),
        "form": form,
        "question": _("Decline this hand-over?"),
        "consequences": [_("The exhibit stays with whoever has it; they read your reason.")],
        "verb": _("Decline the hand-over"),
        "is_grave": True,
    }
    return render(request, "evidence/hand_over_answer.html", context, status=status_of(form))


@require_POST
@case_view(Permission.EVIDENCE_ADD)
def custody_take_back(request: CaseRequest, case: Case, hand_over: UUID) -> HttpResponse:
    """Withdraw what oneself proposed."""
    found = _found(request, case, hand_over)
    handing.take_back_hand_over(by=request.user, hand_over=found)
    messages.success(request, _("The hand-over was taken back. The exhibit stays with you."))
    return redirect("custody-hand-over", case=case.pk, hand_over=found.pk)


def _receivers(request: CaseRequest, case: Case, row: EvidenceItem) -> dict[UUID, User]:
    members = (one for one in members_with(Permission.EVIDENCE_ADD, case) if one.pk != request.user.pk)
    return {one.pk: one for one in members if handing.may_receive(one, row)}


def _offered(request: CaseRequest, row: EvidenceItem) -> list[tuple[FileObject, str]]:
    return [one for one in files_to_name(request, row) if one[0].copy_kind != CopyKind.RECEIPT]


def _receipts(request: CaseRequest, row: EvidenceItem) -> list[tuple[FileObject, str]]:
    return [one for one in files_to_name(request, row) if one[0].copy_kind == CopyKind.RECEIPT]


def _found(request: CaseRequest, case: Case, hand_over: UUID) -> HandOver:
    rows = HandOver.objects.select_related("created_by", "to", "ended_by", "item")
    return find(rows, request, case, hand_over)


def _mine(request: CaseRequest, case: Case, hand_over: UUID) -> HandOver:
    """The hand-over, if it waits for this person: nobody else is shown the button."""
    found = _found(request, case, hand_over)
    if found.to_id != request.user.pk:
        raise NotYourHandOver(subject=f"evidence:{found.item_id}", scope=case.pk, hand_over=str(found.pk))
    if found.state != HandOverState.PROPOSED:
        raise HandOverEnded(subject=f"evidence:{found.item_id}", scope=case.pk, hand_over=str(found.pk))
    return found


def _told(request: CaseRequest, case: Case, found: HandOver) -> dict[str, object]:
    return {
        "case": case,
        "line": named(found.item, request),
        "hand_over": opened_line(found, *CELLS, request=request),
        "file": _named_file(request, found.file_id),
        "receipt": _named_file(request, found.receipt_id),
        "entry": getattr(found, "entry", None),
        "cancel_url": reverse("custody-hand-over", args=[case.pk, found.pk]),
    }


def _named_file(request: CaseRequest, pk: UUID | None) -> Line[FileObject] | None:
    row = seen(FileObject.objects.all(), request, pk)
    return opened_line(row, "filename", request=request) if row is not None else None


def _say(request: CaseRequest, row: HandOver, words: str) -> None:
    if row.state == HandOverState.STOPPED:
        messages.error(
            request,
            _(
                "The stored bytes are not those that were stored. Nothing passed; the exhibit is frozen, and "
                "an evidence custodian has the alert."
            ),
        )
    else:
        messages.success(request, words)


def _form_page(
    request: CaseRequest, row: EvidenceItem, form: CircumstancesForm, **words: str
) -> HttpResponse:
    back = reverse("custody-list", args=[row.case_id, row.pk])
    code = row.exhibit_no
    return parted_page(request, request.case, form, back=back, code=code, **words)
