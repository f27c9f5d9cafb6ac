"""A stored file comes back byte for byte, in any range, or not at all; from a folder and from a bucket."""

import hashlib
import os
from copy import copy
from datetime import timedelta

import pytest
from blake3 import blake3
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.vault.conftest import Remembering, new_case, new_witness, store
from tests.vault.shelves import Shelf
from vault.errors import Damaged, Missing, NotVerified, UnknownKey, VaultError
from vault.files import FileSealer, check_content, check_sealed, open_file, sweep_orphans
from vault.files.segments import SEALED_SEGMENT, SEGMENT
from vault.keys.unitkeys import destroy_unit_key
from vault.models import StoredFile
from vault.padding import file_length
from vault.scopes import Scope
from vault.vocabulary import Purpose

pytestmark = pytest.mark.django_db
FULL = r"No space|store is full"
SIZES = [0, 1, 4095, 4096, 4097, 65_536, SEGMENT - 1, SEGMENT, SEGMENT + 1, 3 * SEGMENT, 3 * SEGMENT + 12_345]


def whole(stored: StoredFile) -> bytes:
    with open_file(stored, reader="INV-01", purpose=Purpose.MEDIA) as opened:
        return b"".join(opened)


@pytest.mark.parametrize("size", SIZES)
def test_bytes_come_back_with_their_digests(case: Scope, shelf: Shelf, size: int) -> None:
    content = os.urandom(size)
    with FileSealer(scope=case, by="INV-01") as sealer:
        for start in range(0, size, 77_777):
            sealer.write(content[start : start + 77_777])
        stored, digests = sealer.commit()
    assert digests.sha256 == hashlib.sha256(content).digest()
    assert digests.blake3 == blake3(content).digest()
    assert digests.length == size
    again = StoredFile.objects.get(pk=stored.pk)
    assert whole(again) == content
    assert check_content(again, reader="INV-01", purpose=Purpose.INTEGRITY) == digests
    check_sealed(again)


def test_sealed_bytes_hold_no_plaintext_and_a_padded_length(case: Scope, shelf: Shelf) -> None:
    one, other = store(case, b"canary " * 9_000), store(case, b"canary " * 9_001)
    assert one.sealed_size == other.sealed_size
    for stored in (one, other):
        there = shelf.read(stored.storage_ref)
        assert b"canary" not in there
        assert len(there) == stored.sealed_size
        assert blake3(there).digest() == stored.sealed_digest
    assert file_length(7 * 9_000) == file_length(7 * 9_001)


BOUNDS = st.tuples(st.integers(0, 2 * SEGMENT + 999), st.integers(0, 2 * SEGMENT + 999))
ONE_FILE = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]


def is_the_slice(big: tuple[StoredFile, bytes], bounds: tuple[int, int]) -> None:
    stored, content = big
    start, end = sorted(bounds)
    with open_file(stored, reader="INV-01", purpose=Purpose.MEDIA) as opened:
        assert b"".join(opened.read(start, end)) == content[start:end]


@settings(max_examples=20, suppress_health_check=ONE_FILE)
@given(bounds=BOUNDS)
@example(bounds=(0, 0))
@example(bounds=(SEGMENT - 1, SEGMENT + 1))
@example(bounds=(SEGMENT, 2 * SEGMENT))
@example(bounds=(1, 2 * SEGMENT + 999))
def test_any_range_equals_the_slice(
    shelf: Shelf, big: tuple[StoredFile, bytes], bounds: tuple[int, int]
) -> None:
    is_the_slice(big, bounds)


@pytest.mark.soak
@settings(max_examples=600, suppress_health_check=ONE_FILE)
@given(bounds=BOUNDS)
def test_every_range_equals_the_slice(
    shelf: Shelf, big: tuple[StoredFile, bytes], bounds: tuple[int, int]
) -> None:
    is_the_slice(big, bounds)


@pytest.fixture
def big(shelf: Shelf, case: Scope) -> tuple[StoredFile, bytes]:
    content = os.urandom(2 * SEGMENT + 999)
    return store(case, content), content


@pytest.mark.parametrize("bounds", [(-1, 3), (4, 3), (0, 6), (6, 6)])
def test_a_range_outside_the_file_is_refused(case: Scope, bounds: tuple[int, int]) -> None:
    stored = store(case, b"12345")
    with (
        open_file(stored, reader="INV-01", purpose=Purpose.MEDIA) as opened,
        pytest.raises(ValueError, match="out"),
    ):
        opened.read(*bounds)


def test_one_opening_is_one_leaf(case: Scope, recorder: Remembering) -> None:
    stored = store(case, b"x" * (SEGMENT + 1))
    whole(stored)
    (leaf,) = recorder.openings
    assert leaf["reader"] == "INV-01"
    assert leaf["kind"] == "vault_storedfile"
    assert leaf["count"] == 1


@pytest.mark.parametrize("size", [64 * SEGMENT + 1, 70 * SEGMENT + 1_048_000])
def test_a_segment_of_padding_alone_is_no_content(case: Scope, size: int) -> None:
    content = os.urandom(SEGMENT) * (size // SEGMENT) + bytes(size % SEGMENT)
    stored = store(case, content)
    assert file_length(size) - size > 0
    with open_file(stored, reader="INV-01", purpose=Purpose.MEDIA) as opened:
        assert sum(len(piece) for piece in opened.passing()) == size
    assert check_content(stored, reader="INV-01", purpose=Purpose.INTEGRITY).length == size


def test_memory_that_is_used_again_is_digested_as_it_was(case: Scope) -> None:
    used = bytearray(3 * SEGMENT)
    with FileSealer(scope=case, by="INV-01") as sealer:
        for number in range(8):
            used[:] = bytes([number]) * len(used)
            sealer.write(used)  # type: ignore[arg-type]  # what the signature forbids must do no harm
        used[:] = bytes(len(used))
        stored, digests = sealer.commit()
    whole_content = b"".join(bytes([number]) * len(used) for number in range(8))
    assert digests.sha256 == hashlib.sha256(whole_content).digest()
    assert whole(stored) == whole_content


def test_a_file_ends_once(case: Scope, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    with FileSealer(scope=case, by="INV-01") as sealer:
        with monkeypatch.context() as failing:
            shelf.fill(failing)
            with pytest.raises(OSError, match=FULL):
                sealer.commit()
        with pytest.raises(ValueError, match="once"):
            sealer.commit()
        with pytest.raises(ValueError, match="nothing after"):
            sealer.write(b"more")
    assert not StoredFile.objects.exists()


def test_leaving_without_commit_leaves_nothing(case: Scope, shelf: Shelf) -> None:
    with FileSealer(scope=case, by="INV-01") as sealer:
        sealer.write(b"x" * 3 * SEGMENT)
    with pytest.raises(RuntimeError), FileSealer(scope=case, by="INV-01") as sealer:  # noqa: PT012
        sealer.write(b"x" * 10)
        sealer.commit()
        raise RuntimeError
    assert shelf.refs() == []


def test_a_full_disk_leaves_nothing(case: Scope, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OSError, match=FULL), FileSealer(scope=case, by="INV-01") as sealer:  # noqa: PT012
        sealer.write(b"x" * 10)
        shelf.fill(monkeypatch)
        sealer.commit()
    assert shelf.refs() == []
    assert not StoredFile.objects.exists()


def test_without_a_key_of_the_case_nothing_is_stored(db: None, shelf: Shelf) -> None:
    with pytest.raises(UnknownKey):
        store(Scope.case(new_case().id.__class__(int=5)), b"x")
    assert shelf.refs() == []


def damage(kind: str, sealed: bytes) -> bytes:
    one, two, three = (
        sealed[:SEALED_SEGMENT],
        sealed[SEALED_SEGMENT : 2 * SEALED_SEGMENT],
        sealed[2 * SEALED_SEGMENT :],
    )
    return {
        "dropped first": two + three,
        "dropped middle": one + three,
        "dropped last": one + two,
        "doubled": one + two + two + three,
        "swapped": two + one + three,
        "appended": sealed + b"\0",
        "appended segment": sealed + three,
        "emptied": b"",
        "first only": one,
        "zeroed middle": one + bytes(len(two)) + three,
    }[kind]


KINDS = [
    "dropped first", "dropped middle", "dropped last", "doubled", "swapped", "appended", "appended segment",
    "emptied", "first only", "zeroed middle",
]  # fmt: skip


def test_rearranged_segments_are_refused(big: tuple[StoredFile, bytes], shelf: Shelf) -> None:
    """Even where the database's size and digest were edited to fit the damaged file."""
    stored, _ = big
    sealed = shelf.read(stored.storage_ref)
    for kind in KINDS:
        changed = damage(kind, sealed)
        shelf.write(stored.storage_ref, changed)
        is_refused(stored)
        edited = copy(stored)
        edited.sealed_size, edited.sealed_digest = len(changed), blake3(changed).digest()
        check_sealed(edited)
        with pytest.raises(Damaged):
            whole(edited)


def is_refused(stored: StoredFile) -> None:
    with pytest.raises(Damaged):
        check_sealed(stored)
    with pytest.raises(Damaged):
        whole(stored)


def test_truncation_at_every_boundary_is_refused(big: tuple[StoredFile, bytes], shelf: Shelf) -> None:
    stored, _ = big
    ref = stored.storage_ref
    sealed = shelf.read(ref)
    edges = [0, SEALED_SEGMENT, 2 * SEALED_SEGMENT, len(sealed)]
    for cut in {edge + by for edge in edges for by in (-17, -16, -1, 0, 1)} - {len(sealed)}:
        if cut < 0:
            continue
        shelf.write(
            ref, sealed[:cut].ljust(min(cut, len(sealed)), b"\0") if cut <= len(sealed) else sealed + b"\0"
        )
        with pytest.raises(Damaged):
            whole(stored)
    shelf.write(ref, sealed)
    assert whole(stored)


def test_segments_of_another_file_are_refused(case: Scope, shelf: Shelf) -> None:
    one, two = store(case, b"a" * 5_000), store(case, b"b" * 5_000)
    mine, theirs = shelf.read(one.storage_ref), shelf.read(two.storage_ref)
    shelf.write(one.storage_ref, theirs)
    with pytest.raises(Damaged):
        whole(one)
    shelf.write(one.storage_ref, mine[:30] + theirs[30:])
    with pytest.raises(Damaged):
        whole(one)


def test_manifest_of_another_file_is_refused(case: Scope) -> None:
    one, two = store(case, b"a" * 5_000), store(case, b"b" * 5_000)
    one.__dict__["manifest"] = two.manifest
    with pytest.raises(VaultError):
        whole(one)


@pytest.mark.parametrize("every", [13, pytest.param(1, marks=pytest.mark.soak)])
def test_a_flipped_byte_anywhere_is_refused(case: Scope, shelf: Shelf, every: int) -> None:
    """Each place is tried at the envelope itself, and at a cell; here, that nobody looks away."""
    stored = store(case, b"small")
    ref = stored.storage_ref
    sealed = shelf.read(ref)
    places = [*range(120), *range(120, len(sealed), 97), *range(len(sealed) - 17, len(sealed))]
    for place in places[::every]:
        changed = bytearray(sealed)
        changed[place] ^= 1
        shelf.write(ref, bytes(changed))
        with pytest.raises(Damaged):
            check_sealed(stored)
        with pytest.raises(NotVerified):
            whole(stored)


def test_a_vanished_file_is_missing(case: Scope, shelf: Shelf) -> None:
    stored = store(case, b"x")
    shelf.drop(stored.storage_ref)
    with pytest.raises(Missing):
        check_sealed(stored)
    with pytest.raises(Missing):
        whole(stored)


def test_a_reference_cannot_leave_the_store(case: Scope, shelf: Shelf) -> None:
    stored = store(case, b"x")
    for ref in ("../../etc/passwd", "/etc/passwd", "", "ab" * 16 + "/x"):
        stored.storage_ref = ref
        with pytest.raises(Missing):
            check_sealed(stored)


def test_sweep_removes_only_what_nobody_can_open(case: Scope, shelf: Shelf) -> None:
    kept = store(case, b"kept")
    lost: list[StoredFile] = []
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012
        lost.append(store(case, b"lost"))
        raise RuntimeError
    shelf.leave_unfinished("0" * 32)
    assert sweep_orphans(before=timezone.now() - timedelta(days=1)) == 0
    assert lost[0].storage_ref in shelf.refs()
    assert sweep_orphans(before=timezone.now() + timedelta(days=1)) == 2
    assert shelf.refs() == [kept.storage_ref]
    assert whole(kept) == b"kept"


def test_a_file_of_a_witness_goes_with_the_witness(case: Scope) -> None:
    gone, kept = new_witness(case), new_witness(case)
    lost, other, of_case = store(gone, b"lost"), store(kept, b"kept"), store(case, b"the case's")
    assert len(destroy_unit_key(gone, by="SUP-01")) == 2
    with pytest.raises(UnknownKey):
        whole(lost)
    assert (whole(other), whole(of_case)) == (b"kept", b"the case's")
