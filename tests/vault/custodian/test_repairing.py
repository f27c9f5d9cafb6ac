"""A newcomer gets halves from two custodians, and nobody meets the secret on the way."""

import itertools
import json
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from tests.vault.custodian.cast import Person, first, people, person, signed, split_for, subject, successor
from vault.custodian.directory import Directory, check_next
from vault.custodian.errors import CustodianError, DirectoryRefused, HalfRefused, PaperRefused
from vault.custodian.keyfile import KeyFile
from vault.custodian.pairs import Half, OpenedHalf, Pair, Side, join, new_secret, open_half, xor
from vault.custodian.repairing import _given, assist, complete, new_halves
from vault.custodian.repairpapers import Completed, Help, Repair, Sent, Source

ONE = first()
NEW = person("CUS-04")
TWO = successor(ONE, *ONE.members, NEW.member)
ABOUTS = [subject(f"W-{n}") for n in range(2)]
KEPT = [split_for(ONE, about) for about in ABOUTS]
ALL = [halves for _, halves in KEPT]


def me(one: Person) -> KeyFile:
    return KeyFile(one.id, one.code, one.keys)


def source(halves: Sequence[Half], *helpers: Person) -> Source:
    ids = {one.id for one in helpers}
    two = [one for one in halves if {one.binding.pair.first, one.binding.pair.second} == ids]
    two.sort(key=lambda one: one.binding.side)
    return Source((two[0], two[1]))


def repair_for(
    newcomer: Person = NEW,
    directory: Directory = TWO,
    kept: Sequence[Sequence[Half]] = ALL,
    helpers: tuple[str, str] = ("CUS-01", "CUS-02"),
    partners: tuple[str, ...] = ("CUS-01", "CUS-02", "CUS-03"),
) -> Repair:
    return Repair(
        uuid4(),
        directory.number,
        directory.digest,
        newcomer.id,
        tuple(one.id for one in people(*partners)),
        tuple(source(halves, *people(*helpers)) for halves in kept),
    )


def done(repair: Repair, newcomer: Person = NEW, directory: Directory = TWO) -> tuple[Half, ...]:
    by_id = {one.id: one for one in people("CUS-01", "CUS-02", "CUS-03", "CUS-04", "BODY-1", "BODY-2")}
    one, other = (assist(repair, directory, me(by_id[helper])) for helper in repair.helpers)
    completed = complete(repair, (one, other), directory, me(newcomer))
    return new_halves(repair, (one, other), completed, directory)


def opened(half: Half) -> OpenedHalf:
    by_id = {
        one.id: one for one in people("CUS-01", "CUS-02", "CUS-03", "CUS-04", "CUS-05", "BODY-1", "BODY-3")
    }
    return open_half(half, by_id[half.binding.holder].keys.box)


def secrets_of(halves: Sequence[Half]) -> dict[Pair, bytes]:
    found: dict[Pair, bytes] = {}
    for one, other in itertools.combinations(halves, 2):
        if one.binding == other.binding.other:
            found[one.binding.pair] = join([opened(one), opened(other)])
    return found


def test_the_newcomer_is_a_pair_with_everybody() -> None:
    check_next(signed(TWO, *people("CUS-01", "CUS-02")), ONE)
    halves = done(repair_for())
    for about, (secret, _) in zip(ABOUTS, KEPT, strict=True):
        mine = [one for one in halves if one.binding.subject == about]
        assert {one.binding.directory for one in mine} == {2}
        joined = secrets_of(mine)
        assert set(joined.values()) == {secret}
        assert {one.first for one in joined} == {one.id for one in people()}
        assert {one.second for one in joined} == {NEW.id}


def test_papers_come_back_as_they_went() -> None:
    repair = repair_for()
    assert Repair.read(repair.write()) == repair
    one, other = (assist(repair, TWO, me(helper)) for helper in people("CUS-01", "CUS-02"))
    assert Help.read(one.write(), repair) == one
    completed = complete(repair, (one, other), TWO, me(NEW))
    assert Completed.read(completed.write(), repair) == completed
    for raw in (one.write() + b" ", completed.write(), json.dumps({"kind": "casemgr help"}).encode()):
        with pytest.raises(PaperRefused):
            Help.read(raw, repair)


def test_a_newcomers_half_makes_the_next_newcomers() -> None:
    """From a pair that was itself repaired, with the roles that its halves name."""
    halves = done(repair_for())
    later = person("CUS-05")
    three = successor(TWO, *TWO.members, later.member)
    again = Repair(
        uuid4(), 3, three.digest, later.id, tuple(one.id for one in people("CUS-01", "CUS-03")),
        (source([one for one in halves if one.binding.subject == ABOUTS[0]], person("CUS-02"), NEW),),
    )  # fmt: skip
    assert set(secrets_of(done(again, later, three)).values()) == {KEPT[0][0]}


def test_nobody_learns_the_secret_on_the_way() -> None:
    """All that the newcomer can open in a repair, and in one with other helpers, in every sum of it."""
    secret = KEPT[0][0]
    known: list[bytes] = []
    for helpers in (("CUS-01", "CUS-02"), ("CUS-02", "CUS-03"), ("CUS-01", "CUS-03"), ("CUS-01", "CUS-02")):
        repair = repair_for(kept=[KEPT[0][1]], helpers=helpers)
        for helper in people(*helpers):
            part = assist(repair, TWO, me(helper))
            for sent in (*part.blinded, *part.given):
                for info in (_given(repair, sent.binding), _blinded(repair, sent)):
                    try:
                        known.append(NEW.keys.box.decrypt(sent.encrypted, info))
                    except Exception:  # noqa: BLE001, S112 - every way to open it is tried
                        continue
            for half in part.halves:
                with pytest.raises(HalfRefused):
                    open_half(half, NEW.keys.box)
    assert len(known) == 4 * (3 + 1)
    for size in range(1, len(known) + 1):
        for some in itertools.islice(itertools.combinations(known, size), 500):
            total = bytes(32)
            for one in some:
                total = xor(total, one)
            assert total != secret


def _blinded(repair: Repair, sent: Sent) -> bytes:
    from vault.custodian import repairing

    return repairing._blinded(repair, sent.binding)


def test_a_lying_server_cannot_turn_the_roles() -> None:
    """Asked the other way round, the owner of a first half would give it in clear: it does not open so."""
    repair = repair_for()
    turned = []
    for one in repair.sources:
        a, b = one.halves
        pair = Pair(one.pair.second, one.pair.first)
        halves = [
            replace(b, binding=replace(b.binding, pair=pair, side=Side.FIRST)),
            replace(a, binding=replace(a.binding, pair=pair, side=Side.SECOND)),
        ]
        turned.append(Source((halves[0], halves[1])))
    lying = replace(repair, sources=tuple(turned))
    for helper in people("CUS-01", "CUS-02"):
        with pytest.raises(HalfRefused):
            assist(lying, TWO, me(helper))


def lies() -> list[tuple[str, Repair]]:
    repair = repair_for()
    member = replace(repair, newcomer=person("CUS-01").id, partners=(person("CUS-03").id,))
    two_pairs = (repair.sources[0], source(KEPT[1][1], *people("CUS-01", "CUS-03")))
    return [
        ("another directory", replace(repair, directory=1)),
        ("another directory", replace(repair, directory_digest=ONE.digest)),
        ("not in the directory", replace(repair, newcomer=uuid4())),
        ("none of theirs", replace(repair, partners=())),
        ("none of theirs", replace(repair, partners=(uuid4(),))),
        ("none of theirs", replace(repair, partners=(NEW.id,))),
        ("newcomer is neither", member),
        ("two custodians", replace(repair, sources=two_pairs)),
    ]


@pytest.mark.parametrize(("why", "repair"), lies())
def test_a_repair_keeps_the_rules(why: str, repair: Repair) -> None:
    with pytest.raises(CustodianError, match=why):
        assist(repair, TWO, me(person("CUS-01")))


def test_a_newcomer_without_signatures_gets_nothing() -> None:
    """A directory that nobody signed is not the one that the helpers' tools trust."""
    mine = successor(ONE, *ONE.members, Person("CUS-66").member)
    repair = replace(repair_for(), directory_digest=mine.digest, newcomer=mine.members[-1].id)
    with pytest.raises(PaperRefused, match="another directory"):
        assist(repair, TWO, me(person("CUS-01")))


def test_the_files_of_a_repair_belong_together() -> None:
    repair, elsewhere = repair_for(), repair_for()
    pair_ = repair.sources[0].pair
    helpers = sorted(people("CUS-01", "CUS-02"), key=lambda one: one.id != pair_.first)
    one, other = (assist(repair, TWO, me(helper)) for helper in helpers)
    completed = complete(repair, (one, other), TWO, me(NEW))
    foreign = assist(elsewhere, TWO, me(helpers[0]))
    for pair, why in (
        ((one, one), "Both helpers"),
        ((one, foreign), "Both helpers"),
        ((foreign, other), "another repair"),
        ((replace(one, by=other.by), replace(other, by=one.by)), "not signed"),
        ((replace(one, halves=one.halves[1:]), other), "not signed"),
    ):
        with pytest.raises(PaperRefused, match=why):
            complete(repair, pair, TWO, me(NEW))
        with pytest.raises(PaperRefused, match=why):
            new_halves(repair, pair, completed, TWO)
    with pytest.raises(PaperRefused, match="does not ask you"):
        assist(repair, TWO, me(person("CUS-03")))
    with pytest.raises(PaperRefused, match="not for you"):
        complete(repair, (one, other), TWO, me(person("CUS-03")))
    with pytest.raises(PaperRefused, match="newcomer alone"):
        new_halves(repair, (one, other), replace(completed, by=one.by), TWO)
    fewer = Completed.sign(repair, me(NEW), (one, other), completed.halves[1:])
    with pytest.raises(PaperRefused, match="second halves"):
        new_halves(repair, (one, other), fewer, TWO)
    short = Help.sign(repair, me(helpers[0]), one.halves[1:], one.blinded, one.given)
    with pytest.raises(PaperRefused, match="first halves"):
        new_halves(repair, (short, other), completed, TWO)
    usurped = Help.sign(repair, me(helpers[1]), one.halves, one.blinded, other.given)
    emptied = Help.sign(repair, me(helpers[0]), (), (), ())
    with pytest.raises(PaperRefused, match="in the place of the other"):
        new_halves(repair, (emptied, usurped), completed, TWO)


def test_a_help_done_anew_is_joined_anew() -> None:
    """Its random values are others: with the old ones the newcomer's halves would open nothing."""
    repair = repair_for()
    one, other = (assist(repair, TWO, me(helper)) for helper in people("CUS-01", "CUS-02"))
    completed = complete(repair, (one, other), TWO, me(NEW))
    again = assist(repair, TWO, me(person("CUS-01")))
    assert new_halves(repair, (one, other), completed, TWO)
    assert new_halves(repair, (other, one), completed, TWO)
    with pytest.raises(PaperRefused, match="join them anew"):
        new_halves(repair, (again, other), completed, TWO)


def test_a_helpers_false_half_is_named() -> None:
    repair = repair_for()
    helps = [assist(repair, TWO, me(helper)) for helper in people("CUS-01", "CUS-02")]
    liar = next(place for place, one in enumerate(helps) if one.given)
    sent = helps[liar].given[0]
    false = Sent(sent.binding, NEW.keys.public.box.encrypt(new_secret(), _given(repair, sent.binding)))
    helper = people("CUS-01", "CUS-02")[liar]
    part = helps[liar]
    helps[liar] = Help.sign(repair, me(helper), part.halves, part.blinded, (false, *part.given[1:]))
    with pytest.raises(HalfRefused, match="is false") as refused:
        complete(repair, (helps[0], helps[1]), TWO, me(NEW))
    assert refused.value.holder == helper.id


def test_an_outside_body_is_replaced_from_a_pair_of_custodians() -> None:
    before = first("CUS-01", "CUS-02", "CUS-03", "BODY-1", "BODY-2")
    newcomer = person("BODY-3")
    stay = tuple(one for one in before.members if one.code != "BODY-2")
    after = successor(before, *stay, newcomer.member)
    secret, halves = split_for(before, ABOUTS[0])
    repair = repair_for(newcomer, after, [halves], partners=("BODY-1",))
    assert set(secrets_of(done(repair, newcomer, after)).values()) == {secret}
    with pytest.raises(PaperRefused, match="none of theirs"):
        assist(replace(repair, partners=(person("CUS-03").id,)), after, me(person("CUS-01")))


def test_edited_repairs_are_refused() -> None:
    paper = json.loads(repair_for().write())
    source_ = paper["sources"][0]
    edits: list[dict[str, object]] = [
        {**paper, "more": 1},
        {**paper, "sources": []},
        {**paper, "sources": [source_, source_]},
        {**paper, "partners": [paper["newcomer"]]},
        {**paper, "partners": paper["partners"][:1] * 2},
        {**paper, "partners": [1]},
        {**paper, "sources": [{**source_, "halves": source_["halves"][:1]}]},
        {**paper, "sources": [{**source_, "halves": source_["halves"][::-1]}]},
        {**paper, "sources": [{**source_, "more": 1}]},
        {**paper, "sources": [{**source_, "version": -1}]},
    ]
    for edit in edits:
        text = json.dumps(edit, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        with pytest.raises(PaperRefused):
            Repair.read(text)
    assert UUID(paper["newcomer"]) == NEW.id
    with pytest.raises(DirectoryRefused):
        replace(TWO, members=TWO.members[:1]).check()
