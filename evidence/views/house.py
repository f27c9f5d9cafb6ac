"""How the checks of everything stand, for who runs and who audits the system: nothing of any case is told."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.policy import StaffRequest, signed_in
from accounts.vocabulary import Role
from audit.authorities import AuthorityMisread
from audit.stamping import Standing, standing
from evidence.models import IntegrityFinding
from evidence.overdue import house
from evidence.progress import runs_of_house

MOST_FOUND = 100


@require_safe
@signed_in(Role.SYSADMIN, Role.AUDITOR)
def integrity_house(request: StaffRequest) -> HttpResponse:
    """Runs over everything, what they found outside cases, and whether the schedule is awake."""
    runs = runs_of_house()
    newest = next((one.run for one in runs if not one.is_under_way), None)
    found = IntegrityFinding.objects.filter(run=newest, chunk__case__isnull=True).order_by(
        "result", "ref", "stored"
    )
    context = {
        "house": house(),
        "runs": runs,
        "under_way": [run for run in runs if run.is_under_way],
        "found": found[:MOST_FOUND] if newest is not None else [],
        "stamps": _stamps(),
    }
    return render(request, "evidence/integrity_house.html", context)


def _stamps() -> list[Standing]:
    """How the time stamps stand; none where an authority is named in a way that cannot be used."""
    try:
        return standing()
    except AuthorityMisread:
        return []
