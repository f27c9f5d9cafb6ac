"""A file that was set aside as lost stays behind, and the package says so; what came in its place goes."""

import json
from pathlib import Path

from django.utils import timezone

from accounts.door import entering
from audit.vocabulary import Kind
from evidence.actions.custody import append_custody
from evidence.models import FileObject
from evidence.vocabulary import CustodyKind, FileFlag, FileState
from exports.models import Export, ExportItem
from tests.exports.worlds import CLIP, World, add_file, unzip


def lose(world: World) -> None:
    """Lay the clip's file as lost, and the same content as received again."""
    with entering(world.investigator, "test"):
        (file,) = FileObject.objects.filter(item=world.clip)
        FileObject.objects.filter(pk=file.pk).update(check_state=FileState.FLAGGED, flag=FileFlag.DAMAGED)
    with entering(world.investigator, "test"):
        add_file(world.clip, world.investigator, CLIP)


def give_up(world: World) -> None:
    """Lay it as set aside; whose right that is, is another room's matter."""
    with entering(world.investigator, "test"):
        (file,) = FileObject.objects.filter(item=world.clip, flag=FileFlag.DAMAGED)
        FileObject.objects.filter(pk=file.pk).update(
            set_aside_at=timezone.now(), set_aside_by=world.investigator
        )
        append_custody(
            world.clip,
            CustodyKind.SET_ASIDE,
            by=world.investigator,
            kind=Kind.EVIDENCE_SET_ASIDE,
            file=file,
        )


def answer(world: World, export: Export) -> str:
    with entering(world.officer, "test"):
        return str(ExportItem.objects.get(export=export, evidence=world.clip).reason)


def test_exhibit_waits_for_what_nobody_set_aside(world: World) -> None:
    lose(world)
    assert answer(world, world.request()) == "flagged"
    give_up(world)
    assert answer(world, world.request()) == ""


def test_package_holds_what_came_in_its_place_and_lists_what_is_left_out(
    world: World, tmp_path: Path
) -> None:
    lose(world)
    give_up(world)
    root = unzip(world.opened(world.verified), tmp_path)
    (folder,) = (root / "data" / "evidence").iterdir()
    assert [path.read_bytes() for path in folder.glob("file-*")] == [CLIP]
    (left,) = json.loads((folder / "item.json").read_text())["left_out"]
    assert left["custody"] == 1
    assert "set aside" in left["why"]
