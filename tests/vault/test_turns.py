"""A file that arrives in several turns is the file that was sent, whatever broke off between them."""

import hashlib
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from blake3 import blake3
from django.db import transaction
from django.utils import timezone

from tests.vault.conftest import new_witness
from vault.errors import Damaged, Missing, UnknownKey, VaultError
from vault.files import FileSealer, Turn, begin_file, check_content, check_sealed, drop_file, sweep_orphans
from vault.files.segments import SEALED_SEGMENT, SEGMENT
from vault.keys.unitkeys import destroy_unit_key
from vault.models import StoredFile
from vault.scopes import Scope
from vault.vocabulary import Purpose

pytestmark = pytest.mark.django_db
BY = "INV-01"


def a_turn(case: Scope, file: UUID, segments: int, content: bytes, *, more: int) -> int:
    """Send what follows the durable segments, and `more` bytes that the connection then loses."""
    with FileSealer(scope=case, by=BY, turn=Turn(file, segments)) as sealer:
        sealer.write(content)
        durable = sealer.settle(more=True)
        if more:
            sealer.write(os.urandom(more))
    return durable


def the_last(case: Scope, file: UUID, segments: int, content: bytes) -> StoredFile:
    with FileSealer(scope=case, by=BY, turn=Turn(file, segments)) as sealer:
        sealer.write(content[segments * SEGMENT :])
        stored, digests = sealer.commit()
    assert digests.sha256 == hashlib.sha256(content).digest()
    assert digests.blake3 == blake3(content).digest()
    assert digests.length == len(content)
    return stored


def is_whole(stored: StoredFile) -> bool:
    check_sealed(stored)
    return check_content(stored, reader=BY, purpose=Purpose.INTEGRITY).length > 0


@pytest.mark.parametrize(
    ("turns", "length"),
    [
        ([], 1),
        ([], SEGMENT),
        ([1], SEGMENT + 1),
        ([1, 2], 2 * SEGMENT + 5),
        ([3, 9, 10], 11 * SEGMENT),
        ([7, 8, 20], 33 * SEGMENT + 77_777),
        ([64], 65 * SEGMENT + 9),
    ],
    ids=str,
)
def test_turns_make_the_same_file(case: Scope, media: Path, turns: list[int], length: int) -> None:
    content = os.urandom(length)
    file, segments = begin_file(scope=case, by=BY), 0
    for end in turns:
        piece = content[segments * SEGMENT : end * SEGMENT + 1000]
        assert a_turn(case, file, segments, piece, more=700_000) == end
        segments = end
    stored = the_last(case, file, segments, content)
    assert stored.pk == file
    assert is_whole(StoredFile.objects.get(pk=file))
    assert list((media / "pending").iterdir()) == []


def test_a_piece_that_ends_with_a_segment_is_durable_whole(case: Scope) -> None:
    file = begin_file(scope=case, by=BY)
    assert a_turn(case, file, 0, os.urandom(2 * SEGMENT), more=0) == 2
    assert a_turn(case, file, 2, os.urandom(SEGMENT - 1), more=0) == 2
    with FileSealer(scope=case, by=BY, turn=Turn(file, 2)) as sealer:
        sealer.write(os.urandom(SEGMENT))
        assert sealer.settle(more=False) == 2, "it may be the last"


def test_who_hangs_on_a_dead_connection_writes_into_nothing(case: Scope, media: Path) -> None:
    content = os.urandom(9 * SEGMENT + 3)
    file = begin_file(scope=case, by=BY)
    with FileSealer(scope=case, by=BY, turn=Turn(file, 0)) as hung:
        hung.write(content[: 5 * SEGMENT + 1])
        assert hung.settle(more=True) == 5
        with FileSealer(scope=case, by=BY, turn=Turn(file, 5)) as second:
            hung.write(os.urandom(3 * SEGMENT))
            hung.settle(more=True)
            second.write(content[5 * SEGMENT : 7 * SEGMENT + 1])
            assert second.settle(more=True) == 7
            hung.write(os.urandom(SEGMENT))
            hung.settle(more=True)
    assert is_whole(the_last(case, file, 7, content))
    assert list((media / "pending").iterdir()) == []


def test_file_whose_row_stands_stays_where_it_is_whatever_fails_behind_it(case: Scope) -> None:
    file = begin_file(scope=case, by=BY)
    with pytest.raises(RuntimeError), FileSealer(scope=case, by=BY, turn=Turn(file, 0)) as sealer:  # noqa: PT012
        sealer.write(b"acknowledged")
        sealer.commit()
        raise RuntimeError  # as when the answer to COMMIT is lost
    assert is_whole(StoredFile.objects.get(pk=file))


@pytest.mark.parametrize("durable", [0, 2])
def test_end_that_the_database_did_not_keep_can_be_repeated(case: Scope, durable: int) -> None:
    content = os.urandom(3 * SEGMENT + 9)
    file = begin_file(scope=case, by=BY)
    assert a_turn(case, file, 0, content[: durable * SEGMENT], more=0) == durable
    with transaction.atomic():
        the_last(case, file, durable, content)
        transaction.set_rollback(True)
    with pytest.raises(RuntimeError), FileSealer(scope=case, by=BY, turn=Turn(file, durable)) as sealer:  # noqa: PT012
        sealer.write(content[durable * SEGMENT :])
        with transaction.atomic():
            sealer.commit()
            raise RuntimeError
    assert not StoredFile.objects.filter(pk=file).exists()
    assert is_whole(the_last(case, file, durable, content))


@pytest.mark.parametrize(("left", "error"), [(SEALED_SEGMENT * 2 - 1, Damaged), (None, Missing)])
def test_less_than_was_durable_is_never_gone_on_with(
    case: Scope, media: Path, left: int | None, error: type[VaultError]
) -> None:
    file = begin_file(scope=case, by=BY)
    assert a_turn(case, file, 0, os.urandom(2 * SEGMENT), more=0) == 2
    path = media / "pending" / file.hex
    path.unlink() if left is None else os.truncate(path, left)
    with pytest.raises(error), FileSealer(scope=case, by=BY, turn=Turn(file, 2)):
        pass


def test_bytes_that_changed_between_two_turns_are_found_at_the_end(case: Scope, media: Path) -> None:
    content = os.urandom(2 * SEGMENT + 9)
    file = begin_file(scope=case, by=BY)
    a_turn(case, file, 0, content[: 2 * SEGMENT], more=0)
    path = media / "pending" / file.hex
    with path.open("r+b") as there:
        there.seek(SEALED_SEGMENT + 5000)
        there.write(b"\xff\x00")
    with pytest.raises(Damaged):
        the_last(case, file, 2, content)


def test_sweep_leaves_what_has_a_key_and_takes_what_has_none(
    case: Scope, media: Path, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    waiting, dropped = (begin_file(scope=case, by=BY) for _ in range(2))
    for file in (waiting, dropped):
        a_turn(case, file, 0, os.urandom(SEGMENT), more=0)
    (media / "pending" / f"{waiting.hex}.{uuid4().hex}").write_bytes(b"a copy that was broken off")
    destroy_unit_key(Scope(case.kind, case.id, dropped), by=BY)
    later = timezone.now() + timedelta(days=30)
    assert sweep_orphans(before=later) == 2
    assert [path.name for path in (media / "pending").iterdir()] == [waiting.hex]
    with django_capture_on_commit_callbacks(execute=True):
        drop_file(waiting, scope=case, by=BY)
        drop_file(waiting, scope=case, by=BY)
    assert list((media / "pending").iterdir()) == []
    with pytest.raises(UnknownKey):
        FileSealer(scope=case, by=BY, turn=Turn(waiting, 0))


def test_erasing_a_witness_takes_what_of_theirs_has_only_half_arrived(case: Scope) -> None:
    witness = new_witness(case)
    file = begin_file(scope=witness, by=BY)
    a_turn(witness, file, 0, os.urandom(SEGMENT), more=0)
    destroy_unit_key(witness, by=BY)
    with pytest.raises(UnknownKey):
        FileSealer(scope=witness, by=BY, turn=Turn(file, 1))
