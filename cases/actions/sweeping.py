"""Deleting what nobody goes on with.

Promise: a draft and an intake that their author left are deleted after the time that the pages name, a draft
of a review or an account as soon as that has ended; nothing that was handed in is touched, nothing is opened,
and each deletion is an event. Called by the tasks of this room, which have entered as the sweep.
"""

from uuid import UUID

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from accounts.door import Machine, reader_code
from audit.actions import record
from audit.vocabulary import Kind
from cases.models import Draft, Review, Testimony
from cases.models.draft import DRAFT_LIFE, INTAKE, INTAKE_LIFE, NEXT_TEXT, REVIEW
from cases.vocabulary import ENDED
from vault.keys.unitkeys import destroy_unit_key
from vault.scopes import Scope

_BY = reader_code(Machine.SWEEP)


def sweep_drafts() -> int:
    """Delete drafts that were left, or whose review or account has ended; return how many."""
    left = Draft.objects.filter(updated_at__lt=timezone.now() - DRAFT_LIFE)
    return _delete(left.exclude(form__startswith=INTAKE), "left") + _delete(_ended(), "ended")


def drop_ended(subject: UUID) -> int:
    """Delete the drafts of one review or account, if it has ended; return how many."""
    return _delete(_ended().filter(subject=subject), "ended")


def left_intakes() -> list[UUID]:
    """The intakes with nothing kept since the limit."""
    rows = Draft.objects.filter(form__startswith=INTAKE, subject__isnull=False).values_list("subject")
    kept = rows.annotate(last=Max("updated_at")).order_by("subject")
    return [subject for subject, _last in kept.filter(last__lt=timezone.now() - INTAKE_LIFE) if subject]


def discard_left_intake(intake: UUID) -> bool:
    """Forget one of them, with the key without which no copy can be read; False where somebody is at it."""
    marks = Draft.objects.select_for_update(of=("self",), skip_locked=True).filter(
        form=INTAKE, subject=intake
    )
    mark = marks.first()
    if mark is None or intake not in left_intakes():
        return False
    Draft.objects.filter(case=mark.case_id, subject=intake, form__startswith=INTAKE).delete()
    destroy_unit_key(Scope.witness(mark.case_id, intake), by=_BY)
    record(
        Kind.INTAKE_DISCARDED,
        by=_BY,
        subject=f"witness:{intake}",
        scope=mark.case_id,
        facts={"reason": "left", "user": str(mark.created_by_id)},
    )
    return True


def _ended() -> "QuerySet[Draft]":
    reviews = Review.objects.filter(closed_at__isnull=False).values("pk")
    accounts = Testimony.objects.filter(status__in=ENDED).values("pk")
    return Draft.objects.filter(Q(form=REVIEW, subject__in=reviews) | Q(form=NEXT_TEXT, subject__in=accounts))


def _delete(rows: "QuerySet[Draft]", reason: str) -> int:
    # What its author keeps in this very moment is theirs, and no longer left.
    found = list(rows.select_for_update(of=("self",), skip_locked=True))
    Draft.objects.filter(pk__in=[draft.pk for draft in found]).delete()
    for draft in found:
        record(
            Kind.DRAFT_SWEPT,
            by=_BY,
            subject=f"draft:{draft.pk}",
            scope=draft.case_id,
            facts={"form": draft.form, "reason": reason, "user": str(draft.created_by_id)},
        )
    return len(found)
