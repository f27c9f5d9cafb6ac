"""A session of a case that is locked: nothing is asked, agreed, compared or read, and the keeper goes on."""

from collections.abc import Callable

from django.urls import reverse

from accounts.door import entering
from accounts.models import User
from audit.vocabulary import Kind
from cases.actions.session_report import read_report
from cases.vocabulary import SessionState
from tests.cases.comparing import Comparing
from tests.cases.locked import Locking
from tests.cases.test_locked_guards import nothing_is_amiss, refused
from tests.personas import signed_in


def test_no_names_are_compared_and_the_keeper_goes_on(session: Comparing) -> None:
    asked, world = session.ask(), session.world
    raw = session.paper(asked, 0)
    session.answer(asked, 0, raw)
    session.say(asked, 1)
    pages = {
        session.officer: ("comparison-detail", asked.pk),
        session.guards.people[0]: ("comparison-answer", asked.pk),
    }
    Locking(world, session.guards).lock()
    steps: list[Callable[[], object]] = [
        session.ask,
        lambda: session.paper(asked, 2),
        lambda: session.answer(asked, 0, raw),
        lambda: read(session.officer),
    ]

    def read(by: User) -> object:
        with entering(by, "test"):
            return read_report(by=by, session=asked)

    refused(world, steps)
    for person, (name, pk) in pages.items():
        answer = signed_in(person).get(reverse(name, args=[world.case.pk, pk]))
        assert answer.status_code == 423
    session.keeper.step()
    row = session.now(asked)
    assert (row.state, row.ended_by) == (SessionState.FAILED, "CaseLocked")
    assert not session.keeper._held
    assert world.events(Kind.IDENTITY_COMPARING) == []
    session.keeper.step()
    nothing_is_amiss(world)
