"""What an action brings with it, each as a scenario of its own: the second event is owed like the first."""

from dataclasses import replace

from django.utils import timezone

from accounts.door import entering
from accounts.models import User
from audit.vocabulary import Kind
from cases.actions import acts, cases, consents, contacts, interviews, members, reviews, risks, witnesses
from cases.actions.testimonies import start_testimony
from cases.facts import MeetingFacts
from cases.vocabulary import (
    AgeBand,
    CaseStatus,
    InterviewStatus,
    MemberRole,
    TextLanguage,
    WitnessStatus,
)
from tests import factories
from tests.cases import steps
from tests.cases.worlds import World
from tests.scenarios import Scenario


def _newcomer(world: World) -> None:
    world.__dict__["newcomer"] = factories.make_person_like(world.investigator)


def _reset(world: World) -> None:
    """The investigator's credentials are renewed: they are in no case until somebody readmits them."""
    User.objects.filter(pk=world.investigator.pk).update(credentials_reset_at=timezone.now())


def _reviewer_gone(world: World) -> None:
    """A review is held by somebody who has left; another supervisor is there."""
    steps.in_review(world)
    world.__dict__["second"] = factories.make_person_like(world.supervisor)
    factories.join(world.case, world.lead, world.__dict__["second"], MemberRole.SUPERVISOR)
    with entering(world.lead, "test"):
        members.end_membership(by=world.lead, membership=world.memberships["supervisor"])


def _moved(*path: CaseStatus) -> steps.Prepare:
    def prepare(world: World) -> None:
        with entering(world.supervisor, "test"):
            for to in path:
                cases.move_case(by=world.supervisor, case=world.case, to=to)

    return prepare


def _met(*path: InterviewStatus) -> steps.Prepare:
    def prepare(world: World) -> None:
        with entering(world.investigator, "test"):
            for to in path:
                _go(world, world.investigator, to)

    return prepare


def _go(world: World, by: User, to: InterviewStatus) -> object:
    return interviews.move_interview(
        by=by, interview=world.interview, to=to, note="Why", rights_explained=True
    )


def _hold(world: World, by: User) -> object:
    facts = MeetingFacts(
        interview=factories.INTERVIEW,
        risk=factories.RISK,
        prior=factories.NOT_TOLD,
        rights_explained=True,
    )
    return interviews.hold_interview(by=by, witness=world.witness, facts=facts)


def _returned(world: World) -> None:
    steps.in_review(world)
    with entering(world.supervisor, "test"):
        reviews.return_testimony(by=world.supervisor, testimony=world.testimony, comments="Which door?")


def _case(name: str, kind: Kind, to: CaseStatus, *path: CaseStatus) -> Scenario[World]:
    return Scenario(
        name,
        kind,
        lambda w, by: cases.move_case(by=by, case=w.case, to=to),
        prepare=_moved(*path),
        by="supervisor",
        denied=("investigator",),
    )


_APPROVED = (CaseStatus.UNDER_REVIEW, CaseStatus.FINDINGS_APPROVED)
_BEGUN = (InterviewStatus.RISK_CLEARED, InterviewStatus.SCHEDULED)
MINOR = replace(factories.WITNESS, age_band=AgeBand.AGE_12_17)

SCENARIOS = [
    _case("move_case_back", Kind.CASE_RETURNED, CaseStatus.RETURNED, CaseStatus.UNDER_REVIEW),
    _case("move_case_to_its_end", Kind.CASE_CLOSED, CaseStatus.CLOSED, *_APPROVED),
    _case("move_case_away", Kind.CASE_ARCHIVED, CaseStatus.ARCHIVED, *_APPROVED, CaseStatus.CLOSED),
    _case("move_case_open_again", Kind.CASE_REOPENED, CaseStatus.OPEN, *_APPROVED, CaseStatus.CLOSED),
    Scenario(
        "add_member",
        Kind.MEMBER_ADDED,
        lambda w, by: members.add_member(
            by=by, case=w.case, user=w.__dict__["newcomer"], role=MemberRole.INVESTIGATOR, reason="needed"
        ),
        prepare=_newcomer,
        by="lead",
        denied=("supervisor",),
    ),
    Scenario(
        "readmit_member",
        Kind.MEMBER_READMITTED,
        lambda w, by: members.readmit_member(by=by, membership=w.memberships["investigator"]),
        prepare=_reset,
        by="lead",
        denied=("supervisor",),
    ),
    Scenario(
        "move_witness_who_withdraws",
        Kind.CONSENT_WITHDRAWN,
        lambda w, by: witnesses.move_witness(by=by, witness=w.witness, to=WitnessStatus.WITHDRAWN),
        prepare=steps.touch("testimony"),
    ),
    Scenario(
        "change_witness_who_is_a_minor",
        Kind.CONSENT_EXPIRED,
        lambda w, by: witnesses.change_witness(by=by, witness=w.witness, expected=1, facts=MINOR),
        prepare=steps.touch("consent"),
    ),
    Scenario(
        "record_consent_anew",
        Kind.CONSENT_SUPERSEDED,
        lambda w, by: consents.record_consent(by=by, witness=w.witness, facts=factories.CONSENT),
        prepare=steps.touch("consent"),
    ),
    Scenario(
        "record_consent_of_a_newcomer",
        Kind.WITNESS_MOVED,
        lambda w, by: consents.record_consent(by=by, witness=w.witness, facts=factories.CONSENT),
        prepare=steps.touch("witness"),
    ),
    Scenario(
        "start_testimony_of_a_newcomer",
        Kind.WITNESS_MOVED,
        lambda w, by: start_testimony(
            by=by, witness=w.consented, text="What I saw", language=TextLanguage.ENGLISH
        ),
        prepare=steps.touch("consented"),
    ),
    Scenario(
        "move_interview_to_its_beginning",
        Kind.INTERVIEW_STARTED,
        lambda w, by: _go(w, by, InterviewStatus.IN_PROGRESS),
        prepare=_met(*_BEGUN),
    ),
    Scenario(
        "move_interview_to_its_end",
        Kind.INTERVIEW_COMPLETED,
        lambda w, by: _go(w, by, InterviewStatus.COMPLETED),
        prepare=_met(*_BEGUN, InterviewStatus.IN_PROGRESS),
    ),
    Scenario(
        "move_interview_that_is_stopped",
        Kind.INTERVIEW_STOPPED,
        lambda w, by: _go(w, by, InterviewStatus.STOPPED_BY_WITNESS),
        prepare=_met(*_BEGUN, InterviewStatus.IN_PROGRESS),
    ),
    Scenario("hold_interview", Kind.INTERVIEW_COMPLETED, _hold, prepare=steps.touch("witness")),
    Scenario(
        "record_act_against_a_victim",
        Kind.VICTIM_LINKED,
        lambda w, by: acts.record_act(by=by, incident=w.incident, facts=factories.ACT, victims=(w.victim,)),
        prepare=steps.touch("victim"),
    ),
    Scenario(
        "change_act_to_be_against_nobody",
        Kind.VICTIM_LINKED,
        lambda w, by: acts.change_act(by=by, act=w.act, expected=1, facts=factories.ACT, victims=()),
        prepare=steps.touch("act"),
    ),
    Scenario("save_version_of_what_was_returned", Kind.TESTIMONY_REOPENED, steps.save, prepare=_returned),
    Scenario(
        "return_testimony_to_its_author",
        Kind.TESTIMONY_RETURNED,
        lambda w, by: reviews.return_testimony(by=by, testimony=w.testimony, comments="Which door?"),
        prepare=steps.in_review,
        by="supervisor",
        denied=("investigator",),
    ),
    Scenario(
        "approve_testimony_and_the_review",
        Kind.REVIEW_APPROVED,
        steps.approve,
        prepare=steps.in_review,
        by="supervisor",
        denied=("investigator",),
    ),
    Scenario(
        "take_over_review",
        Kind.REVIEW_TAKEN_UP,
        lambda w, by: reviews.take_over_review(by=by, testimony=w.testimony),
        prepare=_reviewer_gone,
        by="second",
        denied=("investigator",),
    ),
    Scenario(
        "assess_risk",
        Kind.RISK_ASSESSED,
        lambda w, by: risks.assess_risk(by=by, witness=w.witness, facts=factories.RISK),
        prepare=steps.touch("witness"),
    ),
    Scenario(
        "note_prior_account",
        Kind.PRIOR_NOTED,
        lambda w, by: risks.note_prior_account(by=by, witness=w.witness, facts=factories.NOT_TOLD),
        prepare=steps.touch("witness"),
    ),
    Scenario(
        "justify_repetition",
        Kind.INTERVIEW_JUSTIFIED,
        lambda w, by: risks.justify_repetition(by=by, interview=w.interview, reason="It breaks off"),
        prepare=steps.touch("interview"),
        by="supervisor",
        denied=("investigator",),
    ),
    Scenario(
        "set_contact_rules",
        Kind.CONTACT_RULED,
        lambda w, by: contacts.set_contact_rules(
            by=by, witness=w.witness, facts=factories.CONTACT_RULES, expected=0
        ),
        prepare=steps.touch("witness"),
    ),
    Scenario(
        "log_contact",
        Kind.CONTACT_LOGGED,
        lambda w, by: contacts.log_contact(by=by, witness=w.witness, facts=factories.CONTACT),
        prepare=steps.touch("witness"),
    ),
    Scenario(
        "offer_referral",
        Kind.REFERRAL_OFFERED,
        lambda w, by: contacts.offer_referral(by=by, witness=w.witness, facts=factories.REFERRAL),
        prepare=steps.touch("witness"),
    ),
]
