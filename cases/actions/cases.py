"""Opening a case, changing what it says of itself, and moving it on.

Promise: a case has a mandate and a standard of proof from its first row, and one lead from its first second.
Called by views, commands and the demonstration.
"""

import re
from uuid import uuid4

from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.vocabulary import Role
from audit.actions import record
from audit.vocabulary import Kind
from cases.actions.members import grant
from cases.codes import random_code
from cases.errors import CaseIncomplete, EditedMeanwhile, MayNotOpenCases, StepNotPossible
from cases.facts import CaseFacts
from cases.models import Case
from cases.permissions import check
from cases.vocabulary import CaseStatus, MemberRole, Permission
from vault.keys import create_scope_key
from vault.scopes import Scope

MAY_OPEN = (Role.INVESTIGATOR, Role.SUPERVISOR)
STEPS: dict[CaseStatus, frozenset[CaseStatus]] = {
    CaseStatus.OPEN: frozenset({CaseStatus.UNDER_REVIEW}),
    CaseStatus.UNDER_REVIEW: frozenset({CaseStatus.RETURNED, CaseStatus.FINDINGS_APPROVED}),
    CaseStatus.RETURNED: frozenset({CaseStatus.UNDER_REVIEW}),
    CaseStatus.FINDINGS_APPROVED: frozenset({CaseStatus.CLOSED}),
    CaseStatus.CLOSED: frozenset({CaseStatus.ARCHIVED, CaseStatus.OPEN}),
    CaseStatus.ARCHIVED: frozenset({CaseStatus.OPEN}),
}
_KINDS = {
    CaseStatus.UNDER_REVIEW: Kind.CASE_REVIEWED,
    CaseStatus.RETURNED: Kind.CASE_RETURNED,
    CaseStatus.FINDINGS_APPROVED: Kind.CASE_REVIEWED,
    CaseStatus.CLOSED: Kind.CASE_CLOSED,
    CaseStatus.ARCHIVED: Kind.CASE_ARCHIVED,
    CaseStatus.OPEN: Kind.CASE_REOPENED,
}
_CHANGING = ("title", "mandate", "situation", "standard_of_proof", "armed_conflict", "retention_rule")


def open_case(*, by: User, prefix: str, facts: CaseFacts) -> Case:
    """Open a case and make its opener the lead. Raises `MayNotOpenCases`, `CaseIncomplete`."""
    if not by.has_role(*MAY_OPEN):
        raise MayNotOpenCases(subject=f"user:{by.pk}")
    if not re.fullmatch(r"[A-Z]{2,5}", prefix):
        raise CaseIncomplete(field="letters")
    _complete(facts)
    case = _insert(by, prefix, facts)
    membership = grant(case=case, user=by, role=MemberRole.LEAD, by=by, reason="")
    record(
        Kind.CASE_OPENED,
        by=by.staff_code,
        subject=f"case:{case.pk}",
        scope=case.pk,
        facts={"code": case.code, "standard_of_proof": case.standard_of_proof},
        rows=[case, membership],
    )
    return case


def change_case(*, by: User, case: Case, expected: int, facts: CaseFacts) -> Case:
    """Change title, mandate and what decides about the law; `expected` is the revision that was read."""
    check(by, Permission.CASE_EDIT, case)
    _complete(facts)
    locked = Case.objects.select_for_update().get(pk=case.pk)
    if locked.revision != expected:
        raise EditedMeanwhile(subject=f"case:{case.pk}", scope=case.pk)
    _fill(locked, facts)
    locked.revision += 1
    locked.save(update_fields=[*_CHANGING, "revision"])
    record(
        Kind.CASE_CHANGED,
        by=by.staff_code,
        subject=f"case:{case.pk}",
        scope=case.pk,
        facts={"revision": locked.revision},
        rows=[locked],
    )
    return locked


def move_case(*, by: User, case: Case, to: CaseStatus) -> Case:
    """Take the case one step on. Findings are approved, and a case reopened, by a supervisor alone."""
    supervised = to in (CaseStatus.FINDINGS_APPROVED, CaseStatus.RETURNED, CaseStatus.OPEN)
    check(by, Permission.TESTIMONY_REVIEW if supervised else Permission.CASE_EDIT, case)
    locked = Case.objects.select_for_update().get(pk=case.pk)
    before = CaseStatus(locked.status)
    if to not in STEPS[before]:
        raise StepNotPossible(subject=f"case:{case.pk}", scope=case.pk, before=before.value, to=to.value)
    locked.status = to
    locked.save(update_fields=["status"])
    record(
        _KINDS[to],
        by=by.staff_code,
        subject=f"case:{case.pk}",
        scope=case.pk,
        facts={"before": before.value, "to": to.value},
        rows=[locked],
    )
    return locked


def _complete(facts: CaseFacts) -> None:
    for name in ("title", "situation", "mandate", "standard_of_proof"):
        if not str(getattr(facts, name)).strip():
            raise CaseIncomplete(field=name)


def _fill(case: Case, facts: CaseFacts) -> None:
    case.situation = facts.situation.strip()
    case.standard_of_proof = facts.standard_of_proof
    case.armed_conflict = facts.armed_conflict
    case.retention_rule = facts.retention_rule
    case.seal(title=facts.title.strip(), mandate=facts.mandate.strip())


def _insert(by: User, prefix: str, facts: CaseFacts) -> Case:
    """Insert under a random code; a code that exists already, in a case nobody here sees, is drawn anew."""
    case_id = uuid4()
    create_scope_key(Scope.case(case_id))
    while True:
        case = Case(id=case_id, code=random_code(prefix), prefix=prefix, created_by=by)
        _fill(case, facts)
        try:
            with transaction.atomic():
                case.save(force_insert=True)
        except IntegrityError as error:
            if "code" not in str(error):
                raise
        else:
            return case
