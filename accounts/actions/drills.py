"""Drills: a pair of custodians opens an invented identity, as two would open a real one.

Promise: what was opened is compared with what was sealed and shown to nobody; each drill that is passed,
failed or left is a leaf that says whose it was. The machine that asks can open nothing real by it: what the
custodians sign names the place of an invented identity, and their halves open for no other. Called by the
sweep and by the custodians' page.
"""

import secrets
from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.custodians import directory_in_force, member_of
from accounts.door import Machine, reader_code
from accounts.drills import (
    answered_by,
    believe,
    has_its_own,
    is_carried,
    is_ours,
    not_invented,
    owing,
    subject_of,
    usable,
)
from accounts.errors import (
    DrillAnswered,
    DrillAnswerRefused,
    DrillOver,
    ForgedDrill,
    NotYourDrill,
)
from accounts.models import Drill, DrillAnswer, DrillIdentity, User
from accounts.sweeping import set_aside
from accounts.vocabulary import DRILL_LIFE, DrillState
from audit.actions import record
from audit.sealing import seal_now
from audit.vocabulary import Kind
from vault import unsealing
from vault.custodian import canonical, judging
from vault.custodian.answers import Answer
from vault.custodian.canonical import Reader
from vault.custodian.directory import Directory, Member
from vault.custodian.errors import CustodianError, HalfRefused
from vault.custodian.keys import BoxSecret
from vault.custodian.pairs import Pair, Subject
from vault.custodian.papers import LIMIT, Ask, Decision, Request, Verdict
from vault.custodian.papers import Kind as PaperKind
from vault.drills import check_opened, drill_subject, is_drill, seal_invented
from vault.errors import VaultError
from vault.identities import identity_of
from vault.models import SealedIdentity
from vault.opening import open_row, open_rows
from vault.vocabulary import Purpose

_SWEEP = reader_code(Machine.SWEEP)
_ASKER = "machine:drill"
_ASKER_ID = UUID("5afe0000-0000-4000-8000-000000000081")
_ONE_AT_A_TIME = 0x6472_696C  # an advisory lock: two sweeps write no drill twice
_MOVED = ["state", "failed_by", "closed_at", "held_key", "tag"]


def owed_drills() -> list[Pair]:
    """End what is over, and return the pairs that owe a drill. For the sweep's task."""
    _alone()
    directory = directory_in_force()
    if directory is None:
        return []
    _set_aside_what_is_not_ours()
    _end_what_is_over(directory)
    return owing(directory)


def write_drill(pair: Pair) -> Drill | None:
    """Ask a pair to open an invented identity; None where that is not owed any more."""
    _alone()
    directory = directory_in_force()
    if directory is None or pair not in owing(directory):
        return None
    if not has_its_own(pair):
        _invent(pair, directory)
    identity = DrillIdentity.objects.get(pk=secrets.choice(usable(pair)))
    row, one_time = (
        Drill(id=uuid4(), identity=identity, first=pair.first, second=pair.second),
        BoxSecret.new(),
    )
    paper = _paper(row, identity_of(identity.pk), directory, one_time)
    row.directory_number, row.digest = directory.number, paper.digest
    row.expires_at = datetime.fromtimestamp(paper.expires_at, tz=timezone.get_current_timezone())
    row.seal(paper=canonical.encode(paper.facts()).decode(), held_key=one_time.raw.hex())
    row.put_tag()
    row.save(force_insert=True)
    codes = _codes(row, directory)
    record(Kind.DRILL_ASKED, by=_SWEEP, subject=subject_of(row), facts={"pair": codes}, rows=[row])
    return row


def drill_paper(*, by: User, drill: Drill) -> bytes:
    """The file that one of the pair takes to their own tool: the drill, and their half of it. The outside
    bodies' is carried to both, with both halves: each opens its own alone.
    """
    row = _held(drill)
    _waits(row)
    directory, own = _own(by, row)
    paper, subject = _read(row, by.staff_code), _subject(row)
    halves = unsealing.halves_of({row.identity_id: subject}, drill=True)
    mine = [
        one
        for one in halves
        if {one.binding.pair.first, one.binding.pair.second} == set(row.pair)
        and (is_carried(row, directory) or one.binding.holder == own.id)
    ]
    newest = max((one.binding.directory for one in mine), default=directory.number)
    return Ask(paper, tuple(one for one in mine if one.binding.directory == newest)).write()


def answer_drill(*, by: User, drill: Drill, answer: bytes) -> Drill:
    """Count what one of the pair signed; with the second answer it opens, and passes or fails.

    What an outside body signed any custodian brings.
    Raises `NotYourDrill`, `DrillOver`, `DrillAnswered`, `DrillAnswerRefused`, `ForgedDrill`.
    """
    row = _held(drill)
    _waits(row)
    directory, own = _own(by, row)
    subject, paper = subject_of(row), _read(row, by.staff_code)
    try:
        said = Decision.read(answer, paper)
        member = judging.check_decision(said, directory, timezone.now().timestamp())
    except CustodianError as refused:
        raise DrillAnswerRefused(subject=subject, why=type(refused).__name__) from None
    theirs = row.pair if is_carried(row, directory) else (own.id,)
    if member.id not in theirs or said.verdict != Verdict.APPROVE:
        raise DrillAnswerRefused(subject=subject, why="another's")
    _keep(by, row, said)
    answers = _answers(row, paper, by.staff_code)
    if len(answers) == judging.LIFTERS:
        _open(by, row, paper, answers, directory)
    return row


def _keep(by: User, row: Drill, said: Decision) -> None:
    kept = DrillAnswer(id=uuid4(), drill=row, member=said.by, created_by=by)
    kept.seal(paper=said.write().decode())
    kept.put_tag()
    try:
        with transaction.atomic():
            kept.save(force_insert=True)
    except IntegrityError:
        if _is_spoilt(row):
            raise ForgedDrill(subject=subject_of(row)) from None
        raise DrillAnswered(subject=subject_of(row)) from None
    record(Kind.DRILL_ANSWERED, by=by.staff_code, subject=subject_of(row), rows=[kept])


def _open(by: User, row: Drill, paper: Request, answers: list[Decision], directory: Directory) -> None:
    """Open it as a real one would be, and compare; the answer to a drill is a leaf, whatever it is."""
    one_time = BoxSecret(bytes.fromhex(_held_key(row, by.staff_code)))
    identity, subject = identity_of(row.identity_id), _subject(row)
    kept: dict[UUID, Subject] = {identity.pk: subject}
    facts = {"pair": _codes(row, directory)}
    try:
        two = judging.agreed(paper, answers, directory, timezone.now().timestamp())
        items = tuple(unsealing.items_of([identity], kept, drill=True))
        digests = unsealing.digests_of(kept, drill=True)
        (content,) = Answer(paper, two, items, digests).open(one_time).values()
        check_opened(identity.pk, content, bytes(row.identity.commitment))
        row.state = DrillState.PASSED
    except HalfRefused as refused:
        row.state, row.failed_by = DrillState.FAILED, refused.holder
        facts["member"] = directory.member(refused.holder).code
    except VaultError as refused:
        row.state, facts["why"] = DrillState.FAILED, type(refused).__name__
    kind = Kind.DRILL_PASSED if row.state == DrillState.PASSED else Kind.DRILL_FAILED
    _close(row)
    seal_now(record(kind, by=by.staff_code, subject=subject_of(row), facts=facts, rows=[row]))


def _end_what_is_over(directory: Directory) -> None:
    for row in Drill.objects.select_for_update(of=("self",)).filter(state=DrillState.ASKED):
        try:
            with transaction.atomic():
                _end_if_over(row, directory)
        except VaultError:  # its sealed columns are not what was sealed
            _put_aside(row)


def _end_if_over(row: Drill, directory: Directory) -> None:
    """A drill to which an answer was written past us ends too: the place of the true one is taken by it."""
    if row.directory_number != directory.number or _is_spoilt(row):
        row.state = DrillState.OVERTAKEN
        _close(row)
        record(Kind.DRILL_OVERTAKEN, by=_SWEEP, subject=subject_of(row), rows=[row])
    elif row.expires_at <= timezone.now():
        row.state = DrillState.LATE
        _close(row)
        heard = answered_by(row)
        silent = " ".join(sorted(directory.member(one).code for one in row.pair if one not in heard))
        facts = {"pair": _codes(row, directory), "silent": silent}
        seal_now(record(Kind.DRILL_LATE, by=_SWEEP, subject=subject_of(row), facts=facts, rows=[row]))


def _set_aside_what_is_not_ours() -> None:
    """What others wrote or changed in the tables of drills gets no tag of ours; it is an alarm, once."""
    for row in Drill.objects.order_by("id").iterator():
        if not is_ours(row):
            _put_aside(row)
    for answer in DrillAnswer.objects.order_by("id").iterator():
        if not is_ours(answer):
            set_aside(f"drill-answer:{answer.pk}", because=ForgedDrill.__name__)
    for identity in not_invented():
        set_aside(f"drill-identity:{identity}", because=ForgedDrill.__name__)


def _put_aside(row: Drill) -> None:
    asked = Drill.objects.filter(pk=row.pk, state=DrillState.ASKED)
    asked.update(state=DrillState.OVERTAKEN, closed_at=timezone.now())
    set_aside(subject_of(row), because=ForgedDrill.__name__)


def _is_spoilt(row: Drill) -> bool:
    return not all(is_ours(one) for one in DrillAnswer.objects.filter(drill=row))


def _close(row: Drill) -> None:
    row.closed_at = timezone.now()
    row.seal(held_key=None)
    row.put_tag()
    row.save(update_fields=_MOVED)


def _invent(pair: Pair, directory: Directory) -> None:
    made, commitment = seal_invented(directory, by=_SWEEP)
    row = DrillIdentity(
        id=made.id,
        first=pair.first,
        second=pair.second,
        directory_number=directory.number,
        commitment=commitment,
    )
    row.save(force_insert=True)
    facts: dict[str, str | int] = {"digest": made.digest, "halves": made.halves, "directory": made.directory}
    record(Kind.DRILL_SEALED, by=_SWEEP, subject=f"drill-identity:{row.pk}", facts=facts, rows=[row])


def _paper(row: Drill, identity: SealedIdentity, directory: Directory, one_time: BoxSecret) -> Request:
    now = int(timezone.now().timestamp())
    paper = Request(
        id=row.pk,
        kind=PaperKind.DRILL,
        subjects=(_real_drill(row, identity),),
        fields=("given", "family"),
        purpose="drill",
        reason="",
        requester_id=_ASKER_ID,
        requester=_ASKER,
        directory=directory.number,
        directory_digest=directory.digest,
        bound=(("pair", _codes(row, directory)),),
        made_at=now,
        expires_at=now + int(DRILL_LIFE.total_seconds()),
        key=one_time.public,
    )
    paper.check()
    return paper


def _subject(row: Drill) -> Subject:
    return _real_drill(row, identity_of(row.identity_id))


def _real_drill(row: Drill, identity: SealedIdentity) -> Subject:
    """What it is bound to; a row that names a real identity is somebody's work."""
    if not is_drill(identity):
        raise ForgedDrill(subject=subject_of(row))
    return drill_subject(identity)


def _held(drill: Drill) -> Drill:
    """Read the drill anew and keep it until the transaction ends. Raises `ForgedDrill`."""
    rows = Drill.objects.select_for_update(of=("self",)).select_related("identity")
    row = rows.get(pk=drill.pk)
    believe(row)
    return row


def _waits(row: Drill) -> None:
    if row.state != DrillState.ASKED or row.expires_at <= timezone.now():
        raise DrillOver(subject=subject_of(row))


def _own(by: User, row: Drill) -> tuple[Directory, Member]:
    directory = directory_in_force()
    if directory is None or directory.number != row.directory_number:
        raise DrillOver(subject=subject_of(row))
    found = member_of(by, directory)
    if found is None or (found.id not in row.pair and not is_carried(row, directory)):
        raise NotYourDrill(subject=subject_of(row))
    return directory, found


def _read(row: Drill, by: str) -> Request:
    raw = open_row(row, "paper", reader=by, purpose=Purpose.DRILL).text("paper").encode()
    paper = Request.read(Reader(canonical.decode(raw, limit=LIMIT)))
    if paper.digest != bytes(row.digest) or paper.id != row.pk:
        raise ForgedDrill(subject=subject_of(row))
    return paper


def _held_key(row: Drill, by: str) -> str:
    return open_row(row, "held_key", reader=by, purpose=Purpose.DRILL).text("held_key")


def _answers(row: Drill, paper: Request, by: str) -> list[Decision]:
    rows = list(DrillAnswer.objects.filter(drill=row).order_by("created_at", "id"))
    for one in rows:
        believe(one)
    opened = open_rows(rows, "paper", reader=by, purpose=Purpose.DRILL)
    return [Decision.read(opened[one.pk].text("paper").encode(), paper) for one in rows]


def _codes(row: Drill, directory: Directory) -> str:
    return " ".join(sorted(directory.member(one).code for one in row.pair))


def _alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
