"""Two outside bodies open a name without custodians: never unheard, never stopped, and never one alone."""

import json
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

import audit.actions
from accounts.door import entering
from accounts.models import User
from audit.models import Event
from audit.vocabulary import Kind
from cases.actions.carrying import body_paper, bring_answer
from cases.actions.members import change_member
from cases.actions.unsealing import Asked
from cases.errors import (
    AnswerRefused,
    BreakGlassStands,
    DecidedMeanwhile,
    NotAgreedYet,
    NotAllowed,
    NotAnOutsideBody,
    NotYetTime,
    OwnRequest,
    RequestOver,
    SaidAlready,
)
from cases.models import IdentityDecision, IdentityRequest, Membership
from cases.vocabulary import AccessState, IdentityPurpose, MemberRole
from tests import custodians
from tests.cases.asking import FACTS, Asking
from tests.cases.guards import also_custodian, guarded
from tests.cases.test_unsealing import state
from tests.cases.worlds import World, once
from tests.custodians import id_of
from tests.personas import signed_in
from vault import unsealing
from vault.custodian import papers
from vault.custodian.directory import Member
from vault.custodian.papers import Ask, Verdict
from vault.passphrase import Cost


class Bodies(Asking):
    """A sealed witness in whose directory two outside bodies stand."""

    outside: tuple[Member, Member]

    def carry(self, asked: Asked, place: int, by: User | None = None) -> Ask:
        """What the custodian takes to one of the bodies."""
        who = by or self.guards.people[0]
        with entering(who, "test"):
            return Ask.read(body_paper(by=who, request=asked.request, body=self.outside[place].id))

    def sign(self, asked: Asked, place: int) -> bytes:
        body = self.outside[place]
        return papers.approve(self.carry(asked, place), body.id, self.guards.keys[body.id]).write()

    def bring(self, asked: Asked, raw: bytes, by: User | None = None) -> IdentityRequest:
        who = by or self.guards.people[0]
        with entering(who, "test"):
            return bring_answer(by=who, request=asked.request, answer=raw)

    def agree(self, asked: Asked) -> None:
        for place in (0, 1):
            self.bring(asked, self.sign(asked, place))


def with_bodies(world: World) -> Bodies:
    return once(world, "bodies", _with_bodies)


def _with_bodies(world: World) -> Bodies:
    guards = guarded(world)
    outside = (custodians.body("BODY-01", guards.keys), custodians.body("BODY-02", guards.keys))
    guards.succeed(guards.people, {}, outside)
    found = Bodies(world, guards)
    found.outside = outside
    return found


BEGINS_WITH = (with_bodies,)


@pytest.fixture
def bodies(world: World, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Bodies:
    monkeypatch.setattr(unsealing, "WORDS_COST", Cost(memory=64, iterations=1, lanes=1))
    made = with_bodies(world)
    settings.CUSTODIAN_FOUNDING = made.guards.founding.hex()
    return made


def alarm_on(person: User, words: str) -> bool:
    return words in signed_in(person).get(reverse("dashboard")).content.decode()


def test_both_bodies_open_it_and_every_custodian_is_alarmed(bodies: Bodies, world: World) -> None:
    asked = bodies.ask()
    bodies.bring(asked, bodies.sign(asked, 0))
    with pytest.raises(NotAgreedYet):  # one body alone
        bodies.show(asked)
    assert not alarm_on(bodies.guards.people[1], "Break-glass")
    bodies.bring(asked, bodies.sign(asked, 1))
    (agreed,) = world.events(Kind.IDENTITY_BREAK_GLASS_AGREED)
    for person in (*bodies.guards.people, world.supervisor, world.auditor):
        assert alarm_on(person, "Break-glass: the two outside bodies have agreed")
    assert not alarm_on(world.investigator, "Break-glass")
    assert bodies.show(asked).values["given"] == ["Quzahiyya"]
    (opened,) = world.events(Kind.IDENTITY_BREAK_GLASS_OPENED)
    assert (agreed.actor, opened.actor) == (world.custodian.staff_code, world.lead.staff_code)
    assert alarm_on(bodies.guards.people[2], "Break-glass: a name was opened")
    carried = [
        json.loads(event.leaf)["facts"]["member"] for event in world.events(Kind.IDENTITY_PAPER_CARRIED)
    ]
    assert carried == ["BODY-01", "BODY-02"]
    browser = signed_in(world.custodian)
    for event in (agreed, opened):
        browser.post(reverse("alarm-read", args=[event.pk]))
    assert not alarm_on(world.custodian, "Break-glass")
    assert alarm_on(bodies.guards.people[1], "Break-glass")


def test_no_custodian_stops_it_nor_puts_it_off(bodies: Bodies) -> None:
    asked = bodies.ask(facts=replace(FACTS, purpose=IdentityPurpose.SAFE_CONTACT))
    bodies.say(asked, 1, Verdict.VETO)
    assert state(bodies).state == AccessState.DENIED
    bodies.agree(asked)  # a stop from before is no stop
    row = state(bodies)
    assert row.state == AccessState.APPROVED_2
    assert row.opens_at is not None
    with pytest.raises(NotYetTime):  # the time of the purpose, as for everybody
        bodies.show(asked)
    for verdict in (Verdict.VETO, Verdict.APPROVE):
        with pytest.raises((BreakGlassStands, DecidedMeanwhile)):
            bodies.say(asked, 2, verdict)
    bodies.say(asked, 2, Verdict.LIFT)  # a word that counts, and moves no time
    assert state(bodies).opens_at == row.opens_at
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert bodies.show(asked).values


def test_one_of_each_kind_agrees_on_nothing(bodies: Bodies) -> None:
    asked = bodies.ask()
    bodies.say(asked, 1)
    bodies.bring(asked, bodies.sign(asked, 0))
    assert state(bodies).state == AccessState.APPROVED_1
    with pytest.raises(NotAgreedYet):
        bodies.show(asked)
    with pytest.raises(SaidAlready):  # the same body twice
        bodies.bring(asked, bodies.sign(asked, 0))


def test_what_is_no_bodys_word_is_not_counted(bodies: Bodies, world: World) -> None:
    asked, other = bodies.ask(), uuid4()
    first, custodian = bodies.outside[0], bodies.guards.people[1]
    ask = bodies.carry(asked, 0)
    keys = bodies.guards.keys
    in_its_name = papers.approve(ask, first.id, keys[first.id])
    stolen = papers._signed(in_its_name, keys[id_of(custodian)])  # a custodian's key, a body's name
    veto = papers.decide(Verdict.VETO, ask.request, first.id, keys[first.id], "no")
    replayed = papers.approve(_elsewhere(ask, id=other), first.id, keys[first.id])
    edited = papers.approve(_elsewhere(ask, fields=("phones", "papers")), first.id, keys[first.id])
    for raw, why in (
        (stolen.write(), AnswerRefused),
        (veto.write(), AnswerRefused),
        (replayed.write(), AnswerRefused),
        (edited.write(), AnswerRefused),
        (b"{}", AnswerRefused),
        (bodies.paper(asked, 1), NotAnOutsideBody),  # a custodian hands in their own by their own page
    ):
        with pytest.raises(why):
            bodies.bring(asked, raw)
    with pytest.raises(AnswerRefused):
        bodies.answer(asked, 0, in_its_name.write())
    for body in (other, id_of(custodian)):
        with entering(custodian, "test"), pytest.raises(NotAnOutsideBody):
            body_paper(by=custodian, request=asked.request, body=body)
    assert not IdentityDecision.objects.filter(request=asked.request).exists()
    for person in (world.investigator, world.supervisor, world.lead):
        with pytest.raises(NotAllowed):
            bodies.carry(asked, 0, by=person)
        with pytest.raises(NotAllowed):
            bodies.bring(asked, in_its_name.write(), by=person)


def _elsewhere(ask: Ask, **change: Any) -> Ask:
    return replace(ask, request=replace(ask.request, **change))


def test_who_asks_does_not_carry_and_what_is_over_is_over(bodies: Bodies, world: World) -> None:
    """Somebody asks as an investigator, and is made a custodian of the case afterwards."""
    person, asked = world.investigator, bodies.ask(by=world.investigator)
    raw = bodies.sign(asked, 0)
    also_custodian(person)
    with entering(world.lead, "test"):
        membership = Membership.objects.get(case=world.case, user=person)
        change_member(by=world.lead, membership=membership, role=MemberRole.IDENTITY_CUSTODIAN, reason="x")
    for step in (partial(bodies.carry, asked, 0, person), partial(bodies.bring, asked, raw, person)):
        with pytest.raises(OwnRequest):
            step()
    with time_machine.travel(timezone.now() + timedelta(days=8)), pytest.raises(RequestOver):
        bodies.bring(asked, raw)


@pytest.mark.parametrize("kind", [Kind.IDENTITY_BREAK_GLASS_AGREED, Kind.IDENTITY_PAPER_CARRIED])
def test_no_alarm_no_agreement(bodies: Bodies, monkeypatch: pytest.MonkeyPatch, kind: Kind) -> None:
    asked = bodies.ask()
    raws = [bodies.sign(asked, place) for place in (0, 1)]
    bodies.bring(asked, raws[0])
    _without(kind, monkeypatch)
    is_carried = kind == Kind.IDENTITY_PAPER_CARRIED
    step = partial(bodies.carry, asked, 1) if is_carried else partial(bodies.bring, asked, raws[1])
    with pytest.raises(RuntimeError, match="full"):
        step()
    assert state(bodies).state == AccessState.APPROVED_1


def test_no_alarm_no_name(bodies: Bodies, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = bodies.ask()
    bodies.agree(asked)
    _without(Kind.IDENTITY_BREAK_GLASS_OPENED, monkeypatch)
    with pytest.raises(RuntimeError, match="full"):
        bodies.show(asked)
    assert state(bodies).opened_at is None


def _without(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    written = audit.actions.append

    def broken(said: Kind, **details: Any) -> Event:
        if said == kind:
            raise RuntimeError("the log is full")
        return written(said, **details)

    monkeypatch.setattr(audit.actions, "append", broken)


def test_break_glass_by_the_pages(bodies: Bodies, world: World) -> None:
    asked = bodies.ask()
    browser, ids = signed_in(world.custodian), {"case": world.case.pk, "access": asked.request.pk}
    page = browser.get(reverse("identity-detail", kwargs=ids)).content.decode()
    for place, body in enumerate(bodies.outside):
        address = reverse("identity-body-paper", kwargs={**ids, "body": body.id})
        assert address in page
        handed = Ask.read(browser.get(address).content)
        said = papers.approve(handed, body.id, bodies.guards.keys[body.id]).write().decode()
        hand_in = reverse("identity-body-answer", kwargs=ids)
        refused = browser.post(hand_in, {"answer": "typed by hand"})
        assert refused.status_code in {409, 422}, place
        assert "typed by hand" in refused.content.decode()
        assert browser.post(hand_in, {"answer": said}).status_code == 302
    assert (
        "Break-glass: the two outside bodies"
        in browser.get(reverse("identity-detail", kwargs=ids)).content.decode()
    )
    assert UUID(str(asked.request.pk)) == state(bodies).pk
