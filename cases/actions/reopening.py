"""Reopening a locked case: asked for by one person, agreed by two custodians who did not ask.

Promise: a word counts once, for exactly the paper that was signed, from a member of the directory in force
other than who asked; the key comes back only with two such words and the six words that one person was shown,
and nothing counts as open before every key of the case opens. Called by the pages of the lock.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.custodians import directory_in_force, member_of
from accounts.models import User
from accounts.owed import rouse_rested
from audit.vocabulary import Kind
from cases.actions.locking import lock_name, subject_of, trace_lock
from cases.errors import (
    AnswerMisread,
    IsOpen,
    NobodyAsked,
    NobodyToReopen,
    NotItsKey,
    NotReopenedYet,
    NotYoursToReopen,
    ReasonMissing,
    WordsMisread,
)
from cases.models import Case, CaseLock, LockWord
from cases.permissions import check
from cases.vocabulary import REQUEST_LIFE, Permission
from vault import caselocks, unsealing
from vault.custodian import canonical, judging, words
from vault.custodian.answers import join_secrets
from vault.custodian.canonical import Reader
from vault.custodian.directory import Directory, Role
from vault.custodian.errors import CustodianError, HalfRefused
from vault.custodian.keys import BoxKey, BoxSecret
from vault.custodian.papers import LIMIT, Ask, Decision, Request
from vault.custodian.papers import Kind as PaperKind
from vault.errors import PassphraseRefused, RootKeyUnreachable, VaultError
from vault.opening import open_row, open_rows
from vault.vocabulary import Purpose

_TABLE = "cases_caselock"
_ASKED = ("edition", "asked_by", "asked_at", "expires_at", "digest", "paper", "held_key")


def standing_lock(case: Case) -> CaseLock | None:
    """The lock of a case that is locked."""
    rows = CaseLock.objects.filter(case=case.pk, reopened_at__isnull=True)
    return rows.select_related("case", "created_by", "asked_by").first()


def ask_reopening(*, by: User, case: Case, reason: str) -> tuple[CaseLock, str]:
    """Ask two custodians to give the key back; return the lock, and the six words that are shown once.

    What was said to an earlier asking counts no more. Raises `IsOpen`, `ReasonMissing`, `NobodyToReopen`.
    """
    check(by, Permission.CASE_LOCK, case)
    row, directory = _held(case), directory_in_force()
    if directory is None:
        raise NobodyToReopen(subject=lock_name(row), scope=row.case_id)
    said = " ".join(reason.split())
    if not said:
        raise ReasonMissing(subject=lock_name(row), scope=row.case_id, field="reason")
    typed, secret, now = words.draw(), BoxSecret.new(), timezone.now()
    row.edition += 1
    try:
        paper = _paper(row, by, said, directory, secret.public)
        row.seal(paper=canonical.encode(paper.facts()).decode())
    except CustodianError:  # a text that no paper may hold
        raise ReasonMissing(subject=lock_name(row), scope=row.case_id, field="reason") from None
    row.asked_by, row.asked_at, row.expires_at, row.digest = by, now, now + REQUEST_LIFE, paper.digest
    row.held_key = unsealing.keep_one_time(secret, row.pk, typed, _TABLE)
    row.save(update_fields=_ASKED)
    trace_lock(Kind.CASE_REOPENING_ASKED, by.staff_code, row, edition=row.edition)
    return row, typed


def reopening_paper(*, by: User, case: Case) -> bytes:
    """The file that a custodian takes to their own tool. Raises `NobodyAsked`, `AnswerMisread`."""
    check(by, Permission.CASE_LOCK, case)
    row = _asked(case)
    member = member_of(by, _directory(row))
    if member is None:
        raise AnswerMisread(subject=lock_name(row), scope=row.case_id, why="no custodian")
    halves = caselocks.halves_of(bytes(row.sealed), subject_of(row), member.id)
    return Ask(paper_of_lock(row, by), tuple(halves)).write()


def answer_reopening(*, by: User, case: Case, answer: bytes) -> CaseLock:
    """Count what a custodian signed; a paper of an outside body is brought by a custodian.

    Raises `IsOpen`, `NobodyAsked`, `AnswerMisread`.
    """
    check(by, Permission.CASE_LOCK, case)
    row = _asked(case)
    directory, paper, now = _directory(row), paper_of_lock(row, by), timezone.now().timestamp()
    own = member_of(by, directory)
    try:
        said = Decision.read(answer, paper)
        member = judging.check_decision(said, directory, now)
    except CustodianError as refused:
        raise AnswerMisread(subject=lock_name(row), scope=row.case_id, why=type(refused).__name__) from None
    if own is None or (member.id != own.id and member.role != Role.OUTSIDE_BODY):
        raise AnswerMisread(subject=lock_name(row), scope=row.case_id, why="another's")
    word = LockWord(case_id=row.case_id, lock=row, member=said.by, verdict=said.verdict.value, created_by=by)
    word.digest = bytes(row.digest or b"")
    word.seal(paper=said.write().decode())
    try:
        with transaction.atomic():
            word.save(force_insert=True)
    except IntegrityError:
        raise AnswerMisread(subject=lock_name(row), scope=row.case_id, why="said already") from None
    trace_lock(Kind.CASE_LOCK_ANSWERED, by.staff_code, row, word, member=member.code, verdict=word.verdict)
    return row


def reopen_case(*, by: User, case: Case, typed: str) -> Case:
    """Give the case its key back, with the six words and two custodians' answers.

    Raises `NobodyAsked`, `NotYoursToReopen`, `WordsMisread`, `NotReopenedYet`, `NotItsKey`.
    """
    check(by, Permission.CASE_LOCK, case)
    row = _asked(case)
    name, scope, sealed = lock_name(row), row.case_id, bytes(row.sealed)
    if row.asked_by_id != by.pk:
        raise NotYoursToReopen(subject=name, scope=scope)
    paper, directory, subject = paper_of_lock(row, by), _directory(row), subject_of(row)
    try:
        two = judging.agreed(paper, words_on_lock(row, paper, by), directory, timezone.now().timestamp())
    except CustodianError:
        raise NotReopenedYet(subject=name, scope=scope) from None
    try:
        one_time = unsealing.one_time_with(bytes(row.held_key or b""), row.pk, typed, _TABLE)
    except PassphraseRefused:
        raise WordsMisread(subject=name, scope=scope) from None
    try:
        joined = join_secrets(paper, two, one_time, caselocks.digests_of(sealed, subject))
        keys = caselocks.give_back(sealed, subject, joined[subject], by=by.staff_code)
    except HalfRefused as refused:
        code = directory.member(refused.holder).code
        raise NotItsKey(subject=name, scope=scope, member=code) from None
    except RootKeyUnreachable:
        raise
    except (CustodianError, VaultError) as refused:
        raise NotItsKey(subject=name, scope=scope, why=type(refused).__name__) from None
    row.reopened_at, row.reopened_by, row.held_key = timezone.now(), by, None
    row.save(update_fields=["reopened_at", "reopened_by", "held_key"])
    held = Case.objects.select_for_update(of=("self",)).get(pk=scope)
    held.locked_at = None
    held.save(update_fields=["locked_at"])
    trace_lock(Kind.CASE_UNLOCKED, by.staff_code, row, held, keys=keys)
    rouse_rested()
    return held


def paper_of_lock(row: CaseLock, by: User) -> Request:
    """What is asked, as it is signed. Raises `NobodyAsked` where it is not about this lock."""
    raw = open_row(row, "paper", reader=by.staff_code, purpose=Purpose.IDENTITY).text("paper").encode()
    paper = Request.read(Reader(canonical.decode(raw, limit=LIMIT)))
    if paper.digest != bytes(row.digest or b"") or paper.subjects != (subject_of(row),):
        raise NobodyAsked(subject=lock_name(row), scope=row.case_id)
    return paper


def words_on_lock(row: CaseLock, paper: Request, by: User) -> list[Decision]:
    """Every signed word on this paper; who signed it is judged by `judging`."""
    rows = list(LockWord.objects.filter(lock=row, digest=paper.digest).order_by("created_at", "id"))
    opened = open_rows(rows, "paper", reader=by.staff_code, purpose=Purpose.IDENTITY)
    return [Decision.read(opened[one.pk].text("paper").encode(), paper) for one in rows]


def _paper(row: CaseLock, by: User, reason: str, directory: Directory, key: BoxKey) -> Request:
    made = int(timezone.now().timestamp())
    paper = Request(
        id=row.pk,
        kind=PaperKind.REOPEN,
        subjects=(subject_of(row),),
        fields=(),
        purpose="reopen",
        reason=reason,
        requester_id=by.pk,
        requester=by.staff_code,
        directory=directory.number,
        directory_digest=directory.digest,
        bound=(("edition", str(row.edition)), ("sealed", caselocks.digest_of(bytes(row.sealed)))),
        made_at=made,
        expires_at=made + int(REQUEST_LIFE.total_seconds()),
        key=key,
    )
    paper.check()
    return paper


def _held(case: Case) -> CaseLock:
    rows = CaseLock.objects.select_for_update(of=("self",)).select_related("case")
    row = rows.filter(case=case.pk, reopened_at__isnull=True).first()
    if row is None:
        raise IsOpen(subject=f"case:{case.pk}", scope=case.pk)
    return row


def _asked(case: Case) -> CaseLock:
    row = _held(case)
    if not row.is_asked:
        raise NobodyAsked(subject=lock_name(row), scope=row.case_id)
    return row


def _directory(row: CaseLock) -> Directory:
    directory = directory_in_force()
    if directory is None:
        raise NobodyToReopen(subject=lock_name(row), scope=row.case_id)
    return directory
