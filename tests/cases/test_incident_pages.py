"""The pages of incidents and places: what was typed is kept, what cannot be is refused."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from accounts.door import entering
from accounts.models import User
from audit.vocabulary import Kind
from cases.models import Incident, Location
from tests import factories
from tests.cases.test_pages import DATE, look, send
from tests.cases.worlds import World
from tests.personas import signed_in

INCIDENT = {
    "title": "مداهمة منزل",
    "description": "What was told",
    "violation_status": "likely",
    "sensitivity": "confidential",
    **DATE,
}


@pytest.fixture
def browser(world: World) -> Client:
    return signed_in(world.investigator)


def test_incident_from_empty_list_to_correction(world: World, browser: Client) -> None:
    case = world.case.pk
    assert "Record the first incident" in look(browser, "incident-list", case=case)
    send(
        browser,
        "location-create",
        {"name_ar": "القصور", "type": "home", "disclosed_level": "town"},
        case=case,
    )
    with entering(world.investigator, "test"):
        place = Location.objects.get()
    send(browser, "incident-create", {**INCIDENT, "location": str(place.pk)}, case=case)
    with entering(world.investigator, "test"):
        incident = Incident.objects.get()
    page = look(browser, "incident-detail", case=case, incident=incident.pk)
    assert INCIDENT["title"] in page
    assert "القصور" in page
    assert 'value="2025-03-09 10"' in look(browser, "incident-edit", case=case, incident=incident.pk)
    send(
        browser,
        "incident-edit",
        {**INCIDENT, "title": "Another title", "revision": "1"},
        case=case,
        incident=incident.pk,
    )
    assert "Another title" in look(browser, "incident-list", case=case)


def test_later_of_two_corrections_is_shown_again(world: World, browser: Client) -> None:
    ids: dict[str, Any] = {"case": world.case.pk, "incident": world.incident.pk}
    send(browser, "incident-edit", {**INCIDENT, "revision": "1"}, **ids)
    answer = send(browser, "incident-edit", {**INCIDENT, "title": "Mine, later", "revision": "1"}, 422, **ids)
    page = answer.content.decode()
    assert "Mine, later" in page
    assert "Somebody else saved" in page
    assert len(world.events(Kind.TRANSITION_REFUSED)) == 1
    with entering(world.investigator, "test"):
        assert Incident.objects.get().revision == 2


@pytest.mark.parametrize(
    ("precision", "value", "end"),
    [
        ("day", "2025-02-30", ""),
        ("day", "2025", ""),
        ("between", "2025-03-09", "2025-03-08"),
        ("between", "2025-03-09", ""),
        ("unknown", "2025", ""),
        ("exact_minute", "2025-03-09 25:61", ""),
        ("day", "yesterday", ""),
    ],
)
def test_date_that_cannot_be_is_refused(
    precision: str, value: str, end: str, world: World, browser: Client
) -> None:
    data = {**INCIDENT, "date_precision": precision, "date_value": value, "date_end": end}
    page = send(browser, "incident-create", data, 422, case=world.case.pk).content.decode()
    assert "do not fit together" in page
    assert INCIDENT["title"] in page


def test_mass_assignment_moves_nothing(world: World, browser: Client, outsider: User) -> None:
    other = factories.make_case(outsider, prefix="HOM")
    extra = {
        "case": str(other.pk),
        "case_id": str(other.pk),
        "created_by": str(outsider.pk),
        "id": str(uuid4()),
        "status": "final",
        "revision": "1",
    }
    incident = world.incident
    send(browser, "incident-edit", {**INCIDENT, **extra}, case=world.case.pk, incident=incident.pk)
    with entering(world.investigator, "test"):
        incident.refresh_from_db()
    assert incident.case_id == world.case.pk
    assert incident.created_by_id == world.investigator.pk


def test_row_of_another_case_is_no_choice(world: World, browser: Client, outsider: User) -> None:
    other = factories.make_case(outsider, prefix="HOM")
    foreign = factories.make_incident(other, outsider)
    for name in ("parent", "location"):
        data = {**INCIDENT, name: str(foreign.pk)}
        send(browser, "incident-create", data, 422, case=world.case.pk)
    send(
        browser,
        "incident-link",
        {"kind": "causes", "second": str(foreign.pk)},
        case=world.case.pk,
        incident=world.incident.pk,
    )
    assert world.events(Kind.INCIDENT_LINKED) == []


def test_links_between_incidents(world: World, browser: Client) -> None:
    other = factories.make_incident(world.case, world.investigator)
    ids: dict[str, Any] = {"case": world.case.pk, "incident": world.incident.pk}
    send(browser, "incident-link", {"kind": "precedes", "second": str(other.pk)}, **ids)
    page = look(browser, "incident-detail", **ids)
    assert "Comes before" in page
    with entering(world.investigator, "test"):
        link = world.incident.links_out.get()
    send(browser, "incident-unlink", {}, case=world.case.pk, link=link.pk)
    assert "Comes before:" not in look(browser, "incident-detail", **ids)


def test_strictly_confidential_row_is_not_there(world: World, browser: Client) -> None:
    ids: dict[str, Any] = {"case": world.case.pk, "incident": world.incident.pk}
    data = {**INCIDENT, "sensitivity": "strictly_confidential", "revision": "1"}
    send(signed_in(world.lead), "incident-edit", data, **ids)
    look(browser, "incident-detail", 404, **ids)
    assert INCIDENT["title"] not in look(browser, "incident-list", case=world.case.pk)
    assert INCIDENT["title"] in look(signed_in(world.lead), "incident-list", case=world.case.pk)
