"""The steps of a witness, and what may still be done with them after each.

Promise: a witness moves along the steps named here alone, and each is recorded; nobody works on with an
account of somebody who has withdrawn or died, or meets them. Called by the actions on witnesses, consents,
interviews and testimonies, which have checked the person.
"""

from accounts.models import User
from audit.actions import record
from audit.vocabulary import Kind
from cases.errors import NobodyToMeet, StepNotPossible, WitnessNotReady
from cases.models import Witness
from cases.vocabulary import WitnessStatus

STEPS: dict[WitnessStatus, frozenset[WitnessStatus]] = {
    WitnessStatus.PROSPECTIVE: frozenset({WitnessStatus.ENGAGED}),
    WitnessStatus.ENGAGED: frozenset({WitnessStatus.CONSENTED}),
    WitnessStatus.CONSENTED: frozenset({WitnessStatus.ACTIVE}),
    WitnessStatus.ACTIVE: frozenset(
        {
            WitnessStatus.UNREACHABLE,
            WitnessStatus.WITHDRAWN,
            WitnessStatus.DECEASED,
            WitnessStatus.PROTECTED,
        }
    ),
    WitnessStatus.UNREACHABLE: frozenset({WitnessStatus.ACTIVE}),
    WitnessStatus.WITHDRAWN: frozenset(),
    WitnessStatus.DECEASED: frozenset(),
    WitnessStatus.PROTECTED: frozenset(),
}
# These two follow from what is recorded (a consent, an account) and are never chosen by hand.
FOLLOWING = frozenset({WitnessStatus.CONSENTED})
# Of these an account may be approved and made final.
RELIED_ON = frozenset({WitnessStatus.CONSENTED, WitnessStatus.ACTIVE, WitnessStatus.PROTECTED})
# Of these nothing more is taken down or handed in: what they gave stays as they left it.
GONE = frozenset({WitnessStatus.WITHDRAWN, WitnessStatus.DECEASED})


def step(*, by: User, witness: Witness, to: WitnessStatus) -> Witness:
    """One step of a locked witness; the calling action has checked the person."""
    before = WitnessStatus(witness.status)
    if to not in STEPS[before]:
        raise StepNotPossible(
            subject=f"witness:{witness.pk}", scope=witness.case_id, before=before.value, to=to.value
        )
    witness.status = to
    witness.save(update_fields=["status"])
    record(
        Kind.WITNESS_MOVED,
        by=by.staff_code,
        subject=f"witness:{witness.pk}",
        scope=witness.case_id,
        facts={"before": before.value, "to": to.value},
        rows=[witness],
    )
    return witness


def not_gone(witness: Witness, subject: str) -> None:
    """Raise `WitnessNotReady` when the witness has withdrawn or died."""
    if witness.status in GONE:
        raise WitnessNotReady(subject=subject, scope=witness.case_id, status=witness.status)


def may_be_met(witness: Witness, subject: str) -> None:
    """Raise `NobodyToMeet` when the witness has withdrawn or died."""
    if witness.status in GONE:
        raise NobodyToMeet(subject=subject, scope=witness.case_id, status=witness.status)


def relied_on(witness: Witness, subject: str) -> None:
    """Raise `WitnessNotReady` unless an account of the witness may be approved."""
    if witness.status not in RELIED_ON:
        raise WitnessNotReady(subject=subject, scope=witness.case_id, status=witness.status)
