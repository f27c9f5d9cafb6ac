"""Every action: it works and is recorded; who may not is refused, recorded; no event, no effect."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from accounts.door import entering
from accounts.models import User
from audit.vocabulary import Kind
from cases.actions import (
    acts,
    cases,
    consents,
    incidents,
    interviews,
    members,
    reviews,
    testimonies,
    victims,
    witnesses,
)
from cases.errors import NotAllowed, NotVisible
from cases.facts import AttestationFacts, DeathFacts, InvolvementFacts, LocationFacts
from cases.vocabulary import (
    CaseStatus,
    ChainLink,
    ConsentPurpose,
    CountClass,
    Degree,
    InterviewStatus,
    MemberRole,
    ReviewCheck,
    TextLanguage,
    VersionKind,
    WitnessStatus,
)
from tests import factories
from tests.cases.worlds import World
from tests.scenarios import (
    Scenario,
    is_refused,
    is_undone_without_its_event,
    works_and_is_recorded,
)


def _submitted(world: World) -> None:
    with entering(world.investigator, "test"):
        testimonies.submit_testimony(by=world.investigator, testimony=world.testimony)


def _in_review(world: World) -> None:
    _submitted(world)
    with entering(world.supervisor, "test"):
        reviews.take_up_review(by=world.supervisor, testimony=world.testimony)


def _approved(world: World) -> None:
    _in_review(world)
    with entering(world.supervisor, "test"):
        _approve(world, world.supervisor)


def _approve(world: World, by: User) -> object:
    return reviews.approve_testimony(
        by=by,
        testimony=world.testimony,
        checklist=frozenset(ReviewCheck),
        no_attestation_reason="Cannot be met again",
    )


def _attest(world: World, by: User) -> object:
    facts = AttestationFacts(read_back=True, language=TextLanguage.ARABIC, by_whom="INV")
    return testimonies.attest(by=by, testimony=world.testimony, facts=facts)


def _save(world: World, by: User) -> object:
    return testimonies.save_version(
        by=by,
        testimony=world.testimony,
        text="Corrected",
        language=TextLanguage.ENGLISH,
        kind=VersionKind.STATEMENT,
        based_on=1,
    )


def _replace(world: World) -> None:
    _approved(world)
    world.__dict__["newer"] = factories.make_approved_testimony(
        world.consented, world.investigator, world.supervisor
    )


def _involved(world: World) -> None:
    with entering(world.investigator, "test"):
        facts = InvolvementFacts(degree=Degree.PRESENT)
        world.__dict__["involvement"] = acts.record_involvement(
            by=world.investigator, act=world.act, actor=world.actor, facts=facts
        )


def _dead(world: World) -> None:
    with entering(world.investigator, "test"):
        world.__dict__["death"] = victims.record_death(
            by=world.investigator, victim=world.victim, facts=DeathFacts()
        )


def _placed(world: World) -> None:
    with entering(world.investigator, "test"):
        world.__dict__["location"] = incidents.record_location(
            by=world.investigator, case=world.case, facts=LocationFacts(name_en="Banias")
        )


def _linked(world: World) -> None:
    other = factories.make_incident(world.case, world.investigator)
    with entering(world.investigator, "test"):
        world.__dict__["link"] = incidents.link_incidents(
            by=world.investigator, first=world.incident, second=other, kind=ChainLink.PRECEDES
        )


def _touch(*names: str) -> Callable[[World], object]:
    return lambda world: [getattr(world, name) for name in names]


SCENARIOS = [
    Scenario(
        "change_case",
        Kind.CASE_CHANGED,
        lambda w, by: cases.change_case(
            by=by, case=w.case, expected=1, facts=replace(factories.CASE, title="Another title")
        ),
        by="lead",
        denied=("investigator",),
    ),
    Scenario(
        "move_case",
        Kind.CASE_REVIEWED,
        lambda w, by: cases.move_case(by=by, case=w.case, to=CaseStatus.UNDER_REVIEW),
        by="lead",
        denied=("investigator",),
    ),
    Scenario(
        "change_member",
        Kind.MEMBER_CHANGED,
        lambda w, by: members.change_member(
            by=by,
            membership=w.memberships["investigator"],
            role=MemberRole.INVESTIGATOR,
            reason="longer",
            sees_strict=True,
        ),
        by="lead",
        denied=("supervisor",),
    ),
    Scenario(
        "end_membership",
        Kind.MEMBER_ENDED,
        lambda w, by: members.end_membership(by=by, membership=w.memberships["investigator"]),
        by="lead",
        denied=("supervisor",),
    ),
    Scenario(
        "register_witness",
        Kind.WITNESS_REGISTERED,
        lambda w, by: witnesses.register_witness(by=by, case=w.case, facts=factories.WITNESS),
    ),
    Scenario(
        "change_witness",
        Kind.WITNESS_CHANGED,
        lambda w, by: witnesses.change_witness(
            by=by, witness=w.witness, expected=1, facts=replace(factories.WITNESS, public_pseudonym="Lama")
        ),
        prepare=_touch("witness"),
    ),
    Scenario(
        "move_witness",
        Kind.WITNESS_MOVED,
        lambda w, by: witnesses.move_witness(by=by, witness=w.witness, to=WitnessStatus.ENGAGED),
        prepare=_touch("witness"),
    ),
    Scenario(
        "record_consent",
        Kind.CONSENT_RECORDED,
        lambda w, by: consents.record_consent(by=by, witness=w.witness, facts=factories.CONSENT),
        prepare=_touch("witness"),
    ),
    Scenario(
        "withdraw_consent",
        Kind.CONSENT_WITHDRAWN,
        lambda w, by: consents.withdraw_consent(by=by, consent=w.consent, channel="by telephone"),
        prepare=_touch("consent"),
        by="custodian",
        denied=("auditor",),
    ),
    Scenario(
        "withdraw_consent_for_one_purpose",
        Kind.CONSENT_WITHDRAWN,
        lambda w, by: consents.withdraw_consent(
            by=by, consent=w.consent, purpose=ConsentPurpose.CRIMINAL_NATIONAL
        ),
        prepare=_touch("consent"),
        denied=("auditor",),
    ),
    Scenario(
        "propose_interview",
        Kind.INTERVIEW_PLANNED,
        lambda w, by: interviews.propose_interview(by=by, witness=w.witness, facts=factories.INTERVIEW),
        prepare=_touch("witness"),
    ),
    Scenario(
        "change_interview",
        Kind.INTERVIEW_CHANGED,
        lambda w, by: interviews.change_interview(
            by=by,
            interview=w.interview,
            expected=1,
            facts=replace(factories.INTERVIEW, place="A quiet room"),
        ),
        prepare=_touch("interview"),
    ),
    Scenario(
        "move_interview",
        Kind.INTERVIEW_MOVED,
        lambda w, by: interviews.move_interview(
            by=by, interview=w.interview, to=InterviewStatus.RISK_CLEARED, note="Low, with care"
        ),
        prepare=_touch("interview"),
    ),
    Scenario(
        "start_testimony",
        Kind.TESTIMONY_STARTED,
        lambda w, by: testimonies.start_testimony(
            by=by, witness=w.consented, text="What I saw", language=TextLanguage.ENGLISH
        ),
        prepare=_touch("consented"),
    ),
    Scenario("save_version", Kind.TESTIMONY_VERSION_SAVED, _save, prepare=_touch("testimony")),
    Scenario(
        "submit_testimony",
        Kind.TESTIMONY_SUBMITTED,
        lambda w, by: testimonies.submit_testimony(by=by, testimony=w.testimony),
        prepare=_touch("testimony"),
    ),
    Scenario(
        "withdraw_testimony",
        Kind.TESTIMONY_WITHDRAWN,
        lambda w, by: testimonies.withdraw_testimony(by=by, testimony=w.testimony, reason="On her word"),
        prepare=_touch("testimony"),
        denied=("auditor",),
    ),
    Scenario("attest", Kind.ATTESTATION_RECORDED, _attest, prepare=_touch("testimony")),
    Scenario(
        "take_up_review",
        Kind.REVIEW_TAKEN_UP,
        lambda w, by: reviews.take_up_review(by=by, testimony=w.testimony),
        prepare=_submitted,
        by="supervisor",
        denied=("investigator",),
    ),
    Scenario(
        "return_testimony",
        Kind.REVIEW_RETURNED,
        lambda w, by: reviews.return_testimony(by=by, testimony=w.testimony, comments="Which door?"),
        prepare=_in_review,
        by="supervisor",
        denied=("investigator",),
    ),
    Scenario(
        "approve_testimony",
        Kind.TESTIMONY_APPROVED,
        _approve,
        prepare=_in_review,
        by="supervisor",
        denied=("investigator",),
    ),
    Scenario(
        "finalise_testimony",
        Kind.TESTIMONY_FINALISED,
        lambda w, by: reviews.finalise_testimony(by=by, testimony=w.testimony),
        prepare=_approved,
        by="supervisor",
        denied=("investigator",),
    ),
    Scenario(
        "supersede_testimony",
        Kind.TESTIMONY_SUPERSEDED,
        lambda w, by: testimonies.supersede_testimony(
            by=by, testimony=w.testimony, replacement=w.__dict__["newer"]
        ),
        prepare=_replace,
        by="supervisor",
        denied=("investigator",),
    ),
    Scenario(
        "record_incident",
        Kind.INCIDENT_RECORDED,
        lambda w, by: incidents.record_incident(by=by, case=w.case, facts=factories.INCIDENT),
    ),
    Scenario(
        "change_incident",
        Kind.INCIDENT_CHANGED,
        lambda w, by: incidents.change_incident(
            by=by, incident=w.incident, expected=1, facts=replace(factories.INCIDENT, title="The raid")
        ),
        prepare=_touch("incident"),
    ),
    Scenario(
        "link_incidents",
        Kind.INCIDENT_LINKED,
        lambda w, by: incidents.link_incidents(
            by=by, first=w.incident, second=w.__dict__["link"].second, kind=ChainLink.CAUSES
        ),
        prepare=_linked,
    ),
    Scenario(
        "retract_link",
        Kind.INCIDENT_LINKED,
        lambda w, by: incidents.retract_link(by=by, link=w.__dict__["link"]),
        prepare=_linked,
    ),
    Scenario(
        "record_location",
        Kind.LOCATION_RECORDED,
        lambda w, by: incidents.record_location(by=by, case=w.case, facts=LocationFacts(name_ar="بانياس")),
    ),
    Scenario(
        "change_location",
        Kind.LOCATION_CHANGED,
        lambda w, by: incidents.change_location(
            by=by, location=w.__dict__["location"], expected=1, facts=LocationFacts(name_en="al-Qusour")
        ),
        prepare=_placed,
    ),
    Scenario(
        "record_act",
        Kind.ACT_RECORDED,
        lambda w, by: acts.record_act(by=by, incident=w.incident, facts=factories.ACT, victims=(w.victim,)),
        prepare=_touch("victim"),
    ),
    Scenario(
        "change_act",
        Kind.ACT_CHANGED,
        lambda w, by: acts.change_act(by=by, act=w.act, expected=1, facts=factories.ACT, victims=()),
        prepare=_touch("act"),
    ),
    Scenario(
        "record_actor",
        Kind.ACTOR_RECORDED,
        lambda w, by: acts.record_actor(by=by, case=w.case, facts=factories.ACTOR),
    ),
    Scenario(
        "change_actor",
        Kind.ACTOR_CHANGED,
        lambda w, by: acts.change_actor(
            by=by, actor=w.actor, expected=1, facts=replace(factories.ACTOR, side="unknown")
        ),
        prepare=_touch("actor"),
    ),
    Scenario(
        "record_involvement",
        Kind.INVOLVEMENT_RECORDED,
        lambda w, by: acts.record_involvement(
            by=by, act=w.act, actor=w.actor, facts=InvolvementFacts(degree=Degree.SUSPECTED)
        ),
        prepare=_touch("act", "actor"),
    ),
    Scenario(
        "change_involvement",
        Kind.INVOLVEMENT_CHANGED,
        lambda w, by: acts.change_involvement(
            by=by,
            involvement=w.__dict__["involvement"],
            expected=1,
            facts=InvolvementFacts(degree=Degree.ORDERED),
        ),
        prepare=_involved,
    ),
    Scenario(
        "retract_involvement",
        Kind.INVOLVEMENT_CHANGED,
        lambda w, by: acts.retract_involvement(by=by, involvement=w.__dict__["involvement"]),
        prepare=_involved,
    ),
    Scenario(
        "record_victim",
        Kind.VICTIM_RECORDED,
        lambda w, by: victims.record_victim(by=by, case=w.case, facts=factories.VICTIM),
    ),
    Scenario(
        "change_victim",
        Kind.VICTIM_CHANGED,
        lambda w, by: victims.change_victim(
            by=by, victim=w.victim, expected=1, facts=replace(factories.VICTIM, known_as="her husband")
        ),
        prepare=_touch("victim"),
    ),
    Scenario(
        "count_victim",
        Kind.VICTIM_COUNTED,
        lambda w, by: victims.count_victim(by=by, victim=w.victim, to=CountClass.NAMED_REPORTED),
        prepare=_touch("victim"),
    ),
    Scenario(
        "record_death",
        Kind.DEATH_RECORDED,
        lambda w, by: victims.record_death(by=by, victim=w.victim, facts=DeathFacts()),
        prepare=_touch("victim"),
    ),
    Scenario(
        "change_death",
        Kind.DEATH_CHANGED,
        lambda w, by: victims.change_death(
            by=by, death=w.__dict__["death"], expected=1, facts=DeathFacts(place="On the roof")
        ),
        prepare=_dead,
    ),
]
each = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)


@each
def test_action_changes_something_and_is_recorded(scenario: Scenario[World], world: World) -> None:
    works_and_is_recorded(scenario, world)


@each
def test_outsider_is_told_that_there_is_nothing(scenario: Scenario[World], world: World) -> None:
    is_refused(scenario, world, "outsider", refusal=NotVisible)


@each
def test_member_of_another_role_is_refused_and_that_is_recorded(
    scenario: Scenario[World], world: World
) -> None:
    is_refused(scenario, world, *scenario.denied, refusal=NotAllowed)


@each
def test_nothing_stands_when_its_event_cannot_be_written(
    scenario: Scenario[World], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_undone_without_its_event(scenario, world, monkeypatch)
