"""The process in which names are compared: killed, restarted, talking nonsense, handed a false half."""

import json
import os
import signal
from dataclasses import replace
from datetime import timedelta
from typing import cast
from uuid import uuid4

import pytest
import time_machine
from django.db import OperationalError
from django.utils import timezone

from accounts.door import Machine, entering
from audit.vocabulary import Kind
from cases import keeper
from cases.actions.deciding import ask_paper
from cases.actions.session_steps import Waiting
from cases.actions.sessions import ask_for_session, lapse_sessions
from cases.chamber import child, holding
from cases.chamber.holding import ChamberEnded
from cases.errors import (
    AnswerRefused,
    NoCustodians,
    NoReportYet,
    NotAllowed,
    NotVisible,
    OncePerDay,
    RequestOver,
)
from cases.keeper import Keeper
from cases.models import IdentitySession
from cases.vocabulary import SessionState
from tests.cases import comparing
from tests.cases.comparing import ASKED, HER, OTHER, SAME, Comparing
from tests.cases.worlds import World
from tests.custodians import id_of
from vault.custodian import papers
from vault.custodian.keys import BoxSecret
from vault.custodian.papers import Ask
from vault.errors import VaultError

NAMES = [line for one in (HER, SAME, OTHER) for value in one.values() for line in value.split("\n")]


OTHERS = (("lead", NotAllowed), ("investigator", NotAllowed), ("outsider", NotVisible))
NOTHING: dict[str, object] = {"duplicates": False, "pseudonyms": [], "texts": [], "streams": []}
LATER = timezone.now() + timedelta(days=90)


@pytest.fixture
def world(real: Comparing) -> World:
    return real.world


def test_a_restart_ends_what_was_held(session: Comparing) -> None:
    asked = session.ask()
    late = session.paper(asked, 1)
    session.say(asked, 0)
    session.keeper.close()
    session.keeper = Keeper()
    session.keeper.step()
    row = session.now(asked)
    assert (row.state, row.ended_by) == (SessionState.FAILED, "process-ended")
    with pytest.raises(RequestOver):
        session.answer(asked, 1, late)
    again = session.ask()
    with pytest.raises(AnswerRefused):
        session.answer(again, 1, late)
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        with entering(Machine.SWEEP, "test"):
            assert lapse_sessions() == 1
        session.keeper.step()
    assert session.now(again).state == SessionState.EXPIRED
    assert not session.keeper._held


def test_a_database_that_is_away_leaves_no_process(
    session: Comparing, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[comparing.Here] = []

    def away(**_given: object) -> None:
        raise OperationalError

    def start() -> comparing.Here:
        started.append(comparing.Here())
        return started[-1]

    with monkeypatch.context() as broken:
        broken.setattr(keeper, "Chamber", start)
        broken.setattr(keeper, "prepare_session", away)
        with pytest.raises(OperationalError):
            session.ask()
    assert [one.lives for one in started] == [False]
    session.keeper.step()
    assert [one.lives for one in session.keeper._held.values()] == [True]


def test_a_killed_process_takes_its_key_with_it(real: Comparing) -> None:
    asked = real.ask()
    real.say(asked, 0)
    (chamber,) = real.keeper._held.values()
    os.kill(chamber.pid, signal.SIGKILL)
    real.say(asked, 1)
    chamber._child.wait()
    real.keeper.step()
    row = real.now(asked)
    assert (row.state, row.ended_by, row.started_at) == (SessionState.FAILED, "process-ended", None)
    with pytest.raises(NoReportYet):
        real.read(row)


def test_a_process_that_talks_nonsense_or_dies_at_work_is_a_failed_session(
    session: Comparing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(self: object, job: holding.Job) -> holding.Report:
        raise ChamberEnded

    monkeypatch.setattr(comparing.Here, "compare", dies)
    row = session.run()
    assert (row.state, row.ended_by) == (SessionState.FAILED, "process-ended")
    assert row.started_at  # names may have been open: not again today
    with pytest.raises(OncePerDay):
        session.ask()
    for nonsense in (
        {"fault": "Quzahiyya"},
        {},
        {"lines": [{"check": "duplicates", "place": 0, "word": "Quzahiyya", "part": 0, "pair": []}]},
        {"lines": [], "authors": [], "too_many": False},
        {
            "lines": [{"check": "pseudonyms", "place": "x", "part": 0, "word": "look", "pair": []}],
            "authors": {},
            "too_many": 0,
        },
    ):
        with pytest.raises(ChamberEnded):
            holding._report(nonsense)


def test_a_false_half_names_its_custodian(session: Comparing) -> None:
    asked = session.ask()
    session.say(asked, 0)
    person = session.guards.people[1]
    with entering(person, "test"):
        handed = Ask.read(ask_paper(by=person, request=asked))
    said = papers.approve(handed, id_of(person), session.guards.keys[id_of(person)])
    wrong = [
        replace(one, encrypted=said.request.key.encrypt(b"x" * 32, said.request.returning(one.binding)))
        for one in said.halves
    ]
    false = papers._signed(replace(said, halves=tuple(wrong)), session.guards.keys[id_of(person)])
    session.answer(asked, 1, false.write())
    session.keeper.step()
    assert session.now(asked).ended_by == "fault-half"
    (event,) = session.world.events(Kind.IDENTITY_COMPARING_FAILED)
    assert json.loads(event.leaf)["facts"]["member"] == person.staff_code


def test_the_process_answers_nothing_that_was_not_asked_of_it() -> None:
    """It opens for a session, and for its own key."""
    secret = BoxSecret.new()
    for job in ({}, {"answer": "%"}, {"answer": ""}, {"answer": "e30="}):
        assert child.answer({**NOTHING, **job}, secret) == {"fault": "closed"}


def test_a_reader_that_stumbles_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumbles(_raw: bytes) -> list[str]:
        raise RecursionError

    def unasked(_people: object) -> None:
        raise AssertionError("Nobody asked for duplicates.")

    monkeypatch.setattr(child, "texts_in", stumbles)
    monkeypatch.setattr("cases.chamber.likeness.duplicates", unasked)
    told = child.compare({**NOTHING, "streams": [{"place": 1, "text": "", "author": "x"}]}, [])
    assert [one["word"] for one in cast("list[dict[str, object]]", told["lines"])] == ["look"]


def test_a_forged_session_gets_no_tag_of_ours(session: Comparing) -> None:
    """Neither where its time is over nor where the keeper gives it up; and it keeps none of the others."""
    for end in (lapse, session.keeper.step):
        with entering(session.officer, "test"):
            asked = ask_for_session(by=session.officer, case=session.world.case, facts=ASKED)
            IdentitySession.objects.filter(pk=asked.pk).update(
                state=SessionState.APPROVED_2, expires_at=timezone.now(), opens_at=timezone.now()
            )
        end()
        row = session.now(asked)
        assert (row.state, row.ended_by) == (SessionState.FAILED, "ForgedRequest")
        with pytest.raises(VaultError):
            row.verify_tag()
    failed = session.world.events(Kind.IDENTITY_COMPARING_FAILED)
    assert [json.loads(one.leaf).get("rows") for one in failed] == [None, None]


def lapse() -> None:
    with entering(Machine.SWEEP, "test"):
        lapse_sessions()


def test_one_session_that_is_refused_ends_no_other(
    session: Comparing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_keeper: Keeper, one: object) -> None:
        seen.append(one)
        raise NoCustodians(subject="case:x", scope=None)

    seen: list[object] = []
    monkeypatch.setattr(
        keeper, "waiting_sessions", lambda: [Waiting(uuid4(), session.officer, IdentitySession())] * 2
    )
    monkeypatch.setattr(Keeper, "_see_to", refused)
    session.keeper.step()
    assert len(seen) == 2


def test_a_process_that_does_not_start_is_a_failed_session(
    real: Comparing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "PROGRAM", "print('no key')")
    row = real.ask()
    assert (row.state, row.ended_by) == (SessionState.FAILED, "process-not-started")
    with pytest.raises(RequestOver):
        real.say(row, 0)
