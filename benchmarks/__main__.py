"""`make bench [ONLY=path] [GROWTH=1]`: on real PostgreSQL and Redis of its own, as the tests have them."""

import os
import sys
from pathlib import Path

import benchmarks
from tests import services

TARGET = Path(__file__).resolve().parents[1] / "build" / "bench.json"


def main(words: list[str]) -> int:
    """Measure the named paths, or all; print the table and write it. With `--growth`, how they grow."""
    only = [word for word in words if word != "--growth"]
    paths = benchmarks.known()
    unknown = [name for name in only if name not in paths]
    if unknown:
        print(
            f"no benchmark for {', '.join(unknown)}; there are: {', '.join(paths) or 'none yet'}",
            file=sys.stderr,
        )
        return 2
    with services.running():
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casemgr.settings")
        import django

        django.setup()
        from tests import databases

        databases.build()
        (_grow if "--growth" in words else _measure)(only)
        from django.db import connections

        connections.close_all()
    return 0


def _measure(only: list[str]) -> None:
    rows = []
    for name, load in benchmarks.known().items():
        if not only or name in only:
            rows.append(benchmarks.measure(load()))
            print(benchmarks.table(rows[-1:]).splitlines()[-1], flush=True)
    print("\n" + benchmarks.table(rows))
    benchmarks.write(TARGET, rows=rows)


def _grow(only: list[str]) -> None:
    rows = []
    for name, load in benchmarks.growing().items():
        growth = load() if not only or name in only else None
        if growth is not None:
            rows.append(benchmarks.grow(name, growth))
            print(benchmarks.growth_table(rows[-1:]).splitlines()[-1], flush=True)
    print("\n" + benchmarks.growth_table(rows))
    benchmarks.write(TARGET, growth=rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
