"""A store that is not mounted blames no file, whoever asks, and takes none."""

import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from accounts.owed import MOST_ATTEMPTS
from accounts.vocabulary import OwedState
from audit.vocabulary import Kind
from evidence import checking
from evidence.models import IngestJob, IntegrityFinding
from evidence.vocabulary import FileState, FixityResult, RunKind
from tests.evidence.runs import alerts, check_again, go_on, let_go, receive, run_all, start_all
from tests.evidence.sending import address, send
from tests.evidence.worlds import World, flip, photo, stored_path
from tests.personas import signed_in
from vault.errors import StoreGone
from vault.files import check_sealed
from vault.models import StoredFile

WAYS = ["gone", "empty", "pending"]


def unmount(store: Path, how: str) -> Path:
    """Take the store away, and leave what a disk that is not mounted leaves."""
    away = store.with_name("away")
    store.rename(away)
    if how != "gone":
        store.mkdir()
    if how == "pending":
        (store / "pending").mkdir()
    return away


def mount(store: Path) -> None:
    shutil.rmtree(store, ignore_errors=True)
    store.with_name("away").rename(store)


@pytest.mark.parametrize("how", WAYS)
def test_run_blames_no_file_and_goes_on_when_the_store_is_back(
    world: World, own_store: Path, how: str
) -> None:
    receive(world, 2)
    unmount(own_store, how)
    run = run_all()
    assert (run.state, run.reason, run.checked) == (OwedState.RUNNING, "store_out_of_reach", 0)
    assert (alerts(world), world.now().is_frozen) == ([], False)
    (event,) = world.events(Kind.INTEGRITY_FAILED)
    assert "store_out_of_reach" in event.leaf
    mount(own_store)
    let_go(run)
    run = go_on(run)
    assert (run.state, run.checked, run.failed) == (OwedState.DONE, 2, 0)


@pytest.mark.parametrize("how", WAYS)
def test_store_that_goes_while_a_run_looks_blames_no_file(
    world: World, own_store: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    receive(world, 3)
    seen, real = [], check_sealed

    def looking(stored: StoredFile, **more: Any) -> None:
        seen.append(stored)
        if len(seen) == 2:
            unmount(own_store, how)
        real(stored, **more)

    with monkeypatch.context() as patched:
        patched.setattr(checking, "check_sealed", looking)
        run = run_all()
    assert (run.state, run.reason, run.failed) == (OwedState.RUNNING, "store_out_of_reach", 0)
    assert (alerts(world), world.now().is_frozen) == ([], False)


def test_store_that_goes_after_damage_was_found_blames_no_file(
    world: World, own_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = receive(world, 3)
    flip(stored_path(files[0]))
    real = checking.look

    def looking(stored: StoredFile, *more: Any) -> FixityResult:
        result = real(stored, *more)
        (own_store / "STORE").unlink(missing_ok=True)
        return result

    run = start_all()
    with pytest.raises(StoreGone):
        checking.walk(RunKind.ROUTINE, until=time.monotonic() + 60, looking=looking)
    run = go_on(run)
    assert (run.state, run.reason, run.failed) == (OwedState.RUNNING, "store_out_of_reach", 0)
    assert not IntegrityFinding.objects.exists()


@pytest.mark.parametrize("how", WAYS)
def test_upload_is_refused_and_leaves_nothing(world: World, own_store: Path, how: str) -> None:
    receive(world, 1)
    unmount(own_store, how)
    before = world.state()
    answer = send(signed_in(world.investigator), address(world), photo(seed=90))
    assert answer.status_code == 503
    assert "cannot be reached" in answer.json()["message"]
    assert world.state() == before
    assert len(world.events(Kind.EVIDENCE_REFUSED)) == 1


@pytest.mark.parametrize("how", WAYS)
def test_check_is_put_off_however_long_it_takes(world: World, own_store: Path, how: str) -> None:
    (file,) = receive(world, 1)
    unmount(own_store, how)
    for _ in range(MOST_ATTEMPTS + 1):
        check_again(file)
    job = IngestJob.objects.get(file=file.pk)
    assert (job.state, job.attempts, job.reason) == (OwedState.OWED, 0, "store_out_of_reach")
    assert (alerts(world), world.now().is_frozen) == ([], False)
    mount(own_store)
    check_again(file)
    assert world.file_now(file).check_state == FileState.CHECKED


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("name", ["file-content", "file-thumbnail"])
def test_looking_is_refused_with_words(world: World, own_store: Path, how: str, name: str) -> None:
    (file,) = receive(world, 1)
    check_again(file)
    unmount(own_store, how)
    page = reverse(name, args=[world.case.pk, world.item.pk, file.pk])
    answer = signed_in(world.investigator).get(page)
    assert answer.status_code == 503
    assert "Nothing is known to be lost" in answer.content.decode()
    assert (alerts(world), world.now().is_frozen, world.file_now(file).flag) == ([], False, "")
    assert len(world.events(Kind.EVIDENCE_REFUSED)) == 1
