"""How a room names the pages that shall be looked at.

`tests/browser/pages/<room>.py` holds `VISITS`, with makers from the access matrix of the same room:

    VISITS = [
        visit("dashboard", "lead"),
        visit("case-detail", "lead", {"case": a_case}),
        visit("witness-add", "investigator", {"case": a_case}, called="witness-add-empty", act=send_empty),
    ]

`act` is done in the open page before it is looked at. `status` is what the address answers. `called` names
the picture, where one address is looked at twice. `given` are makers of what the page shows but its address
does not name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.policy.rows import Value, World


@dataclass(frozen=True)
class Visit:
    """One page, the persona who looks at it, and what they do there first."""

    name: str
    persona: str
    kwargs: Mapping[str, Value]
    query: str
    called: str
    act: Callable[[Page], None] | None
    status: int
    given: tuple[Callable[[World], object], ...]


def visit(
    name: str,
    persona: str,
    kwargs: Mapping[str, Value] | None = None,
    *,
    query: str = "",
    called: str = "",
    act: Callable[[Page], None] | None = None,
    status: int = 200,
    given: tuple[Callable[[World], object], ...] = (),
) -> Visit:
    """Write one line."""
    return Visit(name, persona, kwargs or {}, query, called or name, act, status, given)


def send_empty(page: Page) -> None:
    """Send the page's own form as it stands, past the browser's checks."""
    page.evaluate(
        "document.querySelectorAll('main form').forEach((form) => form.setAttribute('novalidate', ''))"
    )
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()
