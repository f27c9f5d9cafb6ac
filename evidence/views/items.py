"""Exhibits: the list, one exhibit, registering and correcting."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.errors import NotAllowed
from cases.models import Case, Incident, Witness
from cases.policy import CaseRequest, case_view
from cases.views.common import Line, attempting, find, opened_line, posted
from cases.views.naming import chosen, incidents_of, witnesses_of
from cases.views.saving import desk_of
from cases.vocabulary import Permission
from evidence.actions.files import owe_check
from evidence.actions.items import change_item, register_item
from evidence.decoding.kinds import Family
from evidence.errors import FileTooLarge
from evidence.forms.items import ItemForm
from evidence.models import EvidenceItem, FileObject
from evidence.views.alike import compare
from evidence.views.copies import sets_of
from evidence.views.custody import hands_of
from evidence.views.listing import FROZEN, page_of
from evidence.views.rows import exhibit, links, parted_page, several_steps, steps
from evidence.views.sheets import alerts_of, analyses_of, custody_of, files_of, weighing_of
from evidence.views.weighing import checklists_of
from evidence.vocabulary import MAY_HAVE_NO_FILE, ItemStatus, ItemType
from vault.vocabulary import Purpose

FIELDS = (
    "type",
    "title",
    "description",
    "author",
    "provider",
    "original_url",
    "licence",
    "restrictions",
    "traits",
    "recorded",
    "published",
    "obtained",
    "place",
)


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.EVIDENCE_READ)
def exhibit_list(request: CaseRequest, case: Case) -> HttpResponse:
    """The exhibits of a case, newest first; choice and place are in the address."""
    offers = {"type": ItemType.values, "state": [*ItemStatus.values, FROZEN]}
    desk = desk_of(request, case, "exhibit-list", Permission.EVIDENCE_READ, **offers)
    if desk.answer:
        return desk.answer
    context = {
        "case": case,
        "desk": desk,
        "page": page_of(request, case),
        "types": ItemType.choices,
        "states": [*ItemStatus.choices, (FROZEN, _("Frozen"))],
        "may_add": Permission.EVIDENCE_ADD in request.powers,
        "several": several_steps(request),
    }
    return render(request, "evidence/exhibit_list.html", context, status=desk.status)


@require_safe
@case_view(Permission.EVIDENCE_READ)
def exhibit_detail(request: CaseRequest, case: Case, item: UUID) -> HttpResponse:
    """One exhibit: its files, what was found out about it, and the few things that can be done now."""
    row = exhibit(request, case, item)
    line = opened_line(row, *FIELDS, request=request)
    kind = line.opened.text("type")
    tied = links(request, row)
    may, worked_out = steps(request, row), analyses_of(request, row)
    files = files_of(request, row)
    context = {
        "case": case,
        "line": line,
        "witness": tied.witness,
        "incident": opened_line(tied.incident, "title", request=request) if tied.incident else None,
        "files": files,
        "may_look_alike": any(file.family in {Family.PICTURE, Family.MOVING} for file in files),
        "custody": custody_of(request, row),
        "weighing": weighing_of(request, row),
        "checklists": checklists_of(request, row).values(),
        "alerts": alerts_of(request, row),
        "alike": compare(request, row) if "alike" in request.GET else None,
        "copies": sets_of(request, row),
        "may_correct": may["may_add"] and tied.are_whole,
        "may_have_no_file": kind in MAY_HAVE_NO_FILE,
        "may_compare": may["may_verify"] and kind in {ItemType.SATELLITE_IMAGE, ItemType.MAP},
        "may_identify": may["may_verify"] and kind not in {ItemType.SATELLITE_IMAGE, ItemType.MAP},
        "most_bytes": settings.MAX_UPLOAD,
        "too_large": FileTooLarge.message,
        **may,
        **hands_of(request, row),
        **worked_out,
        "has_map": any(worked_out[name] for name in ("places", "frames")),
    }
    return render(request, "evidence/exhibit_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.EVIDENCE_ADD)
def exhibit_create(request: CaseRequest, case: Case) -> HttpResponse:
    """Register an exhibit; its files follow on its page."""
    form = _item_form(request, case, {"incident": request.GET.get("incident", "")})
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            row = register_item(
                by=request.user,
                case=case,
                facts=form.facts(),
                witness=chosen(Witness.objects, request, case, form, "witness"),
                incident=chosen(Incident.objects, request, case, form, "incident"),
            )
            messages.success(
                request, _("The exhibit was registered as %(number)s.") % {"number": row.exhibit_no}
            )
            return redirect("exhibit-detail", case=case.pk, item=row.pk)
    return parted_page(
        request,
        case,
        form,
        heading=_("Register an exhibit"),
        verb=_("Register the exhibit"),
        back=reverse("exhibit-list", args=[case.pk]),
        lead=_("Its files are added on the next page."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.EVIDENCE_ADD)
def exhibit_edit(request: CaseRequest, case: Case, item: UUID) -> HttpResponse:
    """Correct what is said of an exhibit; what was said before is kept beside it."""
    row = exhibit(request, case, item)
    if not links(request, row).are_whole:
        # Whoever does not see to whom an exhibit belongs would cut it off by saving.
        raise NotAllowed(subject=f"evidence:{row.pk}", scope=case.pk)
    line = opened_line(row, *FIELDS, request=request, why=Purpose.EDIT)
    form = _item_form(request, case, _initial(line))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            change_item(
                by=request.user,
                item=row,
                expected=form.read_revision(),
                facts=form.facts(),
                witness=chosen(Witness.objects, request, case, form, "witness"),
                incident=chosen(Incident.objects, request, case, form, "incident"),
            )
            messages.success(request, _("The exhibit was changed. What was said before is kept."))
            return redirect("exhibit-detail", case=case.pk, item=row.pk)
    return parted_page(
        request,
        case,
        form,
        heading=_("Correct an exhibit"),
        verb=_("Save the change"),
        back=reverse("exhibit-detail", args=[case.pk, row.pk]),
        code=row.exhibit_no,
        warnings=_overtaken(row),
    )


@require_POST
@case_view(Permission.EVIDENCE_ADD)
def file_check(request: CaseRequest, case: Case, item: UUID, file: UUID) -> HttpResponse:
    """Let a file be checked once more that was never checked to the end, or flagged for what is in it."""
    row = exhibit(request, case, item)
    rows = FileObject.objects.filter(item=row).select_related("item")
    owe_check(by=request.user, file=find(rows, request, case, file))
    messages.success(request, _("The file will be checked once more."))
    return redirect("exhibit-detail", case=case.pk, item=row.pk)


def _item_form(request: CaseRequest, case: Case, initial: dict[str, object]) -> ItemForm:
    form = ItemForm(posted(request), initial=initial)
    form.limit(request.powers)
    for name, rows in (("incident", incidents_of), ("witness", witnesses_of)):
        if name in form.fields:
            form.offer(name, rows(request, case))
    return form


def _initial(line: Line[EvidenceItem]) -> dict[str, object]:
    row = line.row
    return {
        **ItemForm.initial_from(line.opened),
        "incident": str(row.incident_id or ""),
        "witness": str(row.witness_id or ""),
        "sensitivity": row.sensitivity,
        "revision": row.revision,
    }


def _overtaken(row: EvidenceItem) -> list[str]:
    """What a change costs is said before it is made."""
    if row.status != ItemStatus.IN_VERIFICATION or not row.verifications.exists():
        return []
    return [
        _(
            "This exhibit is being verified. If you change what it is said to be (type, title, description, "
            "dates, place, who gave or made it), the findings recorded so far no longer count towards "
            "verified."
        )
    ]
