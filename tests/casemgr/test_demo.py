"""The demonstration's case: loaded once, through the same actions as people's work, and never elsewhere."""

from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from accounts.actions import installation
from accounts.door import Machine, entering
from accounts.models import User
from audit.verifying import verify
from casemgr.demo import loading, people
from cases.models import Case, Testimony, Victim, Witness
from evidence.models import (
    Annotation,
    Checklist,
    EvidenceItem,
    FileObject,
    HandOver,
    PlaceAnalysis,
    TimeAnalysis,
)
from evidence.vocabulary import FileState, HandOverState, ItemStatus, MethodFamily
from exports.models import Export
from exports.vocabulary import ExportState, Inclusion, Reason
from findings.models import CasualtyClaim

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def demonstration(tmp_path: Path, settings: Settings) -> None:
    settings.DATA_DIR, settings.LOG_SIGNER_DIR = tmp_path, tmp_path / "log-signer"
    settings.CUSTODIAN_FOUNDING = ""  # another test of this process may have founded its own
    with entering(Machine.COMMAND, "start"):
        installation.mark_demonstration()


def test_demonstration_is_loaded_once_and_whole(demonstration: None, tmp_path: Path) -> None:
    call_command("load_demo")
    first = counted()
    assert first == {
        Case: 1,
        Witness: 4,
        Testimony: 4,
        Victim: 4,
        EvidenceItem: 9,
        FileObject: 10 + 10 + 1,  # as received, previews, and the overview of the clip
        CasualtyClaim: 6,
        Export: 1,
    }
    call_command("load_demo")
    assert counted() == first
    assert verify().findings == []
    export_holds_what_may_leave_and_lists_what_may_not()
    files_are_checked_and_exhibits_at_different_stages()
    nobody_outside_the_case_sees_it()
    package_is_left_for_anyone_to_open(tmp_path / "out")


@pytest.mark.soak  # loads everything again
def test_start_that_was_killed_on_the_way_goes_on(
    demonstration: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killed:
        killed.setattr(loading, "_weigh_and_send", stop)
        with pytest.raises(KeyboardInterrupt):
            call_command("load_demo")
    with monkeypatch.context() as killed:
        killed.setattr("casemgr.demo.sending.build_export", stop)
        with pytest.raises(KeyboardInterrupt):
            call_command("load_demo")
    call_command("load_demo")
    assert counted()[EvidenceItem] == 9
    assert counted()[Export] == 1


def test_it_is_refused_where_people_may_be_real() -> None:
    with pytest.raises(CommandError, match="no demonstration"):
        call_command("load_demo")
    assert not User.objects.exists()


def export_holds_what_may_leave_and_lists_what_may_not() -> None:
    with people.acting(people.DISCLOSURE):
        export = Export.objects.get()
        assert export.state == ExportState.VERIFIED
        left_out = export.items.filter(decision=Inclusion.LEFT_OUT).values_list("reason", flat=True)
        assert Counter(left_out) == {
            Reason.NOT_APPROVED: 2,
            Reason.DEPICTED: 1,
            Reason.NOT_VERIFIED: 3,
        }


def files_are_checked_and_exhibits_at_different_stages() -> None:
    with people.acting(people.DISCLOSURE):
        assert {file.check_state for file in FileObject.objects.all()} == {FileState.CHECKED}
        assert {item.status for item in EvidenceItem.objects.all()} == {
            ItemStatus.REGISTERED,
            ItemStatus.IN_VERIFICATION,
            ItemStatus.VERIFIED,
        }
        assert HandOver.objects.get().state == HandOverState.CONFIRMED
        assert {row.family for row in Checklist.objects.all()} == set(MethodFamily)
        assert (PlaceAnalysis.objects.count(), TimeAnalysis.objects.count()) == (1, 1)
        assert Annotation.objects.count() == 2


def nobody_outside_the_case_sees_it() -> None:
    outsider = User.objects.get(staff_code="INV-03")
    with entering(outsider, "test"):
        assert not Case.objects.visible_to(outsider).exists()
        assert not Case.objects.exists()


def package_is_left_for_anyone_to_open(out: Path) -> None:
    call_command("demo_export", str(out))
    names = {path.name.partition(".")[2] for path in out.iterdir()}
    assert {"zip.age", "statement.txt", "statement.sig", "receipt.txt", "pem", "txt"} <= names


def counted() -> dict[type, int]:
    with people.acting(people.DISCLOSURE):
        kinds = (Case, Witness, Testimony, Victim, EvidenceItem, FileObject, CasualtyClaim, Export)
        return {kind: kind._default_manager.count() for kind in kinds}


def stop(*_args: object, **_kwargs: object) -> None:
    raise KeyboardInterrupt
