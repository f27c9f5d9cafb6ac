"""The four who tell what they know: each agreed to other uses, and each account is at another stage."""

from dataclasses import dataclass

from accounts.models import User
from casemgr.demo import texts
from casemgr.demo.people import INVESTIGATOR, SECOND_INVESTIGATOR, SUPERVISOR, acting
from cases.actions.attestations import attest
from cases.actions.consents import record_consent
from cases.actions.identities import seal_identity
from cases.actions.interviews import move_interview, propose_interview
from cases.actions.reviews import (
    approve_testimony,
    finalise_testimony,
    return_testimony,
    take_up_review,
)
from cases.actions.risks import assess_risk, note_prior_account
from cases.actions.specialists import NOBODY
from cases.actions.testimonies import save_version, start_testimony, submit_testimony
from cases.actions.witnesses import register_witness
from cases.facts import (
    AttestationFacts,
    ConsentFacts,
    InterviewFacts,
    PriorFacts,
    RiskFacts,
    ScopeAnswer,
    WitnessFacts,
)
from cases.models import Case, Interview, Testimony, Witness
from cases.vocabulary import (
    AgeBand,
    ConsentMethod,
    ConsentPurpose,
    Decision,
    IdentityLevel,
    Impact,
    InterviewMode,
    InterviewStatus,
    InterviewType,
    Likelihood,
    Material,
    PriorForm,
    RecipientClass,
    Recording,
    ReviewCheck,
    RiskDecision,
    RiskLevel,
    Sex,
    SignedHow,
    TextLanguage,
    VersionKind,
    Vulnerability,
    WitnessCategory,
)

EVERYTHING = (
    Material.ACCOUNT_TEXT,
    Material.AUDIO,
    Material.VIDEO,
    Material.PHOTO_OF_PERSON,
    Material.DOCUMENTS,
)
COURTS = (RecipientClass.UN_IIIM, RecipientClass.ICC_OTP)
Use = tuple[ConsentPurpose, tuple[RecipientClass, ...]]
INSIDE: Use = (ConsentPurpose.INTERNAL_ANALYSIS, (RecipientClass.OWN_ORGANISATION,))
INTERNATIONAL: Use = (ConsentPurpose.CRIMINAL_INTERNATIONAL, COURTS)
NATIONAL: Use = (ConsentPurpose.CRIMINAL_NATIONAL, (RecipientClass.NATIONAL_AUTHORITY,))
COMMITTEE: Use = (ConsentPurpose.TRUTH_OR_FACTFINDING, (RecipientClass.FACTFINDING_COMMITTEE,))
REPORT: Use = (ConsentPurpose.ADVOCACY_PUBLICATION, (RecipientClass.PUBLIC,))
MECHANISMS: Use = (ConsentPurpose.HUMAN_RIGHTS_MECHANISM, (RecipientClass.UN_COI_OR_FFM,))
ARCHIVE: Use = (ConsentPurpose.ARCHIVE, (RecipientClass.ARCHIVE,))
WEIGHED = RiskFacts(
    threats="Armed men of the area ask who speaks to organisations",
    likelihood=Likelihood.POSSIBLE,
    impact=Impact.GRAVE,
    mitigations="No meeting in public; a channel the witness chose",
    residual="A neighbour may notice the call",
    decision=RiskDecision.PROCEED_WITH_MEASURES,
)
ALL_USES = (INSIDE, INTERNATIONAL, NATIONAL, COMMITTEE, REPORT, MECHANISMS, ARCHIVE)


@dataclass(frozen=True, slots=True)
class Told:
    """The witnesses, and the accounts that may leave."""

    samira: Witness
    ahmad: Witness
    samira_says: Testimony
    ahmad_says: Testimony
    medic_says: Testimony


def hear_everybody(case: Case) -> Told:
    """Register all four with their consents, and take their accounts as far as each has come."""
    samira, samira_says = _samira(case)
    ahmad, ahmad_says = _ahmad(case)
    medic_says = _medic(case)
    _resident(case)
    return Told(samira, ahmad, samira_says, ahmad_says, medic_says)


def _samira(case: Case) -> tuple[Witness, Testimony]:
    with acting(INVESTIGATOR) as by:
        witness = register_witness(
            by=by,
            case=case,
            facts=WitnessFacts(
                public_pseudonym="Samira",
                category=(WitnessCategory.EYEWITNESS, WitnessCategory.RELATIVE),
                sex=Sex.FEMALE,
                age_band=AgeBand.ADULT_UNKNOWN,
                role_summary="Saw the raid on her home and found her husband's body",
                languages=(TextLanguage.ARABIC,),
                vulnerability=(Vulnerability.ACUTE_TRAUMA,),
            ),
        )
        _agree(by, witness, granted=(INSIDE, INTERNATIONAL, NATIONAL, REPORT, MECHANISMS))
        seal_identity(by=by, witness=witness, identity=texts.IDENTITIES["samira"])
        interview = _interviewed(
            by, witness, mode=InterviewMode.PHONE, adds="Was there from the first minute"
        )
        testimony = start_testimony(
            by=by, witness=witness, text=texts.SAMIRA_AR, language=TextLanguage.ARABIC, interview=interview
        )
        _translate(by, testimony, texts.SAMIRA_EN)
        _read_back(by, testimony)
        submit_testimony(by=by, testimony=testimony)
    with acting(SUPERVISOR) as reviewer:
        _approve(reviewer, testimony, "Keeps apart what she saw from what she was told.")
        return witness, finalise_testimony(by=reviewer, testimony=testimony)


def _ahmad(case: Case) -> tuple[Witness, Testimony]:
    with acting(INVESTIGATOR) as by:
        witness = register_witness(
            by=by,
            case=case,
            facts=WitnessFacts(
                public_pseudonym="Ahmad",
                category=(WitnessCategory.RELATIVE, WitnessCategory.HEARSAY),
                sex=Sex.MALE,
                age_band=AgeBand.ADULT_UNKNOWN,
                role_summary="Tells what his mother saw; was not there himself",
                languages=(TextLanguage.ARABIC, TextLanguage.ENGLISH),
            ),
        )
        _agree(by, witness, granted=(INSIDE, INTERNATIONAL), ask_again=(NATIONAL,))
        seal_identity(by=by, witness=witness, identity=texts.IDENTITIES["ahmad"])
        interview = _interviewed(by, witness, mode=InterviewMode.SECURE_VIDEO, adds="Speaks for his mother")
        testimony = start_testimony(
            by=by, witness=witness, text=texts.AHMAD_AR, language=TextLanguage.ARABIC, interview=interview
        )
        _translate(by, testimony, texts.AHMAD_EN)
        _read_back(by, testimony)
        submit_testimony(by=by, testimony=testimony)
    with acting(SUPERVISOR) as reviewer:
        return witness, _approve(
            reviewer, testimony, "Hearsay, and marked so. The mother should be asked herself."
        )


def _medic(case: Case) -> Testimony:
    """No published pseudonym: a word for the profession stands in its place. Waits for a reviewer."""
    with acting(SECOND_INVESTIGATOR) as by:
        witness = register_witness(
            by=by,
            case=case,
            facts=WitnessFacts(
                public_pseudonym="A medical worker",
                category=(WitnessCategory.MEDICAL_STAFF,),
                role_summary="Worked where bodies were brought",
                languages=(TextLanguage.ARABIC,),
                risk_level=RiskLevel.EXTREME,
            ),
        )
        _agree(by, witness, granted=(INSIDE,))
        seal_identity(by=by, witness=witness, identity=texts.IDENTITIES["medic"])
        interview = _interviewed(by, witness, mode=InterviewMode.PHONE, adds="Saw how the dead were kept")
        testimony = start_testimony(
            by=by, witness=witness, text=texts.MEDIC_AR, language=TextLanguage.ARABIC, interview=interview
        )
        _translate(by, testimony, texts.MEDIC_EN)
        return submit_testimony(by=by, testimony=testimony)


def _resident(case: Case) -> None:
    """Agreed to everything, the State's committee included. The account was given back to be mended."""
    with acting(INVESTIGATOR) as by:
        witness = register_witness(
            by=by,
            case=case,
            facts=WitnessFacts(
                public_pseudonym="A resident of al-Qusour",
                category=(WitnessCategory.EYEWITNESS, WitnessCategory.BURIAL_PARTICIPANT),
                age_band=AgeBand.ADULT_UNKNOWN,
                role_summary="Saw the pit before it was covered",
                languages=(TextLanguage.ARABIC,),
            ),
        )
        _agree(by, witness, granted=ALL_USES, names_state_body=True)
        seal_identity(by=by, witness=witness, identity=texts.IDENTITIES["resident"])
        interview = _interviewed(by, witness, mode=InterviewMode.IN_PERSON, adds="Stood beside the pit")
        testimony = start_testimony(
            by=by, witness=witness, text=texts.RESIDENT_AR, language=TextLanguage.ARABIC, interview=interview
        )
        _translate(by, testimony, texts.RESIDENT_EN)
        submit_testimony(by=by, testimony=testimony)
    with acting(SUPERVISOR) as reviewer:
        take_up_review(by=reviewer, testimony=testimony)
        return_testimony(by=reviewer, testimony=testimony, comments=texts.RETURNED_BECAUSE)


def _agree(
    by: User,
    witness: Witness,
    *,
    granted: tuple[Use, ...],
    ask_again: tuple[Use, ...] = (),
    names_state_body: bool = False,
) -> None:
    answers = tuple(
        ScopeAnswer(
            purpose=use[0],
            decision=(
                Decision.GRANTED
                if use in granted
                else Decision.ASK_AGAIN
                if use in ask_again
                else Decision.REFUSED
            ),
            materials=EVERYTHING,
            recipient_classes=use[1],
            identity_level=IdentityLevel.PSEUDONYM,
            names_state_body=names_state_body and use == COMMITTEE,
        )
        for use in ALL_USES
    )
    facts = ConsentFacts(
        method=ConsentMethod.AUDIO,
        language=TextLanguage.ARABIC,
        sheet_version="2025-02",
        limits_explained=True,
        language_understood=True,
        capacity_confirmed=True,
        answers=answers,
    )
    record_consent(by=by, witness=witness, facts=facts)


def _interviewed(by: User, witness: Witness, *, mode: InterviewMode, adds: str) -> Interview:
    assess_risk(by=by, witness=witness, facts=WEIGHED)
    note_prior_account(by=by, witness=witness, facts=PriorFacts(form=PriorForm.NONE))
    interview = propose_interview(
        by=by,
        witness=witness,
        facts=InterviewFacts(
            type=InterviewType.FULL_ACCOUNT,
            mode=mode,
            recording=Recording.NOTES,
            added_value=adds,
            language=TextLanguage.ARABIC,
            interviewer=by.staff_code,
            interpreter=NOBODY,
        ),
    )
    for to in (
        InterviewStatus.RISK_CLEARED,
        InterviewStatus.SCHEDULED,
        InterviewStatus.IN_PROGRESS,
        InterviewStatus.COMPLETED,
    ):
        interview = move_interview(by=by, interview=interview, to=to, rights_explained=True)
    return interview


def _translate(by: User, testimony: Testimony, text: str) -> None:
    save_version(
        by=by,
        testimony=testimony,
        text=text,
        language=TextLanguage.ENGLISH,
        kind=VersionKind.TRANSLATION,
        based_on=1,
    )


def _read_back(by: User, testimony: Testimony) -> None:
    facts = AttestationFacts(
        read_back=True,
        language=TextLanguage.ARABIC,
        by_whom="The investigator, with the interpreter",
        signed_how=SignedHow.AUDIO_ASSENT,
    )
    attest(by=by, testimony=testimony, facts=facts)


def _approve(reviewer: User, testimony: Testimony, comments: str) -> Testimony:
    take_up_review(by=reviewer, testimony=testimony)
    return approve_testimony(
        by=reviewer, testimony=testimony, checklist=frozenset(ReviewCheck), comments=comments
    )
