"""A secret split for pairs, and an identity's key under two layers."""

import hashlib
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from tests.vault.custodian.cast import first, people, person, split_for, subject
from vault import cipher
from vault.custodian import layers
from vault.custodian.errors import HalfRefused
from vault.custodian.pairs import (
    Binding,
    Half,
    OpenedHalf,
    Pair,
    Side,
    Subject,
    join,
    new_secret,
    open_half,
    pairs_of,
    split,
    xor,
)
from vault.errors import NotVerified

SECRETS = st.binary(min_size=32, max_size=32)
ABOUT = Subject(UUID(int=1), "BAN-2025", UUID(int=2), "W-7K3Q", 3)


def naive(*fields: bytes) -> bytes:
    """The context of the design, written a second time: a count, and each field behind its length."""
    out = len(fields).to_bytes(8, "big")
    for one in fields:
        out = out + len(one).to_bytes(8, "big") + one
    return out


def naive_info(label: bytes, half: Half) -> bytes:
    about = half.binding.subject
    inner = naive(
        label,
        about.case_id.bytes,
        about.case_code.encode(),
        about.witness_id.bytes,
        about.witness_code.encode(),
        about.version.to_bytes(8, "big"),
    )
    two = half.binding.pair
    side = b"\0" if half.binding.holder == two.first else b"\1"
    return naive(inner, two.first.bytes, two.second.bytes, side, half.binding.directory.to_bytes(8, "big"))


def test_halves_open_with_the_library_alone() -> None:
    """The construction of the design, taken apart again without our code."""
    directory = first()
    secret, halves = split_for(directory, ABOUT)
    suite = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
    raw = {one.id: one.keys.raw for one in people()}
    opened: dict[tuple[UUID, UUID], list[bytes]] = {}
    for half in halves:
        mine = raw[half.binding.holder]
        key = hpke.MLKEM768X25519PrivateKey(
            MLKEM768PrivateKey.from_seed_bytes(mine[:64]), X25519PrivateKey.from_private_bytes(mine[64:96])
        )
        plain = suite.decrypt(half.encrypted, key, info=naive_info(b"casemgr identity half 1", half))
        label = naive_info(b"casemgr identity half digest 1", half)
        assert half.digest == hashlib.sha256(naive(label, plain)).digest()
        opened.setdefault((half.binding.pair.first, half.binding.pair.second), []).append(plain)
    assert len(opened) == 3
    assert {xor(*two) for two in opened.values()} == {secret}
    assert len({half for two in opened.values() for half in two}) == 6


@given(SECRETS, SECRETS)
def test_a_secret_is_what_its_halves_differ_in(r: bytes, secret: bytes) -> None:
    pair = Pair(UUID(int=1), UUID(int=2))
    halves = [
        OpenedHalf(Binding(ABOUT, pair, side, 1), half)
        for side, half in ((Side.FIRST, r), (Side.SECOND, xor(r, secret)))
    ]
    assert join(halves) == join(halves[::-1]) == secret
    assert xor(xor(r, secret), r) == secret


@given(st.integers(0, 9), st.sampled_from([0, 2]))
def test_every_two_custodians_are_a_pair_and_no_pair_mixes(count: int, bodies: int) -> None:
    custodians = [uuid4() for _ in range(count)]
    outside = [uuid4() for _ in range(bodies)]
    pairs = list(pairs_of(custodians, outside))
    assert (
        len({frozenset((one.first, one.second)) for one in pairs}) == count * (count - 1) // 2 + bodies // 2
    )
    for one in pairs:
        assert (one.first in custodians) == (one.second in custodians)


def test_a_pair_is_two_people() -> None:
    with pytest.raises(ValueError, match="two people"):
        Pair(UUID(int=1), UUID(int=1))


def test_a_secret_has_one_length() -> None:
    with pytest.raises(ValueError, match="32"):
        split(b"short", ABOUT, {}, [], 1)


CHANGES: tuple[dict[str, Any], ...] = (
    {"case_id": UUID(int=9)},
    {"case_code": "BAN-2026"},
    {"witness_id": UUID(int=9)},
    {"witness_code": "W-7K3R"},
    {"version": 4},
)


def test_a_half_opens_in_its_place_alone() -> None:
    directory = first()
    _, halves = split_for(directory, ABOUT)
    one = person("CUS-01")
    half = next(half for half in halves if half.binding.holder == one.id)
    assert len(open_half(half, one.keys.box).half) == 32
    bound = half.binding
    elsewhere = [replace(bound, subject=replace(bound.subject, **change)) for change in CHANGES]
    elsewhere += [
        replace(bound, directory=2),
        bound.other,
        replace(bound, pair=Pair(bound.pair.second, bound.pair.first)),
        replace(bound, pair=Pair(bound.pair.first, uuid4())),
    ]
    for place in elsewhere:
        with pytest.raises(HalfRefused):
            open_half(replace(half, binding=place), one.keys.box)
    with pytest.raises(HalfRefused):
        open_half(half, person("CUS-02").keys.box)


def test_a_false_half_names_whose_it_is() -> None:
    directory = first()
    _, halves = split_for(directory, ABOUT)
    one = person("CUS-02")
    half = next(half for half in halves if half.binding.holder == one.id)
    false = one.keys.public.box.encrypt(new_secret(), half.binding.info)
    short = one.keys.public.box.encrypt(b"short", half.binding.info)
    for encrypted in (false, short):
        with pytest.raises(HalfRefused, match=str(one.id)) as refused:
            open_half(replace(half, encrypted=encrypted), one.keys.box)
        assert refused.value.holder == one.id


def test_halves_of_two_pairs_do_not_join() -> None:
    _, halves = split_for(first(), ABOUT)
    by_id = {one.id: one for one in people()}
    opened = [open_half(half, by_id[half.binding.holder].keys.box) for half in halves]
    joined = 0
    for a in opened:
        for b in opened:
            if a.binding.other == b.binding:
                joined += 1
                continue
            with pytest.raises(ValueError, match="one pair"):
                join([a, b])
    assert joined == 6
    with pytest.raises(ValueError, match="one pair"):
        join(opened[:1])


def test_an_identity_opens_with_both_layers() -> None:
    identity_key, secret, share, share_id = cipher.new_key(), new_secret(), cipher.new_key(), uuid4()
    wrapped = layers.wrap(identity_key, secret, ABOUT, share, share_id)
    assert layers.share_of(wrapped) == share_id
    inner = layers.open_outer(wrapped, ABOUT, share)
    assert layers.open_inner(inner, ABOUT, secret) == identity_key
    for about in (replace(ABOUT, **change) for change in CHANGES):
        with pytest.raises(NotVerified):
            layers.open_outer(wrapped, about, share)
        with pytest.raises(NotVerified):
            layers.open_inner(inner, about, secret)
    with pytest.raises(NotVerified):
        layers.open_outer(wrapped, ABOUT, cipher.new_key())
    with pytest.raises(NotVerified):
        layers.open_inner(inner, ABOUT, new_secret())
    with pytest.raises(NotVerified):
        layers.open_inner(wrapped, ABOUT, secret)


def test_the_custodians_key_is_derived_as_designed() -> None:
    secret = new_secret()
    info = ABOUT.context(b"casemgr custodian secret to key 1")
    expected = HKDF(algorithm=SHA512(), length=32, salt=None, info=info).derive(secret)
    assert layers._key_of(secret, ABOUT) == expected
    assert info == naive(
        b"casemgr custodian secret to key 1",
        UUID(int=1).bytes, b"BAN-2025", UUID(int=2).bytes, b"W-7K3Q", (3).to_bytes(8, "big"),
    )  # fmt: skip


def test_the_server_changes_its_share_alone() -> None:
    identity_key, secret, old, new, new_id = (
        cipher.new_key(), new_secret(), cipher.new_key(), cipher.new_key(), uuid4(),
    )  # fmt: skip
    wrapped = layers.wrap(identity_key, secret, ABOUT, old, uuid4())
    changed = layers.change_share(wrapped, ABOUT, old, new, new_id)
    assert layers.share_of(changed) == new_id
    assert layers.open_inner(layers.open_outer(changed, ABOUT, new), ABOUT, secret) == identity_key
    with pytest.raises(NotVerified):  # whoever kept the old share and the secret opens the old copy alone
        layers.open_outer(changed, ABOUT, old)


def test_every_identity_has_one_length() -> None:
    key = cipher.new_key()
    sealed = [layers.seal_content(key, ABOUT, name.encode()) for name in ("", "A", "سميرة" * 40)]
    assert len({len(one) for one in sealed}) == 1
    assert [layers.open_content(key, ABOUT, one).decode() for one in sealed] == ["", "A", "سميرة" * 40]
    with pytest.raises(NotVerified):
        layers.open_content(key, subject(), sealed[0])
