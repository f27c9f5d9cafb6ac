"""Taking in a witness and their account: begun, kept in pieces, taken in whole or forgotten.

Promise: either all of an intake is recorded (witness, consent, meeting, account, each with its events) or
nothing of it; confirming twice makes one witness; what is discarded cannot be read again. Called by the pages
of the intake alone.

Before there is a witness there is their id: it is drawn when the intake begins, and a key of their own with
it. The pieces are drafts of the author, sealed under that key, so that an intake which ends without consent
is forgotten by destroying one key, whatever copies of the drafts there are; and the row of the witness, once
it is written, carries the same id. So the id of the intake is what makes the confirmation happen once.
"""

from collections.abc import Mapping
from uuid import UUID, uuid4

from accounts.models import User
from audit.actions import record
from audit.vocabulary import Kind
from cases.actions.consents import record_consent
from cases.actions.drafts import drop_draft, find_draft, keep_draft
from cases.actions.interviews import hold_interview
from cases.actions.testimonies import start_testimony
from cases.actions.witnesses import register_witness
from cases.errors import AnalysisRefused, IntakeChanged, NotVisible, PseudonymHeard
from cases.facts import ConsentFacts, IntakeFacts
from cases.models import Case, Draft, Witness
from cases.models.consent import OWN_ANALYSIS, answer_gap
from cases.models.draft import INTAKE
from cases.models.sets import CaseRowSet
from cases.names import sounds_like, stands_in
from cases.permissions import check, open_for_work
from cases.vocabulary import Permission
from vault.keys import create_unit_key
from vault.keys.unitkeys import destroy_unit_key
from vault.scopes import Scope

# What follows the consent and stands on it.
ACCOUNT_FORMS = tuple(f"{INTAKE}-{name}" for name in ("witness", "meeting", "account"))
# Stands beside the drafts while the kept answers agree: autosave asks for it without opening them each time.
AGREED = f"{INTAKE}:agreed"
# Fewer consonants in common say nothing where a pseudonym meets plain words.
LEAST_IN_PROSE = 3


def begin_intake(*, by: User, case: Case) -> UUID:
    """Draw the id that the witness will have, make their key, and mark the intake as begun."""
    open_for_work(check(by, Permission.WITNESS_REGISTER, case).case)
    intake = uuid4()
    create_unit_key(Scope.witness(case.pk, intake), by=by.staff_code)
    keep_draft(by=by, case=case, form=INTAKE, subject=intake, content={}, number=0)
    _record(Kind.INTAKE_BEGUN, by, case, intake)
    return intake


def unfinished_intakes(user: User) -> "CaseRowSet[Draft]":
    """The marks of the person's own intakes that were begun and neither taken in nor discarded."""
    rows = Draft.objects.visible_to(user, Permission.WITNESS_REGISTER)
    found: CaseRowSet[Draft] = rows.filter(created_by=user, form=INTAKE)
    return found


def numbers_of(*, by: User, case: Case, intake: UUID) -> dict[str, int]:
    """The number of each piece that is kept, by the name of its form."""
    rows = Draft.objects.filter(created_by=by, case=case, subject=intake, form__startswith=f"{INTAKE}-")
    return dict(rows.values_list("form", "number"))


def note_agreement(*, by: User, case: Case, intake: UUID, is_agreed: bool) -> None:
    """Note whether the answers that were kept just now agree to our own analysis."""
    drop_draft(by=by, case=case, form=AGREED, subject=intake)
    if is_agreed:
        keep_draft(by=by, case=case, form=AGREED, subject=intake, content={}, number=0)


def clear_account(*, by: User, case: Case, intake: UUID) -> int:
    """Delete what was kept of an account whose teller does not agree: every page but the consent.

    Called where the answers were sent, not kept in passing: a slip of the mouse deletes nothing.
    """
    check(by, Permission.WITNESS_REGISTER, case)
    if not _hold(by, case, intake):
        raise NotVisible(subject=f"witness:{intake}", scope=case.pk)
    note_agreement(by=by, case=case, intake=intake, is_agreed=False)
    rows = Draft.objects.filter(created_by=by, case=case, subject=intake, form__in=ACCOUNT_FORMS)
    pages, _each = rows.delete()
    if pages:
        _record(Kind.INTAKE_CLEARED, by, case, intake, pages=pages)
    return pages


def needs_agreement(*, by: User, case: Case, intake: UUID) -> None:
    """Raise `AnalysisRefused` while no agreement is noted: of an account not even a draft is kept."""
    if find_draft(by=by, case=case, form=AGREED, subject=intake) is None:
        raise AnalysisRefused(subject=f"witness:{intake}", scope=case.pk)


def may_be_taken_down(consent: ConsentFacts) -> bool:
    """Tell whether these answers allow an account in writing to be analysed by us."""
    return any(
        answer.purpose == OWN_ANALYSIS.purpose
        and OWN_ANALYSIS.recipient_class in answer.recipient_classes
        and OWN_ANALYSIS.material in answer.materials
        and answer_gap(answer, OWN_ANALYSIS) is None
        for answer in consent.answers
    )


def take_in(*, by: User, case: Case, intake: UUID, facts: IntakeFacts, seen: Mapping[str, int]) -> Witness:
    """Record everything at once and forget the drafts; an intake that was taken in before is left as it is.

    `seen` is what `numbers_of` said when the answers were read. Raises `IntakeChanged`, `AnalysisRefused`,
    `PseudonymHeard`, and what the single actions raise; the caller's transaction is undone as a whole.
    """
    membership = check(by, Permission.WITNESS_REGISTER, case)
    if not _hold(by, case, intake):
        return _taken_in(by, case, intake)
    open_for_work(membership.case)
    if numbers_of(by=by, case=case, intake=intake) != dict(seen):
        raise IntakeChanged(subject=f"witness:{intake}", scope=case.pk)
    if not may_be_taken_down(facts.consent):
        raise AnalysisRefused(subject=f"witness:{intake}", scope=case.pk)
    _tells_nobody(case, intake, facts)
    witness = register_witness(by=by, case=case, facts=facts.witness, witness_id=intake)
    record_consent(by=by, witness=witness, facts=facts.consent)
    interview = hold_interview(by=by, witness=witness, facts=facts.meeting)
    account = facts.account
    start_testimony(
        by=by,
        witness=witness,
        interview=interview,
        text=account.text,
        language=account.language,
        kind=account.kind,
    )
    _forget(by, case, intake)
    _record(Kind.INTAKE_FINISHED, by, case, intake)
    return witness


def discard_intake(*, by: User, case: Case, intake: UUID) -> None:
    """Forget an intake: its drafts, and the key without which no copy of them can be read."""
    check(by, Permission.WITNESS_REGISTER, case)
    if not _hold(by, case, intake):
        raise NotVisible(subject=f"witness:{intake}", scope=case.pk)
    _forget(by, case, intake)
    destroy_unit_key(Scope.witness(case.pk, intake), by=by.staff_code)
    _record(Kind.INTAKE_DISCARDED, by, case, intake)


def _hold(by: User, case: Case, intake: UUID) -> bool:
    """Keep others from ending the intake until we have; tells whether it is still open."""
    rows = Draft.objects.select_for_update(of=("self",)).filter(created_by=by, case=case)
    return rows.filter(form=INTAKE, subject=intake).first() is not None


def _taken_in(by: User, case: Case, intake: UUID) -> Witness:
    witness = Witness.objects.visible_to(by).filter(case=case, pk=intake, created_by=by).first()
    if witness is None:
        raise NotVisible(subject=f"witness:{intake}", scope=case.pk)
    return witness


def _forget(by: User, case: Case, intake: UUID) -> None:
    Draft.objects.filter(created_by=by, case=case, subject=intake, form__startswith=INTAKE).delete()


def _tells_nobody(case: Case, intake: UUID, facts: IntakeFacts) -> None:
    """Refuse a pseudonym that is, or sounds like, somebody named in the fields that speak of people.

    An account is not compared: it may well speak of its teller by that pseudonym. The names themselves are
    compared when the identity is sealed.
    """
    pseudonym, meeting = facts.witness.public_pseudonym, facts.meeting.interview
    people = (*meeting.participants, facts.consent.interpreter)
    risk, prior = facts.meeting.risk, facts.meeting.prior
    weighed = (risk.threats, risk.mitigations, risk.residual, prior.organisation)
    prose = (facts.witness.role_summary, meeting.place, *weighed)
    if sounds_like(pseudonym, people, least=LEAST_IN_PROSE) or stands_in(pseudonym, prose):
        raise PseudonymHeard(subject=f"witness:{intake}", scope=case.pk, field="public_pseudonym")


def _record(kind: Kind, by: User, case: Case, intake: UUID, **facts: int) -> None:
    record(kind, by=by.staff_code, subject=f"witness:{intake}", scope=case.pk, facts=facts)
