"""What a withdrawal reached, the letters that call back, and what was agreed, to be read aloud."""

from playwright.sync_api import Page

from tests.browser.visits import visit
from tests.policy.matrix.withdrawal import IN, a_notice, a_recalled, a_withdrawn

CONSENT = {**IN, "consent": a_withdrawn}


def tell_empty(page: Page) -> None:
    """Say that the witness was told, and not how."""
    with page.expect_navigation():
        page.locator("aside form button[type=submit], .side form button[type=submit]").first.click()


VISITS = [
    visit("recall-list", "disclosure_officer", IN, called="recall-list-empty"),
    visit("recall-send", "disclosure_officer", {**IN, "export": a_recalled}),
    visit("recall-list", "disclosure_officer", IN),
    visit("withdrawal-detail", "custodian", CONSENT),
    visit("recall-detail", "disclosure_officer", {**IN, "notice": a_notice}),
    visit("recall-list", "lead", IN, called="recall-list-sent"),
    visit("withdrawal-detail", "investigator", CONSENT, called="withdrawal-told", act=tell_empty),
    visit("consent-paper", "investigator", CONSENT, query="?in=ar"),
    visit("consent-paper", "interpreter", CONSENT, query="?in=en", called="consent-paper-en"),
    visit("consent-recontact", "investigator", CONSENT),
]
