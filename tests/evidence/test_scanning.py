"""The virus scanner: its word is asked before anything looks, and nothing else than its word counts."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from accounts.door import entering
from accounts.vocabulary import OwedState
from audit.vocabulary import Kind
from casemgr import env
from casemgr.doctor import State, scanner
from evidence import scanning, tasks
from evidence.models import FileObject, IngestJob, MediaRecord
from evidence.scanning import SILENT, ScannerSilent, TooLargeToScan, scan
from evidence.vocabulary import CopyKind, FileFlag, FileState
from evidence.waiting import waiting_for
from tests.evidence.test_serving import address
from tests.evidence.worlds import World, photo
from tests.personas import signed_in
from vault.errors import StoreGone

pytestmark = pytest.mark.usefixtures("looked_once")

VIRUS = b"X5O-not-the-real-test-string"


class Clamd:
    """As much of clamd as we speak with: PING, and INSTREAM with the limit of its configuration."""

    def __init__(self, server: socket.socket, most: int = 1 << 30) -> None:
        self.server, self.most = server, most
        self.streams: list[bytes] = []

    def serve(self) -> None:
        """Answer one connection after the other until the socket is closed."""
        while True:
            try:
                line, _ = self.server.accept()
            except OSError:
                return
            with line, line.makefile("rb") as heard, suppress(BrokenPipeError, ConnectionResetError):
                self.speak(line, heard)

    def speak(self, line: socket.socket, heard: BinaryIO) -> None:
        command = heard.read(6)
        if command == b"zPING\0":
            line.sendall(b"PONG\0")
            return
        command += heard.read(4)
        assert command == b"zINSTREAM\0"
        body = b""
        while size := int.from_bytes(heard.read(4)):
            body += heard.read(size)
            if len(body) > self.most:
                line.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.streams.append(body)
        found = b"stream: Test.Signature-1 FOUND\0" if VIRUS in body else b"stream: OK\0"
        line.sendall(found)


@contextmanager
def listening(where: str | None = None) -> Iterator[socket.socket]:
    family = socket.AF_UNIX if where else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as server:
        server.bind(where or ("127.0.0.1", 0))
        server.listen()
        yield server
        server.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def clamd(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Clamd]:
    """A scanner on a socket of this machine."""
    where = str(tmp_path / "clamd")
    with listening(where) as server:
        found = Clamd(server)
        thread = threading.Thread(target=found.serve, daemon=True)
        thread.start()
        monkeypatch.setattr(settings, "CLAMD", where)
        yield found
    thread.join(5)


def job_of(file: FileObject) -> IngestJob:
    return IngestJob.objects.get(file=file.pk)


def run(file: FileObject) -> None:
    tasks.ingest_file(str(job_of(file).pk))


def test_scanner_is_sent_the_very_bytes_and_its_word_is_kept(world: World, clamd: Clamd) -> None:
    content = photo((1600, 1200))
    file = world.receive(content)
    run(file)
    assert clamd.streams == [content]
    assert world.file_now(file).check_state == FileState.CHECKED
    assert world.events(Kind.EVIDENCE_EXAMINED)[-1].leaf.count('"scan":"clean"') == 1


def test_infected_file_is_flagged_never_decoded_and_never_shown_in_a_page(
    world: World, clamd: Clamd, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> object:
        raise AssertionError("no decoder opens what the scanner found something in")

    monkeypatch.setattr(tasks, "examine", never)
    file = world.receive(photo() + VIRUS)
    run(file)
    now = world.file_now(file)
    assert (now.check_state, now.flag) == (FileState.FLAGGED, FileFlag.INFECTED)
    assert job_of(file).state == OwedState.DONE
    with entering(world.investigator, "test"):
        assert not FileObject.objects.filter(derived_from=file.pk).exists()
        assert MediaRecord.objects.filter(file=file.pk).count() == 1
    reader = signed_in(world.investigator)
    answer = reader.get(address(world, file, "file-content"))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    assert b"".join(answer) == photo() + VIRUS
    page = reader.get(f"/cases/{world.case.pk}/evidence/{world.item.pk}/").content.decode()
    assert "The virus scanner found something in the file" in page
    assert "Test.Signature-1" in page
    assert "data-src" not in page


def test_file_too_large_for_the_scanner_is_flagged_and_asked_about_no_more(
    world: World, clamd: Clamd
) -> None:
    clamd.most = 1000
    file = world.receive(photo((1600, 1200)))
    run(file)
    assert world.file_now(file).flag == FileFlag.UNSCANNED
    assert job_of(file).state == OwedState.DONE, "sending it every minute would change nothing"


def refuse(_line: socket.socket) -> None:
    """Hang up at once."""


def hang(line: socket.socket) -> None:
    time.sleep(3)


def babble(line: socket.socket) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\n\r\n" * 10 + b"\0")


def flood(line: socket.socket) -> None:
    line.sendall(b"stream: " + b"O" * 100_000)


def cut(line: socket.socket) -> None:
    line.sendall(b"stream: OK")


def fault(line: socket.socket) -> None:
    line.sendall(b"stream: Can't allocate memory ERROR\0")


def two(line: socket.socket) -> None:
    line.sendall(b"stream: Evil FOUND\0stream: OK\0")


FAILURES: list[Callable[[socket.socket], None]] = [refuse, hang, babble, flood, cut, fault, two]


@contextmanager
def failing(monkeypatch: pytest.MonkeyPatch, how: Callable[[socket.socket], None]) -> Iterator[None]:
    """A server on a port that does not do as clamd does."""

    def serve(server: socket.socket) -> None:
        while True:
            try:
                line, _ = server.accept()
            except OSError:
                return
            with line:
                try:
                    how(line)
                    line.settimeout(0.2)
                    while line.recv(1 << 16):
                        pass
                except OSError:
                    continue

    monkeypatch.setattr(scanning, "READ_SECONDS", 0.5)
    with listening() as server:
        threading.Thread(target=serve, args=(server,), daemon=True).start()
        monkeypatch.setattr(settings, "CLAMD", server.getsockname())
        yield


@pytest.mark.parametrize("how", FAILURES, ids=lambda how: how.__name__)
def test_no_answer_but_the_scanners_own_counts(
    monkeypatch: pytest.MonkeyPatch, how: Callable[[socket.socket], None]
) -> None:
    with failing(monkeypatch, how):
        assert not scanning.answers()
        with pytest.raises(ScannerSilent):
            scan([b"x" * 100_000])


def test_answer_that_trickles_is_over_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def trickle(line: socket.socket) -> None:
        for _ in range(30):
            line.sendall(b"s")
            time.sleep(0.1)

    monkeypatch.setattr(scanning, "SCAN_SECONDS", 0.5)
    began = time.monotonic()
    with failing(monkeypatch, trickle), pytest.raises(ScannerSilent):
        scan([b"x"])
    assert time.monotonic() - began < 2.5


def test_store_that_goes_while_scanning_is_no_fault_of_the_scanner(
    world: World, clamd: Clamd, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(pieces: object) -> str:
        def read() -> Iterator[bytes]:
            yield b"x"
            raise StoreGone

        return scan(read())

    file = world.receive(photo())
    monkeypatch.setattr(tasks, "scan", gone)
    run(file)
    assert job_of(file).reason == "store_out_of_reach"
    assert not world.events(Kind.SCAN_UNANSWERED)


def test_scanner_that_ends_early_is_asked_why(clamd: Clamd) -> None:
    clamd.most = 10
    with pytest.raises(TooLargeToScan):
        scan([b"x" * 50_000_000])


def test_without_an_answer_the_file_waits_and_people_are_told(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: Any
) -> None:
    file = world.receive(photo(), name="CanaryName.jpg")
    with monkeypatch.context() as away:
        away.setattr(settings, "CLAMD", str(tmp_path / "nobody"))
        for _ in range(8):  # more often than any other fault is tried
            run(file)
        job = job_of(file)
        assert (job.state, job.reason, job.attempts) == (OwedState.OWED, SILENT, 0)
        now = world.file_now(file)
        assert (now.check_state, now.flag) == (FileState.HASHED, ""), "kept, and not to blame"
        with entering(world.investigator, "test"):
            assert not MediaRecord.objects.exists()
        assert len(world.events(Kind.SCAN_UNANSWERED)) == 1, "told once, not at every try"
        with entering(world.keeper, "test"):
            (waits,) = [one for one in waiting_for(world.keeper) if one.kind == "scan"]
        assert waits.code == world.item.exhibit_no
        with entering(world.investigator, "test"):
            assert not [one for one in waiting_for(world.investigator) if one.kind == "scan"]
        reader = signed_in(world.investigator)
        page = reader.get(f"/cases/{world.case.pk}/evidence/{world.item.pk}/").content.decode()
        assert "It waits for the virus scanner" in page
        answer = reader.get(address(world, file, "file-content"))
        assert answer["Content-Disposition"].startswith("attachment")
        assert b"".join(answer) == photo()
        assert [finding.state for finding in scanner()] == [State.BAD]
        woken: list[str] = []
        away.setattr(tasks, "FRESH", -tasks.FRESH)
        away.setattr(tasks, "wake", lambda task, pk: woken.append(str(pk)))
        tasks.sweep()
        assert woken == [], "everything else would wait for the files that wait"
    assert "CanaryName" not in caplog.text


def test_sweep_lets_the_file_go_on_when_the_scanner_is_back(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = world.receive(photo())
    with monkeypatch.context() as away:
        away.setattr(settings, "CLAMD", str(tmp_path / "clamd"))
        run(file)
        woken: list[str] = []
        away.setattr(tasks, "FRESH", -tasks.FRESH)
        away.setattr(tasks, "wake", lambda task, pk: woken.append(str(pk)))
        with listening(str(tmp_path / "clamd")) as server:
            threading.Thread(target=Clamd(server).serve, daemon=True).start()
            assert [finding.state for finding in scanner()] == [State.OK]
            tasks.sweep()
            assert woken == [str(job_of(file).pk)]
            run(file)
    assert world.file_now(file).check_state == FileState.CHECKED
    assert [entry.event for entry in world.custody()] == ["registered", "received", "fixity_ok", "copied"]


class Killed(BaseException):
    """A worker that ends in the middle."""


def test_worker_killed_while_scanning_scans_again(
    world: World, clamd: Clamd, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dying(_pieces: object) -> str:
        raise Killed

    file = world.receive(photo())
    with monkeypatch.context() as patched:
        patched.setattr(tasks, "scan", dying)
        with pytest.raises(Killed):
            run(file)
    job = job_of(file)
    job.state = OwedState.OWED
    job.save(update_fields=["state"])
    run(file)
    assert world.file_now(file).check_state == FileState.CHECKED
    before = world.state()
    run(file)
    assert world.state() == before, "a message that comes twice does everything once"
    assert len(clamd.streams) == 1


def test_what_we_drew_ourselves_is_not_scanned(world: World, clamd: Clamd) -> None:
    file = world.receive(photo())
    run(file)
    with entering(world.investigator, "test"):
        preview = FileObject.objects.get(derived_from=file.pk, copy_kind=CopyKind.THUMBNAIL)
    assert preview.check_state == FileState.CHECKED
    assert len(clamd.streams) == 1


@pytest.mark.parametrize(
    ("told", "where"),
    [
        ("", None),
        ("/run/clamav/clamd.ctl", "/run/clamav/clamd.ctl"),
        ("127.0.0.1:3310", ("127.0.0.1", 3310)),
        ("scanner:3310", ("scanner", 3310)),
    ],
)
def test_address_of_the_scanner(monkeypatch: pytest.MonkeyPatch, told: str, where: object) -> None:
    monkeypatch.setenv("CLAMD", told)
    assert env.address("CLAMD") == where


@pytest.mark.parametrize("told", ["off", "scanner:", ":3310", "scanner:99999", "scanner:http"])
def test_address_that_is_none_stops_the_start(monkeypatch: pytest.MonkeyPatch, told: str) -> None:
    monkeypatch.setenv("CLAMD", told)
    with pytest.raises(ImproperlyConfigured, match="CLAMD"):
        env.address("CLAMD")
