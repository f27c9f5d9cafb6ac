"""Uploads that may be interrupted: the addresses of the tus protocol. They answer programs, in headers."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.door import entering
from accounts.sessionstore import SessionStore
from cases.errors import ElsewhereRow
from cases.models import Case
from cases.policy import CaseRequest, case_view
from cases.vocabulary import Permission
from evidence import receiving, tus
from evidence.actions import uploads
from evidence.arriving import Arriving
from evidence.models import EvidenceItem
from evidence.reading import open_uploads, standing_of

PURPOSE = "upload"


@tus.speaking
@require_http_methods(["GET", "POST", "OPTIONS"])
@case_view(Permission.EVIDENCE_ADD)
def uploads_of_exhibit(request: CaseRequest, case: Case, item: UUID) -> HttpResponse:
    """Announce a file (POST), or list one's own uploads of an exhibit that have not ended (GET)."""
    exhibit = _item(request, case, item)
    if request.method == "OPTIONS":
        return tus.capabilities()
    if request.method == "GET":
        return tus.dressed(JsonResponse({"uploads": open_uploads(exhibit, request.user, _address)}))
    tus.check_version(request)
    said = tus.announced(request)
    upload = uploads.begin_upload(by=request.user, item=exhibit, length=said.length, metadata=said.metadata)
    address = _address(exhibit, upload.pk)
    return tus.dressed(HttpResponse(status=201), expires=upload.expires_at, Location=address)


@tus.speaking
@require_http_methods(["HEAD", "PATCH", "DELETE", "POST", "OPTIONS"])
@case_view(Permission.EVIDENCE_ADD, waits=True)
def upload_of_file(request: CaseRequest, case: Case, item: UUID, upload: UUID) -> HttpResponse:
    """Go on with an upload of one's own (PATCH), ask how far it is (HEAD), or drop it (DELETE)."""
    if request.method == "OPTIONS":
        return tus.capabilities()
    with entering(request.user, PURPOSE):
        exhibit = _item(request, case, item)
        tus.check_version(request)
        method = tus.method_of(request)
        said = tus.piece(request) if method == "PATCH" else None
    ways: dict[str, Callable[[], HttpResponse]] = {
        "HEAD": lambda: _head(request, exhibit, upload),
        "DELETE": lambda: _delete(request, exhibit, upload),
    }
    if said is not None:
        return _patch(request, exhibit, upload, said)
    return ways.get(method, lambda: HttpResponseNotAllowed(["HEAD", "PATCH", "DELETE", "OPTIONS"]))()


def _patch(request: CaseRequest, exhibit: EvidenceItem, upload: UUID, said: tus.Piece) -> HttpResponse:
    standing = Arriving(
        by=request.user,
        item=exhibit,
        upload=upload,
        said=said,
        chunks=receiving.body(request, said.size),
        is_signed_in=lambda: isinstance(request.session, SessionStore) and request.session.goes_on(),
    ).take()
    return tus.dressed(HttpResponse(status=204), expires=standing.expires, Upload_Offset=standing.offset)


def _head(request: CaseRequest, exhibit: EvidenceItem, upload: UUID) -> HttpResponse:
    with entering(request.user, PURPOSE):
        standing = standing_of(exhibit, request.user, upload)
        if standing is None:
            raise ElsewhereRow(subject=f"upload:{upload}", scope=exhibit.case_id)
    length = {"Upload_Defer_Length": 1} if standing.length is None else {"Upload_Length": standing.length}
    return tus.dressed(
        HttpResponse(status=200),
        expires=standing.expires,
        Upload_Offset=standing.offset,
        Upload_Metadata=tus.metadata_header(standing.metadata),
        **length,
    )


def _delete(request: CaseRequest, exhibit: EvidenceItem, upload: UUID) -> HttpResponse:
    with entering(request.user, PURPOSE):
        uploads.drop_upload(by=request.user, item=exhibit, upload=upload)
    return tus.dressed(HttpResponse(status=204))


def _address(exhibit: EvidenceItem, upload: UUID) -> str:
    return reverse("upload", kwargs={"case": exhibit.case_id, "item": exhibit.pk, "upload": upload})


def _item(request: CaseRequest, case: Case, item: UUID) -> EvidenceItem:
    found = EvidenceItem.objects.visible_to(request.user).filter(pk=item, case=case).first()
    if found is None:
        raise ElsewhereRow(subject=f"evidence:{item}", scope=case.pk)
    return found
