"""Pages of opening a name, from the question to the moment before it is shown, and the one that shows it."""

from playwright.sync_api import Page

from tests.browser.visits import send_empty, visit
from tests.policy.matrix.cases import a_case, a_witness
from tests.policy.matrix.identities import a_request

IN = {"case": a_case}
ASKED = {**IN, "access": a_request}


def ask(page: Page) -> None:
    """Ask for a name; the server keeps the one-time key under six words, which are shown now."""
    page.check("[name=purpose][value=life_in_danger]")
    page.check("[name=fields_asked][value=phones]")
    page.fill("[name=reason]", "To warn the person tonight")
    send_empty(page)


VISITS = [
    visit("identity-list", "investigator", IN, called="identity-list-empty"),
    visit("identity-ask", "investigator", {**IN, "witness": a_witness}, called="identity-ask-nobody"),
    visit("identity-detail", "investigator", ASKED),
    visit("witness-detail", "investigator", {**IN, "witness": a_witness}, called="witness-detail-sealed"),
    visit("identity-list", "custodian", IN),
    visit("identity-detail", "custodian", ASKED, called="identity-decide"),
    visit("identity-answer", "custodian", ASKED, called="identity-answer-empty", act=send_empty),
    visit("identity-change", "investigator", ASKED),
    visit("identity-detail", "disclosure_officer", ASKED, called="identity-break-glass"),
    visit("identity-body-answer", "disclosure_officer", ASKED, called="identity-body-answer", act=send_empty),
    visit("identity-open", "investigator", ASKED),
    visit("identity-ask", "lead", {**IN, "witness": a_witness}),
    visit("identity-ask", "lead", {**IN, "witness": a_witness}, called="identity-ask-empty", act=send_empty),
    visit("identity-ask", "lead", {**IN, "witness": a_witness}, called="identity-asked", act=ask),
]
