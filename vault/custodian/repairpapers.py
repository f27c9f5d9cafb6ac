"""The three papers by which a newcomer gets halves: the repair, two helps, and what the newcomer completed.

Promise: each of the later two is signed over the digest of exactly that repair; what they mean is judged by
`repairing`. Called by the tool and by the server.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from vault.custodian import canonical
from vault.custodian.canonical import Facts, Reader, Value, written
from vault.custodian.directory import Member
from vault.custodian.errors import PaperRefused
from vault.custodian.keyfile import KeyFile
from vault.custodian.pairs import Binding, Half, Pair, Subject
from vault.custodian.papers import half_facts, read_binding
from vault.envelope import encode
from vault.errors import NotVerified

LIMIT: Final = 64 * 1024 * 1024
MOST_SOURCES: Final = 200  # more of them are another file
_MOST_PARTNERS: Final = 16
_REPAIR: Final = b"casemgr repair 1"
_HELPS: Final = b"casemgr helps of a repair 1"
_KINDS: Final = ("casemgr repair", "casemgr help", "casemgr completed repair")


@dataclass(frozen=True, slots=True)
class Source:
    """One sealed version and the two halves, as kept, that the newcomer's are made from."""

    halves: tuple[Half, Half]

    @property
    def subject(self) -> Subject:
        return self.halves[0].binding.subject

    @property
    def pair(self) -> Pair:
        return self.halves[0].binding.pair

    def half_of(self, member_id: UUID) -> Half:
        return next(one for one in self.halves if one.binding.holder == member_id)


@dataclass(frozen=True, slots=True)
class Repair:
    """Which newcomer becomes a pair with whom, from which halves, under which directory."""

    id: UUID
    directory: int
    directory_digest: bytes
    newcomer: UUID
    partners: tuple[UUID, ...]
    sources: tuple[Source, ...]

    @property
    def subjects(self) -> list[Subject]:
        return [one.subject for one in self.sources]

    @property
    def helpers(self) -> tuple[UUID, ...]:
        return tuple(
            sorted({one for source in self.sources for one in (source.pair.first, source.pair.second)})
        )

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(encode(_REPAIR, self.write())).digest()

    def write(self) -> bytes:
        subjects = self.subjects
        sources: list[Value] = [
            subject_facts(one.subject) | {"halves": [kept_facts(half, subjects) for half in one.halves]}
            for one in self.sources
        ]
        return canonical.encode(
            {
                "kind": _KINDS[0],
                "id": str(self.id),
                "directory": self.directory,
                "directory_digest": written(self.directory_digest),
                "newcomer": str(self.newcomer),
                "partners": [str(one) for one in self.partners],
                "sources": sources,
            }
        )

    @staticmethod
    def read(raw: bytes) -> "Repair":
        """Read what `write` returned; raises `PaperRefused`."""
        reader = _open(raw, _KINDS[0])
        listed = [Reader(one) for one in reader.list("sources", most=MOST_SOURCES)]
        subjects = [read_subject(one) for one in listed]
        partners = [Reader({"id": one}).id("id") for one in reader.list("partners", most=_MOST_PARTNERS)]
        repair = Repair(
            reader.id("id"),
            reader.number("directory"),
            reader.raw("directory_digest", 32),
            reader.id("newcomer"),
            tuple(partners),
            tuple(_source(one, subjects, place) for place, one in enumerate(listed)),
        )
        reader.end()
        if not repair.sources or len(set(subjects)) != len(subjects) or len(set(partners)) != len(partners):
            raise PaperRefused("The repair names nobody, or somebody twice.")
        if repair.newcomer in partners:
            raise PaperRefused("Nobody is a pair with themself.")
        return repair


def _source(reader: Reader, subjects: Sequence[Subject], place: int) -> Source:
    halves = read_halves(reader.list("halves", most=2), subjects)
    reader.end()
    if len(halves) != 2 or halves[0].binding.side != 0 or halves[1].binding != halves[0].binding.other:
        raise PaperRefused("A repair starts from the two halves of one pair.")
    if halves[0].binding.subject != subjects[place]:
        raise PaperRefused("A half in the repair is of somebody else.")
    return Source((halves[0], halves[1]))


@dataclass(frozen=True, slots=True)
class Sent:
    """Something encrypted to the newcomer. `binding` says which half it is or becomes."""

    binding: Binding
    encrypted: bytes


@dataclass(frozen=True, slots=True)
class Help:
    """One helper's part."""

    repair: bytes
    by: UUID
    halves: tuple[Half, ...]
    blinded: tuple[Sent, ...]
    given: tuple[Sent, ...]
    subjects: tuple[Subject, ...]
    signature: bytes = field(default=b"")

    @staticmethod
    def sign(
        repair: Repair,
        me: KeyFile,
        halves: tuple[Half, ...],
        blinded: tuple[Sent, ...],
        given: tuple[Sent, ...],
    ) -> "Help":
        part = Help(repair.digest, me.id, halves, blinded, given, tuple(repair.subjects))
        return replace(part, signature=me.keys.sign(_KINDS[1], canonical.encode(part.facts())))

    def check(self, repair: Repair, member: Member) -> None:
        """Raise `PaperRefused` unless `member` signed this over `repair`."""
        _belongs(self.repair, repair)
        _verify(member, _KINDS[1], self.facts(), self.signature)

    def facts(self) -> dict[str, Value]:
        return {
            "repair": written(self.repair),
            "by": str(self.by),
            "halves": [kept_facts(one, self.subjects) for one in self.halves],
            "blinded": [_sent_facts(one, self.subjects) for one in self.blinded],
            "given": [_sent_facts(one, self.subjects) for one in self.given],
        }

    def write(self) -> bytes:
        return _write(_KINDS[1], self.facts(), self.signature)

    @staticmethod
    def read(raw: bytes, repair: Repair) -> "Help":
        """Read a help with `repair`; raises `PaperRefused`."""
        subjects = tuple(repair.subjects)
        reader, signature = _read(raw, _KINDS[1])
        most = MOST_SOURCES * _MOST_PARTNERS
        part = Help(
            reader.raw("repair", 32),
            reader.id("by"),
            read_halves(reader.list("halves", most=most), subjects),
            _read_sent(reader.list("blinded", most=most), subjects),
            _read_sent(reader.list("given", most=MOST_SOURCES), subjects),
            subjects,
            signature,
        )
        reader.end()
        return part


@dataclass(frozen=True, slots=True)
class Completed:
    """The newcomer's part: the second halves, encrypted to the newcomer's own key, made from exactly these
    helps: a help that a helper did anew has other random values, and would make pairs that open nothing.
    """

    repair: bytes
    by: UUID
    helps: bytes
    halves: tuple[Half, ...]
    subjects: tuple[Subject, ...]
    signature: bytes = field(default=b"")

    @staticmethod
    def sign(repair: Repair, me: KeyFile, helps: Iterable[Help], halves: tuple[Half, ...]) -> "Completed":
        part = Completed(repair.digest, me.id, helps_digest(helps), halves, tuple(repair.subjects))
        return replace(part, signature=me.keys.sign(_KINDS[2], canonical.encode(part.facts())))

    def check(self, repair: Repair, member: Member) -> None:
        """Raise `PaperRefused` unless `member` signed this over `repair`."""
        if self.by != member.id:
            raise PaperRefused("The newcomer alone completes a repair.")
        _belongs(self.repair, repair)
        _verify(member, _KINDS[2], self.facts(), self.signature)

    def facts(self) -> dict[str, Value]:
        return {
            "repair": written(self.repair),
            "by": str(self.by),
            "helps": written(self.helps),
            "halves": [kept_facts(one, self.subjects) for one in self.halves],
        }

    def write(self) -> bytes:
        return _write(_KINDS[2], self.facts(), self.signature)

    @staticmethod
    def read(raw: bytes, repair: Repair) -> "Completed":
        """Read a completion with `repair`; raises `PaperRefused`."""
        subjects = tuple(repair.subjects)
        reader, signature = _read(raw, _KINDS[2])
        halves = reader.list("halves", most=MOST_SOURCES * _MOST_PARTNERS)
        part = Completed(
            reader.raw("repair", 32),
            reader.id("by"),
            reader.raw("helps", 32),
            read_halves(halves, subjects),
            subjects,
            signature,
        )
        reader.end()
        return part


def helps_digest(helps: Iterable[Help]) -> bytes:
    """Return what the newcomer signs of the helps that they joined."""
    parts = [hashlib.sha256(one.write()).digest() for one in sorted(helps, key=lambda one: one.by)]
    return hashlib.sha256(encode(_HELPS, *parts)).digest()


def subject_facts(subject: Subject) -> dict[str, Value]:
    """Return a subject as it stands alone in a paper."""
    return {
        "case_id": str(subject.case_id),
        "case_code": subject.case_code,
        "witness_id": str(subject.witness_id),
        "witness_code": subject.witness_code,
        "version": subject.version,
    }


def read_subject(reader: Reader) -> Subject:
    """Read what `subject_facts` returned."""
    return Subject(
        reader.id("case_id"),
        reader.text("case_code", longest=80),
        reader.id("witness_id"),
        reader.text("witness_code", longest=40),
        reader.number("version"),
    )


def kept_facts(half: Half, subjects: Sequence[Subject]) -> dict[str, Value]:
    """Return a half with its digest."""
    return half_facts(half.binding, subjects) | {
        "encrypted": written(half.encrypted),
        "digest": written(half.digest),
    }


def read_halves(listed: Iterable[object], subjects: Sequence[Subject]) -> tuple[Half, ...]:
    """Read a list of what `kept_facts` returned."""
    found = []
    for one in listed:
        reader = Reader(one)
        found.append(Half(read_binding(reader, subjects), reader.raw("encrypted"), reader.raw("digest", 32)))
        reader.end()
    return tuple(found)


def _sent_facts(sent: Sent, subjects: Sequence[Subject]) -> dict[str, Value]:
    return half_facts(sent.binding, subjects) | {"encrypted": written(sent.encrypted)}


def _read_sent(listed: Iterable[object], subjects: Sequence[Subject]) -> tuple[Sent, ...]:
    found = []
    for one in listed:
        reader = Reader(one)
        found.append(Sent(read_binding(reader, subjects), reader.raw("encrypted")))
        reader.end()
    return tuple(found)


def _belongs(named: bytes, repair: Repair) -> None:
    if named != repair.digest:
        raise PaperRefused("The file belongs to another repair.")


def _verify(member: Member, kind: str, facts: dict[str, Value], signature: bytes) -> None:
    try:
        member.keys.verify(signature, kind, canonical.encode(facts))
    except NotVerified:
        raise PaperRefused(f"The file is not signed by {member.code}.") from None


def _write(kind: str, facts: dict[str, Value], signature: bytes) -> bytes:
    return canonical.encode({"kind": kind, "part": facts, "signature": written(signature)})


def _read(raw: bytes, kind: str) -> tuple[Reader, bytes]:
    reader = _open(raw, kind)
    part, signature = reader.part("part"), reader.raw("signature", 64)
    reader.end()
    return part, signature


def _open(raw: bytes, kind: str) -> Reader:
    facts: Facts = canonical.decode(raw, limit=LIMIT)
    reader = Reader(facts)
    if reader.text("kind") != kind:
        raise PaperRefused(f"This is not a paper of the kind `{kind}`.")
    return reader
