"""When a case is due to be destroyed: so many years after it was closed.

Promise: it counts and lists; it destroys nothing. What a hold keeps is told beside it. Called by the page of
retention, and asked before anything is destroyed by hand.
"""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from audit.believing import believed
from audit.models import Event
from audit.vocabulary import Kind
from cases.models import Case, LegalHold
from cases.vocabulary import CaseStatus, RetentionRule

YEARS: dict[RetentionRule, int | None] = {
    RetentionRule.TEN_YEARS: 10,
    RetentionRule.THIRTY_YEARS: 30,
    RetentionRule.PERMANENT: None,
}


@dataclass(frozen=True, slots=True)
class Kept:
    """One closed case: since when, until when, and whether something keeps it longer."""

    case: Case
    closed_at: datetime
    due_at: datetime | None
    is_due: bool
    is_held: bool


def due_cases(user: User, now: datetime) -> list[Kept]:
    """Return the closed cases that the person may see, the first due first; those kept for good last."""
    rows = Case.objects.visible_to(user).filter(status__in=(CaseStatus.CLOSED, CaseStatus.ARCHIVED))
    found = []
    for case in rows:
        closed_at = _closed_at(case)
        if closed_at is None:
            continue
        due = _due_at(case, closed_at)
        held = LegalHold.over(case.pk, whole=False).exists()
        found.append(Kept(case, closed_at, due, due is not None and due <= now, held))
    return sorted(found, key=lambda one: (one.due_at is None, one.due_at or one.closed_at))


def is_due(case: Case, now: datetime) -> bool:
    """Tell whether the retention rule of a case has run out: never for one that is open, or kept for good."""
    closed_at = None if case.is_written else _closed_at(case)
    due = None if closed_at is None else _due_at(case, closed_at)
    return due is not None and due <= now


def _closed_at(case: Case) -> datetime | None:
    said = Event.objects.of_scope(case.pk).of_subject(f"case:{case.pk}").of_kinds([Kind.CASE_CLOSED])
    closed = next(iter(believed(said.newest_first())), None)
    return None if closed is None else closed.at


def _due_at(case: Case, closed_at: datetime) -> datetime | None:
    years = YEARS[RetentionRule(case.retention_rule)]
    return None if years is None else _after(closed_at, years)


def _after(moment: datetime, years: int) -> datetime:
    """The same day so many years later; the last of February where there is no such day."""
    try:
        return moment.replace(year=moment.year + years)
    except ValueError:
        return moment.replace(year=moment.year + years, day=28)
