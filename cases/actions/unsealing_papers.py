"""What the steps of a request share: the row that is held, its paper, and the events.

Promise: no step believes a row that does not carry our tag, and none counts words that were said to another
paper. Called by the actions of requests alone.
"""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from accounts.custodians import directory_in_force
from accounts.models import User
from audit.actions import record
from audit.models import Event
from audit.sealing import seal_now
from audit.vocabulary import Kind
from cases.errors import ForgedRequest, NoCustodians, RequestExpired, RequestOver
from cases.models import IdentityDecision, IdentityRequest
from cases.vocabulary import UNFINISHED_ACCESS
from vault.custodian import canonical
from vault.custodian.canonical import Reader
from vault.custodian.papers import LIMIT, Decision, Request
from vault.errors import VaultError
from vault.opening import open_row, open_rows
from vault.vocabulary import Purpose

if TYPE_CHECKING:
    from vault.custodian.directory import Directory


def subject_of(row: IdentityRequest) -> str:
    """How the log names a request."""
    return f"identity-request:{row.pk}"


def held(row: IdentityRequest) -> IdentityRequest:
    """Read the request anew and keep it until the transaction ends. Raises `ForgedRequest`."""
    rows = IdentityRequest.objects.select_for_update(of=("self",)).select_related(
        "witness", "case", "created_by"
    )
    found = rows.get(pk=row.pk)
    _believe(found)
    return found


def unfinished(row: IdentityRequest) -> None:
    """Raise `RequestOver` or `RequestExpired` where no further step is open."""
    if row.state not in UNFINISHED_ACCESS:
        raise RequestOver(subject=subject_of(row), scope=row.case_id, state=str(row.state))
    if timezone.now() >= row.expires_at:
        raise RequestExpired(subject=subject_of(row), scope=row.case_id)


def paper_of(row: IdentityRequest, by: User) -> Request:
    """What is asked, as it is signed. Raises `ForgedRequest` where it is not what the row's tag covers."""
    raw = open_row(row, "paper", reader=by.staff_code, purpose=Purpose.IDENTITY).text("paper").encode()
    paper = Request.read(Reader(canonical.decode(raw, limit=LIMIT)))
    if paper.digest != bytes(row.digest) or paper.id != row.pk:
        raise ForgedRequest(subject=subject_of(row), scope=row.case_id)
    return paper


def enter(row: IdentityRequest, paper: Request) -> None:
    """Put a paper into its row, in place of an earlier one."""
    row.digest = paper.digest
    row.expires_at = datetime.fromtimestamp(paper.expires_at, tz=timezone.get_current_timezone())
    row.seal(paper=canonical.encode(paper.facts()).decode())


def words_on(row: IdentityRequest, paper: Request, by: User) -> list[Decision]:
    """Every signed word on this edition of the request. What was said to an earlier one does not count."""
    rows = list(
        IdentityDecision.objects.filter(request=row, digest=paper.digest).order_by("created_at", "id")
    )
    opened = open_rows(rows, "paper", reader=by.staff_code, purpose=Purpose.IDENTITY)
    found = []
    for one in rows:
        _believe(one)
        said = Decision.read(opened[one.pk].text("paper").encode(), paper)
        if (said.by, said.verdict.value) != (one.member, one.verdict):
            raise ForgedRequest(subject=subject_of(row), scope=row.case_id)
        found.append(said)
    return found


def directory_for(row: IdentityRequest | None, *, subject: str, scope: UUID) -> "Directory":
    """The directory in force. Raises `NoCustodians`."""
    directory = directory_in_force()
    if directory is None:
        raise NoCustodians(subject=subject if row is None else subject_of(row), scope=scope)
    return directory


def trace(kind: Kind, by: str, row: IdentityRequest, *more: IdentityDecision, **facts: str | int) -> Event:
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


def _believe(row: IdentityRequest | IdentityDecision) -> None:
    try:
        row.verify_tag()
    except VaultError:
        request = row if isinstance(row, IdentityRequest) else row.request
        raise ForgedRequest(subject=subject_of(request), scope=row.case_id) from None
