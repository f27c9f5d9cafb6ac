"""Lists by keyboard: j and k walk the rows, Enter opens one, and the head stays in sight."""

from dataclasses import replace

import pytest

from accounts.models import User
from tests import factories
from tests.browser.harness import Window
from tests.personas import make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HEAD = "document.querySelector('.table thead th').getBoundingClientRect().top"
ABOVE = "(document.querySelector('.casehead') || {getBoundingClientRect: () => ({bottom: 0})})"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_row_opens_by_keyboard_and_the_head_stays(language: str, window: Window, lead: User) -> None:
    case = factories.make_case(lead)
    made = [
        factories.make_victim(case, lead, facts=replace(factories.VICTIM, known_as=f"Person {number}"))
        for number in range(14)
    ]
    window.sign_in(lead)
    window.context.add_cookies([{"name": "django_language", "value": language, "url": window.url}])
    page = window.page
    page.set_viewport_size({"width": 1280, "height": 420})
    window.go(f"/cases/{case.pk}/victims/")
    for _ in range(12):
        page.keyboard.press("j")
    page.keyboard.press("k")
    bottom = page.evaluate(f"{ABOVE}.getBoundingClientRect().bottom")
    assert page.evaluate("scrollY") > 0
    assert abs(page.evaluate(HEAD) - bottom) < 2
    # What has the focus is not hidden by what stays.
    top = page.evaluate("document.activeElement.getBoundingClientRect().top")
    assert bottom < top < 420
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith(f"/victims/{made[10].pk}/")


def test_list_outside_a_case_too(window: Window, sysadmin: User) -> None:
    for _ in range(14):
        make_person(*sysadmin.roles)
    window.sign_in(sysadmin)
    page = window.page
    page.set_viewport_size({"width": 1280, "height": 420})
    window.go("/people")
    for _ in range(12):
        page.keyboard.press("j")
    assert page.evaluate("scrollY") > 0
    assert abs(page.evaluate(HEAD)) < 2
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "/people/" in page.url
