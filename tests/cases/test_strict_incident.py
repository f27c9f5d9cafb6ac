"""An incident that becomes strictly confidential takes with it what is told of it."""

from typing import Any

import pytest

from accounts.door import entering
from cases.actions.acts import record_involvement
from cases.actions.incidents import link_incidents, record_incident
from cases.facts import InvolvementFacts
from cases.models import Act, ActVictim, Incident, IncidentLink, Involvement
from cases.vocabulary import ChainLink, Degree, Sensitivity
from tests import factories
from tests.cases.test_pages import look
from tests.cases.worlds import World
from tests.personas import signed_in


@pytest.fixture
def told(world: World) -> World:
    """An act with a victim, an actor and a link to another incident; then the incident becomes strict."""
    by = world.investigator
    other = factories.make_incident(world.case, by)
    with entering(by, "test"):
        link_incidents(by=by, first=other, second=world.incident, kind=ChainLink.CAUSES)
        record_involvement(
            by=by, act=world.act, actor=world.actor, facts=InvolvementFacts(degree=Degree.PRESENT)
        )
    with entering(world.lead, "test"):
        rows = Incident.objects.filter(pk=world.incident.pk)
        rows.update(sensitivity=Sensitivity.STRICTLY_CONFIDENTIAL)
    return world


@pytest.mark.parametrize("model", [Act, ActVictim, Involvement, IncidentLink])
def test_rows_of_it_are_seen_by_who_may_read_it_alone(model: Any, told: World) -> None:
    with entering(told.investigator, "test"):
        assert not model.objects.visible_to(told.investigator).exists()
    with entering(told.lead, "test"):
        assert model.objects.visible_to(told.lead).exists()


def test_pages_speak_of_it_no_more(told: World) -> None:
    browser, case = signed_in(told.investigator), told.case.pk
    look(browser, "act-detail", 404, case=case, act=told.act.pk)
    spoken: dict[str, dict[str, Any]] = {
        "victim-detail": {"victim": told.victim.pk},
        "actor-detail": {"actor": told.actor.pk},
    }
    for name, ids in spoken.items():
        page = look(browser, name, case=case, **ids)
        assert str(told.act.pk) not in page
        assert str(told.incident.pk) not in page
        assert factories.INCIDENT.title not in page
    assert look(signed_in(told.lead), "act-detail", case=case, act=told.act.pk)
    # Saving what one does not see whole would cut it off.
    look(browser, "victim-edit", 403, case=case, victim=told.victim.pk)


def test_larger_incident_that_is_strict_is_no_link(told: World) -> None:
    by = told.lead
    with entering(by, "test"):
        part = record_incident(by=by, case=told.case, facts=factories.INCIDENT, parent=told.incident)
    ids: dict[str, Any] = {"case": told.case.pk, "incident": part.pk}
    browser = signed_in(told.investigator)
    assert str(told.incident.pk) not in look(browser, "incident-detail", **ids)
    look(browser, "incident-edit", 403, **ids)
    assert str(told.incident.pk) in look(signed_in(told.lead), "incident-detail", **ids)
