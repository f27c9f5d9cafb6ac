"""What the steps of a request, and of a session, share: the row that is held, its paper, and the events.

Promise: no step believes a row that does not carry our tag, and none counts words that were said to another
paper. Called by the actions of requests and of sessions alone.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar, cast
from uuid import UUID

from django.utils import timezone

from accounts.custodians import directory_in_force
from accounts.models import User
from audit.actions import record
from audit.believing import believed
from audit.models import Event
from audit.sealing import seal_now
from audit.vocabulary import Kind
from cases.errors import (
    ForgedRequest,
    IdentityAltered,
    NoCustodians,
    NotPreparedYet,
    RequestExpired,
    RequestOver,
)
from cases.models import IdentityDecision, IdentityRequest, IdentitySession, SessionDecision
from cases.vocabulary import UNFINISHED_ACCESS, SessionState
from vault.custodian import canonical
from vault.custodian.canonical import Reader
from vault.custodian.papers import LIMIT, Decision, Request
from vault.errors import VaultError
from vault.identities import digest_of
from vault.models import SealedIdentity
from vault.opening import open_row, open_rows
from vault.rows import SealedRow
from vault.vocabulary import Purpose

if TYPE_CHECKING:
    from vault.custodian.directory import Directory

Asked = IdentityRequest | IdentitySession
A = TypeVar("A", IdentityRequest, IdentitySession)


def subject_of(row: Asked) -> str:
    """How the log names a request."""
    return f"{row.noun}:{row.pk}"


def held(row: A) -> A:
    """Read the request anew and keep it until the transaction ends. Raises `ForgedRequest`."""
    rows = type(row).objects.select_for_update(of=("self",)).select_related(*row.related)
    found = rows.get(pk=row.pk)
    believe(found)
    return found


def unfinished(row: Asked) -> None:
    """Raise `RequestOver` or `RequestExpired` where no step is open any more, `NotPreparedYet` before."""
    if row.state == SessionState.PREPARING:
        raise NotPreparedYet(subject=subject_of(row), scope=row.case_id)
    if row.state not in UNFINISHED_ACCESS:
        raise RequestOver(subject=subject_of(row), scope=row.case_id, state=str(row.state))
    if timezone.now() >= row.expires_at:
        raise RequestExpired(subject=subject_of(row), scope=row.case_id)


def paper_of(row: Asked, by: User) -> Request:
    """What is asked, as it is signed. Raises `ForgedRequest` where it is not what the row's tag covers."""
    raw = open_row(row, "paper", reader=by.staff_code, purpose=Purpose.IDENTITY).text("paper").encode()
    paper = Request.read(Reader(canonical.decode(raw, limit=LIMIT)))
    if paper.digest != bytes(row.digest) or paper.id != row.pk:
        raise ForgedRequest(subject=subject_of(row), scope=row.case_id)
    return paper


def enter(row: Asked, paper: Request) -> None:
    """Put a paper into its row, in place of an earlier one."""
    row.digest = paper.digest
    row.expires_at = datetime.fromtimestamp(paper.expires_at, tz=timezone.get_current_timezone())
    row.seal(paper=canonical.encode(paper.facts()).decode())


def words_on(row: Asked, paper: Request, by: User) -> list[Decision]:
    """Every signed word on this edition of the request. What was said to an earlier one does not count."""
    said_to_it = row.decisions.filter(digest=paper.digest).order_by("created_at", "id")
    rows = cast("list[IdentityDecision | SessionDecision]", list(said_to_it))
    opened = open_rows(rows, "paper", reader=by.staff_code, purpose=Purpose.IDENTITY)
    found = []
    for one in rows:
        believe(one)
        said = Decision.read(opened[one.pk].text("paper").encode(), paper)
        if (said.by, said.verdict.value) != (one.member, one.verdict):
            raise ForgedRequest(subject=subject_of(row), scope=row.case_id)
        found.append(said)
    return found


def directory_for(row: Asked | None, *, subject: str, scope: UUID) -> "Directory":
    """The directory in force. Raises `NoCustodians`."""
    directory = directory_in_force()
    if directory is None:
        raise NoCustodians(subject=subject if row is None else subject_of(row), scope=scope)
    return directory


def as_sealed(row: Asked, versions: Sequence[SealedIdentity]) -> None:
    """Compare each identity with the leaf that was written when it was sealed. Raises `IdentityAltered`."""
    leaves = Event.objects.of_scope(row.case_id).of_kinds([Kind.IDENTITY_SEALED])
    said = {}
    for event in believed(leaves.filter(subject__in={f"witness:{one.subject}" for one in versions})):
        facts = json.loads(event.leaf)["facts"]
        said[facts["identity"]] = facts["digest"]
    if not versions or any(said.get(str(one.pk)) != digest_of(one) for one in versions):
        raise IdentityAltered(subject=subject_of(row), scope=row.case_id)


def trace(kind: Kind, by: str, row: Asked, *more: SealedRow, **facts: str | int) -> Event:
    """One step, recorded and sealed into the log at once."""
    event = record(
        kind,
        by=by,
        subject=subject_of(row),
        scope=row.case_id,
        facts={"digest": bytes(row.digest).hex(), "state": str(row.state), **facts},
        rows=[row, *more],
    )
    seal_now(event)
    return event


def is_ours(row: Asked | IdentityDecision | SessionDecision) -> bool:
    """Tell whether the row carries our tag."""
    try:
        believe(row)
    except ForgedRequest:
        return False
    return True


def believe(row: Asked | IdentityDecision | SessionDecision) -> None:
    """Raise `ForgedRequest` unless the row carries our tag."""
    try:
        row.verify_tag()
    except VaultError:
        request = row if isinstance(row, IdentityRequest | IdentitySession) else row.request
        raise ForgedRequest(subject=subject_of(request), scope=row.case_id) from None
