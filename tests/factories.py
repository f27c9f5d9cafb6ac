"""Rows for tests, made through the actions as people make them: nothing here writes past a check."""

from dataclasses import replace
from datetime import timedelta

from django.utils import timezone

from accounts.actions.trainings import TrainingFacts, note_training
from accounts.door import entering
from accounts.models import Training, User
from accounts.vocabulary import TrainingKind
from cases.actions.acts import record_act, record_actor
from cases.actions.cases import open_case
from cases.actions.consents import record_consent
from cases.actions.incidents import record_incident
from cases.actions.interviews import propose_interview
from cases.actions.members import add_member
from cases.actions.reviews import approve_testimony, finalise_testimony, take_up_review
from cases.actions.risks import assess_risk, note_prior_account
from cases.actions.testimonies import start_testimony, submit_testimony
from cases.actions.victims import record_victim
from cases.actions.witnesses import register_witness
from cases.facts import (
    ActFacts,
    ActorFacts,
    CaseFacts,
    ConsentFacts,
    ContactFacts,
    ContactRulesFacts,
    Dated,
    IncidentFacts,
    InterviewFacts,
    PriorFacts,
    ReferralFacts,
    RiskFacts,
    ScopeAnswer,
    VictimFacts,
    WitnessFacts,
)
from cases.models import (
    Act,
    Actor,
    Case,
    Consent,
    Incident,
    Interview,
    Membership,
    Testimony,
    Victim,
    Witness,
)
from cases.vocabulary import (
    ActorKind,
    ActType,
    Channel,
    ConsentMethod,
    ConsentPurpose,
    ContactOutcome,
    ContactSafety,
    Decision,
    IdentificationStrength,
    IdentityLevel,
    Impact,
    InterviewMode,
    InterviewType,
    Likelihood,
    Material,
    MemberRole,
    Outcome,
    Precision,
    PriorForm,
    RecipientClass,
    Recording,
    ReferralAnswer,
    ReferralKind,
    ReviewCheck,
    RiskDecision,
    StandardOfProof,
    TextLanguage,
    WitnessCategory,
)
from tests.personas import make_person

CASE = CaseFacts(
    title="Killings on the coast",
    situation="Syria",
    mandate="To establish what happened on 8 and 9 March",
    standard_of_proof=StandardOfProof.GROUNDS_TO_BELIEVE,
)
WITNESS = WitnessFacts(public_pseudonym="Samira", category=(WitnessCategory.EYEWITNESS,))
DAY = Dated("2025-03-09", Precision.DAY)
INCIDENT = IncidentFacts(title="Raid on a home", dates=DAY, description="Armed men came at about ten.")
ACT = ActFacts(type=ActType.MURDER, dates=DAY, method="Shot once in the head")
ACTOR = ActorFacts(
    kind=ActorKind.UNKNOWN_GROUP, identification_strength=IdentificationStrength.DESCRIBED_ONLY
)
VICTIM = VictimFacts(outcome=Outcome.KILLED, known_as="the husband")
INTERVIEW = InterviewFacts(
    type=InterviewType.FULL_ACCOUNT,
    mode=InterviewMode.IN_PERSON,
    recording=Recording.NOTES,
    added_value="Saw the raid from the first minute",
)
RISK = RiskFacts(
    threats="Men of the area ask who speaks",
    likelihood=Likelihood.POSSIBLE,
    impact=Impact.GRAVE,
    mitigations="A channel the witness chose",
    residual="A neighbour may notice",
    decision=RiskDecision.PROCEED_WITH_MEASURES,
)
CONTACT_RULES = ContactRulesFacts(
    channels=(Channel.SECURE_APP,), through="a sister", never="The number that the family knows"
)
CONTACT = ContactFacts(
    channel=Channel.SECURE_APP,
    outcome=ContactOutcome.REACHED,
    safety=ContactSafety.SAFE,
    note="In the evening",
)
REFERRAL = ReferralFacts(kind=ReferralKind.MEDICAL, answer=ReferralAnswer.ACCEPTED, note="A clinic")
NOT_TOLD = PriorFacts(form=PriorForm.NONE)
INSIDE = (RecipientClass.OWN_ORGANISATION,)
# Agreed: our own analysis, and the account in writing to two bodies under a pseudonym. All else refused.
ANSWERS = tuple(
    ScopeAnswer(
        purpose=purpose,
        decision=Decision.GRANTED,
        materials=(Material.ACCOUNT_TEXT, Material.VIDEO, Material.PHOTO_OF_PERSON),
        recipient_classes=classes,
        identity_level=IdentityLevel.PSEUDONYM,
    )
    for purpose, classes in (
        (ConsentPurpose.INTERNAL_ANALYSIS, INSIDE),
        (ConsentPurpose.CRIMINAL_INTERNATIONAL, (RecipientClass.UN_IIIM, RecipientClass.ICC_OTP)),
        (ConsentPurpose.CRIMINAL_NATIONAL, (RecipientClass.NATIONAL_AUTHORITY,)),
    )
) + tuple(
    ScopeAnswer(
        purpose=purpose,
        decision=Decision.REFUSED,
        materials=(Material.ACCOUNT_TEXT,),
        recipient_classes=(RecipientClass.PUBLIC,),
    )
    for purpose in (
        ConsentPurpose.ADVOCACY_PUBLICATION,
        ConsentPurpose.HUMAN_RIGHTS_MECHANISM,
        ConsentPurpose.TRUTH_OR_FACTFINDING,
        ConsentPurpose.ARCHIVE,
    )
)
CONSENT = ConsentFacts(
    method=ConsentMethod.SIGNED,
    language=TextLanguage.ARABIC,
    sheet_version="2025-02",
    limits_explained=True,
    language_understood=True,
    capacity_confirmed=True,
    answers=ANSWERS,
)
TEXT = "I heard them on the stairs. رأيت أربعة رجال مسلحين."


def make_person_like(user: User) -> User:
    """Write another person of the same roles."""
    return make_person(*sorted(user.roles))


def make_case(lead: User, *, prefix: str = "BAN", facts: CaseFacts = CASE) -> Case:
    """Open a case of which `lead` is the lead."""
    with entering(lead, "test"):
        return open_case(by=lead, prefix=prefix, facts=facts)


def join(case: Case, lead: User, user: User, role: MemberRole, *, sees_strict: bool = False) -> Membership:
    """Let `lead` take `user` into the case."""
    with entering(lead, "test"):
        return add_member(by=lead, case=case, user=user, role=role, reason="needed", sees_strict=sees_strict)


def make_witness(
    case: Case, by: User, *, pseudonym: str = "Samira", facts: WitnessFacts = WITNESS
) -> Witness:
    """Register a witness who has not consented to anything yet."""
    with entering(by, "test"):
        return register_witness(by=by, case=case, facts=replace(facts, public_pseudonym=pseudonym))


def make_consent(witness: Witness, by: User, *, facts: ConsentFacts = CONSENT) -> Consent:
    """Record what `ANSWERS` says."""
    with entering(by, "test"):
        return record_consent(by=by, witness=witness, facts=facts)


def make_consented_witness(case: Case, by: User, *, pseudonym: str = "Samira") -> Witness:
    """Register a witness and record their consent."""
    witness = make_witness(case, by, pseudonym=pseudonym)
    make_consent(witness, by)
    with entering(by, "test"):
        witness.refresh_from_db()
    return witness


def weigh(witness: Witness, by: User, *, risk: RiskFacts = RISK, prior: PriorFacts = NOT_TOLD) -> None:
    """Assess the risk, and answer whether the witness told it before."""
    with entering(by, "test"):
        assess_risk(by=by, witness=witness, facts=risk)
        note_prior_account(by=by, witness=witness, facts=prior)


def make_training(
    person: User, by: User, kind: TrainingKind, *, begun: int = 30, days: int = 365
) -> Training:
    """Enter a training that was completed `begun` days ago and counts for `days`."""
    done = timezone.localdate() - timedelta(days=begun)
    facts = TrainingFacts(
        kind=kind, completed_on=done, expires_on=done + timedelta(days=days), certificate="The institute"
    )
    with entering(by, "test"):
        return note_training(user=person, facts=facts, by=by)


def make_interview(witness: Witness, by: User) -> Interview:
    """Propose an interview that may be held: the risk was weighed, and nobody was told before."""
    weigh(witness, by)
    with entering(by, "test"):
        return propose_interview(by=by, witness=witness, facts=INTERVIEW)


def make_testimony(witness: Witness, by: User, *, text: str = TEXT) -> Testimony:
    """Take an account down as a draft; the witness must have consented."""
    with entering(by, "test"):
        return start_testimony(by=by, witness=witness, text=text, language=TextLanguage.ARABIC)


def make_submitted_testimony(witness: Witness, by: User) -> Testimony:
    """Take an account down and hand it in."""
    testimony = make_testimony(witness, by)
    with entering(by, "test"):
        return submit_testimony(by=by, testimony=testimony)


def make_approved_testimony(witness: Witness, by: User, reviewer: User) -> Testimony:
    """Take an account down, hand it in, and let `reviewer` approve it."""
    testimony = make_submitted_testimony(witness, by)
    with entering(reviewer, "test"):
        take_up_review(by=reviewer, testimony=testimony)
        return approve_testimony(
            by=reviewer,
            testimony=testimony,
            checklist=frozenset(ReviewCheck),
            no_attestation_reason="The witness has left the country",
        )


def make_final_testimony(witness: Witness, by: User, reviewer: User) -> Testimony:
    """Take an account all the way to its final state."""
    testimony = make_approved_testimony(witness, by, reviewer)
    with entering(reviewer, "test"):
        return finalise_testimony(by=reviewer, testimony=testimony)


def make_incident(case: Case, by: User, *, facts: IncidentFacts = INCIDENT) -> Incident:
    """Record an incident."""
    with entering(by, "test"):
        return record_incident(by=by, case=case, facts=facts)


def make_victim(
    case: Case, by: User, *, incident: Incident | None = None, facts: VictimFacts = VICTIM
) -> Victim:
    """Record a victim as reported."""
    with entering(by, "test"):
        return record_victim(by=by, case=case, incident=incident, facts=facts)


def make_actor(case: Case, by: User, *, facts: ActorFacts = ACTOR) -> Actor:
    """Record somebody who is said to have taken part."""
    with entering(by, "test"):
        return record_actor(by=by, case=case, facts=facts)


def make_act(incident: Incident, by: User, *, victims: tuple[Victim, ...] = (), facts: ActFacts = ACT) -> Act:
    """Record an act within an incident."""
    with entering(by, "test"):
        return record_act(by=by, incident=incident, victims=victims, facts=facts)
