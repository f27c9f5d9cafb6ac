"""The envelope binds every byte to its place; contexts never collide."""

from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from vault import cipher, envelope
from vault.envelope import CellContext, Header, Place, context, encode
from vault.errors import NotVerified
from vault.scopes import RECIPIENTS, STAFF, Scope
from vault.vocabulary import ScopeKind, Use

KEY = bytes(range(32))
KEY_ID = UUID(int=7)
CASE = Scope.case(UUID(int=9))
PLACE = Place(Use.CELL, "cases_case", "title", UUID(int=5), CASE)

pieces = st.lists(st.binary(max_size=40), max_size=6)


@given(pieces, pieces)
def test_different_fields_never_encode_alike(one: list[bytes], other: list[bytes]) -> None:
    assert (encode(*one) == encode(*other)) == (one == other)


@given(pieces, st.integers(0, 40))
def test_a_separator_inside_a_field_moves_no_border(fields: list[bytes], at: int) -> None:
    """Joining, splitting and embedding encoded fields give other bytes."""
    whole = b"".join(fields)
    split = [whole[:at], whole[at:]]
    assert (encode(*split) == encode(*fields)) == (split == fields)
    assert encode(encode(*fields)) != encode(*fields)


@given(pieces)
def test_an_encoding_reads_back(fields: list[bytes]) -> None:
    data = encode(*fields)
    count, at, found = int.from_bytes(data[:8]), 8, []
    for _ in range(count):
        length = int.from_bytes(data[at : at + 8])
        found.append(data[at + 8 : at + 8 + length])
        at += 8 + length
    assert (found, at) == (fields, len(data))


names = st.text(min_size=1, max_size=12)
places = st.builds(
    Place,
    st.sampled_from(Use),
    names,
    names,
    st.uuids(),
    st.one_of(st.none(), st.builds(Scope, st.sampled_from(ScopeKind), st.uuids())),
)
headers = st.builds(Header, st.uuids(), st.integers(0, 2**63 - 1))


@given(places, headers, places, headers)
def test_contexts_differ_where_places_do(one: Place, first: Header, other: Place, second: Header) -> None:
    assert (context(one, first) == context(other, second)) == ((one, first) == (other, second))


@given(names, names, st.sampled_from([CASE, STAFF, RECIPIENTS]), st.uuids(), headers)
def test_the_prepared_context_is_the_plain_one(
    table: str, column: str, scope: Scope, row: UUID, header: Header
) -> None:
    plain = context(Place(Use.CELL, table, column, row, scope), header)
    assert CellContext(table, column, scope, header.key_id).of(row.bytes, header.number.to_bytes(8)) == plain


def test_it_opens_in_its_place() -> None:
    blob = envelope.seal(KEY, KEY_ID, PLACE, b"words", number=3)
    assert envelope.read_header(blob) == Header(KEY_ID, 3)
    assert envelope.unseal(KEY, PLACE, blob) == b"words"


@pytest.mark.parametrize(
    "place",
    [
        Place(Use.EVIDENCE, "cases_case", "title", UUID(int=5), CASE),
        Place(Use.CELL, "cases_witness", "title", UUID(int=5), CASE),
        Place(Use.CELL, "cases_case", "mandate", UUID(int=5), CASE),
        Place(Use.CELL, "cases_case", "title", UUID(int=6), CASE),
        Place(Use.CELL, "cases_case", "title", UUID(int=5), Scope.case(UUID(int=8))),
        Place(Use.CELL, "cases_case", "title", UUID(int=5), STAFF),
        Place(Use.CELL, "cases_case", "title", UUID(int=5)),
    ],
)
def test_it_opens_nowhere_else(place: Place) -> None:
    blob = envelope.seal(KEY, KEY_ID, PLACE, b"words")
    with pytest.raises(NotVerified):
        envelope.unseal(KEY, place, blob)
    with pytest.raises(NotVerified):
        envelope.unseal(KEY, PLACE, blob, b"last")


def test_every_bit_of_every_byte_counts() -> None:
    blob = envelope.seal(KEY, KEY_ID, PLACE, b"words", number=1)
    for at in range(len(blob)):
        for bit in range(8):
            changed = bytearray(blob)
            changed[at] ^= 1 << bit
            with pytest.raises(NotVerified):
                envelope.unseal(KEY, PLACE, bytes(changed))


def test_every_shorter_and_longer_blob_is_refused() -> None:
    blob = envelope.seal(KEY, KEY_ID, PLACE, b"words")
    for length in range(len(blob)):
        with pytest.raises(NotVerified):
            envelope.unseal(KEY, PLACE, blob[:length])
    for extra in (b"\0", b"\0" * 16, blob):
        with pytest.raises(NotVerified):
            envelope.unseal(KEY, PLACE, blob + extra)


@pytest.mark.parametrize(
    "start", [b"CMSV\x00\x01", b"CMSV\x02\x01", b"CMSV\x01\x00", b"CMSV\x01\x02", b"cmsv\x01\x01"]
)
def test_an_unknown_magic_version_or_suite_is_refused(start: bytes) -> None:
    blob = envelope.seal(KEY, KEY_ID, PLACE, b"words")
    with pytest.raises(NotVerified):
        envelope.read_header(start + blob[6:])


def test_a_number_outside_its_range_is_refused() -> None:
    for number in (-1, 1 << 63):
        with pytest.raises(ValueError, match="number"):
            envelope.seal(KEY, KEY_ID, PLACE, b"", number=number)


def test_a_blob_opens_under_no_second_key() -> None:
    """The suite commits to its key: the commitment fails before anything is decrypted."""
    blob = envelope.seal(KEY, KEY_ID, PLACE, b"words")
    for _ in range(200):
        with pytest.raises(NotVerified):
            envelope.unseal(cipher.new_key(), PLACE, blob)


def two_key_blob(one: bytes, other: bytes, nonce: bytes) -> bytes:
    """Return one AES-GCM ciphertext, tag included, that both keys accept (Albertini et al., USENIX Security
    2022).

    GHASH is linear in the ciphertext: with one free block, equal tags under two keys is one linear equation.
    """

    def block(key: bytes, data: bytes) -> int:
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        maker = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 - one block, to forge with
        return int.from_bytes(maker.update(data))

    def times(x: int, y: int) -> int:
        product = 0
        for bit in range(127, -1, -1):
            if y >> bit & 1:
                product ^= x
            x = (x >> 1) ^ (0xE1 << 120 if x & 1 else 0)
        return product

    def inverse(x: int) -> int:
        result, power = 1 << 127, x
        for _ in range(127):
            power = times(power, power)
            result = times(result, power)
        return result

    h1, h2 = block(one, bytes(16)), block(other, bytes(16))
    p1, p2 = block(one, nonce + b"\0\0\0\1"), block(other, nonce + b"\0\0\0\1")
    length = 128  # bits of ciphertext; no additional data
    # tag = C*H^2 + length*H + P, and the tags of both keys are to be equal
    left = times(h1, h1) ^ times(h2, h2)
    right = times(length, h1) ^ times(length, h2) ^ p1 ^ p2
    free = times(right, inverse(left))
    tag = times(free, times(h1, h1)) ^ times(length, h1) ^ p1
    return free.to_bytes(16) + tag.to_bytes(16)


def test_a_ciphertext_for_two_keys_is_no_blob_of_ours() -> None:
    one, other, nonce = cipher.new_key(), cipher.new_key(), bytes(12)
    forged = two_key_blob(one, other, nonce)
    assert AESGCM(one).decrypt(nonce, forged, None) != AESGCM(other).decrypt(nonce, forged, None)
    head = envelope.write_header(Header(KEY_ID, 0))
    for key in (one, other):
        for filler in (b"", bytes(56), nonce, bytes(24) + nonce):
            with pytest.raises(NotVerified):
                envelope.unseal(key, PLACE, head + filler + forged)


def test_the_unit_of_a_scope_is_bound_by_its_key() -> None:
    case, witness = uuid4(), uuid4()
    assert Scope.witness(case, witness).name == Scope.case(case).name
    assert Scope.witness(case, witness).whole == Scope.case(case)
