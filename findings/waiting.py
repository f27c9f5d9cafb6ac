"""What waits for a person in this room."""

from accounts.models import User
from cases.vocabulary import Permission
from cases.waiting import Waiting
from findings.models import FactAssertion
from findings.vocabulary import FactState


def waiting_for(user: User, *, most: int = 50) -> list[Waiting]:
    """Return contested facts that the person may judge, oldest first."""
    rows = FactAssertion.objects.visible_to(user, Permission.FINDING_WRITE).filter(state=FactState.CONTESTED)
    return [
        Waiting("assertion", row.case_id, row.case.code, row.pk, row.case.code, row.created_at)
        for row in rows.select_related("case").order_by("created_at")[:most]
    ]
