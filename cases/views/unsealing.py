"""Opening a name: asking, what custodians are handed and hand back, and the one time that it is shown."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.custodians import directory_in_force, member_of
from accounts.policy import fresh
from cases.actions.deciding import ask_paper, decide_request
from cases.actions.showing import fetch_answer, show_identity
from cases.actions.unsealing import Asked, ask_for_identity, change_request, close_request
from cases.actions.unsealing_papers import paper_of
from cases.errors import NotVisible, NotYourRequest
from cases.forms.unsealing import AnswerForm, AskForm, WordsForm
from cases.models import Case, IdentityDecision, IdentityRequest, Witness
from cases.policy import CaseRequest, case_view
from cases.views.common import attempting, find, posted, status_of
from cases.vocabulary import SHOWN_FOR, UNFINISHED_ACCESS, AccessState, IdentityField, Permission
from vault.custodian import words
from vault.custodian.directory import Directory, Member


@require_safe
@case_view(Permission.WITNESS_READ)
def identity_list(request: CaseRequest, case: Case) -> HttpResponse:
    """The requests of a case that the reader has made, decides on, or oversees."""
    rows = IdentityRequest.objects.visible_to(request.user).filter(case=case)
    if not _sees_all(request):
        rows = rows.filter(created_by=request.user)
    found = rows.select_related("witness", "created_by").order_by("-created_at", "-id")
    return render(request, "cases/identity_list.html", {"case": case, "rows": found})


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.IDENTITY_REQUEST)
@fresh
def identity_ask(request: CaseRequest, case: Case, witness: UUID) -> HttpResponse:
    """Ask to see who a witness is."""
    row = find(Witness.objects.select_related("case"), request, case, witness)
    form = AskForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            return _asked(request, ask_for_identity(by=request.user, witness=row, facts=form.asked()))
    context = {
        "case": case,
        "line": row,
        "form": form,
        "has_custodians": directory_in_force() is not None,
        "heading": _("Ask to open a name"),
        "verb": _("Ask two custodians"),
        "back_url": reverse("witness-detail", args=[case.pk, row.pk]),
    }
    return render(request, "cases/identity_ask.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.IDENTITY_REQUEST)
@fresh
def identity_change(request: CaseRequest, case: Case, access: UUID) -> HttpResponse:
    """Ask for something else instead: what was said so far counts no more."""
    row = _own(request, case, access)
    paper = paper_of(row, request.user)
    initial = {"purpose": row.purpose, "fields_asked": list(paper.fields), "reason": paper.reason}
    form = AskForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            return _asked(request, change_request(by=request.user, request=row, facts=form.asked()))
    context = {
        "case": case,
        "line": row.witness,
        "form": form,
        "has_custodians": True,
        "voids": row.state != AccessState.REQUESTED,
        "heading": _("Ask for something else"),
        "verb": _("Ask anew"),
        "back_url": reverse("identity-detail", args=[case.pk, row.pk]),
    }
    return render(request, "cases/identity_ask.html", context, status=status_of(form))


@require_safe
@case_view(Permission.WITNESS_READ)
def identity_detail(request: CaseRequest, case: Case, access: UUID) -> HttpResponse:
    """One request: what is asked, how far it has come, and what comes next."""
    return render(request, "cases/identity_detail.html", told(request, case, found(request, case, access)))


@require_safe
@case_view(Permission.IDENTITY_GUARD)
def identity_paper(request: CaseRequest, case: Case, access: UUID) -> HttpResponse:
    """The file that a custodian takes to their own tool."""
    row = found(request, case, access)
    paper = ask_paper(by=request.user, request=row)
    return file_of(paper, f"request-{row.witness.code}.json")


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.IDENTITY_GUARD)
@fresh
def identity_answer(request: CaseRequest, case: Case, access: UUID) -> HttpResponse:
    """Hand in what a custodian has signed."""
    row = found(request, case, access)
    form = AnswerForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            decide_request(by=request.user, request=row, answer=form.raw())
            messages.success(request, _("Your answer was counted."))
            return redirect("identity-detail", case=case.pk, access=row.pk)
    context = {
        **told(request, case, row),
        "form": form,
        "question": _("Hand in your answer"),
        "consequences": [
            _("It counts once, for exactly what is asked here. What is edited later is asked anew."),
            _("Nobody can take it back. A custodian can still stop the request until it is opened."),
        ],
        "verb": _("Hand in your answer"),
        "cancel_url": reverse("identity-detail", args=[case.pk, row.pk]),
    }
    return render(request, "cases/identity_answer.html", context, status=status_of(form))


@sensitive_variables()
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.IDENTITY_REQUEST)
@fresh
def identity_open(request: CaseRequest, case: Case, access: UUID) -> HttpResponse:
    """Show the name, once, to the person who asked; or hand out the file that their own tool opens."""
    row = _own(request, case, access)
    form = WordsForm(posted(request))
    if row.held_key is None and "file" in request.POST:
        return file_of(fetch_answer(by=request.user, request=row), f"answer-{row.witness.code}.json")
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            shown = show_identity(by=request.user, request=row, typed=form.cleaned_data["words"])
            labels = dict(IdentityField.choices)
            context = {
                "case": case,
                "row": shown.request,
                "values": [(labels[name], said) for name, said in shown.values.items()],
                "minutes": int(SHOWN_FOR.total_seconds()) // 60,
            }
            response = render(request, "cases/identity_shown.html", context)
            away = reverse("identity-detail", args=[case.pk, row.pk])
            response.headers["Refresh"] = f"{int(SHOWN_FOR.total_seconds())}; url={away}"
            return response
    context = {**told(request, case, row), "form": form}
    return render(request, "cases/identity_open.html", context, status=status_of(form))


@require_POST
@case_view(Permission.IDENTITY_REQUEST)
def identity_close(request: CaseRequest, case: Case, access: UUID) -> HttpResponse:
    """End one's own request."""
    row = _own(request, case, access)
    close_request(by=request.user, request=row)
    messages.success(request, _("The request is closed."))
    return redirect("identity-detail", case=case.pk, access=row.pk)


def _asked(request: CaseRequest, made: Asked) -> HttpResponse:
    """After asking: the words of the key; and where the server keeps it, the six words, this once."""
    paper = paper_of(made.request, request.user)
    context = {
        "case": request.case,
        "row": made.request,
        "six_words": made.words,
        "key_words": words.as_words(paper.key.fingerprint),
        "key_numbers": words.as_numbers(paper.key.fingerprint),
    }
    return render(request, "cases/identity_asked.html", context)


def _sees_all(request: CaseRequest) -> bool:
    return bool({Permission.IDENTITY_CARRY, Permission.IDENTITY_GUARD, Permission.LOG_READ} & request.powers)


def found(request: CaseRequest, case: Case, access: UUID) -> IdentityRequest:
    """A request that the reader made, decides on, or oversees; to everybody else it does not exist."""
    rows = IdentityRequest.objects.select_related("witness", "created_by", "case")
    row = find(rows, request, case, access)
    if row.created_by_id != request.user.pk and not _sees_all(request):
        raise NotVisible(subject=f"identityrequest:{access}", scope=case.pk)
    return row


def _own(request: CaseRequest, case: Case, access: UUID) -> IdentityRequest:
    """The reader's own request: nobody else is shown the page."""
    row = found(request, case, access)
    if row.created_by_id != request.user.pk:
        raise NotYourRequest(subject=f"identity-request:{row.pk}", scope=case.pk)
    return row


def told(request: CaseRequest, case: Case, row: IdentityRequest) -> dict[str, object]:
    """What the pages of one request say."""
    paper, now = paper_of(row, request.user), timezone.now()
    said = IdentityDecision.objects.filter(request=row, digest=paper.digest).select_related("created_by")
    directory = directory_in_force()
    is_mine = row.created_by_id == request.user.pk
    is_open = row.state in UNFINISHED_ACCESS and now < row.expires_at
    labels = dict(IdentityField.choices)
    return {
        "case": case,
        "row": row,
        "line": row.witness,
        "asked": [labels[one] for one in paper.fields if one in labels],
        "reason": paper.reason,
        "key_words": words.as_words(paper.key.fingerprint),
        "key_numbers": words.as_numbers(paper.key.fingerprint),
        "said": said.order_by("created_at", "id"),
        "is_mine": is_mine,
        "is_open": is_open,
        "has_expired": row.state in UNFINISHED_ACCESS and now >= row.expires_at,
        "by_page": row.held_key is not None,
        "may_answer": is_open
        and not is_mine
        and Permission.IDENTITY_GUARD in request.powers
        and directory is not None
        and member_of(request.user, directory) is not None,
        "bodies": _bodies(request, directory) if is_open and not is_mine else [],
        "may_change": is_mine and is_open and row.state != AccessState.DENIED,
        "may_open": is_mine
        and is_open
        and row.state == AccessState.APPROVED_2
        and row.opens_at is not None
        and now >= row.opens_at,
        "may_close": is_mine and (is_open or row.state == AccessState.OPEN),
        "waits": row.opens_at is not None and now < row.opens_at,
    }


def _bodies(request: CaseRequest, directory: Directory | None) -> list[Member]:
    """The outside bodies, for whoever may carry the request to them."""
    if directory is None or Permission.IDENTITY_CARRY not in request.powers:
        return []
    return sorted(directory.outside_bodies, key=lambda one: one.code)


def file_of(content: bytes, name: str) -> HttpResponse:
    """A paper to be taken to somebody's own tool."""
    response = HttpResponse(content, content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
