"""What a person may do inside a case, and which role brings it. One sorted list shows every power."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    """One grammar: `subject:verb`. A misspelling is an AttributeError, never an empty list."""

    CASE_READ = "case:read"
    CASE_EDIT = "case:edit"
    CASE_LOCK = "case:lock"
    CONSENT_RECORD = "consent:record"
    CONSENT_WITHDRAW = "consent:withdraw"
    ERASURE_ASK = "erasure:ask"
    ERASURE_CONFIRM = "erasure:confirm"
    EVIDENCE_ADD = "evidence:add"
    EVIDENCE_INTEGRITY = "evidence:integrity"
    EVIDENCE_READ = "evidence:read"
    EVIDENCE_VERIFY = "evidence:verify"
    EXPORT_APPROVE = "export:approve"
    EXPORT_BUILD = "export:build"
    EXPORT_READ = "export:read"
    EXPORT_REDACT = "export:redact"
    EXPORT_REQUEST = "export:request"
    FINDING_READ = "finding:read"
    FINDING_WRITE = "finding:write"
    HOLD_MANAGE = "hold:manage"
    IDENTITY_CARRY = "identity:carry"
    IDENTITY_GUARD = "identity:guard"
    IDENTITY_REQUEST = "identity:request"
    IDENTITY_SESSION = "identity:session"
    INCIDENT_READ = "incident:read"
    INCIDENT_WRITE = "incident:write"
    INTERVIEW_WRITE = "interview:write"
    LOG_READ = "log:read"
    MEMBER_MANAGE = "member:manage"
    STRICT_READ = "strict:read"
    TESTIMONY_READ = "testimony:read"
    TESTIMONY_REVIEW = "testimony:review"
    TESTIMONY_WRITE = "testimony:write"
    WITNESS_READ = "witness:read"
    WITNESS_REGISTER = "witness:register"


class MemberRole(TextChoices):
    LEAD = "lead", _("Case lead")
    INVESTIGATOR = "investigator", _("Investigator")
    INTERPRETER = "interpreter", _("Interpreter")
    TRANSLATOR = "translator", _("Translator")
    ANALYST = "analyst", _("Analyst")
    SUPERVISOR = "supervisor", _("Supervisor")
    LEGAL_REVIEWER = "legal_reviewer", _("Legal reviewer")
    IDENTITY_CUSTODIAN = "identity_custodian", _("Identity custodian")
    DISCLOSURE_OFFICER = "disclosure_officer", _("Disclosure officer")
    EVIDENCE_CUSTODIAN = "evidence_custodian", _("Evidence custodian")
    AUDITOR = "auditor", _("Auditor")


class Sensitivity(TextChoices):
    PUBLIC = "public", _("Public")
    RESTRICTED = "restricted", _("Restricted")
    CONFIDENTIAL = "confidential", _("Confidential")
    STRICTLY_CONFIDENTIAL = "strictly_confidential", _("Strictly confidential")


_READ = frozenset(
    {
        Permission.CASE_READ,
        Permission.EVIDENCE_READ,
        Permission.FINDING_READ,
        Permission.INCIDENT_READ,
        Permission.TESTIMONY_READ,
        Permission.WITNESS_READ,
    }
)
_INTAKE = frozenset(
    {
        Permission.CONSENT_RECORD,
        Permission.CONSENT_WITHDRAW,
        Permission.EVIDENCE_ADD,
        Permission.INCIDENT_WRITE,
        Permission.INTERVIEW_WRITE,
        Permission.TESTIMONY_WRITE,
        Permission.WITNESS_REGISTER,
    }
)
# What a locked case still allows: to see that it is, and to have it reopened.
WHILE_LOCKED = frozenset({Permission.CASE_LOCK})
# Withdrawal is for any member who meets witnesses or their words: it must never wait for the right person.
ROLE_PERMISSIONS: dict[MemberRole, frozenset[Permission]] = {
    MemberRole.LEAD: _READ
    | _INTAKE
    | {
        Permission.CASE_EDIT,
        Permission.CASE_LOCK,
        Permission.ERASURE_CONFIRM,
        Permission.EXPORT_READ,
        Permission.FINDING_WRITE,
        Permission.IDENTITY_REQUEST,
        Permission.HOLD_MANAGE,
        Permission.LOG_READ,
        Permission.MEMBER_MANAGE,
        Permission.STRICT_READ,
    },
    MemberRole.INVESTIGATOR: _READ | _INTAKE | {Permission.IDENTITY_REQUEST},
    MemberRole.INTERPRETER: frozenset(
        {
            Permission.CASE_READ,
            Permission.CONSENT_WITHDRAW,
            Permission.TESTIMONY_READ,
            Permission.WITNESS_READ,
        }
    ),
    MemberRole.TRANSLATOR: frozenset(
        {
            Permission.CASE_READ,
            Permission.CONSENT_WITHDRAW,
            Permission.TESTIMONY_READ,
            Permission.TESTIMONY_WRITE,
            Permission.WITNESS_READ,
        }
    ),
    MemberRole.ANALYST: _READ
    | {
        Permission.CONSENT_WITHDRAW,
        Permission.EVIDENCE_VERIFY,
        Permission.FINDING_WRITE,
        Permission.INCIDENT_WRITE,
    },
    MemberRole.SUPERVISOR: _READ
    | {
        Permission.CASE_EDIT,
        Permission.CASE_LOCK,
        Permission.CONSENT_WITHDRAW,
        Permission.ERASURE_CONFIRM,
        Permission.EVIDENCE_VERIFY,
        Permission.EXPORT_APPROVE,
        Permission.EXPORT_READ,
        Permission.FINDING_WRITE,
        Permission.IDENTITY_REQUEST,
        Permission.HOLD_MANAGE,
        Permission.INCIDENT_WRITE,
        Permission.LOG_READ,
        Permission.TESTIMONY_REVIEW,
    },
    MemberRole.LEGAL_REVIEWER: _READ
    | {
        Permission.CONSENT_WITHDRAW,
        Permission.EXPORT_READ,
        Permission.FINDING_WRITE,
        Permission.HOLD_MANAGE,
        Permission.TESTIMONY_REVIEW,
    },
    # A custodian writes no text and administers nothing in the cases they guard.
    MemberRole.IDENTITY_CUSTODIAN: frozenset(
        {
            Permission.CASE_LOCK,
            Permission.CASE_READ,
            Permission.CONSENT_WITHDRAW,
            Permission.IDENTITY_CARRY,
            Permission.IDENTITY_GUARD,
            Permission.IDENTITY_SESSION,
            Permission.ERASURE_ASK,
            Permission.ERASURE_CONFIRM,
            Permission.WITNESS_READ,
        }
    ),
    MemberRole.DISCLOSURE_OFFICER: _READ
    | {
        Permission.CONSENT_WITHDRAW,
        Permission.EXPORT_BUILD,
        Permission.EXPORT_READ,
        Permission.EXPORT_REDACT,
        Permission.EXPORT_REQUEST,
        Permission.IDENTITY_SESSION,
        Permission.IDENTITY_CARRY,
    },
    MemberRole.EVIDENCE_CUSTODIAN: frozenset(
        {
            Permission.CASE_READ,
            Permission.CONSENT_WITHDRAW,
            Permission.EVIDENCE_ADD,
            Permission.EVIDENCE_INTEGRITY,
            Permission.EVIDENCE_READ,
        }
    ),
    # An auditor sees what was done, never what was said: the log, and no sealed value.
    MemberRole.AUDITOR: frozenset({Permission.LOG_READ}),
}
