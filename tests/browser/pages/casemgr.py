"""Pages that sum up rooms, and what stands where there is nothing."""

from playwright.sync_api import Page

from cases.models import Case, Testimony
from tests import factories
from tests.browser.visits import visit
from tests.policy.matrix.cases import a_case, a_foreign_case, a_witness, an_interview
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
]
