"""The button beside an alarm."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.actions.alarms import read_alarm
from accounts.alarms import HEARERS
from accounts.policy import StaffRequest, signed_in


@require_POST
@signed_in(*HEARERS)
def alarm_read(request: StaffRequest, alarm: UUID) -> HttpResponse:
    """Note that the person has read it, and go back to where they were."""
    read_alarm(alarm=alarm, by=request.user)
    back = request.POST.get("back", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return HttpResponseRedirect(back if is_ours else "/")
