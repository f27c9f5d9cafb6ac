"""Joining what two custodians returned, with the one-time key of the request.

Promise: a secret is joined from two approvals of one request, each half checked against the digest that was
kept when the identity was sealed, and a false half is named. Nothing here judges who may ask: see `judging`.
Called by the server for a page, by its sessions, and by the requester's tool with an `Answer` file.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from vault.custodian import canonical, layers
from vault.custodian.canonical import Reader, Value, written
from vault.custodian.errors import HalfRefused, PaperRefused
from vault.custodian.keys import BoxSecret
from vault.custodian.pairs import Binding, Half, OpenedHalf, Subject, check_half, join
from vault.custodian.papers import (
    LIMIT,
    MOST_SUBJECTS,
    Decision,
    Request,
    Returned,
    half_facts,
    read_binding,
)
from vault.errors import NotVerified

_KIND: Final = "casemgr answer"

Digests = Mapping[Binding, bytes]


def join_secrets(
    request: Request, approvals: tuple[Decision, Decision], one_time: BoxSecret, digests: Digests
) -> dict[Subject, bytes]:
    """Return the secret of each subject. `digests` are those kept for the halves.

    Raises `HalfRefused`, which names whose half is false, or `PaperRefused` where a pair is not complete.
    """
    mine, theirs = ({one.binding: one for one in approval.halves} for approval in approvals)
    secrets: dict[Subject, bytes] = {}
    for binding, returned in mine.items():
        other = theirs.get(binding.other)
        if other is not None and binding.subject not in secrets:
            opened = [_open(request, one, one_time, digests) for one in (returned, other)]
            secrets[binding.subject] = join(opened)
    if set(secrets) != set(request.subjects):
        raise PaperRefused("These two people have no pair for somebody whom the request names.")
    return secrets


def _open(request: Request, returned: Returned, one_time: BoxSecret, digests: Digests) -> OpenedHalf:
    binding = returned.binding
    try:
        half = one_time.decrypt(returned.encrypted, request.returning(binding))
    except NotVerified:
        raise HalfRefused(binding.holder, "was not encrypted for this request") from None
    if binding not in digests:
        raise HalfRefused(binding.holder, "is not one that was kept")
    return check_half(Half(binding, b"", digests[binding]), half)


@dataclass(frozen=True, slots=True)
class Item:
    """One sealed version with the server's layer taken off its key."""

    subject: Subject
    inner: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What the requester's tool is handed once two people agreed."""

    request: Request
    approvals: tuple[Decision, Decision]
    items: tuple[Item, ...]
    digests: Digests

    def open(self, one_time: BoxSecret) -> dict[Subject, bytes]:
        """Return the content of each version. Raises `HalfRefused`, `PaperRefused` or `NotVerified`."""
        secrets = join_secrets(self.request, self.approvals, one_time, self.digests)
        return {one.subject: open_item(one, secrets[one.subject]) for one in self.items}

    def write(self) -> bytes:
        subjects = self.request.subjects
        items: list[Value] = [
            {
                "subject": subjects.index(one.subject),
                "inner": written(one.inner),
                "sealed": written(one.sealed),
            }
            for one in self.items
        ]
        digests: list[Value] = [
            half_facts(binding, subjects) | {"digest": written(digest)}
            for binding, digest in self.digests.items()
        ]
        return canonical.encode(
            {
                "kind": _KIND,
                "request": self.request.facts(),
                "approvals": [_signed(one) for one in self.approvals],
                "items": items,
                "digests": digests,
            }
        )

    @staticmethod
    def read(raw: bytes) -> "Answer":
        """Read what `write` returned; raises `PaperRefused`."""
        reader = Reader(canonical.decode(raw, limit=LIMIT))
        if reader.text("kind") != _KIND:
            raise PaperRefused("This is not an answer.")
        request = Request.read(reader.part("request"))
        approvals = [_approval(Reader(one), request) for one in reader.list("approvals", most=2)]
        items = [_item(Reader(one), request) for one in reader.list("items", most=MOST_SUBJECTS)]
        digests = dict(_digests(reader.list("digests", most=MOST_SUBJECTS * 32), request))
        reader.end()
        if len(approvals) != 2:
            raise PaperRefused("An answer holds two approvals.")
        return Answer(request, (approvals[0], approvals[1]), tuple(items), digests)


def open_item(item: Item, secret: bytes) -> bytes:
    """Return the content of one version; raises `NotVerified`."""
    key = layers.open_inner(item.inner, item.subject, secret)
    return layers.open_content(key, item.subject, item.sealed)


def _signed(decision: Decision) -> dict[str, Value]:
    return {"decision": decision.facts(), "signature": written(decision.signature)}


def _approval(reader: Reader, request: Request) -> Decision:
    decision = Decision.of_facts(reader.part("decision"), request, reader.raw("signature", 64))
    reader.end()
    return decision


def _item(reader: Reader, request: Request) -> Item:
    place = reader.number("subject")
    if place >= len(request.subjects):
        raise PaperRefused("The answer holds somebody whom the request does not name.")
    item = Item(request.subjects[place], reader.raw("inner"), reader.raw("sealed"))
    reader.end()
    return item


def _digests(listed: Iterable[object], request: Request) -> Iterable[tuple[Binding, bytes]]:
    for one in listed:
        reader = Reader(one)
        yield read_binding(reader, request.subjects), reader.raw("digest", 32)
        reader.end()
