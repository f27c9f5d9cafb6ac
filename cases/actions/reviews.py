"""Weighing an account: taking it up, returning it, approving it, making it final.

Promise: nobody judges a text of which they wrote any version; one person holds a review; an approval stands
on consent, on a witness who may be relied on, on a finished checklist, and on reading back or a recorded
reason. Called by the review workbench.
"""

from uuid import UUID

from django.utils import timezone

from accounts.models import User
from accounts.owed import wake
from audit.actions import record
from audit.models import Event
from audit.sealing import seal_now
from audit.vocabulary import Kind
from cases.actions.consents import consented
from cases.actions.testimonies import DROP_DRAFTS, close, locked, move
from cases.actions.witness_steps import relied_on
from cases.errors import (
    AttestationMissing,
    AuthorMayNotReview,
    ChecklistOpen,
    CommentMissing,
    NotTheReviewer,
    ReviewedMeanwhile,
    StepNotPossible,
)
from cases.models import Attestation, Review, Testimony, TestimonyVersion
from cases.permissions import can, check, open_for_work
from cases.vocabulary import (
    Permission,
    ReviewCheck,
    ReviewDecision,
    ReviewStage,
    TestimonyStatus,
)


def take_up_review(*, by: User, testimony: Testimony, stage: ReviewStage = ReviewStage.SUPERVISOR) -> Review:
    """Take a submitted testimony up. Raises `AuthorMayNotReview`."""
    held = _reviewable(by, testimony)
    if held.status != TestimonyStatus.SUBMITTED:
        raise StepNotPossible(subject=f"testimony:{held.pk}", scope=held.case_id, before=held.status)
    review = _open_review(by, held, stage)
    move(
        by=by,
        testimony=held,
        to=TestimonyStatus.IN_REVIEW,
        kind=Kind.REVIEW_TAKEN_UP,
        beside=review,
        stage=stage.value,
    )
    return review


def take_over_review(*, by: User, testimony: Testimony) -> Review:
    """Take a review over from somebody who may no longer finish it."""
    held = _reviewable(by, testimony)
    review = _current(held)
    if review.created_by_id == by.pk or may_finish(review.created_by, held):
        raise NotTheReviewer(subject=f"testimony:{held.pk}", scope=held.case_id)
    close(review)
    new = _open_review(by, held, ReviewStage(review.stage))
    _record(Kind.REVIEW_TAKEN_UP, by, held, new, over="taken")
    return new


def return_testimony(*, by: User, testimony: Testimony, comments: str, seen: UUID | None = None) -> Testimony:
    """Give the text back to its author with what should be mended. `seen` as in `approve_testimony`."""
    held = _reviewable(by, testimony)
    if not comments.strip():
        raise CommentMissing(subject=f"testimony:{held.pk}", scope=held.case_id, field="comments")
    review = _mine(by, held, seen)
    _decide(review, ReviewDecision.RETURN, comments=comments.strip())
    _record(Kind.REVIEW_RETURNED, by, held, review)
    return move(by=by, testimony=held, to=TestimonyStatus.RETURNED, kind=Kind.TESTIMONY_RETURNED)


def approve_testimony(
    *,
    by: User,
    testimony: Testimony,
    checklist: frozenset[ReviewCheck],
    comments: str = "",
    no_attestation_reason: str = "",
    seen: UUID | None = None,
) -> Testimony:
    """Approve the current version, and that version alone.

    `seen` is the review that the person's page showed: a page left open from an earlier round decides nothing
    about a text that it did not show. Raises `ReviewedMeanwhile`.
    """
    held = _reviewable(by, testimony)
    review = _mine(by, held, seen)
    subject = f"testimony:{held.pk}"
    relied_on(held.witness, subject)
    consented(held.witness, subject)
    if checklist != frozenset(ReviewCheck):
        raise ChecklistOpen(subject=subject, scope=held.case_id, field="checks")
    read_back = Attestation.objects.filter(version=held.current, read_back=True).exists()
    if not read_back and not no_attestation_reason.strip():
        raise AttestationMissing(subject=subject, scope=held.case_id, field="no_attestation_reason")
    _decide(
        review,
        ReviewDecision.APPROVE,
        comments=comments.strip() or None,
        checklist=sorted(str(point) for point in checklist),
        no_attestation_reason=None if read_back else no_attestation_reason.strip(),
    )
    seal_now(_record(Kind.REVIEW_APPROVED, by, held, review, read_back=int(read_back)))
    return move(by=by, testimony=held, to=TestimonyStatus.APPROVED, kind=Kind.TESTIMONY_APPROVED)


def finalise_testimony(*, by: User, testimony: Testimony) -> Testimony:
    """Close an approved testimony for ever: from here on it can only be replaced or withdrawn."""
    held = _reviewable(by, testimony)
    subject = f"testimony:{held.pk}"
    if held.status == TestimonyStatus.APPROVED:
        relied_on(held.witness, subject)
        consented(held.witness, subject)
    return move(by=by, testimony=held, to=TestimonyStatus.FINAL, kind=Kind.TESTIMONY_FINALISED)


def may_finish(holder: User, testimony: Testimony) -> bool:
    """Tell whether the holder of a review may still decide: they hold the power and see this account."""
    return (
        can(holder, Permission.TESTIMONY_REVIEW, testimony.case_id)
        and Testimony.objects.visible_to(holder, Permission.TESTIMONY_REVIEW).filter(pk=testimony.pk).exists()
    )


def wrote_any_of(user: User, testimony: Testimony) -> bool:
    """Tell whether the person registered the testimony or wrote any version of it."""
    if testimony.created_by_id == user.pk:
        return True
    return TestimonyVersion.objects.filter(testimony=testimony, created_by=user).exists()


def _reviewable(by: User, testimony: Testimony) -> Testimony:
    check(by, Permission.TESTIMONY_REVIEW, testimony.case_id)
    held = locked(testimony)
    open_for_work(held.case)
    if wrote_any_of(by, held):
        raise AuthorMayNotReview(subject=f"testimony:{held.pk}", scope=held.case_id)
    return held


def _current(testimony: Testimony) -> Review:
    review = (
        Review.objects.select_for_update(of=("self",))
        .select_related("created_by")
        .filter(testimony=testimony, closed_at__isnull=True)
        .first()
    )
    if review is None or testimony.status != TestimonyStatus.IN_REVIEW:
        raise StepNotPossible(
            subject=f"testimony:{testimony.pk}", scope=testimony.case_id, before=testimony.status
        )
    return review


def _mine(by: User, testimony: Testimony, seen: UUID | None) -> Review:
    review = _current(testimony)
    if seen is not None and review.pk != seen:
        raise ReviewedMeanwhile(subject=f"testimony:{testimony.pk}", scope=testimony.case_id)
    if review.created_by_id != by.pk or review.version_id != testimony.current_id:
        raise NotTheReviewer(subject=f"testimony:{testimony.pk}", scope=testimony.case_id)
    return review


def _open_review(by: User, testimony: Testimony, stage: ReviewStage) -> Review:
    if testimony.current is None:
        raise StepNotPossible(subject=f"testimony:{testimony.pk}", scope=testimony.case_id)
    review = Review(
        case_id=testimony.case_id,
        witness_id=testimony.witness_id,
        testimony=testimony,
        version=testimony.current,
        stage=stage,
        created_by=by,
        sensitivity=testimony.sensitivity,
    )
    review.save(force_insert=True)
    return review


def _decide(review: Review, decision: ReviewDecision, **cells: str | list[str] | None) -> None:
    review.decision = decision
    review.decided_at = review.closed_at = timezone.now()
    review.seal(**cells)
    review.save(update_fields=["decision", "decided_at", "closed_at", *cells])
    wake(DROP_DRAFTS, review.pk)


def _record(kind: Kind, by: User, testimony: Testimony, review: Review, **facts: str | int) -> Event:
    return record(
        kind,
        by=by.staff_code,
        subject=f"testimony:{testimony.pk}",
        scope=testimony.case_id,
        facts={"review": str(review.pk), **facts},
        rows=[review],
    )
