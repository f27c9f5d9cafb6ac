"""Talks after a consent was given: asking before a use, and telling what a withdrawal reached.

Promise: a use that asks for another talk stays closed until one was recorded in which the person said yes,
and is closed again after a while; that somebody could not be reached is kept too. Called by the pages of
consent and of withdrawal.
"""

from django.utils import timezone

from accounts.models import User
from audit.actions import record
from audit.sealing import seal_now
from audit.vocabulary import Kind
from cases.errors import ConsentClosed, NotAskedBefore
from cases.models import Consent, ConsentEvent, ConsentScope
from cases.models.consent import IN_FORCE
from cases.permissions import check
from cases.vocabulary import ConsentEventKind, ConsentPurpose, ConsentState, Permission, Reached


def record_recontact(
    *,
    by: User,
    consent: Consent,
    purpose: ConsentPurpose,
    reached: Reached,
    channel: str = "",
    note: str = "",
) -> ConsentEvent:
    """Write down that the person was asked again before a use for this purpose, and what they said.

    Only a yes opens the use, for `RECONTACT_LASTS`. Raises `ConsentClosed`, and `NotAskedBefore` where no
    answer for this purpose asks for a talk first.
    """
    check(by, Permission.CONSENT_RECORD, consent.case_id)
    locked, answers = _to_ask(consent, purpose)
    now = timezone.now()
    for answer in answers:
        # Whoever says no, or cannot be reached, closes what an earlier yes had opened.
        answer.recontacted_at = now if reached == Reached.AGREED else None
        answer.put_tag()
        answer.save(update_fields=["recontacted_at", "tag"])
    event = _happened(
        by,
        locked,
        ConsentEventKind.RECONTACT_ATTEMPT,
        channel=channel,
        note=note,
        purpose=purpose.value,
        reached=reached.value,
    )
    facts = {"witness": str(locked.witness_id), "reached": reached.value}
    rows = [locked, *answers, event]
    subject = f"consent:{locked.pk}"
    kind, scope = Kind.CONSENT_RECONTACTED, locked.case_id
    seal_now(record(kind, by=by.staff_code, subject=subject, scope=scope, facts=facts, rows=rows))
    return event


def _to_ask(consent: Consent, purpose: ConsentPurpose) -> tuple[Consent, list[ConsentScope]]:
    """Lock a consent in force and the answers that ask for a talk before a use for this purpose."""
    locked = Consent.objects.select_for_update(of=("self",)).get(pk=consent.pk)
    if locked.state not in IN_FORCE:
        raise ConsentClosed(subject=f"consent:{locked.pk}", scope=locked.case_id, state=locked.state)
    wanted = locked.scopes.filter(purpose=purpose, recontact_before_use=True, withdrawn_at__isnull=True)
    answers = list(wanted.select_for_update())
    if not answers:
        raise NotAskedBefore(subject=f"consent:{locked.pk}", scope=locked.case_id, purpose=purpose.value)
    return locked, answers


def confirm_withdrawal(*, by: User, consent: Consent, channel: str = "") -> ConsentEvent:
    """Write down that the witness was told what their withdrawal reached. Raises `ConsentClosed`."""
    check(by, Permission.CONSENT_WITHDRAW, consent.case_id)
    locked = Consent.objects.select_for_update(of=("self",)).get(pk=consent.pk)
    if locked.state not in (ConsentState.WITHDRAWN, ConsentState.PARTLY_WITHDRAWN):
        raise ConsentClosed(subject=f"consent:{locked.pk}", scope=locked.case_id, state=locked.state)
    event = _happened(by, locked, ConsentEventKind.WITHDRAWAL_CONFIRMED, channel=channel)
    record(
        Kind.CONSENT_WITHDRAWAL_CONFIRMED,
        by=by.staff_code,
        subject=f"consent:{locked.pk}",
        scope=locked.case_id,
        facts={"witness": str(locked.witness_id), "number": locked.number},
        rows=[locked, event],
    )
    return event


def _happened(by: User, consent: Consent, kind: ConsentEventKind, **said: str) -> ConsentEvent:
    event = ConsentEvent(
        case_id=consent.case_id,
        witness_id=consent.witness_id,
        consent=consent,
        kind=kind,
        created_by=by,
        sensitivity=consent.sensitivity,
    )
    event.seal(note={name: value.strip() for name, value in said.items()})
    event.save(force_insert=True)
    return event
