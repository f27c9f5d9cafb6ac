"""Who may hear a minor, a survivor of sexual violence, or somebody in acute trauma.

Promise: nobody sits down with them, in any step up to the beginning, unless whoever asks and whoever
interprets are in the case and trained for it on that day; that nobody interprets must be said; and what is
not known is not taken for fitting. Called by the actions of interviews and by the pages that show who fits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from accounts.models import User, trainings_of
from accounts.vocabulary import TrainingKind
from cases.errors import ForgedMembership, NotAllowed, NotAtThisTable, NotVisible, SpecialistMissing
from cases.facts import MeetingFacts, WitnessFacts
from cases.models import Case, Interview, Witness
from cases.permissions import check, members_with, roles_with
from cases.vocabulary import MINOR_BANDS, MemberRole, Permission, Vulnerability
from vault.opening import Opened, open_row
from vault.vocabulary import Purpose

# What stands in the cell of the interpreter where both speak the same language.
NOBODY: Final = "none"
WANTED: Mapping[Vulnerability, TrainingKind] = {
    Vulnerability.MINOR: TrainingKind.CHILD,
    Vulnerability.SGBV_SURVIVOR: TrainingKind.SGBV,
    Vulnerability.ACUTE_TRAUMA: TrainingKind.TRAUMA,
}
INTERPRETS = frozenset({MemberRole.INTERPRETER, MemberRole.INVESTIGATOR, MemberRole.LEAD})


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody who is to sit with the person: their code, empty while nobody said who, and what they lack."""

    code: str
    is_of_the_case: bool = False
    lacks: frozenset[TrainingKind] = frozenset()

    @property
    def fits(self) -> bool:
        """Whether they may sit there."""
        return self.code == NOBODY or (self.is_of_the_case and not self.lacks)


@dataclass(frozen=True, slots=True)
class Table:
    """What the person needs, and who is to hear them."""

    wanted: frozenset[TrainingKind]
    interviewer: Seat
    interpreter: Seat

    @property
    def fits(self) -> bool:
        """Whether the meeting may be held so."""
        return not self.wanted or (
            self.interviewer.code != NOBODY and self.interviewer.fits and self.interpreter.fits
        )


def wanted_by(vulnerability: object, age_band: str) -> frozenset[TrainingKind]:
    """What whoever hears such a person must be trained for."""
    said = vulnerability if isinstance(vulnerability, list | tuple) else ()
    wanted = {WANTED[Vulnerability(one)] for one in said if one in WANTED}
    return frozenset(wanted | {TrainingKind.CHILD} if age_band in MINOR_BANDS else wanted)


def table_of(interview: Interview, seats: Opened, *, reader: User, on: date, why: Purpose) -> Table:
    """Say who is to hear the witness and whether they may; `seats` are the opened cells of the interview."""
    witness = Witness.objects.get(pk=interview.witness_id)  # as it is now, whatever was read with the meeting
    opened = open_row(witness, "vulnerability", "age_band", reader=reader.staff_code, purpose=why)
    wanted = wanted_by(opened.json("vulnerability"), opened.text("age_band"))
    return _laid(interview.case, wanted, seats.text("interviewer"), seats.text("interpreter"), on)


def needs_specialists(*, by: User, interview: Interview, on: date) -> None:
    """Raise `SpecialistMissing` unless the meeting may be held on that day by those who are named."""
    seats = open_row(interview, "interviewer", "interpreter", reader=by.staff_code, purpose=Purpose.REVIEW)
    if not table_of(interview, seats, reader=by, on=on, why=Purpose.REVIEW).fits:
        raise SpecialistMissing(subject=f"interview:{interview.pk}", scope=interview.case_id)


def needs_fitting(case: Case, subject: str, *, person: WitnessFacts, meeting: MeetingFacts, on: date) -> None:
    """Raise `SpecialistMissing` where an intake tells of a person whom those who are named may not hear."""
    wanted, named = wanted_by(person.vulnerability, person.age_band), meeting.interview
    if not _laid(case, wanted, named.interviewer, named.interpreter, on).fits:
        raise SpecialistMissing(subject=subject, scope=case.pk)


def seated(case: Case, subject: str, *, interviewer: str, interpreter: str) -> None:
    """Raise `NotAtThisTable` where somebody is named who is not of this case; empty means not known yet."""
    people = _people(interviewer, interpreter)
    ok = not interviewer or _interviews(people.get(interviewer), case)
    if interpreter not in ("", NOBODY):
        ok = ok and interpreter != interviewer and _interprets(people.get(interpreter), case)
    if not ok:
        raise NotAtThisTable(subject=subject, scope=case.pk)


def interviewers(case: Case) -> list[str]:
    """The codes of those who take interviews in the case."""
    return sorted(one.staff_code for one in members_with(Permission.INTERVIEW_WRITE, case))


def interpreters(case: Case) -> list[str]:
    """The codes of those who may interpret in the case."""
    return sorted(one.staff_code for one in _speaking(case))


def fitting(case: Case, wanted: frozenset[TrainingKind], on: date) -> list[str]:
    """The codes of those in the case who are trained for all of it on that day."""
    people = _speaking(case)
    held = trainings_of(people, on)
    return sorted(one.staff_code for one in people if wanted <= held[one.pk])


def _laid(case: Case, wanted: frozenset[TrainingKind], first: str, second: str, on: date) -> Table:
    people = _people(first, second)
    held = trainings_of(people.values(), on) if wanted else {}
    asks, says = people.get(first), people.get(second)
    return Table(
        wanted,
        Seat(first, _interviews(asks, case), _lacks(asks, wanted, held)),
        Seat(second, second != first and _interprets(says, case), _lacks(says, wanted, held)),
    )


def _lacks(
    person: User | None, wanted: frozenset[TrainingKind], held: Mapping[UUID, frozenset[TrainingKind]]
) -> frozenset[TrainingKind]:
    return wanted if person is None else wanted - held.get(person.pk, frozenset())


def _people(*codes: str) -> dict[str, User]:
    rows = User.objects.filter(staff_code__in=[one for one in codes if one and one != NOBODY], is_active=True)
    return {one.staff_code: one for one in rows}


def _speaking(case: Case) -> list[User]:
    """The people who may interpret in the case."""
    roles = roles_with(Permission.WITNESS_READ, case)
    return [person for person, role in roles.items() if role in INTERPRETS]


def _interviews(person: User | None, case: Case) -> bool:
    return _role_in(person, case, Permission.INTERVIEW_WRITE) is not None


def _interprets(person: User | None, case: Case) -> bool:
    return _role_in(person, case, Permission.WITNESS_READ) in INTERPRETS


def _role_in(person: User | None, case: Case, power: Permission) -> MemberRole | None:
    """The role of a membership in force that carries our tag and holds the power."""
    if person is None:
        return None
    try:
        return MemberRole(check(person, power, case).role)
    except (NotVisible, NotAllowed, ForgedMembership):
        return None
