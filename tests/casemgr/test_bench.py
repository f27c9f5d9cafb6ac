"""The harness of `make bench`: its arithmetic and its form. Nothing here asserts a time."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import benchmarks
from benchmarks import Benchmark, Growth, Pair


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
    benchmarks.write(tmp_path / "build" / "bench.json", rows=rows)
    found = json.loads((tmp_path / "build" / "bench.json").read_text())
    assert set(found) == {"machine", "rows", "growth"}
    assert set(found["rows"][0]) == {"path", "figure", "unit", "yardstick", "ratio", "target", "met"}
    assert "NO" in benchmarks.table(rows)


def growing(costs: dict[int, float]) -> Growth:
    @contextmanager
    def prepare(size: int) -> Iterator[Pair]:
        def work() -> None:
            _now[0] += size * costs[size] / 1e6

        yield Pair(work, yardstick=lambda: None)

    return Growth("file", (1, 10, 100), prepare)


def test_cost_of_a_unit_that_grows_is_told(tmp_path: Path) -> None:
    flat = benchmarks.grow("ingest", growing({1: 30, 10: 33, 100: 29}))
    assert flat.costs == (30.0, 33.0, 29.0)
    assert (flat.spread, flat.flat) == (1.138, True)
    dear = benchmarks.grow("ingest", growing({1: 30, 10: 33, 100: 37}))
    assert (dear.spread, dear.flat) == (1.233, False)
    assert benchmarks.growth_table([flat, dear]).count("NO") == 1
    target = tmp_path / "bench.json"
    benchmarks.write(target, rows=[benchmarks.measure(bench(0.3, 0.2, target=1.25))])
    benchmarks.write(target, growth=[flat, dear])
    found = json.loads(target.read_text())
    assert [len(found["rows"]), [row["flat"] for row in found["growth"]]] == [1, [True, False]]


def test_paths_of_files_grow_a_hundredfold() -> None:
    found = {name: load() for name, load in benchmarks.growing().items()}
    sizes = {name: growth.sizes for name, growth in found.items() if growth is not None}
    assert set(sizes) >= {"ingest", "upload", "deep-check", "routine-check", "small-files", "range"}
    assert all(ten == 10 * one and hundred == 100 * one for one, ten, hundred in sizes.values())


def test_every_benchmark_of_the_folder_loads_under_its_name() -> None:
    for name, load in benchmarks.known().items():
        assert load().path == name
