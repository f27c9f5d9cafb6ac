"""Enter and end trainings of people. Called by the administrators' pages and by the demonstration.

Promise: nobody enters their own, a training says when it ends, and a newer one of a kind takes the place of
the one before; what is entered carries a tag that no row can forge.
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.errors import NotInThisState, NotYourOwn, TrainingIncomplete, TrainingOlder
from accounts.models import Training, User
from accounts.vocabulary import TrainingKind
from audit.actions import record
from audit.vocabulary import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingFacts:
    """What a certificate says."""

    kind: TrainingKind
    completed_on: date
    expires_on: date
    certificate: str


@transaction.atomic
def note_training(*, user: User, facts: TrainingFacts, by: User | None) -> Training:
    """Enter what somebody else was trained for.

    Raises `TrainingIncomplete`, `NotYourOwn`, and `TrainingOlder` where one that counts longer is entered.
    """
    subject = f"user:{user.pk}"
    if user == by:
        raise NotYourOwn(subject=subject)
    held = User.objects.select_for_update().get(pk=user.pk)
    if not held.is_active:
        raise NotInThisState(subject=subject)
    certificate = facts.certificate.strip()
    is_sound = facts.completed_on <= timezone.localdate() and facts.completed_on < facts.expires_on
    if not certificate or not is_sound:
        raise TrainingIncomplete(subject=subject)
    before = Training.objects.filter(user=held, kind=facts.kind, ended_at__isnull=True).first()
    if before is not None:
        before.verified()
        if facts.expires_on < before.expires_on:
            raise TrainingOlder(subject=subject)
        _end(before)
    row = Training(
        user=held,
        kind=facts.kind,
        completed_on=facts.completed_on,
        expires_on=facts.expires_on,
        noted_by=by,
    )
    row.seal(certificate=certificate)
    row.put_tag()
    row.save(force_insert=True)
    rows = [row] if before is None else [row, before]
    _record(Kind.TRAINING_NOTED, by, row, rows, until=facts.expires_on.isoformat())
    return row


@transaction.atomic
def end_training(*, training: Training, by: User) -> Training:
    """Take back what was entered, from now on. Raises `NotYourOwn`, `NotInThisState`."""
    row = Training.objects.select_for_update(of=("self",)).select_related("user").get(pk=training.pk)
    if row.user == by:
        raise NotYourOwn(subject=f"user:{row.user_id}")
    if row.ended_at is not None:
        raise NotInThisState(subject=f"user:{row.user_id}")
    _end(row)
    _record(Kind.TRAINING_ENDED, by, row, [row])
    return row


def _end(row: Training) -> None:
    """Whoever ends a row must know it for ours: ending would give a false one a true tag."""
    row.verified()
    row.ended_at = timezone.now()
    row.put_tag()
    row.save(update_fields=["ended_at", "tag"])


def _record(kind: Kind, by: User | None, row: Training, rows: list[Training], **facts: str) -> None:
    record(
        kind,
        by=by.staff_code if by else "machine:command",
        subject=f"user:{row.user_id}",
        facts={"training": row.kind, **facts},
        rows=rows,
    )
