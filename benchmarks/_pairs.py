"""Sealing an identity to every pair of a number of custodians, beside bare HPKE of as many halves.

What is measured beyond the yardstick: the contexts, the digests of the halves, both layers of the key and the
identity itself. Rows and the log are not.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from uuid import uuid4

from benchmarks import Benchmark, Pair
from vault import cipher
from vault.custodian import layers
from vault.custodian.keys import BoxSecret
from vault.custodian.pairs import Subject, new_secret, pairs_of, split

TIMES = 20
CONTENT = b'{"given": "a name", "phones": "+963 000 000 000"}'


def sealing_for(custodians: int) -> Benchmark:
    """The path for so many custodians."""
    return Benchmark(
        path=f"seal-identity-{custodians}",
        unit="ms an identity",
        yardstick=f"bare HPKE of {custodians * (custodians - 1)} halves",
        target=1.5,
        prepare=_preparing(custodians),
    )


def _preparing(custodians: int) -> Callable[[], AbstractContextManager[Pair]]:
    @contextmanager
    def prepare() -> Iterator[Pair]:
        keys = {uuid4(): BoxSecret.new().public for _ in range(custodians)}
        pairs = list(pairs_of(keys))
        subject = Subject(uuid4(), "BAN-2025", uuid4(), "W-7K3Q", 1)

        def ours() -> None:
            for _ in range(TIMES):
                secret, key = new_secret(), cipher.new_key()
                halves = split(secret, subject, keys, pairs, 1)
                wrapped = layers.wrap(key, secret, subject, cipher.new_key(), uuid4())
                assert (len(halves), len(wrapped) > 0) == (2 * len(pairs), True)
                layers.seal_content(key, subject, CONTENT)

        def yardstick() -> None:
            info, half = bytes(200), bytes(32)
            for _ in range(TIMES):
                for pair in pairs:
                    keys[pair.first].encrypt(half, info)
                    keys[pair.second].encrypt(half, info)

        yield Pair(ours=ours, yardstick=yardstick, per=lambda seconds: seconds / TIMES * 1e3)

    return prepare
