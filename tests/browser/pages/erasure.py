"""Holds, retention, and an erasure from asking to the day on which it is final."""

from playwright.sync_api import Page

from tests.browser.visits import send_empty, visit
from tests.policy.matrix.erasure import (
    DISPOSAL,
    IN,
    a_done_disposal,
    a_hold,
    a_leaver,
    an_erasure,
)


def decline_empty(page: Page) -> None:
    """Decline without a reason."""
    with page.expect_navigation():
        page.locator("main button[value=decline]").click()


ERASURE = {**IN, "erasure": an_erasure}
DONE = {**IN, "disposal": a_done_disposal}


# A hold refuses an erasure, so it comes last.
VISITS = [
    visit("erasure-list", "custodian", IN, called="erasure-list-empty", given=(a_leaver,)),
    visit("erasure-ask", "custodian", {**IN, "witness": a_leaver}),
    visit("erasure-detail", "lead", ERASURE),
    visit("erasure-decide", "lead", ERASURE),
    visit("erasure-decide", "lead", ERASURE, called="erasure-decide-empty", act=decline_empty),
    visit("erasure-list", "custodian", IN),
    visit("erasure-certificate", "lead", ERASURE),
    visit("disposal-list", "lead", IN, called="disposal-list-empty"),
    visit("disposal-ask", "lead", IN),
    visit("disposal-ask", "lead", IN, called="disposal-ask-empty", act=send_empty),
    visit("disposal-decide", "supervisor", DISPOSAL),
    visit("disposal-detail", "supervisor", DISPOSAL),
    visit("disposal-detail", "lead", DONE, called="disposal-detail-done"),
    visit("disposal-decide", "lead", DONE, called="disposal-decide-done"),
    visit("disposal-carry-out", "lead", DONE),
    visit("disposal-list", "custodian", IN),
    visit("disposal-certificate", "lead", DONE),
    visit("hold-list", "lead", IN, called="hold-list-empty"),
    visit("hold-place", "supervisor", IN),
    visit("hold-place", "supervisor", IN, called="hold-place-empty", act=send_empty),
    visit("hold-lift", "supervisor", {**IN, "hold": a_hold}),
    visit("hold-list", "lead", IN),
    visit("retention-list", "lead"),
]
