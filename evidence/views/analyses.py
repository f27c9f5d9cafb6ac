"""Analyses of satellite frames and weapons, of place and time."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.models import Case
from cases.policy import CaseRequest, case_view
from cases.views.common import Line, attempting, posted
from cases.vocabulary import Permission
from evidence.actions.analyses import analyse_place, analyse_satellite, analyse_time, analyse_weapon
from evidence.forms.analyses import PlaceForm, SatelliteForm, TimeForm, WeaponForm
from evidence.models import EvidenceItem, FileObject, MediaRecord
from evidence.views.rows import exhibit, opened, parted_page
from evidence.vocabulary import DRAWN, FileFlag


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.EVIDENCE_VERIFY)
def satellite_analysis_create(request: CaseRequest, case: Case, item: UUID) -> HttpResponse:
    """Record what two frames show."""
    row = exhibit(request, case, item)
    frames = _frames(request, row)
    form = SatelliteForm(posted(request))
    form.offer_frames((file.pk, told) for file, told in frames.values())
    if request.method == "POST" and form.is_valid():
        before, after = (frames[form.cleaned_data[name]][0] for name in ("before", "after"))
        facts = form.facts(before, after)
        with attempting(request, form):
            analyse_satellite(by=request.user, item=row, facts=facts)
            messages.success(request, _("The analysis was recorded."))
            if facts.far_frames():
                messages.warning(
                    request,
                    _("A frame lies more than 31 days from the event. The page says so beside it."),
                )
            return redirect("exhibit-detail", case=case.pk, item=row.pk)
    return parted_page(
        request,
        case,
        form,
        heading=_("Compare two frames"),
        verb=_("Record the analysis"),
        back=reverse("exhibit-detail", args=[case.pk, row.pk]),
        code=row.exhibit_no,
        has_map=True,
        warnings=[]
        if len(frames) > 1
        else [_("Two files are needed: add both frames to the exhibit first.")],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.EVIDENCE_VERIFY)
def weapon_analysis_create(request: CaseRequest, case: Case, item: UUID) -> HttpResponse:
    """Record what a weapon or remnant is thought to be."""
    row = exhibit(request, case, item)
    form = WeaponForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            analyse_weapon(by=request.user, item=row, facts=form.facts())
            messages.success(request, _("The analysis was recorded."))
            return redirect("exhibit-detail", case=case.pk, item=row.pk)
    return parted_page(
        request,
        case,
        form,
        heading=_("Identify a weapon or remnant"),
        verb=_("Record the analysis"),
        back=reverse("exhibit-detail", args=[case.pk, row.pk]),
        code=row.exhibit_no,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.EVIDENCE_VERIFY)
def place_analysis_create(request: CaseRequest, case: Case, item: UUID) -> HttpResponse:
    """Record where it was made."""
    row = exhibit(request, case, item)
    form = PlaceForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            analyse_place(by=request.user, item=row, facts=form.facts())
            messages.success(request, _("The analysis was recorded."))
            return redirect("exhibit-detail", case=case.pk, item=row.pk)
    return parted_page(
        request,
        case,
        form,
        heading=_("Find the place"),
        verb=_("Record the analysis"),
        back=reverse("exhibit-detail", args=[case.pk, row.pk]),
        code=row.exhibit_no,
        has_map=True,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.EVIDENCE_VERIFY)
def time_analysis_create(request: CaseRequest, case: Case, item: UUID) -> HttpResponse:
    """Record when it was made."""
    row = exhibit(request, case, item)
    form = TimeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            analyse_time(by=request.user, item=row, facts=form.facts())
            messages.success(request, _("The analysis was recorded."))
            return redirect("exhibit-detail", case=case.pk, item=row.pk)
    return parted_page(
        request,
        case,
        form,
        heading=_("Find the time"),
        verb=_("Record the analysis"),
        back=reverse("exhibit-detail", args=[case.pk, row.pk]),
        code=row.exhibit_no,
    )


def _frames(request: CaseRequest, row: EvidenceItem) -> dict[str, tuple[FileObject, str]]:
    """Files that may be a frame, each with what is known of its time: names alone tell no order."""
    files = FileObject.objects.filter(item=row).exclude(copy_kind__in=DRAWN)
    files = files.exclude(flag=FileFlag.DAMAGED).order_by("created_at", "id")
    lines = opened(files, "filename", request=request)
    records = MediaRecord.newest_of(line.row.pk for line in lines)
    clocks = {
        line.row.file_id: _clock(line.opened.json("metadata"))
        for line in opened(records, "metadata", request=request)
    }
    return {str(line.row.pk): (line.row, _told(line, clocks.get(line.row.pk, ""))) for line in lines}


def _clock(metadata: object) -> str:
    """The time by the clock of what took the picture, if the file claims one."""
    exif = metadata.get("exif") if isinstance(metadata, dict) else None
    told = exif.get("EXIF DateTimeOriginal") if isinstance(exif, dict) else None
    return str(told).replace(":", "-", 2) if told else ""


def _told(line: Line[FileObject], clock: str) -> str:
    received = localtime(line.row.created_at).strftime("%Y-%m-%d %H:%M")
    said = _("received %(time)s") % {"time": _apart(received)}
    if clock:
        said = _("%(clock)s by the camera's clock") % {"clock": _apart(clock)} + f" · {said}"
    return f"{_apart(line.opened.text('filename'))} · {said}"


def _apart(text: str) -> str:
    """Keep a name or a time whole in a line of the other direction: an option takes no markup."""
    return f"\u2068{text}\u2069"
