"""The list of exports: by state, with saved views, for members who may read it."""

from django.urls import reverse

from accounts.door import entering
from cases.models import Witness
from cases.vocabulary import Sensitivity
from tests.exports.worlds import World
from tests.personas import signed_in


def test_list_is_filtered_by_state_and_the_choice_is_kept(world: World) -> None:
    export = world.requested
    browser = signed_in(world.officer)
    address = reverse("export-list", args=[world.case.pk])
    assert export.number in browser.get(f"{address}?state={export.state}").content.decode()
    other = browser.get(f"{address}?state=refused").content.decode()
    assert export.number not in other
    assert "No export is in this state" in other
    assert "Save this choice" in other
    assert browser.post(f"{address}?state=refused", {"name": "Refused ones"}).status_code == 302
    page = browser.get(address).content.decode()
    assert export.number in page
    assert f'href="{address}?state=refused"' in page
    assert "Refused ones" not in signed_in(world.supervisor).get(address).content.decode()


def test_nonsense_in_the_address_is_no_filter(world: World) -> None:
    export = world.requested
    address = reverse("export-list", args=[world.case.pk])
    assert export.number in signed_in(world.officer).get(f"{address}?state=x&case=y").content.decode()


def test_who_may_not_read_exports_keeps_no_view_of_them(world: World) -> None:
    address = reverse("export-list", args=[world.case.pk])
    for person, status in ((world.investigator, 403), (world.outsider, 404)):
        assert signed_in(person).post(f"{address}?state=refused", {"name": "x"}).status_code == status


def test_what_is_in_an_export_opens_for_who_may_read_it(world: World) -> None:
    export = world.requested
    ids = {"case": world.case.pk, "testimony": world.testimony.pk}
    link = reverse("testimony-detail", kwargs=ids)
    address = reverse("export-detail", args=[world.case.pk, export.pk])
    assert link in signed_in(world.officer).get(address).content.decode()
    with entering(world.lead, "test"):
        Witness.objects.update(sensitivity=Sensitivity.STRICTLY_CONFIDENTIAL)
    assert link not in signed_in(world.officer).get(address).content.decode()
    assert link in signed_in(world.lead).get(address).content.decode()
