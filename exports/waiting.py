"""What waits for a person in this room: exports to decide or to build, and deliveries to fetch or confirm."""

from accounts.models import User
from accounts.vocabulary import Role
from cases.vocabulary import Permission
from cases.waiting import Waiting
from exports.errors import NotAddressed
from exports.models import Export
from exports.permissions import contact_of
from exports.vocabulary import DELIVERABLE, ExportState

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
    found.extend(_deliveries(user, most))
    return sorted(found, key=lambda one: one.since)[:most]


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
