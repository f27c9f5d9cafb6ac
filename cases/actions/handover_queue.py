"""What a hand-over rests on: asked anew of the room above, compared with what was fixed when it was asked.

Promise: a witness who was added or taken out, or whose consent is not as it was, is found before a name is
opened. Called by the steps of sessions alone.
"""

from cases import handing
from cases.actions.session_queue import queued
from cases.actions.unsealing_papers import subject_of
from cases.errors import MaterialChanged
from cases.models import IdentitySession
from cases.vocabulary import SessionCheck
from vault import unsealing
from vault.models import SealedIdentity

Bound = tuple[tuple[str, str], ...]


def material_for(row: IdentitySession) -> tuple[list[SealedIdentity], Bound]:
    """Return the identities that go in, and what the paper is bound to, both as they are now.

    Raises `MaterialChanged` where the witnesses, or what they agreed to, are not those of the queue, and what
    the room above refuses.
    """
    terms = handing.current(row).terms(row, by=row.created_by)
    items = queued(row)
    said = {one.subject: bytes(one.digest) for one in items}
    is_whole = len(said) == len(items) and {one.kind for one in items} == {SessionCheck.HANDOVER}
    if not row.is_handover or not is_whole or said != dict(terms.people):
        raise MaterialChanged(subject=subject_of(row), scope=row.case_id)
    return unsealing.versions_of(terms.people), (*terms.bound, ("consents", bytes(row.material).hex()))
