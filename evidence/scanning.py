"""Asking a virus scanner: clamd, by its own command INSTREAM, where one is configured.

Promise: only the scanner's own word that it found nothing in exactly these bytes is taken for that. No
answer, a late one, a fault, or words that are none of the protocol raise `ScannerSilent`, and the file waits.
The scanner sees content: its address is a socket of this machine, or of a network that is ours alone.
"""

import contextlib
import re
import socket
import time
from collections.abc import Iterable, Iterator

from django.conf import settings

# Why a file waits, in its owed row.
SILENT = "scanner_silent"
# What is kept, sealed, of a file in which nothing was found.
CLEAN = "OK"
CONNECT_SECONDS = 5.0
READ_SECONDS = 120.0
# Less than the time after which a sweep believes that nobody works on the file any more.
SCAN_SECONDS = 600.0
_PIECE = 1 << 20
_MOST_ANSWER = 4096
_FOUND = re.compile(rb"stream: ([ -~]{1,200}) FOUND\0")


class ScannerSilent(Exception):
    """The scanner gave no answer that counts: nothing is known of the file."""


class TooLargeToScan(Exception):
    """The scanner takes no file of this size; asking again would change nothing."""


def scan(pieces: Iterable[bytes]) -> str:
    """Return what was found, or "" for nothing. Raises `ScannerSilent`, `TooLargeToScan`."""
    with _speaking(SCAN_SECONDS) as line:
        line.ask(b"zINSTREAM\0")
        with contextlib.suppress(_HungUp):  # then its answer says why
            for piece in pieces:
                for at in range(0, len(piece), _PIECE):
                    part = piece[at : at + _PIECE]
                    line.ask(len(part).to_bytes(4) + part)
            line.ask(bytes(4))
        answer = line.answer()
    if answer == b"stream: OK\0":
        return ""
    if answer.startswith(b"INSTREAM size limit exceeded"):
        raise TooLargeToScan
    found = _FOUND.fullmatch(answer)
    if found is None:
        raise ScannerSilent
    return found[1].decode("ascii")


def answers() -> bool:
    """Tell whether files can go on: the scanner answers, or there is none to ask."""
    if settings.CLAMD is None:
        return True
    try:
        with _speaking(CONNECT_SECONDS) as line:
            line.ask(b"zPING\0")
            return line.answer() == b"PONG\0"
    except ScannerSilent:
        return False


class _HungUp(ScannerSilent):
    """It ended the connection while we spoke; what it said before may still be heard."""


class _Line:
    """A connection with a time at which it is over, however slowly the other side speaks.

    What goes wrong with it is the scanner's silence; what goes wrong with the file meanwhile is not.
    """

    def __init__(self, connection: socket.socket, seconds: float) -> None:
        self._connection, self._until = connection, time.monotonic() + seconds

    def ask(self, content: bytes) -> None:
        """Send all of it."""
        try:
            self._connection.settimeout(self._left())
            self._connection.sendall(content)
        except (BrokenPipeError, ConnectionResetError) as fault:
            raise _HungUp from fault
        except OSError as fault:
            raise ScannerSilent from fault

    def answer(self) -> bytes:
        """Wait for the whole answer, which ends with a zero."""
        heard = b""
        while not heard.endswith(b"\0"):
            try:
                self._connection.settimeout(self._left())
                part = self._connection.recv(_MOST_ANSWER)
            except OSError as fault:
                raise ScannerSilent from fault
            heard += part
            if not part or len(heard) > _MOST_ANSWER:
                raise ScannerSilent
        return heard

    def _left(self) -> float:
        left = min(READ_SECONDS, self._until - time.monotonic())
        if left <= 0:
            raise TimeoutError
        return left


@contextlib.contextmanager
def _speaking(seconds: float) -> Iterator[_Line]:
    where = settings.CLAMD or ""
    family = socket.AF_UNIX
    if isinstance(where, tuple):
        family = socket.AF_INET6 if ":" in where[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as connection:
        try:
            connection.settimeout(CONNECT_SECONDS)
            connection.connect(where)
        except OSError as fault:
            raise ScannerSilent from fault
        yield _Line(connection, seconds)
