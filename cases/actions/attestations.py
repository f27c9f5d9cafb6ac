"""Reading an account back to the witness.

Promise: what is recorded as read back is the version that stood on the page; where it was not confirmed there
is a reason, and where it was there is none. Called by the page of reading back.
"""

from uuid import UUID, uuid4

from accounts.models import User
from audit.actions import record
from audit.vocabulary import Kind
from cases.actions.once import made_before, put
from cases.actions.testimonies import locked
from cases.actions.witness_steps import not_gone
from cases.errors import EditedMeanwhile, IdTaken, ReadOnly, ReasonMissing, SentBefore
from cases.facts import AttestationFacts
from cases.models import Attestation, Testimony, TestimonyVersion
from cases.permissions import check, open_for_work
from cases.vocabulary import ENDED, Permission


def attest(
    *,
    by: User,
    testimony: Testimony,
    facts: AttestationFacts,
    seen: int | None = None,
    once: UUID | None = None,
) -> Attestation:
    """Record that the current version was read back to the witness, or why it was not confirmed.

    `seen` is the number of the version that the person had before them: what was read back is that one.
    `once` is the id that was drawn with the page: sent twice, it records one reading.
    """
    check(by, Permission.TESTIMONY_WRITE, testimony.case_id)
    held = locked(testimony)
    if (made := made_before(Attestation.objects.all(), once, by=by, witness=held.witness)) is not None:
        return _said_again(made, held, facts)
    open_for_work(held.case)
    subject = f"testimony:{held.pk}"
    if held.current is None or held.status in ENDED:
        raise ReadOnly(subject=subject, scope=held.case_id, status=held.status)
    if seen is not None and seen != held.current.seq:
        raise EditedMeanwhile(subject=subject, scope=held.case_id, based_on=seen, current=held.current.seq)
    not_gone(held.witness, subject)
    if not facts.read_back and not facts.refused_reason.strip():
        raise ReasonMissing(subject=subject, scope=held.case_id, field="refused_reason")
    attestation = _write(by, held, held.current, facts, once or uuid4())
    record(
        Kind.ATTESTATION_RECORDED,
        by=by.staff_code,
        subject=subject,
        scope=held.case_id,
        facts={"seq": held.current.seq, "read_back": int(facts.read_back)},
        rows=[attestation],
    )
    return attestation


def _said_again(made: Attestation, testimony: Testimony, facts: AttestationFacts) -> Attestation:
    subject = f"testimony:{testimony.pk}"
    if not testimony.versions.filter(pk=made.version_id).exists():
        raise IdTaken(subject=subject, scope=testimony.case_id)
    if (made.read_back, made.signed_at) != (facts.read_back, facts.signed_at):
        raise SentBefore(subject=subject, scope=testimony.case_id)
    return made


def _write(
    by: User, testimony: Testimony, version: TestimonyVersion, facts: AttestationFacts, pk: UUID
) -> Attestation:
    attestation = Attestation(
        id=pk,
        case_id=testimony.case_id,
        witness_id=testimony.witness_id,
        version=version,
        read_back=facts.read_back,
        signed_at=facts.signed_at,
        created_by=by,
        sensitivity=testimony.sensitivity,
    )
    attestation.seal(
        circumstances={
            "language": str(facts.language),
            "by_whom": facts.by_whom.strip(),
            "corrections_count": facts.corrections_count,
            "signed_how": str(facts.signed_how),
        },
        refused_reason=None if facts.read_back else facts.refused_reason.strip(),
    )
    put(attestation)
    return attestation
