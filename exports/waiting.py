"""What waits for a person in this room: exports to decide or to build, and deliveries to fetch or confirm."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.vocabulary import Role
from cases.vocabulary import Permission
from cases.waiting import Waiting
from exports.errors import NotAddressed
from exports.models import Destruction, Disposal, Export, RecallNotice
from exports.permissions import contact_of
from exports.recalling import owed_to
from exports.vocabulary import DELIVERABLE, RECALL_OPEN, DestructionState, DisposalState, ExportState

_STEPS = (
    ("export-decide", ExportState.SCOPE_CHECKED, Permission.EXPORT_APPROVE),
    ("export-build", ExportState.APPROVED, Permission.EXPORT_BUILD),
)


def waiting_for(user: User, *, most: int = 50) -> list[Waiting]:
    """Return what waits for the person, oldest first: a fixed number of queries, whatever there is."""
    found: list[Waiting] = []
    for kind, state, permission in _STEPS:
        rows = Export.objects.visible_to(user, permission).filter(state=state)
        if permission == Permission.EXPORT_APPROVE:
            rows = rows.exclude(created_by=user)
        found.extend(
            Waiting(kind, row.case_id, row.case.code, row.pk, row.number, row.state_at)
            for row in rows.select_related("case").order_by("state_at")[:most]
        )
    found.extend(_recalls(user, most))
    found.extend(_erasures(user, most))
    found.extend(_disposals(user, most))
    found.extend(_deliveries(user, most))
    return sorted(found, key=lambda one: one.since)[:most]


def _recalls(user: User, most: int) -> list[Waiting]:
    """Letters to write, and recipients to remind."""
    late = timezone.now() - timedelta(days=settings.RECALL_DAYS)
    rows = RecallNotice.objects.visible_to(user, Permission.EXPORT_BUILD).filter(
        state__in=RECALL_OPEN, asked_at__lt=late
    )
    found = [
        Waiting("recall-remind", row.case_id, row.case.code, row.pk, row.export.number, row.asked_at)
        for row in rows.select_related("case", "export").order_by("asked_at")[:most]
    ]
    for one in owed_to(user)[:most]:
        export = one.export
        found.append(Waiting("recall", export.case_id, export.case.code, export.pk, export.number, one.since))
    return found


def _erasures(user: User, most: int) -> list[Waiting]:
    """Erasures that somebody else asked for."""
    rows = Destruction.objects.visible_to(user, Permission.ERASURE_CONFIRM).filter(
        state=DestructionState.ASKED
    )
    return [
        Waiting("erasure", row.case_id, row.case.code, row.pk, row.number, row.state_at)
        for row in rows.exclude(created_by=user).select_related("case").order_by("state_at")[:most]
    ]


def _disposals(user: User, most: int) -> list[Waiting]:
    """Ends of things that somebody else asked for, or wrote down as done."""
    asked = Q(state=DisposalState.ASKED) & ~Q(created_by=user)
    done = Q(state=DisposalState.CARRIED_OUT) & ~Q(carried_out_by=user)
    rows = Disposal.objects.visible_to(user, Permission.ERASURE_CONFIRM).filter(asked | done)
    return [
        Waiting("disposal", row.case_id, row.case.code, row.pk, row.number, row.state_at)
        for row in rows.select_related("case").order_by("state_at")[:most]
    ]


def _deliveries(user: User, most: int) -> list[Waiting]:
    """Deliveries to fetch or to confirm; a contact is told no code of a case."""
    if not user.has_role(Role.RECIPIENT):
        return []
    try:
        contact = contact_of(user)
    except NotAddressed:
        return []
    rows = Export.objects.filter(
        recipient=contact.recipient_id, state__in=DELIVERABLE - {ExportState.ACKNOWLEDGED}
    )
    return [
        Waiting("delivery", row.case_id, "", row.pk, row.number, row.state_at)
        for row in rows.order_by("state_at")[:most]
    ]
