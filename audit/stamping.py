"""Having the newest checkpoint stamped at fixed clock times, whatever happened or did not.

Promise: at each of those times every authority is owed one question, about the checkpoint that was the newest
then; what could not be asked is asked later, in order, and nothing is skipped; what was answered, and what
was refused, stands for ever. Called by the schedule's task; a message can only make what is owed happen.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from hashlib import sha256
from typing import Final

from django.conf import settings
from django.db import connection, models, transaction
from rfc3161_client import TimeStampTokenInfo

from audit.actions import record
from audit.asking import ask
from audit.authorities import Authority, asked
from audit.models import Checkpoint, Stamp, StampOwed, StampTry
from audit.stamps import StampRefused, believed, question
from audit.vocabulary import Kind

STAMPER: Final = "machine:stamper"
# An authority whose clock and ours differ by more is not believed: one of them is wrong.
APART: Final = timedelta(minutes=5)
# What waits longer is told to people.
LATE: Final = timedelta(hours=24)
SLACK: Final = timedelta(hours=2)
_MOST_SECONDS: Final = 240.0
_LOCK: Final = 0x74736120  # one stamper at a time, in one session: no transaction stays open over a call
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand with one authority."""

    name: str
    newest: Stamp | None
    waiting: int
    since: datetime | None
    asked_for: datetime | None
    reason: str

    @property
    def is_late(self) -> bool:
        """What is owed waits too long, or the clock itself went by without anything being owed."""
        before = datetime.now(UTC) - LATE
        slept = self.asked_for is not None and self.asked_for < before - SLACK
        return slept or (self.since is not None and self.since < before)


@dataclass(frozen=True, slots=True)
class _Answer:
    token: bytes
    nonce: int
    said: TimeStampTokenInfo


def due_at(now: datetime) -> datetime:
    """Return the newest clock time at or before `now`; the times are UTC."""
    times = sorted(clock.fromisoformat(one) for one in settings.STAMP_TIMES)
    today = [datetime.combine(now.date(), one, UTC) for one in times]
    past = [one for one in today if one <= now]
    return past[-1] if past else today[-1] - timedelta(days=1)


def owe() -> None:
    """Owe each authority a question about the newest checkpoint, once for each clock time."""
    checkpoint = Checkpoint.objects.order_by("-size").first()
    if checkpoint is None:
        return
    slot = due_at(datetime.now(UTC))
    for authority in asked():
        StampOwed.objects.get_or_create(
            authority=authority.name, due_at=slot, defaults={"checkpoint": checkpoint}
        )


def stamp_owed() -> int:
    """Ask for everything that is owed, oldest first; return how many stamps came."""
    until, came = time.monotonic() + _MOST_SECONDS, 0
    with _alone() as is_ours:
        if not is_ours:
            return 0
        for authority in asked():
            for owed in _open(authority.name):
                if time.monotonic() > until:
                    return came
                if not _try(authority, owed):
                    break  # what waits behind it is newer, and is asked after it
                came += 1
    return came


def standing() -> list[Standing]:
    """Say how things stand with each authority that is asked."""
    return [_standing(authority.name) for authority in asked()]


def _standing(name: str) -> Standing:
    waiting = _open(name)
    first = waiting.first()
    last = StampTry.objects.filter(owed=first).order_by("-tried_at").first() if first else None
    newest = Stamp.objects.filter(owed__authority=name).order_by("-owed__due_at").first()
    asked_for = StampOwed.objects.filter(authority=name).order_by("-due_at").first()
    return Standing(
        name=name,
        newest=newest,
        waiting=waiting.count(),
        since=first.due_at if first else None,
        asked_for=asked_for.due_at if asked_for else None,
        reason=last.reason if last else "",
    )


def _open(name: str) -> "models.QuerySet[StampOwed]":
    return StampOwed.objects.filter(authority=name, stamp__isnull=True).order_by("due_at")


def _try(authority: Authority, owed: StampOwed) -> bool:
    """Ask once; tell whether a stamp came. What was refused is written down."""
    try:
        answer = _ask(authority, owed.checkpoint.note)
    except StampRefused as refused:
        _note_refused(owed, refused.reason)
        return False
    said = answer.said
    with transaction.atomic():
        row = Stamp.objects.create(
            owed=owed,
            token=answer.token,
            nonce=f"{answer.nonce:x}",
            policy=said.policy.dotted_string,
            serial=f"{said.serial_number:x}",
            said_at=said.gen_time,
        )
        facts: dict[str, str | int] = {
            "authority": authority.name,
            "digest": sha256(answer.token).hexdigest(),
            "said_at": said.gen_time.isoformat(),
            "serial": row.serial,
            "size": owed.checkpoint_id,
        }
        record(Kind.STAMP_RECEIVED, by=STAMPER, subject=f"stamp:{row.pk}", facts=facts)
    return True


def _ask(authority: Authority, note: str) -> _Answer:
    """Ask about a checkpoint; return what is believed. Raises `StampRefused`."""
    asked_with = question(note)
    nonce = asked_with.nonce or 0
    token = ask(authority.url, asked_with.as_bytes())
    said = believed(token, note=note, nonce=nonce, authority=authority)
    if abs(said.gen_time - datetime.now(UTC)) > APART:
        raise StampRefused("wrong_time")
    return _Answer(token, nonce, said)


def _note_refused(owed: StampOwed, reason: str) -> None:
    """Write down why no stamp came: once, and again when it is another reason."""
    last = StampTry.objects.filter(owed=owed).order_by("-tried_at").first()
    _log.warning("no time stamp from %s: %s", owed.authority, reason)
    if last is not None and last.reason == reason:
        return
    with transaction.atomic():
        StampTry.objects.create(owed=owed, reason=reason)
        facts: dict[str, str | int] = {
            "authority": owed.authority,
            "reason": reason,
            "size": owed.checkpoint_id,
        }
        record(Kind.STAMP_REFUSED, by=STAMPER, subject=f"stamp-owed:{owed.pk}", facts=facts)


@contextmanager
def _alone() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
