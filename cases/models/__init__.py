"""The nouns of this room. Every row of a case is sealed where it tells anything and shown to members only."""

from cases.models.case import Case, CaseCounter, CaseRow
from cases.models.consent import Consent, ConsentEvent, ConsentScope, Use
from cases.models.contact import ContactEntry, ContactRules, Referral
from cases.models.draft import Draft
from cases.models.events import Act, Actor, Incident, IncidentLink, Involvement, Location, Record, Revision
from cases.models.hold import LegalHold
from cases.models.interview import Interview
from cases.models.lock import CaseLock, LockWord
from cases.models.membership import CaseGrant, Membership
from cases.models.risk import PriorAccount, RepetitionReason, RiskAssessment
from cases.models.session import IdentitySession, SessionDecision, SessionItem, SessionReport
from cases.models.testimony import Attestation, Review, Testimony, TestimonyVersion
from cases.models.unsealing import IdentityDecision, IdentityRequest
from cases.models.victim import ActVictim, Death, Victim
from cases.models.view import SavedView
from cases.models.watch import NameWatch
from cases.models.witness import GivenRow, Witness, WitnessRow

__all__ = [
    "Act",
    "ActVictim",
    "Actor",
    "Attestation",
    "Case",
    "CaseCounter",
    "CaseGrant",
    "CaseLock",
    "CaseRow",
    "Consent",
    "ConsentEvent",
    "ConsentScope",
    "ContactEntry",
    "ContactRules",
    "Death",
    "Draft",
    "GivenRow",
    "IdentityDecision",
    "IdentityRequest",
    "IdentitySession",
    "Incident",
    "IncidentLink",
    "Interview",
    "Involvement",
    "LegalHold",
    "Location",
    "LockWord",
    "Membership",
    "NameWatch",
    "PriorAccount",
    "Record",
    "Referral",
    "RepetitionReason",
    "Review",
    "Revision",
    "RiskAssessment",
    "SavedView",
    "SessionDecision",
    "SessionItem",
    "SessionReport",
    "Testimony",
    "TestimonyVersion",
    "Use",
    "Victim",
    "Witness",
    "WitnessRow",
]
