"""The checker that knows no server: it agrees with the server's own verdict and names the same leaf."""

import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import call_command
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from audit import leaving, offline
from audit.actions import record
from audit.notes import Head, Verifier, sign
from audit.sealing import seal_batch
from audit.signer import Signer
from audit.tree import Frontier, leaf_hash
from audit.vocabulary import Kind

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ORIGIN = "casemgr/log/test"
PUBLIC = Verifier(ORIGIN, KEY.public_key()).text()
LEAVES = [f'{{"n":{number}}}'.encode() for number in range(50)]
HASHES = b"".join(leaf_hash(leaf) for leaf in LEAVES)


def note(size: int, leaves: list[bytes] = LEAVES, key: Ed25519PrivateKey = KEY) -> str:
    tree = Frontier()
    tree.extend([leaf_hash(leaf) for leaf in leaves[:size]])
    return sign(Head(ORIGIN, size, tree.root()), key)


NOTES = [note(10), note(30), note(45)]


def test_sound_log() -> None:
    verdict = offline.examine(LEAVES, NOTES, PUBLIC, HASHES)
    assert verdict.sound
    assert (verdict.leaves, verdict.signed) == (50, 45)
    assert offline.examine([], [note(0)], PUBLIC).sound


@given(st.integers(0, 44), st.sampled_from(["edit", "delete", "insert", "exchange", "cut"]), st.booleans())
def test_any_change_is_found_at_its_place(place: int, change: str, with_hashes: bool) -> None:
    leaves = list(LEAVES)
    if change == "edit":
        leaves[place] = b"{}"
    elif change == "delete":
        del leaves[place]
    elif change == "insert":
        leaves.insert(place, b"{}")
    elif change == "exchange":
        leaves[place], leaves[place + 1] = leaves[place + 1], leaves[place]
    else:
        del leaves[place:]
    verdict = offline.examine(leaves, NOTES, PUBLIC, HASHES if with_hashes else b"")
    assert not verdict.sound
    bound = max(size for size in (0, 10, 30) if size <= place)
    assert verdict.first_bad == (place if with_hashes else bound)


def test_hashes_that_do_not_fit_the_checkpoint_are_not_believed() -> None:
    leaves = [*LEAVES[:20], b"{}", *LEAVES[21:]]
    lying = b"".join(leaf_hash(leaf) for leaf in leaves)
    assert offline.examine(leaves, NOTES, PUBLIC, lying).first_bad == 10
    assert offline.examine(leaves, NOTES, PUBLIC, HASHES[:640]).first_bad == 10


def test_forked_or_foreign_checkpoints_are_not_believed() -> None:
    other = Ed25519PrivateKey.generate()
    for notes in (
        [*NOTES, note(30, [b"x", *LEAVES])],
        [note(10, key=other)],
        [NOTES[0].replace("\n10\n", "\n010\n")],
        [NOTES[0].replace("\n10\n", "\n11\n")],
        [NOTES[0] + "\n"],
        [NOTES[0].replace("\n", "\r\n")],
        [""],
        [],
    ):
        with pytest.raises(offline.NotBelieved):
            offline.examine(LEAVES, notes, PUBLIC)
    for key in (PUBLIC.replace("+", "+0", 1), Verifier(ORIGIN, other.public_key()).text()):
        with pytest.raises(offline.NotBelieved):
            offline.examine(LEAVES, NOTES, key)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_exported_folder_is_checked_without_the_server(folder: Path, tmp_path: Path) -> None:
    with Signer() as signer:
        for _ in range(3):
            with transaction.atomic():
                record(Kind.CASE_CHANGED, by="INV-01", facts={"reason": "<b>=cmd|' /C calc'!A0</b>"})
            seal_batch()
            signer.sign()
    out = tmp_path / "out"
    call_command("verify_audit", export=out)
    assert {path.name for path in out.iterdir()} == {
        "check.py",
        "checkpoint",
        "checkpoints",
        "leaf-hashes",
        "leaves",
        "log.pub",
    }
    command = [sys.executable, "-I", str(out / "check.py"), str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={})
    assert (done.returncode, done.stdout.split(":")[0]) == (0, "sound"), done
    lines = (out / "leaves").read_bytes().splitlines(keepends=True)
    (out / "leaves").write_bytes(b"".join([*lines[:1], b"{}\n", *lines[2:]]))
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={})
    assert (done.returncode, done.stdout) == (
        1,
        "NOT SOUND, first bad leaf 1: not the leaf that was signed\n",
    )
    done = subprocess.run([*command, "--key", PUBLIC], capture_output=True, text=True, check=False, env={})
    assert done.returncode == 2
    assert offline.main([str(tmp_path / "nowhere")]) == 2
    with pytest.raises(FileExistsError):
        leaving.write_out(out)
