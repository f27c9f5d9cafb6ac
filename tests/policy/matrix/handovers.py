"""Who may make a second key, confirm it, give it up, and ask that identities go with an export."""

from accounts.door import entering
from exports.actions import secondkeys
from exports.models import SecondKey
from tests.policy.matrix.exports import (
    CHECKERS,
    KEEPERS,
    KEEPERS_ACT,
    NONE,
    OFFICER_NOTHING,
    a_recipient,
)
from tests.policy.rows import World, row


def a_second_key(world: World) -> SecondKey:
    """The officer's, which nobody has confirmed."""
    officer = world.people["disclosure_officer"]
    with entering(officer, "test"):
        return secondkeys.make_second_key(by=officer, recipient=world.get(a_recipient)).key


ROWS = [
    row("second-key-make", {"recipient": a_recipient}, GET=KEEPERS, POST=KEEPERS),
    row("second-key-confirm", {"key": a_second_key}, GET=CHECKERS, POST=CHECKERS),
    row("second-key-revoke", {"key": a_second_key}, POST=KEEPERS_ACT),
    row("handover-ask", NONE, GET=OFFICER_NOTHING, POST=OFFICER_NOTHING),
]
