"""What people enter, as values: each action takes one, so that nothing travels as a loose dictionary."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from cases.vocabulary import (
    ActorKind,
    ActType,
    AgeBand,
    ArmedConflict,
    Autopsy,
    Channel,
    CivilianStatus,
    ConsentMethod,
    ConsentPurpose,
    Consistency,
    ContactOutcome,
    ContactSafety,
    CountingUnit,
    DeathCertificate,
    DeathMethod,
    Decision,
    Degree,
    DisclosedLevel,
    IdentificationStrength,
    IdentityLevel,
    Impact,
    InterviewMode,
    InterviewStatus,
    InterviewType,
    InvolvementStatus,
    Likelihood,
    Material,
    Outcome,
    PlaceType,
    Precision,
    PriorForm,
    ProtectiveMeasure,
    RecipientClass,
    Recording,
    ReferralAnswer,
    ReferralKind,
    RetentionRule,
    RiskDecision,
    RiskLevel,
    Rites,
    Sensitivity,
    Sex,
    SignedHow,
    StandardOfProof,
    TextLanguage,
    VersionKind,
    ViolationStatus,
    Vulnerability,
    WitnessCategory,
)

_SHAPE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3])(:[0-5]\d)?)?)?)?")
_LEAST = {Precision.EXACT_MINUTE: 16, Precision.HOUR: 13, Precision.DAY: 10, Precision.MONTH: 7}


@dataclass(frozen=True, slots=True)
class Dated:
    """A date as far as it is known: ISO 8601 cut where knowledge ends (`2025-03`), with its precision."""

    value: str = ""
    precision: Precision = Precision.UNKNOWN
    end: str = ""

    def is_sound(self) -> bool:
        """Tell whether value, precision and end fit together and name days that exist."""
        if self.precision == Precision.UNKNOWN:
            return not self.value and not self.end
        if not _exists(self.value) or len(self.value) < _LEAST.get(self.precision, 4):
            return False
        if self.precision == Precision.BETWEEN:
            return _exists(self.end) and self.end >= self.value
        return not self.end

    def cell(self) -> dict[str, str]:
        """The form in which a date is sealed."""
        return {"value": self.value, "precision": self.precision.value, "end": self.end}


def _exists(value: str) -> bool:
    if not _SHAPE.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value + "-01-01"[len(value) - 4 :] if len(value) < 10 else value[:10])
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    title: str
    situation: str
    mandate: str
    standard_of_proof: StandardOfProof
    armed_conflict: ArmedConflict = ArmedConflict.UNDETERMINED
    retention_rule: RetentionRule = RetentionRule.THIRTY_YEARS


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessFacts:
    public_pseudonym: str
    category: tuple[WitnessCategory, ...]
    sex: Sex = Sex.UNKNOWN
    age_band: AgeBand = AgeBand.UNKNOWN
    role_summary: str = ""
    languages: tuple[TextLanguage, ...] = ()
    vulnerability: tuple[Vulnerability, ...] = (Vulnerability.NONE_IDENTIFIED,)
    protective_measures: tuple[ProtectiveMeasure, ...] = (ProtectiveMeasure.PSEUDONYM,)
    risk_level: RiskLevel = RiskLevel.HIGH
    sensitivity: Sensitivity = Sensitivity.CONFIDENTIAL


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeAnswer:
    """One question about use, answered: each material by each kind of recipient becomes a row of its own."""

    purpose: ConsentPurpose
    decision: Decision
    materials: tuple[Material, ...]
    recipient_classes: tuple[RecipientClass, ...]
    identity_level: IdentityLevel = IdentityLevel.PSEUDONYM
    names_state_body: bool = False
    recontact_before_use: bool = False
    conditions: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentFacts:
    method: ConsentMethod
    language: TextLanguage
    sheet_version: str
    limits_explained: bool
    language_understood: bool
    capacity_confirmed: bool
    answers: tuple[ScopeAnswer, ...]
    interpreter: str = ""
    given_at: datetime | None = None
    valid_until: datetime | None = None
    guardian_consented: bool = False
    child_assented: bool = False
    best_interest_note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewFacts:
    type: InterviewType
    mode: InterviewMode
    recording: Recording
    added_value: str
    planned_at: datetime | None = None
    place_type: PlaceType | None = None
    place: str = ""
    language: TextLanguage | None = None
    dialect: str = ""
    interviewer: str = ""
    interpreter: str = ""
    participants: tuple[str, ...] = ()
    breaks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskFacts:
    """What was weighed; a day that is not said is today, and 30 days later it is weighed anew."""

    threats: str
    likelihood: Likelihood
    impact: Impact
    mitigations: str
    residual: str
    decision: RiskDecision
    assessed_on: date | None = None
    review_due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorFacts:
    form: PriorForm
    organisation: str = ""
    told_on: str = ""
    is_signed: bool = False
    is_copy_held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRulesFacts:
    channels: tuple[Channel, ...] = ()
    hours: str = ""
    through: str = ""
    words: str = ""
    never: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFacts:
    channel: Channel
    outcome: ContactOutcome
    safety: ContactSafety
    at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralFacts:
    kind: ReferralKind
    answer: ReferralAnswer
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingFacts:
    """A meeting told after it began: `outcome` is `in_progress` or one of the ends."""

    interview: InterviewFacts
    risk: RiskFacts
    prior: PriorFacts
    rights_explained: bool
    started_at: datetime | None = None
    outcome: InterviewStatus = InterviewStatus.COMPLETED
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFacts:
    text: str
    language: TextLanguage
    kind: VersionKind = VersionKind.STATEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeFacts:
    """All that one intake takes in; who the person is stands nowhere in it."""

    consent: ConsentFacts
    witness: WitnessFacts
    meeting: MeetingFacts
    account: AccountFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestationFacts:
    read_back: bool
    language: TextLanguage
    by_whom: str
    corrections_count: int = 0
    signed_how: SignedHow = SignedHow.NOT_SIGNED
    signed_at: datetime | None = None
    refused_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationFacts:
    name_en: str = ""
    name_ar: str = ""
    admin: tuple[str, ...] = ()
    pcode: str = ""
    type: PlaceType = PlaceType.OTHER
    latitude: float | None = None
    longitude: float | None = None
    precision_m: int | None = None
    disclosed_level: DisclosedLevel = DisclosedLevel.TOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentFacts:
    title: str
    dates: Dated = field(default_factory=Dated)
    description: str = ""
    violation_status: ViolationStatus = ViolationStatus.UNKNOWN
    sensitivity: Sensitivity = Sensitivity.CONFIDENTIAL


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedReason:
    """Words spoken during the act, such as a question about sect: what, by whom, in which language."""

    words: str
    spoken_by: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActFacts:
    type: ActType
    dates: Dated = field(default_factory=Dated)
    method: str = ""
    stated_reason: StatedReason | None = None
    attribution: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorFacts:
    kind: ActorKind
    identification_strength: IdentificationStrength
    name: str = ""
    aliases: tuple[str, ...] = ()
    side: str = ""
    rank_or_position: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvolvementFacts:
    degree: Degree
    status: InvolvementStatus = InvolvementStatus.ALLEGED
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VictimFacts:
    outcome: Outcome
    counting_unit: CountingUnit = CountingUnit.INDIVIDUAL
    sex: Sex = Sex.UNKNOWN
    age_band: AgeBand = AgeBand.UNKNOWN
    civilian_status: CivilianStatus = CivilianStatus.UNDETERMINED
    group_targeted: tuple[str, ...] = ()
    known_as: str = ""
    family_consent_to_name: bool | None = None
    dates: Dated = field(default_factory=Dated)


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyStep:
    """One step of the way of a body: found, moved, hospital, morgue, burial."""

    step: str
    at: Dated = field(default_factory=Dated)
    place: str = ""
    by_whom: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeathFacts:
    dates: Dated = field(default_factory=Dated)
    place: str = ""
    method: DeathMethod = DeathMethod.UNKNOWN
    cause_basis: str = ""
    body_condition: str = ""
    wounds: str = ""
    consistency: Consistency = Consistency.NOT_ASSESSED
    autopsy: Autopsy = Autopsy.UNKNOWN
    certificate: DeathCertificate = DeathCertificate.UNKNOWN
    chain: tuple[BodyStep, ...] = ()
    grave_ref: str = ""
    burial_ordered_by: str = ""
    rites: Rites = Rites.UNKNOWN
