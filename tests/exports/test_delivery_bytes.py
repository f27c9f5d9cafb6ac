"""Statement, signature and age file: opened and checked with other people's programs, and attacked."""

import hashlib
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from exports.package import ageing, bag, errors, pouring, signing, statement
from exports.package.payload import PayloadFile, measure, of_bytes
from exports.package.reading import Checked

RECIPIENT = pyrage.x25519.Identity.generate()
KEY = str(RECIPIENT.to_public())
WRONG = KEY[:-1] + ("p" if KEY.endswith("q") else "q")
ADDRESS = statement.Address(
    "EXP-2025-000007", "A UN mechanism", ageing.fingerprint(KEY), "human_rights_mechanism", "none yet"
)


def pour(address: statement.Address = ADDRESS, *, to: str = KEY) -> tuple[bytes, Checked]:
    written = bytearray()
    files = [of_bytes("data/00_README.txt", b"hello\n"), of_bytes("data/clip.bin", b"\1" * 300_000)]
    whole = bag.close_bag(address.number, list(measure(files)), address.labels())
    poured = pouring.pour(whole, written.extend, to=to)
    assert (poured.size, poured.sha512) == (len(written), hashlib.sha512(written).hexdigest())
    return bytes(written), poured.checked


def open_age(folder: Path, sealed: bytes, identity: pyrage.x25519.Identity) -> bytes:
    """Open with the age or rage program where the machine has one: not with what sealed it."""
    program = shutil.which("age") or shutil.which("rage")
    if program is None:
        return bytes(pyrage.decrypt(sealed, [identity]))
    (folder / "key.txt").write_text(str(identity))
    command = [program, "-d", "-i", str(folder / "key.txt")]
    return subprocess.run(command, input=sealed, capture_output=True, check=True).stdout


@pytest.fixture
def signer(tmp_path: Path) -> Ed25519PrivateKey:
    signing.create_key(tmp_path / "keys" / "export.key")
    return signing.load_key(tmp_path / "keys" / "export.key")


def test_recipient_opens_the_package_and_a_stranger_does_not(tmp_path: Path) -> None:
    sealed, checked = pour()
    assert sealed.startswith(b"age-encryption.org/v1\n-> X25519 ")
    assert sealed.count(b"\n-> ") == 2, "one recipient and the grease or nothing more"
    assert hashlib.sha512(open_age(tmp_path, sealed, RECIPIENT)).hexdigest() == checked.sha512
    with pytest.raises((pyrage.DecryptError, subprocess.CalledProcessError)):
        open_age(tmp_path, sealed, pyrage.x25519.Identity.generate())


@pytest.mark.parametrize(
    "key",
    ["", "age1", KEY[:-1], KEY.upper(), WRONG, "ssh-ed25519 AAAA", "AGE-SECRET-KEY-1", "q" * 62],
    ids=["empty", "short", "cut", "upper", "wrong", "ssh", "secret", "letters"],  # the keys are random
)
def test_text_that_is_no_age_key_is_refused_without_repeating_it(key: str) -> None:
    with pytest.raises(errors.BadRecipientKey) as caught:
        ageing.checked_key(key)
    assert not key or key not in str(caught.value)


def test_failure_of_a_source_ends_the_encryption_with_its_own_name() -> None:
    def reading() -> Iterator[bytes]:
        yield b"x" * 200_000
        raise errors.SourceChanged("gone")

    written = bytearray()
    with pytest.raises(errors.SourceChanged):
        ageing.encrypt(reading(), written.extend, to=KEY)


def test_file_that_changes_while_it_is_poured_stops_the_build() -> None:
    contents = iter((b"first", b"other"))
    files = list(measure([PayloadFile("data/a.txt", 5, lambda: (next(contents),))]))
    with pytest.raises(errors.WrongDigest):
        pouring.pour(bag.close_bag(ADDRESS.number, files, ADDRESS.labels()), lambda _: None, to=KEY)


def test_openssl_verifies_the_signature(tmp_path: Path, signer: Ed25519PrivateKey) -> None:
    text = statement.write_statement(ADDRESS, "ab" * 64)
    (tmp_path / "s.txt").write_bytes(text)
    (tmp_path / "s.sig").write_bytes(signer.sign(text))
    (tmp_path / "s.pem").write_bytes(signing.public_pem(signer))
    command = [
        "openssl",
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        "s.pem",
        "-rawin",
        "-in",
        "s.txt",
        "-sigfile",
        "s.sig",
    ]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert "Signature Verified Successfully" in told
    (tmp_path / "s.txt").write_bytes(text + b" ")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode != 0


def test_key_file_is_made_once_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "export.key"
    signing.create_key(path)
    first = path.read_bytes()
    signing.create_key(path)
    assert path.read_bytes() == first
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["export.key"]


@pytest.mark.parametrize("spoil", ["missing", "readable", "garbage"])
def test_unfit_key_file_is_refused(tmp_path: Path, spoil: str) -> None:
    path = tmp_path / "export.key"
    if spoil != "missing":
        signing.create_key(path)
    if spoil == "readable":
        path.chmod(0o644)
    if spoil == "garbage":
        path.write_bytes(b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
    with pytest.raises(errors.SigningKeyMissing):
        signing.load_key(path)


def check(checked: Checked, text: bytes, signature: bytes, signer: Ed25519PrivateKey, key: str = KEY) -> None:
    statement.check_delivery(checked, text, signature, signer=signing.public_pem(signer), recipient_key=key)


def test_statement_and_package_that_belong_together_are_believed(signer: Ed25519PrivateKey) -> None:
    _, checked = pour()
    text = statement.write_statement(ADDRESS, checked.sha512)
    check(checked, text, signer.sign(text), signer)


def test_stripped_signature_is_refused(signer: Ed25519PrivateKey) -> None:
    _, checked = pour()
    text = statement.write_statement(ADDRESS, checked.sha512)
    with pytest.raises(errors.WrongSignature):
        check(checked, text, b"", signer)


def test_signature_of_another_key_is_refused(signer: Ed25519PrivateKey) -> None:
    _, checked = pour()
    text = statement.write_statement(ADDRESS, checked.sha512)
    with pytest.raises(errors.WrongSignature):
        check(checked, text, Ed25519PrivateKey.generate().sign(text), signer)


def test_signed_package_that_is_passed_on_is_refused_by_the_next(signer: Ed25519PrivateKey) -> None:
    _, checked = pour()
    text = statement.write_statement(ADDRESS, checked.sha512)
    other = str(pyrage.x25519.Identity.generate().to_public())
    with pytest.raises(errors.WrongStatement, match="another key"):
        check(checked, text, signer.sign(text), signer, other)


def test_old_package_under_a_new_statement_is_refused(signer: Ed25519PrivateKey) -> None:
    _, old = pour()
    newer = replace(ADDRESS, number="EXP-2025-000008")
    text = statement.write_statement(newer, old.sha512)
    with pytest.raises(errors.WrongStatement, match="another export"):
        check(old, text, signer.sign(text), signer)


def test_old_statement_with_a_new_package_is_refused(signer: Ed25519PrivateKey) -> None:
    _, old = pour()
    _, new = pour(replace(ADDRESS, number="EXP-2025-000008"))
    text = statement.write_statement(ADDRESS, old.sha512)
    with pytest.raises(errors.WrongStatement, match="another package"):
        check(new, text, signer.sign(text), signer)


@pytest.mark.parametrize("value", ["A body\nPurpose: other", "A body\r"])
def test_line_break_cannot_forge_a_line(value: str) -> None:
    with pytest.raises(errors.WrongStatement):
        statement.write_statement(replace(ADDRESS, recipient=value), "ab" * 64)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(b"version 1", b"version 2"),
        lambda text: text + b"Extra: line\n",
        lambda text: text.replace(b"Purpose: ", b"Purpos: "),
        lambda text: b"\xff" + text,
        lambda text: b"",
    ],
)
def test_statement_of_another_form_is_refused(change: Callable[[bytes], bytes]) -> None:
    with pytest.raises(errors.WrongStatement):
        statement.read_statement(change(statement.write_statement(ADDRESS, "ab" * 64)))
