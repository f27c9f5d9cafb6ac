"""A look that goes on costs less than one that begins, and is not one bit easier to come by."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.door import entering
from audit.vocabulary import Kind
from cases.actions.members import end_membership
from cases.models import Membership
from cases.vocabulary import Sensitivity
from evidence.actions import looks, viewing
from evidence.actions.looks import Asking, Looks
from evidence.models import EvidenceItem, FileObject
from evidence.vocabulary import CustodyKind
from tests.evidence.test_serving import CLIP, MIB, address, body
from tests.evidence.worlds import World, flip, stored_path
from tests.personas import signed_in
from vault.files.segments import SEALED_SEGMENT
from vault.models import DestroyedKey

LATER = f"bytes={MIB}-{MIB + 9}"


@pytest.fixture
def reader(world: World) -> Client:
    return signed_in(world.supervisor)


@pytest.fixture
def file(world: World) -> FileObject:
    return world.receive(CLIP, name="clip.bin")


def ask(world: World, browser: Client, file: FileObject, wanted: str = LATER) -> int:
    answer = browser.get(address(world, file), headers={"Range": wanted})
    if answer.status_code == 206:
        assert body(answer) == CLIP[MIB : MIB + 10]
    return int(answer.status_code)


def openings(world: World) -> int:
    return len([event for event in world.events(Kind.CONTENT_OPENED) if '"purpose":"media"' in event.leaf])


def entries(world: World) -> int:
    return [entry.event for entry in world.custody()].count(CustodyKind.ACCESSED)


def test_one_look_is_one_leaf_and_one_entry(world: World, reader: Client, file: FileObject) -> None:
    before = openings(world)
    assert [ask(world, reader, file) for _ in range(4)] == [206] * 4
    assert (openings(world) - before, entries(world)) == (1, 1)
    assert ask(world, signed_in(world.supervisor), file) == 206
    assert (openings(world) - before, entries(world)) == (2, 1), "another session of the same person"
    assert ask(world, signed_in(world.lead), file) == 206
    assert (openings(world) - before, entries(world)) == (3, 2), "another person"


def test_look_that_rests_begins_anew(
    world: World, reader: Client, file: FileObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = openings(world)
    assert ask(world, reader, file) == 206
    monkeypatch.setattr(looks, "KEPT_SECONDS", -1.0)
    assert ask(world, reader, file) == 206
    assert openings(world) - before == 2


def test_range_of_a_look_asks_few_questions(world: World, reader: Client, file: FileObject) -> None:
    ask(world, reader, file)
    with CaptureQueriesContext(connection) as first:
        ask(world, signed_in(world.lead), file)
    with CaptureQueriesContext(connection) as later:
        ask(world, reader, file)
    assert len(later) < len(first) / 2


def end(world: World, reader: Client, file: FileObject) -> None:
    membership = Membership.objects.get(case=world.case, user=world.supervisor)
    end_membership(by=world.lead, membership=membership)


def forge(world: World, reader: Client, file: FileObject) -> None:
    Membership.objects.filter(case=world.case, user=world.supervisor).update(tag=bytes(32))


def sign_out(world: World, reader: Client, file: FileObject) -> None:
    reader.logout()


def hide_item(world: World, reader: Client, file: FileObject) -> None:
    EvidenceItem.objects.filter(pk=file.item_id).update(sensitivity=Sensitivity.STRICTLY_CONFIDENTIAL)


def damage(world: World, reader: Client, file: FileObject) -> None:
    viewing.note_damage(by=world.lead, file=file)


def lose(world: World, reader: Client, file: FileObject) -> None:
    stored_path(file).unlink()


def destroy(world: World, reader: Client, file: FileObject) -> None:
    assert file.stored.manifest is not None
    DestroyedKey.objects.create(id=file.stored.manifest.header.key_id)


ENDS = [
    (end, 404),
    (forge, 404),
    (sign_out, 302),
    (hide_item, 404),
    (damage, 409),
    (lose, 409),
    (destroy, 500),
]


@pytest.mark.parametrize(("way", "status"), ENDS)
def test_look_ends_at_the_very_next_range(
    world: World,
    reader: Client,
    file: FileObject,
    way: Callable[[World, Client, FileObject], None],
    status: int,
) -> None:
    assert [ask(world, reader, file) for _ in range(2)] == [206, 206]
    with entering(world.lead, "test"):
        way(world, reader, file)
    assert [ask(world, reader, file) for _ in range(2)] == [status, status]


def test_damage_in_a_later_range_is_told(world: World, reader: Client, file: FileObject) -> None:
    assert ask(world, reader, file) == 206
    flip(stored_path(file), 2 * SEALED_SEGMENT + 5000)
    assert ask(world, reader, file) == 206, "what is not asked for is not opened"
    answer = reader.get(address(world, file), headers={"Range": f"bytes={2 * MIB}-"})
    with pytest.raises(Exception, match="segment 2"):
        body(answer)
    assert ask(world, reader, file) == 409
    assert world.now().is_frozen


def test_file_of_one_exhibit_is_no_look_at_another(world: World, reader: Client, file: FileObject) -> None:
    ask(world, reader, file)
    other = world.register()
    where = address(world, file).replace(str(world.item.pk), str(other.pk))
    assert reader.get(where, headers={"Range": LATER}).status_code == 404


def test_few_looks_are_kept_and_not_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: Looks[int] = Looks()
    asked = [Asking("session", uuid4(), uuid4(), uuid4(), uuid4()) for _ in range(100)]
    for number, asking in enumerate(asked):
        kept.keep(asking, number)
    assert [kept.going_on(asking) for asking in asked[:36]] == [None] * 36
    assert [kept.going_on(asking) for asking in asked[36:]] == list(range(36, 100))
    kept.forget(asked[50])
    assert kept.going_on(asked[50]) is None
    monkeypatch.setattr(looks, "ONE_LOOK_SECONDS", 0.0)
    assert kept.going_on(asked[99]) is None, "however often it was asked for"
    assert "session" not in repr(kept)
