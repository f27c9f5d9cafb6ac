"""Owed work: a row written in the same transaction as its cause.

A message only says "look at this row"; it is never authority. Forged, repeated or late, it can make owed
work happen and nothing else, and losing the queue loses time, never work. Rooms subclass `OwedWork` and
write the row in an action; their task claims it, enters the door as the person it names, and finishes it.
"""

import logging
from datetime import timedelta
from typing import ClassVar, Self
from uuid import UUID, uuid4

from celery import current_app
from django.apps import apps
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.models import User
from accounts.vocabulary import OwedState
from vault.handling import Handling, plain

logger = logging.getLogger(__name__)
MOST_ATTEMPTS = 5
RESTS = "case_locked"


class OwedWork(models.Model):
    """What is owed, for whom, and how often it was tried. `reason` is a short code, never content."""

    # A migration of a concrete table grants these: allow_update(table, *OwedWork.changing).
    changing: ClassVar[tuple[str, ...]] = ("state", "attempts", "started_at", "finished_at", "reason")
    owed_handling: ClassVar[dict[str, Handling]] = {
        "by": plain("the person whose rights the work is done with"),
        "state": plain("owed, running, done or failed"),
        "attempts": plain("work that fails again and again stops"),
        "started_at": plain("work that nobody finished is taken up again"),
        "finished_at": plain("when it ended"),
        "reason": plain("a code of what went wrong"),
    }

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=OwedState.choices, default=OwedState.OWED)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=80, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.id}"

    @classmethod
    def claim(cls, pk: UUID | str, *, after: timedelta = timedelta(minutes=15)) -> Self | None:
        """Take the work up, or return None when it is done, given up, or in somebody else's hands.

        Commits nothing by itself: inside a transaction the row stays locked until its end.
        """
        with transaction.atomic():
            row = (
                cls._default_manager.select_for_update(skip_locked=True)
                .filter(cls._due(after), pk=pk)
                .first()
            )
            if row is None:
                return None
            if row.attempts >= MOST_ATTEMPTS:
                row.fail("given_up", final=True)
                return None
            row.state, row.started_at = OwedState.RUNNING, timezone.now()
            row.attempts += 1
            row.save(update_fields=["state", "started_at", "attempts"])
            return row

    def finish(self) -> None:
        """Say that the work is done."""
        self.state, self.finished_at, self.reason = OwedState.DONE, timezone.now(), ""
        self.save(update_fields=["state", "finished_at", "reason"])

    def fail(self, reason: str, *, final: bool = False) -> None:
        """Say that a try failed; the work stays owed until it was tried too often, or `final`."""
        given_up = final or self.attempts >= MOST_ATTEMPTS
        self.state = OwedState.FAILED if given_up else OwedState.OWED
        self.finished_at = timezone.now() if given_up else None
        self.reason = reason[:80]
        self.save(update_fields=["state", "finished_at", "reason"])

    def put_off(self, reason: str) -> None:
        """Nothing could be tried: the work stays owed, and what it is about is not to blame."""
        self.state, self.attempts, self.reason = OwedState.OWED, self.attempts - 1, reason
        self.save(update_fields=["state", "attempts", "reason"])

    def rest(self) -> None:
        """The case is locked: the work waits, and no sweep wakes it, until somebody reopens a case."""
        self.put_off(RESTS)

    @classmethod
    def stale(cls, *, after: timedelta = timedelta(minutes=15)) -> QuerySet[Self]:
        """The rows that a sweep wakes again: never started, or started and never finished."""
        return cls._default_manager.filter(cls._due(after)).exclude(reason=RESTS).order_by("created_at")

    @classmethod
    def resting(cls) -> QuerySet[Self]:
        """The rows that wait for a case to be reopened."""
        return cls._default_manager.filter(reason=RESTS)

    @classmethod
    def _due(cls, after: timedelta) -> Q:
        left = Q(state=OwedState.RUNNING, started_at__lt=timezone.now() - after)
        return Q(state=OwedState.OWED) | left


def rouse_rested() -> None:
    """Let the sweeps wake what rests: a case was reopened. What is of another locked case rests again."""
    for kind in apps.get_models():
        if issubclass(kind, OwedWork):
            kind.resting().update(reason="")


def wake(task: str, pk: UUID | str) -> None:
    """Send the task by name once the transaction is committed; a lost queue is the sweep's business."""

    def send() -> None:
        try:
            current_app.send_task(task, args=[str(pk)])
        except (OperationalError, OSError):
            logger.warning("queue unreachable: %s stays owed", task)

    transaction.on_commit(send)
