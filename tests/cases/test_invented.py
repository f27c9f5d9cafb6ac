"""Invented identities beside real ones: neither opens in the other's place, and who tries is heard."""

import pytest

from accounts.actions.drills import drill_paper
from accounts.door import entering
from accounts.models import Drill
from accounts.tasks import sweep_drills
from audit.models import Event
from audit.vocabulary import Kind
from cases.actions.deciding import decide_request
from cases.errors import AnswerRefused
from tests.cases.asking import Asking, sealed
from tests.cases.worlds import World
from tests.custodians import id_of
from tests.personas import signed_in
from vault.custodian import papers
from vault.custodian.papers import Ask
from vault.errors import DrillTouched
from vault.models import SealedIdentity
from vault.stepping import Guarded, stepping_into


def drilled(world: World) -> None:
    sealed(world)
    sweep_drills()


BEGINS_WITH = (drilled,)


def bring_under(asking: Asking) -> None:
    """Write the witness into the row of an invented identity."""
    invented = list(Drill.objects.values_list("identity", flat=True)[:1])
    with stepping_into(Guarded.IDENTITY):
        SealedIdentity.objects.filter(pk__in=invented).update(subject=asking.witness.pk, version=9)


def test_a_row_that_was_brought_under_a_witness_sets_off_the_alarm(asking: Asking, world: World) -> None:
    """Somebody who writes the database tries their way with an identity that they take for a real one."""
    bring_under(asking)
    with pytest.raises(DrillTouched):
        asking.ask()
    (alarm,) = Event.objects.of_kinds([Kind.DRILL_TOUCHED])
    assert alarm.actor == world.lead.staff_code
    for person in (world.custodian, world.supervisor, world.auditor):
        assert world.lead.staff_code in signed_in(person).get("/").content.decode()


def test_it_is_heard_too_where_the_row_comes_after_the_question(asking: Asking) -> None:
    asked = asking.ask()
    asking.say(asked, 0)
    raw = asking.paper(asked, 1)
    bring_under(asking)
    asking.answer(asked, 1, raw)
    for step in (lambda: asking.paper(asked, 2), lambda: asking.show(asked)):
        with pytest.raises(DrillTouched):
            step()
    assert Event.objects.of_kinds([Kind.DRILL_TOUCHED]).count() == 2


def test_an_approval_of_a_drill_opens_no_name(asking: Asking) -> None:
    asked, person = asking.ask(), asking.guards.people[0]
    drill = next(one for one in Drill.objects.all() if id_of(person) in one.pair)
    with entering(person, "test"):
        ask = Ask.read(drill_paper(by=person, drill=drill))
    said = papers.approve(ask, id_of(person), asking.guards.keys[id_of(person)]).write()
    with entering(person, "test"), pytest.raises(AnswerRefused):
        decide_request(by=person, request=asked.request, answer=said)
