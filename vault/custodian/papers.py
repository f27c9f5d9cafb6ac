"""What travels as files between a server, a requester and custodians.

    Request    what shall be opened, for whom, why, until when, and the one-time key it is opened to
    Ask        the request with the halves that one custodian can open: what that custodian is handed
    Decision   approval, veto, or the lifting of a veto, signed over the digest of exactly that request;
               an approval carries the custodian's halves, encrypted to the one-time key, bound to the request

Promise: a request that was changed in any letter has another digest, and no decision on it holds. A decision
is one person's on one request; it carries no time of its own making, since a laptop's clock proves nothing:
the server writes down when it came. Called by the server's actions and by the tool.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from uuid import UUID

from vault.custodian import canonical
from vault.custodian.canonical import Reader, Value, written
from vault.custodian.errors import KeyRefused, PaperRefused
from vault.custodian.keys import BOX_LENGTH, BoxKey, PrivateKeys
from vault.custodian.pairs import Binding, Half, Matter, OpenedHalf, Pair, Side, Subject, open_half
from vault.envelope import encode

LIMIT: Final = 32 * 1024 * 1024  # a session over 500 witnesses with eight custodians
MOST_SUBJECTS: Final = 500
LONGEST_LIFE: Final = 14 * 24 * 3600  # seconds
_MOST_HALVES: Final = MOST_SUBJECTS * 16
_MOST_FIELDS: Final = 40
_REQUEST: Final = b"casemgr request 1"
_RETURNED: Final = b"casemgr returned half 1"
SIGNED_AS: Final = "decision"
DRILLS: Final = "DRILL"  # in the place of a case's code, for what was invented; no case has such a code
_NAMED: Final = {Matter.IDENTITY: "witnesses", Matter.CASE_LOCK: "locks"}


class Kind(StrEnum):
    """What is asked for. Unsealing and drill show one witness; session and hand-over show nobody; what
    reopens a locked case opens no name at all.
    """

    DRILL = "drill"
    HANDOVER = "handover"
    REOPEN = "reopen"
    SESSION = "session"
    UNSEAL = "unseal"


class Verdict(StrEnum):
    APPROVE = "approve"
    LIFT = "lift-veto"
    VETO = "veto"


@dataclass(frozen=True, slots=True)
class Request:
    """Exactly what two people sign. Times are whole seconds since 1970, UTC."""

    id: UUID
    kind: Kind
    subjects: tuple[Subject, ...]
    fields: tuple[str, ...]
    purpose: str
    reason: str
    requester_id: UUID
    requester: str  # a staff code
    directory: int
    directory_digest: bytes
    bound: tuple[tuple[str, str], ...]  # what else is signed: an export's number, a digest of material
    made_at: int
    expires_at: int
    key: BoxKey

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(encode(_REQUEST, canonical.encode(self.facts()))).digest()

    @property
    def is_of_one_witness(self) -> bool:
        return self.kind in {Kind.UNSEAL, Kind.DRILL}

    @property
    def matter(self) -> Matter:
        """What the secrets are of that the request asks for."""
        return Matter.CASE_LOCK if self.kind is Kind.REOPEN else Matter.IDENTITY

    @property
    def is_too_many_locks(self) -> bool:
        return self.kind is Kind.REOPEN and (len(self.subjects) != 1 or bool(self.fields))

    def check(self) -> None:
        """Raise `PaperRefused` where the request asks for more than its kind may."""
        first = self.subjects[0] if self.subjects else None
        if first is None or len(set(self.subjects)) != len(self.subjects):
            raise PaperRefused("The request names nobody, or somebody twice.")
        if len({(one.case_id, one.case_code) for one in self.subjects}) != 1:
            raise PaperRefused("A request is about one case.")
        if (self.kind == Kind.DRILL) != (first.case_code == DRILLS):
            raise PaperRefused("A drill opens what was invented for it, and nothing else does.")
        if {one.matter for one in self.subjects} != {self.matter} or self.is_too_many_locks:
            raise PaperRefused("The request asks for one thing and names another.")
        if self.is_of_one_witness and len({one.witness_id for one in self.subjects}) != 1:
            raise PaperRefused("Such a request is about one witness; there is no bulk.")
        if self.is_of_one_witness and not self.fields:
            raise PaperRefused("The request says no fields.")
        if not 0 < self.expires_at - self.made_at <= LONGEST_LIFE:
            raise PaperRefused("The request's time to live is not one that is accepted.")

    def check_time(self, now: float) -> None:
        """Raise `PaperRefused` once the request has expired."""
        if now >= self.expires_at:
            raise PaperRefused("The request has expired.")

    def returning(self, binding: Binding) -> bytes:
        """Return what a returned half is bound to: this request, and which half it is."""
        return encode(_RETURNED, self.digest, binding.info)

    def facts(self) -> dict[str, Value]:
        first = self.subjects[0]
        return {
            "id": str(self.id),
            "kind": self.kind.value,
            "case_id": str(first.case_id),
            "case_code": first.case_code,
            _NAMED[self.matter]: [
                {"id": str(one.witness_id), "code": one.witness_code, "version": one.version}
                for one in self.subjects
            ],
            "fields": list(self.fields),
            "purpose": self.purpose,
            "reason": self.reason,
            "requester_id": str(self.requester_id),
            "requester": self.requester,
            "directory": self.directory,
            "directory_digest": written(self.directory_digest),
            "bound": [{"name": name, "value": value} for name, value in self.bound],
            "made_at": self.made_at,
            "expires_at": self.expires_at,
            "key": written(self.key.raw),
        }

    @staticmethod
    def read(reader: Reader) -> "Request":
        """Read what `facts` returned and check it; raises `PaperRefused`."""
        case_id, case_code = reader.id("case_id"), reader.text("case_code", longest=80)
        kind = _kind(reader.text("kind"))
        matter = Matter.CASE_LOCK if kind is Kind.REOPEN else Matter.IDENTITY
        witnesses = [Reader(one) for one in reader.list(_NAMED[matter], most=MOST_SUBJECTS)]
        bound = [Reader(one) for one in reader.list("bound", most=_MOST_FIELDS)]
        try:
            request = Request(
                id=reader.id("id"),
                kind=kind,
                subjects=tuple(_subject(case_id, case_code, one, matter) for one in witnesses),
                fields=reader.texts("fields", most=_MOST_FIELDS, longest=60),
                purpose=reader.text("purpose"),
                reason=reader.text("reason", longest=1000, may_be_empty=True),
                requester_id=reader.id("requester_id"),
                requester=reader.text("requester", longest=40),
                directory=reader.number("directory"),
                directory_digest=reader.raw("directory_digest", 32),
                bound=tuple((one.text("name", longest=60), one.text("value", longest=300)) for one in bound),
                made_at=reader.number("made_at"),
                expires_at=reader.number("expires_at"),
                key=BoxKey(reader.raw("key", BOX_LENGTH)),
            )
        except KeyRefused as refused:
            raise PaperRefused(str(refused)) from None
        for part in (reader, *witnesses, *bound):
            part.end()
        request.check()
        return request


def _kind(said: str) -> Kind:
    try:
        return Kind(said)
    except ValueError:
        raise PaperRefused("The request is of a kind that this program does not know.") from None


def _subject(case_id: UUID, case_code: str, reader: Reader, matter: Matter) -> Subject:
    code, version = reader.text("code", longest=40), reader.number("version")
    return Subject(case_id, case_code, reader.id("id"), code, version, matter)


def half_facts(binding: Binding, subjects: Sequence[Subject]) -> dict[str, Value]:
    """Return where a half belongs, its subject as a place in the list of the request's."""
    if binding.subject not in subjects:
        raise PaperRefused("A half belongs to nobody whom the request names.")
    return {
        "subject": subjects.index(binding.subject),
        "first": str(binding.pair.first),
        "second": str(binding.pair.second),
        "side": int(binding.side),
        "directory": binding.directory,
    }


def read_binding(reader: Reader, subjects: Sequence[Subject]) -> Binding:
    """Read what `half_facts` returned; raises `PaperRefused`."""
    place, first, second = reader.number("subject"), reader.id("first"), reader.id("second")
    side, directory = reader.number("side"), reader.number("directory")
    if place >= len(subjects) or side > 1 or first == second:
        raise PaperRefused("A half in the file belongs to nobody that the request names.")
    return Binding(subjects[place], Pair(first, second), Side(side), directory)


@dataclass(frozen=True, slots=True)
class Ask:
    """A request as one custodian is handed it."""

    request: Request
    halves: tuple[Half, ...]

    def write(self) -> bytes:
        halves = [
            half_facts(one.binding, self.request.subjects)
            | {"encrypted": written(one.encrypted), "digest": written(one.digest)}
            for one in self.halves
        ]
        return canonical.encode({"kind": "casemgr ask", "request": self.request.facts(), "halves": halves})

    @staticmethod
    def read(raw: bytes) -> "Ask":
        """Read what `write` returned; raises `PaperRefused`."""
        reader = _open(raw, "casemgr ask")
        request, listed = Request.read(reader.part("request")), reader.list("halves", most=_MOST_HALVES)
        reader.end()
        return Ask(request, tuple(_half(Reader(one), request.subjects) for one in listed))


def _half(reader: Reader, subjects: Sequence[Subject]) -> Half:
    half = Half(read_binding(reader, subjects), reader.raw("encrypted"), reader.raw("digest", 32))
    reader.end()
    return half


@dataclass(frozen=True, slots=True)
class Returned:
    """One half, encrypted to the one-time key of a request."""

    binding: Binding
    encrypted: bytes


@dataclass(frozen=True, slots=True)
class Decision:
    """One member's word on one request."""

    verdict: Verdict
    request: Request
    by: UUID
    reason: str
    halves: tuple[Returned, ...]
    signature: bytes = field(default=b"")

    def write(self) -> bytes:
        return canonical.encode(
            {"kind": "casemgr decision", "decision": self.facts(), "signature": written(self.signature)}
        )

    def facts(self) -> dict[str, Value]:
        """Return what is signed."""
        halves = [
            half_facts(one.binding, self.request.subjects) | {"encrypted": written(one.encrypted)}
            for one in self.halves
        ]
        return {
            "verdict": self.verdict.value,
            "request_id": str(self.request.id),
            "request": written(self.request.digest),
            "by": str(self.by),
            "reason": self.reason,
            "halves": halves,
        }

    @property
    def signed_bytes(self) -> bytes:
        return canonical.encode(self.facts())

    @staticmethod
    def named(raw: bytes) -> UUID:
        """Return the id of the request that a paper says it is about, not believed yet."""
        return _open(raw, "casemgr decision").part("decision").id("request_id")

    @staticmethod
    def read(raw: bytes, request: Request) -> "Decision":
        """Read a paper about `request`; raises `PaperRefused`. Who signed is judged by `judging`."""
        reader = _open(raw, "casemgr decision")
        decision = Decision.of_facts(reader.part("decision"), request, reader.raw("signature", 64))
        reader.end()
        return decision

    @staticmethod
    def of_facts(reader: Reader, request: Request, signature: bytes) -> "Decision":
        """Read what `facts` returned, for `request` alone."""
        if reader.id("request_id") != request.id or reader.raw("request", 32) != request.digest:
            raise PaperRefused("The answer is to another request, or the request was changed since.")
        try:
            verdict = Verdict(reader.text("verdict"))
        except ValueError:
            raise PaperRefused("The answer is neither approval nor veto.") from None
        by, reason = reader.id("by"), reader.text("reason", longest=1000, may_be_empty=True)
        halves = tuple(_returned(Reader(one), request) for one in reader.list("halves", most=_MOST_HALVES))
        reader.end()
        if (verdict == Verdict.APPROVE) != bool(halves):
            raise PaperRefused("An approval carries halves, and nothing else does.")
        return Decision(verdict, request, by, reason, halves, signature)


def _returned(reader: Reader, request: Request) -> Returned:
    returned = Returned(read_binding(reader, request.subjects), reader.raw("encrypted"))
    reader.end()
    return returned


def approve(ask: Ask, by: UUID, keys: PrivateKeys, reason: str = "") -> Decision:
    """Return a signed approval: every half of `by` in the ask, opened and encrypted to the one-time key.

    Raises `HalfRefused` where a half is not what the request says, and `PaperRefused` where one is missing.
    """
    request = ask.request
    mine = [one for one in ask.halves if one.binding.holder == by]
    if {one.binding.subject for one in mine} != set(request.subjects):
        raise PaperRefused("The file holds no half of yours for somebody whom it names.")
    returned = tuple(_return(request, open_half(one, keys.box)) for one in mine)
    return _signed(Decision(Verdict.APPROVE, request, by, reason, returned), keys)


def decide(verdict: Verdict, request: Request, by: UUID, keys: PrivateKeys, reason: str) -> Decision:
    """Return a signed veto, or the lifting of one."""
    if verdict == Verdict.APPROVE:
        raise ValueError("An approval carries halves: call approve().")
    return _signed(Decision(verdict, request, by, reason, ()), keys)


def _return(request: Request, opened: OpenedHalf) -> Returned:
    sent = request.key.encrypt(opened.half, request.returning(opened.binding))
    return Returned(opened.binding, sent)


def _signed(decision: Decision, keys: PrivateKeys) -> Decision:
    signature = keys.sign(SIGNED_AS, decision.signed_bytes)
    return Decision(
        decision.verdict, decision.request, decision.by, decision.reason, decision.halves, signature
    )


def _open(raw: bytes, kind: str) -> Reader:
    reader = Reader(canonical.decode(raw, limit=LIMIT))
    if reader.text("kind") != kind:
        raise PaperRefused(f"This is not a paper of the kind `{kind}`.")
    return reader
