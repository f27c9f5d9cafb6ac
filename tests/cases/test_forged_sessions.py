"""Events and sessions that somebody with the database's password writes or deletes: they stop no session, and
let none pass.
"""

import json
from uuid import uuid4

import pytest

from accounts.door import entering
from audit.models import Event
from audit.vocabulary import Kind
from cases.actions import sessions
from cases.actions.session_steps import waiting_sessions
from cases.errors import OncePerDay
from cases.models import IdentitySession
from cases.vocabulary import SessionState
from tests.cases.comparing import Comparing


def test_a_comparison_that_never_was_stops_none(session: Comparing) -> None:
    asked = session.ask()
    (ready,) = session.world.events(Kind.IDENTITY_COMPARING_READY)
    leaf = json.loads(ready.leaf) | {"kind": Kind.IDENTITY_COMPARING.value}
    Event.objects.create(id=uuid4(), leaf=json.dumps(leaf), mac=bytes(ready.mac))
    with entering(session.officer, "test"):
        sessions.close_session(by=session.officer, session=asked)
        strange = IdentitySession.objects.get(pk=asked.pk)
        strange.pk, strange.state, strange.started_at = uuid4(), SessionState.COMPARED, ready.at
        strange.save(force_insert=True)
    assert session.ask().state == SessionState.REQUESTED


def test_a_comparison_whose_event_is_gone_stands_in_its_session(
    session: Comparing, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.run()
    monkeypatch.setattr(sessions, "believed", lambda _rows: [])
    with pytest.raises(OncePerDay):
        session.ask()


def test_a_session_that_nobody_asked_for_stops_no_other(session: Comparing) -> None:
    """One with a person who does not exist, too: the keeper ends it and goes on."""
    asked = session.ask()
    with entering(session.officer, "test"):
        IdentitySession.objects.filter(pk=asked.pk).update(state=SessionState.RUNNING, keeper=uuid4())
    session.keeper.step()
    row = session.now(asked)
    assert (row.state, row.ended_by) == (SessionState.FAILED, "ForgedRequest")
    assert len(session.world.events(Kind.ROW_SET_ASIDE)) == 1
    with entering(session.officer, "test"):
        assert waiting_sessions() == []
    assert session.ask().state == SessionState.REQUESTED
