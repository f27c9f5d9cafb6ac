"""The pages of this room: what was typed is kept, what was recorded is shown, nothing foreign gets in."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.door import entering
from accounts.models import User
from cases.models import Act, Actor, Case, Death, Interview, Victim
from cases.vocabulary import MemberRole
from tests import factories
from tests.cases.worlds import World
from tests.personas import signed_in

DATE = {"date_precision": "hour", "date_value": "٢٠٢٥-٠٣-٠٩ ١٠", "date_end": ""}
VICTIM = {
    "known_as": "her husband",
    "outcome": "killed",
    "counting_unit": "individual",
    "sex": "male",
    "age_band": "45-59",
    "civilian_status": "civilian",
    **DATE,
}
ACTOR = {"kind": "unknown_group", "description": "Four men", "identification_strength": "described_only"}
ACT = {
    "type": "murder",
    "reason_words": "أنتم علويون؟",
    "reason_by": "one of them",
    "reason_language": "ar",
    **DATE,
}
CASE = {
    "letters": "ban",
    "title": "A title nobody may find in clear",
    "situation": "Syria",
    "mandate": "To find out",
    "standard_of_proof": "reasonable_grounds_to_believe",
    "armed_conflict": "NIAC",
    "retention_rule": "permanent",
}
INTERVIEW = {
    "type": "full_account",
    "mode": "in_person",
    "recording": "notes",
    "added_value": "Saw it all",
    "participants": "INT-01\nINV-02",
    "planned_at": "2026-01-09T10:00",
}

RISK = {
    "threats": "Men of the area ask who speaks",
    "likelihood": "3",
    "impact": "4",
    "mitigations": "A channel she chose",
    "residual": "A neighbour may notice",
    "decision": "proceed_with_measures",
}


@pytest.fixture
def browser(world: World) -> Client:
    return signed_in(world.investigator)


def send(browser: Client, name: str, data: Mapping[str, Any], status: int = 302, **ids: object) -> Any:
    answer = browser.post(reverse(name, kwargs=ids), dict(data))
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer


def look(browser: Client, name: str, status: int = 200, **ids: object) -> str:
    answer = browser.get(reverse(name, kwargs=ids))
    assert answer.status_code == status
    return answer.content.decode()


def test_open_a_case_and_see_it(lead: User) -> None:
    browser = signed_in(lead)
    send(browser, "case-create", CASE)
    with entering(lead, "test"):
        case = Case.objects.visible_to(lead).get()
    assert case.code.startswith("BAN-")
    page = look(browser, "case-detail", case=case.pk)
    assert CASE["title"] in page
    assert "To find out" in page


@pytest.mark.parametrize("missing", ["title", "mandate", "standard_of_proof", "letters", "situation"])
def test_case_without_its_least_is_not_opened_and_nothing_typed_is_lost(missing: str, lead: User) -> None:
    browser = signed_in(lead)
    answer = send(browser, "case-create", {**CASE, missing: ""}, 422)
    with entering(lead, "test"):
        assert not Case.objects.exists()
    for name in ("title", "mandate"):
        if name != missing:
            assert CASE[name] in answer.content.decode()


def test_victim_act_actor_and_what_is_reported(world: World, browser: Client) -> None:
    case = world.case.pk
    send(browser, "victim-create", {**VICTIM, "incident": str(world.incident.pk)}, case=case)
    send(browser, "actor-create", ACTOR, case=case)
    with entering(world.investigator, "test"):
        victim, actor = Victim.objects.get(), Actor.objects.get()
    send(browser, "act-create", {**ACT, "victims": [str(victim.pk)]}, case=case, incident=world.incident.pk)
    with entering(world.investigator, "test"):
        act = Act.objects.get()
    send(
        browser,
        "involvement-create",
        {"actor": str(actor.pk), "degree": "present", "status": "alleged", "note": "heard their voice"},
        case=case,
        act=act.pk,
    )
    page = look(browser, "act-detail", case=case, act=act.pk)
    for word in (victim.code, actor.code, "أنتم علويون؟", "heard their voice"):
        assert word in page
    assert actor.code in look(browser, "actor-list", case=case)
    assert "Reported present" in look(browser, "actor-detail", case=case, actor=actor.pk)
    assert victim.code in look(browser, "incident-detail", case=case, incident=world.incident.pk)
    send(browser, "act-edit", {**ACT, "revision": "1"}, case=case, act=act.pk)
    assert victim.code not in look(browser, "act-detail", case=case, act=act.pk)


def test_victim_is_counted_and_their_death_recorded(world: World, browser: Client) -> None:
    ids: dict[str, Any] = {"case": world.case.pk, "victim": world.victim.pk}
    send(browser, "victim-count", {"to": "named_reported"}, **ids)
    assert "Named, reported" in look(browser, "victim-detail", **ids)
    send(browser, "victim-count", {"to": "unnamed_verified"}, **ids)
    with entering(world.investigator, "test"):
        assert Victim.objects.get().count_class == "named_reported"
    death = {
        **DATE,
        "place": "on the roof",
        "method": "shooting",
        "consistency": "not_assessed",
        "autopsy": "none",
        "certificate": "unknown",
        "rites": "denied",
        "chain": "found: the roof\nmorgue: the hospital",
    }
    send(browser, "death-edit", death, **ids)
    page = look(browser, "victim-detail", **ids)
    for word in ("on the roof", "Shooting", "morgue: the hospital", "Denied"):
        assert word in page
    send(browser, "death-edit", {**death, "place": "the stairs", "revision": "1"}, **ids)
    with entering(world.investigator, "test"):
        assert Death.objects.get().revision == 2


def test_interview_from_proposal_to_its_end(world: World, browser: Client) -> None:
    case = world.case.pk
    send(browser, "interview-create", {**INTERVIEW, "witness": str(world.witness.pk)}, case=case)
    with entering(world.investigator, "test"):
        interview = Interview.objects.get()
    ids: dict[str, Any] = {"case": case, "interview": interview.pk}
    page = send(browser, "interview-move", {}, 422, **ids, to="risk_cleared").content.decode()
    assert "The risk to this person was never assessed" in page
    person: dict[str, Any] = {"case": case, "witness": world.witness.pk}
    send(browser, "risk-create", {**RISK, "residual": ""}, 422, **person)
    send(browser, "risk-create", RISK, **person)
    page = send(browser, "interview-move", {}, 422, **ids, to="risk_cleared").content.decode()
    assert "Nobody has answered yet whether this person told it before" in page
    for mistake in ({}, {"prior_form": "audio"}, {"prior_form": "none", "prior_organisation": "A court"}):
        send(browser, "prior-create", mistake, 422, **person)
    send(browser, "prior-create", {"prior_form": "audio", "prior_organisation": "A radio"}, **person)
    page = look(browser, "witness-care", **person)
    for words in ("Counts", "A neighbour may notice", "Audio recording", "A radio"):
        assert words in page
    send(browser, "interview-move", {}, **ids, to="risk_cleared")
    send(browser, "interview-move", {}, **ids, to="scheduled")
    send(browser, "interview-move", {}, 422, **ids, to="in_progress")
    send(browser, "interview-move", {"rights_explained": "on"}, **ids, to="in_progress")
    send(browser, "interview-move", {}, 422, **ids, to="scheduled")
    send(browser, "interview-move", {}, **ids, to="completed")
    page = look(browser, "interview-detail", **ids)
    for word in ("Completed", "INT-01", "Rights were explained"):
        assert word in page
    send(browser, "interview-edit", {**INTERVIEW, "breaks": "Two", "revision": "1"}, **ids)
    assert "Two" in look(browser, "interview-detail", **ids)
    assert look(browser, "interview-move", 404, **ids, to="nonsense")


def test_foreign_and_missing_cases_give_the_same_page(world: World, outsider: User) -> None:
    browser = signed_in(outsider)
    names = ("case-detail", "incident-list", "member-list", "case-log", "victim-create")
    for name in names:
        asked = (world.case.pk, uuid4())
        # But for the address itself, and the token that is new on every page.
        foreign, missing = (
            re.sub(r'value="\w{64}"', "", look(browser, name, 404, case=case).replace(str(case), ""))
            for case in asked
        )
        assert foreign == missing


def test_overview_says_what_is_missing_and_waits(world: World) -> None:
    testimony = factories.make_submitted_testimony(world.consented, world.investigator)
    factories.weigh(world.witness, world.investigator)
    lonely = factories.make_witness(world.case, world.investigator, pseudonym="Ahmad")
    page = look(signed_in(world.supervisor), "case-detail", case=world.case.pk)
    assert lonely.code in page
    assert page.count(testimony.registration_no) == 2
    assert world.witness.code not in page


def test_case_moves_on(world: World) -> None:
    browser = signed_in(world.supervisor)
    send(browser, "case-move", {}, case=world.case.pk, to="under_review")
    send(browser, "case-move", {}, 409, case=world.case.pk, to="archived")
    send(browser, "case-move", {}, 404, case=world.case.pk, to="nowhere")


def test_queries_of_a_list_do_not_grow(world: World, browser: Client) -> None:
    def cost(name: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            look(browser, name, case=world.case.pk)
        return len(queries)

    assert world.act
    assert world.actor
    assert world.interview
    names = ("incident-list", "victim-list", "actor-list", "interview-list", "member-list")
    before = {name: cost(name) for name in names}
    for _ in range(5):
        incident = factories.make_incident(world.case, world.investigator)
        factories.make_victim(world.case, world.investigator, incident=incident)
        factories.make_actor(world.case, world.investigator)
        factories.make_interview(world.witness, world.investigator)
        other = factories.make_person_like(world.investigator)
        factories.join(world.case, world.lead, other, MemberRole.INVESTIGATOR)
    assert {name: cost(name) for name in names} == before
