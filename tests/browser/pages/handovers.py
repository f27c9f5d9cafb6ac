"""Pages of handing identities over: the second key, the question, and what custodians see of it."""

from accounts.door import entering
from cases.actions.session_steps import prepare_session
from cases.models import Case, IdentitySession
from exports.models import Export, Recipient
from tests.browser.pages.exports import sending
from tests.browser.visits import send_empty, visit
from tests.exports.handing import Handing
from tests.policy.matrix.exports import a_recipient
from tests.policy.matrix.handovers import a_second_key
from tests.policy.rows import UNKNOWN, World
from vault.custodian.keys import BoxSecret


def handing(world: World) -> Handing:
    """Custodians, two witnesses who may be named, and an approved export of their accounts."""
    return Handing(world.get(sending))


def a_case(world: World) -> Case:
    return world.get(handing).world.case


def an_export(world: World) -> Export:
    return world.get(handing).export


def a_holder(world: World) -> Recipient:
    """A body that holds a second key."""
    return world.get(handing).world.recipient


def another_body(world: World) -> Recipient:
    """One to which nobody gave a paper yet."""
    return a_recipient(world)


def a_handover(world: World) -> IdentitySession:
    """Asked; its process is there, and custodians decide."""
    made = world.get(handing)
    row = made.ask_alone()
    with entering(made.officer, "test"):
        return prepare_session(session=row.session, key=BoxSecret.new().public, keeper=UNKNOWN)


CARRIED = {"case": a_case, "export": an_export}
ASKED = {"case": a_case, "session": a_handover}

VISITS = [
    visit("second-key-make", "disclosure_officer", {"recipient": a_holder}),
    visit(
        "second-key-make",
        "disclosure_officer",
        {"recipient": another_body},
        called="second-key-shown",
        act=send_empty,
    ),
    visit("second-key-confirm", "supervisor", {"key": a_second_key}),
    visit(
        "second-key-confirm", "supervisor", {"key": a_second_key}, called="second-key-empty", act=send_empty
    ),
    visit("recipient-detail", "disclosure_officer", {"recipient": a_holder}, called="recipient-second-key"),
    visit("handover-ask", "disclosure_officer", CARRIED),
    visit("handover-ask", "disclosure_officer", CARRIED, called="handover-ask-empty", act=send_empty),
    visit("comparison-detail", "disclosure_officer", ASKED, called="handover-asked"),
    visit("export-detail", "disclosure_officer", CARRIED, called="handover-of-export"),
    visit("export-detail", "supervisor", CARRIED, called="handover-for-others"),
]
