"""Below the highest tier an exhibit leaves as a redacted copy that somebody approved, or not at all."""

from pathlib import Path

import pytest
from django.utils import timezone

from accounts.door import entering
from audit.refusals import Refusal
from evidence.models import FileObject, MediaRecord, RedactionSet
from evidence.vocabulary import CopyKind, RedactionState
from exports.vocabulary import Tier
from tests.exports.worlds import CLIP, World, add_file, unzip

COPY = b"\x00\x00\x00\x18ftypmp42 a copy with its boxes " * 400


def lay_copy(world: World, state: RedactionState, content: bytes = COPY) -> RedactionSet:
    """Lay a set with its copy; how one is made and judged is another room's matter."""
    with entering(world.investigator, "test"):
        (original,) = FileObject.objects.filter(item=world.clip, copy_kind=CopyKind.EVIDENTIARY)
        copy = add_file(world.clip, world.investigator, content, derived_from=original)
        media = MediaRecord(case=world.case, file=copy, created_by=world.investigator)
        media.seal(metadata={"mime": "video/mp4"})
        media.save(force_insert=True)
    judged = state in {RedactionState.APPROVED, RedactionState.RETURNED}
    with entering(world.officer, "test"):
        made = RedactionSet(
            case=world.case,
            file=original,
            number=RedactionSet.objects.filter(file=original).count() + 1,
            output=copy,
            state=state,
            created_by=world.officer,
            judged_by=world.supervisor if judged else None,
            judged_at=timezone.now() if judged else None,
        )
        made.seal(note=None)
        made.save(force_insert=True)
        return made


def answer(world: World) -> str:
    with entering(world.officer, "test"):
        export = world.request(tier=Tier.CONFIDENTIAL)
        return str(export.items.get(evidence=world.clip).reason)


def test_copy_that_nobody_approved_does_not_leave(world: World) -> None:
    assert answer(world) == "tier"
    for state in (RedactionState.MADE, RedactionState.READY, RedactionState.RETURNED):
        lay_copy(world, state, COPY + state.encode())
        assert answer(world) == "tier"
    made = lay_copy(world, RedactionState.APPROVED)
    assert answer(world) == ""
    assert made.output is not None
    with entering(world.investigator, "test"):
        FileObject.objects.filter(pk=made.output.pk).update(check_state="hashed")
    assert answer(world) == "tier"


def test_approved_copy_leaves_in_the_place_of_the_original_and_stops_when_it_is_returned(
    world: World, tmp_path: Path
) -> None:
    lay_copy(world, RedactionState.APPROVED, b"an older copy")
    newest = lay_copy(world, RedactionState.APPROVED)
    lay_copy(world, RedactionState.READY, b"a newer copy that nobody approved")
    export = world.build(world.approve(world.request(tier=Tier.CONFIDENTIAL)))
    root = unzip(world.opened_as(export), tmp_path)
    (folder,) = (root / "data" / "evidence").iterdir()
    sent = [path.read_bytes() for path in folder.iterdir() if path.suffix == ".mp4"]
    assert sent == [COPY]
    everything = b"".join(path.read_bytes() for path in root.rglob("*") if path.is_file())
    assert CLIP not in everything
    with entering(world.officer, "test"):
        RedactionSet.objects.filter(pk=newest.pk).update(state=RedactionState.RETURNED)
        RedactionSet.objects.filter(number=1).update(state=RedactionState.RETURNED)
    with pytest.raises(Refusal):
        world.fetch(world.now(export))


def test_highest_tier_takes_the_original_all_the_same(world: World, tmp_path: Path) -> None:
    lay_copy(world, RedactionState.APPROVED)
    root = unzip(world.opened(world.verified), tmp_path)
    assert [path.read_bytes() for path in (root / "data" / "evidence").rglob("file-*")] == [CLIP]
