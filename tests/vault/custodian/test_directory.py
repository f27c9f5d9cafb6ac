"""The directory of custodians: signed by two, never going back."""

import hashlib
import json
from dataclasses import replace
from uuid import uuid4

import pytest

from tests.vault.custodian.cast import Person, first, people, person, signed, successor
from tests.vault.custodian.test_keys import LOW_ORDER
from vault.custodian import canonical
from vault.custodian.directory import (
    Directory,
    Kept,
    Member,
    Role,
    Signature,
    Signed,
    check_next,
    follow,
    read,
)
from vault.custodian.errors import CustodianError, DirectoryRefused, PaperRefused

ONE = first()
FOUNDED = signed(ONE, *people())


def test_a_chain_is_followed_from_its_founders() -> None:
    newcomer = person("CUS-04")
    second = successor(ONE, *ONE.members, newcomer.member)
    third = successor(second, *second.members[1:])
    chain = [FOUNDED, signed(second, *people("CUS-01", "CUS-02")), signed(third, *people("CUS-02", "CUS-04"))]
    assert follow(chain, founding=ONE.digest) == third
    assert follow([read(one.write()) for one in chain], founding=ONE.digest, highest=3).digest == third.digest
    with pytest.raises(DirectoryRefused, match="older than 4"):
        follow(chain, founding=ONE.digest, highest=4)
    with pytest.raises(DirectoryRefused, match="founded"):
        follow(chain, founding=second.digest)
    with pytest.raises(DirectoryRefused, match="founded"):
        follow(chain[1:], founding=ONE.digest)
    with pytest.raises(DirectoryRefused, match="no directory"):
        follow([], founding=ONE.digest)
    with pytest.raises(DirectoryRefused, match="does not follow"):
        follow([chain[0], chain[2]], founding=ONE.digest)


def test_the_paper_is_what_it_says() -> None:
    paper = json.loads(FOUNDED.write())
    assert paper["directory"]["number"] == 1
    assert {one["code"] for one in paper["directory"]["members"]} == {"CUS-01", "CUS-02", "CUS-03"}
    # The digest, worked out a second time from the paper that people hold.
    inner = json.dumps(paper["directory"], sort_keys=True, separators=(",", ":")).encode()
    label = b"casemgr directory of custodians 1"
    parts = (2).to_bytes(8, "big") + b"".join(len(one).to_bytes(8, "big") + one for one in (label, inner))
    assert hashlib.sha256(parts).digest() == ONE.digest
    assert len(ONE.words.split()) == 8


def test_founders_sign_all() -> None:
    for missing in range(3):
        signers = [one for place, one in enumerate(people()) if place != missing]
        with pytest.raises(DirectoryRefused, match="2 of 3"):
            check_next(signed(ONE, *signers), None)


def test_two_sign_what_follows() -> None:
    second = successor(ONE)
    with pytest.raises(DirectoryRefused, match="1 of 2"):
        check_next(signed(second, person("CUS-01")), ONE)
    with pytest.raises(DirectoryRefused, match="0 of 2"):
        check_next(signed(second), ONE)


def test_one_person_is_not_two_signers() -> None:
    second = successor(ONE)
    mine = second.sign(person("CUS-01").id, person("CUS-01").keys)
    with pytest.raises(DirectoryRefused, match="twice"):
        check_next(Signed(second, (mine, mine)), ONE)
    assert len(Signed(second, (mine,)).with_signature(mine).signatures) == 1


def test_a_newcomer_signs_nothing_on_the_way_in() -> None:
    stranger = Person("CUS-09")
    second = successor(ONE, *ONE.members, stranger.member)
    with pytest.raises(DirectoryRefused, match="not in the directory"):
        check_next(signed(second, person("CUS-01"), stranger), ONE)
    with pytest.raises(DirectoryRefused, match="not in the directory"):
        check_next(signed(second, *people("CUS-01", "CUS-02"), stranger), ONE)


def test_a_changed_key_has_no_signature() -> None:
    """The database's administrator exchanges a key and keeps the signatures."""
    second = successor(ONE)
    paper = signed(second, *people("CUS-01", "CUS-02"))
    mine = replace(second.members[2], keys=Person("CUS-03").keys.public)
    forged = replace(second, members=(*second.members[:2], mine))
    with pytest.raises(DirectoryRefused, match="is not on this directory"):
        check_next(replace(paper, directory=forged), ONE)
    lent = Signature(person("CUS-02").id, paper.signatures[0].raw)
    with pytest.raises(DirectoryRefused, match="is not on this directory"):
        check_next(Signed(second, (paper.signatures[0], lent)), ONE)


def test_a_directory_follows_the_one_it_names() -> None:
    elsewhere = first("CUS-01", "CUS-02")
    with pytest.raises(DirectoryRefused, match="another one"):
        check_next(signed(successor(elsewhere), *people("CUS-01", "CUS-02")), ONE)
    skipping = replace(successor(ONE), number=3)
    for number, before in ((3, ONE), (1, None)):
        with pytest.raises(DirectoryRefused):
            check_next(signed(replace(skipping, number=number), *people()), before)


def changed(*members: Member) -> Directory:
    return Directory(1, b"", members)


def refusals() -> list[tuple[str, Directory]]:
    a, b, c = ONE.members
    body, other = person("BODY-1").member, person("BODY-2").member
    here = replace(a, kept=Kept.SERVER)
    return [
        ("two custodians", changed(a)),
        ("two custodians", changed(a, body, other)),
        ("twice", changed(a, b, replace(c, id=a.id))),
        ("twice", changed(a, b, replace(c, code=a.code))),
        ("twice", changed(a, b, replace(c, keys=replace(c.keys, box=a.keys.box)))),
        ("twice", changed(a, b, replace(c, keys=replace(c.keys, signing=a.keys.signing)))),
        ("break-glass", changed(a, b, body)),
        ("outside", changed(a, b, body, replace(other, kept=Kept.SERVER))),
        ("on the server", changed(here, b)),
        ("on the server", changed(here, replace(b, kept=Kept.SERVER))),
        ("16 members", changed(*(replace(a, id=uuid4(), code=f"C-{n}") for n in range(17)))),
        ("names the one before", Directory(1, b"x" * 32, (a, b))),
        ("names the one before", Directory(0, b"", (a, b))),
    ]


@pytest.mark.parametrize(("why", "directory"), refusals())
def test_a_directory_keeps_the_rules(why: str, directory: Directory) -> None:
    with pytest.raises(DirectoryRefused, match=why):
        directory.check()


def test_a_demonstration_alone_keeps_keys_here() -> None:
    members = tuple(replace(one, kept=Kept.SERVER) for one in ONE.members)
    directory = Directory(1, b"", members)
    directory.check(demonstration=True)
    assert follow([signed(directory, *people())], founding=directory.digest, demonstration=True)
    with pytest.raises(DirectoryRefused, match="No custodian's key"):
        follow([signed(directory, *people())], founding=directory.digest)


def test_the_break_glass_pair_is_a_pair_of_its_own() -> None:
    directory = first("CUS-01", "CUS-02", "CUS-03", "BODY-1", "BODY-2")
    assert len(directory.pairs) == 4
    assert [one.code for one in directory.outside_bodies] == ["BODY-1", "BODY-2"]
    assert all(one.role == Role.CUSTODIAN for one in directory.custodians)


def test_edited_papers_are_refused() -> None:
    raw = FOUNDED.write()
    paper = json.loads(raw)
    member = paper["directory"]["members"][0]
    edits: list[dict[str, object]] = [
        {**paper, "more": "1"},
        {**paper, "kind": "other"},
        {**paper, "directory": {**paper["directory"], "previous": "zz"}},
        {**paper, "directory": {**paper["directory"], "members": paper["directory"]["members"][::-1]}},
        {**paper, "directory": {**paper["directory"], "more": "1"}},
        {**paper, "signatures": paper["signatures"][::-1]},
        {**paper, "signatures": [{"by": "nobody", "signature": ""}]},
    ]
    for change in ({"more": "1"}, {"role": "god"}, {"kept": "pocket"}, {"code": "A\u202eB"}, {"box": "AAAA"}):
        edited = {**paper["directory"], "members": [{**member, **change}]}
        edits.append({**paper, "directory": edited})
    for edit in edits:
        text = json.dumps(edit, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        with pytest.raises(CustodianError):
            read(text)
    for text in (raw + b"\n", b" " + raw, raw[:-1], b"", b"[]", b"\xff", raw.replace(b",", b", ", 1)):
        with pytest.raises(PaperRefused):
            read(text)
    with pytest.raises(PaperRefused, match="larger"):
        read(b" " * 200_000)


def test_a_weak_key_does_not_enter_a_directory() -> None:
    paper = json.loads(FOUNDED.write())
    member = paper["directory"]["members"][0]
    good = person("CUS-01").keys.public.box.raw
    member["box"] = canonical.written(good[:-32] + LOW_ORDER[1])
    text = json.dumps(paper, sort_keys=True, separators=(",", ":")).encode()
    with pytest.raises(DirectoryRefused, match="weak"):
        read(text)
