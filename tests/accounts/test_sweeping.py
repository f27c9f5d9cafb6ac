"""A step of a sweep stands alone: what stops it is told once, and stops nothing else."""

import json
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from accounts.errors import DirectoryDoubted, LockedMeanwhile
from accounts.models import User
from accounts.sweeping import alone
from audit.models import Event
from audit.vocabulary import Kind
from evidence import tasks as evidence
from exports import tasks as exports
from vault.errors import DrillTouched, KeyLocked, NotVerified, RotationRunning

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str | None, str]]:
    rows = Event.objects.of_kinds([Kind.ROW_SET_ASIDE]).order_by("at", "id")
    return [(one.subject, json.loads(one.leaf)["facts"]["because"]) for one in rows]


def raising(error: Exception) -> Callable[[], object]:
    def step() -> object:
        raise error

    return step


def test_what_stops_a_step_is_told_once() -> None:
    for _run in range(2):
        assert not alone("test", raising(NotVerified()), about="row:1")
        assert not alone("test", raising(User.DoesNotExist()), about="row:2")
        assert not alone("test", raising(DirectoryDoubted(subject="directory")), about="row:3")
        assert not alone("test", raising(NotVerified()))
    assert told() == [
        ("row:1", "NotVerified"),
        ("row:2", "DoesNotExist"),
        ("directory", "DirectoryDoubted"),
        ("sweep:test", "NotVerified"),
    ]
    assert alone("test", lambda: None)


def test_what_waits_for_a_locked_case_or_another_turn_is_no_alarm() -> None:
    for error in (KeyLocked(), RotationRunning(), LockedMeanwhile(subject="case:1")):
        assert not alone("test", raising(error), about="row:1")
    assert told() == []
    assert not alone("test", raising(DrillTouched()))  # this one is, and has a name of its own
    assert Event.objects.of_kinds([Kind.DRILL_TOUCHED]).count() == 1


def test_a_fault_of_ours_is_not_swallowed() -> None:
    with pytest.raises(ZeroDivisionError):
        alone("test", raising(ZeroDivisionError()))


@pytest.mark.parametrize(
    ("found", "step", "sweep"),
    [
        ("exports.tasks.exports_of_gone", "exports.tasks.stop_export_of_gone", exports.stop_exports_of_gone),
        (
            "evidence.tasks.uploads.left_uploads",
            "evidence.tasks.uploads.drop_left_upload",
            evidence.sweep_orphaned_files,
        ),
    ],
)
def test_one_that_does_not_end_keeps_no_other_from_ending(
    found: str, step: str, sweep: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    owed, ended = [uuid4(), uuid4(), uuid4()], []

    def act(one: UUID) -> None:
        if one == owed[0]:
            raise NotVerified
        ended.append(one)

    monkeypatch.setattr(found, lambda: owed)
    monkeypatch.setattr(step, act)
    sweep()
    assert ended == owed[1:]
    assert len(told()) == 1
