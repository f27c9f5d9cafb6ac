"""Testimonies: the list, one account with all that is known of it, its versions, two of them compared."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from cases.actions.drafts import find_draft
from cases.actions.reviews import wrote_any_of
from cases.actions.witness_steps import GONE, RELIED_ON
from cases.comparing import differences
from cases.models import Attestation, Case, Draft, Review, Testimony, TestimonyVersion, Witness
from cases.models.draft import FIRST_TEXT, NEXT_TEXT
from cases.models.sets import CaseRowSet
from cases.policy import CaseRequest, case_view
from cases.reading import standing_consents
from cases.views.common import Line, find, opened_line, opened_lines
from cases.views.saving import desk_of
from cases.vocabulary import (
    ENDED,
    Permission,
    ReviewDecision,
    TestimonyStatus,
    TextLanguage,
    VersionKind,
)
from vault.opening import Opened

SIZE = 50
OPEN = (TestimonyStatus.DRAFT, TestimonyStatus.RETURNED)
REVIEWABLE = (TestimonyStatus.SUBMITTED, TestimonyStatus.IN_REVIEW, TestimonyStatus.APPROVED)
STANDING = (TestimonyStatus.APPROVED, TestimonyStatus.FINAL)


@dataclass(frozen=True, slots=True)
class Account:
    """A testimony as the list shows it. A witness whom the reader may not see is not there."""

    row: Testimony
    language: str
    witness: Line[Witness] | None


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A draft of the reader's own, and where they go on with it."""

    code: str
    url: str
    at: datetime


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.TESTIMONY_READ)
def testimony_list(request: CaseRequest, case: Case) -> HttpResponse:
    """All accounts, newest first; languages and pseudonyms are opened in one call each."""
    desk = desk_of(request, case, "testimony-list", Permission.TESTIMONY_READ, state=TestimonyStatus.values)
    if desk.answer:
        return desk.answer
    rows = everything = Testimony.objects.visible_to(request.user).filter(case=case)
    wanted = request.GET.get("state", "")
    if wanted in TestimonyStatus.values:
        rows = rows.filter(status=wanted)
    page, last = _page(rows, _place(everything, request.GET.get("before", "")))
    may_write = Permission.TESTIMONY_WRITE in request.powers and case.is_written
    context = {
        "case": case,
        "accounts": accounts_of(request, page),
        "unfinished": unfinished_of(request, case) if may_write else [],
        "states": TestimonyStatus.choices,
        "wanted": wanted,
        "desk": desk,
        "may_write": may_write,
        "may_review": Permission.TESTIMONY_REVIEW in request.powers,
        "older_url": _address(case, state=wanted, before=str(last)) if last else "",
        "newest_url": _address(case, state=wanted) if request.GET.get("before") else "",
    }
    return render(request, "cases/testimony_list.html", context, status=desk.status)


@require_safe
@case_view(Permission.TESTIMONY_READ)
def testimony_detail(request: CaseRequest, case: Case, testimony: UUID) -> HttpResponse:
    """One account: its present text, what was done about it, and the steps that are open now."""
    row = find_testimony(request, case, testimony)
    wrote = wrote_any_of(request.user, row)
    context = {
        "case": case,
        "row": row,
        "current": opened_line(row.current, "text", "language", request=request) if row.current else None,
        "witness": witness_of(request, row),
        "versions": versions_of(request, row),
        "attestations": attestations_of(request, row),
        "reviews": reviews_of(request, row),
        "standing": standing_consents([row.witness_id], timezone.now()).get(row.witness_id),
        "returned": last_return(request, row),
        "draft": find_draft(by=request.user, case=case, form=NEXT_TEXT, subject=row.pk),
        **_steps(request, case, row, wrote=wrote),
    }
    return render(request, "cases/testimony_detail.html", context)


@require_safe
@case_view(Permission.TESTIMONY_READ)
def testimony_version(request: CaseRequest, case: Case, testimony: UUID, version: UUID) -> HttpResponse:
    """One version as it stood; nothing can be done to it."""
    row = find_testimony(request, case, testimony)
    one = find_version(request, case, row, version)
    context = {
        "case": case,
        "row": row,
        "line": opened_line(one, "text", "language", "sha256", request=request),
        "versions": versions_of(request, row),
    }
    return render(request, "cases/testimony_version.html", context)


@require_safe
@case_view(Permission.TESTIMONY_READ)
def testimony_compare(
    request: CaseRequest, case: Case, testimony: UUID, version: UUID, other: UUID
) -> HttpResponse:
    """Two versions as one text: which words went, which came."""
    row = find_testimony(request, case, testimony)
    found = [find_version(request, case, row, pk) for pk in (version, other)]
    older, newer = sorted(found, key=lambda one: one.seq)
    lines = opened_lines(
        TestimonyVersion.objects.filter(pk__in=[older.pk, newer.pk]).select_related("created_by"),
        "text",
        "language",
        request=request,
    )
    by_id = {line.row.pk: line for line in lines}
    before, after = by_id[older.pk], by_id[newer.pk]
    pieces = differences(before.opened.text("text"), after.opened.text("text"))
    context = {
        "case": case,
        "row": row,
        "both": [before, after],
        "after": after,
        "pieces": pieces,
        "is_same": all(piece.sign == "same" for piece in pieces),
    }
    return render(request, "cases/testimony_compare.html", context)


def find_testimony(request: CaseRequest, case: Case, pk: UUID) -> Testimony:
    """Return the testimony that the address names, with what every page of it shows."""
    rows = Testimony.objects.select_related(
        "witness", "current__created_by", "current__based_on", "interview", "created_by", "superseded_by"
    )
    return find(rows, request, case, pk)


def find_version(request: CaseRequest, case: Case, testimony: Testimony, pk: UUID) -> TestimonyVersion:
    """Return the version that the address names, if it is one of this testimony."""
    rows = TestimonyVersion.objects.select_related("created_by").filter(testimony=testimony)
    return find(rows, request, case, pk)


def accounts_of(request: CaseRequest, rows: list[Testimony]) -> list[Account]:
    """Open what a list shows of testimonies, in two calls however many there are."""
    versions = TestimonyVersion.objects.filter(pk__in=[row.current_id for row in rows])
    languages = {
        line.row.testimony_id: line.opened.text("language")
        for line in opened_lines(versions, "language", request=request)
    }
    people = _people(request, [row.witness_id for row in rows])
    return [Account(row, languages.get(row.pk, ""), people.get(row.witness_id)) for row in rows]


def unfinished_of(request: CaseRequest, case: Case) -> list[Unfinished]:
    """What the reader began to write and did not hand on, newest first; nothing is opened."""
    mine = Draft.objects.visible_to(request.user, Permission.TESTIMONY_WRITE).filter(
        created_by=request.user, case=case, form__in=(FIRST_TEXT, NEXT_TEXT)
    )
    drafts = list(mine.select_related("witness").order_by("-updated_at"))
    rows = Testimony.objects.visible_to(request.user).filter(pk__in=[draft.subject for draft in drafts])
    numbers = {row.pk: row.registration_no for row in rows.filter(status__in=OPEN)}
    found = []
    for draft in drafts:
        if draft.form == FIRST_TEXT and draft.witness is not None:
            url = reverse("testimony-create", args=[case.pk, draft.witness.pk])
            found.append(Unfinished(draft.witness.code, url, draft.updated_at))
        elif draft.subject in numbers:
            url = reverse("testimony-edit", args=[case.pk, draft.subject])
            found.append(Unfinished(numbers[draft.subject], url, draft.updated_at))
    return found


def witness_of(request: CaseRequest, testimony: Testimony) -> Line[Witness] | None:
    """The witness with their pseudonym, where the reader may see them."""
    return _people(request, [testimony.witness_id]).get(testimony.witness_id)


def versions_of(request: CaseRequest, testimony: Testimony) -> list[TestimonyVersion]:
    """All versions, newest first; nothing is opened."""
    rows = TestimonyVersion.objects.visible_to(request.user).filter(testimony=testimony)
    return list(rows.select_related("created_by", "based_on").order_by("-seq"))


def attestations_of(request: CaseRequest, testimony: Testimony) -> list[Line[Attestation]]:
    """How each version was read back, newest first."""
    rows = Attestation.objects.visible_to(request.user).filter(version__testimony=testimony)
    ordered = rows.select_related("version", "created_by").order_by("-created_at")
    return opened_lines(ordered, "circumstances", "refused_reason", request=request)


def reviews_of(request: CaseRequest, testimony: Testimony) -> list[Line[Review]]:
    """Who weighed the account, and what they said, newest first."""
    rows = Review.objects.visible_to(request.user).filter(testimony=testimony)
    ordered = rows.select_related("version", "created_by").order_by("-created_at")
    return opened_lines(ordered, "comments", "checklist", "no_attestation_reason", request=request)


def last_return(request: CaseRequest, testimony: Testimony) -> Line[Review] | None:
    """What the author was asked to mend, until the account is handed in again."""
    if testimony.status not in OPEN:
        return None
    rows = Review.objects.visible_to(request.user).filter(testimony=testimony, decision=ReviewDecision.RETURN)
    last = rows.select_related("version", "created_by").order_by("-decided_at").first()
    return opened_line(last, "comments", request=request) if last else None


def language_of(opened: Opened) -> str:
    """The BCP 47 tag of a text."""
    language = opened.text("language")
    return language if language in TextLanguage.values else ""


def _people(request: CaseRequest, witnesses: list[UUID]) -> dict[UUID, Line[Witness]]:
    if Permission.WITNESS_READ not in request.powers:
        return {}
    rows = Witness.objects.visible_to(request.user).filter(pk__in=witnesses)
    return {line.row.pk: line for line in opened_lines(rows, "public_pseudonym", request=request)}


def _steps(request: CaseRequest, case: Case, row: Testimony, *, wrote: bool) -> dict[str, object]:
    """Which buttons stand on the page: those whose step would not be refused."""
    status, written = TestimonyStatus(row.status), case.is_written
    writes = Permission.TESTIMONY_WRITE in request.powers and written
    reviews = Permission.TESTIMONY_REVIEW in request.powers
    writes = writes and row.witness.status not in GONE
    relied = row.witness.status in RELIED_ON
    return {
        "may_edit": writes and status in OPEN,
        "may_submit": writes and status == TestimonyStatus.DRAFT,
        "may_attest": writes and status not in ENDED and row.current_id is not None,
        "may_withdraw": Permission.CONSENT_WITHDRAW in request.powers and status != TestimonyStatus.WITHDRAWN,
        "may_review": reviews and written and status in REVIEWABLE and not wrote,
        "may_finalise": reviews and written and status == TestimonyStatus.APPROVED and not wrote and relied,
        "may_supersede": reviews
        and written
        and status in STANDING
        and replacements_of(request, row).exists(),
        "is_translation": row.current is not None and row.current.kind == VersionKind.TRANSLATION,
    }


def replacements_of(request: CaseRequest, row: Testimony) -> "CaseRowSet[Testimony]":
    """Other accounts of the same witness that could stand in its place."""
    rows = Testimony.objects.visible_to(request.user)
    found: CaseRowSet[Testimony] = rows.filter(witness=row.witness_id, status__in=STANDING).exclude(pk=row.pk)
    return found


def _page(rows: "CaseRowSet[Testimony]", place: Testimony | None) -> tuple[list[Testimony], UUID | None]:
    """One page after the row that the address names, and the last row of it if more follow."""
    found = rows.select_related("created_by").order_by("-created_at", "-pk")
    if place is not None:
        older = Q(created_at__lt=place.created_at) | Q(created_at=place.created_at, pk__lt=place.pk)
        found = found.filter(older)
    page = list(found[: SIZE + 1])
    return page[:SIZE], page[SIZE - 1].pk if len(page) > SIZE else None


def _place(rows: "CaseRowSet[Testimony]", before: str) -> Testimony | None:
    """The row after which a page begins, if the reader sees it; it may have left the state that is listed."""
    try:
        return rows.filter(pk=UUID(before)).first() if before else None
    except ValueError:
        return None


def _address(case: Case, **query: str) -> str:
    asked = urlencode({name: value for name, value in query.items() if value})
    return reverse("testimony-list", args=[case.pk]) + (f"?{asked}" if asked else "")
