"""Every action of the room, as one line of what it needs and what the log says of it."""

from dataclasses import replace

from audit.vocabulary import Kind
from cases.actions import (
    acts,
    cases,
    consents,
    holds,
    incidents,
    interviews,
    members,
    reviews,
    savedviews,
    talks,
    testimonies,
    victims,
    witnesses,
)
from cases.facts import DeathFacts, InvolvementFacts, LocationFacts
from cases.vocabulary import (
    CaseStatus,
    ChainLink,
    ConsentPurpose,
    CountClass,
    Degree,
    InterviewStatus,
    MemberRole,
    Reached,
    TextLanguage,
    WitnessStatus,
)
from tests import factories
from tests.cases import steps
from tests.scenarios import (
    Scenario,
)

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
        prepare=steps.touch("witness"),
    ),
    Scenario(
        "move_witness",
        Kind.WITNESS_MOVED,
        lambda w, by: witnesses.move_witness(by=by, witness=w.witness, to=WitnessStatus.ENGAGED),
        prepare=steps.touch("witness"),
    ),
    Scenario(
        "record_consent",
        Kind.CONSENT_RECORDED,
        lambda w, by: consents.record_consent(by=by, witness=w.witness, facts=factories.CONSENT),
        prepare=steps.touch("witness"),
    ),
    Scenario(
        "place_hold",
        Kind.HOLD_PLACED,
        lambda w, by: holds.place_hold(by=by, case=w.case, authority="Court order 7/2026"),
        by="supervisor",
        denied=("investigator", "custodian"),
    ),
    Scenario(
        "ask_lift",
        Kind.HOLD_LIFT_ASKED,
        lambda w, by: holds.ask_lift(by=by, hold=w.hold, reason="The court lifted it"),
        prepare=steps.touch("hold"),
        by="supervisor",
        denied=("investigator", "custodian"),
    ),
    Scenario(
        "lift_hold",
        Kind.HOLD_LIFTED,
        lambda w, by: holds.lift_hold(by=by, hold=w.hold_to_lift),
        prepare=steps.touch("hold_to_lift"),
        by="lead",
        denied=("investigator", "custodian"),
    ),
    Scenario(
        "record_recontact",
        Kind.CONSENT_RECONTACTED,
        lambda w, by: talks.record_recontact(
            by=by,
            consent=w.asked_again,
            purpose=ConsentPurpose.CRIMINAL_INTERNATIONAL,
            reached=Reached.AGREED,
        ),
        prepare=steps.touch("asked_again"),
    ),
    Scenario(
        "confirm_withdrawal",
        Kind.CONSENT_WITHDRAWAL_CONFIRMED,
        lambda w, by: talks.confirm_withdrawal(by=by, consent=w.taken_back, channel="by telephone"),
        prepare=steps.touch("taken_back"),
        by="custodian",
        denied=("auditor",),
    ),
    Scenario(
        "withdraw_consent",
        Kind.CONSENT_WITHDRAWN,
        lambda w, by: consents.withdraw_consent(by=by, consent=w.consent, channel="by telephone"),
        prepare=steps.touch("consent"),
        by="custodian",
        denied=("auditor",),
    ),
    Scenario(
        "withdraw_consent_for_one_purpose",
        Kind.CONSENT_WITHDRAWN,
        lambda w, by: consents.withdraw_consent(
            by=by, consent=w.consent, purpose=ConsentPurpose.CRIMINAL_NATIONAL
        ),
        prepare=steps.touch("consent"),
        denied=("auditor",),
    ),
    Scenario(
        "propose_interview",
        Kind.INTERVIEW_PLANNED,
        lambda w, by: interviews.propose_interview(by=by, witness=w.witness, facts=factories.INTERVIEW),
        prepare=steps.touch("witness"),
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
        prepare=steps.touch("interview"),
    ),
    Scenario(
        "move_interview",
        Kind.INTERVIEW_MOVED,
        lambda w, by: interviews.move_interview(
            by=by, interview=w.interview, to=InterviewStatus.RISK_CLEARED
        ),
        prepare=steps.touch("interview"),
    ),
    Scenario(
        "start_testimony",
        Kind.TESTIMONY_STARTED,
        lambda w, by: testimonies.start_testimony(
            by=by, witness=w.consented, text="What I saw", language=TextLanguage.ENGLISH
        ),
        prepare=steps.touch("consented"),
    ),
    Scenario("save_version", Kind.TESTIMONY_VERSION_SAVED, steps.save, prepare=steps.touch("testimony")),
    Scenario(
        "submit_testimony",
        Kind.TESTIMONY_SUBMITTED,
        lambda w, by: testimonies.submit_testimony(by=by, testimony=w.testimony),
        prepare=steps.touch("testimony"),
    ),
    Scenario(
        "withdraw_testimony",
        Kind.TESTIMONY_WITHDRAWN,
        lambda w, by: testimonies.withdraw_testimony(by=by, testimony=w.testimony, reason="On her word"),
        prepare=steps.touch("testimony"),
        denied=("auditor",),
    ),
    Scenario("attest", Kind.ATTESTATION_RECORDED, steps.attest, prepare=steps.touch("testimony")),
    Scenario(
        "take_up_review",
        Kind.REVIEW_TAKEN_UP,
        lambda w, by: reviews.take_up_review(by=by, testimony=w.testimony),
        prepare=steps.submitted,
        by="supervisor",
        denied=("investigator",),
    ),
    Scenario(
        "return_testimony",
        Kind.REVIEW_RETURNED,
        lambda w, by: reviews.return_testimony(by=by, testimony=w.testimony, comments="Which door?"),
        prepare=steps.in_review,
        by="supervisor",
        denied=("investigator",),
    ),
    Scenario(
        "approve_testimony",
        Kind.TESTIMONY_APPROVED,
        steps.approve,
        prepare=steps.in_review,
        by="supervisor",
        denied=("investigator",),
    ),
    Scenario(
        "finalise_testimony",
        Kind.TESTIMONY_FINALISED,
        lambda w, by: reviews.finalise_testimony(by=by, testimony=w.testimony),
        prepare=steps.approved,
        by="supervisor",
        denied=("investigator",),
    ),
    Scenario(
        "supersede_testimony",
        Kind.TESTIMONY_SUPERSEDED,
        lambda w, by: testimonies.supersede_testimony(
            by=by, testimony=w.testimony, replacement=w.__dict__["newer"]
        ),
        prepare=steps.with_a_newer_one,
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
        prepare=steps.touch("incident"),
    ),
    Scenario(
        "link_incidents",
        Kind.INCIDENT_LINKED,
        lambda w, by: incidents.link_incidents(
            by=by, first=w.incident, second=w.__dict__["link"].second, kind=ChainLink.CAUSES
        ),
        prepare=steps.linked,
    ),
    Scenario(
        "retract_link",
        Kind.INCIDENT_LINKED,
        lambda w, by: incidents.retract_link(by=by, link=w.__dict__["link"]),
        prepare=steps.linked,
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
        prepare=steps.placed,
    ),
    Scenario(
        "record_act",
        Kind.ACT_RECORDED,
        lambda w, by: acts.record_act(by=by, incident=w.incident, facts=factories.ACT, victims=(w.victim,)),
        prepare=steps.touch("victim"),
    ),
    Scenario(
        "change_act",
        Kind.ACT_CHANGED,
        lambda w, by: acts.change_act(by=by, act=w.act, expected=1, facts=factories.ACT, victims=()),
        prepare=steps.touch("act"),
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
        prepare=steps.touch("actor"),
    ),
    Scenario(
        "record_involvement",
        Kind.INVOLVEMENT_RECORDED,
        lambda w, by: acts.record_involvement(
            by=by, act=w.act, actor=w.actor, facts=InvolvementFacts(degree=Degree.SUSPECTED)
        ),
        prepare=steps.touch("act", "actor"),
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
        prepare=steps.involved,
    ),
    Scenario(
        "retract_involvement",
        Kind.INVOLVEMENT_CHANGED,
        lambda w, by: acts.retract_involvement(by=by, involvement=w.__dict__["involvement"]),
        prepare=steps.involved,
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
        prepare=steps.touch("victim"),
    ),
    Scenario(
        "count_victim",
        Kind.VICTIM_COUNTED,
        lambda w, by: victims.count_victim(by=by, victim=w.victim, to=CountClass.NAMED_REPORTED),
        prepare=steps.touch("victim"),
    ),
    Scenario(
        "record_death",
        Kind.DEATH_RECORDED,
        lambda w, by: victims.record_death(by=by, victim=w.victim, facts=DeathFacts()),
        prepare=steps.touch("victim"),
    ),
    Scenario(
        "change_death",
        Kind.DEATH_CHANGED,
        lambda w, by: victims.change_death(
            by=by, death=w.__dict__["death"], expected=1, facts=DeathFacts(place="On the roof")
        ),
        prepare=steps.dead,
    ),
    Scenario("save_view", Kind.VIEW_SAVED, steps.keep_view, by="lead"),
    Scenario(
        "remove_view",
        Kind.VIEW_REMOVED,
        lambda w, by: savedviews.remove_view(by=by, shelf=steps.SHELF, view=w.__dict__["view"]),
        prepare=steps.with_a_view,
        by="lead",
    ),
]
