"""The list of exhibits keeps views of its choice, as every list does."""

from django.urls import reverse

from tests.evidence.worlds import World
from tests.personas import signed_in


def test_choice_of_type_and_state_is_kept_and_found_again(world: World) -> None:
    assert world.item
    browser = signed_in(world.investigator)
    address = reverse("exhibit-list", args=[world.case.pk])
    query = "?type=photo&state=frozen"
    assert "Save this choice" in browser.get(address + query).content.decode()
    assert browser.post(address + query, {"name": "Frozen pictures"}).status_code == 302
    page = browser.get(address).content.decode()
    assert "Frozen pictures" in page
    assert f'href="{address}?type=photo&amp;state=frozen"' in page
    assert "Frozen pictures" not in signed_in(world.lead).get(address).content.decode()
    assert browser.post(f"{address}?type=secrets", {"name": "x"}).status_code == 422
    assert signed_in(world.outsider).post(address + query, {"name": "x"}).status_code == 404
