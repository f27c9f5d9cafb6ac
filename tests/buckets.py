"""A server of buckets for the run, and the weather in front of it.

moto's server on loopback, begun with the first test that asks. What a real one does and moto does not stands
in front of it: bytes are compared with the checksum that came with them, and an unfinished upload has the
time at which it was begun. Any answer can be made to fail, to break off or not to come.
"""

import base64
import hashlib
import io
import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from threading import Thread
from typing import Any
from urllib.request import Request, urlopen

import pytest
from django.conf import LazySettings

Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]
PATIENCE = 0.4  # of the tests in which an answer does not come
_XML = '<?xml version="1.0"?><Error><Code>{}</Code><Message>Canary words of a stranger</Message></Error>'
_BEGUN = re.compile(rb"<Initiated>[^<]*</Initiated>")


def named(environ: Environ) -> str:
    """What a request asks for, in one word."""
    method, query = environ["REQUEST_METHOD"], environ.get("QUERY_STRING", "")
    of_bucket = environ["PATH_INFO"].strip("/").count("/") == 0
    if method == "PUT":
        return "part" if "partNumber" in query else "lock" if "retention" in query else "put"
    if method == "POST":
        return "begin" if "uploads" in query else "complete"
    if method == "DELETE":
        return "abort" if "uploadId" in query else "delete"
    return "list" if of_bucket and method == "GET" else method.lower()


@dataclass
class Weather:
    """Stands before the server. `faults` answers in its place, by what is asked for, as often as it says."""

    application: Application
    faults: dict[str, list[Application]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        what = named(environ)
        self.asked.append(what)
        content = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(content)
        waiting = self.faults.get(what, [])
        if waiting:
            return waiting.pop(0)(environ, start)
        return self.go_on(environ, start)

    def go_on(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer as a real server does."""
        content = environ["wsgi.input"].getvalue()
        has_bytes = named(environ) in {"put", "part"} and "HTTP_X_AMZ_COPY_SOURCE" not in environ
        if has_bytes and environ["PATH_INFO"].count("/") > 1:
            told = environ.get("HTTP_X_AMZ_CHECKSUM_SHA256")
            if told is None and not environ["PATH_INFO"].endswith("/STORE"):
                return refusing(400, "MissingChecksum")(environ, start)
            if told is not None and told != base64.b64encode(hashlib.sha256(content).digest()).decode():
                return refusing(400, "BadDigest")(environ, start)
        answer = b"".join(self.application(environ, start))
        now = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime()).encode()
        return [_BEGUN.sub(b"<Initiated>" + now + b"</Initiated>", answer)]

    def bring(self, what: str, fault: Application, times: int = 1) -> None:
        """Have the next requests of a kind answered by `fault`."""
        self.faults[what] = [fault] * times

    def flip(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """A bit that turns over on the way."""
        content = bytearray(environ["wsgi.input"].getvalue())
        content[len(content) // 2] ^= 1
        environ["wsgi.input"] = io.BytesIO(bytes(content))
        return self.go_on(environ, start)

    def cut(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """An answer that breaks off in its middle."""
        whole = b"".join(self.go_on(environ, start))
        return [whole[: len(whole) // 2]]

    def lose(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """What was asked is done, and the answer never comes."""
        answer = self.go_on(environ, start)
        time.sleep(2 * PATIENCE)
        return answer


def refusing(status: int, code: str) -> Application:
    """An error as such servers tell it."""

    def refuse(environ: Environ, start: Start) -> Iterable[bytes]:
        body = _XML.format(code).encode()
        start(f"{status} No", [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))])
        return [body]

    return refuse


def silent(environ: Environ, start: Start) -> Iterable[bytes]:
    """Nothing within the time that we wait."""
    time.sleep(2 * PATIENCE)
    return refusing(503, "SlowDown")(environ, start)


@pytest.fixture(scope="session")
def bucket_server() -> Iterator[tuple[str, Weather]]:
    """Its address, and the weather before it."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        def log(self, *_said: object) -> None:
            """Say nothing of each request."""

    weather = Weather(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, weather, threaded=True, request_handler=Quiet)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", weather
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Bucket:
    """A bucket of one test, seen by a hand of its own."""

    client: Any
    name: str
    weather: Weather


NEAR = {"name": "sealed", "region": "us-east-1", "key": "test", "secret": "test", "attempts": 1}


@pytest.fixture(scope="session")
def hand(bucket_server: tuple[str, Weather]) -> Any:
    """A client of the tests' own: making one takes longer than most tests."""
    from vault.files.remote import Address, connect

    return connect(Address(**NEAR, url=bucket_server[0]))  # type: ignore[arg-type]  # the fields by name


@pytest.fixture
def bucket(bucket_server: tuple[str, Weather], hand: Any, settings: LazySettings) -> Iterator[Bucket]:
    """Sealed files of this test go to a bucket that keeps versions and may lock, though nothing is locked."""
    url, weather = bucket_server
    weather.faults.clear()
    with urlopen(Request(f"{url}/moto-api/reset", method="POST")) as answer:  # noqa: S310 - our own loopback
        assert answer.status == 200
    hand.create_bucket(Bucket=NEAR["name"], ObjectLockEnabledForBucket=True)
    weather.asked.clear()
    settings.MEDIA_BUCKET = NEAR | {"url": url}
    yield Bucket(hand, str(NEAR["name"]), weather)
    weather.faults.clear()
