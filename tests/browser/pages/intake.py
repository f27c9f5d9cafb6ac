"""Pages of an intake, and of the identity without custodians and with them."""

from uuid import UUID

from playwright.sync_api import Page

from tests.browser.visits import send_empty, visit
from tests.cases.intakes import make_intake
from tests.cases.test_intake_pages import ANSWERS
from tests.policy.matrix.cases import a_case, a_witness
from tests.policy.matrix.identities import a_directory
from tests.policy.matrix.intake import an_intake
from tests.policy.rows import World


def a_full_intake(world: World) -> UUID:
    """An intake of which every page is filled."""
    return make_intake(world.get(a_case), world.people["investigator"], ANSWERS)


def send_older(page: Page) -> None:
    """Send the account as another window would that never saw what was kept."""
    page.locator("[name=revision]").evaluate("(field) => { field.value = ''; }")
    page.fill("[name=text]", "They came at eleven.")
    with page.expect_navigation():
        page.locator("main form [type=submit]").first.click()


def seal(page: Page) -> None:
    """Type a name and seal it; looked at once more, it is sealed already."""
    if page.locator("[name=given]").count():
        page.fill("[name=given]", "Huda")
        send_empty(page)


IN = {"case": a_case}
BEGUN = {**IN, "intake": an_intake}
FULL = {**IN, "intake": a_full_intake}
WITNESS = {**IN, "witness": a_witness}

VISITS = [
    visit("intake-start", "investigator", IN, called="intake-start-first"),
    visit("intake-start", "investigator", IN, given=(an_intake,)),
    visit("witness-list", "investigator", IN, called="witness-list-unfinished"),
    visit("intake-step", "investigator", {**BEGUN, "step": "consent"}, called="intake-consent"),
    visit(
        "intake-step",
        "investigator",
        {**BEGUN, "step": "consent"},
        called="intake-consent-empty",
        act=send_empty,
    ),
    visit("intake-step", "investigator", {**FULL, "step": "witness"}, called="intake-witness"),
    visit("intake-step", "investigator", {**FULL, "step": "meeting"}, called="intake-meeting"),
    visit("intake-step", "investigator", {**FULL, "step": "account"}, called="intake-account"),
    visit(
        "intake-step",
        "investigator",
        {**FULL, "step": "account"},
        called="intake-two-windows",
        act=send_older,
    ),
    visit("intake-check", "investigator", FULL),
    visit("intake-stopped", "investigator", BEGUN),
    visit("intake-discard", "investigator", BEGUN),
    visit("witness-identity", "investigator", WITNESS, called="witness-identity-elsewhere"),
    visit("witness-identity", "investigator", WITNESS, given=(a_directory,)),
    visit("witness-identity", "investigator", WITNESS, called="witness-identity-empty", act=send_empty),
    visit("witness-identity", "investigator", WITNESS, called="witness-identity-sealed", act=seal),
]
