"""Pages of findings."""

from accounts.door import entering
from findings.actions.assertions import LinkFacts, record_assertion
from findings.actions.claims import record_claim
from findings.models import FactAssertion
from findings.vocabulary import Stance
from tests.browser.pages.exports import sending
from tests.browser.visits import send_empty, visit
from tests.findings.worlds import CLAIM
from tests.policy.matrix.exports import a_case
from tests.policy.rows import World


def a_fact(world: World) -> FactAssertion:
    """A fact and a figure, so that the list has something to show."""
    there = world.get(sending)
    links = [
        LinkFacts(target=there.testimony, stance=Stance.SUPPORTS, independence_group="the widow"),
        LinkFacts(
            target=there.clip, stance=Stance.CONTRADICTS, independence_group="the clip", passage="دقيقتان"
        ),
    ]
    with entering(there.supervisor, "test"):
        record_claim(by=there.supervisor, case=there.case, facts=CLAIM, item=there.clip)
        return record_assertion(by=there.supervisor, case=there.case, text="Men came at ten.", links=links)


def a_full_case(world: World) -> object:
    assert world.get(a_fact)
    return world.get(a_case)


VISITS = [
    visit("finding-list", "lead", {"case": a_case}, called="finding-list-empty"),
    visit("claim-add", "supervisor", {"case": a_case}),
    visit("claim-add", "supervisor", {"case": a_case}, called="claim-add-empty", act=send_empty),
    visit("claim-add", "supervisor", {"case": a_full_case}, called="claim-add-full"),
    visit("assertion-add", "supervisor", {"case": a_case}),
    visit("finding-list", "supervisor", {"case": a_full_case}),
    visit("assertion-add", "lead", {"case": a_full_case}, called="assertion-add-full"),
    visit("assertion-link", "supervisor", {"case": a_full_case, "assertion": a_fact}),
    visit(
        "assertion-link",
        "supervisor",
        {"case": a_full_case, "assertion": a_fact},
        called="assertion-link-empty",
        act=send_empty,
    ),
]
