"""Rows for tests, made through the actions as people make them: nothing here writes past a check."""

from accounts.door import entering
from accounts.models import User
from cases.actions.cases import open_case
from cases.actions.members import add_member
from cases.facts import CaseFacts
from cases.models import Case, Membership
from cases.vocabulary import MemberRole, StandardOfProof

CASE = CaseFacts(
    title="Killings on the coast",
    situation="Syria",
    mandate="To establish what happened on 8 and 9 March",
    standard_of_proof=StandardOfProof.GROUNDS_TO_BELIEVE,
)


def make_case(lead: User, *, prefix: str = "BAN", facts: CaseFacts = CASE) -> Case:
    """Open a case of which `lead` is the lead."""
    with entering(lead, "test"):
        return open_case(by=lead, prefix=prefix, facts=facts)


def join(case: Case, lead: User, user: User, role: MemberRole, *, sees_strict: bool = False) -> Membership:
    """Let `lead` take `user` into the case."""
    with entering(lead, "test"):
        return add_member(by=lead, case=case, user=user, role=role, reason="needed", sees_strict=sees_strict)
