"""Handing identities over: the steps of a session that ends in a sealed file instead of a report.

Promise: the process is handed exactly the witnesses whom the paper names, for exactly the export, the
consents and the keys that the paper names; all of it is asked anew before a name is opened, and once more
when the file is taken: what changed in between ends the session, and nothing is kept. Asking is a step of the
room above, which says who goes in; the other steps are called by the keeper alone.
"""

from collections.abc import Mapping
from uuid import UUID, uuid4

from accounts.custodians import member_of
from accounts.models import User
from audit.vocabulary import Kind
from cases import handing
from cases.actions.handover_queue import material_for
from cases.actions.session_steps import MACHINE, agreed, answer_to, begun, ours
from cases.actions.sessions import end, put
from cases.actions.unsealing_papers import directory_for, subject_of, trace
from cases.chamber.holding import Parcel
from cases.errors import (
    MaterialChanged,
    NothingAsked,
    NothingToHandOver,
    SessionUnderWay,
    TooFewCustodians,
    TooManyWitnesses,
)
from cases.models import Case, IdentitySession, SessionItem
from cases.permissions import check
from cases.vocabulary import LIVE_SESSION, Permission, SessionCheck, SessionPurpose, SessionState
from vault import unsealing
from vault.custodian import canonical
from vault.custodian.errors import CustodianError
from vault.custodian.papers import MOST_SUBJECTS
from vault.custodian.papers import Kind as PaperKind


def ask_for_handover(*, by: User, case: Case, reason: str, people: Mapping[UUID, bytes]) -> IdentitySession:
    """Ask two custodians to let the identities of these witnesses go. A step of asking for it with an export.

    `people` holds by witness what it rests on. Raises `NoCustodians`, `TooFewCustodians`, `NothingAsked`,
    `NothingToHandOver` where somebody's identity is not sealed, `TooManyWitnesses`, `SessionUnderWay`.
    """
    check(by, Permission.IDENTITY_SESSION, case)
    subject, scope = f"case:{case.pk}", case.pk
    directory = directory_for(None, subject=subject, scope=scope)
    if member_of(by, directory) is not None and len(directory.custodians) < 3:
        raise TooFewCustodians(subject=subject, scope=scope)
    if IdentitySession.objects.filter(case=case, state__in=LIVE_SESSION).exists():
        raise SessionUnderWay(subject=subject, scope=scope)
    versions = unsealing.versions_of(people)
    if not people or {one.subject for one in versions} != set(people):
        raise NothingToHandOver(subject=subject, scope=scope)
    if len(versions) > MOST_SUBJECTS:
        raise TooManyWitnesses(subject=subject, scope=scope)
    row = IdentitySession(id=uuid4(), case=case, created_by=by, purpose=SessionPurpose.HANDOVER)
    row.seal(reason=_reason(case, reason))
    items = [
        SessionItem(
            case=case, session=row, created_by=by, number=number, kind=SessionCheck.HANDOVER,
            subject=witness, digest=people[witness],
        )
        for number, witness in enumerate(sorted(people))
    ]  # fmt: skip
    return put(row, items)


def begin_handover(*, session: IdentitySession) -> Parcel:
    """Hand out what the process opens and encrypts, once two agreed and it is time.

    Raises what `begin_session` raises, and what the room above refuses.
    """
    row = ours(session)
    paper, two = agreed(row)
    versions, bound = material_for(row)
    if paper.bound != bound:
        raise MaterialChanged(subject=subject_of(row), scope=row.case_id)
    answer = answer_to(row, paper, two, versions, PaperKind.HANDOVER)
    parcel = Parcel(answer, handing.current(row).letter(row, by=row.created_by))
    begun(row)
    trace(Kind.IDENTITY_HANDING, MACHINE, row, identities=len(paper.subjects))
    return parcel


def finish_handover(*, session: IdentitySession, sealed: bytes) -> IdentitySession:
    """Ask everything once more, give the file to the room above, and end the session."""
    row = ours(session, SessionState.RUNNING)
    material_for(row)
    handing.current(row).take(row, sealed, by=row.created_by)
    end(row, SessionState.HANDED)
    trace(Kind.IDENTITY_HANDED, MACHINE, row)
    return row


def _reason(case: Case, said: str) -> str:
    reason = " ".join(said.split())
    try:
        canonical.encode({"reason": reason})
    except CustodianError:  # marks that turn the direction of writing
        reason = ""
    if not reason:
        raise NothingAsked(subject=f"case:{case.pk}", scope=case.pk)
    return reason
