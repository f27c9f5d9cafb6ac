"""What custodians do while a case is locked, and the sweeps for them: of that case nothing, and each refusal
is recorded; of the others everything.
"""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.door import entering
from accounts.models import Drill, DrillIdentity, Repair
from accounts.tasks import sweep_drills
from accounts.vocabulary import DrillState, RepairState
from audit.vocabulary import Kind
from cases.errors import CaseLocked
from cases.models import IdentityRequest
from cases.tasks import sweep_identities_now, sweep_repairs_now
from cases.vocabulary import AccessState
from tests.accounts.drilling import say
from tests.cases.asking import Asking, sealed
from tests.cases.locked import Locking
from tests.cases.test_repairing import lose_key
from tests.cases.test_revoking import shares
from tests.cases.worlds import World
from tests.custodians import Board, id_of
from tests.personas import signed_in
from vault import unsealing
from vault.custodian.directory import Signed
from vault.passphrase import Cost

BEGINS_WITH = (sealed,)


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unsealing, "WORDS_COST", Cost(memory=64, iterations=1, lanes=1))


def waiting() -> list[int]:
    """How many identities each repair that waits is for."""
    return [row.identities for row in Repair.objects.filter(state=RepairState.ASKED)]


def nothing_is_amiss(world: World) -> None:
    assert world.events(Kind.ROW_SET_ASIDE) == []


def test_a_newcomer_gets_no_halves_of_a_locked_case(asking: Asking) -> None:
    guards, world = asking.guards, asking.world
    sweep_drills()
    newcomer, locking = lose_key(guards), Locking(world, guards)
    sweep_repairs_now()
    assert waiting() == [5]
    (asked,) = Repair.objects.all()
    locking.lock()
    asked.refresh_from_db()
    assert asked.state == RepairState.OVERTAKEN
    browser = signed_in(newcomer)
    assert browser.get(reverse("repair-file", args=[asked.pk])).status_code == 409
    for _time in range(2):
        sweep_repairs_now()
        assert waiting() == [DrillIdentity.objects.count()] == [3]
    Repair.objects.filter(state=RepairState.ASKED).update(state=RepairState.FINISHED)
    locking.reopened()
    sweep_repairs_now()
    assert waiting() == [5]
    nothing_is_amiss(world)


def test_a_lock_waits_for_no_row_that_others_wrote(asking: Asking) -> None:
    sweep_drills()
    lose_key(asking.guards)
    sweep_repairs_now()
    Repair.objects.update(tag=bytes(32))
    lock = Locking(asking.world, asking.guards).lock()
    assert lock.case.locked_at
    assert waiting() == []
    assert Repair.objects.get().state == RepairState.OVERTAKEN


def test_a_locked_case_follows_a_new_directory_once_it_is_reopened(asking: Asking) -> None:
    guards, world = asking.guards, asking.world
    sweep_drills()
    locking = Locking(world, guards)
    locking.lock()
    before, invented = shares(), set(DrillIdentity.objects.values_list("pk", flat=True))
    guards.succeed(guards.people[:2], {})
    sweep_identities_now()

    def followed() -> set[UUID]:
        return {pk for pk, share in shares().items() if share != before[pk]}

    assert followed() == invented
    locking.reopened()
    sweep_identities_now()
    assert followed() == set(before)
    nothing_is_amiss(world)


def test_drills_go_on_while_a_case_is_locked(asking: Asking) -> None:
    guards = asking.guards
    Locking(asking.world, guards).lock()
    assert sweep_drills() == 3
    board = Board(guards.people, guards.keys, guards.directory, Signed(guards.directory, ()))
    for drill in Drill.objects.all():
        for person in guards.people:
            if id_of(person) in drill.pair:
                passed = say(board, drill, person)
        assert passed.state == DrillState.PASSED


def test_no_name_is_asked_for_and_a_request_runs_out_quietly(asking: Asking) -> None:
    asked, world = asking.ask(), asking.world
    raw = asking.paper(asked, 0)
    Locking(world, asking.guards).lock()
    steps: list[Callable[[], object]] = [
        lambda: asking.ask(by=world.supervisor),
        lambda: asking.paper(asked, 1),
        lambda: asking.answer(asked, 0, raw),
        lambda: asking.show(asked),
    ]
    refused(world, steps)
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        sweep_identities_now()
    with entering(world.lead, "test"):
        assert IdentityRequest._base_manager.get(pk=asked.request.pk).state == AccessState.EXPIRED
    nothing_is_amiss(world)


def refused(world: World, steps: list[Callable[[], object]]) -> None:
    """Each is refused with the word that says why, and each refusal is an event of the case."""
    before = len(world.events(CaseLocked.kind))
    for step in steps:
        with pytest.raises(CaseLocked):
            step()
    assert len(world.events(CaseLocked.kind)) == before + len(steps)
