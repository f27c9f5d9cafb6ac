"""People, their roles, and what lets them sign in.

A reset and the cases: `User.credentials_reset_at` is set when a second person confirms a reset of
somebody's password and factors. From then on that person is in no case until the lead of each case readmits
them: a membership counts only when it was granted, or confirmed again, after that moment. `cases` asks
`User.needs_readmission(since)` in Python and compares the same column in its EXISTS and in row-level
security:

    coalesce(accounts_user.credentials_reset_at, '-infinity') < membership.granted_at
"""

from accounts.models.directory import CustodianDirectory
from accounts.models.drill import Drill, DrillAnswer, DrillIdentity
from accounts.models.link import CredentialReset, OneTimeLink
from accounts.models.person import User, UserRole
from accounts.models.repair import Repair
from accounts.models.session import Session
from accounts.models.state import DemonstrationLink, Installation, Throttle
from accounts.models.training import Training, expiring, trainings_of

__all__ = [
    "CredentialReset",
    "CustodianDirectory",
    "DemonstrationLink",
    "Drill",
    "DrillAnswer",
    "DrillIdentity",
    "Installation",
    "OneTimeLink",
    "Repair",
    "Session",
    "Throttle",
    "Training",
    "User",
    "UserRole",
    "expiring",
    "trainings_of",
]
