"""The program of the process that compares or hands over: it makes a key, waits, works once, and is killed.

Promise: before it hears anything it has put up its walls; it never writes a name in clear, neither into its
answer nor anywhere else. It opens only what two custodians returned to its own key, for a request of the kind
of what it is to do: what was agreed for a comparison is handed to nobody, and the reverse.
"""

import base64
import binascii
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, cast
from uuid import UUID

from cases.chamber import likeness, parcel, wire
from cases.chamber.likeness import CLEAR, LOOK, Found, Index, Person
from cases.chamber.streams import texts_in
from vault import walls
from vault.custodian.answers import Answer
from vault.custodian.errors import HalfRefused
from vault.custodian.keys import BoxSecret
from vault.custodian.pairs import Subject
from vault.custodian.papers import Kind
from vault.errors import VaultError

MEMORY: Final = 2 * 1024 * 1024 * 1024  # of addresses; the libraries alone map several hundred MiB
CPU_SECONDS: Final = 600
MOST_PLACES: Final = 20
MOST_PEOPLE: Final = 5

Facts = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Line:
    """A word about one place: the check it belongs to, the number of the place, and who wrote there."""

    check: str
    found: Found
    place: int = 0
    author: str = ""
    part: int = 0

    def facts(self) -> dict[str, object]:
        """What is told. Who it could be is told of duplicates alone: that is what was asked."""
        pair = sorted(self.found.people) if self.check == "duplicates" else []
        return {
            "check": self.check,
            "place": self.place,
            "part": self.part,
            "word": self.found.word,
            "pair": pair,
        }


def main() -> None:
    """Say the key, hear the one job, answer it."""
    hearing, telling = sys.stdin.buffer, sys.stdout.buffer
    secret = BoxSecret.new()
    secret.decrypt(secret.public.encrypt(b"", b""), b"")  # what is loaded at first use is loaded now
    walls.put_up(MEMORY, CPU_SECONDS)
    wire.say(telling, {"key": base64.b64encode(secret.public.raw).decode()})
    with suppress(wire.Garbled):  # whoever holds us has ended: so do we
        wire.say(telling, answer(wire.hear(hearing, most=wire.MOST_ASKED), secret))


def answer(job: Facts, secret: BoxSecret) -> dict[str, object]:
    """Open, and compare or encrypt; a fault is a word, too."""
    try:
        if "words" in job:
            return parcel.encrypted(job, _open(job, secret, Kind.HANDOVER))
        return compare(job, _people(_open(job, secret, Kind.SESSION)))
    except HalfRefused as refused:
        return {"fault": "half", "holder": str(refused.holder)}
    except (VaultError, binascii.Error, KeyError, TypeError, ValueError):
        return {"fault": "closed"}


def _open(job: Facts, secret: BoxSecret, kind: Kind) -> dict[Subject, bytes]:
    handed = Answer.read(base64.b64decode(str(job["answer"]), validate=True))
    if handed.request.kind != kind or handed.request.key != secret.public:
        raise ValueError("This was asked for something else.")
    return handed.open(secret)


def _people(opened: Mapping[Subject, bytes]) -> list[Person]:
    said: dict[UUID, list[dict[str, str]]] = {}
    for subject, content in opened.items():
        fields = json.loads(content)
        said.setdefault(subject.witness_id, []).append({str(name): str(fields[name]) for name in fields})
    return [Person(str(one), tuple(versions)) for one, versions in said.items()]


def compare(job: Facts, people: Sequence[Person]) -> dict[str, object]:
    """Run what is queued; beyond the limits say no more than that there was too much."""
    pairs = (likeness.duplicates(people) or [Found(CLEAR)]) if job["duplicates"] else []
    lines = [Line("duplicates", one) for one in pairs]
    lines += [
        Line("pseudonyms", likeness.pseudonym(str(one["text"]), people), _place(one), str(one["author"]))
        for one in _listed(job, "pseudonyms")
    ]
    index = likeness.Index(people)
    for one in _listed(job, "texts"):
        found = likeness.passages(str(one["text"]), index)
        lines += [Line("texts", word, _place(one), str(one["author"]), part) for part, word in found]
    lines += [
        Line("streams", _stream(one, index), _place(one), str(one["author"]))
        for one in _listed(job, "streams")
    ]
    return tell(lines)


def _stream(one: Facts, index: Index) -> Found:
    """What bytes say; what could not be read to its end is for a person to look at."""
    found: list[Found] = []
    try:
        found.extend(index.read(text) for text in texts_in(base64.b64decode(str(one["text"]))))
    except Exception:  # noqa: BLE001  # hostile bytes: whatever a reader stumbles over, the others are still compared
        found.append(Found(LOOK))
    return likeness.worst(found)


def tell(lines: Sequence[Line]) -> dict[str, object]:
    """The answer: places and words, or only that there were too many; and how often for each author."""
    hits = [one for one in lines if one.found.word != CLEAR]
    people = {person for one in hits for person in one.found.people}
    too_many = len(hits) > MOST_PLACES or len(people) > MOST_PEOPLE
    return {
        "too_many": too_many,
        "lines": [] if too_many else [one.facts() for one in lines],
        "authors": dict(Counter(one.author for one in hits if one.author)),
    }


def _listed(job: Facts, name: str) -> list[Facts]:
    return cast("list[Facts]", job[name])


def _place(one: Facts) -> int:
    return int(str(one["place"]))
