"""Search by keyboard, without scripts, and on a narrow screen; the words stand in no address."""

import re

import pytest
from playwright.sync_api import Browser, Page

from accounts.models import User
from cases.models import Case
from tests import factories
from tests.browser.harness import VIEWS, Window

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def case(lead: User) -> Case:
    case = factories.make_case(lead)
    factories.make_incident(case, lead)
    return case


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_slash_leads_to_the_box_and_enter_searches(window: Window, lead: User, case: Case) -> None:
    window.sign_in(lead)
    window.go(f"/cases/{case.pk}/")
    window.page.keyboard.press("/")
    assert focused(window.page) == "search"
    window.page.keyboard.type("ARMED a/b")
    # Inside a field the key is a sign like any other.
    assert window.page.locator("#search").input_value() == "ARMED a/b"
    window.page.locator("#search").fill("ARMED")
    with window.page.expect_navigation():
        window.page.keyboard.press("Enter")
    assert re.fullmatch(rf"{window.url}/cases/{case.pk}/search/[0-9a-f-]{{36}}/", window.page.url)
    assert window.page.locator("mark").all_inner_texts() == ["Armed"]
    window.page.locator("h1").click()
    window.page.keyboard.press("j")
    assert window.page.evaluate("document.activeElement.className") == "row-link"
    window.page.keyboard.press("/")
    assert focused(window.page) == "id_words"
    assert "armed" not in window.page.evaluate(
        "JSON.stringify([history.state, {...localStorage}, {...sessionStorage}])"
    )


def test_key_of_the_slash_works_on_an_arabic_keyboard(window: Window, lead: User, case: Case) -> None:
    window.sign_in(lead)
    window.go(f"/cases/{case.pk}/")
    window.page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'ظ', code: 'Slash', bubbles: true}))"
    )
    assert focused(window.page) == "search"


def test_on_a_narrow_screen_the_key_leads_to_the_page_of_the_box(
    window: Window, lead: User, case: Case
) -> None:
    window.sign_in(lead)
    window.look_as(next(view for view in VIEWS if view.width == 360))
    window.go(f"/cases/{case.pk}/")
    assert not window.page.locator("#search").is_visible()
    with window.page.expect_navigation():
        window.page.keyboard.press("/")
    assert window.page.url.endswith("/search/")
    assert focused(window.page) == "id_words"


def test_search_and_the_way_between_cases_work_without_scripts(
    chrome: Browser, window: Window, lead: User, case: Case
) -> None:
    other = factories.make_case(lead, prefix="HOM")
    window.sign_in(lead)
    context = chrome.new_context(java_script_enabled=False)
    context.add_cookies(window.context.cookies())  # type: ignore[arg-type]  # what was read can be written
    page = context.new_page()
    page.goto(f"{window.url}/cases/{case.pk}/")
    page.locator("#search").fill("armed")
    page.locator("#search").press("Enter")
    assert page.locator("mark").all_inner_texts() == ["Armed"]
    page.locator(".menu-start summary").click()
    page.locator(".menu-start a", has_text=other.code).click()
    assert page.url == f"{window.url}/cases/{other.pk}/"
    context.close()


def test_back_from_what_was_found_asks_nothing_and_sends_nothing(
    window: Window, lead: User, case: Case
) -> None:
    window.sign_in(lead)
    window.go(f"/cases/{case.pk}/")
    page = window.page
    page.locator("#search").fill("armed")
    page.locator("#search").press("Enter")
    page.locator(".found .row-link").first.click()
    page.wait_for_url("**/incidents/**")
    methods: list[str] = []
    page.on("request", lambda request: methods.append(request.method))
    page.go_back()
    assert page.locator("mark").all_inner_texts() == ["Armed"]
    assert set(methods) <= {"GET"}
    assert "armed" not in page.url.lower()
