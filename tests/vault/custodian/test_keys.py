"""Words, keys and key files of custodians."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vault.custodian.cast import CHEAP, WORDS, person
from vault.custodian import keyfile, words
from vault.custodian.errors import KeyFileRefused, KeyRefused
from vault.custodian.keyfile import KeyFile
from vault.custodian.keys import BOX_LENGTH, BoxKey, BoxSecret, PrivateKeys, PublicKeys
from vault.errors import NotVerified

ROOT = Path(__file__).resolve().parents[3]


def test_the_custodians_code_needs_no_framework() -> None:
    names = sorted(_module(path) for path in (ROOT / "vault/custodian").rglob("[a-z]*.py"))
    code = (
        "import importlib, sys\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        "met = {name.partition('.')[0] for name in sys.modules}\n"
        "assert not met & {'django', 'psycopg', 'celery', 'casemgr', 'audit', 'redis'}, met\n"
        "assert 'vault.custodian.pairs' in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def test_what_somebody_hears_is_compared() -> None:
    digest = hashlib.sha256(b"x").digest()
    said, counted = words.as_words(digest), words.as_numbers(digest)
    arabic = counted.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    short = " ".join(word[:4] for word in said.split())
    for heard in (said, said.upper(), short, counted, arabic, said.replace(" ", ", "), f" {said}\n"):
        assert words.same(heard, digest)
    other = words.as_words(hashlib.sha256(b"y").digest())
    for heard in ("", said + " zoo", said.rsplit(" ", 1)[0], other, counted.replace("0", "", 1), "9" * 9999):
        assert not words.same(heard, digest)
    swapped = said.split()
    swapped[0], swapped[1] = swapped[1], swapped[0]
    assert not words.same(" ".join(swapped), digest)


def test_words_are_the_bits_of_the_digest() -> None:
    digest = hashlib.sha256(b"x").digest()
    bits = "".join(f"{byte:08b}" for byte in digest)
    expected = [int(bits[place : place + 11], 2) for place in range(0, 88, 11)]
    assert words.as_words(digest).split() == [words.word_list()[number] for number in expected]
    assert words.as_numbers(digest).split() == [f"{number + 1:04d}" for number in expected]
    assert words.as_words(bytes(32)) == " ".join(["abandon"] * 8)
    assert words.as_words(b"\xff" * 32) == " ".join(["zoo"] * 8)
    assert words.as_numbers(b"\xff" * 32) == " ".join(["2048"] * 8)


@given(st.binary(min_size=32, max_size=32), st.integers(0, 87))
def test_each_of_88_bits_changes_the_words(digest: bytes, bit: int) -> None:
    other = bytearray(digest)
    other[bit // 8] ^= 1 << bit % 8
    assert words.as_words(digest) != words.as_words(bytes(other))


def test_random_words_are_typed_as_one_likes() -> None:
    drawn = {words.draw() for _ in range(50)}
    assert len(drawn) == 50
    assert {len(one.split()) for one in drawn} == {6}
    one = drawn.pop()
    assert words.typed(f"  {one.upper().replace(' ', '   ')}\n") == one.encode()


def test_what_is_encrypted_opens_to_its_owner_for_its_purpose() -> None:
    mine, other = BoxSecret.new(), BoxSecret.new()
    sent = mine.public.encrypt(b"half", b"info")
    assert mine.decrypt(sent, b"info") == b"half"
    assert BoxSecret(mine.raw).decrypt(sent, b"info") == b"half"
    for key, text, info in (
        (other, sent, b"info"),
        (mine, sent, b"inf0"),
        (mine, sent, b""),
        (mine, sent[:-1], b"info"),
        (mine, b"", b"info"),
        (mine, bytes([sent[0] ^ 1]) + sent[1:], b"info"),
    ):
        with pytest.raises(NotVerified):
            key.decrypt(text, info)


# Points of small order on Curve25519: with one of them everybody would know the shared secret.
LOW_ORDER = (
    bytes(32),
    b"\1" + bytes(31),
    bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
    bytes.fromhex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
    bytes.fromhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
)


@pytest.mark.parametrize("point", LOW_ORDER)
def test_a_weak_public_key_is_refused_when_read(point: bytes) -> None:
    good = person("CUS-01").keys.public.box.raw
    with pytest.raises(KeyRefused):
        BoxKey(good[:-32] + point)


@pytest.mark.parametrize("raw", [b"", b"\xff" * BOX_LENGTH, bytes(BOX_LENGTH - 1), bytes(BOX_LENGTH + 1)])
def test_a_malformed_public_key_is_refused_when_read(raw: bytes) -> None:
    with pytest.raises(KeyRefused):
        BoxKey(raw)
    with pytest.raises(KeyRefused):
        PublicKeys(person("CUS-01").keys.public.box, raw)
    with pytest.raises(KeyRefused):
        PrivateKeys.from_raw(raw)


def test_a_signature_is_on_one_label_and_one_text() -> None:
    keys = person("CUS-01").keys
    signature = keys.sign("directory", b"text")
    keys.public.verify(signature, "directory", b"text")
    for label, text in (("decision", b"text"), ("directory", b"texT"), ("director", b"ytext")):
        with pytest.raises(NotVerified):
            keys.public.verify(signature, label, text)
    with pytest.raises(NotVerified):
        person("CUS-02").keys.public.verify(signature, "directory", b"text")


def test_fingerprints_cover_both_keys() -> None:
    one, other = person("CUS-01").keys.public, person("CUS-02").keys.public
    mixed = {PublicKeys(a.box, b.signing).words for a in (one, other) for b in (one, other)}
    assert len(mixed) == 4


def test_no_private_key_is_printed() -> None:
    keys = person("CUS-01").keys
    held = KeyFile(uuid4(), "CUS-01", keys)
    for part in (keys.box.raw, keys.raw[-32:]):
        for shown in (repr(keys), str(keys), repr(held), repr(keys.box)):
            assert repr(part)[2:12] not in shown
            assert part.hex()[:8] not in shown


def test_a_key_file_opens_under_its_passphrase_alone(tmp_path: Path) -> None:
    held = KeyFile(uuid4(), "CUS-01", PrivateKeys.new())
    content = keyfile.seal(held, WORDS, CHEAP)
    assert keyfile.unseal(content, WORDS, CHEAP) == held
    assert held.keys.raw.hex().encode() not in content
    with pytest.raises(KeyFileRefused, match="passphrase"):
        keyfile.unseal(content, b"another passphrase of words", CHEAP)
    with pytest.raises(KeyFileRefused, match="less work"):
        keyfile.unseal(content, WORDS)
    with pytest.raises(KeyFileRefused, match="at least 16"):
        keyfile.seal(held, b"fifteen letters", CHEAP)
    path = tmp_path / "keys" / "mine.key"
    keyfile.create(path, content)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(KeyFileRefused, match="never replaced"):
        keyfile.create(path, b"other")
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "change",
    [
        {"code": "CUS-02"},
        {"id": str(UUID(int=5))},
        {"kind": "other"},
        {"memory": 128},
        {"memory": 1 << 40},
        {"lanes": 0},
        {"salt": "00"},
        {"sealed": "zz"},
        {"sealed": None},
        {"kdf": "none"},
        {"id": 5},
    ],
)
def test_an_edited_key_file_is_refused(change: dict[str, object]) -> None:
    facts = json.loads(_key_file())
    with pytest.raises(KeyFileRefused):
        keyfile.unseal(json.dumps({**facts, **change}).encode(), WORDS, CHEAP)
    for content in (b"", b"null", b"[]", b"\xff", b'{"a":' * 5000, b"{" + b" " * 70_000 + b"}"):
        with pytest.raises(KeyFileRefused):
            keyfile.unseal(content, WORDS, CHEAP)


def _key_file() -> bytes:
    return keyfile.seal(KeyFile(UUID(int=9), "CUS-01", person("CUS-01").keys), WORDS, CHEAP)
