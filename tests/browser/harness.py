"""A real Chromium for the tests: fixtures, signing in, pictures, and what is wrong with a page.

Registered in `tests/conftest.py`, so that journeys use the same browser. One browser lives as long as the
run; every test gets windows of its own.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from accounts.models import User
from tests import chromium
from tests.personas import signed_in

SCREENS: Final = Path(__file__).resolve().parents[2] / "build" / "screens"
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Where the tests' server has axe: a browser keeps what it compiled of a file, and of a given text nothing.
AXE_AT: Final = f"{settings.STATIC_URL}axe-of-the-tests.js"
_AXE: Final = """async (address) => {
  if (!window.axe) {
    await new Promise((loaded, failed) => {
      const script = document.createElement("script");
      Object.assign(script, {src: address, onload: loaded, onerror: failed});
      document.head.append(script);
    });
  }
  const asked = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];
  const grave = axe._audit.rules.filter((rule) => ["serious", "critical"].includes(rule.impact)
    && rule.tags.some((tag) => asked.includes(tag))
    && !rule.tags.some((tag) => ["deprecated", "experimental"].includes(tag)));
  // What passed is not written out, and no sheet fetched again: that takes as long as looking.
  const options = {runOnly: {type: "rule", values: grave.map((rule) => rule.id)},
    resultTypes: ["violations"], preload: false};
  const {violations} = await axe.run(options);
  return [grave.length, violations.flatMap(({id, impact, nodes}) =>
    nodes.slice(0, 2).map(({html}) => `axe ${id} (${impact}): ${html.slice(0, 160)}`))];
}"""
# Fewer would mean that axe names them otherwise than it did.
_GRAVE: Final = 60


def _isolated(self: StaticFilesHandler, request: HttpRequest) -> HttpResponseBase:
    """The tests' server takes static files from where they are written, with the headers of the real one."""
    answer, headers = _file(self, request), dict[str, str]()
    settings.WHITENOISE_ADD_HEADERS_FUNCTION(headers, "", "")
    for name, value in headers.items():
        answer[name] = value
    answer["Cache-Control"] = "max-age=60, public"  # as the real one says, so that a window asks once
    return answer


def _file(self: StaticFilesHandler, request: HttpRequest) -> HttpResponseBase:
    if request.path == AXE_AT:
        return HttpResponse(AXE_SCRIPT, content_type="text/javascript")
    return _serve(self, request)


_serve = StaticFilesHandler.serve
StaticFilesHandler.serve = _isolated  # type: ignore[assignment, method-assign]  # what the fixture uses has no hook


@dataclass(frozen=True, slots=True)
class View:
    """How a page is looked at."""

    language: str
    width: int
    mode: str

    def __str__(self) -> str:
        return f"{self.language}-{self.width}-{self.mode}"


VIEWS: Final = tuple(View(*each) for each in product(("en", "ar"), (1280, 360), ("light", "dark")))


@dataclass
class Window:
    """One page of a browser that remembers what its console complained about."""

    page: Page
    context: BrowserContext
    url: str
    complaints: list[str] = field(default_factory=list)

    def hear(self, said: ConsoleMessage) -> None:
        """Keep errors and whatever the headers blocked."""
        # A page that answers 4xx on purpose is not a fault of the page.
        if said.type == "error" and not re.search(r"status of 4\d\d", said.text):
            self.complaints.append(said.text)

    def sign_in(self, user: User | None) -> None:
        """Take over a session that the session engine made; None signs out."""
        self.context.clear_cookies()
        if user is not None:
            cookie = signed_in(user).cookies[settings.SESSION_COOKIE_NAME]
            self.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.url}])

    def look_as(self, view: View) -> None:
        """Set language, width and appearance, as the reader's own choices would."""
        self.context.add_cookies(
            [
                {"name": settings.LANGUAGE_COOKIE_NAME, "value": view.language, "url": self.url},
                {"name": "appearance", "value": view.mode, "url": self.url},
            ]
        )
        self.page.set_viewport_size({"width": view.width, "height": 800})

    def go(self, address: str) -> int:
        """Open an address of this server; return the status."""
        answer = self.page.goto(self.url + address)
        assert answer is not None, address
        return answer.status

    def picture(self, name: str, view: View) -> Path:
        """Take the whole page into `build/screens/`."""
        path = SCREENS / f"{name}-{view}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path, full_page=True, animations="disabled")
        return path


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    """The browser of this run."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium.find(), args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def open_window(chrome: Browser, live_server: Any) -> Iterator[Callable[[], Window]]:
    """Open windows of separate browsers: several people at once."""
    contexts: list[BrowserContext] = []
    windows: list[Window] = []

    def opened() -> Window:
        context = chrome.new_context(reduced_motion="reduce", viewport={"width": 1280, "height": 800})
        contexts.append(context)
        window = Window(context.new_page(), context, live_server.url)
        window.page.on("console", window.hear)
        window.page.on("pageerror", lambda error: window.complaints.append(str(error)))
        windows.append(window)
        return window

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def window(open_window: Callable[[], Window]) -> Window:
    """One window."""
    return open_window()


# All that is asked of a page, in one go: a question costs more to ask than to answer, a locator most of all.
# Bare is text that a page printed outside <bdi>: codes, hashes, times, coordinates. An <option> holds none.
_LOOK: Final = """async () => {
  await document.fonts.ready;  // else other letters are measured than people see
  const page = document.documentElement, all = (what) => [...document.querySelectorAll(what)];
  const machine = new RegExp([
    "\\\\b[A-Z]{2,5}-(?:[A-Z]{2}-)?[0-9A-Z]{2,}\\\\b",
    "\\\\b[0-9a-f]{16,}\\\\b",
    "\\\\b\\\\d{1,2}:\\\\d{2}\\\\b",
    "\\\\b\\\\d{1,3}\\\\.\\\\d{3,}\\\\b",
  ].join("|"));
  const freely = "bdi, textarea, option, script, style, [data-free-text], .account, .form-text,"
    + " .visually-hidden";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const bare = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!machine.test(node.data)) continue;
    const held = node.parentElement.closest(freely);
    if (!held && node.parentElement.checkVisibility()) bare.push(node.data.trim());
  }
  const small = all("button, .btn, summary, select, input:not([type=hidden], [type=checkbox], [type=radio])")
    .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 39.5);
  const wide = page.scrollWidth <= page.clientWidth ? [] : all("body *")
    .filter((one) => one.getBoundingClientRect().right > page.clientWidth + 1
      || one.getBoundingClientRect().left < -1).slice(0, 3);
  return {
    language: page.lang, direction: page.dir, title: document.title, headings: all("h1").length, bare,
    isUnled: all("#errors").length > 0 && document.activeElement.id !== "errors",
    small: small.map((one) => one.outerHTML.slice(0, 120)),
    wide: wide.map((one) => one.outerHTML.slice(0, 160)),
  };
}"""


def faults(window: Window, view: View, secrets: tuple[str, ...] = ()) -> list[str]:
    """Say what is wrong with the page that is open; `secrets` may not stand in its title or address."""
    found = [f"console: {words}" for words in window.complaints]
    window.complaints.clear()
    seen, address = window.page.evaluate(_LOOK), window.page.url
    direction = "rtl" if view.language == "ar" else "ltr"
    if (seen["language"], seen["direction"]) != (view.language, direction):
        found.append("language or direction is not the reader's")
    if seen["headings"] != 1:
        found.append(f"{seen['headings']} headings of the first rank")
    found += [
        f"title or address holds {secret!r}"
        for secret in secrets
        if secret in seen["title"] or secret in address
    ]
    if not seen["title"].split("·")[0].strip():
        found.append("no title")
    if seen["isUnled"]:
        found.append("what is to be corrected does not take the focus")
    if view.width < 600:
        found += [f"wider than the page: {one}" for one in seen["wide"]]
    found += [f"smaller than 40 px: {one}" for one in seen["small"]]
    found += [f"not in <bdi>: {one}" for one in seen["bare"]]
    return found + axe_faults(window.page)


def axe_faults(page: Page) -> list[str]:
    """Say which serious and critical rules of accessibility the page breaks."""
    asked, broken = page.evaluate(_AXE, AXE_AT)
    assert asked >= _GRAVE, asked
    return list(broken)
