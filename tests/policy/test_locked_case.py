"""The strongest attack on a locked case: the whole server as it is while the case is locked, what it was
before (an older dump, the database's log), every key on the machine, and one custodian's.

And the controls: with the epoch of before, or with a second custodian, the very same attack opens it.
"""

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import transaction

from accounts.door import entering
from accounts.models import User
from accounts.owed import RESTS
from accounts.vocabulary import OwedState, Role
from audit.comparing import compare_rows
from audit.verifying import verify
from cases.models import Case, CaseLock
from cases.tasks import turn_locked_now
from cases.vocabulary import MemberRole
from evidence.models import FileObject, IngestJob
from evidence.tasks import ingest_file
from evidence.tasks import sweep as sweep_evidence
from exports.models import BuildJob
from exports.tasks import build
from tests import custodians, factories
from tests.cases.guards import Guards
from tests.cases.locked import Locking
from tests.custodians import id_of
from tests.exports.erasing import dump, keystore, opened
from tests.exports.worlds import World, make_world
from tests.personas import make_person
from vault import caselocks, unsealing
from vault.custodian import layers, pairs
from vault.custodian.errors import CustodianError
from vault.custodian.keys import PrivateKeys
from vault.errors import VaultError
from vault.files import open_file
from vault.keys import epoch, held, wrapping
from vault.keys.epoch import Epochs
from vault.keys.providers import KeyFile
from vault.models import KeystoreKey, ScopeKey, StoredFile
from vault.passphrase import Cost
from vault.scopes import STAFF
from vault.vocabulary import Purpose, UnitKind


@pytest.fixture(autouse=True)
def own_keys(settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Root and epoch of this test alone: other workers share those of the run."""
    shutil.copy(settings.ROOT_KEY_FILE, tmp_path / "root.key")
    shutil.copy(settings.EPOCH_KEY_FILE, tmp_path / "epoch.key")
    settings.EPOCH_KEY_FILE = tmp_path / "epoch.key"
    monkeypatch.setattr(unsealing, "WORDS_COST", Cost(memory=64, iterations=1, lanes=1))
    with held.using(KeyFile(tmp_path / "root.key")):
        yield


def guarded(world: World) -> Guards:
    """Three custodians who are members of the case, and their directory."""
    people: list[User] = []
    for _ in range(3):
        person = make_person(Role.IDENTITY_CUSTODIAN)
        factories.join(world.case, world.lead, person, MemberRole.IDENTITY_CUSTODIAN)
        people.append(person)
    keys = {id_of(one): PrivateKeys.new() for one in people}
    return Guards(people, keys, custodians.found(people, keys))


def rows() -> tuple[list[ScopeKey], list[KeystoreKey]]:
    """What an older dump, or the database's log, holds of the keys."""
    return list(ScopeKey.objects.using("owner")), keystore()


def keys_from(
    scopes: Iterable[ScopeKey], units: Iterable[KeystoreKey], epochs: Epochs, *more: bytes
) -> dict[str, bytes]:
    """Every key of a case that these rows open with the root key, these epochs and any further keys."""
    listed = list(scopes)
    staff = {row.pk: wrapping.unwrap_scope_key(row) for row in listed if row.scope == STAFF}
    known = [*more, *staff.values()]
    for row in units:
        try:
            inner = wrapping.open_outer(row, epochs)
        except VaultError:
            continue
        known += [key for one in known if (key := _tried(row, inner, one)) is not None]
    return {
        str(row.pk): key
        for row in listed
        if row.scope.kind != STAFF.kind
        for share in known
        if (key := _under(row, share)) is not None
    }


def _tried(row: KeystoreKey, inner: bytes, key: bytes) -> bytes | None:
    try:
        return wrapping.open_inner(row, inner, key)
    except VaultError:
        return None


def _under(row: ScopeKey, share: bytes) -> bytes | None:
    inner = wrapping.unwrap_scope_key(row)
    if not wrapping.is_under_share(inner):
        return None
    try:
        return wrapping.open_under_share(row, inner, share)
    except VaultError:
        return None


def shares_from(lock: CaseLock, units: Iterable[KeystoreKey], *people: PrivateKeys) -> list[bytes]:
    """What the sealed shares give to these custodians' keys together with the server's own share."""
    subject = caselocks.subject_of(case=(lock.case_id, lock.case.code), lock=(lock.pk, lock.code))
    halves = []
    for half in caselocks.halves_of(bytes(lock.sealed), subject):
        for key in people:
            try:
                halves.append(pairs.open_half(half, key.box))
            except CustodianError:
                continue
    assert halves
    secrets = [one.half for one in halves]
    secrets += [pairs.xor(one.half, other.half) for one in halves for other in halves]
    paper = caselocks._read(bytes(lock.sealed), subject)
    found: list[bytes] = []
    for row in units:
        if row.kind == UnitKind.SHARE and row.unit == lock.pk:
            staff = wrapping.unwrap_scope_key(ScopeKey.objects.using("owner").get(pk=row.scope_key_id))
            own = wrapping.open_inner(row, wrapping.open_outer(row, epoch.load()), staff)
            inner = layers.open_outer(paper.wrapped, subject, own)
            for secret in secrets:
                try:
                    opened_key = layers.open_inner(inner, subject, secret)
                    content = layers.open_content(opened_key, subject, paper.content)
                except VaultError:
                    continue
                found += [content[at : at + 32] for at in range(len(content) - 31)]
    return found


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_server_that_is_taken_while_a_case_is_locked_opens_nothing_of_it() -> None:
    world = make_world()
    assert world.testimony
    assert world.clip
    locking = Locking(world, guarded(world))  # type: ignore[arg-type]  # it needs its lead and case alone
    ingest, package = owed_work(world)
    said, laid = opened(dump()), told_otherwise()
    mine = {(row.pk, name) for row, name in dump() if row.scope().id == world.case.pk}
    assert len(mine & set(said)) > 10
    old_scopes, old_units = rows()
    old_epochs = epoch.load()
    assert keys_from(old_scopes, old_units, old_epochs)

    lock = locking.lock()
    turn_locked_now(str(lock.pk))
    scopes, units = [*old_scopes, *rows()[0]], [*old_units, *rows()[1]]
    assert keys_from(scopes, units, epoch.load()) == {}
    guards = list(locking.guards.keys.values())
    assert keys_from(scopes, units, epoch.load(), *shares_from(lock, rows()[1], guards[0])) == {}
    closed = opened(dump())
    assert not mine & set(closed)
    assert {place for place in said if place not in mine} <= set(closed)
    no_file_opens(world)
    work_waits(ingest, package)
    # The controls: what was missing was the epoch of before, or a second custodian.
    assert keys_from(scopes, units, old_epochs)
    assert keys_from(scopes, units, epoch.load(), *shares_from(lock, rows()[1], *guards[:2]))
    assert opened(dump()) == closed

    locking.reopened()
    assert {place: opened(dump()).get(place) for place in mine & set(said)} == {
        place: said[place] for place in mine & set(said)
    }
    with entering(world.lead, "test"):
        assert Case.objects.get(pk=world.case.pk).locked_at is None
    work_goes_on(ingest, package)
    assert verify().findings == []
    assert told_otherwise() <= laid


def told_otherwise() -> set[str]:
    """Rows that are not as the log last told them: what this world laid past it."""
    return {str(one) for one in compare_rows("owner")}


def owed_work(world: World) -> tuple[IngestJob, BuildJob]:
    """A file that is to be looked at, and a package that two people approved."""
    export = world.approved
    with entering(world.lead, "test"):
        file = FileObject.objects.filter(item=world.clip).first()
    assert file is not None
    ingest = IngestJob.objects.create(file=file, by=world.investigator)
    package = BuildJob.objects.filter(export=export).first()
    return ingest, package or BuildJob.objects.create(export=export, by=world.officer)


def no_file_opens(world: World) -> None:
    for stored in StoredFile.objects.using("owner").all():
        stored._state.db = "default"
        with (
            pytest.raises(VaultError),
            transaction.atomic(),
            open_file(stored, reader="INV-01", purpose=Purpose.MEDIA) as reading,
        ):
            b"".join(reading)
    assert world.case


def work_waits(*jobs: IngestJob | BuildJob) -> None:
    """However often it is woken, nothing is tried in vain, nothing is given up, and no sweep wakes it."""
    for _ in range(8):
        ingest_file(str(jobs[0].pk))
        build(str(jobs[1].pk))
    for job in jobs:
        job.refresh_from_db()
        assert (job.state, job.attempts, job.reason) == (OwedState.OWED, 0, RESTS)
        assert not type(job).stale().filter(pk=job.pk).exists()
    sweep_evidence()


def work_goes_on(*jobs: IngestJob | BuildJob) -> None:
    for job in jobs:
        assert type(job).stale().filter(pk=job.pk).exists()
    ingest_file(str(jobs[0].pk))
    build(str(jobs[1].pk))
    for job in jobs:
        job.refresh_from_db()
        assert job.state == OwedState.DONE, job.reason
