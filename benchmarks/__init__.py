"""The hot paths, each beside its limit or a peer, measured in the same run.

One module a path, `benchmarks/<path>.py` with dashes as underscores, holding `BENCHMARK = Benchmark(...)`.
Ours and the yardstick are timed by turns, five pairs after a warm-up; the ratio is the median of the pairs'
ratios, so that a machine that is slow for a while is slow for both. Smaller is better.
"""

import builtins
import gc
import json
import os
import platform
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from statistics import median

FOLDER = Path(__file__).resolve().parent
ORDER = (
    "ingest", "upload", "deep-check", "routine-check", "small-files", "range",
    "open-fields", "seal-identity-2", "seal-identity-4", "seal-identity-8",
    "search", "case-list", "audit-append", "audit-verify", "export",
)  # fmt: skip
PAIRS = 5
TURNS = 3
FLAT = 1.2

Work = Callable[[], object]


@dataclass(frozen=True)
class Pair:
    """Our way and the yardstick over the same work; `per` turns our seconds into the figure that is shown."""

    ours: Work
    yardstick: Work
    per: Callable[[float], float] = lambda seconds: seconds


@dataclass(frozen=True)
class Benchmark:
    """One path: the unit of its figure, what it is measured against, and the ratio it must not exceed."""

    path: str
    unit: str
    yardstick: str
    target: float
    prepare: Callable[[], AbstractContextManager[Pair]]


@dataclass(frozen=True)
class Growth:
    """The same path at one, ten and a hundred times its work: what one unit of it costs must not grow.

    `units` tells how many units a size is; a file that is larger has no more ranges to be asked for.
    """

    unit: str
    sizes: tuple[int, int, int]
    prepare: Callable[[int], AbstractContextManager[Pair]]
    units: Callable[[int], int] = lambda size: size


@dataclass(frozen=True)
class Grown:
    """One line of the table of growth: microseconds a unit at each size, the dearest over the cheapest."""

    path: str
    unit: str
    sizes: tuple[int, int, int]
    costs: tuple[float, ...]
    spread: float
    flat: bool


@dataclass(frozen=True)
class Row:
    """One line of the table and of `build/bench.json`."""

    path: str
    figure: float
    unit: str
    yardstick: str
    ratio: float
    target: float
    met: bool


def _timed(work: Work) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def measure(benchmark: Benchmark, pairs: int = PAIRS) -> Row:
    """Warm both up, time them by turns, and return the row."""
    with benchmark.prepare() as pair:
        # What was laid ready, here and by the paths before, is no work of either side's collector.
        gc.collect()
        gc.freeze()
        _timed(pair.yardstick)
        _timed(pair.ours)
        times = []
        for number in builtins.range(pairs):  # the path `range` is a module of this package
            # The order changes from pair to pair: neither always finds the cache that the other left.
            first, second = (pair.ours, pair.yardstick) if number % 2 else (pair.yardstick, pair.ours)
            one, two = _timed(first), _timed(second)
            times.append((one, two) if number % 2 else (two, one))
        ratio = median(ours / peer for ours, peer in times)
        figure = pair.per(median(ours for ours, _peer in times))
    return Row(
        path=benchmark.path,
        figure=round(figure, 4),
        unit=benchmark.unit,
        yardstick=benchmark.yardstick,
        ratio=round(ratio, 3),
        target=benchmark.target,
        met=ratio <= benchmark.target,
    )


def grow(path: str, growth: Growth) -> Grown:
    """Time the path at each size, the quietest of some turns after a warm-up."""
    costs = [_cost(growth, size) for size in growth.sizes]
    spread = max(costs) / min(costs)
    return Grown(
        path=path,
        unit=growth.unit,
        sizes=growth.sizes,
        costs=tuple(round(cost, 3) for cost in costs),
        spread=round(spread, 3),
        flat=spread <= FLAT,
    )


def _cost(growth: Growth, size: int) -> float:
    with growth.prepare(size) as pair:
        gc.collect()
        gc.freeze()
        _timed(pair.ours)
        seconds = min(_timed(pair.ours) for _ in builtins.range(TURNS))
    return seconds * 1e6 / growth.units(size)


def growing() -> dict[str, Callable[[], Growth | None]]:
    """Return the paths; each loads how it is made to grow, or None where a path is not."""
    return {name: _growth_loader(name) for name in known()}


def _growth_loader(name: str) -> Callable[[], Growth | None]:
    def load() -> Growth | None:
        found = getattr(import_module(f"benchmarks.{name.replace('-', '_')}"), "GROWTH", None)
        return found if isinstance(found, Growth) else None

    return load


def known() -> dict[str, Callable[[], Benchmark]]:
    """Return the paths that have a benchmark, in the order of the table."""
    there = {path.stem.replace("_", "-") for path in FOLDER.glob("*.py") if not path.stem.startswith("_")}
    unknown = there - set(ORDER)
    if unknown:
        raise LookupError(f"no such path in the table: {', '.join(sorted(unknown))}")
    return {name: _loader(name) for name in ORDER if name in there}


def _loader(name: str) -> Callable[[], Benchmark]:
    def load() -> Benchmark:
        found = import_module(f"benchmarks.{name.replace('-', '_')}").BENCHMARK
        if not isinstance(found, Benchmark) or found.path != name:
            raise LookupError(f"benchmarks/{name.replace('-', '_')}.py does not hold the benchmark of {name}")
        return found

    return load


def machine() -> dict[str, object]:
    """Return what the figures depend on; no name of a host or a person."""
    return {
        "cores": os.cpu_count(),
        "processor": platform.machine(),
        "system": platform.system(),
        "python": platform.python_version(),
    }


def table(rows: Iterable[Row]) -> str:
    """Return the rows as lines for a terminal."""
    head = f"{'path':<14} {'figure':>12} {'unit':<16} {'ratio':>7} {'target':>7}  {'met':<4} yardstick"
    lines = [
        f"{row.path:<14} {row.figure:>12.4g} {row.unit:<16} {row.ratio:>7.3f} {row.target:>7.2f}  "
        f"{'yes' if row.met else 'NO':<4} {row.yardstick}"
        for row in rows
    ]
    return "\n".join([head, *lines])


def growth_table(rows: Iterable[Grown]) -> str:
    """Return the rows of growth as lines for a terminal."""
    head = f"{'path':<14} {'microseconds a':<16} {'1x':>10} {'10x':>10} {'100x':>10} {'spread':>7}  flat"
    lines = [
        f"{row.path:<14} {row.unit:<16} "
        + " ".join(f"{cost:>10.4g}" for cost in row.costs)
        + f" {row.spread:>7.3f}  {'yes' if row.flat else 'NO'}"
        for row in rows
    ]
    return "\n".join([head, *lines])


def write(target: Path, *, rows: Iterable[Row] | None = None, growth: Iterable[Grown] | None = None) -> None:
    """Write the machine's form of the tables; what this run did not measure stays as it was."""
    kept = json.loads(target.read_text()) if target.exists() else {}
    told = {
        "machine": machine(),
        "rows": kept.get("rows", []) if rows is None else [asdict(row) for row in rows],
        "growth": kept.get("growth", []) if growth is None else [asdict(row) for row in growth],
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(told, indent=1) + "\n")
