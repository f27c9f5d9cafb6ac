"""A pytest plugin: real PostgreSQL and Redis for the run, started before the settings are read.

xdist's workers inherit the environment and share the servers; each makes a database of its own (see conftest).
"""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from casemgr.embedded import postgres, redis

_running: dict[str, object] = {}


def _start(folder: Path) -> None:
    cluster = postgres.create(folder, durable=False)
    postgres.start(cluster)
    queue = subprocess.Popen(redis.command(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _running.update(folder=folder, cluster=cluster, queue=queue)
    deadline = time.monotonic() + 10
    while not redis.socket(folder).exists():
        if time.monotonic() > deadline:
            raise RuntimeError("Redis did not start")
        time.sleep(0.02)
    os.environ |= {
        "CASEMGR_TEST_SERVICES": str(folder),
        "DATA_DIR": str(folder / "data"),
        "DATABASE_URL": cluster.url("app"),
        "DATABASE_OWNER_URL": cluster.url("owner"),
        "DATABASE_SUPERUSER_URL": cluster.url("postgres"),
        "REDIS_URL": redis.url(folder),
        "SECRET_KEY": "a key of the tests alone, without any power over data",
        "ROOT_KEY_FILE": str(folder / "root.key"),
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
    }
    for name in ("DEBUG", "ALLOWED_HOSTS"):
        os.environ.pop(name, None)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    if "CASEMGR_TEST_SERVICES" not in os.environ:
        _start(Path(tempfile.mkdtemp(prefix="casemgr-test-")))


def pytest_unconfigure() -> None:
    if not _running:
        return
    queue, cluster, folder = _running["queue"], _running["cluster"], _running["folder"]
    assert isinstance(queue, subprocess.Popen)
    assert isinstance(cluster, postgres.Cluster)
    assert isinstance(folder, Path)
    queue.terminate()
    queue.wait()
    postgres.stop(cluster, mode="immediate")
    shutil.rmtree(cluster.home, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
    _running.clear()
    os.environ.pop("CASEMGR_TEST_SERVICES")
