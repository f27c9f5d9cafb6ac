"""The server's side of the chamber: start it, hand it one job, judge the form of its answer, and end it.

Promise: the process is spawned, not forked: it inherits no memory, no environment, no descriptor and no
working folder of ours, and it ends with us, since its pipe does. Called by the keeper of sessions.
"""

import base64
import binascii
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final, cast
from uuid import UUID

from cases.chamber import wire
from vault.custodian.answers import Answer
from vault.custodian.errors import KeyRefused
from vault.custodian.keys import BoxKey

_ROOT: Final = Path(__file__).resolve().parents[2]
PROGRAM: Final = "import sys; sys.path.insert(0, {root!r}); from cases.chamber.child import main; main()"
_START_SECONDS: Final = 60.0
_WORK_SECONDS: Final = 900.0
WORDS: Final = frozenset({"block", "clear", "look"})
FAULTS: Final = ("half", "closed")
_AGE: Final = b"age-encryption.org/v1\n-> scrypt "  # what an age file for a passphrase begins with


class ChamberEnded(Exception):
    """The process is gone, or talks nonsense: its key is lost, and nobody opens what was sent to it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Something to be compared with the names: its number in the queue, its text, and who wrote it."""

    number: int
    text: str = field(repr=False)
    author: str


@dataclass(frozen=True, slots=True)
class Job:
    """All that the chamber is handed: what opens the names, and what they are compared with."""

    answer: Answer = field(repr=False)
    duplicates: bool
    pseudonyms: tuple[Place, ...] = ()
    texts: tuple[Place, ...] = ()
    streams: tuple[Place, ...] = ()  # bytes, in base64

    def facts(self) -> dict[str, object]:
        return {
            "answer": base64.b64encode(self.answer.write()).decode(),
            "duplicates": self.duplicates,
            "pseudonyms": [_facts(one) for one in self.pseudonyms],
            "texts": [_facts(one) for one in self.texts],
            "streams": [_facts(one) for one in self.streams],
        }


@dataclass(frozen=True, slots=True)
class Entry:
    """One witness of a hand-over, as the recipient knows them."""

    witness: UUID
    code: str
    pseudonym: str = field(repr=False)
    fields: tuple[str, ...] = ()  # what goes in; the witness agreed to it, and it speaks of nobody else


@dataclass(frozen=True, slots=True)
class Letter:
    """What stands in a handed-over file beside the names, and the words that it is encrypted to."""

    words: str = field(repr=False)
    about: Mapping[str, str]
    labels: Mapping[str, str]  # what each field is called in English
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Parcel:
    """All that the chamber is handed to encrypt names to a recipient."""

    answer: Answer = field(repr=False)
    letter: Letter

    def facts(self) -> dict[str, object]:
        letter = self.letter
        return {
            "answer": base64.b64encode(self.answer.write()).decode(),
            "words": letter.words,
            "about": dict(letter.about),
            "labels": dict(letter.labels),
            "entries": [
                {
                    "witness": str(one.witness),
                    "code": one.code,
                    "pseudonym": one.pseudonym,
                    "fields": list(one.fields),
                }
                for one in letter.entries
            ],
        }


@dataclass(frozen=True, slots=True)
class Handed:
    """What came of a hand-over: the encrypted file, or a fault; `holder` is whose half was false."""

    sealed: bytes = field(default=b"", repr=False)
    fault: str = ""
    holder: UUID | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the answer: a word about a place of the queue, or about a pair of witnesses."""

    check: str
    place: int
    word: str
    pair: tuple[UUID, ...]
    part: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """The answer. `fault` is empty where all went well; `holder` is whose half was false."""

    lines: tuple[Told, ...] = ()
    authors: Mapping[str, int] = field(default_factory=dict)
    too_many: bool = False
    fault: str = ""
    holder: UUID | None = None


class Chamber:
    """One process for one session. `key` is the public half of its one-time key."""

    def __init__(self) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-I", "-B", "-c", PROGRAM.format(root=str(_ROOT))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"LC_ALL": "C.UTF-8"},
            cwd="/",
            close_fds=True,
            start_new_session=True,
        )
        try:
            said = self._talk(None, _START_SECONDS)
            self.key = BoxKey(base64.b64decode(str(said.get("key")), validate=True))
        except (ChamberEnded, KeyRefused, binascii.Error):
            self.end()
            raise ChamberEnded from None

    @property
    def lives(self) -> bool:
        """Tell whether the process, and with it the key, is still there."""
        return self._child.poll() is None

    @property
    def pid(self) -> int:
        return self._child.pid

    def compare(self, job: Job) -> Report:
        """Hand over the job and wait for its report. Raises `ChamberEnded`."""
        return _report(self._talk(job.facts(), _WORK_SECONDS))

    def hand_over(self, parcel: Parcel) -> Handed:
        """Hand over the names' halves and the words; wait for the encrypted file. Raises `ChamberEnded`."""
        return handed(self._talk(parcel.facts(), _WORK_SECONDS, most=wire.MOST_HANDED))

    def end(self) -> None:
        """Kill it, whatever it does. Safe to repeat."""
        self._child.kill()
        self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            with suppress(BrokenPipeError):
                cast("BinaryIO", pipe).close()

    def _talk(
        self, said: Mapping[str, object] | None, seconds: float, *, most: int = wire.MOST_ANSWERED
    ) -> dict[str, object]:
        clock = threading.Timer(seconds, self._child.kill)
        clock.start()
        try:
            if said is not None:
                wire.say(cast("BinaryIO", self._child.stdin), said)
            return wire.hear(cast("BinaryIO", self._child.stdout), most=most)
        except (wire.Garbled, OSError, ValueError):
            raise ChamberEnded from None
        finally:
            clock.cancel()


def _facts(one: Place) -> dict[str, object]:
    return {"place": one.number, "text": one.text, "author": one.author}


def handed(said: Mapping[str, object]) -> Handed:
    """Read the answer to a hand-over: ciphertext, or a fault, and nothing else. Raises `ChamberEnded`."""
    try:
        if "fault" in said:
            return Handed(fault=_fault(said["fault"]), holder=_holder(said))
        sealed = base64.b64decode(str(said["sealed"]), validate=True)
        if set(said) != {"sealed"} or not sealed.startswith(_AGE):
            raise ChamberEnded
    except (binascii.Error, KeyError, ValueError):
        raise ChamberEnded from None
    return Handed(sealed)


def _holder(said: Mapping[str, object]) -> UUID | None:
    return UUID(str(said["holder"])) if "holder" in said else None


def _report(said: Mapping[str, object]) -> Report:
    """Read an answer; what is no answer is the end of the process. Raises `ChamberEnded`."""
    try:
        if "fault" in said:
            return Report(fault=_fault(said["fault"]), holder=_holder(said))
        lines = tuple(_told(one) for one in cast("list[Mapping[str, object]]", said["lines"]))
        authors = {str(who): int(hits) for who, hits in cast("dict[str, int]", said["authors"]).items()}
        return Report(lines, authors, too_many=said["too_many"] is True)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise ChamberEnded from None


def _fault(said: object) -> str:
    """One of the two words there are: what is told goes into the log."""
    if said not in FAULTS:
        raise ValueError("This is none of the faults.")
    return str(said)


def _told(one: Mapping[str, object]) -> Told:
    word = str(one["word"])
    if word not in WORDS:
        raise ValueError("This is none of the three words.")
    pair = tuple(UUID(str(who)) for who in cast("list[str]", one["pair"]))
    return Told(str(one["check"]), int(str(one["place"])), word, pair, int(str(one["part"])))
