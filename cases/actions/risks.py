"""Weighing what a meeting risks, asking what was told before, and letting a meeting be held.

Promise: no meeting is cleared, agreed or begun unless the newest assessment is fresh and says so, somebody
asked whether the person told it before, and nobody is made to tell all of it twice unless a reviewer wrote
down why. Called by the pages of risk and by the actions of interviews.
"""

from uuid import UUID, uuid4

from django.utils import timezone

from accounts.models import User
from audit.actions import record
from audit.vocabulary import Kind
from cases.actions.once import made_before, put, said_again
from cases.actions.witness_steps import may_be_met, not_gone
from cases.errors import (
    FullAccountRepeated,
    NotAllowed,
    PriorIncomplete,
    PriorUnanswered,
    ReasonMissing,
    RiskForbids,
    RiskIncomplete,
    RiskNotAssessed,
    RiskOutdated,
    StepNotPossible,
)
from cases.facts import PriorFacts, RiskFacts
from cases.models import Interview, PriorAccount, RepetitionReason, RiskAssessment, Witness, WitnessRow
from cases.models.risk import COUNTS_FOR, NEWEST
from cases.permissions import check, open_for_work
from cases.vocabulary import MAY_PROCEED, InterviewStatus, InterviewType, Permission, PriorForm
from vault.opening import open_row, open_rows
from vault.vocabulary import Purpose


def assess_risk(*, by: User, witness: Witness, facts: RiskFacts, once: UUID | None = None) -> RiskAssessment:
    """Record what was weighed; it counts in place of each that was weighed on an earlier day or before it.

    `once` is the id that was drawn with the page. Raises `RiskIncomplete`, `WitnessNotReady`, `SentBefore`.
    """
    check(by, Permission.INTERVIEW_WRITE, witness.case_id)
    held = _locked(witness)
    made = made_before(RiskAssessment.objects.all(), once, by=by, witness=held)
    assessed_on = facts.assessed_on or (made.assessed_on if made else timezone.localdate())
    review_due = facts.review_due or assessed_on + COUNTS_FOR
    cells = _weighed(facts)
    if made is not None:
        return said_again(made, cells, by=by, assessed_on=assessed_on, review_due=review_due)
    open_for_work(held.case)
    not_gone(held, f"witness:{held.pk}")
    if not all(cells.values()) or assessed_on > timezone.localdate() or review_due < assessed_on:
        raise RiskIncomplete(subject=f"witness:{held.pk}", scope=held.case_id)
    row = RiskAssessment(
        id=once or uuid4(),
        case_id=held.case_id,
        witness=held,
        created_by=by,
        sensitivity=held.sensitivity,
        number=RiskAssessment.objects.filter(witness=held).count() + 1,
        assessed_on=assessed_on,
        review_due=review_due,
    )
    row.seal(**cells)
    put(row)
    if held.risk_raised_at is not None and assessed_on >= timezone.localdate(held.risk_raised_at):
        held.risk_raised_at = None
        held.save(update_fields=["risk_raised_at"])
    _record(Kind.RISK_ASSESSED, by, row, number=row.number)
    return row


def note_prior_account(
    *, by: User, witness: Witness, facts: PriorFacts, once: UUID | None = None
) -> PriorAccount:
    """Record to whom the person told it before, or that they told nobody.

    `once` is the id that was drawn with the page. Raises `PriorIncomplete`, `SentBefore`.
    """
    check(by, Permission.INTERVIEW_WRITE, witness.case_id)
    held = _locked(witness)
    organisation, told_on = facts.organisation.strip(), facts.told_on.strip()
    cells = {
        "form": str(facts.form),
        "organisation": organisation or None,
        "told_on": told_on or None,
        "is_signed": _answer(given=facts.is_signed),
        "is_copy_held": _answer(given=facts.is_copy_held),
    }
    if (made := made_before(PriorAccount.objects.all(), once, by=by, witness=held)) is not None:
        return said_again(made, cells, by=by)
    open_for_work(held.case)
    if facts.form == PriorForm.NONE:
        is_sound = not (organisation or told_on or facts.is_signed or facts.is_copy_held)
    else:
        is_sound = bool(organisation)
    if not is_sound:
        raise PriorIncomplete(subject=f"witness:{held.pk}", scope=held.case_id)
    row = PriorAccount(
        id=once or uuid4(),
        case_id=held.case_id,
        witness=held,
        created_by=by,
        sensitivity=held.sensitivity,
    )
    row.seal(**cells)
    put(row)
    _record(Kind.PRIOR_NOTED, by, row)
    return row


def justify_repetition(*, by: User, interview: Interview, reason: str) -> RepetitionReason:
    """Write down why a person who gave a full statement before is asked for a full account.

    Nobody justifies what they proposed themselves (`NotAllowed`). Raises `StepNotPossible` where it is no
    full account, waits for nothing any more, or was justified before; `ReasonMissing`.
    """
    check(by, Permission.TESTIMONY_REVIEW, interview.case_id)
    rows = Interview.objects.select_for_update(of=("self",)).select_related("case", "witness")
    held = rows.get(pk=interview.pk)
    open_for_work(held.case)
    subject, scope = f"interview:{held.pk}", held.case_id
    if held.created_by_id == by.pk:
        raise NotAllowed(subject=subject, scope=scope)
    is_open = held.type == InterviewType.FULL_ACCOUNT and held.status == InterviewStatus.PROPOSED
    if not is_open or RepetitionReason.objects.filter(interview=held).exists():
        raise StepNotPossible(subject=subject, scope=scope, before=held.status, to="justified")
    if not reason.strip():
        raise ReasonMissing(subject=subject, scope=scope)
    row = RepetitionReason(
        case_id=held.case_id,
        witness=held.witness,
        interview=held,
        created_by=by,
        sensitivity=held.sensitivity,
    )
    row.seal(reason=reason.strip())
    row.save(force_insert=True)
    _record(Kind.INTERVIEW_JUSTIFIED, by, row, interview=str(held.pk))
    return row


def needs_clearance(*, by: User, interview: Interview) -> RiskAssessment:
    """Return the assessment on which the meeting may be held now.

    Holds the witness, so that a newer assessment waits or is seen. Raises `NobodyToMeet`, `RiskNotAssessed`,
    `RiskForbids`, `RiskOutdated`, `PriorUnanswered`, `FullAccountRepeated`.
    """
    witness = _locked(interview.witness)
    subject, scope = f"interview:{interview.pk}", interview.case_id
    may_be_met(witness, subject)
    newest = RiskAssessment.objects.filter(witness=witness).order_by(*NEWEST).first()
    if newest is None:
        raise RiskNotAssessed(subject=subject, scope=scope)
    opened = open_row(newest, "decision", reader=by.staff_code, purpose=Purpose.REVIEW)
    if opened.text("decision") not in MAY_PROCEED:
        raise RiskForbids(subject=subject, scope=scope)
    # Since somebody learned who the person is, the danger is another one.
    if witness.risk_raised_at is not None or not newest.counts_on(timezone.localdate()):
        raise RiskOutdated(subject=subject, scope=scope)
    needs_no_repetition(by=by, interview=interview)
    return newest


def needs_no_repetition(*, by: User, interview: Interview) -> None:
    """Raise `PriorUnanswered`, or `FullAccountRepeated` where a full statement was given before."""
    subject, scope = f"interview:{interview.pk}", interview.case_id
    rows = PriorAccount.objects.filter(witness=interview.witness_id)
    opened = open_rows(rows, "form", reader=by.staff_code, purpose=Purpose.REVIEW)
    forms = {one.text("form") for one in opened.values()}
    if not forms:
        raise PriorUnanswered(subject=subject, scope=scope)
    is_repeated = interview.type == InterviewType.FULL_ACCOUNT and PriorForm.FULL_STATEMENT in forms
    if not is_repeated:
        return
    reason = RepetitionReason.objects.filter(interview=interview, witness=interview.witness_id).first()
    if reason is None:
        raise FullAccountRepeated(subject=subject, scope=scope)
    # A row that was only inserted does not open, and raises.
    open_row(reason, "reason", reader=by.staff_code, purpose=Purpose.REVIEW)


def _weighed(facts: RiskFacts) -> dict[str, str]:
    texts = {name: getattr(facts, name).strip() for name in ("threats", "mitigations", "residual")}
    chosen = {name: str(getattr(facts, name)) for name in ("likelihood", "impact", "decision")}
    return {**texts, **chosen}


def _answer(*, given: bool) -> str:
    return "yes" if given else "no"


def _locked(witness: Witness) -> Witness:
    rows = Witness.objects.select_for_update(of=("self",)).select_related("case")
    return rows.get(pk=witness.pk)


def _record(kind: Kind, by: User, row: WitnessRow, **facts: str | int) -> None:
    record(
        kind,
        by=by.staff_code,
        subject=f"{row._meta.model_name}:{row.pk}",
        scope=row.case_id,
        facts={"witness": str(row.witness_id), **facts},
        rows=[row],
    )
