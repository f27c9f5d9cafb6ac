"""Content that a case holds already: kept under the right person's key, told of to whom may know."""

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from accounts.door import entering
from cases.vocabulary import Sensitivity
from evidence.actions import files
from evidence.actions.files import receive_file
from evidence.actions.items import register_item
from evidence.errors import ContentGone, LengthDiffers, WitnessErased
from evidence.models import FileObject
from tests.evidence.sending import address, send
from tests.evidence.worlds import PHOTO, World, photo, stored_files
from tests.personas import signed_in
from vault.files import open_file
from vault.keys.unitkeys import destroy_unit_key
from vault.scopes import Scope
from vault.vocabulary import Purpose

BEGINS_WITH = ("item",)

SAID = "This case holds the same content already; it is stored once."


def lay_a_strict_exhibit_with(world: World, content: bytes) -> FileObject:
    facts = replace(PHOTO, sensitivity=Sensitivity.STRICTLY_CONFIDENTIAL)
    with entering(world.lead, "test"):
        item = register_item(by=world.lead, case=world.case, facts=facts)
        return receive_file(by=world.lead, item=item, chunks=[content], filename="kept.jpg")


def test_upload_tells_nothing_of_exhibits_that_one_may_not_see(world: World, browser: Client) -> None:
    first = lay_a_strict_exhibit_with(world, photo())
    told = send(browser, address(world), photo()).json()
    ids = [world.case.pk, world.item.pk]
    again = browser.get(reverse("file-state", args=[*ids, told["file"]])).json()
    assert (told["is_linked"], again["is_linked"]) == (False, False)
    assert SAID not in browser.get(reverse("exhibit-detail", args=ids)).content.decode()
    with entering(world.lead, "test"):
        assert FileObject.objects.get(pk=told["file"]).same_as_id == first.pk, "stored once all the same"
    lead = signed_in(world.lead)
    assert lead.get(reverse("file-state", args=[*ids, told["file"]])).json()["is_linked"] is True
    assert SAID in lead.get(reverse("exhibit-detail", args=ids)).content.decode()


def erase(world: World) -> None:
    with entering(world.lead, "test"):
        destroy_unit_key(Scope.witness(world.case.pk, world.witness.pk), by="machine:test")


def content_of(world: World, file: FileObject) -> bytes:
    with entering(world.investigator, "test"):
        stored = FileObject.objects.select_related("stored").get(pk=file.pk).stored
        opened = open_file(stored, reader=world.investigator.staff_code, purpose=Purpose.MEDIA)
        with opened:
            return b"".join(opened)


def test_file_of_a_witness_and_the_same_from_elsewhere_are_two(world: World) -> None:
    theirs = world.receive(photo(), item=world.register(witness=world.witness))
    mine = world.receive(photo())
    assert theirs.stored_id != mine.stored_id
    assert (theirs.same_as_id, mine.same_as_id) == (None, None)
    erase(world)
    assert content_of(world, mine) == photo()


def test_what_comes_again_after_an_erasure_is_kept_and_can_be_opened(world: World) -> None:
    world.receive(photo(), item=world.register(witness=world.witness))
    erase(world)
    again = world.receive(photo(), name="again.jpg")
    assert again.same_as_id is None
    assert content_of(world, again) == photo()


def test_same_content_of_one_witness_is_still_linked(world: World) -> None:
    first, second = (world.receive(photo(), item=world.register(witness=world.witness)) for _ in range(2))
    assert (second.same_as_id, second.stored_id) == (first.pk, first.stored_id)


@pytest.mark.parametrize("seed", [0, 44])
def test_nothing_is_received_for_a_witness_whose_key_was_destroyed(world: World, seed: int) -> None:
    item = world.register(witness=world.witness)
    world.receive(photo(), item=item)
    erase(world)
    before, kept = world.state(), stored_files()
    with pytest.raises(WitnessErased):
        world.receive(photo(seed=seed), item=item)
    assert (world.state(), stored_files()) == (before, kept)


def test_file_whose_twin_goes_bad_in_this_moment_is_refused_by_its_own_name(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = world.receive(photo())
    before, kept = world.state(), stored_files()
    answers = iter([first, None])
    with monkeypatch.context() as patched:
        patched.setattr(files, "_first", lambda *_: next(answers))
        with pytest.raises(ContentGone) as refused:
            world.receive(photo(), name="again.jpg")
    assert not isinstance(refused.value, LengthDiffers)
    assert "here already" not in str(refused.value.message), "who sends it may not know of the other"
    assert (world.state(), stored_files()) == (before, kept)
