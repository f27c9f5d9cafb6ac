"""The keeper of sessions: it starts a process for each, holds it until two custodians agreed, and ends it.

Promise: a one-time key lies in the memory of the process that was spawned for it and nowhere else. So it does
not survive this program: what an earlier run held has failed, is marked so at once, and is asked anew. The
keeper acts with the rights of whoever asked, checked again at each step; of a session that it does not hold
it can only say that it failed. Run by `keep_sessions` alone, once.
"""

import logging
from contextlib import suppress
from typing import Final
from uuid import UUID, uuid4

from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from accounts.door import Machine, entering
from audit.refusals import Refusal
from cases.actions.handovers import begin_handover, finish_handover
from cases.actions.session_steps import (
    Waiting,
    begin_session,
    fail_session,
    finish_session,
    prepare_session,
    waiting_sessions,
)
from cases.chamber.holding import Chamber, ChamberEnded
from cases.vocabulary import SessionState
from vault.errors import RootKeyUnreachable, VaultError

MOST_HELD: Final = 12  # processes; what is asked beyond that waits
_PURPOSE: Final = "identity-session"
_log = logging.getLogger(__name__)


class Keeper:
    """Holds the processes of all sessions of this run."""

    def __init__(self) -> None:
        self.id = uuid4()
        self._held: dict[object, Chamber] = {}

    def step(self) -> None:
        """See to every session once."""
        with entering(Machine.SESSIONS, _PURPOSE):
            waiting = waiting_sessions()
        for gone in self._held.keys() - {one.id for one in waiting}:
            self._held.pop(gone).end()
        for one in waiting:
            try:
                self._see_to(one)
            except (
                Refusal,
                VaultError,
                ObjectDoesNotExist,
            ) as refused:  # one session ends none of the others
                _log.warning("an identity session was passed over: %s", type(refused).__name__)

    def close(self) -> None:
        """End every process. Their sessions are found by the next run, and fail."""
        while self._held:
            self._held.popitem()[1].end()

    def _see_to(self, one: Waiting) -> None:
        row, chamber = one.row, self._held.get(one.id)
        if row.state == SessionState.PREPARING:
            if len(self._held) < MOST_HELD:
                self._prepare(one)
        elif chamber is None or row.keeper != self.id or not chamber.lives:
            self._fail(one, "process-ended")
        elif timezone.now() >= row.expires_at:
            chamber.end()  # the sweep says that its time is over
        elif row.state == SessionState.APPROVED_2 and row.opens_at and timezone.now() >= row.opens_at:
            self._work(one, chamber)

    def _prepare(self, one: Waiting) -> None:
        try:
            chamber = Chamber()
        except (ChamberEnded, OSError):
            return self._fail(one, "process-not-started")
        try:
            with entering(one.asked_by, _PURPOSE):
                prepare_session(session=one.row, key=chamber.key, keeper=self.id)
        except RootKeyUnreachable:
            chamber.end()  # the next look begins anew
            return None
        except (Refusal, VaultError) as refused:
            chamber.end()
            return self._fail(one, type(refused).__name__)
        except BaseException:  # a database that is away: it is started anew at the next look
            chamber.end()
            raise
        self._held[one.id] = chamber
        return None

    def _work(self, one: Waiting, chamber: Chamber) -> None:
        try:
            if one.row.is_handover:
                return self._hand_over(one, chamber)
            return self._compare(one, chamber)
        except ChamberEnded:
            self._fail(one, "process-ended")
        except (Refusal, VaultError) as refused:
            self._fail(one, type(refused).__name__)
        finally:
            chamber.end()
            self._held.pop(one.id, None)
        return None

    def _compare(self, one: Waiting, chamber: Chamber) -> None:
        with entering(one.asked_by, _PURPOSE):
            job = begin_session(session=one.row)
        report = chamber.compare(job)
        if report.fault:
            return self._fail(one, f"fault-{report.fault}", report.holder)
        with entering(one.asked_by, _PURPOSE):
            finish_session(session=one.row, report=report)
        return None

    def _hand_over(self, one: Waiting, chamber: Chamber) -> None:
        with entering(one.asked_by, _PURPOSE):
            parcel = begin_handover(session=one.row)
        handed = chamber.hand_over(parcel)
        if handed.fault:
            return self._fail(one, f"fault-{handed.fault}", handed.holder)
        with entering(one.asked_by, _PURPOSE):
            finish_handover(session=one.row, sealed=handed.sealed)
        return None

    def _fail(self, one: Waiting, because: str, holder: UUID | None = None) -> None:
        chamber = self._held.pop(one.id, None)
        if chamber is not None:
            chamber.end()
        _log.warning("an identity session failed: %s", because)
        with suppress(Refusal, VaultError), entering(Machine.SESSIONS, _PURPOSE):
            fail_session(session=one.row, because=because, holder=holder)
