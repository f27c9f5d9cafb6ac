"""What people do wrong, and what happens to them meanwhile: a clear message, and nothing typed is lost."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import FilePayload, expect

from accounts.door import entering
from accounts.vocabulary import Role
from cases.actions.consents import withdraw_consent
from cases.actions.members import end_membership
from cases.models import Consent
from cases.vocabulary import LONGEST_TEXT, MemberRole
from evidence.models import IngestJob
from evidence.tasks import ingest_file
from tests import factories
from tests.browser.harness import Window
from tests.evidence.worlds import World, make_world
from tests.personas import make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TYPED = "رأيتهم من نافذة المطبخ، ثم سمعت الباب."


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


@pytest.fixture
def desk(world: World, window: Window) -> Window:
    """The investigator's browser, before an account that they began."""
    window.sign_in(world.investigator)
    testimony = factories.make_testimony(world.witness, world.investigator)
    assert window.go(reverse("testimony-edit", args=[world.case.pk, testimony.pk])) == 200
    return window


def text(window: Window) -> str:
    return window.page.get_by_role("textbox", name="Text").input_value()


def save(window: Window) -> None:
    window.page.get_by_role("button", name="Save as the next version").click()


def sees(window: Window, words: str) -> None:
    expect(window.page.get_by_text(words).first).to_be_visible()


def test_a_text_that_is_too_long_is_told_and_stands_in_the_form(desk: Window) -> None:
    huge = "رأيت " * (LONGEST_TEXT // 5) + "ك"
    box = desk.page.get_by_role("textbox", name="Text")
    box.evaluate("(box, words) => { box.value = words; }", huge)
    save(desk)
    sees(desk, "There is something to mend")
    assert text(desk) == huge


def test_membership_that_ends_while_somebody_types_loses_nothing(desk: Window, world: World) -> None:
    """The page refuses; the draft is kept, and is there for its author when the lead readmits them."""
    box = desk.page.get_by_role("textbox", name="Text")
    box.fill(TYPED)
    sees(desk, "Draft kept at")
    address = desk.page.url
    with entering(world.lead, "test"):
        end_membership(by=world.lead, membership=world.case.memberships.get(user=world.investigator))
    save(desk)
    expect(desk.page.get_by_role("heading", level=1)).to_be_visible()
    assert TYPED not in desk.page.content()
    factories.join(world.case, world.lead, world.investigator, MemberRole.INVESTIGATOR)
    desk.page.goto(address)
    assert text(desk) == TYPED


def test_another_cases_pages_are_not_there(world: World, open_window: Callable[[], Window]) -> None:
    """Her own case's address with another case's rows, and the other way round: as if there were none."""
    stranger = make_person(Role.INVESTIGATOR)
    elsewhere = factories.make_case(stranger, prefix="LAT")
    window = open_window()
    window.sign_in(stranger)
    item, witness = world.item, world.witness
    for name, pk in (("exhibit-detail", item.pk), ("witness-detail", witness.pk)):
        assert window.go(reverse(name, args=[world.case.pk, pk])) == 404
        assert window.go(reverse(name, args=[elsewhere.pk, pk])) == 404
        sees(window, "There is nothing here that you can see")


def test_a_page_that_calls_itself_a_picture_is_flagged_and_never_shown(world: World, window: Window) -> None:
    window.sign_in(world.investigator)
    window.go(reverse("exhibit-detail", args=[world.case.pk, world.item.pk]))
    hostile = FilePayload(
        name="IMG_0001.jpg", mimeType="image/jpeg", buffer=b"<html><script>document.title='x'</script></html>"
    )
    window.page.get_by_label("Choose one or several files").set_input_files([hostile])
    sees(window, "Stored")
    expect(window.page.get_by_text("0 %")).to_have_count(0)
    window.page.wait_for_function("() => document.querySelectorAll('.is-done').length > 0")
    for job in IngestJob.objects.all():
        ingest_file(str(job.pk))
    window.page.reload()
    sees(window, "Flagged")
    assert window.page.title() != "x"


def test_withdrawn_consent_stops_the_account_where_it_stands(desk: Window, world: World) -> None:
    with entering(world.investigator, "test"):
        withdraw_consent(by=world.investigator, consent=Consent.objects.get(witness=world.witness))
    desk.page.get_by_role("textbox", name="Text").fill(TYPED)
    save(desk)
    sees(desk, "There is something to mend")
    assert text(desk) == TYPED
