"""Who is shut out is out of what flows, what waits and what they asked for; a locked case likewise."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions.people import deactivate_person
from accounts.actions.sessions import end_other_sessions
from accounts.door import Machine, entering
from accounts.models import User
from accounts.vocabulary import OwedState, Role
from audit.vocabulary import Kind
from cases.errors import CaseLocked, NotVisible
from cases.models import Case
from exports import tasks
from exports.actions.stopping import stop_export_of_gone
from exports.errors import ConsentGone, NotAddressed
from exports.models import BuildJob, Export
from exports.views import serving
from exports.vocabulary import ExportState
from tests.exports.worlds import World
from tests.personas import make_person, signed_in
from vault.errors import KeyLocked
from vault.keys.shares import scope_of
from vault.keys.unitkeys import destroy_unit_key

BEGINS_WITH = ("approved",)


@pytest.fixture(autouse=True)
def _asked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "ASK_AGAIN_SECONDS", -1.0)


def shut_out(person: User) -> None:
    admin = make_person(Role.SYSADMIN)
    with entering(admin, "test"):
        deactivate_person(user=person, by=admin)


def flowing(world: World, browser: Client, name: str) -> Any:
    """An answer whose first byte is on its way."""
    kwargs = {"export": world.verified.pk}
    if name == "export-download":
        kwargs["case"] = world.case.pk
    answer: Any = browser.post(reverse(name, kwargs=kwargs))
    assert answer.status_code == 200
    return answer.streaming_content


def session_over(_world: World, person: User) -> None:
    with entering(person, "test"):
        end_other_sessions(by=person, kept_key=None)


def locked(world: World, _person: User) -> None:
    """The shares of the case's key are gone, as a lock leaves it."""
    with entering(world.lead, "test"):
        destroy_unit_key(scope_of(world.case.pk), by="test")


def withdrawn(world: World, _person: User) -> None:
    world.withdraw()


ENDS: list[tuple[Callable[[World, User], None], type[Exception]]] = [
    (lambda _world, person: shut_out(person), NotAddressed),
    (session_over, NotAddressed),
    (withdrawn, ConsentGone),
    (locked, KeyLocked),
]


@pytest.mark.parametrize(("end", "why"), ENDS, ids=["shut out", "signed out", "withdrawn", "locked"])
@pytest.mark.parametrize("name", ["delivery-download", "export-download"])
def test_a_package_that_flows_ends_within_seconds(
    world: World, name: str, end: Callable[[World, User], None], why: type[Exception]
) -> None:
    person = world.contact if name == "delivery-download" else world.officer
    pieces = flowing(world, signed_in(person), name)
    end(world, person)
    if name == "export-download" and why in {KeyLocked, ConsentGone}:
        return goes_on_or_not(world, person, pieces, why)
    with pytest.raises(why):
        b"".join(pieces)
    return None


def goes_on_or_not(world: World, person: User, pieces: Any, why: type[Exception]) -> None:
    """An officer is a member: of a case that is locked they are told so by its own state."""
    if why is KeyLocked:
        with entering(world.lead, "test"):
            Case.objects.filter(pk=world.case.pk).update(locked_at=timezone.now())
        why = CaseLocked
    with pytest.raises(why):
        b"".join(pieces)
    assert person.is_active


def test_what_somebody_asked_for_does_not_outlive_their_account(world: World) -> None:
    export = world.approved
    job = BuildJob.objects.filter(export=export).first()
    job = job or BuildJob.objects.create(export=export, by=world.officer)
    browser = signed_in(world.officer)
    tasks.stop_exports_of_gone()
    with entering(world.lead, "test"):
        assert Export.objects.get(pk=export.pk).state == ExportState.APPROVED
    shut_out(world.officer)
    assert browser.get(reverse("export-list", args=[world.case.pk])).status_code == 302
    # A message that was sent before: done with the rights of somebody who has none.
    tasks.build(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.reason) == (OwedState.FAILED, NotVisible.__name__)
    BuildJob.objects.filter(pk=job.pk).update(state=OwedState.OWED, finished_at=None)
    tasks.sweep()
    with entering(world.lead, "test"):
        assert Export.objects.get(pk=export.pk).state == ExportState.CANCELLED
    job.refresh_from_db()
    assert (job.state, job.reason) == (OwedState.FAILED, "account_closed")
    (event,) = world.events(Kind.EXPORT_CANCELLED)
    assert event.actor == "machine:sweep"
    with entering(Machine.SWEEP, "test"):
        assert not stop_export_of_gone(export.pk)  # safe to repeat


def test_what_was_delivered_is_not_taken_for_stopped(world: World) -> None:
    export = world.delivered
    shut_out(world.officer)
    tasks.stop_exports_of_gone()
    with entering(world.lead, "test"):
        assert Export.objects.get(pk=export.pk).state == ExportState.DELIVERED
