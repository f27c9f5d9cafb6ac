"""Who may reach findings."""

from accounts.door import entering
from findings.actions.assertions import LinkFacts, record_assertion
from findings.models import FactAssertion, FactLink
from findings.vocabulary import Stance
from tests.exports.worlds import make_exhibit
from tests.policy.matrix.exports import a_case
from tests.policy.rows import World, everybody, row, unknown

_STRANGERS = {"outsider": 404, "recipient": 404, "sysadmin": 404}
CASE = {"case": a_case}
READERS = everybody(403, lead=200, investigator=200, supervisor=200, disclosure_officer=200, **_STRANGERS)
WRITERS = everybody(403, lead=200, supervisor=200, **_STRANGERS)
MEND = everybody(403, lead=422, supervisor=422, **_STRANGERS)
NOTHING = everybody(403, lead=404, supervisor=404, **_STRANGERS)


def a_fact(world: World) -> FactAssertion:
    """A fact that rests on a clip."""
    by, case = world.people["lead"], world.get(a_case)
    clip = LinkFacts(target=make_exhibit(case, by), stance=Stance.SUPPORTS, independence_group="the clip")
    with entering(by, "test"):
        return record_assertion(by=by, case=case, text="Men came.", links=[clip])


def a_link(world: World) -> FactLink:
    """What the fact rests on."""
    fact = world.get(a_fact)
    with entering(world.people["lead"], "test"):
        return FactLink.objects.get(assertion=fact)


ROWS = [
    row("finding-list", CASE, GET=READERS),
    row("claim-add", CASE, GET=WRITERS, POST=MEND),
    row("assertion-add", CASE, GET=WRITERS, POST=MEND),
    row("assertion-link", {"case": a_case, "assertion": unknown}, GET=NOTHING, POST=NOTHING),
    row(
        "assertion-unlink",
        {"case": a_case, "assertion": unknown, "link": unknown},
        GET=NOTHING,
        POST=NOTHING,
    ),
    row("assertion-unlink", {"case": a_case, "assertion": a_fact, "link": a_link}, GET=WRITERS, POST=MEND),
    row(
        "assertion-judge",
        {"case": a_case, "assertion": unknown},
        POST=NOTHING,
    ),
]
