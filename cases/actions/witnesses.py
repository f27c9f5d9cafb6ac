"""Registering a witness, correcting what is known of them, and moving them on.

Promise: a witness has a random code, a pseudonym of their own and a key of their own from the first row; no
name is taken here. Called by the intake, the witness pages and the demonstration.
"""

from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from accounts.models import User
from audit.actions import record
from audit.vocabulary import Kind
from cases.actions.consents import end_unguarded, withdraw_all
from cases.actions.specialists import wanted_by
from cases.actions.witness_steps import FOLLOWING, step
from cases.codes import random_code
from cases.errors import EditedMeanwhile, NeedTakenAway, PseudonymTaken, StepNotPossible, WitnessIncomplete
from cases.facts import WitnessFacts
from cases.models import Case, Interview, Witness
from cases.names import is_same
from cases.permissions import check, open_for_work
from cases.vocabulary import MINOR_BANDS, UNENDED, Permission, Vulnerability, WitnessStatus
from vault.keys import create_unit_key
from vault.opening import open_row, open_rows
from vault.scopes import Scope
from vault.vocabulary import Purpose

LONGEST_PSEUDONYM = 60


def register_witness(*, by: User, case: Case, facts: WitnessFacts, witness_id: UUID | None = None) -> Witness:
    """Register a witness under a pseudonym that nobody in the case has had.

    `witness_id` is the id that an intake gave them; their key was made with it.
    """
    check(by, Permission.WITNESS_REGISTER, case)
    open_for_work(case)
    _complete(case, facts)
    _pseudonym_free(by, case, facts.public_pseudonym)
    if witness_id is None:
        witness_id = uuid4()
        create_unit_key(Scope.witness(case.pk, witness_id), by=by.staff_code)
    while True:
        witness = Witness(id=witness_id, case=case, code=random_code("W"), created_by=by)
        _fill(witness, facts)
        try:
            with transaction.atomic():
                witness.save(force_insert=True)
        except IntegrityError as error:
            if "code" not in str(error):
                raise
        else:
            break
    _record(Kind.WITNESS_REGISTERED, by, witness, code=witness.code)
    return witness


def change_witness(*, by: User, witness: Witness, expected: int, facts: WitnessFacts) -> Witness:
    """Correct what is known of a witness; the code never changes.

    Where they turn out to be a minor, a consent that no guardian gave with them is over. Raises
    `NeedTakenAway` where they would need trained people no more while a meeting is open.
    """
    check(by, Permission.WITNESS_REGISTER, witness.case_id)
    locked = Witness.objects.select_for_update(of=("self",)).select_related("case").get(pk=witness.pk)
    open_for_work(locked.case)
    _complete(locked.case, facts)
    _pseudonym_free(by, locked.case, facts.public_pseudonym, apart_from=locked)
    if locked.revision != expected:
        raise EditedMeanwhile(subject=f"witness:{locked.pk}", scope=locked.case_id)
    eased = _eased(by, locked, facts)
    _fill(locked, facts)
    locked.revision += 1
    locked.save(update_fields=[*_CELLS, "sensitivity", "revision"])
    _record(Kind.WITNESS_CHANGED, by, locked, revision=locked.revision, **eased)
    if facts.age_band in MINOR_BANDS or Vulnerability.MINOR in facts.vulnerability:
        end_unguarded(by=by, witness=locked)
    return locked


def move_witness(*, by: User, witness: Witness, to: WitnessStatus) -> Witness:
    """Take a witness one step on; what follows from a consent or an account is not chosen by hand.

    A witness who withdraws takes their consent back with the same word.
    """
    check(by, Permission.WITNESS_REGISTER, witness.case_id)
    if to in FOLLOWING:
        raise StepNotPossible(subject=f"witness:{witness.pk}", scope=witness.case_id, to=to.value)
    locked = Witness.objects.select_for_update().get(pk=witness.pk)
    moved = step(by=by, witness=locked, to=to)
    if to == WitnessStatus.WITHDRAWN:
        withdraw_all(by=by, witness=moved)
    return moved


_CELLS = (
    "public_pseudonym",
    "category",
    "sex",
    "age_band",
    "role_summary",
    "languages",
    "vulnerability",
    "protective_measures",
    "risk_level",
)


def _eased(by: User, witness: Witness, facts: WitnessFacts) -> dict[str, int]:
    """Tell for the log that fewer trainings are needed than before; while a meeting is open refuse it."""
    opened = open_row(witness, "vulnerability", "age_band", reader=by.staff_code, purpose=Purpose.EDIT)
    before = wanted_by(opened.json("vulnerability"), opened.text("age_band"))
    if not before - wanted_by(facts.vulnerability, facts.age_band):
        return {}
    if Interview.objects.filter(witness=witness, status__in=UNENDED).exists():
        raise NeedTakenAway(subject=f"witness:{witness.pk}", scope=witness.case_id)
    return {"eases": 1}


def _fill(witness: Witness, facts: WitnessFacts) -> None:
    witness.sensitivity = facts.sensitivity
    witness.seal(
        public_pseudonym=facts.public_pseudonym.strip(),
        category=[str(value) for value in facts.category],
        sex=str(facts.sex),
        age_band=str(facts.age_band),
        role_summary=facts.role_summary.strip() or None,
        languages=[str(value) for value in facts.languages] or None,
        vulnerability=[str(value) for value in facts.vulnerability],
        protective_measures=[str(value) for value in facts.protective_measures],
        risk_level=str(facts.risk_level),
    )


def _complete(case: Case, facts: WitnessFacts) -> None:
    name = facts.public_pseudonym.strip()
    if not name or len(name) > LONGEST_PSEUDONYM or not facts.category:
        raise WitnessIncomplete(subject=f"case:{case.pk}", scope=case.pk)


def _pseudonym_free(by: User, case: Case, pseudonym: str, apart_from: Witness | None = None) -> None:
    others = Witness.objects.kept().filter(case=case)
    if apart_from is not None:
        others = others.exclude(pk=apart_from.pk)
    opened = open_rows(others, "public_pseudonym", reader=by.staff_code, purpose=Purpose.INTAKE)
    asked = pseudonym.strip()
    used = (row.text("public_pseudonym") for row in opened.values())
    if any(one.casefold() == asked.casefold() or is_same(one, asked) for one in used):
        raise PseudonymTaken(subject=f"case:{case.pk}", scope=case.pk, field="public_pseudonym")


def _record(kind: Kind, by: User, witness: Witness, **facts: str | int) -> None:
    record(
        kind,
        by=by.staff_code,
        subject=f"witness:{witness.pk}",
        scope=witness.case_id,
        facts=facts,
        rows=[witness],
    )
