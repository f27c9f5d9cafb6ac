"""Pages of comparing names, from the question to the report."""

from tests.browser.visits import send_empty, visit
from tests.policy.matrix.cases import a_case
from tests.policy.matrix.comparisons import a_compared_case, a_done_session, a_named_case, a_session

IN = {"case": a_case}
NAMED = {"case": a_named_case}
ASKED = {**IN, "session": a_session}
DONE = {"case": a_compared_case, "session": a_done_session}

VISITS = [
    visit("comparison-list", "custodian", IN, called="comparison-list-empty"),
    visit("comparison-ask", "custodian", IN, called="comparison-ask-nobody"),
    visit("comparison-ask", "disclosure_officer", NAMED),
    visit("comparison-ask", "disclosure_officer", NAMED, called="comparison-ask-empty", act=send_empty),
    visit("comparison-list", "disclosure_officer", IN, given=(a_session,)),
    visit("comparison-detail", "disclosure_officer", ASKED),
    visit("comparison-detail", "custodian", ASKED, called="comparison-decide"),
    visit("comparison-answer", "custodian", ASKED, called="comparison-answer-empty", act=send_empty),
    visit("comparison-detail", "disclosure_officer", DONE, called="comparison-done"),
    visit("comparison-report", "custodian", DONE),
]
