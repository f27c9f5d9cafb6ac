"""The people of the custodians' tests, made once, since keys cost milliseconds."""

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from vault.custodian.directory import Directory, Kept, Member, Role, Signed
from vault.custodian.keys import BoxSecret, PrivateKeys
from vault.custodian.pairs import Half, Subject, new_secret, split
from vault.custodian.papers import Ask, Decision, Kind, Request, approve
from vault.passphrase import Cost

CHEAP = Cost(memory=64, iterations=1, lanes=1)
WORDS = b"lantern orchard pebble winter"
NOW = int(time.time())


class Person:
    """A member and their private keys."""

    def __init__(self, code: str, role: Role = Role.CUSTODIAN, kept: Kept = Kept.OFF_SERVER) -> None:
        self.id, self.code, self.keys = uuid4(), code, PrivateKeys.new()
        self.member = Member(self.id, code, role, kept, self.keys.public)


@cache
def person(code: str) -> Person:
    """Return one of the cast; `BODY-...` is an outside body."""
    return Person(code, Role.OUTSIDE_BODY if code.startswith("BODY") else Role.CUSTODIAN)


def people(*codes: str) -> list[Person]:
    return [person(code) for code in codes or ("CUS-01", "CUS-02", "CUS-03")]


def first(*codes: str) -> Directory:
    return Directory(1, b"", tuple(one.member for one in people(*codes)))


def successor(before: Directory, *members: Member) -> Directory:
    return Directory(before.number + 1, before.digest, members or before.members)


def signed(directory: Directory, *signers: Person) -> Signed:
    paper = Signed(directory, ())
    for one in signers:
        paper = paper.with_signature(directory.sign(one.id, one.keys))
    return paper


def subject(code: str = "W-7K3Q", version: int = 1, case: UUID | None = None) -> Subject:
    return Subject(case or UUID(int=7), "BAN-2025", uuid4(), code, version)


def split_for(directory: Directory, about: Subject) -> tuple[bytes, list[Half]]:
    secret = new_secret()
    return secret, split(secret, about, directory.box_keys, directory.pairs, directory.number)


def request_for(directory: Directory, subjects: Sequence[Subject], key: BoxSecret, **changes: Any) -> Request:
    request = Request(
        id=uuid4(),
        kind=Kind.UNSEAL,
        subjects=tuple(subjects),
        fields=("names", "phones"),
        purpose="protection",
        reason="she must be warned تحذير",
        requester_id=UUID(int=99),
        requester="INV-01",
        directory=directory.number,
        directory_digest=directory.digest,
        bound=(),
        made_at=NOW - 60,
        expires_at=NOW + 3600,
        key=key.public,
    )
    return replace(request, **changes)


def ask_of(one: Person, request: Request, halves: Sequence[Half]) -> Ask:
    return Ask(request, tuple(half for half in halves if half.binding.holder == one.id))


def approval(one: Person, request: Request, halves: Sequence[Half]) -> Decision:
    return approve(ask_of(one, request, halves), one.id, one.keys)
