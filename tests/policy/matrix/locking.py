"""Who may lock a case, see how it stands and bring answers; to other cases none of it exists."""

from unittest.mock import patch

from accounts.door import entering
from cases.actions.locking import lock_case
from cases.actions.reopening import ask_reopening
from cases.models import Case
from tests.policy.matrix.cases import FOREIGN, NOTHING, form, members
from tests.policy.matrix.identities import a_directory
from tests.policy.rows import World, row

LOCKERS = ("lead", "supervisor", "custodian")


def a_locked_case(world: World) -> Case:
    """Locked by its lead, and nobody has asked for anything yet; the people stay signed in."""
    case, lead = world.get(a_directory), world.people["lead"]
    with entering(lead, "test"), patch("cases.actions.locking.end_all_sessions"):
        lock_case(by=lead, case=case)
    return case


def an_asked_case(world: World) -> Case:
    """The supervisor asked that it be reopened."""
    case, by = world.get(a_locked_case), world.people["supervisor"]
    with entering(by, "test"):
        ask_reopening(by=by, case=case, reason="The danger is over")
    return case


OPEN, LOCKED, ASKED = {"case": a_directory}, {"case": a_locked_case}, {"case": an_asked_case}
ROWS = [
    form("lock-place", OPEN, members(200, *LOCKERS), members(200, *LOCKERS)),
    form("lock-place", FOREIGN, NOTHING, NOTHING),
    row("lock-detail", LOCKED, GET=members(200, *LOCKERS)),
    form("lock-ask", LOCKED, members(200, *LOCKERS), members(422, *LOCKERS)),
    row("lock-paper", ASKED, GET={**members(409, *LOCKERS), "custodian": 200}),
    form("lock-answer", ASKED, members(200, *LOCKERS), members(422, *LOCKERS)),
    form("lock-open", ASKED, members(200, *LOCKERS), members(422, *LOCKERS)),
]
