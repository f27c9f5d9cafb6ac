"""Pages that sum up rooms, and what stands where there is nothing."""

from tests.browser.visits import visit

VISITS = [
    visit("dashboard", "lead"),
    visit("dashboard", "sysadmin", called="dashboard-sysadmin"),
    visit("dashboard", "recipient", called="dashboard-recipient"),
    visit("dashboard", "lead", query="nothing-here", called="not-found", status=404),
]
