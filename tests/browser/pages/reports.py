"""The report on a case's integrity, with an alert, a checkpoint and a stamp."""

from django.utils import timezone

from audit.models import Checkpoint, Stamp, StampOwed
from tests.browser.visits import visit
from tests.policy.matrix.cases import a_case
from tests.policy.matrix.evidence import an_alert
from tests.policy.rows import World

NOTE = "casemgr/log/0011223344556677\n7\nAAAA\n\n\u2014 casemgr/log/0011223344556677 " + "A" * 90 + "\n"


def a_stamp(_world: World) -> Stamp:
    """A checkpoint that an authority put a time on."""
    now = timezone.now()
    newest = Checkpoint.objects.create(size=7, note=NOTE, signed_at=now)
    owed = StampOwed.objects.create(authority="one", due_at=now, checkpoint=newest)
    return Stamp.objects.create(
        owed=owed, token=b"\x30\x03", nonce="1", policy="1.2.3", serial="ab", said_at=now
    )


VISITS = [
    visit("integrity-report", "supervisor", {"case": a_case}, given=(an_alert, a_stamp)),
]
