"""A redacted copy: drawn by one person, made and proved by the machine, let go by another person."""

import io
import math
from dataclasses import replace
from uuid import uuid4

import pytest
from PIL import Image

from accounts.door import entering
from accounts.models import User
from accounts.vocabulary import OwedState
from audit.vocabulary import Kind
from cases.actions.members import change_member, end_membership
from cases.errors import ElsewhereRow
from cases.models import Membership
from cases.vocabulary import MemberRole
from evidence import tasks
from evidence.actions import burning, redaction
from evidence.actions.fixity import fail_stored
from evidence.decoding import workshop
from evidence.decoding.chamber import Limits, Ranges
from evidence.decoding.kinds import Family
from evidence.errors import (
    ItemFrozen,
    NotLookedAt,
    NotRedactable,
    OwnRedaction,
    ReasonMissing,
    RedactionUnsound,
    StepNotPossible,
)
from evidence.facts import RedactionFacts, RegionFacts
from evidence.models import FileObject, FixityCheck, IngestJob, Redaction, RedactionSet
from evidence.vocabulary import (
    BurnFault,
    CopyKind,
    CustodyKind,
    FileFlag,
    FileState,
    FixityResult,
    RedactionReason,
    RedactionState,
    RegionKind,
)
from tests import factories
from tests.evidence import redacting
from tests.evidence.redacting import CORNER
from tests.evidence.test_tasks import Killed
from tests.evidence.worlds import World, flip, photo, stored_files, stored_path

BEGINS_WITH = ("item",)

pytestmark = pytest.mark.usefixtures("looked_once")

NOISE = redacting.jpeg(redacting.noise())


@pytest.fixture
def file(world: World) -> FileObject:
    """A photograph that was received and checked."""
    return redacting.lay(world, NOISE)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    redacting.without_walls(monkeypatch)


def ready(world: World, file: FileObject) -> RedactionSet:
    made = redacting.burn(world, redacting.draft(world, file))
    assert (made.state, made.fault) == (RedactionState.READY, "")
    return redacting.checked(world, made)


def send_back(world: World, made: RedactionSet, reason: str, by: User | None = None) -> None:
    person = by or world.supervisor
    with entering(person, "test"):
        redaction.return_redaction(by=person, redaction=made, reason=reason)


def test_copy_is_made_behind_walls_proved_and_checked_as_every_file_is(
    world: World, file: FileObject
) -> None:
    made = redacting.burn(world, redacting.draft(world, file))
    assert (made.state, made.fault, redacting.job_of(made).state) == ("ready", "", OwedState.DONE)
    assert made.output is not None
    assert (made.output.copy_kind, made.output.derived_from_id) == (CopyKind.REDACTED, file.pk)
    content = redacting.content_of(world, made.output)
    with Image.open(io.BytesIO(content)) as image:
        assert image.size == (160, 120)
        assert image.crop((0, 0, 80, 60)).getcolors() == [(80 * 60, (0, 0, 0))]
    assert b"Canary" not in content
    tasks.ingest_file(str(IngestJob.objects.get(file=made.output.pk).pk))
    assert world.file_now(made.output).check_state == FileState.CHECKED
    with entering(world.officer, "test"):
        assert made.output.derivatives.filter(copy_kind=CopyKind.THUMBNAIL).exists()


def test_custody_holds_the_sealed_digests_of_before_and_after(
    world: World, file: FileObject, quick: None
) -> None:
    made = ready(world, file)
    entries = [entry for entry in world.custody() if entry.event == CustodyKind.REDACTED]
    assert made.output is not None
    digests = [bytes(file.stored.sealed_digest), bytes(made.output.stored.sealed_digest)]
    assert [bytes(entry.sealed_digest or b"") for entry in entries] == digests
    assert [entry.file_id for entry in entries] == [file.pk, made.output_id]
    leaf = world.events(Kind.REDACTION_MADE)[-1].leaf
    assert all(digest.hex() in leaf for digest in digests)


def test_original_and_its_key_are_untouched_and_the_copy_has_its_own(
    world: World, file: FileObject, quick: None
) -> None:
    before = stored_path(file).read_bytes()
    made = ready(world, file)
    assert stored_path(file).read_bytes() == before
    assert made.output is not None
    assert made.output.stored_id != file.stored_id
    with entering(world.officer, "test"):
        assert world.file_now(file).check_state == FileState.CHECKED


@pytest.mark.parametrize(
    "region",
    [
        replace(CORNER, width=0),
        replace(CORNER, height=-1),
        replace(CORNER, left=math.nan),
        replace(CORNER, left=200),
        replace(CORNER, kind=RegionKind.SILENCE, end=1),
        replace(CORNER, note="x" * 5000),
    ],
)
def test_box_that_is_none_is_refused_and_nothing_saved(
    world: World, file: FileObject, region: RegionFacts
) -> None:
    before = world.state()
    with pytest.raises(RedactionUnsound):
        redacting.draft(world, file, CORNER, region)
    assert world.state() == before


@pytest.mark.parametrize("count", [0, 101, 1_000_000])
def test_no_box_and_too_many_are_refused(world: World, file: FileObject, count: int) -> None:
    facts = RedactionFacts(regions=(CORNER,) * count)
    with pytest.raises(RedactionUnsound), entering(world.officer, "test"):
        redaction.draft_redaction(by=world.officer, file=file, facts=facts)


def test_what_is_drawn_is_sealed_and_a_correction_stands_beside_it(world: World, file: FileObject) -> None:
    first = redacting.draft(world, file)
    second = redacting.draft(world, file, replace(CORNER, width=80), corrects=first)
    assert (first.number, second.number, second.corrects_id) == (1, 2, first.pk)
    with entering(world.officer, "test"):
        (line,) = Redaction.objects.filter(redaction_set=first)
        assert "<sealed>" in str(line.region)
        assert "B1" not in str(line.reason)


def test_file_of_another_case_or_exhibit_does_not_exist(world: World, file: FileObject) -> None:
    foreign = factories.make_case(world.outsider, prefix="HOM")
    assert foreign.pk != world.case.pk
    elsewhere = redacting.lay(world, photo(seed=3), item=world.register())
    file.item = elsewhere.item
    with pytest.raises(ElsewhereRow):
        redacting.draft(world, file)
    file.pk = uuid4()
    with pytest.raises(ElsewhereRow):
        redacting.draft(world, file)
    set_of_another = redacting.draft(world, elsewhere)
    with pytest.raises(ElsewhereRow):
        redacting.draft(world, redacting.lay(world, photo(seed=9)), corrects=set_of_another)


def test_only_a_whole_checked_file_as_received_is_copied(world: World, file: FileObject, quick: None) -> None:
    made = ready(world, file)
    assert made.output is not None
    unchecked = world.receive(photo(seed=5))
    text = redacting.lay(world, b"nothing to see", "text/plain")
    for other in (made.output, unchecked, text):
        with pytest.raises(NotRedactable):
            redacting.draft(world, other)


def test_frozen_or_lost_original_is_not_copied_and_its_copy_not_approved(
    world: World, file: FileObject, quick: None
) -> None:
    made, later = ready(world, file), redacting.draft(world, file)
    redacting.look_at(world, made, world.supervisor)
    with entering(world.keeper, "test"):
        fail_stored(file.stored_id, by=world.keeper, result=FixityResult.DAMAGED)
    with pytest.raises(ItemFrozen):
        redacting.draft(world, file)
    with pytest.raises(ItemFrozen):
        redacting.approve(world, made)
    assert redacting.burn(world, later).state == RedactionState.OWED
    job = redacting.job_of(later)
    assert (job.state, job.reason) == (OwedState.FAILED, "ItemFrozen")


def test_bytes_that_changed_meanwhile_raise_the_alert_and_no_copy(
    world: World, file: FileObject, quick: None
) -> None:
    made = redacting.draft(world, file)
    flip(stored_path(file))
    files = len(stored_files())
    assert redacting.burn(world, made).output_id is None
    assert redacting.job_of(made).state == OwedState.FAILED
    assert (world.file_now(file).flag, world.now().is_frozen) == (FileFlag.DAMAGED, True)
    with entering(world.keeper, "test"):
        assert FixityCheck.objects.filter(file=file).count() == 1
    assert len(stored_files()) == files


def test_right_that_ended_meanwhile_ends_the_work(world: World, file: FileObject, quick: None) -> None:
    made = redacting.draft(world, file)
    with entering(world.lead, "test"):
        membership = Membership.objects.get(case=world.case, user=world.officer)
        end_membership(by=world.lead, membership=membership)
    tasks.burn_redaction(str(redacting.job_of(made).pk))
    assert redacting.job_of(made).state == OwedState.FAILED
    with entering(world.lead, "test"):
        assert RedactionSet.objects.get(pk=made.pk).output_id is None


@pytest.mark.parametrize("step", ["burn", "keep_made", "prove", "note_outcome"])
def test_worker_killed_in_the_middle_leaves_nothing_half_kept(
    world: World, file: FileObject, quick: None, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    made, files = redacting.draft(world, file), len(stored_files())
    place = workshop if step in {"burn", "prove"} else burning
    done = getattr(place, step)

    def killed(*args: object, **kwargs: object) -> None:
        done(*args, **kwargs)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(place, step, killed)
        with pytest.raises(Killed):
            redacting.burn(world, made)
    is_kept = step in {"prove", "note_outcome"}
    assert (redacting.now(world, made).output_id is not None) == is_kept
    assert len(stored_files()) == files + is_kept
    job = redacting.job_of(made)
    job.state = OwedState.OWED
    job.save(update_fields=["state"])
    assert redacting.burn(world, made).state == RedactionState.READY
    assert redacting.job_of(made).state == OwedState.DONE
    assert len(stored_files()) == files + 1
    assert len(world.events(Kind.REDACTION_CHECKED)) == 1


def test_work_repeated_or_forged_changes_nothing(world: World, file: FileObject, quick: None) -> None:
    made = ready(world, file)
    before = world.state()
    job = redacting.job_of(made)
    tasks.burn_redaction(str(job.pk))
    tasks.burn_redaction(str(uuid4()))
    assert world.state() == before
    job.state = OwedState.OWED
    job.save(update_fields=["state"])
    assert redacting.burn(world, made).state == RedactionState.READY
    assert len(world.events(Kind.REDACTION_MADE)) == 2


@pytest.mark.parametrize(
    ("content", "fault"),
    [(NOISE[:900], BurnFault.BROKEN), (b"\x89PNG no picture", BurnFault.BROKEN), (b"", BurnFault.BROKEN)],
)
def test_file_that_cannot_be_read_to_its_end_ends_with_its_fault(
    world: World, quick: None, content: bytes, fault: BurnFault
) -> None:
    file, files = redacting.lay(world, content or b"\0"), len(stored_files())
    made = redacting.burn(world, redacting.draft(world, file))
    assert (made.state, made.fault, made.output_id) == (RedactionState.FAILED, fault, None)
    assert len(stored_files()) == files


def test_hostile_file_is_held_by_the_walls(monkeypatch: pytest.MonkeyPatch) -> None:
    piece = workshop.Piece(Family.PICTURE, "JPEG", len(NOISE), ())
    taken = bytearray()

    def read(start: int, end: int) -> bytes:
        return NOISE[start:end]

    monkeypatch.setattr(workshop, "_PROGRAM", "import sys; sys.path.insert(0, {root!r})\nwhile True: pass")
    assert workshop.burn(piece, read, taken.extend, Limits(wall_seconds=0.5)) == BurnFault.SLOW
    for program in ("raise SystemExit", "import os; os.write(1, b'W' + b'\\xff' * 16)"):
        monkeypatch.setattr(workshop, "_PROGRAM", program)
        assert workshop.burn(piece, read, taken.extend) == BurnFault.BROKEN
        assert workshop.prove(piece, read, read, 5) == BurnFault.BROKEN
        assert workshop.draw_page(read, length=5, number=1) == (b"", 0)
    assert not taken


def test_copy_that_fails_its_check_is_never_approvable(
    world: World, file: FileObject, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A child that was taken over hands back the original in the place of a copy."""

    def hands_back(_piece: object, read: Ranges, take: object, *_more: object) -> str:
        assert callable(take)
        take(read(0, len(NOISE)))
        return ""

    monkeypatch.setattr(workshop, "burn", hands_back)
    made = redacting.checked(world, redacting.burn(world, redacting.draft(world, file)))
    assert (made.state, made.fault) == (RedactionState.FAILED, BurnFault.METADATA)
    redacting.look_at(world, made, world.supervisor)
    with pytest.raises(StepNotPossible):
        redacting.approve(world, made)
    assert world.events(Kind.REDACTION_FAILED)


def test_second_person_looks_and_approves_and_can_take_it_back(
    world: World, file: FileObject, quick: None
) -> None:
    made = ready(world, file)
    with pytest.raises(NotLookedAt):
        redacting.approve(world, made)
    redacting.look_at(world, made, world.supervisor)
    approved = redacting.approve(world, made)
    assert (approved.state, approved.judged_by) == (RedactionState.APPROVED, world.supervisor)
    with pytest.raises(StepNotPossible):
        redacting.approve(world, made)
    with pytest.raises(ReasonMissing):
        send_back(world, made, "  ")
    send_back(world, made, "A reflection shows her.")
    assert redacting.now(world, made).state == RedactionState.RETURNED


def test_nobody_approves_or_returns_their_own(world: World, file: FileObject, quick: None) -> None:
    """Not even somebody whose role changed since."""
    made = ready(world, file)
    with entering(world.lead, "test"):
        membership = Membership.objects.get(case=world.case, user=world.officer)
        change_member(by=world.lead, membership=membership, role=MemberRole.SUPERVISOR, reason="Moved")
    redacting.look_at(world, made, world.officer)
    with pytest.raises(OwnRedaction):
        redacting.approve(world, made, by=world.officer)
    with pytest.raises(OwnRedaction):
        send_back(world, made, "No", by=world.officer)


def test_reason_codes_have_their_words() -> None:
    codes = [f"A{number}" for number in range(1, 9)] + [f"B{number}" for number in range(1, 6)]
    assert [one.value for one in RedactionReason] == [*codes, "G1", "T1", "L1"]
    assert all(str(one.label).startswith(one.value) for one in RedactionReason)
