"""What is done with all files of an exhibit at once.

Promise: only what is owed is asked for again, each file under the rules of one; where nothing is owed, that
is said and nothing is written. Called by the list of exhibits.
"""

from django.db.models import Q

from accounts.models import User
from cases.vocabulary import Permission
from evidence.actions.custody import held, subject
from evidence.actions.files import owe_check
from evidence.errors import ItemFrozen, NothingToCheck
from evidence.models import EvidenceItem, FileObject
from evidence.vocabulary import DRAWN, FileFlag, FileState


def check_again(*, by: User, item: EvidenceItem) -> list[FileObject]:
    """Owe their checks to files that never came to their end, or were flagged for what is in them.

    Raises `ItemFrozen`, `NothingToCheck`. A damaged file is the evidence custodian's, who answers its alert.
    """
    row = held(item, by, Permission.EVIDENCE_ADD)
    if row.is_frozen:
        raise ItemFrozen(subject=subject(row), scope=row.case_id)
    files = FileObject.objects.visible_to(by).filter(item=row).exclude(copy_kind__in=DRAWN)
    owed = files.filter(~Q(check_state=FileState.CHECKED) & ~Q(flag=FileFlag.DAMAGED))
    found = list(owed.select_related("item").order_by("created_at", "id"))
    if not found:
        raise NothingToCheck(subject=subject(row), scope=row.case_id)
    for file in found:
        owe_check(by=by, file=file)
    return found
