"""The parts that have a script: drafts that save themselves, covers, panes, copying; on one page."""

import json
from typing import Final

import pytest
from django.template import Context, Template
from playwright.sync_api import Page, Route, expect

from tests.browser.harness import VIEWS, Window, faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SOURCE: Final = """{% extends "base.html" %}
{% block title %}Parts{% endblock %}
{% block content %}
  <h1>Parts</h1>
  <form method="post" data-autosave-url="/draft">
    <input type="hidden" name="csrfmiddlewaretoken" value="t"><input type="hidden" name="revision" value="1">
    <label for="a">Account</label><textarea class="form-control" id="a" name="account"></textarea>
    <label for="n">Name</label><input class="form-control" id="n" name="real_name" data-not-saved>
    <label for="f">File</label><input class="form-control" id="f" type="file" name="scan">
    {% include "parts/saved.html" with words="" only %}
    <button class="btn btn-primary" type="submit" name="verb" value="continue">Continue</button>
  </form>
  <p>{% digest "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" %}</p>
  {% cover "Image" "A body is visible." %}
    <img data-src="/static/casemgr/mark.svg" alt="Drawn" width="90">
  {% endcover %}
  <div class="panes" data-linked>
    {% pane "The account" lang="ar" %}{% for i in rows %}<p>سطر</p>{% endfor %}{% endpane %}
    {% pane "Translation" lang="en" %}{% for i in rows %}<p>Line</p><p>Line</p>{% endfor %}{% endpane %}
  </div>
  <ol class="ladder">
    {% rung "done" "Requested" "DIS-01" %}{% endrung %}
    {% rung "now" "Approval" %}<p>By somebody else.</p>{% endrung %}
    {% rung "later" "Built" %}{% endrung %}
  </ol>
  <dl class="answers">{% answer "Language" "Arabic" "/change" %}{% answer "Age" "" %}</dl>
{% endblock %}"""


class Drafts:
    """The far side of a draft that saves itself: what came, and how it answers."""

    def __init__(self) -> None:
        self.came: list[str] = []
        self.is_there = True
        self.status = 200
        self.held: list[Route] = []
        self.is_slow = False

    def take(self, route: Route) -> None:
        """Answer as a room would, or as a broken line does."""
        if not self.is_there:
            route.abort()
            return
        self.came.append(route.request.post_data or "")
        if self.is_slow:
            self.held.append(route)
        else:
            self.answer(route)

    def answer(self, route: Route) -> None:
        """Say that it was saved, under the next revision."""
        number = len(self.came)
        words = json.dumps({"saved": f"Saved {number}", "revision": number + 1})
        route.fulfill(status=self.status, body=words, content_type="application/json")


@pytest.fixture
def drafts() -> Drafts:
    return Drafts()


@pytest.fixture
def page(window: Window, drafts: Drafts) -> Page:
    """The page of parts, at an address of the live server: its scripts and sheets are the real ones."""
    markup = Template(SOURCE).render(Context({"rows": range(60)}))
    window.page.route("**/parts", lambda route: route.fulfill(body=markup, content_type="text/html"))
    window.page.route("**/draft", drafts.take)
    window.go("/parts")
    return window.page


def test_parts_are_sound(page: Page, window: Window) -> None:
    assert faults(window, VIEWS[0]) == []
    window.page.set_viewport_size({"width": 360, "height": 800})
    assert faults(window, VIEWS[2]) == []


def test_draft_saves_itself_without_the_name_and_the_file(page: Page, drafts: Drafts) -> None:
    page.fill("#n", "A real name")
    page.fill("#a", "It was about ten.")
    expect(page.locator("[data-saved]")).to_have_text("Saved 1")
    assert "It was about ten." in drafts.came[0]
    assert "csrfmiddlewaretoken" in drafts.came[0]
    assert "real_name" not in drafts.came[0]
    assert "A real name" not in drafts.came[0]
    assert "scan" not in drafts.came[0]
    assert page.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length") == 0


def test_broken_line_loses_nothing_that_was_typed(page: Page, drafts: Drafts) -> None:
    drafts.is_there = False
    page.fill("#a", "It was about ten.")
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "failed")
    expect(page.locator("[data-saved]")).to_contain_text("What you typed stays here")
    assert page.input_value("#a") == "It was about ten."
    drafts.is_there = True
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("[data-saved]")).to_have_text("Saved 1")


@pytest.mark.parametrize(
    ("status", "words"),
    [(403, "you are signed out"), (409, "changed in another window"), (500, "we try again")],
)
def test_draft_that_is_not_taken_says_why(page: Page, drafts: Drafts, status: int, words: str) -> None:
    drafts.status = status
    page.fill("#a", "It was about ten.")
    expect(page.locator("[data-saved]")).to_contain_text(words)
    assert page.input_value("#a") == "It was about ten."


def test_form_waits_for_the_draft_on_its_way(page: Page, drafts: Drafts) -> None:
    drafts.is_slow = True
    page.fill("#a", "It was about ten.")
    with page.expect_request("**/draft"):
        page.locator("#a").press("End")
    page.locator("button[value=continue]").click()
    with page.expect_request("**/parts") as sent:
        drafts.answer(drafts.held[0])
    form = sent.value.post_data or ""
    assert "revision=2" in form or 'name="revision"\r\n\r\n2' in form
    assert "continue" in form


@pytest.mark.parametrize(("status", "words"), [(403, "you are signed out"), (500, "we try again")])
def test_form_is_not_sent_where_nobody_would_take_it(
    page: Page, drafts: Drafts, status: int, words: str
) -> None:
    went: list[str] = []
    page.on(
        "request", lambda request: went.append(request.method) if request.is_navigation_request() else None
    )
    drafts.status = status
    page.fill("#a", "It was about ten.")
    with page.expect_response("**/draft"):
        page.locator("button[value=continue]").click()
    expect(page.locator("[data-saved]")).to_contain_text(words)
    assert went == []
    assert page.input_value("#a") == "It was about ten."
    drafts.status = 200
    with page.expect_request("**/parts") as sent:
        page.locator("button[value=continue]").click()
    assert "It+was+about+ten." in (sent.value.post_data or "")
    assert "continue" in (sent.value.post_data or "")


def test_form_that_was_kept_goes_at_once(page: Page, drafts: Drafts) -> None:
    page.fill("#a", "It was about ten.")
    expect(page.locator("[data-saved]")).to_have_text("Saved 1")
    with page.expect_request("**/parts"):
        page.locator("button[value=continue]").click()
    assert len(drafts.came) == 1


def test_form_on_its_way_is_not_sent_again(page: Page) -> None:
    sent: list[Route] = []

    def take(route: Route) -> None:
        # An answer without a page, as that of a file: the form stays where it was.
        sent.append(route)
        route.fulfill(status=204)

    page.route("**/parts", take)
    button = page.locator("button[value=continue]")
    with page.expect_response("**/parts"):
        button.click(no_wait_after=True)
    expect(button).to_be_disabled()
    button.dispatch_event("click")
    page.locator("#n").press("Enter", no_wait_after=True)
    assert len(sent) == 1
    # The way back gives the button back, with all that was typed.
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow'))")
    expect(button).to_be_enabled()
    # And what is typed from then on keeps itself again.
    page.fill("#a", "It was about ten.")
    expect(page.locator("[data-saved]")).to_contain_text("Saved")


def test_covered_picture_is_not_even_asked_for(page: Page) -> None:
    picture = page.locator(".cover img")
    assert picture.get_attribute("src") is None
    assert not picture.is_visible()
    page.locator("[data-cover-open]").focus()
    page.keyboard.press("Enter")
    expect(picture).to_be_visible()
    assert picture.get_attribute("src") == "/static/casemgr/mark.svg"
    assert page.evaluate("getComputedStyle(document.querySelector('.cover img')).filter") == "grayscale(1)"
    page.locator("[data-cover-close]").click()
    expect(picture).not_to_be_visible()


def test_panes_scroll_together(page: Page) -> None:
    bodies = page.locator(".pane-body")
    bodies.nth(0).evaluate("(one) => { one.scrollTop = one.scrollHeight; }")
    page.wait_for_function(
        "(() => { const b = document.querySelectorAll('.pane-body')[1];"
        " return b.scrollTop > 0 && b.scrollTop + b.clientHeight >= b.scrollHeight - 2; })()"
    )


def test_hash_is_copied_whole(page: Page, window: Window) -> None:
    window.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("[data-copy]").click()
    expect(page.locator("[data-copy]")).to_contain_text("✓")
    whole = page.locator("[data-copy]").get_attribute("data-copy")
    assert page.evaluate("navigator.clipboard.readText()") == whole
