"""The steps of a session that a machine takes, in the name of whoever asked for it and with their rights.

Promise: a key comes into the session's paper only from the process that will compare; before a name is opened
the two approvals are judged anew, and every identity and every item is compared with what the log and the
queue say of it. What fails ends the session, and says why in one word. Called by the keeper alone.
"""

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from accounts.custodians import directory_in_force
from accounts.door import Machine, reader_code
from accounts.models import User
from audit.vocabulary import Kind
from cases.actions.handover_queue import Bound, material_for
from cases.actions.session_queue import (
    as_queued,
    identities_of,
    pseudonyms,
    queued,
    streams,
    summary,
    texts,
    witnesses_of,
)
from cases.actions.sessions import end, set_aside
from cases.actions.unsealing_papers import (
    as_sealed,
    directory_for,
    enter,
    held,
    paper_of,
    subject_of,
    trace,
    unfinished,
    words_on,
)
from cases.chamber.holding import Job, Report
from cases.errors import (
    ForgedRequest,
    NotAgreedYet,
    NothingAsked,
    NotYetTime,
    RequestOver,
    StandsStopped,
)
from cases.models import IdentitySession, SessionReport
from cases.permissions import check
from cases.vocabulary import LIVE_SESSION, Permission, SessionCheck, SessionState
from vault import unsealing
from vault.custodian import judging
from vault.custodian.answers import Answer
from vault.custodian.errors import CustodianError
from vault.custodian.keys import BoxKey
from vault.custodian.pairs import Subject
from vault.custodian.papers import Decision, Request
from vault.custodian.papers import Kind as PaperKind
from vault.models import SealedIdentity
from vault.opening import open_row
from vault.vocabulary import Purpose

MACHINE = reader_code(Machine.SESSIONS)
_PREPARED = ("state", "keeper", "digest", "paper", "expires_at", "tag")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A session as its keeper sees it: nothing of it is opened."""

    id: UUID
    asked_by: User
    row: IdentitySession


def waiting_sessions() -> list[Waiting]:
    """Every session that has not ended. For the keeper, which has entered as itself.

    One that is not ours ends here: nobody asked for it.
    """
    rows = IdentitySession.objects.filter(state__in=LIVE_SESSION).order_by("created_at", "id")
    ours = [row for row in rows if not set_aside(row, by=MACHINE)]
    people = User.objects.in_bulk([row.created_by_id for row in ours])
    return [Waiting(row.pk, people[row.created_by_id], row) for row in ours if row.created_by_id in people]


def prepare_session(*, session: IdentitySession, key: BoxKey, keeper: UUID) -> IdentitySession:
    """Write the paper that custodians sign, with the key of the process that was started for it."""
    row = ours(session, SessionState.PREPARING)
    by = row.created_by
    directory = directory_for(row, subject="", scope=row.case_id)
    kind, versions, bound = _asked(row)
    reason = open_row(row, "reason", reader=by.staff_code, purpose=Purpose.IDENTITY).text("reason")
    try:
        paper = Request(
            id=row.pk,
            kind=kind,
            subjects=tuple(_subjects(row, versions).values()),
            fields=(),
            purpose=row.purpose,
            reason=reason,
            requester_id=by.pk,
            requester=by.staff_code,
            directory=directory.number,
            directory_digest=directory.digest,
            bound=bound,
            made_at=int(timezone.now().timestamp()),
            expires_at=int(row.expires_at.timestamp()),
            key=key,
        )
        paper.check()
        enter(row, paper)
    except CustodianError:
        raise NothingAsked(subject=subject_of(row), scope=row.case_id) from None
    row.state, row.keeper = SessionState.REQUESTED, keeper
    row.put_tag()
    row.save(update_fields=_PREPARED)
    trace(Kind.IDENTITY_COMPARING_READY, MACHINE, row, key=key.fingerprint.hex())
    return row


def begin_session(*, session: IdentitySession) -> Job:
    """Hand out what the process opens and compares, once two agreed and it is time.

    Raises `NotAgreedYet`, `StandsStopped`, `NotYetTime`, `RequestOver`, `RequestExpired`, `IdentityAltered`,
    `MaterialChanged`, `ForgedRequest`.
    """
    row = ours(session)
    paper, two = agreed(row)
    items, versions = queued(row), identities_of(row.case_id)
    as_queued(row, items, _asked_for(row, paper, versions))
    by, answer = row.created_by, answer_to(row, paper, two, versions, PaperKind.SESSION)
    job = Job(
        answer,
        duplicates=any(one.kind == SessionCheck.DUPLICATES for one in items),
        pseudonyms=pseudonyms(items, by=by),
        texts=texts(items, by=by),
        streams=streams(items, by=by),
    )
    begun(row)
    trace(Kind.IDENTITY_COMPARING, MACHINE, row, identities=len(paper.subjects), items=len(items))
    return job


def agreed(row: IdentitySession) -> tuple[Request, tuple[Decision, Decision]]:
    """Return the paper and the two approvals of it, judged anew."""
    _may_begin(row)
    paper = paper_of(row, row.created_by)
    directory = directory_for(row, subject="", scope=row.case_id)
    try:
        said = words_on(row, paper, row.created_by)
        return paper, judging.agreed(paper, said, directory, timezone.now().timestamp())
    except CustodianError:
        raise NotAgreedYet(subject=subject_of(row), scope=row.case_id) from None


def answer_to(
    row: IdentitySession,
    paper: Request,
    two: tuple[Decision, Decision],
    versions: list[SealedIdentity],
    kind: PaperKind,
) -> Answer:
    """Return what opens the names that the paper names, and no others; `kind` is what it must be for.

    Raises `IdentityAltered`, `ForgedRequest`.
    """
    asked = _asked_for(row, paper, versions)
    as_sealed(row, asked)
    if paper.kind != kind or len(asked) != len(paper.subjects):
        raise ForgedRequest(subject=subject_of(row), scope=row.case_id)
    subjects = _subjects(row, versions)
    kept = {one.pk: subjects[one.pk] for one in asked}
    return Answer(paper, two, tuple(unsealing.items_of(asked, kept)), unsealing.digests_of(kept))


def begun(row: IdentitySession) -> None:
    """Write down that names are in memory from now on; recording it is the caller's."""
    row.state, row.started_at = SessionState.RUNNING, timezone.now()
    row.put_tag()
    row.save(update_fields=["state", "started_at", "tag"])


def finish_session(*, session: IdentitySession, report: Report) -> IdentitySession:
    """Seal the report and end the session; too many places are an alarm."""
    row = ours(session, SessionState.RUNNING)
    kept = SessionReport(case_id=row.case_id, session=row, created_by=row.created_by)
    kept.seal(said=_said(row, report))
    kept.save(force_insert=True)
    end(row, SessionState.COMPARED)
    trace(Kind.IDENTITY_COMPARED, MACHINE, row, kept)
    if report.too_many:
        trace(Kind.IDENTITY_TOO_MANY, MACHINE, row)
    return row


def fail_session(*, session: IdentitySession, because: str, holder: UUID | None = None) -> None:
    """End a session that cannot go on: its key is gone, or what it relied on is not as it was.

    `holder` is the custodian whose half was false: the log names them.
    """
    rows = IdentitySession.objects.select_for_update(of=("self",)).filter(state__in=LIVE_SESSION)
    row = rows.filter(pk=session.pk).first()
    if row is not None and not set_aside(row, by=MACHINE):
        end(row, SessionState.FAILED, because)
        directory = None if holder is None else directory_in_force()
        members = () if directory is None else directory.members
        code = next((one.code for one in members if one.id == holder), "")
        trace(Kind.IDENTITY_COMPARING_FAILED, MACHINE, row, because=because, member=code)


def ours(session: IdentitySession, state: SessionState | None = None) -> IdentitySession:
    """The session, held, where the person who asked may still ask."""
    check(session.created_by, Permission.IDENTITY_SESSION, session.case_id)
    row = held(session)
    if state is not None and row.state != state:
        raise RequestOver(subject=subject_of(row), scope=row.case_id, state=str(row.state))
    return row


def _asked(row: IdentitySession) -> tuple[PaperKind, list[SealedIdentity], Bound]:
    """What the paper is for, whose names it names, and what else is signed with it."""
    if row.is_handover:
        return PaperKind.HANDOVER, *material_for(row)
    items, versions = queued(row), identities_of(row.case_id)
    as_queued(row, items, versions)
    return (
        PaperKind.SESSION,
        versions,
        (("compares", summary(items)), ("material", bytes(row.material).hex())),
    )


def _asked_for(row: IdentitySession, paper: Request, versions: list[SealedIdentity]) -> list[SealedIdentity]:
    """The identities that the paper names; what was sealed later waits for another session."""
    subjects = _subjects(row, versions)
    return [one for one in versions if subjects[one.pk] in paper.subjects]


def _may_begin(row: IdentitySession) -> None:
    subject, scope = subject_of(row), row.case_id
    unfinished(row)
    if row.state == SessionState.DENIED:
        raise StandsStopped(subject=subject, scope=scope)
    if row.state != SessionState.APPROVED_2 or row.opens_at is None:
        raise NotAgreedYet(subject=subject, scope=scope)
    if timezone.now() < row.opens_at:
        raise NotYetTime(subject=subject, scope=scope)


def _subjects(row: IdentitySession, versions: list[SealedIdentity]) -> dict[UUID, Subject]:
    codes = {one.pk: one.code for one in witnesses_of(row.case_id)}
    return unsealing.subjects_of(versions, case_code=row.case.code, codes=codes)


def _said(row: IdentitySession, report: Report) -> dict[str, object]:
    return {
        "session": str(row.pk),
        "too_many": report.too_many,
        "lines": [
            {
                "check": one.check,
                "place": one.place,
                "part": one.part,
                "word": one.word,
                "pair": [str(who) for who in one.pair],
            }
            for one in report.lines
        ],
        "authors": dict(report.authors),
    }
