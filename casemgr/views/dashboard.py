"""The first page: what waits for me, and my cases."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.door import reader_code
from accounts.models import User
from accounts.policy import StaffRequest, signed_in
from accounts.vocabulary import Role
from casemgr.waiting import waiting_for
from cases.models import Case, Membership
from cases.models.sets import in_force
from cases.permissions import verified_cases
from cases.vocabulary import Permission
from evidence.overdue import house
from exports.vocabulary import RECIPIENT_READERS
from vault.opening import open_rows
from vault.vocabulary import Purpose

MOST_CASES = 100


@dataclass(frozen=True, slots=True)
class MyCase:
    """A line of my cases: the title is empty for who may see that the case is there and no more."""

    case: Case
    title: str
    role: str


def my_cases(user: User) -> list[MyCase]:
    """Return the person's cases, newest first, titles opened in one call, with the role held in each."""
    memberships = Membership.objects.filter(in_force(), user=user.pk).select_related("case")
    mine = {row.case_id: row for row in memberships.order_by("-case__created_at")[:MOST_CASES]}
    cases = verified_cases(user, [row.case for row in mine.values()])
    readable = set(
        Case.objects.visible_to(user, Permission.CASE_READ).filter(pk__in=mine).values_list("pk", flat=True)
    )
    opened = open_rows(
        [case for case in cases if case.pk in readable],
        "title",
        reader=reader_code(user),
        purpose=Purpose.LIST,
    )
    return [
        MyCase(
            case, opened[case.pk].text("title") if case.pk in opened else "", mine[case.pk].get_role_display()
        )
        for case in cases
    ]


@require_safe
@signed_in
def dashboard(request: StaffRequest) -> HttpResponse:
    """Show what waits for me, my cases, and the pages outside cases that are mine."""
    roles = request.user.roles
    answers_for_checks = not roles.isdisjoint({Role.SYSADMIN, Role.AUDITOR})
    context = {
        "cases": my_cases(request.user),
        "waiting": waiting_for(request.user),
        "opens_cases": not roles.isdisjoint({Role.INVESTIGATOR, Role.SUPERVISOR}),
        "guards_names": Role.IDENTITY_CUSTODIAN in roles,
        "runs_system": Role.SYSADMIN in roles,
        "answers_for_checks": answers_for_checks,
        "checks_fail": answers_for_checks and not house().is_sound,
        "is_recipient": Role.RECIPIENT in roles,
        "reads_recipients": not roles.isdisjoint(RECIPIENT_READERS),
        "has_roles": bool(roles),
    }
    return render(request, "dashboard.html", context)
