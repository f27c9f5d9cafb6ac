"""The review of accounts: what waits, and the workbench where one person weighs one version.

A page that was left open from an earlier round decides nothing, and what was typed in it is shown again.
"""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.actions.consents import may_be_analysed
from cases.actions.reviews import (
    approve_testimony,
    may_finish,
    return_testimony,
    take_over_review,
    take_up_review,
    wrote_any_of,
)
from cases.comparing import Piece, Sign, differences
from cases.errors import AuthorMayNotReview, ReviewedMeanwhile
from cases.forms.review import ReviewForm
from cases.models import Attestation, Case, Review, Testimony, TestimonyVersion
from cases.models.draft import REVIEW
from cases.policy import CaseRequest, case_view
from cases.reading import standing_consents
from cases.views.common import Line, attempting, opened_lines, posted, status_of
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
from cases.views.testimonies import (
    Account,
    accounts_of,
    find_testimony,
    reviews_of,
    versions_of,
    witness_of,
)
from cases.vocabulary import Permission, TestimonyStatus, VersionKind
from cases.waiting import reviewing, to_finalise, to_review

NOTHING = "none"
MOST = 200


@dataclass(frozen=True, slots=True)
class Pane:
    """A text on the workbench; `pieces` mark what went or came against the text beside it."""

    line: Line[TestimonyVersion]
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Queued:
    """An account in the queue, and who holds its review."""

    account: Account
    holder: str


@require_safe
@case_view(Permission.TESTIMONY_REVIEW)
def review_queue(request: CaseRequest, case: Case) -> HttpResponse:
    """What waits for a review, what is under review by whom, and what may be made final."""
    me = request.user
    mine, open_to_me, ready = (
        set(rows.filter(case=case).values_list("pk", flat=True))
        for rows in (reviewing(me), to_review(me), to_finalise(me))
    )
    waits = Q(status__in=[TestimonyStatus.SUBMITTED, TestimonyStatus.IN_REVIEW]) | Q(pk__in=ready)
    rows = Testimony.objects.visible_to(me).filter(waits, case=case).select_related("created_by")
    queued = _queued(request, list(rows.order_by("status_at")[:MOST]))
    known = mine | open_to_me | ready
    context = {
        "case": case,
        "mine": [one for one in queued if one.account.row.pk in mine],
        "waiting": [one for one in queued if one.account.row.pk in open_to_me],
        "others": [one for one in queued if one.account.row.pk not in known],
        "ready": [one for one in queued if one.account.row.pk in ready],
    }
    return render(request, "cases/review_queue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.TESTIMONY_REVIEW)
def review_workbench(request: CaseRequest, case: Case, testimony: UUID) -> HttpResponse:
    """The text, what it is read against, and the decision."""
    row = _reviewable(request, case, testimony)
    mine = _mine(request, row)
    if is_autosave(request):
        return autosaved(request, case, _desk(row, _as_shown(request, row, mine)))
    draft = kept(request, case, _desk(row, mine)) if mine else Kept()
    form = ReviewForm(posted(request), initial=_initial(mine, draft))
    read_back = Attestation.objects.filter(version=row.current, read_back=True).exists()
    if read_back:
        form.needs_no_reason()
    if request.method == "POST":
        if answer := _decided(request, case, row, mine, form):
            return answer
        row = _reviewable(request, case, testimony)
        now = _mine(request, row)
        if now is not None and now == mine and str(now.pk) == request.POST.get("review"):
            draft = keep_refused(request, case, _desk(row, now), form, draft)
        else:
            # Words are kept; what was confirmed was confirmed of another text.
            refill(form, review=str(now.pk) if now else "", checks=[], revision="")
            draft = Kept()
        mine = now
    return _workbench(request, row, mine, form, draft, read_back=read_back)


@require_POST
@case_view(Permission.TESTIMONY_REVIEW)
def review_take_up(request: CaseRequest, case: Case, testimony: UUID) -> HttpResponse:
    """Take a submitted account up."""
    take_up_review(by=request.user, testimony=find_testimony(request, case, testimony))
    messages.success(request, _("The review is yours. Nobody else can decide on it meanwhile."))
    return redirect("review-workbench", case=case.pk, testimony=testimony)


@require_POST
@case_view(Permission.TESTIMONY_REVIEW)
def review_take_over(request: CaseRequest, case: Case, testimony: UUID) -> HttpResponse:
    """Take a review over from somebody who may no longer finish it."""
    take_over_review(by=request.user, testimony=find_testimony(request, case, testimony))
    messages.success(request, _("The review is yours now."))
    return redirect("review-workbench", case=case.pk, testimony=testimony)


def _queued(request: CaseRequest, rows: list[Testimony]) -> list[Queued]:
    held = Review.objects.filter(testimony__in=[row.pk for row in rows], closed_at__isnull=True)
    holders = {row.testimony_id: row.created_by.staff_code for row in held.select_related("created_by")}
    return [Queued(one, holders.get(one.row.pk, "")) for one in accounts_of(request, rows)]


def _reviewable(request: CaseRequest, case: Case, pk: UUID) -> Testimony:
    row = find_testimony(request, case, pk)
    if wrote_any_of(request.user, row):
        raise AuthorMayNotReview(subject=f"testimony:{row.pk}", scope=case.pk)
    return row


def _held(row: Testimony) -> Review | None:
    rows = Review.objects.filter(testimony=row, closed_at__isnull=True)
    return rows.select_related("created_by").first()


def _mine(request: CaseRequest, row: Testimony) -> Review | None:
    held = _held(row)
    return held if held is not None and held.created_by_id == request.user.pk else None


def _as_shown(request: CaseRequest, row: Testimony, mine: Review | None) -> Review:
    """The review under which the page was opened, while it is still the one that is held."""
    if mine is None or str(mine.pk) != request.POST.get("review"):
        raise ReviewedMeanwhile(subject=f"testimony:{row.pk}", scope=row.case_id)
    return mine


def _desk(row: Testimony, review: Review) -> Desk:
    return Desk(REVIEW, review.pk, row.witness, ("comments", "no_attestation_reason"), ("checks",))


def _initial(review: Review | None, draft: Kept) -> dict[str, object]:
    return {
        "review": review.pk if review else None,
        "revision": draft.number or None,
        "checks": draft.content.get("checks", []),
        "comments": draft.text("comments"),
        "no_attestation_reason": draft.text("no_attestation_reason"),
    }


def _decided(
    request: CaseRequest, case: Case, row: Testimony, mine: Review | None, form: ReviewForm
) -> HttpResponse | None:
    """Do what the pressed button says; None where the form has to be shown again."""
    if "approve" not in request.POST and "return" not in request.POST:
        with attempting(request, form):
            keep(request, case, _desk(row, _as_shown(request, row, mine)))
        if form.non_field_errors():
            return None
        asked = urlencode({"beside": request.POST.get("beside", "")})
        return redirect(f"{request.path}?{asked}")
    if form.is_valid():
        with attempting(request, form):
            _decide(request, row, form)
            if mine is not None:
                drop(request, case, _desk(row, mine))
    return redirect("testimony-detail", case=case.pk, testimony=row.pk) if form.is_valid() else None


def _decide(request: CaseRequest, row: Testimony, form: ReviewForm) -> None:
    found = form.cleaned_data
    if "return" in request.POST:
        return_testimony(by=request.user, testimony=row, comments=found["comments"], seen=form.seen())
        messages.success(request, _("Returned. The author sees your comments."))
        return
    approve_testimony(
        by=request.user,
        testimony=row,
        checklist=form.confirmed(),
        comments=found["comments"],
        no_attestation_reason=found.get("no_attestation_reason", ""),
        seen=form.seen(),
    )
    messages.success(request, _("Approved: this version, and no other."))


def _workbench(
    request: CaseRequest,
    row: Testimony,
    mine: Review | None,
    form: ReviewForm,
    draft: Kept,
    *,
    read_back: bool,
) -> HttpResponse:
    held = mine or _held(row)
    rounds = [one for one in reviews_of(request, row) if one.row.decision]
    other = overtaken(form, draft)
    reviewing_ended = held is not None and not may_finish(held.created_by, row)
    context = {
        "case": request.case,
        "row": row,
        "held": held,
        "mine": mine,
        "form": form if mine or form.is_bound else None,
        "other": other,
        "saved_words": "" if other.number else draft.words(),
        "read_back": read_back,
        "witness": witness_of(request, row),
        "standing": standing_consents([row.witness_id], timezone.now()).get(row.witness_id),
        "is_covered": may_be_analysed(row.witness),
        "may_take_up": row.status == TestimonyStatus.SUBMITTED and request.case.is_written,
        "may_take_over": reviewing_ended and mine is None and request.case.is_written,
        "rounds": rounds,
        **_panes(request, row, rounds),
    }
    return render(request, "cases/review_workbench.html", context, status=status_of(form))


def _panes(request: CaseRequest, row: Testimony, rounds: list[Line[Review]]) -> dict[str, object]:
    """The text under review, and the one beside it: the source, the text of the round before, or a choice."""
    others = [one for one in versions_of(request, row) if one.pk != row.current_id]
    by_id = {str(one.pk): one for one in others}
    asked = request.POST.get("beside") or request.GET.get("beside") or ""
    beside = None if asked == NOTHING else by_id.get(asked) or by_id.get(_read_against(row, rounds))
    wanted = [one.pk for one in (row.current, beside) if one is not None]
    rows = TestimonyVersion.objects.filter(pk__in=wanted).select_related("created_by")
    lines = {line.row.pk: line for line in opened_lines(rows, "text", "language", request=request)}
    current = lines[row.current_id] if row.current_id else None
    if current is None or beside is None:
        return {"current": Pane(current) if current else None, "beside": None, "others": others}
    other = lines[beside.pk]
    pieces = _marked(current, other)
    return {
        "current": Pane(current, tuple(one for one in pieces if one.sign != Sign.GONE)),
        "beside": Pane(other, tuple(one for one in pieces if one.sign != Sign.NEW)),
        "others": others,
    }


def _read_against(row: Testimony, rounds: list[Line[Review]]) -> str:
    """A translation is read against its source; a mended text against the one that was returned."""
    if row.current is None:
        return ""
    if row.current.kind != VersionKind.TRANSLATION:
        for one in rounds:
            if one.row.version_id != row.current_id:
                return str(one.row.version_id)
    return str(row.current.based_on_id or "")


def _marked(current: Line[TestimonyVersion], other: Line[TestimonyVersion]) -> list[Piece]:
    """What went and came, where both texts are in one language."""
    if current.opened.text("language") != other.opened.text("language"):
        return []
    return differences(other.opened.text("text"), current.opened.text("text"))
