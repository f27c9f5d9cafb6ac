"""The harness of `make bench`: its arithmetic and its form. Nothing here asserts a time."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import benchmarks
from benchmarks import Benchmark, Pair


def bench(ours: float, peer: float, target: float) -> Benchmark:
    clock = {"ours": 0, "peer": 0}

    @contextmanager
    def prepare() -> Iterator[Pair]:
        def work(name: str, seconds: float) -> None:
            clock[name] += 1
            _now[0] += seconds

        yield Pair(lambda: work("ours", ours), lambda: work("peer", peer), per=lambda seconds: seconds * 1000)
        assert clock == {"ours": benchmarks.PAIRS + 1, "peer": benchmarks.PAIRS + 1}

    return Benchmark("ingest", "ms", "a peer", target, prepare)


_now = [0.0]


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "perf_counter", lambda: _now[0])


def test_ratio_is_ours_over_the_yardstick() -> None:
    row = benchmarks.measure(bench(0.3, 0.2, target=1.25))
    assert (row.ratio, row.met) == (1.5, False)
    assert row.figure == 300.0
    assert benchmarks.measure(bench(0.2, 0.2, target=1.25)).met


def test_table_and_file_have_the_agreed_form(tmp_path: Path) -> None:
    rows = [benchmarks.measure(bench(0.3, 0.2, target=1.25))]
    benchmarks.write(rows, tmp_path / "build" / "bench.json")
    found = json.loads((tmp_path / "build" / "bench.json").read_text())
    assert set(found) == {"machine", "rows"}
    assert set(found["rows"][0]) == {"path", "figure", "unit", "yardstick", "ratio", "target", "met"}
    assert "NO" in benchmarks.table(rows)


def test_every_benchmark_of_the_folder_loads_under_its_name() -> None:
    for name, load in benchmarks.known().items():
        assert load().path == name
