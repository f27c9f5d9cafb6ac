"""The cipher's published vectors, through our own path; and what it must refuse."""

import os
from collections.abc import Iterator

import pytest
from cryptography.exceptions import InvalidTag

from tests.vectors import chunked
from tests.vectors.chunked import Vector
from vault import cipher
from vault.errors import NotVerified

AES256, AES128 = "AEAD_AES_256_GCM", "AEAD_AES_128_GCM"
PUBLISHED = [vector for vector in chunked.load() if vector.aead == AES256]
OURS = [chunked.under_sha512(vector) for vector in PUBLISHED]
OTHERS = [vector for vector in chunked.load() if vector.succeeds]


def odd_parts(data: bytes, step: int) -> Iterator[memoryview]:
    view = memoryview(data)
    while view:
        yield view[:step]
        view, step = view[step:], step * 2 + 1
        step = step % 50_021 + 1


def named(vector: Vector) -> str:
    return vector.name


def test_the_set_is_whole() -> None:
    assert len(OURS) == 34
    assert sum(vector.succeeds for vector in OURS) == 9


@pytest.mark.parametrize("vector", chunked.load(), ids=named)
def test_the_second_reading_agrees_with_the_published_set(vector: Vector) -> None:
    """So that what it makes of a vector under SHA-512 is as good as published."""
    if vector.succeeds:
        payload = chunked.read(vector, "sha256")
        assert chunked.digest_of(payload) == vector.payload_sha256
        assert chunked.seal(vector, payload, vector.ciphertext[:24], "sha256") == vector.ciphertext
    else:
        with pytest.raises((InvalidTag, ValueError)):
            chunked.read(vector, "sha256")


@pytest.mark.parametrize("vector", OURS, ids=named)
def test_published_vector_opens_into_memory_that_is_given(vector: Vector) -> None:
    room = memoryview(bytearray(len(vector.ciphertext)))
    if vector.succeeds:
        length = cipher.unseal_into(vector.key, vector.context, memoryview(vector.ciphertext), room)
        assert length == vector.payload_length
        assert chunked.digest_of(bytes(room[:length])) == vector.payload_sha256
    else:
        with pytest.raises((NotVerified, ValueError)):
            cipher.unseal_into(vector.key, vector.context, memoryview(vector.ciphertext), room)


@pytest.mark.parametrize("length", [0, 1, 16_383, 16_384, 16_385, 100_000])
def test_what_is_sealed_into_memory_that_is_given_opens(length: int) -> None:
    key, plain = cipher.new_key(), os.urandom(length)
    room = memoryview(bytearray(cipher.sealed_length(length)))
    cipher.seal_into(key, b"here", memoryview(plain), room)
    assert cipher.unseal(key, b"here", room) == plain


@pytest.mark.parametrize("vector", OURS, ids=named)
@pytest.mark.parametrize("step", [0, 1, 7, 16_385])
def test_published_vector(vector: Vector, step: int) -> None:
    parts = list(odd_parts(vector.ciphertext, step)) if step else [vector.ciphertext]
    assert b"".join(parts) == vector.ciphertext
    if vector.succeeds:
        payload = cipher.unseal_parts(vector.key, vector.context, parts)
        assert len(payload) == vector.payload_length
        assert chunked.digest_of(payload) == vector.payload_sha256
        assert cipher.sealed_length(len(payload)) == len(vector.ciphertext)
    else:
        with pytest.raises((NotVerified, ValueError)):
            cipher.unseal_parts(vector.key, vector.context, parts)


@pytest.mark.parametrize("length", [0, 1, 16_384, 40_000])
def test_the_second_reading_opens_what_we_seal(length: int) -> None:
    key, payload = cipher.new_key(), os.urandom(length)
    ours = Vector("", AES256, True, key, b"here", cipher.seal(key, b"here", payload), "", length)
    assert chunked.read(ours, "sha512") == payload


@pytest.mark.parametrize("vector", OTHERS, ids=named)
def test_another_suite_is_refused(vector: Vector) -> None:
    """A good ciphertext of 128 bits, of another cipher or of another hash, is none of ours."""
    with pytest.raises(ValueError if vector.aead == AES128 else NotVerified):
        cipher.unseal(vector.key, vector.context, vector.ciphertext)


@pytest.mark.parametrize("vector", [one for one in OTHERS if one.aead == AES128], ids=named)
def test_cobblestone_128_is_refused(vector: Vector) -> None:
    with pytest.raises(ValueError, match="32"):
        cipher.unseal(vector.key, vector.context, chunked.under_sha512(vector).ciphertext)


@pytest.mark.parametrize("length", [0, 1, 16_383, 16_384, 16_385, 40_000, 1 << 20])
def test_what_was_sealed_opens_in_any_parts(length: int) -> None:
    key, plain = cipher.new_key(), os.urandom(length)
    sealed = cipher.seal(key, b"here", plain)
    assert len(sealed) == cipher.sealed_length(length)
    assert cipher.unseal(key, b"here", sealed) == plain
    assert cipher.unseal_parts(key, b"here", odd_parts(sealed, 3)) == plain


def test_a_key_of_another_length_is_refused() -> None:
    for length in (0, 16, 31, 33):
        with pytest.raises(ValueError, match="32"):
            cipher.seal(bytes(length), b"", b"x")


def test_a_chunk_boundary_cannot_be_cut() -> None:
    key = cipher.new_key()
    sealed = cipher.seal(key, b"", bytes(3 * 16_384))
    for chunks in range(4):
        for by in (-1, 0, 1):
            cut = 56 + chunks * (16_384 + 16) + by
            with pytest.raises(NotVerified):
                cipher.unseal(key, b"", sealed[:cut])


def test_two_sealings_of_one_plaintext_differ_in_every_salt() -> None:
    key = cipher.new_key()
    assert len({cipher.seal(key, b"", b"same")[:24] for _ in range(20_000)}) == 20_000
