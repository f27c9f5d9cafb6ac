"""Names compared and shown to nobody: asked by one, agreed by two others, in a process that then is gone; and
every way round it that we know of.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from accounts.door import entering
from accounts.models import User
from audit.vocabulary import Kind
from casemgr import doctor
from cases.actions.deciding import ask_paper, decide_request
from cases.actions.members import end_membership
from cases.actions.session_queue import material_of
from cases.actions.sessions import SessionFacts, ask_for_session, close_session
from cases.actions.unsealing import ask_for_identity
from cases.chamber import child
from cases.errors import (
    AnswerRefused,
    ForgedRequest,
    NotAllowed,
    NotForAuthors,
    NotForYou,
    NothingAsked,
    NothingToCompare,
    NotPreparedYet,
    NotVisible,
    NotYourRequest,
    OncePerDay,
    OwnRequest,
    SaidAlready,
    SessionUnderWay,
    TooFewCustodians,
)
from cases.models import CaseGrant, IdentitySession, Membership, SessionItem, SessionReport
from cases.vocabulary import Found, MemberRole, Permission, SessionCheck, SessionPurpose, SessionState
from tests import factories
from tests.cases.asking import FACTS
from tests.cases.comparing import ASKED, HER, OTHER, SAME, Comparing
from tests.cases.worlds import World
from tests.custodians import id_of
from vault.custodian import papers
from vault.custodian.keys import BoxSecret
from vault.custodian.papers import Ask, Verdict
from vault.models import SealedIdentity
from vault.stepping import Guarded, stepping_into

NAMES = [line for one in (HER, SAME, OTHER) for value in one.values() for line in value.split("\n")]


OTHERS = (("lead", NotAllowed), ("investigator", NotAllowed), ("outsider", NotVisible))
NOTHING: dict[str, object] = {"duplicates": False, "pseudonyms": [], "texts": [], "streams": []}
LATER = timezone.now() + timedelta(days=90)


@pytest.fixture
def world(real: Comparing) -> World:
    return real.world


def words(told: Any) -> list[tuple[str, str]]:
    return [(one.check.value, one.word.value) for one in told.lines]


def test_two_others_agree_and_a_process_of_its_own_compares(
    real: Comparing, caplog: pytest.LogCaptureFixture
) -> None:
    asked = real.ask()
    (chamber,) = real.keeper._held.values()
    stat = dict(line.split(":\t", 1) for line in Path(f"/proc/{chamber.pid}/status").read_text().splitlines())
    assert stat["Seccomp"] == "2"
    assert real.say(asked, 0).state == SessionState.APPROVED_1
    real.keeper.step()
    assert real.say(asked, 2).state == SessionState.APPROVED_2
    real.keeper.step()
    row = real.now(asked)
    assert (row.state, row.keeper) == (SessionState.COMPARED, real.keeper.id)
    assert not chamber.lives
    assert not Path(f"/proc/{chamber.pid}").exists()
    assert words(real.read(row)) == [("pseudonyms", "clear")] * 3
    told = real.read(row, by=real.guards.people[0])
    assert words(told) == [("duplicates", "block"), *[("pseudonyms", "clear")] * 3]
    assert set(told.lines[0].pair) == {one.pk for one in real.witnesses[:2]}
    steps = [event.kind for event in real.world.events() if event.kind.startswith("identity:")]
    assert steps[3:] == [
        "identity:asked",
        "identity:comparing-ready",
        "identity:approved",
        "identity:approved",
        "identity:agreed",
        "identity:comparing",
        "identity:compared",
        "identity:report-read",
        "identity:report-read",
    ]
    seen = caplog.text + "".join(event.leaf for event in real.world.events()) + repr((row, told))
    assert not [one for one in NAMES if one in seen]


def test_a_pseudonym_is_compared_with_every_name_of_the_case(session: Comparing) -> None:
    session.sealed({"given": "Rim", "relatives": "سعاد"}, "Qamar")
    done = session.run(replace(ASKED, checks=(SessionCheck.PSEUDONYMS,)))
    told = session.read(done)
    assert sorted(words(told)) == [("pseudonyms", "block"), *[("pseudonyms", "clear")] * 3]
    blocked = next(one for one in told.lines if one.word == Found.BLOCK)
    assert blocked.item.subject == session.witnesses[2].pk  # "Suad"; whose relative it is, is not told
    assert told.authors == {session.world.investigator.staff_code: 1}
    assert not told.hides_duplicates


def test_what_was_asked_once_opens_nothing_else(session: Comparing) -> None:
    """An approval for a session serves no other session and no unsealing, and the other way round."""
    first = session.ask()
    old = session.paper(first, 0)
    with entering(session.officer, "test"):
        close_session(by=session.officer, session=first)
    second = session.ask()
    lead = session.world.lead
    with entering(lead, "test"):
        facts = replace(FACTS, key=BoxSecret.new().public.raw)
        unsealing = ask_for_identity(by=lead, witness=session.witnesses[0], facts=facts).request
    person = session.guards.people[0]
    key = session.guards.keys[id_of(person)]
    with entering(person, "test"):
        for_a_name = papers.approve(Ask.read(ask_paper(by=person, request=unsealing)), id_of(person), key)
    for_the_session = session.paper(second, 0)
    tried: list[tuple[Any, bytes]] = [
        (second, old),
        (second, for_a_name.write()),
        (unsealing, for_the_session),
    ]
    for target, raw in tried:
        with pytest.raises(AnswerRefused), entering(person, "test"):
            decide_request(by=person, request=target, answer=raw)
    # The same paper under another kind is another paper: what is returned to it opens for nobody.
    with entering(person, "test"):
        honest = Ask.read(ask_paper(by=person, request=second))
    assert replace(honest.request, kind=papers.Kind.HANDOVER).digest != honest.request.digest
    assert session.now(second).state == SessionState.REQUESTED


def test_who_asks_does_not_agree(session: Comparing) -> None:
    guards = session.guards
    asked = session.ask(by=guards.people[0])
    with entering(guards.people[1], "test"):
        request = Ask.read(ask_paper(by=guards.people[1], request=asked)).request
    keys = guards.keys[id_of(guards.people[0])]
    own = papers.decide(Verdict.LIFT, request, id_of(guards.people[0]), keys, "mine").write()
    with pytest.raises(OwnRequest):
        session.answer(asked, 0, own)
    with pytest.raises(AnswerRefused):
        session.answer(asked, 1, own)
    first = session.paper(asked, 1)
    session.answer(asked, 1, first)
    with pytest.raises(SaidAlready):
        session.answer(asked, 1, first)
    session.keeper.step()
    assert session.now(asked).state == SessionState.APPROVED_1
    session.say(asked, 2)
    session.keeper.step()
    assert session.now(asked).state == SessionState.COMPARED


def test_one_custodian_stops_it_and_it_waits_its_time(session: Comparing) -> None:
    asked = session.ask(facts=replace(ASKED, purpose=SessionPurpose.REGULAR))
    session.say(asked, 0)
    session.say(asked, 1)
    session.keeper.step()
    assert session.now(asked).state == SessionState.APPROVED_2
    assert session.say(asked, 2, Verdict.VETO).state == SessionState.DENIED
    later = timezone.now() + timedelta(hours=2)
    with time_machine.travel(later):
        session.keeper.step()
        assert session.now(asked).state == SessionState.DENIED
        session.say(asked, 0, Verdict.LIFT)
        session.say(asked, 1, Verdict.LIFT)
        session.keeper.step()
        assert session.now(asked).state == SessionState.APPROVED_2
    with time_machine.travel(later + timedelta(hours=2)):
        session.keeper.step()
        assert session.now(asked).state == SessionState.COMPARED


def test_one_session_at_a_time_and_one_a_day(session: Comparing) -> None:
    case, officer = session.world.case, session.officer
    first = session.ask()
    with pytest.raises(SessionUnderWay):
        session.ask()
    with entering(officer, "test"):
        close_session(by=officer, session=first)
    session.keeper.step()
    assert not session.keeper._held
    done = session.run()
    with pytest.raises(OncePerDay):
        session.ask(by=session.guards.people[2])
    past_us(session, done, started_at=None)  # the row is made to forget; the log does not
    with pytest.raises(OncePerDay):
        session.ask()
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert session.ask().state == SessionState.REQUESTED
    assert len(session.world.events(Kind.IDENTITY_COMPARING)) == 1
    with entering(session.world.custodian, "test"), pytest.raises(NotYourRequest):
        close_session(by=session.world.custodian, session=session.now(first))
    assert case.pk == first.case_id


def past_us(session: Comparing, row: IdentitySession, **change: Any) -> None:
    """Change columns that no action changed: the application's own role may, its tag does not fit then."""
    with entering(session.officer, "test"):
        IdentitySession.objects.filter(pk=row.pk).update(**change)


def test_nobody_else_may_ask_and_nothing_is_asked_for_nothing(session: Comparing, world: World) -> None:
    for person, why in OTHERS:
        with pytest.raises(why):
            session.ask(by=getattr(world, person))
    for facts in (
        replace(ASKED, reason="  "),
        replace(ASKED, checks=()),
        replace(ASKED, reason="turned \u202e round"),
    ):
        with pytest.raises(NothingAsked):
            session.ask(facts=facts)
    other = factories.make_case(world.lead)
    factories.join(other, world.lead, session.officer, MemberRole.DISCLOSURE_OFFICER)
    with entering(session.officer, "test"), pytest.raises(NothingToCompare):
        ask_for_session(by=session.officer, case=other, facts=ASKED)
    guards = session.guards
    guards.succeed(guards.people[:2], {})
    with pytest.raises(TooFewCustodians):
        session.ask(by=guards.people[0])


def test_what_was_changed_since_it_was_asked_is_not_compared(session: Comparing) -> None:
    pseudonyms = replace(ASKED, checks=(SessionCheck.PSEUDONYMS,))
    spoilt: list[tuple[SessionFacts, Callable[[IdentitySession], object], str]] = [
        (ASKED, lambda row: rename(session), "MaterialChanged"),
        (ASKED, lambda row: add_item(session, row), "ForgedRequest"),
        (ASKED, lambda row: past_us(session, row, expires_at=LATER), "ForgedRequest"),
        (ASKED, lambda row: past_us(session, row, digest=b"\0" * 32), "ForgedRequest"),
        (ASKED, lambda row: end_officer(session), "NotVisible"),
        (pseudonyms, lambda row: alter_identity(), "IdentityAltered"),
    ]
    for facts, spoil, why in spoilt:
        asked = session.ask(facts=facts)
        session.say(asked, 0)
        session.say(asked, 1)
        spoil(asked)
        session.keeper.step()
        row = session.now(asked)
        assert (row.state, row.ended_by, row.started_at) == (SessionState.FAILED, why, None)
        assert not session.keeper._held
    assert len(session.world.events(Kind.IDENTITY_COMPARING_FAILED)) == len(spoilt)
    assert session.world.events(Kind.IDENTITY_COMPARING) == []


def rename(session: Comparing) -> None:
    witness = session.witnesses[0]
    with entering(session.world.investigator, "test"):
        witness.refresh_from_db()
        witness.seal(public_pseudonym="Nadia")
        witness.save(update_fields=["public_pseudonym"])


def alter_identity() -> None:
    with stepping_into(Guarded.IDENTITY):
        SealedIdentity.objects.filter(version=1).update(sealed=b"another's")


def add_item(session: Comparing, row: IdentitySession) -> None:
    """The queue is longer than what was signed."""
    with entering(session.officer, "test"):
        first = SessionItem.objects.filter(session=row).first()
        assert first
        first.pk, first.number = uuid4(), 99
        first.save(force_insert=True)


def end_officer(session: Comparing) -> None:
    """Whoever asked is no member any more; another one asks from then on."""
    lead = session.world.lead
    with entering(lead, "test"):
        end_membership(by=lead, membership=Membership.objects.get(user=session.officer))
    session.officer = session.another_officer()


def test_what_comes_in_later_waits_for_the_next_session(session: Comparing) -> None:
    asked = session.ask()
    session.say(asked, 0)
    session.sealed({"given": "Rim"}, "Qamar")
    session.say(asked, 1)
    session.keeper.step()
    assert session.now(asked).state == SessionState.COMPARED
    assert len(session.read(asked).lines) == 3


def test_the_report_goes_to_whom_it_belongs(session: Comparing, world: World) -> None:
    row = session.run()
    with pytest.raises(NotForYou):  # a custodian who did not approve
        session.read(row, by=session.guards.people[2])
    for person, why in OTHERS:
        with pytest.raises(why):
            session.read(row, by=getattr(world, person))
    with entering(world.investigator, "test"):  # the second wall, without the first
        assert not SessionReport.objects.exists()
        assert not IdentitySession.objects.exists()
    with entering(session.officer, "test"):
        assert SessionReport.objects.count() == 1
    with pytest.raises(NotForAuthors):
        session.read(another_with_its_report(session, row, session.officer))
    assert len(world.events(Kind.IDENTITY_REPORT_READ)) == 0


def test_no_row_that_others_wrote_opens_a_report(session: Comparing) -> None:
    row = session.run()
    third = session.guards.people[2]
    with entering(third, "test"):  # a word that nobody signed
        said = row.decision()
        said.id, said.created_by, said.member = uuid4(), third, id_of(third)
        said.verdict, said.digest, said.tag = "approve", row.digest, b"\0" * 32
        said.seal(paper="x")
        said.save(force_insert=True)
    with pytest.raises(NotForYou):
        session.read(row, by=third)
    with entering(session.world.lead, "test"):  # less power lets nobody read more
        CaseGrant.objects.filter(
            user=third, content_object=row.case_id, permission__codename=Permission.IDENTITY_GUARD.value
        ).delete()
    with pytest.raises(NotForYou):
        session.read(row, by=third)
    with entering(session.officer, "test"):
        items = list(SessionItem.objects.filter(session=row).select_related("author").order_by("number"))
    items[1].author = None  # a queue without its authors is not the one that was asked
    assert material_of(items) != bytes(row.material)
    add_item(session, row)
    with pytest.raises(ForgedRequest):
        session.read(row)
    with pytest.raises(ForgedRequest):
        session.read(another_with_its_report(session, row))
    assert session.world.events(Kind.IDENTITY_REPORT_READ) == []


def another_with_its_report(
    session: Comparing, row: IdentitySession, author: User | None = None
) -> IdentitySession:
    """A session of one's own, of what `author` wrote, under which another's report was put."""
    by = session.officer
    own = IdentitySession(id=uuid4(), case_id=row.case_id, created_by=by, purpose=row.purpose)
    item = SessionItem(
        case_id=row.case_id, session=own, created_by=by, number=1, kind="pseudonyms",
        digest=b"", author=author, subject=session.witnesses[0].pk,
    )  # fmt: skip
    own.state, own.expires_at, own.material = row.state, LATER, material_of([item])
    with entering(by, "test"):
        own.seal(reason="mine")
        own.put_tag()
        own.save(force_insert=True)
        item.save(force_insert=True)
        report = SessionReport(case_id=row.case_id, session=own, created_by=by)
        report.seal(said={"session": str(row.pk), "lines": [], "too_many": False, "authors": {}})
        report.save(force_insert=True)
    return own


def test_every_row_of_a_session_is_covered_by_a_leaf(session: Comparing) -> None:
    row = session.run()
    with entering(session.officer, "test"):
        items = list(SessionItem.objects.filter(session=row))
        report = SessionReport.objects.get(session=row)
    said = "".join(event.leaf for event in session.world.events())
    assert [one.pk for one in (*items, report) if str(one.pk) not in said] == []


def test_an_alarm_is_an_event(session: Comparing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "MOST_PEOPLE", 1)
    row = session.run()
    told = session.read(row)
    assert (told.too_many, told.lines) == (True, [])
    assert len(session.world.events(Kind.IDENTITY_TOO_MANY)) == 1


def test_before_its_process_is_there_nobody_answers(session: Comparing) -> None:
    with entering(session.officer, "test"):
        asked = ask_for_session(by=session.officer, case=session.world.case, facts=ASKED)
    with pytest.raises(NotPreparedYet):
        session.say(asked, 0)
    assert [one.state for one in doctor.sessions()] == [doctor.State.OK]
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        assert [one.state for one in doctor.sessions()] == [doctor.State.LOOK]
