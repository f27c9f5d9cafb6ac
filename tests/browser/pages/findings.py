"""Pages of findings."""

from accounts.door import entering
from findings.actions.assertions import LinkFacts, judge_assertion, record_assertion, take_back_link
from findings.actions.claims import record_claim
from findings.models import FactAssertion, FactLink
from findings.vocabulary import FactState, Stance
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


def a_link(world: World) -> FactLink:
    """What speaks against the fact."""
    fact, there = world.get(a_fact), world.get(sending)
    with entering(there.supervisor, "test"):
        return FactLink.objects.get(assertion=fact, stance=Stance.CONTRADICTS)


def taken_back(world: World) -> None:
    """A second fact: corroborated until one of what carried it was taken back."""
    there = world.get(sending)
    links = [
        LinkFacts(target=there.testimony, stance=Stance.SUPPORTS, independence_group="the widow"),
        LinkFacts(
            target=there.clip, stance=Stance.SUPPORTS, independence_group="the clip", passage="A red car"
        ),
    ]
    with entering(there.supervisor, "test"):
        fact = record_assertion(by=there.supervisor, case=there.case, text="They left by noon.", links=links)
        judge_assertion(by=there.supervisor, assertion=fact, expected=1, state=FactState.CORROBORATED)
        link = FactLink.objects.get(assertion=fact, item=there.clip)
        take_back_link(by=there.supervisor, link=link, reason="The clip shows another street, a day later.")


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
    visit("finding-list", "lead", {"case": a_full_case}, called="finding-list-back", given=(taken_back,)),
    visit("assertion-unlink", "supervisor", {"case": a_full_case, "assertion": a_fact, "link": a_link}),
    visit(
        "assertion-unlink",
        "supervisor",
        {"case": a_full_case, "assertion": a_fact, "link": a_link},
        called="assertion-unlink-empty",
        act=send_empty,
    ),
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
