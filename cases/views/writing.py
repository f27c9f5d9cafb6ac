"""Writing an account down: whose it is, its first text, and its next version.

What is typed is kept as a sealed draft all along, also when the step at its end is refused.
"""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.actions.consents import may_be_analysed
from cases.actions.testimonies import save_version, start_testimony
from cases.errors import ReadOnly
from cases.forms.submission import ForgetForm
from cases.forms.testimonies import (
    LATER_KINDS,
    NewTextForm,
    TextForm,
    VersionForm,
    WitnessChoiceForm,
)
from cases.models import Case, Draft, Interview, Testimony, TestimonyVersion, Witness
from cases.models.draft import FIRST_TEXT, NEXT_TEXT
from cases.policy import CaseRequest, case_view
from cases.reading import standing_consents
from cases.views.common import Line, attempting, find, opened_line, posted, status_of
from cases.views.drafting import (
    Desk,
    Kept,
    autosaved,
    drop,
    is_autosave,
    keep,
    keep_refused,
    kept,
    overtaken,
    refill,
)
from cases.views.naming import Choices, chosen, witnesses_of
from cases.views.testimonies import OPEN, find_testimony, language_of, last_return
from cases.vocabulary import TOLD, Permission, TextLanguage, VersionKind
from vault.vocabulary import Purpose


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the page of writing shows around the form."""

    witness: Witness
    heading: str
    verb: str
    back: str
    kept: Kept
    row: Testimony | None = None
    beside: Line[TestimonyVersion] | None = None
    is_overtaken: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.TESTIMONY_WRITE)
def testimony_choose(request: CaseRequest, case: Case) -> HttpResponse:
    """Whose account it is."""
    form = WitnessChoiceForm(posted(request), initial={"witness": request.GET.get("witness", "")})
    people = _with_consent(request, case)
    form.offer("witness", people)
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            witness = chosen(Witness.objects, request, case, form, "witness")
            if witness is not None:
                return redirect("testimony-create", case=case.pk, witness=witness.pk)
    context = {"case": case, "form": form, "has_people": bool(people)}
    return render(request, "cases/testimony_choose.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.TESTIMONY_WRITE)
def testimony_create(request: CaseRequest, case: Case, witness: UUID) -> HttpResponse:
    """Take an account down: its first text."""
    row = find(Witness.objects.all(), request, case, witness)
    desk = Desk(FIRST_TEXT, row.pk, row, ("interview", "language", "kind", "text"))
    if is_autosave(request):
        return autosaved(request, case, desk)
    draft = kept(request, case, desk)
    form = NewTextForm(posted(request), initial=_first(request, row, draft))
    form.offer("interview", _interviews(request, row))
    if answer := _without_text(request, desk, form, row.code):
        return answer
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            made = _start(request, case, row, form)
            drop(request, case, desk)
            messages.success(request, _("The account was registered as a draft."))
            return redirect("testimony-detail", case=case.pk, testimony=made.pk)
    if request.POST.get("text"):
        draft = keep_refused(request, case, desk, form, draft)
    sheet = Sheet(
        row,
        _("Take an account down"),
        _("Register the account"),
        reverse("testimony-list", args=[case.pk]),
        draft,
    )
    return _written(request, case, form, sheet)


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.TESTIMONY_WRITE)
def testimony_edit(request: CaseRequest, case: Case, testimony: UUID) -> HttpResponse:
    """Save the next version. What somebody else saved meanwhile is shown beside what was typed."""
    row = find_testimony(request, case, testimony)
    desk = Desk(NEXT_TEXT, row.pk, row.witness, ("language", "kind", "text", "based_on"))
    if is_autosave(request):
        return autosaved(request, case, desk)
    if request.method != "POST" and (row.status not in OPEN or row.current is None):
        raise ReadOnly(subject=f"testimony:{row.pk}", scope=case.pk, status=row.status)
    draft = kept(request, case, desk)
    form = VersionForm(posted(request), initial=_next(request, row, draft))
    if answer := _without_text(request, desk, form, row.registration_no):
        return answer
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            _save(request, row, form)
            drop(request, case, desk)
        if form.is_valid():
            messages.success(request, _("The next version was saved."))
            return redirect("testimony-detail", case=case.pk, testimony=row.pk)
        row = find_testimony(request, case, testimony)
    if request.POST.get("text"):
        draft = keep_refused(request, case, desk, form, draft)
    return _written(request, case, form, _beside(request, case, row, form, draft))


def _with_consent(request: CaseRequest, case: Case) -> Choices:
    """The witnesses, each with a word where no consent would let an account be taken."""
    people = witnesses_of(request, case)
    standing = standing_consents([pk for pk, _label in people], timezone.now())
    without = _("no consent in force")
    return [(pk, label if pk in standing else f"{label} ({without})") for pk, label in people]


def _interviews(request: CaseRequest, witness: Witness) -> Choices:
    """The meetings with the witness in which something was told."""
    rows = Interview.objects.visible_to(request.user).filter(witness=witness, status__in=TOLD)
    return [
        (row.pk, f"{row.get_type_display()} · {row.get_status_display()} · {row.created_at:%Y-%m-%d}")
        for row in rows.order_by("-created_at")
    ]


def _first(request: CaseRequest, witness: Witness, draft: Kept) -> dict[str, object]:
    """What the empty form begins with: the draft, or the language that the witness speaks."""
    if draft.number:
        names = ("interview", "language", "kind", "text")
        return {"revision": draft.number, **{name: draft.text(name) for name in names}}
    spoken = opened_line(witness, "languages", request=request, why=Purpose.EDIT).opened.json("languages")
    known = [one for one in spoken if one in TextLanguage.values] if isinstance(spoken, list) else []
    return {
        "interview": request.GET.get("interview", ""),
        "language": known[0] if known else TextLanguage.ARABIC.value,
        "kind": VersionKind.STATEMENT.value,
    }


def _next(request: CaseRequest, row: Testimony, draft: Kept) -> dict[str, object]:
    """The draft, or the present text; a translation begins with an empty sheet."""
    if row.current is None:
        return {}
    if draft.number:
        known = {name: draft.text(name) for name in ("language", "kind", "text")}
        return {"revision": draft.number, "based_on": row.current.seq, **known}
    opened = opened_line(row.current, "text", "language", request=request, why=Purpose.EDIT).opened
    if request.GET.get("as") == VersionKind.TRANSLATION.value:
        return {"based_on": row.current.seq, "kind": VersionKind.TRANSLATION.value}
    kind = row.current.kind if row.current.kind in LATER_KINDS else VersionKind.STATEMENT
    return {
        "based_on": row.current.seq,
        "language": language_of(opened),
        "kind": str(kind),
        "text": opened.text("text"),
    }


def _start(request: CaseRequest, case: Case, witness: Witness, form: NewTextForm) -> Testimony:
    return start_testimony(
        by=request.user,
        witness=witness,
        text=form.cleaned_data["text"],
        language=TextLanguage(form.cleaned_data["language"]),
        kind=VersionKind(form.cleaned_data["kind"]),
        interview=chosen(Interview.objects, request, case, form, "interview"),
        once=form.drawn(),
    )


def _save(request: CaseRequest, row: Testimony, form: VersionForm) -> TestimonyVersion:
    return save_version(
        by=request.user,
        testimony=row,
        text=form.cleaned_data["text"],
        language=TextLanguage(form.cleaned_data["language"]),
        kind=VersionKind(form.cleaned_data["kind"]),
        based_on=form.cleaned_data["based_on"],
    )


def _beside(request: CaseRequest, case: Case, row: Testimony, form: VersionForm, draft: Kept) -> Sheet:
    """Lay the present text beside the form where it is newer than what was read, or is being translated."""
    sheet = Sheet(
        row.witness,
        _("Write the next version"),
        _("Save as the next version"),
        reverse("testimony-detail", args=[case.pk, row.pk]),
        draft,
        row,
    )
    if row.current is None:
        return sheet
    read = form.data.get("based_on") if form.is_bound else draft.text("based_on")
    is_overtaken = bool(read) and read != str(row.current.seq)
    kind = form["kind"].value()
    if not is_overtaken and kind != VersionKind.TRANSLATION:
        return sheet
    present = opened_line(row.current, "text", "language", request=request, why=Purpose.EDIT)
    if form.is_bound:
        # Both texts are on the page now: what is saved next was written with the newer one in sight.
        refill(form, based_on=str(row.current.seq))
    return Sheet(
        sheet.witness, sheet.heading, sheet.verb, sheet.back, draft, row, present, is_overtaken=is_overtaken
    )


def _without_text(request: CaseRequest, desk: Desk, form: TextForm, code: str) -> HttpResponse | None:
    """The two buttons that save no version: keep the draft, and forget it after one plain question."""
    if request.method != "POST" or not ("forget" in request.POST or "keep" in request.POST):
        return None
    answer = None
    with attempting(request, form):
        answer = _kept_or_forgotten(request, desk, code)
    # Where it was refused, the form says why.
    return None if form.non_field_errors() else answer


def _kept_or_forgotten(request: CaseRequest, desk: Desk, code: str) -> HttpResponse:
    if request.POST.get("forget") == ForgetForm.SURE:
        drop(request, request.case, desk)
        messages.success(request, _("The draft was forgotten."))
        return redirect(request.path)
    # Also before the question: whoever answers it by no finds all that stood on the page.
    made = keep(request, request.case, desk)
    return _ask_to_forget(request, made, code) if "forget" in request.POST else redirect(request.path)


def _ask_to_forget(request: CaseRequest, draft: Draft, code: str) -> HttpResponse:
    context = {
        "case": request.case,
        "code": code,
        "form": ForgetForm(initial={"revision": draft.number}),
        "question": _("Forget this draft?"),
        "consequences": [
            _("What you typed and did not hand on is deleted. This cannot be undone."),
            _("Accounts and versions that were registered stay as they are."),
        ],
        "verb": _("Forget the draft"),
        "is_grave": True,
        "cancel_url": request.path,
    }
    return render(request, "cases/draft_forget.html", context)


def _written(request: CaseRequest, case: Case, form: TextForm, sheet: Sheet) -> HttpResponse:
    is_covered, is_closed = may_be_analysed(sheet.witness), not case.is_written
    other = overtaken(form, sheet.kept)
    context = {
        "case": case,
        "form": form,
        "sheet": sheet,
        "other": other,
        # What the other window kept is not what stands in this form.
        "saved_words": "" if other.number else sheet.kept.words(),
        "is_covered": is_covered,
        "returned": last_return(request, sheet.row) if sheet.row else None,
        "is_closed": is_closed,
        # There is nothing to write yet, or any more, unless something is lying here already.
        "is_open": (is_covered and not is_closed) or form.is_bound or bool(sheet.kept.number),
        "may_record": Permission.CONSENT_RECORD in request.powers,
    }
    return render(request, "cases/testimony_write.html", context, status=status_of(form))
