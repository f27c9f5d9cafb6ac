"""One piece from anywhere in a sealed recording, through the view, beside the time that a player may wait.

The recording has 256 MiB instead of 1 GiB: a range opens its own segments alone, whatever the length.
"""

import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.urls import reverse

from accounts.door import entering
from benchmarks import Benchmark, Growth, Pair
from evidence.actions.files import receive_file
from tests.evidence.worlds import make_world
from tests.personas import signed_in

MEGABYTES, RANGES = 256, 50
ALLOWED_SECONDS = 0.010
_MIB = 2**20


@contextmanager
def _prepare(megabytes: int = MEGABYTES) -> Iterator[Pair]:
    world = make_world()
    by, item = world.investigator, world.item
    pieces = (os.urandom(_MIB) for _ in range(megabytes))
    with entering(by, "benchmark"):
        file = receive_file(by=by, item=item, chunks=pieces, filename="clip.bin")
    ids = {"case": world.case.pk, "item": item.pk, "file": file.pk}
    browser, where = signed_in(by), reverse("file-content", kwargs=ids)
    chance = random.Random(7)

    def ours() -> None:
        for _ in range(RANGES):
            start = chance.randrange(1, (megabytes - 1) * _MIB)
            answer = browser.get(where, headers={"Range": f"bytes={start}-", "Host": "127.0.0.1"})
            assert answer.status_code == 206
            assert next(iter(answer))
            answer.close()

    yield Pair(
        ours=ours,
        yardstick=lambda: time.sleep(RANGES * ALLOWED_SECONDS),
        per=lambda seconds: 1000 * seconds / RANGES,
    )


BENCHMARK = Benchmark("range", "ms a range", "10 ms, which a player may wait", 1.0, _prepare)
GROWTH = Growth("range", (10, 100, 1000), _prepare, units=lambda _megabytes: RANGES)
