"""Every table of unsealings, sessions, drills and repairs, after each was gone through by the product's own
steps: one deciding cell of one row is edited in the database, and `verify_audit --cells` names each.
"""

import contextlib
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import models
from pytest_django import DjangoDbBlocker

from accounts.models import Drill, DrillAnswer, DrillIdentity, Repair
from accounts.tasks import sweep_drills
from accounts.vocabulary import DrillState
from cases import keeper as keeping
from cases.keeper import Keeper
from cases.models import (
    IdentityDecision,
    IdentityRequest,
    IdentitySession,
    SessionDecision,
    SessionItem,
    SessionReport,
)
from cases.vocabulary import SessionState
from tests import databases
from tests.accounts.drilling import say
from tests.cases.asking import Asking
from tests.cases.comparing import Comparing, Here
from tests.cases.guards import found
from tests.cases.test_repairing import lose_key, repair
from tests.cases.worlds import make_world
from tests.custodians import Board, id_of
from tests.policy.attacks import Superuser
from vault import unsealing
from vault.custodian.directory import Signed
from vault.passphrase import Cost

# What is written into one row of each, and why that decides something.
EDITS: dict[type[models.Model], dict[str, Any]] = {
    IdentityRequest: {"state": "approved_2"},
    IdentityDecision: {"member": str(uuid4())},
    IdentitySession: {"material": bytes(32)},
    SessionItem: {"author_id": None},  # then the report would go to whoever wrote it
    SessionDecision: {"digest": bytes(32)},
    SessionReport: {"session_id": str(uuid4())},
    DrillIdentity: {"commitment": bytes(32)},
    Drill: {"state": DrillState.FAILED.value},
    DrillAnswer: {"member": str(uuid4())},
    Repair: {"newcomer": str(uuid4())},
}


def _gone_through() -> None:
    """An unsealing that was shown, a session with its report, a drill that was passed, a repair."""
    world = make_world()
    guards = found(world)
    comparing = Comparing(world, guards, keeper=Keeper())
    assert comparing.run().state == SessionState.COMPARED
    asking = Asking.__new__(Asking)  # of a witness who is sealed already
    asking.world, asking.guards, asking.witness = world, guards, comparing.witnesses[0]
    asked = asking.ask()
    for place in (0, 1):
        asking.say(asked, place)
    assert asking.show(asked).values
    sweep_drills()
    drill = Drill.objects.earliest("id")
    board = Board(guards.people, guards.keys, guards.directory, Signed(guards.directory, ()))
    for person in guards.people:
        if id_of(person) in drill.pair:
            drill = say(board, drill, person)
    assert drill.state == DrillState.PASSED
    assert repair(guards, lose_key(guards)).state == "finished"


@pytest.fixture(scope="module")
def superuser(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Superuser]:
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patched:
        patched.setattr(unsealing, "WORDS_COST", Cost(memory=64, iterations=1, lanes=1))
        patched.setattr(keeping, "Chamber", Here)
        _gone_through()
        attacker = Superuser()
        yield attacker
        attacker.connection.close()
        databases.restore()


def named() -> list[str]:
    """What `verify_audit --cells` says."""
    err = StringIO()
    with contextlib.suppress(CommandError):
        call_command("verify_audit", cells=True, stdout=StringIO(), stderr=err)
    return [re.sub(r"^leaf \d+: ", "", line) for line in err.getvalue().splitlines()]


def test_an_edited_cell_of_each_is_named(superuser: Superuser, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        before = set(named())  # people whom the tests made by hand
        tables = tuple(model._meta.db_table for model in EDITS)
        assert [line for line in before if line.startswith(tables)] == []
        expected = set()
        for model, values in EDITS.items():
            row = model._base_manager.using("owner").exclude(**values).earliest("pk")
            superuser.change(row, **values)
            expected.add(f"{model._meta.db_table} {row.pk}: not as it was last written")
        assert set(named()) - before == expected
