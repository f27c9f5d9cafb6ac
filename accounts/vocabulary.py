"""What a person may be in the organisation, and the states that belong to people."""

from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """A role in the organisation. What a person may do in a case is decided by their membership there."""

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
    SYSADMIN = "sysadmin", _("System administrator")
    RECIPIENT = "recipient", _("Recipient")


# System administrators and auditors run and check the system; what it holds is closed to them.
WITHOUT_CONTENT = frozenset({Role.SYSADMIN, Role.AUDITOR})

# The first letters of a staff code tell the role it was first given for.
CODE_PREFIXES = {
    Role.INVESTIGATOR: "INV",
    Role.INTERPRETER: "INT",
    Role.TRANSLATOR: "TRA",
    Role.ANALYST: "ANA",
    Role.SUPERVISOR: "SUP",
    Role.LEGAL_REVIEWER: "LEG",
    Role.IDENTITY_CUSTODIAN: "CUS",
    Role.DISCLOSURE_OFFICER: "DIS",
    Role.EVIDENCE_CUSTODIAN: "EVC",
    Role.AUDITOR: "AUD",
    Role.SYSADMIN: "ADM",
    Role.RECIPIENT: "REC",
}


class TrainingKind(TextChoices):
    """What somebody was trained for. Without the first three nobody hears those whom they are about."""

    SGBV = "sgbv", _("Sexual and gender-based violence")
    CHILD = "child", _("Hearing children")
    TRAUMA = "trauma", _("Acute trauma")
    CHAIN_OF_CUSTODY = "chain_of_custody", _("Chain of custody")


EXPIRES_SOON = timedelta(days=30)  # long enough to find another training


class LinkPurpose(TextChoices):
    """Why a person holds a one-time link."""

    INVITATION = "invitation", _("Invitation")
    RESET = "reset", _("Renewal of password and second factors")


class ResetState(TextChoices):
    """A renewal of credentials needs two people: one asks, another confirms."""

    REQUESTED = "requested", _("Requested")
    CONFIRMED = "confirmed", _("Confirmed")
    CANCELLED = "cancelled", _("Cancelled")


class OwedState(TextChoices):
    """Where a piece of owed work stands."""

    OWED = "owed", _("Owed")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class DrillState(TextChoices):
    """How far a drill has come."""

    ASKED = "asked", _("Waits for both")
    PASSED = "passed", _("Passed")
    FAILED = "failed", _("Failed")
    LATE = "late", _("Not answered in time")
    OVERTAKEN = "overtaken", _("Overtaken by a new directory")


DRILL_LIFE = timedelta(days=14)
DRILL_EVERY = timedelta(days=28)


class RepairState(TextChoices):
    """How far a repair of pairs has come."""

    ASKED = "asked", _("Waits for files")
    FINISHED = "finished", _("Finished")
    OVERTAKEN = "overtaken", _("Overtaken by a new directory")
