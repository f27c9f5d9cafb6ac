"""Repairs: a newcomer among the custodians gets halves, in three messages, without rebuilding a secret.

Promise: the server asks and keeps, and opens nothing: two helpers and the newcomer sign over exactly one
repair, under the directory in force, and what they made is added whole or not at all. A repair of an older
directory, of other identities or handed in twice adds nothing. Called by the sweep and by the custodians'
page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils import timezone

from accounts.custodians import directory_in_force, member_of
from accounts.door import Machine, reader_code
from accounts.errors import ForgedRepair, NotYourRepair, RepairOver, RepairRefused
from accounts.models import Repair, User
from accounts.owed import wake
from accounts.repairs import Owed, believe, since_in_force, subject_of
from accounts.sweeping import set_aside
from accounts.vocabulary import RepairState
from audit.actions import record
from audit.sealing import seal_now
from audit.vocabulary import Kind
from vault import mending, revoking
from vault.custodian import repairing
from vault.custodian.directory import Directory
from vault.custodian.errors import CustodianError
from vault.custodian.pairs import Half, Subject
from vault.custodian.repairpapers import Completed, Help
from vault.custodian.repairpapers import Repair as Paper
from vault.errors import VaultError
from vault.identities import identity_of
from vault.identities import subject_of as bound_to
from vault.opening import open_row
from vault.vocabulary import Purpose

TASK = "cases.sweep_repairs"
_SWEEP = reader_code(Machine.SWEEP)
_ONE_AT_A_TIME = 0x7265_7061  # an advisory lock: two sweeps ask for nothing twice
_MOVED = ["state", "closed_at", "first_help", "second_help", "tag"]


@dataclass(frozen=True, slots=True)
class Source:
    """One identity that is repaired, with what it is bound to."""

    identity: UUID
    subject: Subject


def end_overtaken() -> bool:
    """End the repair of an older directory; return whether one still waits. For the sweep's task."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
    directory, waits = directory_in_force(), False
    for row in Repair.objects.select_for_update(of=("self",)).filter(state=RepairState.ASKED):
        try:
            row.verify_tag()
            with transaction.atomic():
                waits = not _is_overtaken(row, directory)
        except VaultError:  # it is not ours, or holds what was never sealed
            _put_aside(row)
    return waits


def _is_overtaken(row: Repair, directory: Directory | None) -> bool:
    if directory is not None and row.directory_number == directory.number:
        return False
    _close(row, RepairState.OVERTAKEN)
    record(Kind.REPAIR_OVERTAKEN, by=_SWEEP, subject=subject_of(row), rows=[row])
    return True


def _put_aside(row: Repair) -> None:
    """It ends without a tag of ours."""
    Repair.objects.filter(pk=row.pk).update(state=RepairState.OVERTAKEN, closed_at=timezone.now())
    set_aside(subject_of(row), because=ForgedRepair.__name__)


def end_asked_repair(*, by: str) -> None:
    """End the repair that waits, if one does: what it asks for may not be asked any more. What is still owed
    is asked anew by the sweep.
    """
    for row in Repair.objects.select_for_update(of=("self",)).filter(state=RepairState.ASKED):
        try:
            row.verify_tag()
            with transaction.atomic():
                _close(row, RepairState.OVERTAKEN)
                record(Kind.REPAIR_OVERTAKEN, by=by, subject=subject_of(row), rows=[row])
        except VaultError:
            _put_aside(row)


def check_source(owed: Owed, source: Source) -> None:
    """Raise `NotVerified` where the helpers' halves of an identity are no pair."""
    halves = mending.halves_in_force([source.identity], since_in_force())
    mending.source_of(halves.get(source.identity, ()), owed.helpers, source.subject)


def write_repair(owed: Owed, sources: Sequence[Source], directory: Directory) -> Repair:
    """Ask two helpers to make halves for a newcomer. For the sweep's task, which knows the codes."""
    first, second = sorted(owed.helpers)
    row = Repair(id=uuid4(), newcomer=owed.newcomer, first=first, second=second)
    paper = _paper(row, owed.partners, directory, sources)
    row.directory_number, row.identities, row.digest = directory.number, len(sources), paper.digest
    row.seal(
        sources={
            "partners": [str(one) for one in owed.partners],
            "identities": [
                [str(one.identity), one.subject.case_code, one.subject.witness_code] for one in sources
            ],
        }
    )
    row.put_tag()
    row.save(force_insert=True)
    facts: dict[str, str | int] = {
        "newcomer": directory.member(owed.newcomer).code,
        "identities": len(sources),
    }
    record(Kind.REPAIR_ASKED, by=_SWEEP, subject=subject_of(row), facts=facts, rows=[row])
    return row


def repair_paper(*, by: User, repair: Repair) -> bytes:
    """The file that helpers and newcomer take to their tools. Raises `RepairOver`, `NotYourRepair`."""
    row, directory = _held(repair, by)
    return _read(row, directory, by).write()


def help_paper(*, by: User, repair: Repair, place: int) -> bytes:
    """What a helper signed, for the newcomer's tool."""
    row, _directory = _held(repair, by)
    raw = _helps(row, by)[place]
    if not raw:
        raise RepairOver(subject=subject_of(row))
    return raw


def hand_in_repair(*, by: User, repair: Repair, paper: bytes) -> Repair:
    """Take what a helper or the newcomer signed; with the newcomer's, the new halves are added.

    A helper may do their part anew until then. Raises `RepairRefused`, `RepairOver`, `NotYourRepair`,
    `ForgedRepair`.
    """
    row, directory = _held(repair, by)
    asked = _read(row, directory, by)
    try:
        helped = Help.read(paper, asked)
    except CustodianError:
        return _finish(by, row, asked, paper, directory)
    try:
        if helped.by not in row.helpers:
            raise RepairRefused(subject=subject_of(row), why="no helper")
        helped.check(asked, directory.member(helped.by))
    except CustodianError as refused:
        raise RepairRefused(subject=subject_of(row), why=type(refused).__name__) from None
    name = "first_help" if helped.by == row.first else "second_help"
    row.seal(**{name: paper.decode()})
    row.put_tag()
    row.save(update_fields=[name, "tag"])
    facts = {"member": directory.member(helped.by).code}
    record(Kind.REPAIR_HELPED, by=by.staff_code, subject=subject_of(row), facts=facts, rows=[row])
    return row


def _finish(by: User, row: Repair, asked: Paper, paper: bytes, directory: Directory) -> Repair:
    one, other = _helps(row, by)
    try:
        completed = Completed.read(paper, asked)
        if not (one and other):
            raise RepairRefused(subject=subject_of(row), why="not helped")
        helps = (Help.read(one, asked), Help.read(other, asked))
        halves = repairing.new_halves(asked, helps, completed, directory)
    except CustodianError as refused:
        raise RepairRefused(subject=subject_of(row), why=type(refused).__name__) from None
    _close(row, RepairState.FINISHED)
    _add(by, row, halves, directory)
    facts: dict[str, str | int] = {
        "newcomer": directory.member(row.newcomer).code,
        "identities": row.identities,
    }
    seal_now(record(Kind.REPAIR_FINISHED, by=by.staff_code, subject=subject_of(row), facts=facts, rows=[row]))
    wake(TASK, row.pk)
    return row


def _add(by: User, row: Repair, halves: Sequence[Half], directory: Directory) -> None:
    """Add the halves identity by identity; those of keys that are gone go, now that others can open."""
    since, custodians = since_in_force(), [one.id for one in directory.custodians]
    for source in _sources(row, by)[1]:
        mine = [one for one in halves if one.binding.subject == source.subject]
        digest = mending.add_halves(source.identity, mine)
        dropped = revoking.drop_halves(source.identity, since, custodians)
        facts: dict[str, str | int] = {
            "identity": str(source.identity),
            "directory": directory.number,
            "halves": digest,
            "dropped": dropped,
        }
        subject, scope = f"witness:{source.subject.witness_id}", source.subject.case_id
        record(Kind.IDENTITY_REPAIRED, by=by.staff_code, subject=subject, scope=scope, facts=facts)


def _held(repair: Repair, by: User) -> tuple[Repair, Directory]:
    """The repair, kept until the transaction ends, for a custodian of the directory in force."""
    row = believe(Repair.objects.select_for_update(of=("self",)).get(pk=repair.pk))
    directory = directory_in_force()
    over = directory is None or row.directory_number != directory.number or row.state != RepairState.ASKED
    if directory is None or over:
        raise RepairOver(subject=subject_of(row))
    if member_of(by, directory) is None:
        raise NotYourRepair(subject=subject_of(row))
    return row, directory


def _read(row: Repair, directory: Directory, by: User) -> Paper:
    """The paper as it was asked. Raises `RepairOver` where the halves are not those of then."""
    partners, sources = _sources(row, by)
    paper = _paper(row, partners, directory, sources)
    if paper.digest != bytes(row.digest):
        raise RepairOver(subject=subject_of(row))
    return paper


def _paper(row: Repair, partners: tuple[UUID, ...], directory: Directory, sources: Sequence[Source]) -> Paper:
    halves = mending.halves_in_force([one.identity for one in sources], since_in_force())
    return Paper(
        row.pk,
        directory.number,
        directory.digest,
        row.newcomer,
        partners,
        tuple(
            mending.source_of(halves.get(one.identity, ()), frozenset(row.helpers), one.subject)
            for one in sources
        ),
    )


def _sources(row: Repair, by: User) -> tuple[tuple[UUID, ...], list[Source]]:
    opened = open_row(row, "sources", reader=by.staff_code, purpose=Purpose.IDENTITY)
    kept = cast("dict[str, Any]", opened.json("sources"))
    found = [
        Source(UUID(pk), bound_to(identity_of(UUID(pk)), case_code=case, witness_code=witness))
        for pk, case, witness in kept["identities"]
    ]
    return tuple(UUID(one) for one in kept["partners"]), found


def _helps(row: Repair, by: User) -> tuple[bytes, bytes]:
    opened = open_row(row, "first_help", "second_help", reader=by.staff_code, purpose=Purpose.IDENTITY)
    return opened.text("first_help").encode(), opened.text("second_help").encode()


def _close(row: Repair, state: RepairState) -> None:
    row.state, row.closed_at = state, timezone.now()
    row.seal(first_help=None, second_help=None)
    row.put_tag()
    row.save(update_fields=_MOVED)
