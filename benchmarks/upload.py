"""Sending 1 GiB over HTTP to the web server as `up` starts it, beside the pipeline that it goes through."""

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connections

from accounts.door import entering
from benchmarks import Benchmark, Pair, _files
from evidence.models import FileObject
from tests.evidence.sending import OCTETS, address
from tests.evidence.worlds import World, make_world
from tests.personas import signed_in
from tests.running import web_server

MEGABYTES = 1024
_SECONDS = 60


def _send(world: World, cookie: str, port: int, path: Path) -> FileObject:
    """Send a file whose first bytes are new: what is there already would only be linked."""
    token = "b" * 32
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
    connection.putrequest("POST", address(world))
    headers = {
        "Content-Type": OCTETS,
        "Content-Length": str(path.stat().st_size),
        "Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}; {settings.CSRF_COOKIE_NAME}={token}",
        "X-CSRFToken": token,
        "X-File-Name": "clip.bin",
        "Accept": "application/json",
    }
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    with path.open("rb", buffering=0) as file:
        connection.send(uuid4().bytes)
        file.seek(16)
        connection.sock.sendfile(file, 16)
    answer = connection.getresponse()
    said = answer.read()
    connection.close()
    if answer.status != 201:
        raise AssertionError(f"{answer.status}: {said[:300]!r}")
    with entering(world.investigator, "benchmark"):
        return FileObject.objects.select_related("stored").get(pk=_named(said))


def _named(said: bytes) -> UUID:
    return UUID(said.partition(b'"file": "')[2][:36].decode())


@contextmanager
def _prepare() -> Iterator[Pair]:
    world = make_world()
    cookie = signed_in(world.investigator).cookies[settings.SESSION_COOKIE_NAME].value
    scope = _files.new_scope()
    with _files.plain(MEGABYTES) as path, web_server() as (port, _server):

        def ours() -> None:
            _files.sealed_path(_send(world, cookie, port, path).stored).unlink()

        try:
            yield Pair(
                ours=ours,
                yardstick=lambda: _files.forget(_files.seal(path, scope)),
                per=lambda seconds: MEGABYTES / seconds,
            )
        finally:
            with connections["owner"].cursor() as cursor:  # the rows of files whose bytes are gone
                cursor.execute("TRUNCATE cases_case, vault_storedfile CASCADE")


BENCHMARK = Benchmark("upload", "MiB/s", "the pipeline alone, over the same 1 GiB", 2.5, _prepare)
