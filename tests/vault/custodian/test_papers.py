"""Requests, decisions and answers as files, and the rules over them."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.vault.custodian.cast import (
    NOW,
    Person,
    approval,
    ask_of,
    first,
    people,
    person,
    request_for,
    split_for,
    subject,
    successor,
)
from vault import cipher
from vault.custodian import canonical, layers
from vault.custodian.answers import Answer, Item, join_secrets
from vault.custodian.errors import CustodianError, DirectoryRefused, HalfRefused, PaperRefused
from vault.custodian.judging import agreed, check_decision
from vault.custodian.keys import BoxSecret
from vault.custodian.pairs import Subject, new_secret
from vault.custodian.papers import DRILLS, Ask, Decision, Kind, Request, Returned, Verdict, approve, decide
from vault.errors import NotVerified

DIRECTORY = first("CUS-01", "CUS-02", "CUS-03", "BODY-1", "BODY-2")
ABOUT = subject()
KEY = BoxSecret.new()
REQUEST = request_for(DIRECTORY, [ABOUT], KEY)
SECRET, HALVES = split_for(DIRECTORY, ABOUT)
DIGESTS = {half.binding: half.digest for half in HALVES}


def approved(*codes: str, request: Request = REQUEST) -> list[Decision]:
    return [approval(one, request, HALVES) for one in people(*codes)]


def test_two_approvals_open_exactly_their_request() -> None:
    share, identity_key = cipher.new_key(), cipher.new_key()
    wrapped = layers.wrap(identity_key, SECRET, ABOUT, share, uuid4())
    sealed = layers.seal_content(identity_key, ABOUT, "سميرة".encode())
    for codes in (("CUS-01", "CUS-02"), ("CUS-03", "CUS-01"), ("BODY-1", "BODY-2")):
        two = agreed(REQUEST, approved(*codes), DIRECTORY, NOW)
        item = Item(ABOUT, layers.open_outer(wrapped, ABOUT, share), sealed)
        answer = Answer.read(Answer(REQUEST, two, (item,), DIGESTS).write())
        assert answer.open(KEY) == {ABOUT: "سميرة".encode()}
        with pytest.raises(HalfRefused, match="not encrypted for this request"):
            answer.open(BoxSecret.new())


def test_papers_come_back_as_they_went() -> None:
    ask = ask_of(person("CUS-01"), REQUEST, HALVES)
    assert Ask.read(ask.write()) == ask
    (decision,) = approved("CUS-01")
    assert Decision.read(decision.write(), REQUEST) == decision
    assert Decision.named(decision.write()) == REQUEST.id


CHANGES: list[dict[str, Any]] = [
    {"id": uuid4()},
    {"kind": Kind.DRILL},
    {"subjects": (replace(ABOUT, witness_code="W-OTHER"),)},
    {"subjects": (replace(ABOUT, version=2),)},
    {"fields": ("names",)},
    {"purpose": "other"},
    {"reason": ""},
    {"requester_id": uuid4()},
    {"requester": "INV-02"},
    {"directory": 2},
    {"directory_digest": bytes(32)},
    {"bound": (("export", "1"),)},
    {"made_at": NOW - 61},
    {"expires_at": NOW + 3601},
    {"key": person("CUS-01").keys.public.box},
]


@pytest.mark.parametrize("change", CHANGES, ids=[next(iter(change)) for change in CHANGES])
def test_an_approval_of_another_request_holds_nothing(change: dict[str, Any]) -> None:
    """Editing anything after an approval voids it, and an approval of A is none of B."""
    edited = replace(REQUEST, **change)
    assert edited.digest != REQUEST.digest
    one, two = approved("CUS-01", "CUS-02")
    with pytest.raises(PaperRefused):
        Decision.read(one.write(), edited)
    moved = [replace(decision, request=edited) for decision in (one, two)]
    with pytest.raises((PaperRefused, DirectoryRefused)):
        agreed(edited, moved, DIRECTORY, NOW)
    with pytest.raises((CustodianError, ValueError)):
        join_secrets(edited, (moved[0], moved[1]), KEY, DIGESTS)


def resigned(decision: Decision, one: Person) -> Decision:
    return replace(decision, signature=one.keys.sign("decision", decision.signed_bytes))


def refused_sets() -> list[tuple[str, Callable[[], list[Decision]]]]:
    one, two, three = people()

    def with_veto(*lifting: Person) -> list[Decision]:
        lifts = [vote(Verdict.LIFT, lifter) for lifter in lifting]
        return [*approved("CUS-01", "CUS-02"), vote(Verdict.VETO, three), *lifts]

    def by_itself() -> list[Decision]:
        return [resigned(replace(approved("CUS-01")[0], by=two.id), two), *approved("CUS-01")]

    def stranger() -> list[Decision]:
        outsider = Person("CUS-09")
        return [resigned(replace(approved("CUS-01")[0], by=outsider.id), outsider), *approved("CUS-02")]

    return [
        ("Two people", list),
        ("Two people", lambda: approved("CUS-01")),
        ("twice", lambda: approved("CUS-01") * 2),
        ("Two people", lambda: approved("CUS-01", "BODY-1")),
        ("another person's half", by_itself),
        ("not in the directory", stranger),
        ("not CUS-02's", lambda: [replace(approved("CUS-02")[0], reason="x"), *approved("CUS-01")]),
        ("not CUS-02's", lambda: [resigned(approved("CUS-02")[0], one), *approved("CUS-01")]),
        ("veto stands", with_veto),
        ("veto stands", lambda: with_veto(one)),
        ("veto is a custodian's", lambda: [vote(Verdict.VETO, person("BODY-1")), *approved("CUS-01")]),
    ]


def vote(verdict: Verdict, one: Person) -> Decision:
    return decide(verdict, REQUEST, one.id, one.keys, "because")


@pytest.mark.parametrize(("why", "decisions"), refused_sets())
def test_what_is_no_agreement(why: str, decisions: Callable[[], list[Decision]]) -> None:
    with pytest.raises(CustodianError, match=why):
        agreed(REQUEST, decisions(), DIRECTORY, NOW)


def test_two_others_lift_a_veto_and_nobody_lifts_their_own() -> None:
    one, two, three = people()
    votes = [*approved("CUS-01", "CUS-02"), vote(Verdict.VETO, three)]
    with pytest.raises(PaperRefused, match="veto stands"):
        agreed(REQUEST, [*votes, vote(Verdict.LIFT, three), vote(Verdict.LIFT, one)], DIRECTORY, NOW)
    assert agreed(REQUEST, [*votes, vote(Verdict.LIFT, two), vote(Verdict.LIFT, one)], DIRECTORY, NOW)


def test_break_glass_knows_no_veto() -> None:
    votes = [*approved("BODY-1", "BODY-2"), vote(Verdict.VETO, person("CUS-01"))]
    assert {one.by for one in agreed(REQUEST, votes, DIRECTORY, NOW)} == {
        one.id for one in people("BODY-1", "BODY-2")
    }


def test_an_expired_request_opens_nothing() -> None:
    two = approved("CUS-01", "CUS-02")
    assert agreed(REQUEST, two, DIRECTORY, REQUEST.expires_at - 1)
    for now in (REQUEST.expires_at, REQUEST.expires_at + 1e9):
        with pytest.raises(PaperRefused, match="expired"):
            agreed(REQUEST, two, DIRECTORY, now)


def test_who_asks_does_not_answer() -> None:
    one = person("CUS-01")
    changes: tuple[dict[str, Any], ...] = ({"requester_id": one.id}, {"requester": one.code})
    for change in changes:
        request = replace(REQUEST, **change)
        (mine,) = approved("CUS-01", request=request)
        with pytest.raises(PaperRefused, match="Who asks"):
            check_decision(mine, DIRECTORY, NOW)


def test_a_new_directory_voids_what_was_asked_under_the_old() -> None:
    later = successor(DIRECTORY)
    with pytest.raises(PaperRefused, match="another directory"):
        agreed(REQUEST, approved("CUS-01", "CUS-02"), later, NOW)


def test_a_false_half_is_named_at_the_joining() -> None:
    one, two = approved("CUS-01", "CUS-02")
    false = [
        Returned(half.binding, KEY.public.encrypt(new_secret(), REQUEST.returning(half.binding)))
        for half in two.halves
    ]
    lying = resigned(replace(two, halves=tuple(false)), person("CUS-02"))
    agreed(REQUEST, [one, lying], DIRECTORY, NOW)
    with pytest.raises(HalfRefused, match="is false") as refused:
        join_secrets(REQUEST, (one, lying), KEY, DIGESTS)
    assert refused.value.holder == person("CUS-02").id
    with pytest.raises(HalfRefused, match="not one that was kept"):
        join_secrets(REQUEST, (one, two), KEY, {})


def test_halves_of_one_binding_are_not_taken_for_another() -> None:
    """A returned half names its place; moved to another pair of the same custodian it stays closed."""
    one, two = approved("CUS-01", "CUS-02")
    a, b = one.halves
    moved = replace(one, halves=(Returned(b.binding, a.encrypted), Returned(a.binding, b.encrypted)))
    with pytest.raises(HalfRefused):
        join_secrets(REQUEST, (moved, two), KEY, DIGESTS)


def test_a_custodian_is_shown_what_the_half_is_bound_to() -> None:
    """A server that shows one witness and sends another's half is refused by the custodian's own key."""
    one, shown = person("CUS-01"), subject("W-SHOWN")
    request = request_for(DIRECTORY, [shown], KEY)
    mine = [half for half in HALVES if half.binding.holder == one.id]
    lying = tuple(replace(half, binding=replace(half.binding, subject=shown)) for half in mine)
    with pytest.raises(HalfRefused):
        approve(Ask(request, lying), one.id, one.keys)
    with pytest.raises(PaperRefused, match="no half of yours"):
        approve(Ask(request, tuple(mine)), one.id, one.keys)
    with pytest.raises(PaperRefused, match="no half of yours"):
        approve(Ask(REQUEST, ()), one.id, one.keys)
    with pytest.raises(ValueError, match="approve"):
        decide(Verdict.APPROVE, REQUEST, one.id, one.keys, "")


def test_a_session_is_over_one_case_and_an_unsealing_over_one_witness() -> None:
    other = subject("W-OTHER")
    elsewhere = replace(subject("W-ELSE"), case_id=UUID(int=8))
    versions = (ABOUT, replace(ABOUT, version=2))
    request_for(DIRECTORY, versions, KEY).check()
    request_for(DIRECTORY, [ABOUT, other], KEY, kind=Kind.SESSION, fields=()).check()
    drilled = [replace(one, case_code=DRILLS) for one in (ABOUT, other)]
    request_for(DIRECTORY, drilled[:1], KEY, kind=Kind.DRILL).check()
    for kind, named in ((Kind.UNSEAL, [ABOUT, other]), (Kind.DRILL, drilled)):
        with pytest.raises(PaperRefused, match="no bulk"):
            request_for(DIRECTORY, named, KEY, kind=kind).check()
    for kind, named in ((Kind.DRILL, [ABOUT]), (Kind.UNSEAL, drilled[:1]), (Kind.SESSION, drilled)):
        with pytest.raises(PaperRefused, match="invented"):
            request_for(DIRECTORY, named, KEY, kind=kind).check()
    refused: list[tuple[list[Subject], dict[str, Any]]] = [
        ([ABOUT, elsewhere], {"kind": Kind.SESSION}),
        ([], {}),
        ([ABOUT, ABOUT], {}),
        ([ABOUT], {"fields": ()}),
        ([ABOUT], {"expires_at": NOW - 60}),
        ([ABOUT], {"expires_at": NOW + 60 * 24 * 3600}),
    ]
    for subjects, change in refused:
        with pytest.raises(PaperRefused):
            request_for(DIRECTORY, subjects, KEY, **change).check()


def test_two_versions_open_together() -> None:
    later = replace(ABOUT, version=2)
    secret, halves = split_for(DIRECTORY, later)
    request = request_for(DIRECTORY, [ABOUT, later], KEY)
    two = [approval(one, request, [*HALVES, *halves]) for one in people("CUS-01", "CUS-03")]
    digests = DIGESTS | {half.binding: half.digest for half in halves}
    found = agreed(request, two, DIRECTORY, NOW)
    assert join_secrets(request, found, KEY, digests) == {ABOUT: SECRET, later: secret}
    one, three = found
    first_only = replace(one, halves=tuple(half for half in one.halves if half.binding.subject == ABOUT))
    with pytest.raises(PaperRefused, match="no pair"):
        join_secrets(request, (first_only, three), KEY, digests)


def test_edited_papers_are_refused() -> None:
    ask = ask_of(person("CUS-01"), REQUEST, HALVES).write()
    paper = json.loads(ask)
    edits: list[dict[str, object]] = [{**paper, "more": "1"}, {**paper, "kind": "casemgr decision"}]
    for_request: list[dict[str, object]] = [
        {"more": "x"}, {"kind": "everything"}, {"made_at": -1}, {"made_at": 1.5}, {"made_at": True},
        {"witnesses": []}, {"witnesses": "x"}, {"fields": ["a"] * 41}, {"fields": [1]}, {"id": "x"},
        {"id": str(REQUEST.id).upper()}, {"key": "AAAA"}, {"key": canonical.written(bytes(1216))},
        {"requester": ""}, {"purpose": "a\nb"}, {"purpose": "\u202eabc"}, {"reason": "x" * 1001},
        {"bound": [{"name": "a", "value": "b", "more": "c"}]}, {"directory_digest": "AA=="},
    ]  # fmt: skip
    edits += [{**paper, "request": {**paper["request"], **change}} for change in for_request]
    half = paper["halves"][0]
    for_half = ({"subject": 1}, {"side": 2}, {"second": half["first"]}, {"digest": ""}, {"more": 1})
    edits += [{**paper, "halves": [{**half, **change}]} for change in for_half]
    for edit in edits:
        text = json.dumps(edit, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        with pytest.raises(PaperRefused):
            Ask.read(text)
    deep = b'{"a":' * 20 + b"1" + b"}" * 20
    for text in (
        ask + b" ",
        b"{}",
        b"1",
        deep,
        b'{"a":' * 100_000,
        ask.replace(b'"kind"', b'"kind":"x","kind"', 1),
    ):
        with pytest.raises(PaperRefused):
            Ask.read(text)


def test_a_decision_without_halves_is_no_approval() -> None:
    one = person("CUS-01")
    empty = resigned(Decision(Verdict.APPROVE, REQUEST, one.id, "", (), b""), one)
    loaded = resigned(replace(approved("CUS-01")[0], verdict=Verdict.VETO), one)
    for decision in (empty, loaded):
        with pytest.raises(PaperRefused, match="carries halves"):
            Decision.read(decision.write(), REQUEST)


def test_returned_halves_open_with_the_one_time_key_alone() -> None:
    (mine,) = approved("CUS-01")
    for half in mine.halves:
        assert len(KEY.decrypt(half.encrypted, REQUEST.returning(half.binding))) == 32
        with pytest.raises(NotVerified):
            person("CUS-01").keys.box.decrypt(half.encrypted, REQUEST.returning(half.binding))
