"""`make bench [ONLY=path]`: on real PostgreSQL and Redis of its own, as the tests have them."""

import os
import sys
from pathlib import Path

import benchmarks
from tests import services

TARGET = Path(__file__).resolve().parents[1] / "build" / "bench.json"


def main(only: list[str]) -> int:
    """Measure the named paths, or all; print the table and write it."""
    paths = benchmarks.known()
    unknown = [name for name in only if name not in paths]
    if unknown:
        print(
            f"no benchmark for {', '.join(unknown)}; there are: {', '.join(paths) or 'none yet'}",
            file=sys.stderr,
        )
        return 2
    rows = []
    with services.running():
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casemgr.settings")
        import django

        django.setup()
        from tests import databases

        databases.build()
        for name, load in paths.items():
            if not only or name in only:
                rows.append(benchmarks.measure(load()))
                print(benchmarks.table(rows[-1:]).splitlines()[-1], flush=True)
        from django.db import connections

        connections.close_all()
    print("\n" + benchmarks.table(rows))
    benchmarks.write(rows, TARGET)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
