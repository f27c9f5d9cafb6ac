"""The frame in a browser: by keyboard, without scripts, and light enough for a bad line."""

import gzip
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Response

from accounts.models import User
from tests.browser.harness import VIEWS, Window, faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIMIT = 150_000


def test_first_key_leads_past_the_bar_to_the_content(window: Window, lead: User) -> None:
    window.sign_in(lead)
    window.go("/")
    window.page.keyboard.press("Tab")
    assert window.page.evaluate("document.activeElement.className") == "skip"
    window.page.keyboard.press("Enter")
    assert window.page.evaluate("document.activeElement.id") == "main"


def test_menu_opens_and_closes_by_keyboard_and_gives_the_focus_back(window: Window, lead: User) -> None:
    window.sign_in(lead)
    window.go("/")
    menu = window.page.locator("details.menu", has=window.page.locator("bdi"))
    menu.locator("summary").focus()
    window.page.keyboard.press("Enter")
    assert menu.get_attribute("open") is not None
    window.page.keyboard.press("Tab")
    window.page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    assert window.page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_every_focus_is_visible(window: Window, lead: User) -> None:
    window.sign_in(lead)
    window.go("/")
    for _ in range(12):
        window.page.keyboard.press("Tab")
        seen = window.page.evaluate(
            "(() => { const it = getComputedStyle(document.activeElement);"
            " return [it.outlineStyle, parseFloat(it.outlineWidth)]; })()"
        )
        if window.page.evaluate("document.activeElement === document.body"):
            break
        assert seen[0] != "none", window.page.evaluate("document.activeElement.outerHTML")
        assert seen[1] >= 2


def test_choices_are_kept_without_scripts(chrome: Browser, window: Window, lead: User) -> None:
    window.sign_in(lead)
    context = chrome.new_context(java_script_enabled=False)
    context.add_cookies(window.context.cookies())  # type: ignore[arg-type]  # what was read can be written
    page = context.new_page()
    page.goto(window.url)
    page.locator("button[name=language]").click()
    assert page.locator("html").get_attribute("lang") == "ar"
    page.locator("details.menu", has=page.locator("button[name=appearance]")).locator("summary").click()
    page.locator("button[name=appearance][value=dark]").click()
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    assert page.locator("html").get_attribute("dir") == "rtl"
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_auto_follows_the_device(chrome: Browser, window: Window, scheme: str) -> None:
    context = chrome.new_context(color_scheme=scheme)  # type: ignore[arg-type]  # one of its two words
    page = context.new_page()
    page.goto(f"{window.url}/sign-in")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(20, 23, 26)") is (scheme == "dark")
    context.close()


@pytest.mark.parametrize(("language", "address"), [("en", "/sign-in"), ("ar", "/sign-in"), ("ar", "/")])
def test_first_page_is_light(window: Window, lead: User, language: str, address: str) -> None:
    weights: dict[str, int] = {}

    def weigh(answer: Response) -> None:
        body = answer.body()
        # Fonts come compressed; everything else is compressed on the way.
        weights[answer.url] = len(body) if answer.url.endswith(".woff2") else len(gzip.compress(body))

    window.sign_in(lead if address == "/" else None)
    window.look_as(next(view for view in VIEWS if view.language == language))
    window.page.on("response", weigh)
    window.go(address)
    window.page.wait_for_load_state("networkidle")
    assert any(url.endswith(".woff2") for url in weights)
    assert sum(weights.values()) <= LIMIT, sorted(weights.items(), key=lambda one: -one[1])


def test_both_scripts_are_set_in_our_own_face(window: Window) -> None:
    window.look_as(VIEWS[-1])
    window.go("/sign-in")
    window.page.wait_for_function("() => document.fonts.status === 'loaded'")
    faces = window.page.evaluate("[...document.fonts].map((face) => [face.family, face.status])")
    assert {family for family, status in faces if status == "loaded"} == {"Vazirmatn"}


BAD = """<!doctype html><html lang="en" dir="ltr"><head><title>Samira · casemgr</title></head><body><main>
<h1>One</h1><h1>Two</h1><p>BAN-WT-0001 at 10:04</p><button>x</button><img src="data:,">
<p style="width: 900px">Wide</p></main><script>console.error("broken")</script></body></html>"""


def test_what_is_wrong_with_a_page_is_found(window: Window) -> None:
    window.page.route("**/bad", lambda route: route.fulfill(body=BAD, content_type="text/html"))
    window.look_as(VIEWS[2])
    window.go("/bad")
    found = "\n".join(faults(window, VIEWS[2], ("Samira",)))
    for words in (
        "console: broken",
        "2 headings",
        "title or address holds 'Samira'",
        "wider than the page",
        "smaller than 40 px",
        "not in <bdi>: BAN-WT-0001 at 10:04",
        "axe image-alt",
    ):
        assert words in found


def test_good_page_has_no_fault(open_window: Callable[[], Window]) -> None:
    window = open_window()
    window.look_as(VIEWS[0])
    window.go("/sign-in")
    assert faults(window, VIEWS[0], ("Samira",)) == []
