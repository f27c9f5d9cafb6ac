"""Writing and weighing in a real browser: what is typed keeps itself, and all of it goes by keyboard."""

from dataclasses import dataclass

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from accounts.door import entering
from accounts.models import User
from cases.actions.members import end_membership
from cases.actions.reviews import take_up_review
from cases.actions.testimonies import save_version, submit_testimony
from cases.models import Case, Membership, Testimony, Witness
from cases.vocabulary import MemberRole, ReviewCheck, TestimonyStatus, TextLanguage, VersionKind
from tests import factories
from tests.browser.harness import VIEWS, Window

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = "\n".join(f"سمعتُ وقع أقدام على الدرج، المرة {number}." for number in range(120))


@dataclass
class Desk:
    """A case with an author, a reviewer, and a witness who consented."""

    case: Case
    author: User
    reviewer: User
    membership: Membership
    witness: Witness


@pytest.fixture
def desk(lead: User, investigator: User, supervisor: User) -> Desk:
    case = factories.make_case(lead)
    membership = factories.join(case, lead, investigator, MemberRole.INVESTIGATOR)
    factories.join(case, lead, supervisor, MemberRole.SUPERVISOR)
    witness = factories.make_consented_witness(case, investigator)
    return Desk(case, investigator, supervisor, membership, witness)


def saved(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_contain_text("Draft kept at")


def type_more(page: Page, words: str) -> None:
    """Type at the end of the text, as a person does."""
    page.locator("textarea[name=text]").focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def test_text_keeps_itself_and_is_handed_on(desk: Desk, window: Window) -> None:
    window.sign_in(desk.author)
    window.look_as(VIEWS[0])
    page = window.page
    address = reverse("testimony-create", args=[desk.case.pk, desk.witness.pk])
    assert window.go(address) == 200
    type_more(page, "There were four of them")
    saved(page)
    page.reload()
    expect(page.locator("textarea[name=text]")).to_have_value("There were four of them")
    # Sent in the very moment in which it keeps itself, it does not contradict itself.
    type_more(page, ", armed.")
    page.get_by_role("button", name="Register the account").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("BAN-WT-0001")
    expect(page.locator(".account")).to_have_text("There were four of them, armed.")
    window.go(address)
    expect(page.locator("textarea[name=text]")).to_have_value("")
    assert window.complaints == []


def test_member_who_is_taken_out_keeps_the_words_on_the_page(desk: Desk, lead: User, window: Window) -> None:
    window.sign_in(desk.author)
    window.look_as(VIEWS[0])
    page = window.page
    window.go(reverse("testimony-create", args=[desk.case.pk, desk.witness.pk]))
    type_more(page, "Before")
    saved(page)
    with entering(lead, "test"):
        end_membership(by=lead, membership=desk.membership)
    type_more(page, " and after")
    expect(page.locator("[data-saved]")).to_contain_text("not open to you any more")
    expect(page.locator("textarea[name=text]")).to_have_value("Before and after")


def in_review(desk: Desk) -> Testimony:
    row = factories.make_testimony(desk.witness, desk.author, text=TEXT)
    with entering(desk.author, "test"):
        save_version(
            by=desk.author,
            testimony=row,
            text=TEXT.replace("المرة 7.", "المرة السابعة."),
            language=TextLanguage.ARABIC,
            kind=VersionKind.STATEMENT,
            based_on=1,
        )
        submit_testimony(by=desk.author, testimony=row)
    with entering(desk.reviewer, "test"):
        take_up_review(by=desk.reviewer, testimony=row)
    return row


def tab_to(page: Page, target: Locator) -> None:
    for _step in range(80):
        if target.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("No key leads there.")


def test_review_goes_by_keyboard(desk: Desk, window: Window) -> None:
    row = in_review(desk)
    window.sign_in(desk.reviewer)
    window.look_as(VIEWS[0])
    page = window.page
    window.go(reverse("review-workbench", args=[desk.case.pk, row.pk]))
    tab_to(page, page.locator(".pane-body").first)
    page.keyboard.press("End")
    page.wait_for_function("() => document.querySelectorAll('.pane-body')[1].scrollTop > 100")
    for check in ReviewCheck:
        tab_to(page, page.locator(f"input[value={check.value}]"))
        page.keyboard.press("Space")
    tab_to(page, page.locator("textarea[name=comments]"))
    page.keyboard.type("Clear and complete.")
    saved(page)
    tab_to(page, page.locator("textarea[name=no_attestation_reason]"))
    page.keyboard.type("The witness cannot be reached.")
    tab_to(page, page.get_by_role("button", name="Approve this version"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Approved: this version")
    with entering(desk.reviewer, "test"):
        assert Testimony.objects.get().status == TestimonyStatus.APPROVED
    assert window.complaints == []


def test_panes_stand_one_over_the_other_on_a_narrow_screen(desk: Desk, window: Window) -> None:
    row = in_review(desk)
    window.sign_in(desk.reviewer)
    window.look_as(next(view for view in VIEWS if view.width == 360))
    window.go(reverse("review-workbench", args=[desk.case.pk, row.pk]))
    first, second = window.page.locator(".pane").all()
    above, below = first.bounding_box(), second.bounding_box()
    assert above
    assert below
    assert below["y"] >= above["y"] + above["height"]
    assert above["width"] <= 360
    assert window.page.evaluate("document.documentElement.scrollWidth") <= 360
