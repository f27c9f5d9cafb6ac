"""Before a meeting, by keyboard alone: rules of contact, risk, a refusal, help, and the clearance."""

from dataclasses import replace

import pytest
from playwright.sync_api import Page

from accounts.models import User
from accounts.vocabulary import Role, TrainingKind
from cases.models import Case, Witness
from cases.vocabulary import MemberRole, Vulnerability
from tests import factories
from tests.browser.harness import Window
from tests.personas import make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FOCUSED = (
    "() => { const one = document.activeElement; const label = one.labels && one.labels[0]; "
    "return ((label || one).innerText || '').trim().replace(/\\s+/g, ' ').replace(/\\*$/, ''); }"
)


@pytest.fixture
def case(lead: User, investigator: User) -> Case:
    made = factories.make_case(lead)
    factories.join(made, lead, investigator, MemberRole.INVESTIGATOR)
    return made


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what is called so has the focus; a page that hides it from the keyboard fails here."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED) == words:
            return
    raise AssertionError(f"{words} cannot be reached: {page.title()}")


def enter(page: Page, words: str) -> None:
    tab_to(page, words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def fill(page: Page, answers: dict[str, str]) -> None:
    """Type into fields; in a choice the first letters choose."""
    for label, text in answers.items():
        tab_to(page, label)
        page.keyboard.type(text)


RISK = {
    "What threatens the person, and from whom": "Men of the area ask who speaks",
    "How likely harm is": "3",
    "How grave it would be": "4",
    "What is done about it": "A channel the witness chose",
    "What danger is left": "A neighbour may notice",
    "What follows": "Go on, with",
}


def test_before_a_meeting_with_the_keyboard_alone(window: Window, case: Case, investigator: User) -> None:
    facts = replace(factories.WITNESS, vulnerability=(Vulnerability.ACUTE_TRAUMA,))
    witness = factories.make_witness(case, investigator, facts=facts)
    page = window.page
    window.sign_in(investigator)
    window.go(f"/cases/{case.pk}/witnesses/{witness.pk}/")
    enter(page, "Risk, earlier accounts, contact")
    enter(page, "Set the rules")
    tab_to(page, "Secure messenger")
    page.keyboard.press("Space")
    fill(page, {"Only at these hours": "After the noon prayer", "Never": "Call 0944 123 456"})
    enter(page, "Set the rules")
    assert "A telephone number" in page.inner_text("main")
    assert page.input_value("[name=hours]") == "After the noon prayer"
    tab_to(page, "Never")
    page.keyboard.press("Control+A")
    page.keyboard.type("The number that the family knows")
    enter(page, "Set the rules")
    enter(page, "Assess the risk")
    fill(page, RISK)
    enter(page, "Record the assessment")
    enter(page, "Record an answer")
    fill(page, {"Has the person told it before, and how": "None"})
    enter(page, "Record the answer")
    refused_then_cleared(window, case, investigator, witness)
    assert window.complaints == []


def refused_then_cleared(window: Window, case: Case, investigator: User, witness: Witness) -> None:
    page = window.page
    window.go(f"/cases/{case.pk}/interviews/new/?witness={witness.pk}")
    fill(page, {"What this account adds": "Saw it all", "Who interprets": "Nobody"})
    enter(page, "Propose it")
    assert "After the noon prayer" in page.inner_text("main")
    assert "Not trained for it" in page.inner_text("main")
    enter(page, "Risk assessed")
    enter(page, "Risk assessed")
    assert "heard only by people trained for it" in page.inner_text("main")
    enter(page, "Record help that you offered")
    fill(page, {"What help was offered": "Psycho", "What the person said": "Acc"})
    enter(page, "Record the offer")
    assert "Psychosocial care" in page.inner_text("main")
    factories.make_training(investigator, make_person(Role.SYSADMIN), TrainingKind.TRAUMA)
    window.go(f"/cases/{case.pk}/interviews/")
    enter(page, witness.code)
    enter(page, "Risk assessed")
    enter(page, "Risk assessed")
    assert "The interview is now" in page.inner_text("main")
