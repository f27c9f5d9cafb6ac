"""The chain of custody of an exhibit: the whole of it, and an entry that somebody writes by hand."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.models import Case
from cases.policy import CaseRequest, case_view
from cases.views.common import attempting, posted
from cases.vocabulary import Permission
from evidence.actions.custody import record_custody
from evidence.actions.handing import may_hand_over
from evidence.actions.sheet import print_custody_sheet
from evidence.facts import CustodyFacts
from evidence.forms.custody import CustodyForm
from evidence.models import CustodyEvent, EvidenceItem, FileObject, HandOver
from evidence.views.rows import exhibit, named, opened, parted_page, steps
from evidence.vocabulary import DRAWN, CustodyKind
from vault.opening import Opened

SIZE = 100
RECENT = 10
CELLS = ("when", "place", "purpose", "condition", "seal_no")
OF_HAND_OVER = ("outside", "reference", "answer")


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the chain, with the hand-over that it rests on."""

    row: CustodyEvent
    opened: Opened
    hand_over: Opened | None

    @property
    def has_notes(self) -> bool:
        """Somebody wrote something beside it."""
        return self.hand_over is not None or any(self.opened[name] for name in CELLS)


@require_safe
@case_view(Permission.EVIDENCE_READ)
def custody_list(request: CaseRequest, case: Case, item: UUID) -> HttpResponse:
    """The chain, newest first; a gap in the numbers would show."""
    row = exhibit(request, case, item)
    kind, before = request.GET.get("event", ""), request.GET.get("before", "")
    rows = CustodyEvent.objects.visible_to(request.user).filter(item=row)
    rows = rows.select_related("file", "hand_over").order_by("-seq")
    if kind in CustodyKind.values:
        rows = rows.filter(event=kind)
    if before.isascii() and before.isdigit() and len(before) < 10:
        rows = rows.filter(seq__lt=int(before))
    found = list(rows[: SIZE + 1])
    here = reverse("custody-list", args=[case.pk, row.pk])
    older = {"event": kind, "before": str(found[SIZE - 1].seq)} if len(found) > SIZE else {}
    context = {
        "case": case,
        "line": named(row, request),
        "entries": links_of(request, found[:SIZE]),
        "kinds": CustodyKind.choices,
        "wanted": kind,
        "older_url": f"{here}?{urlencode(older)}" if older else "",
        "newest_url": here if before else "",
        "may_add": steps(request, row)["may_add"],
        **hands_of(request, row),
    }
    return render(request, "evidence/custody_list.html", context)


@require_POST
@case_view(Permission.EVIDENCE_READ)
def custody_sheet(request: CaseRequest, case: Case, item: UUID) -> HttpResponse:
    """Print the chain on paper; nothing of it is kept, here or in the browser."""
    row = exhibit(request, case, item)
    language = "ar" if request.POST.get("language") == "ar" else "en"
    sheet = print_custody_sheet(by=request.user, item=row, language=language)
    response = HttpResponse(sheet, content_type="application/pdf")
    response["Cache-Control"] = "no-store"
    response["Content-Disposition"] = f'attachment; filename="{row.exhibit_no}-custody-{language}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def links_of(request: CaseRequest, entries: list[CustodyEvent]) -> list[Link]:
    """Open what stands beside entries of the chain, in two calls, however many they are."""
    passed = [one.hand_over for one in entries if one.hand_over is not None]
    told = {line.row.pk: line.opened for line in opened(passed, *OF_HAND_OVER, request=request)}
    return [
        Link(line.row, line.opened, told.get(line.row.hand_over_id) if line.row.hand_over_id else None)
        for line in opened(entries, *CELLS, request=request)
    ]


def hands_of(request: CaseRequest, row: EvidenceItem) -> dict[str, object]:
    """Say who has the exhibit now, what waits for a receiver, and whether this person may hand it over."""
    entry = CustodyEvent.holding([row.pk]).select_related("hand_over").first()
    hand_overs = HandOver.objects.visible_to(request.user).filter(item=row).select_related("created_by", "to")
    past = list(hand_overs.order_by("-created_at")[:RECENT])
    outside = ""
    if entry is not None and not entry.holder_code and entry.hand_over is not None:
        (line,) = opened([entry.hand_over], "outside", request=request)
        outside = line.opened.text("outside")
    return {
        "holding": entry,
        "outside": outside,
        "open_hand_over": next((one for one in past if one.is_open), None),
        "hand_overs": past,
        "may_hand_over": request.case.is_written and may_hand_over(request.user, row),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.EVIDENCE_ADD)
def custody_record(request: CaseRequest, case: Case, item: UUID) -> HttpResponse:
    """Write down what was done with an exhibit outside this system."""
    row = exhibit(request, case, item)
    files = files_to_name(request, row)
    form = CustodyForm(posted(request))
    form.offer("file", [(file.pk, name) for file, name in files])
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            entry = record_custody(by=request.user, item=row, facts=_facts(form, files))
            messages.success(
                request, _("The entry was written as number %(number)s.") % {"number": entry.seq}
            )
            return redirect("custody-list", case=case.pk, item=row.pk)
    return parted_page(
        request,
        case,
        form,
        heading=_("Write into the chain of custody"),
        verb=_("Write the entry"),
        back=reverse("custody-list", args=[case.pk, row.pk]),
        code=row.exhibit_no,
        lead=_(
            "An entry is never changed or taken back. What this system does itself is written by itself, and "
            "a hand-over is written when both sides have said so."
        ),
    )


def files_to_name(request: CaseRequest, row: EvidenceItem) -> list[tuple[FileObject, str]]:
    """The files of an exhibit, each with the name under which it came."""
    rows = FileObject.objects.visible_to(request.user).filter(item=row)
    rows = rows.exclude(copy_kind__in=DRAWN).order_by("created_at")
    return [(line.row, line.opened.text("filename")) for line in opened(rows, "filename", request=request)]


def _facts(form: CustodyForm, files: list[tuple[FileObject, str]]) -> CustodyFacts:
    return CustodyFacts(
        event=CustodyKind(form.cleaned_data["event"]),
        file=form.chosen(files),
        when=form.dated("when"),
        **form.told(),
    )
