"""Who has left a case has seen no key that seals what comes after; who is shut out is out everywhere."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from accounts.actions.people import deactivate_person
from accounts.door import Machine, entering
from accounts.models import User
from accounts.vocabulary import Role
from audit.models import Event
from audit.vocabulary import Kind
from cases.actions import members
from cases.actions.rekeying import TASK, owed_rekeys
from cases.models import Case, CaseGrant, Membership
from cases.tasks import rekey_now, sweep_memberships_now
from cases.vocabulary import MemberRole
from tests import factories
from tests.cases.worlds import World
from tests.personas import make_person
from vault.errors import RotationRunning
from vault.models import ScopeKey
from vault.opening import open_row
from vault.vocabulary import KeyState, Purpose

Woken = list[tuple[str, str]]


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> Woken:
    """What was woken, in place of the queue."""
    sent: Woken = []
    for place in ("cases.actions.members.wake", "cases.tasks.wake", "accounts.actions.people.wake"):
        monkeypatch.setattr(place, lambda task, pk: sent.append((task, str(pk))))
    return sent


def key_of(case: Case) -> ScopeKey:
    return ScopeKey.objects.get(scope_id=case.pk, state=KeyState.PRIMARY)


def owed(case: Case) -> bool:
    with entering(Machine.SWEEP, "test"):
        return owed_rekeys(case.pk) == [case.pk]


def leave(world: World, user: User) -> None:
    with entering(world.lead, "test"):
        membership = Membership.objects.get(case=world.case, user=user, closed_at__isnull=True)
        members.end_membership(by=world.lead, membership=membership)


def test_a_case_that_somebody_left_gets_a_new_key(world: World, woken: Woken) -> None:
    before = key_of(world.case)
    assert not owed(world.case)
    leave(world, world.investigator)
    assert woken == [(TASK, str(world.case.pk))]
    assert owed(world.case)
    rekey_now(str(world.case.pk))
    after = key_of(world.case)
    before.refresh_from_db()
    assert (after.pk != before.pk, before.state) == (True, KeyState.DECRYPT_ONLY)
    assert Event.objects.filter(kind=Kind.KEY_ROTATED, scope=world.case.pk, actor="machine:sweep").exists()
    with entering(world.lead, "test"):
        case = Case.objects.get(pk=world.case.pk)
        opened = open_row(case, "title", reader=world.lead.staff_code, purpose=Purpose.READ)
        assert opened.text("title") == factories.CASE.title
        case.seal(title="Sealed after they left")
        assert case.title is not None
        assert case.title.header.key_id == after.pk
    rekey_now(str(world.case.pk))
    assert key_of(world.case).pk == after.pk, "it is owed once"


def test_who_changes_role_has_not_left(world: World, woken: Woken) -> None:
    with entering(world.lead, "test"):
        membership = Membership.objects.get(case=world.case, user=world.investigator)
        role = MemberRole.INVESTIGATOR
        members.change_member(by=world.lead, membership=membership, role=role, reason="", sees_strict=True)
    assert not owed(world.case)


@pytest.mark.parametrize("case", [lambda world: world.case.pk, lambda _world: uuid4()])
def test_a_message_is_no_authority(world: World, case: Callable[[World], UUID]) -> None:
    before = set(ScopeKey.objects.values_list("pk", "state"))
    rekey_now(str(case(world)))
    assert set(ScopeKey.objects.values_list("pk", "state")) == before


def test_a_lost_message_and_a_killed_rotation_are_found_by_the_sweep(world: World, woken: Woken) -> None:
    leave(world, world.investigator)
    woken.clear()
    sweep_memberships_now()
    assert woken == [(TASK, str(world.case.pk))]
    rekey_now(str(world.case.pk))
    assert not owed(world.case)
    old = ScopeKey.objects.get(scope_id=world.case.pk, state=KeyState.DECRYPT_ONLY)
    ScopeKey.objects.filter(pk=old.pk).update(state=KeyState.ENABLED)
    assert owed(world.case)
    rekey_now(str(world.case.pk))
    assert not owed(world.case)


def test_another_rotation_only_puts_it_off(
    world: World, woken: Woken, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(world, world.investigator)
    before = key_of(world.case).pk
    with monkeypatch.context() as patched:
        patched.setattr("cases.actions.rekeying.rotate_scope", _running)
        rekey_now(str(world.case.pk))
    assert key_of(world.case).pk == before
    assert owed(world.case)


def _running(*_: object, **__: object) -> None:
    raise RotationRunning


def test_a_closed_account_leaves_every_case(world: World, woken: Woken) -> None:
    """Membership and grants end, both cases get new keys; the last lead of one stays there on paper."""
    admin = make_person(Role.SYSADMIN)
    person = make_person(Role.INVESTIGATOR)
    factories.join(world.case, world.lead, person, MemberRole.INVESTIGATOR)
    own = factories.make_case(person)
    with entering(admin, "test"):
        deactivate_person(user=person, by=admin)
    assert ("cases.sweep_memberships", str(person.pk)) in woken
    assert owed(world.case)
    woken.clear()
    sweep_memberships_now(str(person.pk))
    assert set(woken) == {(TASK, str(world.case.pk)), (TASK, str(own.pk))}
    with entering(Machine.SWEEP, "test"):
        standing = Membership.objects.filter(user=person, closed_at__isnull=True)
        assert list(standing.values_list("case_id", flat=True)) == [own.pk]
        assert not CaseGrant.objects.filter(user=person, content_object=world.case.pk).exists()
    told = Event.objects.filter(kind=Kind.MEMBER_ENDED, scope=world.case.pk).latest("at")
    assert '"reason":"account_closed"' in told.leaf
    rekey_now(str(own.pk))
    assert not owed(own)
