"""An intake in a real browser: it keeps itself while it is typed, and the identity page keeps nothing."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Request, expect

from accounts.door import entering
from accounts.models import User
from cases.forms.consent import OFFERED, field_of
from cases.models import Case, Draft, Witness
from cases.vocabulary import ConsentPurpose, MemberRole, RecipientClass
from tests import factories
from tests.browser.harness import Window
from tests.custodians import Board, founded

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OWN = (ConsentPurpose.INTERNAL_ANALYSIS, RecipientClass.OWN_ORGANISATION)
NAME = "Quzahiyya"


@pytest.fixture
def case(lead: User, investigator: User) -> Case:
    made = factories.make_case(lead)
    factories.join(made, lead, investigator, MemberRole.INVESTIGATOR)
    return made


@pytest.fixture
def custodians() -> Iterator[Board]:
    """Without them no name is asked for."""
    with founded() as board:
        yield board


def go_on(page: Page, verb: str = "Continue") -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=verb, exact=True).click()


def consent(page: Page) -> None:
    for name in ("limits_explained", "language_understood", "capacity_confirmed"):
        page.check(f"[name={name}]")
    page.fill("[name=sheet_version]", "2025-02")
    for purpose, recipients in OFFERED.items():
        for recipient in recipients:
            word = "granted" if (purpose, recipient) == OWN else "refused"
            page.check(f"[name='{field_of((purpose, recipient), 'decision')}'][value={word}]")
    page.check(f"[name='{field_of(OWN, 'materials')}'][value=account_text]")
    go_on(page)


def person_and_meeting(page: Page) -> None:
    page.fill("[name=public_pseudonym]", "Lama")
    page.check("[name=category][value=eyewitness]")
    go_on(page)
    page.select_option("[name=outcome]", "in_progress")
    page.select_option("[name=prior_form]", "none")
    page.fill("[name=added_value]", "Saw it all")
    for name in ("threats", "mitigations", "residual"):
        page.fill(f"[name={name}]", "Weighed with the lead")
    for name, value in (("likelihood", "2"), ("impact", "3"), ("decision", "proceed")):
        page.select_option(f"[name={name}]", value)
    page.check("[name=rights_explained]")
    go_on(page)


def test_intake_from_consent_to_identity(
    window: Window, case: Case, investigator: User, custodians: Board
) -> None:
    sent: list[str] = []

    def note(request: Request) -> None:
        if NAME in (request.post_data or "") or NAME in request.url:
            sent.append(request.url)

    page = window.page
    page.on("request", note)
    window.sign_in(investigator)
    window.go(f"/cases/{case.pk}/intake/")
    go_on(page, "Begin the intake")
    consent(page)
    person_and_meeting(page)
    page.fill("[name=text]", "They came at ten.")
    expect(page.locator("[data-saved]")).to_contain_text("Draft kept at")
    # Another machine takes up where this one stands.
    window.go(f"/cases/{case.pk}/witnesses/")
    with page.expect_navigation():
        page.get_by_role("link", name=re.compile("^Go on")).click()
    assert "Check your answers" in page.title()
    expect(page.locator(".intake-account")).to_have_text("They came at ten.")
    go_on(page, "Take in the witness")
    page.fill("[name=given]", NAME)
    go_on(page, "Seal the identity")
    expect(page.get_by_text("The identity is sealed")).to_be_visible()
    assert NAME not in page.content()
    page.go_back()
    assert NAME not in page.evaluate(
        "[...document.querySelectorAll('input, textarea')].map((one) => one.value).join()"
    )
    assert [re.sub(r"[0-9a-f-]{36}", "…", url) for url in sent] == [
        f"{window.url}/cases/…/witnesses/…/identity/"
    ]
    with entering(investigator, "test"):
        assert Witness.objects.get().vault_ref is not None
        assert not Draft.objects.exists()
    assert window.complaints == []


def test_two_windows_on_one_intake(window: Window, case: Case, investigator: User) -> None:
    window.sign_in(investigator)
    window.go(f"/cases/{case.pk}/intake/")
    go_on(window.page, "Begin the intake")
    other = window.context.new_page()
    other.goto(window.page.url)
    other.fill("[name=interpreter]", "INT-01")
    expect(other.locator("[data-saved]")).to_contain_text("Draft kept at")
    window.page.fill("[name=interpreter]", "INT-02")
    expect(window.page.locator("[data-saved]")).to_contain_text("newer draft was saved in another window")
    go_on(window.page, "Keep the draft")
    expect(window.page.get_by_text("Kept in the other window")).to_be_visible()
    expect(window.page.get_by_text("INT-01")).to_be_visible()
    assert window.page.input_value("[name=interpreter]") == "INT-02"
