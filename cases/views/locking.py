"""The lock of a case: locking it, how it stands, and what reopens it."""

from django.contrib import messages
from django.contrib.auth import logout
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from accounts.custodians import directory_in_force, member_of
from accounts.policy import fresh
from cases.actions.locking import lock_case
from cases.actions.reopening import (
    answer_reopening,
    ask_reopening,
    paper_of_lock,
    reopen_case,
    reopening_paper,
    standing_lock,
)
from cases.errors import IsOpen
from cases.forms.locking import ReopenForm
from cases.forms.unsealing import AnswerForm, WordsForm
from cases.models import Case, CaseLock, LockWord
from cases.policy import CaseRequest, case_view
from cases.views.common import attempting, posted, status_of
from cases.vocabulary import Permission
from vault.custodian import words


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.CASE_LOCK)
@fresh
def lock_place(request: CaseRequest, case: Case) -> HttpResponse:
    """Lock the case; the answer is a page for nobody, since everybody in it was signed out."""
    if request.method == "POST":
        lock_case(by=request.user, case=case)
        logout(request)
        return render(request, "cases/lock_done.html")
    context = {
        "case": case,
        "question": _("Lock this case now?"),
        "consequences": [
            _("Its key goes to the custodians; this server keeps no copy, and nothing of it opens here."),
            _("Everybody in the case is signed out at once, you too. Uploads, exports and other work stop."),
            _("Nothing is lost: what was saved is kept, and work that was under way goes on afterwards."),
            _("You cannot undo it. Only two custodians together reopen the case, with their own tools."),
        ],
        "verb": _("Lock this case"),
        "is_grave": True,
        "cancel_url": reverse("case-detail", args=[case.pk]),
    }
    return render(request, "cases/lock_place.html", context)


@require_safe
@case_view(Permission.CASE_LOCK)
def lock_detail(request: CaseRequest, case: Case) -> HttpResponse:
    """Who locked the case, and how far its reopening has come."""
    return render(request, "cases/lock_detail.html", _told(request, case))


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.CASE_LOCK)
@fresh
def lock_ask(request: CaseRequest, case: Case) -> HttpResponse:
    """Ask two custodians to give the key back; the six words are shown on the answer, once."""
    told, form = _told(request, case), ReopenForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            row, typed = ask_reopening(by=request.user, case=case, reason=form.cleaned_data["reason"])
            key = paper_of_lock(row, request.user).key.fingerprint
            context = {
                "case": case,
                "six_words": typed,
                "key_words": words.as_words(key),
                "key_numbers": words.as_numbers(key),
            }
            return render(request, "cases/lock_asked.html", context)
    sentences = [
        _("Two custodians who did not ask decide, each on their own, with their own tools."),
        _("You are shown six words, once. Only they, with two answers, reopen the case."),
        *([_("What custodians have said so far counts no more.")] if told.get("reason") else []),
    ]
    question = _("Ask that this case be reopened?")
    return _confirm(request, told, form, "ask", (question, sentences, _("Ask two custodians")))


@require_safe
@case_view(Permission.CASE_LOCK)
def lock_paper(request: CaseRequest, case: Case) -> HttpResponse:
    """The file that a custodian takes to their own tool."""
    response = HttpResponse(reopening_paper(by=request.user, case=case), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="reopen-{case.code}.json"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.CASE_LOCK)
@fresh
def lock_answer(request: CaseRequest, case: Case) -> HttpResponse:
    """Hand in what a custodian has signed."""
    told, form = _told(request, case), AnswerForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            answer_reopening(by=request.user, case=case, answer=form.raw())
            messages.success(request, _("Your answer was counted."))
            return redirect("lock-detail", case=case.pk)
    sentences = [_("It counts once, for exactly what is asked here. What is asked anew is answered anew.")]
    words_ = (_("Hand in your answer"), sentences, _("Hand in your answer"))
    return _confirm(request, told, form, "answer", words_)


@sensitive_variables()
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.CASE_LOCK)
@fresh
def lock_open(request: CaseRequest, case: Case) -> HttpResponse:
    """Reopen the case with the six words."""
    told, form = _told(request, case), WordsForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            reopen_case(by=request.user, case=case, typed=form.cleaned_data["words"])
            messages.success(request, _("The case is open again. Work that was waiting goes on."))
            return redirect("case-detail", case=case.pk)
    sentences = [_("The case gets its key back, and everybody in it can work again.")]
    words_ = (_("Reopen this case?"), sentences, _("Reopen the case"))
    return _confirm(request, told, form, "open", words_)


def _confirm(
    request: CaseRequest, told: dict[str, object], form: Form, page: str, said: tuple[str, list[str], str]
) -> HttpResponse:
    question, consequences, verb = said
    context = {
        **told,
        "form": form,
        "question": question,
        "consequences": consequences,
        "verb": verb,
        "cancel_url": reverse("lock-detail", args=[request.case.pk]),
    }
    return render(request, f"cases/lock_{page}.html", context, status=status_of(form))


def _told(request: CaseRequest, case: Case) -> "dict[str, object]":
    """What the page says of the lock. Raises `IsOpen`."""
    row = standing_lock(case)
    if row is None:
        raise IsOpen(subject=f"case:{case.pk}", scope=case.pk)
    told: dict[str, object] = {"case": case, "row": row, "said": _said(row)}
    if not row.is_asked:
        return told
    paper, directory = paper_of_lock(row, request.user), directory_in_force()
    is_mine = row.asked_by_id == request.user.pk
    is_custodian = directory is not None and member_of(request.user, directory) is not None
    return told | {
        "reason": paper.reason,
        "key_words": words.as_words(paper.key.fingerprint),
        "key_numbers": words.as_numbers(paper.key.fingerprint),
        "may_answer": is_custodian and not is_mine,
        "may_open": is_mine,
    }


def _said(row: CaseLock) -> "list[LockWord]":
    if row.digest is None:
        return []
    rows = LockWord.objects.filter(lock=row, digest=bytes(row.digest)).select_related("created_by")
    return list(rows.order_by("created_at", "id"))
