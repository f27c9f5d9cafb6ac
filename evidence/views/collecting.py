"""How an exhibit was collected online: recording it, and saying it otherwise in a version that follows."""

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from cases.errors import NotVisible
from cases.models import Case
from cases.permissions import members_with
from cases.policy import CaseRequest, case_view
from cases.views.common import attempting, find, opened_line, posted
from cases.vocabulary import Permission
from evidence.actions.collecting import FILES, TEXTS, record_collection
from evidence.forms.collecting import CollectionForm
from evidence.forms.parts import initial_of
from evidence.models import CollectionRecord, EvidenceItem
from evidence.views.custody import files_to_name
from evidence.views.rows import exhibit, parted_page
from vault.vocabulary import Purpose


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.EVIDENCE_ADD)
def collection_record(request: CaseRequest, case: Case, item: UUID) -> HttpResponse:
    """Record how something was collected online."""
    row = exhibit(request, case, item)
    line = opened_line(row, "original_url", request=request, why=Purpose.EDIT)
    initial: dict[str, object] = {"url": line.opened.text("original_url"), "collector": str(request.user.pk)}
    return _page(
        request,
        row,
        None,
        initial,
        heading=_("Record how it was collected"),
        verb=_("Record the collection"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.EVIDENCE_ADD)
def collection_follow(request: CaseRequest, case: Case, item: UUID, collection: UUID) -> HttpResponse:
    """Say otherwise how something was collected: what was said before stays beside it."""
    row = exhibit(request, case, item)
    before = find(CollectionRecord.objects.all(), request, case, collection)
    if before.item_id != row.pk:
        raise NotVisible(subject=f"collection:{collection}", scope=case.pk)
    told = opened_line(before, *TEXTS, "collected", request=request, why=Purpose.EDIT).opened
    initial: dict[str, object] = {name: told.text(name) for name in TEXTS}
    initial |= {name: str(getattr(before, f"{name}_id") or "") for name in FILES}
    initial |= {"collector": str(before.collected_by.pk), **initial_of("collected", told.json("collected"))}
    return _page(
        request,
        row,
        before,
        initial,
        heading=_("Say otherwise how it was collected"),
        verb=_("Record the new version"),
        lead=_("What was recorded is never changed: this becomes a version of its own that follows it."),
    )


def _page(
    request: CaseRequest,
    row: EvidenceItem,
    before: CollectionRecord | None,
    initial: dict[str, object],
    **words: str,
) -> HttpResponse:
    people = {one.pk: one for one in members_with(Permission.EVIDENCE_READ, request.case)}
    if before is not None:
        people.setdefault(before.collected_by.pk, before.collected_by)
    files = files_to_name(request, row)
    form = CollectionForm(posted(request), initial=initial)
    form.offer(
        "collector", sorted(((pk, one.staff_code) for pk, one in people.items()), key=lambda one: one[1])
    )
    for name in FILES:
        form.offer(name, [(file.pk, told) for file, told in files])
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            named = {str(file.pk): file for file, _told in files}
            screenshot, page, material = (named.get(form.cleaned_data[name]) for name in FILES)
            facts = replace(
                form.facts(),
                collector=_person(people, form.cleaned_data["collector"]),
                screenshot=screenshot,
                page=page,
                material=material,
            )
            record_collection(by=request.user, item=row, facts=facts, supersedes=before)
            messages.success(request, _("The collection was recorded, in the chain of custody too."))
            return redirect("exhibit-detail", case=row.case_id, item=row.pk)
    back, code = reverse("exhibit-detail", args=[row.case_id, row.pk]), row.exhibit_no
    return parted_page(request, request.case, form, back=back, code=code, **words)


def _person(people: dict[UUID, User], chosen: str) -> User | None:
    return people.get(UUID(chosen)) if chosen else None
