"""Opening a name: asked by one, agreed by two others, shown once; and every way round it that we know of."""

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from accounts.door import Machine, entering
from audit.refusals import Refusal
from audit.vocabulary import Kind
from cases.actions.deciding import ask_paper, decide_request
from cases.actions.showing import fetch_answer
from cases.actions.unsealing import Asked, ask_for_identity, close_request, lapse_requests
from cases.errors import (
    AnswerRefused,
    DecidedMeanwhile,
    FalseHalf,
    ForgedRequest,
    IdentityAltered,
    KeyMisread,
    NotACustodian,
    NotAgreedYet,
    NotAllowed,
    NothingAsked,
    NothingSealed,
    NotOpened,
    NotVisible,
    NotYetTime,
    NotYourRequest,
    OneAtATime,
    RequestExpired,
    RequestOver,
    SaidAlready,
    SeenAlready,
    StandsStopped,
    TooManyNames,
    WordsExhausted,
    WrongWords,
)
from cases.models import IdentityRequest, Witness
from cases.vocabulary import AccessState, IdentityField, IdentityPurpose
from tests.cases.asking import FACTS, NAME, Asking, sealed
from tests.cases.guards import also_custodian
from tests.cases.worlds import World, make_world
from tests.custodians import id_of
from vault import unsealing
from vault.custodian import papers
from vault.custodian.answers import Answer
from vault.custodian.keys import BoxSecret, PrivateKeys
from vault.custodian.papers import Ask, Verdict
from vault.models import SealedIdentity
from vault.passphrase import Cost
from vault.stepping import Guarded, stepping_into

BEGINS_WITH = (sealed,)


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unsealing, "WORDS_COST", Cost(memory=64, iterations=1, lanes=1))


def state(asking: Asking) -> IdentityRequest:
    with entering(asking.world.lead, "test"):
        return IdentityRequest.objects.latest("created_at")


def test_two_others_agree_and_it_is_shown_once(asking: Asking) -> None:
    asked = asking.ask()
    assert asking.say(asked, 0).state == AccessState.APPROVED_1
    with pytest.raises(NotAgreedYet):
        asking.show(asked)
    assert asking.say(asked, 2).state == AccessState.APPROVED_2
    shown = asking.show(asked)
    assert shown.values == {"given": ["Quzahiyya"], "phones": ["+963 944 555 121", "+961 71 909 343"]}
    row = state(asking)
    assert (row.state, row.held_key) == (AccessState.OPEN, None)
    with pytest.raises(SeenAlready):
        asking.show(asked)
    steps = [event.kind for event in asking.world.events() if event.kind.startswith("identity:")]
    assert steps[2:] == [
        "identity:asked",
        "identity:approved",
        "identity:access-refused",
        "identity:approved",
        "identity:agreed",
        "identity:opened",
        "identity:access-refused",
    ]
    with entering(asking.world.lead, "test"):
        assert Witness.objects.get(pk=asking.witness.pk).risk_raised_at == row.opened_at
    leaves = "".join(event.leaf for event in asking.world.events())
    assert not any(value in leaves for value in NAME.values())


def refused(asking: Asking, why: type[Exception], place: int, asked: Asked, raw: bytes) -> None:
    """An answer that does not count leaves the request as it was, and an event."""
    before, known = state(asking).state, len(asking.world.events(Kind.IDENTITY_ACCESS_REFUSED))
    with pytest.raises(why):
        asking.answer(asked, place, raw)
    assert state(asking).state == before
    assert len(asking.world.events(Kind.IDENTITY_ACCESS_REFUSED)) == known + 1


def test_nobody_agrees_twice_or_for_another_or_to_another_paper(asking: Asking) -> None:
    asked = asking.ask()
    first, second = asking.paper(asked, 0), asking.paper(asked, 1)
    refused(asking, AnswerRefused, 1, asked, first)
    refused(asking, AnswerRefused, 0, asked, b"no paper")
    refused(asking, AnswerRefused, 0, asked, first.replace(b"approve", b"veto"))
    asking.answer(asked, 0, first)
    refused(asking, SaidAlready, 0, asked, first)
    refused(asking, SaidAlready, 0, asked, asking.paper(asked, 0))
    again = asking.change(asked, replace(FACTS, fields=tuple(IdentityField)))
    assert state(asking).state == AccessState.REQUESTED
    refused(asking, AnswerRefused, 0, again, first)
    refused(asking, AnswerRefused, 1, again, second)
    asking.say(again, 1)
    with pytest.raises(NotAgreedYet):
        asking.show(again)
    asking.say(again, 2)
    refused(asking, DecidedMeanwhile, 0, again, asking.paper(again, 0))
    assert asking.show(again).values["family"] == ["القزحية"]
    with entering(asking.world.lead, "test"):
        close_request(by=asking.world.lead, request=again.request)
    another = asking.ask()
    refused(asking, AnswerRefused, 1, another, second)
    assert state(asking).state == AccessState.REQUESTED


def test_who_asks_does_not_agree_even_as_a_custodian(asking: Asking) -> None:
    world, guards = asking.world, asking.guards
    keys = {id_of(world.lead): PrivateKeys.new()}
    guards.succeed([*guards.people, also_custodian(world.lead)], keys)
    asked = asking.ask()
    with entering(guards.people[0], "test"):
        request = Ask.read(ask_paper(by=guards.people[0], request=asked.request)).request
    own = papers.decide(Verdict.LIFT, request, id_of(world.lead), keys[id_of(world.lead)], "mine")
    refused(asking, AnswerRefused, 0, asked, own.write())
    with pytest.raises(NotAllowed), entering(world.lead, "test"):
        decide_request(by=world.lead, request=asked.request, answer=own.write())


def test_a_key_that_is_not_in_the_signed_directory_agrees_to_nothing(asking: Asking) -> None:
    """Whoever writes the database can put a key nowhere that counts: words are judged by the directory."""
    asked = asking.ask()
    person = asking.guards.people[0]
    honest = asking.guards.keys[id_of(person)]
    with entering(person, "test"):
        handed = Ask.read(ask_paper(by=person, request=asked.request))
    forged = papers.approve(handed, id_of(person), honest)
    refused(asking, AnswerRefused, 0, asked, papers._signed(forged, PrivateKeys.new()).write())
    asking.guards.succeed(asking.guards.people[1:], {})
    refused(asking, AnswerRefused, 1, asked, asking.paper(asked, 1))
    refused(asking, NotACustodian, 0, asked, forged.write())


def test_a_request_that_was_written_past_us_opens_nothing(asking: Asking) -> None:
    asked = asking.ask()
    asking.say(asked, 0)
    before = asking.paper(asked, 1)
    for change in (
        {"state": AccessState.APPROVED_2, "opens_at": timezone.now()},
        {"purpose": IdentityPurpose.COURT_ORDER},
        {"expires_at": timezone.now() + timedelta(days=90)},
        {"digest": b"\0" * 32},
    ):
        past_us(asked, **change)
        for step in (lambda: asking.show(asked), lambda: asking.answer(asked, 1, before)):
            with pytest.raises(ForgedRequest):
                step()
        past_us(asked, state="approved_1", opens_at=None, purpose=FACTS.purpose,
                expires_at=asked.request.expires_at, digest=asked.request.digest)  # fmt: skip
    assert len(asking.world.events(Kind.IDENTITY_UNVERIFIED)) == 8


def past_us(asked: Asked, **change: Any) -> None:
    """Change columns that no action changed: the application's own role may, its tag does not fit then."""
    with entering(asked.request.created_by, "test"):
        IdentityRequest.objects.filter(pk=asked.request.pk).update(**change)


def test_time_runs_out_and_has_to_pass(asking: Asking) -> None:
    asked = asking.ask(facts=replace(FACTS, purpose=IdentityPurpose.SAFE_CONTACT))
    asking.say(asked, 0)
    asking.say(asked, 1)
    with pytest.raises(NotYetTime):
        asking.show(asked)
    now = timezone.now()
    with time_machine.travel(now + timedelta(hours=23)), pytest.raises(NotYetTime):
        asking.show(asked)
    late = asking.paper(asked, 2, Verdict.VETO)
    with time_machine.travel(now + timedelta(days=7, seconds=5)):
        with pytest.raises(RequestExpired):
            asking.show(asked)
        with pytest.raises(RequestExpired):
            asking.answer(asked, 2, late)
        with entering(Machine.SWEEP, "test"):
            assert lapse_requests() == 1
    row = state(asking)
    assert (row.state, row.held_key) == (AccessState.EXPIRED, None)
    assert len(asking.world.events(Kind.IDENTITY_LAPSED)) == 1
    with time_machine.travel(now + timedelta(hours=25)), pytest.raises(RequestOver):
        asking.show(asked)


def test_after_its_time_of_waiting_it_opens(asking: Asking) -> None:
    asked = asking.ask(facts=replace(FACTS, purpose=IdentityPurpose.SAFE_CONTACT))
    asking.say(asked, 0)
    asking.say(asked, 1)
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert asking.show(asked).values["given"] == ["Quzahiyya"]


def test_one_custodian_stops_it_and_two_others_lift_that(asking: Asking) -> None:
    asked = asking.ask(facts=replace(FACTS, purpose=IdentityPurpose.SAFE_CONTACT))
    asking.say(asked, 0)
    asking.say(asked, 1)
    assert asking.say(asked, 2, Verdict.VETO).state == AccessState.DENIED
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        with pytest.raises(StandsStopped):
            asking.show(asked)
        with pytest.raises(StandsStopped):
            asking.change(asked, FACTS)
        asking.say(asked, 0, Verdict.LIFT)
        assert asking.say(asked, 2, Verdict.LIFT).state == AccessState.DENIED
        assert asking.say(asked, 1, Verdict.LIFT).state == AccessState.APPROVED_2
        with pytest.raises(NotYetTime):
            asking.show(asked)
    stopped = [len(asking.world.events(one)) for one in (Kind.IDENTITY_STOPPED, Kind.IDENTITY_STOP_LIFTED)]
    assert stopped == [1, 3]


def test_nobody_but_the_one_who_asked_is_shown_anything(asking: Asking, world: World) -> None:
    asked = asking.ask()
    asking.say(asked, 0)
    asking.say(asked, 1)
    for person, why in (
        (world.supervisor, NotYourRequest),
        (world.custodian, NotAllowed),
        (world.outsider, NotVisible),
    ):
        with pytest.raises(why):
            asking.show(asked, by=person)
    with pytest.raises(NotAllowed):
        asking.ask(by=world.auditor)
    assert state(asking).opened_at is None


def test_wrong_words_open_nothing_and_are_counted(asking: Asking) -> None:
    asked = asking.ask()
    asking.say(asked, 0)
    asking.say(asked, 1)
    for _ in range(5):
        with pytest.raises(WrongWords):
            asking.show(asked, typed="abandon ability able about above absent")
    with pytest.raises(WordsExhausted):
        asking.show(asked)
    assert asked.words not in repr(asking.world.events())


def test_names_are_asked_for_one_by_one_and_seldom(asking: Asking) -> None:
    asked = asking.ask()
    with pytest.raises(OneAtATime):
        asking.ask()
    for _ in range(2):
        with entering(asking.world.lead, "test"):
            close_request(by=asking.world.lead, request=asked.request)
        asked = asking.ask()
    with entering(asking.world.lead, "test"):
        close_request(by=asking.world.lead, request=asked.request)
    with pytest.raises(TooManyNames):
        asking.ask()
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        asking.ask()


def test_a_request_says_what_and_why_of_somebody_who_is_sealed(asking: Asking, world: World) -> None:
    for facts, why in (
        (replace(FACTS, fields=()), NothingAsked),
        (replace(FACTS, reason="  "), NothingAsked),
        (replace(FACTS, reason="turned \u202e round"), NothingAsked),
        (replace(FACTS, key=b"no key"), KeyMisread),
    ):
        with pytest.raises(why):
            asking.ask(facts=facts)
    with entering(world.lead, "test"), pytest.raises(NothingSealed):
        ask_for_identity(by=world.lead, witness=world.witness, facts=FACTS)


def test_a_false_half_is_named(asking: Asking) -> None:
    asked = asking.ask()
    asking.say(asked, 0)
    person = asking.guards.people[1]
    with entering(person, "test"):
        handed = Ask.read(ask_paper(by=person, request=asked.request))
    said = papers.approve(handed, id_of(person), asking.guards.keys[id_of(person)])
    wrong = [
        replace(one, encrypted=said.request.key.encrypt(b"x" * 32, said.request.returning(one.binding)))
        for one in said.halves
    ]
    false = papers._signed(replace(said, halves=tuple(wrong)), asking.guards.keys[id_of(person)])
    asking.answer(asked, 1, false.write())
    with pytest.raises(FalseHalf):
        asking.show(asked)
    (event,) = asking.world.events(Kind.IDENTITY_ACCESS_REFUSED)
    assert json.loads(event.leaf)["facts"]["member"] == person.staff_code


def test_what_was_altered_since_it_was_sealed_is_not_opened(asking: Asking) -> None:
    asked = asking.ask()
    asking.say(asked, 0)
    asking.say(asked, 1)
    with stepping_into(Guarded.IDENTITY):
        SealedIdentity.objects.filter(version=1).update(sealed=b"another's")
    with pytest.raises(IdentityAltered):
        asking.show(asked)
    assert len(asking.world.events(Kind.IDENTITY_UNVERIFIED)) == 1


def test_with_a_tool_of_their_own_the_server_holds_no_key(asking: Asking) -> None:
    secret = BoxSecret.new()
    asked = asking.ask(facts=replace(FACTS, key=secret.public.raw))
    assert (asked.words, state(asking).held_key) == ("", None)
    asking.say(asked, 1)
    asking.say(asked, 2)
    with pytest.raises(NotOpened):
        asking.show(asked)
    with entering(asking.world.lead, "test"):
        answer = fetch_answer(by=asking.world.lead, request=asked.request)
    opened = Answer.read(answer).open(secret)
    assert sorted(json.loads(one)["phones"] for one in opened.values()) == [
        "+961 71 909 343",
        "+963 944 555 121",
    ]
    with pytest.raises(SeenAlready), entering(asking.world.lead, "test"):
        fetch_answer(by=asking.world.lead, request=asked.request)


@pytest.mark.django_db(transaction=True)
def test_approvals_and_views_that_race_release_once() -> None:
    world = make_world()
    asking = sealed(world)
    asked = asking.ask()
    papers_of = [asking.paper(asked, place) for place in range(3)]
    said = at_once([partial(asking.answer, asked, place, papers_of[place]) for place in range(3)])
    assert sorted(said) == ["", "", "DecidedMeanwhile"]
    assert len(asking.world.events(Kind.IDENTITY_AGREED)) == 1
    assert sorted(at_once([lambda: asking.show(asked)] * 3)) == ["", "SeenAlready", "SeenAlready"]
    assert len(asking.world.events(Kind.IDENTITY_OPENED)) == 1


def at_once(steps: list[Callable[[], object]]) -> list[str]:
    """Take all steps at the same moment; say what each was refused with."""
    barrier, said = threading.Barrier(len(steps)), []

    def act(step: Callable[[], object]) -> None:
        barrier.wait(10)
        try:
            step()
        except Refusal as refusal:
            said.append(type(refusal).__name__)
        else:
            said.append("")
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return said
