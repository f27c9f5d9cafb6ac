"""Recording incidents, the places where they happened, and how they stand to each other.

Promise: as in `records`. Called by the incident pages, the intake and the demonstration.
"""

from django.utils import timezone

from accounts.models import User
from audit.vocabulary import Kind
from cases.actions.records import Cells, dated, insert, may_write, rewrite, text, trace, within
from cases.errors import RecordIncomplete, StepNotPossible
from cases.facts import IncidentFacts, LocationFacts
from cases.models import Case, Incident, IncidentLink, Location
from cases.vocabulary import ChainLink

_LEAST_LATITUDE, _MOST_LATITUDE, _MOST_LONGITUDE = -90, 90, 180


def record_incident(
    *,
    by: User,
    case: Case,
    facts: IncidentFacts,
    location: Location | None = None,
    parent: Incident | None = None,
) -> Incident:
    """Record an incident, perhaps as part of a larger one."""
    may_write(by, case)
    within(case.pk, location, parent)
    incident = Incident(
        case=case, location=location, parent=parent, created_by=by, sensitivity=facts.sensitivity
    )
    return insert(incident, by=by, kind=Kind.INCIDENT_RECORDED, cells=_incident_cells(facts))


def change_incident(
    *,
    by: User,
    incident: Incident,
    expected: int,
    facts: IncidentFacts,
    location: Location | None = None,
    parent: Incident | None = None,
) -> Incident:
    """Correct an incident; `expected` is the revision that was read."""
    may_write(by, incident.case_id)
    within(incident.case_id, location, parent)
    above = parent
    while above is not None:
        if above.pk == incident.pk:
            raise RecordIncomplete(subject=f"incident:{incident.pk}", scope=incident.case_id, field="parent")
        above = above.parent
    return rewrite(
        incident,
        by=by,
        kind=Kind.INCIDENT_CHANGED,
        expected=expected,
        cells=_incident_cells(facts),
        plain={"location": location, "parent": parent, "sensitivity": facts.sensitivity},
    )


def link_incidents(*, by: User, first: Incident, second: Incident, kind: ChainLink) -> IncidentLink:
    """Say how one incident stands to another."""
    may_write(by, first.case_id)
    within(first.case_id, second)
    if first.pk == second.pk:
        raise RecordIncomplete(subject=f"incident:{first.pk}", scope=first.case_id, field="second")
    link = IncidentLink(case_id=first.case_id, first=first, second=second, created_by=by)
    link.seal(kind=str(kind))
    link.save(force_insert=True)
    trace(link, by=by, kind=Kind.INCIDENT_LINKED)
    return link


def retract_link(*, by: User, link: IncidentLink) -> IncidentLink:
    """Take a link between incidents back; the row stays."""
    may_write(by, link.case_id)
    held = IncidentLink.objects.select_for_update().get(pk=link.pk)
    if held.retracted_at is not None:
        raise StepNotPossible(subject=f"incidentlink:{held.pk}", scope=held.case_id)
    held.retracted_at = timezone.now()
    held.save(update_fields=["retracted_at"])
    trace(held, by=by, kind=Kind.INCIDENT_LINKED, retracted=1)
    return held


def record_location(*, by: User, case: Case, facts: LocationFacts) -> Location:
    """Record a place of the case."""
    may_write(by, case)
    location = Location(case=case, created_by=by)
    return insert(location, by=by, kind=Kind.LOCATION_RECORDED, cells=_location_cells(facts))


def change_location(*, by: User, location: Location, expected: int, facts: LocationFacts) -> Location:
    """Correct a place."""
    may_write(by, location.case_id)
    return rewrite(
        location,
        by=by,
        kind=Kind.LOCATION_CHANGED,
        expected=expected,
        cells=_location_cells(facts),
        plain={},
    )


def _incident_cells(facts: IncidentFacts) -> Cells:
    return {
        "title": facts.title.strip(),
        "dates": dated(facts.dates),
        "description": text(facts.description),
        "violation_status": str(facts.violation_status),
    }


def _location_cells(facts: LocationFacts) -> Cells:
    if not facts.name_en.strip() and not facts.name_ar.strip():
        raise RecordIncomplete(field="name")
    return {
        "name_en": text(facts.name_en),
        "name_ar": text(facts.name_ar),
        "area": [part.strip() for part in facts.admin if part.strip()] or None,
        "pcode": text(facts.pcode),
        "type": str(facts.type),
        "point": _point(facts),
        "disclosed_level": str(facts.disclosed_level),
    }


def _point(facts: LocationFacts) -> dict[str, str] | None:
    if facts.latitude is None and facts.longitude is None:
        return None
    if facts.latitude is None or facts.longitude is None:
        raise RecordIncomplete(field="point")
    on_earth = _LEAST_LATITUDE <= facts.latitude <= _MOST_LATITUDE and abs(facts.longitude) <= _MOST_LONGITUDE
    if not on_earth or (facts.precision_m is not None and facts.precision_m < 0):
        raise RecordIncomplete(field="point")
    return {
        "latitude": f"{facts.latitude:.6f}",
        "longitude": f"{facts.longitude:.6f}",
        "precision_m": "" if facts.precision_m is None else str(facts.precision_m),
    }
