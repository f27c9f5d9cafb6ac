"""What waits for a person: work that stands still until they, or somebody with their powers, go on."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Training, User, expiring
from cases.actions.intake import unfinished_intakes
from cases.models import (
    Case,
    IdentityDecision,
    IdentityRequest,
    IdentitySession,
    Interview,
    Membership,
    Review,
    SessionDecision,
    Testimony,
    TestimonyVersion,
)
from cases.models.sets import has_grant, in_force
from cases.vocabulary import (
    AccessState,
    InterviewStatus,
    MemberRole,
    Permission,
    SessionState,
    TestimonyStatus,
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: what kind, where, under which code, since when. Nothing here is opened."""

    kind: str
    case_id: UUID
    case_code: str
    id: UUID
    code: str
    since: datetime


def waiting_for(user: User, *, most: int = 50) -> list[Waiting]:
    """Return what waits for the person, oldest first: a fixed number of queries, whatever there is."""
    found = [
        *_testimonies("review", to_review(user), most),
        *_testimonies("reviewing", reviewing(user), most),
        *_testimonies("returned", returned_to(user), most),
        *_testimonies("finalise", to_finalise(user), most),
        *_interviews(user, most),
        *_intakes(user, most),
        *_names("name-decide", names_to_decide(user), most),
        *_names("name-open", names_to_open(user), most),
        *_sessions(sessions_to_decide(user), most),
        *_trainings(user, most),
    ]
    return sorted(found, key=lambda one: one.since)[:most]


def to_review(user: User) -> QuerySet[Testimony]:
    """Submitted testimonies that the person may take up: they wrote nothing of them."""
    rows = Testimony.objects.visible_to(user, Permission.TESTIMONY_REVIEW)
    return _not_written_by(user, rows.filter(status=TestimonyStatus.SUBMITTED))


def reviewing(user: User) -> QuerySet[Testimony]:
    """Testimonies whose review the person holds."""
    mine = Review.objects.filter(testimony=OuterRef("pk"), created_by=user, closed_at__isnull=True)
    rows = Testimony.objects.visible_to(user, Permission.TESTIMONY_REVIEW)
    return rows.filter(Exists(mine), status=TestimonyStatus.IN_REVIEW)


def returned_to(user: User) -> QuerySet[Testimony]:
    """Returned testimonies of which the person wrote a version."""
    wrote = TestimonyVersion.objects.filter(testimony=OuterRef("pk"), created_by=user)
    rows = Testimony.objects.visible_to(user, Permission.TESTIMONY_WRITE)
    return rows.filter(Exists(wrote), status=TestimonyStatus.RETURNED)


def to_finalise(user: User) -> QuerySet[Testimony]:
    """Approved testimonies that the person may make final."""
    rows = Testimony.objects.visible_to(user, Permission.TESTIMONY_REVIEW)
    return _not_written_by(user, rows.filter(status=TestimonyStatus.APPROVED))


def names_to_decide(user: User) -> QuerySet[IdentityRequest]:
    """Requests to open a name that others made and to which the person, as a custodian, has said nothing."""
    said = IdentityDecision.objects.filter(request=OuterRef("pk"), digest=OuterRef("digest"), created_by=user)
    rows = IdentityRequest.objects.visible_to(user, Permission.IDENTITY_GUARD)
    asked = rows.filter(
        state__in=(AccessState.REQUESTED, AccessState.APPROVED_1), expires_at__gt=timezone.now()
    )
    return asked.filter(~Exists(said), ~Q(created_by=user))


def names_to_open(user: User) -> QuerySet[IdentityRequest]:
    """The person's own request, once two custodians have approved it and its time has come."""
    now, rows = timezone.now(), IdentityRequest.objects.visible_to(user, Permission.IDENTITY_REQUEST)
    return rows.filter(created_by=user, state=AccessState.APPROVED_2, opens_at__lte=now, expires_at__gt=now)


def sessions_to_decide(user: User) -> QuerySet[IdentitySession]:
    """Sessions that others asked for and on which the person, as a custodian, has said nothing."""
    said = SessionDecision.objects.filter(request=OuterRef("pk"), created_by=user)
    rows = IdentitySession.objects.visible_to(user, Permission.IDENTITY_GUARD)
    asked = rows.filter(
        state__in=(SessionState.REQUESTED, SessionState.APPROVED_1), expires_at__gt=timezone.now()
    )
    return asked.filter(~Exists(said), ~Q(created_by=user))


def _sessions(rows: QuerySet[IdentitySession], most: int) -> list[Waiting]:
    return [
        Waiting(
            "handover-decide" if row.is_handover else "comparison-decide",
            row.case_id,
            row.case.code,
            row.pk,
            "",
            row.created_at,
        )
        for row in rows.select_related("case").order_by("created_at")[:most]
    ]


def _names(kind: str, rows: QuerySet[IdentityRequest], most: int) -> list[Waiting]:
    return [
        Waiting(kind, row.case_id, row.case.code, row.pk, row.witness.code, row.created_at)
        for row in rows.select_related("case", "witness").order_by("created_at")[:most]
    ]


def _not_written_by(user: User, rows: QuerySet[Testimony]) -> QuerySet[Testimony]:
    wrote = TestimonyVersion.objects.filter(testimony=OuterRef("pk"), created_by=user)
    return rows.filter(~Exists(wrote), ~Q(created_by=user))


def _testimonies(kind: str, rows: QuerySet[Testimony], most: int) -> list[Waiting]:
    return [
        Waiting(kind, row.case_id, row.case.code, row.pk, row.registration_no, row.status_at)
        for row in rows.select_related("case").order_by("status_at")[:most]
    ]


def _interviews(user: User, most: int) -> list[Waiting]:
    rows = Interview.objects.visible_to(user, Permission.INTERVIEW_WRITE).filter(
        created_by=user, status__in=[InterviewStatus.SCHEDULED, InterviewStatus.IN_PROGRESS]
    )
    return [
        Waiting("interview", row.case_id, row.case.code, row.pk, row.witness.code, row.created_at)
        for row in rows.select_related("case", "witness").order_by("created_at")[:most]
    ]


def _intakes(user: User, most: int) -> list[Waiting]:
    return [
        Waiting("intake", mark.case_id, mark.case.code, mark.subject, "", mark.created_at)
        for mark in unfinished_intakes(user).select_related("case").order_by("created_at")[:most]
        if mark.subject is not None
    ]


def _trainings(user: User, most: int) -> list[Waiting]:
    """Of those whom the person supervises: what they are trained for, and soon no more."""
    own = Membership.objects.filter(in_force(), has_grant(), user=user, role=MemberRole.SUPERVISOR)
    led = Case.objects.visible_to(user).filter(pk__in=own.values("case"))
    rows = Membership.objects.filter(in_force(), has_grant(), case__in=led).exclude(user=user)
    members = list(rows.select_related("case").order_by("case", "pk"))
    soon: dict[UUID, list[Training]] = {}
    for row in expiring({one.user_id for one in members}, timezone.localdate()):
        soon.setdefault(row.user_id, []).append(row)
    return [
        Waiting("training-of", one.case_id, one.case.code, row.pk, row.user.staff_code, row.warned_since())
        for one in members
        for row in soon.get(one.user_id, ())
    ][:most]
