"""Comparing the names of a case: asking, what custodians are handed and hand back, and the report."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.db.models import Exists, OuterRef, TextChoices
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.custodians import directory_in_force, member_of
from accounts.policy import fresh
from cases.actions.deciding import ask_paper, decide_request
from cases.actions.session_report import Line, may_read, read_report
from cases.actions.sessions import ask_for_session, close_session
from cases.actions.unsealing_papers import paper_of
from cases.forms.session import session_form
from cases.forms.unsealing import AnswerForm
from cases.models import (
    Case,
    IdentitySession,
    SessionDecision,
    SessionItem,
    Testimony,
    TestimonyVersion,
    Witness,
)
from cases.policy import CaseRequest, case_view
from cases.views.common import attempting, find, posted, status_of
from cases.views.unsealing import file_of
from cases.vocabulary import (
    BOUND_WORDS,
    LIVE_SESSION,
    ConsentPurpose,
    Permission,
    RecipientClass,
    SessionCheck,
    SessionState,
)
from vault.custodian import words
from vault.custodian.papers import Request


@require_safe
@case_view(Permission.IDENTITY_SESSION)
def session_list(request: CaseRequest, case: Case) -> HttpResponse:
    """The sessions of a case, the newest first."""
    rows = IdentitySession.objects.visible_to(request.user).filter(case=case)
    found = rows.select_related("created_by").order_by("-created_at", "-id")
    context = {"case": case, "rows": found, "under_way": any(row.state in LIVE_SESSION for row in found)}
    return render(request, "cases/session_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.IDENTITY_SESSION)
@fresh
def session_ask(request: CaseRequest, case: Case) -> HttpResponse:
    """Ask two custodians to let the names be compared."""
    form = session_form(posted(request), texts=_texts(request, case))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            made = ask_for_session(by=request.user, case=case, facts=form.asked())
            return redirect("comparison-detail", case=case.pk, session=made.pk)
    context = {"case": case, "form": form, "has_custodians": directory_in_force() is not None}
    return render(request, "cases/session_ask.html", context, status=status_of(form))


@require_safe
@case_view(Permission.IDENTITY_SESSION)
def session_detail(request: CaseRequest, case: Case, session: UUID) -> HttpResponse:
    """One session: what is asked, how far it has come, and what comes next."""
    row = _found(request, case, session)
    response = render(request, "cases/session_detail.html", _told(request, case, row))
    if row.state in {SessionState.PREPARING, SessionState.RUNNING}:
        response.headers["Refresh"] = "3"
    return response


@require_safe
@case_view(Permission.IDENTITY_GUARD)
def session_paper(request: CaseRequest, case: Case, session: UUID) -> HttpResponse:
    """The file that a custodian takes to their own tool."""
    row = _found(request, case, session)
    return file_of(ask_paper(by=request.user, request=row), f"comparison-{case.code}.json")


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.IDENTITY_GUARD)
@fresh
def session_answer(request: CaseRequest, case: Case, session: UUID) -> HttpResponse:
    """Hand in what a custodian has signed."""
    row = _found(request, case, session)
    form = AnswerForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            decide_request(by=request.user, request=row, answer=form.raw())
            messages.success(request, _("Your answer was counted."))
            return redirect("comparison-detail", case=case.pk, session=row.pk)
    context = {
        **_told(request, case, row),
        "form": form,
        "question": _("Hand in your answer"),
        "consequences": [
            _("It counts once, for exactly what is asked here. What is edited later is asked anew."),
            _("Nobody can take it back. A custodian can still stop the session until it begins."),
        ],
        "verb": _("Hand in your answer"),
        "cancel_url": reverse("comparison-detail", args=[case.pk, row.pk]),
    }
    return render(request, "cases/session_answer.html", context, status=status_of(form))


@require_POST
@case_view(Permission.IDENTITY_SESSION)
def session_close(request: CaseRequest, case: Case, session: UUID) -> HttpResponse:
    """End one's own session before it has begun."""
    close_session(by=request.user, session=_found(request, case, session))
    messages.success(request, _("The session is closed. No name was opened."))
    return redirect("comparison-detail", case=case.pk, session=session)


@require_safe
@case_view(Permission.IDENTITY_SESSION)
@fresh
def session_report(request: CaseRequest, case: Case, session: UUID) -> HttpResponse:
    """What a session found: places, and one of three words."""
    row = _found(request, case, session)
    told = read_report(by=request.user, session=row)
    codes = _codes(request, case, told.lines)
    context = {
        **_told(request, case, row),
        "told": told,
        "lines": [(one, _place(one, codes)) for one in told.lines],
        "authors": sorted(told.authors.items()),
    }
    return render(request, "cases/session_report.html", context)


def _texts(request: CaseRequest, case: Case) -> list[tuple[str, str]]:
    """The accounts that the reader may read and had no hand in, as they are now."""
    mine = TestimonyVersion.objects.filter(testimony=OuterRef("pk"), created_by=request.user)
    rows = Testimony.objects.visible_to(request.user).filter(~Exists(mine), case=case, current__isnull=False)
    return [
        (str(row.current_id), f"{row.registration_no} · {row.current.seq}")
        for row in rows.select_related("current").order_by("registration_no")
        if row.current
    ]


def _found(request: CaseRequest, case: Case, session: UUID) -> IdentitySession:
    return find(IdentitySession.objects.select_related("created_by", "case"), request, case, session)


def _codes(request: CaseRequest, case: Case, lines: Iterable[Line]) -> dict[UUID, str]:
    """The codes of witnesses that the reader may know of; of another one only that there is one."""
    rows = Witness.objects.filter(case=case)
    if Permission.IDENTITY_GUARD not in request.powers:
        rows = Witness.objects.visible_to(request.user).filter(case=case)
    asked = {who for one in lines for who in (*one.pair, one.item.subject) if who}
    codes = {row.pk: row.code for row in rows.filter(pk__in=asked)}
    versions = TestimonyVersion.objects.filter(case=case)
    if Permission.IDENTITY_GUARD not in request.powers:
        versions = TestimonyVersion.objects.visible_to(request.user).filter(case=case)
    named = versions.filter(pk__in=asked).select_related("testimony")
    return codes | {row.pk: f"{row.testimony.registration_no} · {row.seq}" for row in named}


def _place(line: Line, codes: dict[UUID, str]) -> list[str]:
    found = line.pair or ((line.item.subject,) if line.item.subject else ())
    if line.check == SessionCheck.DUPLICATES and not line.pair:
        return [_("all witnesses")]
    if line.check == SessionCheck.STREAMS:
        return [_("file %(number)s") % {"number": line.item.number + 1}]
    other = _("another witness") if line.check != SessionCheck.TEXTS else _("another account")
    return [codes.get(who, other) for who in found]


def bound_lines(paper: Request) -> list[tuple[Promise | str, str]]:
    """What a hand-over is bound to, as custodians sign it; the digest has its own line."""
    return [(BOUND_WORDS[name], _said(name, value)) for name, value in paper.bound if name in BOUND_WORDS]


def _said(name: str, value: str) -> str:
    words: dict[str, type[TextChoices]] = {"for": ConsentPurpose, "kind of recipient": RecipientClass}
    kind = words.get(name)
    return str(kind(value).label) if kind is not None and value in kind.values else value


def _told(request: CaseRequest, case: Case, row: IdentitySession) -> dict[str, object]:
    is_made, now = row.paper is not None, timezone.now()
    paper = paper_of(row, request.user) if is_made else None
    directory = directory_in_force()
    is_mine = row.created_by_id == request.user.pk
    is_open = is_made and row.state in LIVE_SESSION and row.state != SessionState.RUNNING
    has_expired = row.state in LIVE_SESSION and now >= row.expires_at
    items = SessionItem.objects.filter(session=row).values_list("kind", flat=True)
    said = SessionDecision.objects.filter(request=row).select_related("created_by")
    return {
        "case": case,
        "row": row,
        "reason": paper.reason if paper else "",
        "people": len({one.witness_id for one in paper.subjects}) if paper else 0,
        "asked": [label for kind, label in SessionCheck.choices if kind in set(items)],
        "bound": bound_lines(paper) if paper else [],
        "material": bytes(row.material).hex(),
        "key_words": words.as_words(paper.key.fingerprint) if paper else "",
        "key_numbers": words.as_numbers(paper.key.fingerprint) if paper else "",
        "said": said.order_by("created_at", "id"),
        "is_mine": is_mine,
        "is_open": is_open and not has_expired,
        "has_expired": has_expired,
        "may_answer": is_open
        and not has_expired
        and not is_mine
        and Permission.IDENTITY_GUARD in request.powers
        and directory is not None
        and member_of(request.user, directory) is not None,
        "may_close": is_mine and row.state in LIVE_SESSION and row.state != SessionState.RUNNING,
        "may_read": row.state == SessionState.COMPARED and may_read(request.user, row),
        "waits": row.opens_at is not None and now < row.opens_at,
    }
