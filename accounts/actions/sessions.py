"""Record how people come and go, and end their sessions. Called by the adapters, the account page and
resets.

Promise: a sign-in, its failure and the end of a session are events; what was typed at a failed one is in
none.
"""

from uuid import UUID

from accounts.errors import NotInThisState
from accounts.models import Session, User
from accounts.sessionstore import digest
from audit.actions import record
from audit.vocabulary import Kind


def note_sign_in(user: User) -> None:
    """Record that a session began."""
    record(Kind.SESSION_STARTED, by=user.staff_code, subject=f"user:{user.pk}")


def note_failed_sign_in(*, typed: str) -> None:
    """Record a failed sign-in, of a known person or of nobody: the typed code itself is not kept."""
    known = User.objects.filter(staff_code=typed.strip().upper()).first()
    record(Kind.SIGN_IN_FAILED, by="anonymous", subject=f"user:{known.pk}" if known else "")


def note_throttled() -> None:
    """Record that somebody tried too often."""
    record(Kind.SIGN_IN_THROTTLED, by="anonymous")


def note_refused_factor() -> None:
    """Record that a second factor was refused after the right password."""
    record(Kind.FACTOR_REFUSED, by="anonymous")


def note_forged_credentials(user: User) -> None:
    """Record that the stored credentials of a person are not ours."""
    record(Kind.CREDENTIAL_UNVERIFIED, by="anonymous", subject=f"user:{user.pk}")


def end_session(*, session: UUID, by: User) -> None:
    """End one of one's own sessions."""
    ended, _rows = Session.objects.filter(pk=session, user=by).delete()
    if not ended:
        raise NotInThisState(subject=f"session:{session}")
    record(Kind.SESSION_ENDED, by=by.staff_code, subject=f"user:{by.pk}", facts={"count": 1})


def end_other_sessions(*, by: User, kept_key: str | None) -> int:
    """End all of one's own sessions but the one in which this is asked; returns how many."""
    others = Session.objects.filter(user=by)
    if kept_key:
        others = others.exclude(digest=digest(kept_key))
    ended = others.delete()[0]
    if ended:
        record(Kind.SESSION_ENDED, by=by.staff_code, subject=f"user:{by.pk}", facts={"count": ended})
    return ended


def end_all_sessions(*, user: User, by: str) -> int:
    """End every session of a person whose account is closed or reset; returns how many."""
    ended = Session.objects.filter(user=user).delete()[0]
    record(Kind.SESSION_ENDED, by=by, subject=f"user:{user.pk}", facts={"count": ended})
    return ended
