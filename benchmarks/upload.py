"""Sending 1 GiB over HTTP to the web server as `up` starts it, beside the pipeline that it goes through."""

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import connections

from accounts.door import entering
from benchmarks import Benchmark, Growth, Pair, _files
from evidence.models import FileObject
from tests.evidence.sending import address
from tests.evidence.turning import BODY, metadata
from tests.evidence.worlds import World, make_world
from tests.personas import signed_in
from tests.running import web_server

MEGABYTES = 1024
PIECE = 1 << 30
_SECONDS = 60
_TOKEN = "b" * 32
_COMMON = {"Tus-Resumable": "1.0.0", "Accept": "application/json", "X-CSRFToken": _TOKEN}


def _send(world: World, cookie: str, port: int, path: Path) -> FileObject:
    """Send a file in the pieces of the page's script. Its first bytes are new: what is there already would
    only be linked.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
    said = _COMMON | {
        "Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}; {settings.CSRF_COOKIE_NAME}={_TOKEN}"
    }
    size = path.stat().st_size
    begun = {
        "Upload-Length": str(size),
        "Upload-Metadata": metadata(filename="clip.bin"),
        "Content-Length": "0",
    }
    where = (
        _answer(connection, "POST", address(world), said | begun, expected=201).getheader("Location") or ""
    )
    with path.open("rb", buffering=0) as file:
        for start in range(0, size, PIECE):
            piece = {"Upload-Offset": str(start), "Content-Type": BODY}
            piece["Content-Length"] = str(min(PIECE, size - start))
            _answer(
                connection,
                "PATCH",
                where,
                said | piece,
                expected=204,
                body=(file, start, min(PIECE, size - start)),
            )
    connection.close()
    with entering(world.investigator, "benchmark"):
        key = where.rstrip("/").rpartition("/")[2]
        return FileObject.objects.select_related("stored").get(upload_key=key)


def _answer(
    connection: http.client.HTTPConnection,
    method: str,
    where: str,
    headers: dict[str, str],
    *,
    expected: int,
    body: tuple[FileIO, int, int] | None = None,
) -> http.client.HTTPResponse:
    connection.putrequest(method, where)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    if body is not None:
        file, start, size = body
        new = uuid4().bytes if not start else b""
        if new:
            connection.send(new)
        file.seek(start + len(new))
        connection.sock.sendfile(file, start + len(new), size - len(new))
    answer = connection.getresponse()
    told = answer.read()
    if answer.status != expected:
        raise AssertionError(f"{answer.status}: {told[:300]!r}")
    return answer


@contextmanager
def _prepare(megabytes: int = MEGABYTES) -> Iterator[Pair]:
    world = make_world()
    cookie = signed_in(world.investigator).cookies[settings.SESSION_COOKIE_NAME].value
    scope = _files.new_scope()
    with _files.plain(megabytes) as path, web_server() as (port, _server):

        def ours() -> None:
            _files.sealed_path(_send(world, cookie, port, path).stored).unlink()

        try:
            yield Pair(
                ours=ours,
                yardstick=lambda: _files.forget(_files.seal(path, scope)),
                per=lambda seconds: megabytes / seconds,
            )
        finally:
            with connections["owner"].cursor() as cursor:  # the rows of files whose bytes are gone
                cursor.execute("TRUNCATE cases_case, vault_storedfile CASCADE")


BENCHMARK = Benchmark("upload", "MiB/s", "the pipeline alone, over the same 1 GiB", 2.5, _prepare)
GROWTH = Growth("MiB", (64, 640, 6_400), _prepare)
