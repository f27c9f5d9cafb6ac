"""A pytest plugin: real PostgreSQL and Redis for the run, started before the settings are read.

Each of xdist's workers has servers of its own: transactions are counted for a whole PostgreSQL cluster, and
a log is sealed up to the oldest one that still runs in any of its databases. Benchmarks use `running` too.
"""

import atexit
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import pytest

from casemgr.embedded import postgres, redis
from casemgr.embedded.faults import StartError

PREFIX = "casemgr-test-"
DATABASE = "test_casemgr"
NOWHERE = {
    "DATABASE_URL": "postgres://nobody@/none",
    "REDIS_URL": "redis://localhost/0",
    "SECRET_KEY": "unused",
}
_stack = ExitStack()


def _sweep() -> None:
    """End the servers and remove the folders of runs that were killed before they could."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        mark = folder / "run"
        try:
            if folder.stat().st_uid != os.geteuid():
                continue  # another person's run, or a trap in a folder that everybody may write to
        except FileNotFoundError:
            continue  # its own run ends at this moment
        try:
            pid, born = mark.read_text().split()
            alive = abs(psutil.Process(int(pid)).create_time() - float(born)) < 1
        except (FileNotFoundError, ValueError, psutil.NoSuchProcess, PermissionError):
            alive = (
                not mark.exists() and time.time() - folder.stat().st_mtime < 60
            )  # one that is just starting
        if alive:
            continue
        try:
            cluster = postgres.create(folder, durable=False)
            if postgres.is_running(cluster):
                postgres.stop(cluster, mode="immediate")
        except (StartError, OSError):
            continue
        _end_redis(folder)
        shutil.rmtree(cluster.home, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def _end_redis(folder: Path) -> None:
    try:
        psutil.Process(int((folder / "redis.pid").read_text())).terminate()
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
        return


@contextmanager
def running() -> Iterator[Path]:
    """Run both servers in a folder of their own and name them in the environment; leave nothing behind."""
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    (folder / "run").write_text(f"{os.getpid()} {psutil.Process().create_time()}")
    cluster = postgres.create(folder, durable=False)
    postgres.start(cluster)
    queue = redis.start(folder)
    (folder / "redis.pid").write_text(str(queue.pid))
    os.environ |= {
        "DATABASE_URL": cluster.url("app", DATABASE),
        "DATABASE_OWNER_URL": cluster.url("owner", DATABASE),
        "DATABASE_CHECKER_URL": cluster.url("checker", DATABASE),
        "DATABASE_SUPERUSER_URL": cluster.url("postgres", DATABASE),
        "REDIS_URL": redis.url(folder),
        "SECRET_KEY": "a key of the tests alone, without any power over data",
        "DATA_DIR": str(folder / "data"),
        "ROOT_KEY_FILE": str(folder / "root.key"),
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
    }
    for name in ("ALLOWED_HOSTS", "HTTPS", "MEDIA_STORE"):
        os.environ.pop(name, None)
    try:
        yield folder
    finally:
        redis.stop(queue, folder)
        postgres.stop(cluster, mode="immediate")
        shutil.rmtree(cluster.home, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def _keep_to_one_core(worker: str) -> None:
    """Stay on one core, with the servers and all else that this worker starts. On Linux alone.

    What one of them wrote still lies in that core's cache when the next reads it: workers that wander, or are
    more than the cores, take a tenth more of the machine for the same tests.
    """
    if sys.platform == "linux" and worker:
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[int(worker.removeprefix("gw")) % len(cores)]})


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    if early_config.known_args_namespace.numprocesses and "PYTEST_XDIST_WORKER" not in os.environ:
        os.environ |= NOWHERE  # this process runs no test: it hands them to workers
        return
    _keep_to_one_core(os.environ.get("PYTEST_XDIST_WORKER", ""))
    _stack.enter_context(running())
    atexit.register(_stack.close)  # a conftest that does not load ends the run without `pytest_unconfigure`


def pytest_unconfigure() -> None:
    _stack.close()
