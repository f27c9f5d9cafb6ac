"""Planning and holding an interview.

Promise: no meeting is planned that adds nothing, and none is held that was not cleared, or by people who are
not trained for whom they hear; none begins before the person's rights were explained; a refusal to go on
needs no more than a word. Called by the interview pages.
"""

from datetime import date, datetime

from django.utils import timezone

from accounts.models import User
from audit.actions import record
from audit.vocabulary import Kind
from cases.actions.risks import assess_risk, needs_clearance, needs_no_repetition, note_prior_account
from cases.actions.specialists import needs_specialists, seated
from cases.actions.witness_steps import may_be_met
from cases.errors import (
    EditedMeanwhile,
    InterviewIncomplete,
    InterviewTimes,
    ReasonMissing,
    RightsNotExplained,
    StepNotPossible,
)
from cases.facts import InterviewFacts, MeetingFacts
from cases.models import Interview, Witness
from cases.permissions import check, open_for_work
from cases.vocabulary import InterviewStatus, Permission
from vault.opening import open_row
from vault.vocabulary import Purpose

STEPS: dict[InterviewStatus, frozenset[InterviewStatus]] = {
    InterviewStatus.PROPOSED: frozenset({InterviewStatus.RISK_CLEARED, InterviewStatus.NOT_TAKEN}),
    InterviewStatus.RISK_CLEARED: frozenset({InterviewStatus.SCHEDULED, InterviewStatus.NOT_TAKEN}),
    InterviewStatus.SCHEDULED: frozenset({InterviewStatus.IN_PROGRESS, InterviewStatus.NOT_TAKEN}),
    InterviewStatus.IN_PROGRESS: frozenset(
        {InterviewStatus.COMPLETED, InterviewStatus.STOPPED_BY_WITNESS, InterviewStatus.ABORTED}
    ),
    InterviewStatus.COMPLETED: frozenset(),
    InterviewStatus.STOPPED_BY_WITNESS: frozenset(),
    InterviewStatus.ABORTED: frozenset(),
    InterviewStatus.NOT_TAKEN: frozenset(),
}
_KINDS = {
    InterviewStatus.IN_PROGRESS: Kind.INTERVIEW_STARTED,
    InterviewStatus.COMPLETED: Kind.INTERVIEW_COMPLETED,
    InterviewStatus.STOPPED_BY_WITNESS: Kind.INTERVIEW_STOPPED,
    InterviewStatus.ABORTED: Kind.INTERVIEW_STOPPED,
}
_ENDS = (InterviewStatus.COMPLETED, InterviewStatus.STOPPED_BY_WITNESS, InterviewStatus.ABORTED)
# Steps that lead to the table ask whether the meeting may be held, and so does naming others before its end;
# the two below ask nothing of the kind.
CLEARED = (InterviewStatus.RISK_CLEARED, InterviewStatus.SCHEDULED, InterviewStatus.IN_PROGRESS)
_UNCLEARED = (InterviewStatus.PROPOSED, InterviewStatus.NOT_TAKEN)
_CELLS = (
    "place_type",
    "place",
    "mode",
    "recording",
    "language",
    "dialect",
    "interviewer",
    "interpreter",
    "participants",
    "breaks",
    "added_value",
)


def propose_interview(*, by: User, witness: Witness, facts: InterviewFacts) -> Interview:
    """Propose a meeting; what it adds must be said. Raises `NobodyToMeet`, `InterviewIncomplete`."""
    case = check(by, Permission.INTERVIEW_WRITE, witness.case_id).case
    open_for_work(case)
    may_be_met(Witness.objects.select_for_update().get(pk=witness.pk), f"witness:{witness.pk}")
    _complete(witness, facts)
    seated(case, f"witness:{witness.pk}", interviewer=facts.interviewer, interpreter=facts.interpreter)
    interview = Interview(
        case_id=witness.case_id, witness=witness, created_by=by, sensitivity=witness.sensitivity
    )
    _fill(interview, facts)
    interview.save(force_insert=True)
    _record(Kind.INTERVIEW_PLANNED, by, interview, type=interview.type)
    return interview


def change_interview(*, by: User, interview: Interview, expected: int, facts: InterviewFacts) -> Interview:
    """Correct what is known of the meeting, in any state: notes are completed afterwards.

    Once it was cleared it becomes no full account that would not have been cleared, and before its end nobody
    is named who may not hear the person.
    """
    check(by, Permission.INTERVIEW_WRITE, interview.case_id)
    held = _locked(interview)
    open_for_work(held.case)
    _complete(held.witness, facts)
    if held.revision != expected:
        raise EditedMeanwhile(subject=f"interview:{held.pk}", scope=held.case_id)
    is_retyped = held.type != facts.type
    is_reseated = _is_reseated(by, held, facts)
    _fill(held, facts)
    if is_retyped and held.status not in _UNCLEARED:
        needs_no_repetition(by=by, interview=held)
    if is_reseated and held.status in CLEARED:
        needs_specialists(by=by, interview=held, on=day_of(held))
    held.revision += 1
    held.save(update_fields=[*_CELLS, "type", "planned_at", "revision"])
    _record(Kind.INTERVIEW_CHANGED, by, held, revision=held.revision)
    return held


def move_interview(
    *,
    by: User,
    interview: Interview,
    to: InterviewStatus,
    note: str = "",
    rights_explained: bool = False,
    at: datetime | None = None,
) -> Interview:
    """Take the interview one step on.

    `note` is why no account is taken (to `not_taken`). `at` is when it began or ended, where that is told
    afterwards. Each step up to the beginning raises what `needs_clearance` raises: what was cleared a month
    ago is weighed anew.
    """
    check(by, Permission.INTERVIEW_WRITE, interview.case_id)
    held = _locked(interview)
    open_for_work(held.case)
    before = InterviewStatus(held.status)
    subject, scope = f"interview:{held.pk}", held.case_id
    if to not in STEPS[before]:
        raise StepNotPossible(subject=subject, scope=scope, before=before.value, to=to.value)
    cleared = {}
    if to in CLEARED:
        cleared["assessment"] = needs_clearance(by=by, interview=held).number
        needs_specialists(by=by, interview=held, on=timezone.localdate(at) if at else day_of(held))
    changed = _carry_out(
        held, to, note.strip(), rights_explained=rights_explained, at=_past(held, at or timezone.now())
    )
    held.status = to
    held.save(update_fields=["status", *changed])
    _record(_KINDS.get(to, Kind.INTERVIEW_MOVED), by, held, before=before.value, to=to.value, **cleared)
    return held


def hold_interview(*, by: User, witness: Witness, facts: MeetingFacts) -> Interview:
    """Record a meeting that has begun, or is over, as if each step had been recorded when it was taken."""
    assess_risk(by=by, witness=witness, facts=facts.risk)
    note_prior_account(by=by, witness=witness, facts=facts.prior)
    interview = propose_interview(by=by, witness=witness, facts=facts.interview)
    for to in (InterviewStatus.RISK_CLEARED, InterviewStatus.SCHEDULED):
        move_interview(by=by, interview=interview, to=to, at=facts.started_at)
    held = move_interview(
        by=by,
        interview=interview,
        to=InterviewStatus.IN_PROGRESS,
        rights_explained=facts.rights_explained,
        at=facts.started_at,
    )
    if facts.outcome == InterviewStatus.IN_PROGRESS:
        return held
    return move_interview(by=by, interview=interview, to=facts.outcome, at=facts.ended_at)


def day_of(interview: Interview) -> date:
    """The day on which whoever hears the person must be trained: the meeting's, and never a past one."""
    planned = interview.planned_at
    return max(timezone.localdate(), timezone.localdate(planned)) if planned else timezone.localdate()


def _is_reseated(by: User, interview: Interview, facts: InterviewFacts) -> bool:
    """Tell whether others are named than before, who must be of the case: who has left since stays named."""
    seats = open_row(interview, "interviewer", "interpreter", reader=by.staff_code, purpose=Purpose.EDIT)
    told = {"interviewer": facts.interviewer, "interpreter": facts.interpreter}
    if told == {name: seats.text(name) for name in told}:
        return False
    seated(interview.case, f"interview:{interview.pk}", **told)
    return True


def _past(interview: Interview, at: datetime) -> datetime:
    """A meeting neither begins in the future nor ends before it began."""
    if at > timezone.now() or (interview.started_at is not None and at < interview.started_at):
        raise InterviewTimes(subject=f"interview:{interview.pk}", scope=interview.case_id)
    return at


def _carry_out(
    interview: Interview, to: InterviewStatus, note: str, *, rights_explained: bool, at: datetime
) -> list[str]:
    """What a step brings with it; returns the columns that changed."""
    subject = f"interview:{interview.pk}"
    if to == InterviewStatus.NOT_TAKEN:
        if not note:
            raise ReasonMissing(subject=subject, scope=interview.case_id)
        interview.seal(not_taken_reason=note)
        return ["not_taken_reason"]
    if to == InterviewStatus.IN_PROGRESS:
        if not rights_explained:
            raise RightsNotExplained(subject=subject, scope=interview.case_id)
        interview.rights_explained, interview.started_at = True, at
        return ["rights_explained", "started_at"]
    if to in _ENDS:
        interview.ended_at = at
        return ["ended_at"]
    return []


def _locked(interview: Interview) -> Interview:
    rows = Interview.objects.select_for_update(of=("self",)).select_related("case", "witness")
    return rows.get(pk=interview.pk)


def _complete(witness: Witness, facts: InterviewFacts) -> None:
    if not facts.added_value.strip():
        raise InterviewIncomplete(subject=f"witness:{witness.pk}", scope=witness.case_id)


def _fill(interview: Interview, facts: InterviewFacts) -> None:
    interview.type = facts.type
    interview.planned_at = facts.planned_at
    interview.seal(
        place_type=str(facts.place_type) if facts.place_type else None,
        place=facts.place.strip() or None,
        mode=str(facts.mode),
        recording=str(facts.recording),
        language=str(facts.language) if facts.language else None,
        dialect=facts.dialect.strip() or None,
        interviewer=facts.interviewer or None,
        interpreter=facts.interpreter or None,
        participants=[line.strip() for line in facts.participants if line.strip()] or None,
        breaks=facts.breaks.strip() or None,
        added_value=facts.added_value.strip(),
    )


def _record(kind: Kind, by: User, interview: Interview, **facts: str | int) -> None:
    record(
        kind,
        by=by.staff_code,
        subject=f"interview:{interview.pk}",
        scope=interview.case_id,
        facts={"witness": str(interview.witness_id), **facts},
        rows=[interview],
    )
