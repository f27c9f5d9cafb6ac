"""The chain of custody of an exhibit: the whole of it, and an entry that somebody writes by hand."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from cases.models import Case
from cases.permissions import members_with
from cases.policy import CaseRequest, case_view
from cases.views.common import attempting, posted
from cases.vocabulary import Permission
from evidence.actions.custody import record_custody
from evidence.facts import CustodyFacts
from evidence.forms.custody import CustodyForm
from evidence.models import CustodyEvent, EvidenceItem, FileObject
from evidence.views.rows import exhibit, named, opened, parted_page, steps
from evidence.vocabulary import DRAWN, CustodyKind

SIZE = 100
CELLS = ("when", "place", "purpose", "condition", "seal_no")


@require_safe
@case_view(Permission.EVIDENCE_READ)
def custody_list(request: CaseRequest, case: Case, item: UUID) -> HttpResponse:
    """The chain, newest first; a gap in the numbers would show."""
    row = exhibit(request, case, item)
    kind, before = request.GET.get("event", ""), request.GET.get("before", "")
    rows = CustodyEvent.objects.visible_to(request.user).filter(item=row)
    rows = rows.select_related("file").order_by("-seq")
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
        "entries": opened(found[:SIZE], *CELLS, request=request),
        "kinds": CustodyKind.choices,
        "wanted": kind,
        "older_url": f"{here}?{urlencode(older)}" if older else "",
        "newest_url": here if before else "",
        "may_add": steps(request, row)["may_add"],
    }
    return render(request, "evidence/custody_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.EVIDENCE_ADD)
def custody_record(request: CaseRequest, case: Case, item: UUID) -> HttpResponse:
    """Write down what was done with an exhibit outside this system."""
    row = exhibit(request, case, item)
    people = {person.pk: person for person in members_with(Permission.EVIDENCE_READ, case)}
    files = _files(request, row)
    form = CustodyForm(posted(request))
    form.offer("to", sorted(((pk, one.staff_code) for pk, one in people.items()), key=lambda one: one[1]))
    form.offer("file", [(file.pk, name) for file, name in files])
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            entry = record_custody(by=request.user, item=row, facts=_facts(form, people, files))
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
        lead=_("An entry is never changed or taken back. What this system does itself is written by itself."),
    )


def _files(request: CaseRequest, row: EvidenceItem) -> list[tuple[FileObject, str]]:
    rows = FileObject.objects.filter(item=row).exclude(copy_kind__in=DRAWN).order_by("created_at")
    return [(line.row, line.opened.text("filename")) for line in opened(rows, "filename", request=request)]


def _facts(form: CustodyForm, people: dict[UUID, User], files: list[tuple[FileObject, str]]) -> CustodyFacts:
    found = form.cleaned_data
    return CustodyFacts(
        event=CustodyKind(found["event"]),
        to=people.get(UUID(found["to"])) if found["to"] else None,
        file=next((file for file, _name in files if str(file.pk) == found["file"]), None),
        when=form.dated("when"),
        **{name: found[name] for name in ("place", "purpose", "condition", "seal_no")},
    )
