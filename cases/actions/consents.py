"""Recording what a witness agreed to, and taking it back.

Promise: nothing becomes a consent that was not explained, understood and answered to the end; a withdrawal
counts from the instant it is recorded, for every use, and any member who meets witnesses can record it.
Called by the intake and the consent pages.
"""

from datetime import datetime
from uuid import UUID, uuid4

from django.utils import timezone

from accounts.models import User
from audit.actions import record
from audit.models import Event
from audit.sealing import seal_now
from audit.vocabulary import Kind
from cases.actions.once import made_before, put
from cases.actions.witness_steps import step
from cases.errors import (
    CapacityNotConfirmed,
    ConsentBackdated,
    ConsentClosed,
    ConsentIncomplete,
    ConsentMissing,
    GuardianMissing,
    LimitsNotExplained,
    ScopeUnanswered,
    SentBefore,
    StepNotPossible,
)
from cases.facts import ConsentFacts, ScopeAnswer
from cases.models import Consent, ConsentEvent, ConsentScope, Witness
from cases.models.consent import IN_FORCE, OWN_ANALYSIS, Answer
from cases.permissions import check, open_for_work
from cases.reading import standing_consents
from cases.vocabulary import (
    MINOR_BANDS,
    ConsentEventKind,
    ConsentPurpose,
    ConsentState,
    Decision,
    Material,
    Permission,
    RecipientClass,
    WitnessStatus,
)
from vault.opening import open_row
from vault.vocabulary import Purpose

# What a minor's consent needs beside their own word.
GUARDED = ("guardian_consented", "child_assented", "best_interest_note")


def record_consent(*, by: User, witness: Witness, facts: ConsentFacts, once: UUID | None = None) -> Consent:
    """Record a consent that is in force at once; the one before it is replaced.

    `once` is the id that was drawn with the page: sent twice, it records one consent. Raises
    `LimitsNotExplained`, `CapacityNotConfirmed`, `GuardianMissing`, `ScopeUnanswered`, `ConsentIncomplete`,
    `ConsentBackdated`; `SentBefore` and `IdTaken`.
    """
    check(by, Permission.CONSENT_RECORD, witness.case_id)
    locked = Witness.objects.select_for_update(of=("self",)).select_related("case").get(pk=witness.pk)
    if (made := made_before(Consent.objects.all(), once, by=by, witness=locked)) is not None:
        return _said_again(made, facts)
    open_for_work(locked.case)
    if locked.status == WitnessStatus.DECEASED:
        raise StepNotPossible(subject=f"witness:{locked.pk}", scope=locked.case_id, before=locked.status)
    _understood(by, locked, facts)
    _answered(locked, facts)
    _latest_word(locked, facts.given_at or timezone.now())
    replaced = _replace(locked)
    consent = _write(by, locked, facts, once or uuid4())
    kind = ConsentEventKind.GIVEN if replaced is None else ConsentEventKind.RENEWED
    event = _happened(by, consent, kind)
    if locked.status == WitnessStatus.PROSPECTIVE:
        step(by=by, witness=locked, to=WitnessStatus.ENGAGED)
    if locked.status == WitnessStatus.ENGAGED:
        step(by=by, witness=locked, to=WitnessStatus.CONSENTED)
    answers = list(consent.scopes.all())
    granted = sum(answer.decision == Decision.GRANTED for answer in answers)
    if replaced is not None:
        _record(Kind.CONSENT_SUPERSEDED, by, replaced, by_number=consent.number)
    _record(Kind.CONSENT_RECORDED, by, consent, *answers, event, answers=len(answers), granted=granted)
    return consent


def withdraw_consent(
    *, by: User, consent: Consent, channel: str = "", note: str = "", purpose: ConsentPurpose | None = None
) -> Consent:
    """Take a consent back, whole or for one purpose, on the witness's word. Counts from this instant."""
    check(by, Permission.CONSENT_WITHDRAW, consent.case_id)
    locked = Consent.objects.select_for_update(of=("self",)).get(pk=consent.pk)
    if locked.state not in IN_FORCE:
        raise ConsentClosed(subject=f"consent:{locked.pk}", scope=locked.case_id, state=locked.state)
    now = timezone.now()
    answers = list(locked.scopes.select_for_update().filter(withdrawn_at__isnull=True))
    taken = [answer for answer in answers if purpose is None or answer.purpose == purpose]
    for answer in taken:
        answer.withdrawn_at = now
        answer.put_tag()
        answer.save(update_fields=["withdrawn_at", "tag"])
    whole = len(taken) == len(answers)
    locked.state = ConsentState.WITHDRAWN if whole else ConsentState.PARTLY_WITHDRAWN
    locked.withdrawn_at = now if whole else None
    locked.put_tag()
    locked.save(update_fields=["state", "withdrawn_at", "tag"])
    kind = ConsentEventKind.WITHDRAWN if whole else ConsentEventKind.NARROWED
    event = _happened(by, locked, kind, channel=channel, note=note, purpose=str(purpose or ""))
    what = str(purpose) if purpose and not whole else "all"
    leaf = _record(Kind.CONSENT_WITHDRAWN, by, locked, *taken, event, purpose=what, answers=len(taken))
    # A database put back to the hour before must contradict the tree from the first second on.
    seal_now(leaf)
    return locked


def withdraw_all(*, by: User, witness: Witness) -> None:
    """Take back whatever consent a witness left open, also one that is over by now."""
    for consent in Consent.objects.filter(witness=witness, state__in=IN_FORCE):
        withdraw_consent(by=by, consent=consent)


def end_unguarded(*, by: User, witness: Witness) -> None:
    """A locked witness turned out to be a minor: a consent without a guardian, assent and note is over.

    The calling action has checked the person, and that the witness is a minor.
    """
    consent = (
        Consent.objects.select_for_update(of=("self",)).filter(witness=witness, state__in=IN_FORCE).first()
    )
    if consent is None:
        return
    opened = open_row(consent, "circumstances", reader=by.staff_code, purpose=Purpose.EDIT)
    said = opened.json("circumstances")
    if isinstance(said, dict) and all(said.get(name) for name in GUARDED):
        return
    consent.state = ConsentState.EXPIRED
    consent.put_tag()
    consent.save(update_fields=["state", "tag"])
    seal_now(_record(Kind.CONSENT_EXPIRED, by, consent))


def consent_in_force(witness: Witness) -> Consent | None:
    """The consent that counts for a witness now, if there is one: whatever is doubtful or over counts not."""
    return standing_consents([witness.pk], timezone.now()).get(witness.pk)


def may_be_analysed(witness: Witness) -> bool:
    """Tell whether a consent in force covers our own analysis of the account."""
    consent = consent_in_force(witness)
    return consent is not None and consent.gap(OWN_ANALYSIS, timezone.now()) is None


def consented(witness: Witness, subject: str) -> None:
    """Raise `ConsentMissing` unless an account of the witness may be taken down and weighed."""
    if not may_be_analysed(witness):
        raise ConsentMissing(subject=subject, scope=witness.case_id)


def _understood(by: User, witness: Witness, facts: ConsentFacts) -> None:
    subject, scope = f"witness:{witness.pk}", witness.case_id
    if not facts.limits_explained:
        raise LimitsNotExplained(subject=subject, scope=scope)
    if not facts.capacity_confirmed or not facts.language_understood:
        raise CapacityNotConfirmed(subject=subject, scope=scope)
    if not facts.sheet_version.strip():
        raise ConsentIncomplete(subject=subject, scope=scope)
    opened = open_row(witness, "age_band", "vulnerability", reader=by.staff_code, purpose=Purpose.INTAKE)
    vulnerability = opened.json("vulnerability")
    minor = opened.text("age_band") in MINOR_BANDS or (
        isinstance(vulnerability, list) and "minor" in vulnerability
    )
    guarded = facts.guardian_consented and facts.child_assented and facts.best_interest_note.strip()
    if minor and not guarded:
        raise GuardianMissing(subject=subject, scope=scope)


def _answered(witness: Witness, facts: ConsentFacts) -> None:
    """Refuse unless each purpose has an answer and no use has two."""
    seen: set[tuple[ConsentPurpose, Material, RecipientClass]] = set()
    for answer in facts.answers:
        uses = set(_uses(answer))
        if not uses or seen & uses:
            raise ScopeUnanswered(
                subject=f"witness:{witness.pk}", scope=witness.case_id, purpose=answer.purpose.value
            )
        seen |= uses
    for purpose in ConsentPurpose:
        if not any(use[0] == purpose for use in seen):
            raise ScopeUnanswered(
                subject=f"witness:{witness.pk}", scope=witness.case_id, purpose=purpose.value
            )
    now = timezone.now()
    given_at = facts.given_at or now
    if given_at > now or (facts.valid_until is not None and facts.valid_until <= given_at):
        raise ConsentIncomplete(subject=f"witness:{witness.pk}", scope=witness.case_id, field="given_on")


def _latest_word(witness: Witness, given_at: datetime) -> None:
    """Refuse a consent older than what was said since: entering an old form undoes no withdrawal."""
    backs = (ConsentEventKind.WITHDRAWN, ConsentEventKind.NARROWED)
    taken_back = ConsentEvent.objects.filter(witness=witness, kind__in=backs, at__gte=given_at)
    newer = Consent.objects.filter(witness=witness, given_at__gt=given_at)
    if taken_back.exists() or newer.exists():
        raise ConsentBackdated(subject=f"witness:{witness.pk}", scope=witness.case_id, field="given_on")


def _uses(answer: ScopeAnswer) -> list[tuple[ConsentPurpose, Material, RecipientClass]]:
    return [
        (answer.purpose, material, recipient)
        for material in answer.materials
        for recipient in answer.recipient_classes
    ]


def _replace(witness: Witness) -> Consent | None:
    before = (
        Consent.objects.select_for_update(of=("self",)).filter(witness=witness, state__in=IN_FORCE).first()
    )
    if before is None:
        return None
    over = before.valid_until is not None and before.valid_until <= timezone.now()
    before.state = ConsentState.EXPIRED if over else ConsentState.SUPERSEDED
    before.put_tag()
    before.save(update_fields=["state", "tag"])
    return before


def _said_again(made: Consent, facts: ConsentFacts) -> Consent:
    """What the page recorded before, unless it answers something else by now or that one is over."""
    recorded = {
        (one.purpose, one.material, one.recipient_class): _as_decided(one) for one in made.scopes.all()
    }
    said = {use: _as_decided(answer) for answer in facts.answers for use in _uses(answer)}
    if made.state != ConsentState.ACTIVE or recorded != said or made.valid_until != facts.valid_until:
        raise SentBefore(subject=f"consent:{made.pk}", scope=made.case_id)
    return made


def _as_decided(answer: Answer) -> tuple[str, str, bool, bool]:
    return (
        answer.decision,
        answer.identity_level,
        answer.names_state_body,
        answer.recontact_before_use,
    )


def _write(by: User, witness: Witness, facts: ConsentFacts, pk: UUID) -> Consent:
    consent = Consent(
        id=pk,
        case_id=witness.case_id,
        witness=witness,
        number=Consent.objects.filter(witness=witness).count() + 1,
        given_at=facts.given_at or timezone.now(),
        valid_until=facts.valid_until,
        explained_by=by,
        sheet_version=facts.sheet_version.strip(),
        limits_explained=True,
        capacity_confirmed=True,
        created_by=by,
        sensitivity=witness.sensitivity,
    )
    consent.seal(
        circumstances={
            "method": str(facts.method),
            "language": str(facts.language),
            "interpreter": facts.interpreter.strip(),
            "guardian_consented": facts.guardian_consented,
            "child_assented": facts.child_assented,
            "best_interest_note": facts.best_interest_note.strip(),
        }
    )
    consent.put_tag()
    put(consent)
    ConsentScope.objects.bulk_create(
        _scope(by, consent, answer, use) for answer in facts.answers for use in _uses(answer)
    )
    return consent


def _scope(
    by: User, consent: Consent, answer: ScopeAnswer, use: tuple[ConsentPurpose, Material, RecipientClass]
) -> ConsentScope:
    purpose, material, recipient = use
    scope = ConsentScope(
        case_id=consent.case_id,
        witness_id=consent.witness_id,
        consent=consent,
        purpose=purpose,
        material=material,
        recipient_class=recipient,
        identity_level=answer.identity_level,
        decision=answer.decision,
        names_state_body=answer.names_state_body,
        recontact_before_use=answer.recontact_before_use,
        created_by=by,
        sensitivity=consent.sensitivity,
    )
    scope.seal(conditions=answer.conditions.strip() or None)
    scope.put_tag()
    return scope


def _happened(by: User, consent: Consent, kind: ConsentEventKind, **note: str) -> ConsentEvent:
    event = ConsentEvent(
        case_id=consent.case_id,
        witness_id=consent.witness_id,
        consent=consent,
        kind=kind,
        created_by=by,
        sensitivity=consent.sensitivity,
    )
    event.seal(note=note or None)
    event.save(force_insert=True)
    return event


def _record(
    kind: Kind, by: User, consent: Consent, *rows: ConsentScope | ConsentEvent, **facts: str | int
) -> Event:
    return record(
        kind,
        by=by.staff_code,
        subject=f"consent:{consent.pk}",
        scope=consent.case_id,
        facts={"witness": str(consent.witness_id), "number": consent.number, **facts},
        rows=[consent, *rows],
    )
