"""Rules of safe contact, the log of contacts, and referrals.

Promise: what stands here names nobody by number or address, the newest rules count, and what was done is
never changed; a contact that went wrong can always be recorded, whatever the rules say. Called by the pages
of risk and contact.
"""

from datetime import datetime
from uuid import UUID, uuid4

from django.utils import timezone

from accounts.models import User
from audit.actions import record
from audit.vocabulary import Kind
from cases.actions.naming import names_somebody
from cases.actions.once import made_before, put, said_again
from cases.errors import ContactIncomplete, ContactNames, EditedMeanwhile
from cases.facts import ContactFacts, ContactRulesFacts, ReferralFacts
from cases.models import ContactEntry, ContactRules, Referral, Witness, WitnessRow
from cases.permissions import check, open_for_work
from cases.vocabulary import Permission


def set_contact_rules(
    *, by: User, witness: Witness, facts: ContactRulesFacts, expected: int, once: UUID | None = None
) -> ContactRules:
    """Record how the person may be reached from now on, in place of the rules of the number that was read.

    Raises `ContactNames`, `ContactIncomplete`, `SentBefore`, and `EditedMeanwhile` where newer ones count.
    """
    held = _opened_for(by, witness)
    texts = {name: getattr(facts, name).strip() for name in ("hours", "through", "words", "never")}
    channels = {"channels": [str(one) for one in facts.channels]}
    cells = {**channels, **{name: text or None for name, text in texts.items()}}
    if (made := made_before(ContactRules.objects.all(), once, by=by, witness=held)) is not None:
        return said_again(made, cells, by=by)
    open_for_work(held.case)
    subject, scope = f"witness:{held.pk}", held.case_id
    if not facts.channels and not texts["never"]:
        raise ContactIncomplete(subject=subject, scope=scope)
    _name_nobody(held, texts)
    now = ContactRules.objects.filter(witness=held).count()
    if now != expected:
        raise EditedMeanwhile(subject=subject, scope=scope, expected=expected, now=now)
    row = ContactRules(
        id=once or uuid4(),
        case_id=held.case_id,
        witness=held,
        created_by=by,
        sensitivity=held.sensitivity,
        number=now + 1,
    )
    row.seal(**cells)
    put(row)
    _record(Kind.CONTACT_RULED, by, row, number=row.number)
    return row


def log_contact(*, by: User, witness: Witness, facts: ContactFacts, once: UUID | None = None) -> ContactEntry:
    """Record one contact or attempt. Raises `ContactNames`, `ContactIncomplete`, `SentBefore`."""
    held = _opened_for(by, witness)
    made = made_before(ContactEntry.objects.all(), once, by=by, witness=held)
    at: datetime = facts.at or (made.at if made else timezone.now())
    answers = {name: str(getattr(facts, name)) for name in ("channel", "outcome", "safety")}
    cells = {**answers, "note": facts.note.strip() or None}
    if made is not None:
        return said_again(made, cells, by=by, at=at)
    open_for_work(held.case)
    if at > timezone.now():
        raise ContactIncomplete(subject=f"witness:{held.pk}", scope=held.case_id, field="at")
    _name_nobody(held, {"note": facts.note})
    row = ContactEntry(
        id=once or uuid4(),
        case_id=held.case_id,
        witness=held,
        created_by=by,
        sensitivity=held.sensitivity,
        at=at,
    )
    row.seal(**cells)
    put(row)
    _record(Kind.CONTACT_LOGGED, by, row)
    return row


def offer_referral(*, by: User, witness: Witness, facts: ReferralFacts, once: UUID | None = None) -> Referral:
    """Record what help was offered and what the person said. Raises `ContactNames`, `SentBefore`."""
    held = _opened_for(by, witness)
    cells = {"kind": str(facts.kind), "answer": str(facts.answer), "note": facts.note.strip() or None}
    if (made := made_before(Referral.objects.all(), once, by=by, witness=held)) is not None:
        return said_again(made, cells, by=by)
    open_for_work(held.case)
    _name_nobody(held, {"note": facts.note})
    row = Referral(
        id=once or uuid4(),
        case_id=held.case_id,
        witness=held,
        created_by=by,
        sensitivity=held.sensitivity,
    )
    row.seal(**cells)
    put(row)
    _record(Kind.REFERRAL_OFFERED, by, row)
    return row


def _opened_for(by: User, witness: Witness) -> Witness:
    """Check the person, and hold the witness: two presses in one second queue."""
    check(by, Permission.INTERVIEW_WRITE, witness.case_id)
    rows = Witness.objects.select_for_update(of=("self",)).select_related("case")
    return rows.get(pk=witness.pk)


def _name_nobody(witness: Witness, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        if names_somebody(text):
            raise ContactNames(subject=f"witness:{witness.pk}", scope=witness.case_id, field=name)


def _record(kind: Kind, by: User, row: WitnessRow, **facts: int) -> None:
    record(
        kind,
        by=by.staff_code,
        subject=f"{row._meta.model_name}:{row.pk}",
        scope=row.case_id,
        facts={"witness": str(row.witness_id), **facts},
        rows=[row],
    )
