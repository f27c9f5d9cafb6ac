"""How far a file has come: whether an upload was kept, and its checks. Both answer a program, in JSON."""

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from cases.errors import ElsewhereRow
from cases.models import Case
from cases.policy import CaseRequest, case_view
from cases.vocabulary import Permission
from evidence.models import EvidenceItem, FileObject
from evidence.views.rows import told_links
from evidence.vocabulary import CopyKind, FileFlag, FileState


@require_GET
@case_view(Permission.EVIDENCE_ADD)
def file_kept(request: CaseRequest, case: Case, item: UUID, key: UUID) -> HttpResponse:
    """Say whether an upload of one's own under this key was kept: who cancelled it cannot know."""
    mine = FileObject.objects.filter(item=_item(request, case, item), created_by=request.user)
    found = mine.filter(upload_key=key).first()
    told = _told(found, request) if found is not None else {}
    return JsonResponse({"is_kept": found is not None, **told})


@require_GET
@case_view(Permission.EVIDENCE_READ)
def file_state(request: CaseRequest, case: Case, item: UUID, file: UUID) -> HttpResponse:
    """Say how far the checks of a file have come."""
    files = FileObject.objects.visible_to(request.user)
    found = files.filter(pk=file, item=_item(request, case, item)).first()
    if found is None:
        raise ElsewhereRow(subject=f"file:{file}", scope=case.pk)
    return JsonResponse(_told(found, request))


def _item(request: CaseRequest, case: Case, item: UUID) -> EvidenceItem:
    found = EvidenceItem.objects.visible_to(request.user).filter(pk=item, case=case).first()
    if found is None:
        raise ElsewhereRow(subject=f"evidence:{item}", scope=case.pk)
    return found


def _told(file: FileObject, request: CaseRequest) -> dict[str, object]:
    flag = str(FileFlag(file.flag).label) if file.flag else ""
    return {
        "file": str(file.pk),
        "state": str(file.check_state),
        "label": str(FileState(file.check_state).label),
        "flag": flag,
        "is_settled": file.is_settled,
        "is_linked": file.pk in told_links(request, [file]),
        "has_preview": file.derivatives.filter(copy_kind=CopyKind.THUMBNAIL).exists(),
    }
