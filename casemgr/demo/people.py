"""The people who work in the demonstration. All are invented; none has a password or a second factor."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from accounts.actions.installation import make_demonstration_person
from accounts.actions.trainings import TrainingFacts, note_training
from accounts.door import entering
from accounts.models import User
from accounts.vocabulary import Role, TrainingKind
from cases.actions.members import add_member
from cases.models import Case
from cases.vocabulary import MemberRole


@dataclass(frozen=True, slots=True)
class Person:
    """A persona that a newcomer may take, and what they are in the demonstration's case."""

    code: str
    name: str
    roles: tuple[Role, ...]
    in_case: MemberRole | None = None


# The lead opens the case and so is in it already.
LEAD = Person("LEAD-01", "Mona Haddad", (Role.INVESTIGATOR, Role.SUPERVISOR))
INVESTIGATOR = Person("INV-01", "Karim Aziz", (Role.INVESTIGATOR,), MemberRole.INVESTIGATOR)
SECOND_INVESTIGATOR = Person("INV-02", "Layla Omran", (Role.INVESTIGATOR,), MemberRole.INVESTIGATOR)
SUPERVISOR = Person("SUP-01", "Elena Marin", (Role.SUPERVISOR,), MemberRole.SUPERVISOR)
ANALYST = Person("ANA-01", "Jonas Feld", (Role.ANALYST,), MemberRole.ANALYST)
DISCLOSURE = Person("DIS-01", "Ines Duarte", (Role.DISCLOSURE_OFFICER,), MemberRole.DISCLOSURE_OFFICER)
EVIDENCE_CUSTODIAN = Person("EVI-01", "Petra Lang", (Role.EVIDENCE_CUSTODIAN,), MemberRole.EVIDENCE_CUSTODIAN)
INTERPRETER = Person("INT-01", "Sami Nasser", (Role.INTERPRETER,), MemberRole.INTERPRETER)
ADMINISTRATOR = Person("ADM-01", "Vera Lind", (Role.SYSADMIN,))
RECIPIENT = Person("REC-01", "Registrar of the mechanism", (Role.RECIPIENT,))
PEOPLE = (
    LEAD,
    INVESTIGATOR,
    SECOND_INVESTIGATOR,
    SUPERVISOR,
    ANALYST,
    DISCLOSURE,
    RECIPIENT,
    INTERPRETER,
    Person("TRA-01", "Dalia Rahal", (Role.TRANSLATOR,), MemberRole.TRANSLATOR),
    Person("LEG-01", "Aoife Brennan", (Role.LEGAL_REVIEWER,), MemberRole.LEGAL_REVIEWER),
    Person("CUS-01", "Tomas Vidal", (Role.IDENTITY_CUSTODIAN,), MemberRole.IDENTITY_CUSTODIAN),
    Person("CUS-02", "Nour Khalil", (Role.IDENTITY_CUSTODIAN,), MemberRole.IDENTITY_CUSTODIAN),
    Person("CUS-03", "Rana Darwish", (Role.IDENTITY_CUSTODIAN,), MemberRole.IDENTITY_CUSTODIAN),
    EVIDENCE_CUSTODIAN,
    Person("AUD-01", "Hugo Stein", (Role.AUDITOR,), MemberRole.AUDITOR),
    ADMINISTRATOR,
    Person("INV-03", "Omar Saleh, in no case", (Role.INVESTIGATOR,)),
)


# Who was trained for what, how many days ago, and for how many days it counts: one has expired.
TRAINED = (
    (INVESTIGATOR, TrainingKind.TRAUMA, 200, 730),
    (INVESTIGATOR, TrainingKind.SGBV, 200, 730),
    (INTERPRETER, TrainingKind.TRAUMA, 90, 730),
    (SECOND_INVESTIGATOR, TrainingKind.SGBV, 800, 730),
    (EVIDENCE_CUSTODIAN, TrainingKind.CHAIN_OF_CUSTODY, 120, 1095),
)


def make_people() -> None:
    """Write everybody, as the machine of the demonstration: before this there is nobody."""
    for person in PEOPLE:
        make_demonstration_person(staff_code=person.code, name=person.name, roles=person.roles)
    with acting(ADMINISTRATOR) as admin:
        for person, kind, ago, days in TRAINED:
            done = timezone.localdate() - timedelta(days=ago)
            facts = TrainingFacts(
                kind=kind,
                completed_on=done,
                expires_on=done + timedelta(days=days),
                certificate="The institute of the demonstration; paper in the personal file",
            )
            note_training(user=User.objects.get(staff_code=person.code), facts=facts, by=admin)


def gather_members(case: Case) -> None:
    """Let the lead take everybody into the case who works on it."""
    with acting(LEAD) as lead:
        for person in PEOPLE:
            if person.in_case is not None:
                add_member(
                    by=lead,
                    case=case,
                    user=User.objects.get(staff_code=person.code),
                    role=person.in_case,
                    reason="Works on the demonstration's case",
                )


@contextmanager
def acting(person: Person) -> Iterator[User]:
    """Come in by the door as one of them: no row of the demonstration is written past a check."""
    user = User.objects.get(staff_code=person.code)
    with entering(user, "demonstration"):
        yield user
