"""Content that a case holds already: told of to whom may know."""

from dataclasses import replace

from django.test import Client
from django.urls import reverse

from accounts.door import entering
from cases.vocabulary import Sensitivity
from evidence.actions.files import receive_file
from evidence.actions.items import register_item
from evidence.models import FileObject
from tests.evidence.sending import address, send
from tests.evidence.worlds import PHOTO, World, photo
from tests.personas import signed_in

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
        assert FileObject.objects.get(pk=told["file"]).same_as_id == first.pk, (
            "it is stored once all the same"
        )
    lead = signed_in(world.lead)
    assert lead.get(reverse("file-state", args=[*ids, told["file"]])).json()["is_linked"] is True
    assert SAID in lead.get(reverse("exhibit-detail", args=ids)).content.decode()
