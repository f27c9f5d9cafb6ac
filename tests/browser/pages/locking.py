"""The lock of a case: before it, what its members meet, and the way back."""

from playwright.sync_api import Page

from tests.browser.visits import send_empty, visit
from tests.policy.matrix.locking import ASKED, LOCKED, OPEN


def ask(page: Page) -> None:
    """Ask that the case be reopened; the six words are shown now."""
    page.fill("[name=reason]", "The danger is over")
    send_empty(page)


VISITS = [
    visit("lock-place", "supervisor", OPEN),
    visit("case-detail", "investigator", LOCKED, called="case-locked", status=423),
    visit("dashboard", "lead", called="dashboard-locked"),
    visit("lock-detail", "lead", LOCKED),
    visit("lock-ask", "lead", LOCKED),
    visit("lock-ask", "lead", LOCKED, called="lock-ask-empty", act=send_empty),
    visit("lock-detail", "custodian", ASKED, called="lock-decide"),
    visit("lock-answer", "custodian", ASKED),
    visit("lock-open", "supervisor", ASKED),
    visit("lock-ask", "lead", ASKED, called="lock-asked", act=ask),
]
