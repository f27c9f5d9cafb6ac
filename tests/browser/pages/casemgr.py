"""Pages that sum up rooms, and what stands where there is nothing."""

from collections.abc import Callable

from playwright.sync_api import Page

from cases.models import Case, Testimony
from tests import factories
from tests.browser.visits import visit
from tests.policy.matrix.cases import a_case, a_foreign_case, a_victim, a_witness, an_incident, an_interview
from tests.policy.rows import World


def a_testimony_to_review(world: World) -> Testimony:
    """An account that another person wrote and handed in."""
    return factories.make_submitted_testimony(world.get(a_witness), world.people["investigator"])


def a_second_case(world: World) -> Case:
    """Another case of the same lead."""
    return factories.make_case(world.people["lead"], prefix="HOM")


def open_menu(page: Page) -> None:
    """Open the list of cases to go to."""
    page.locator(".menu-start summary").click()


SEARCH = {"case": a_case}
FINDABLE = (a_testimony_to_review, an_incident, a_victim)


def search_for(words: str) -> Callable[[Page], None]:
    """Type words into the box of the page and send them."""

    def act(page: Page) -> None:
        page.locator("main input[name=words]").fill(words)
        page.keyboard.press("Enter")
        page.locator("main :is(.found, .empty, .errors)").first.wait_for()

    return act


VISITS = [
    visit("dashboard", "lead"),
    visit("dashboard", "sysadmin", called="dashboard-sysadmin"),
    visit("dashboard", "recipient", called="dashboard-recipient"),
    visit("dashboard", "lead", query="nothing-here", called="not-found", status=404),
    visit("dashboard", "supervisor", called="dashboard-supervisor", given=(a_case, a_testimony_to_review)),
    visit("dashboard", "investigator", called="dashboard-investigator", given=(an_interview, a_foreign_case)),
    visit("dashboard", "auditor", called="dashboard-auditor"),
    visit("dashboard", "lead", called="dashboard-lead", given=(a_second_case,), act=open_menu),
    visit("case-detail", "lead", {"case": a_case}, called="case-menu", act=open_menu),
    visit("case-search", "lead", SEARCH),
    visit("case-search", "lead", SEARCH, called="search-found", given=FINDABLE, act=search_for("men")),
    visit("case-search", "lead", SEARCH, called="search-arabic", act=search_for("مسلحين اربعه")),
    visit("case-search", "lead", SEARCH, called="search-nothing", act=search_for("nowhere")),
    visit("case-search", "lead", SEARCH, called="search-mend", act=search_for("\u0640")),
]
