"""Recording victims, how they are counted, and what is known of the dead.

Promise: as in `records`; a class of counting rises step by step, a rejection or a duplicate can always be
taken back, and no number is ever written: totals are counted from rows. Called by the victim pages and the
demonstration.
"""

from django.db import IntegrityError, transaction

from accounts.models import User
from audit.actions import record
from audit.vocabulary import Kind
from cases.actions.records import Cells, dated, insert, may_write, rewrite, text, within
from cases.codes import random_code
from cases.errors import RecordIncomplete, StepNotPossible
from cases.facts import DeathFacts, VictimFacts
from cases.models import Case, Death, Incident, Victim
from cases.vocabulary import CountClass

ASIDE = frozenset({CountClass.DUPLICATE, CountClass.REJECTED})
COUNT_STEPS: dict[CountClass, frozenset[CountClass]] = {
    CountClass.UNNAMED_REPORTED: frozenset({CountClass.NAMED_REPORTED, CountClass.UNNAMED_VERIFIED}) | ASIDE,
    CountClass.UNNAMED_VERIFIED: frozenset({CountClass.NAMED_VERIFIED, CountClass.UNNAMED_REPORTED}) | ASIDE,
    CountClass.NAMED_REPORTED: frozenset({CountClass.NAMED_VERIFIED, CountClass.UNNAMED_REPORTED}) | ASIDE,
    CountClass.NAMED_VERIFIED: frozenset({CountClass.NAMED_REPORTED}) | ASIDE,
    CountClass.DUPLICATE: frozenset(),
    CountClass.REJECTED: frozenset(),
}


def record_victim(
    *,
    by: User,
    case: Case,
    facts: VictimFacts,
    incident: Incident | None = None,
    count_class: CountClass = CountClass.UNNAMED_REPORTED,
) -> Victim:
    """Record a victim as reported, named or not; verified is a later step."""
    may_write(by, case)
    within(case.pk, incident)
    if count_class not in (CountClass.UNNAMED_REPORTED, CountClass.NAMED_REPORTED):
        raise StepNotPossible(subject=f"case:{case.pk}", scope=case.pk, to=count_class.value)
    while True:
        victim = Victim(
            case=case,
            code=random_code("V"),
            incident=incident,
            count_class=count_class,
            created_by=by,
        )
        try:
            with transaction.atomic():
                return insert(
                    victim, by=by, kind=Kind.VICTIM_RECORDED, cells=_victim_cells(facts), code=victim.code
                )
        except IntegrityError as error:
            if "code" not in str(error):
                raise


def change_victim(
    *, by: User, victim: Victim, expected: int, facts: VictimFacts, incident: Incident | None = None
) -> Victim:
    """Correct what is known of a victim."""
    may_write(by, victim.case_id)
    within(victim.case_id, incident)
    return rewrite(
        victim,
        by=by,
        kind=Kind.VICTIM_CHANGED,
        expected=expected,
        cells=_victim_cells(facts),
        plain={"incident": incident},
    )


def count_victim(*, by: User, victim: Victim, to: CountClass, duplicate_of: Victim | None = None) -> Victim:
    """Move a victim to another class of counting.

    From `duplicate` or `rejected` the only way is back to the class before. A duplicate names the row that
    counts.
    """
    may_write(by, victim.case_id)
    within(victim.case_id, duplicate_of)
    held = Victim.objects.select_for_update().get(pk=victim.pk)
    before = CountClass(held.count_class)
    _may_count(held, before, to, duplicate_of)
    held.count_class = to
    held.count_class_before = before if to in ASIDE else ""
    held.duplicate_of = duplicate_of if to == CountClass.DUPLICATE else None
    held.save(update_fields=["count_class", "count_class_before", "duplicate_of"])
    record(
        Kind.VICTIM_COUNTED,
        by=by.staff_code,
        subject=f"victim:{held.pk}",
        scope=held.case_id,
        facts={"before": before.value, "to": to.value},
        rows=[held],
    )
    return held


def record_death(*, by: User, victim: Victim, facts: DeathFacts) -> Death:
    """Record how a victim died and the way of the body, as reported."""
    may_write(by, victim.case_id)
    if Death.objects.filter(victim=victim).exists():
        raise StepNotPossible(subject=f"victim:{victim.pk}", scope=victim.case_id)
    death = Death(case_id=victim.case_id, victim=victim, created_by=by, sensitivity=victim.sensitivity)
    return insert(death, by=by, kind=Kind.DEATH_RECORDED, cells=_death_cells(facts))


def change_death(*, by: User, death: Death, expected: int, facts: DeathFacts) -> Death:
    """Correct what is known of a death."""
    may_write(by, death.case_id)
    return rewrite(
        death,
        by=by,
        kind=Kind.DEATH_CHANGED,
        expected=expected,
        cells=_death_cells(facts),
        plain={},
    )


def _may_count(victim: Victim, before: CountClass, to: CountClass, duplicate_of: Victim | None) -> None:
    subject, scope = f"victim:{victim.pk}", victim.case_id
    steps = frozenset({CountClass(victim.count_class_before)}) if before in ASIDE else COUNT_STEPS[before]
    if to not in steps:
        raise StepNotPossible(subject=subject, scope=scope, before=before.value, to=to.value)
    if to == CountClass.DUPLICATE:
        if duplicate_of is None or duplicate_of.pk == victim.pk:
            raise RecordIncomplete(subject=subject, scope=scope, field="duplicate_of")
        # A row that is itself set aside counts for nobody.
        if CountClass(duplicate_of.count_class) in ASIDE:
            raise StepNotPossible(subject=subject, scope=scope, to=to.value)
    if to in ASIDE and Victim.objects.filter(duplicate_of=victim).exists():
        raise StepNotPossible(subject=subject, scope=scope, to=to.value)


def _victim_cells(facts: VictimFacts) -> Cells:
    answers = {True: "yes", False: "no", None: None}
    return {
        "counting_unit": str(facts.counting_unit),
        "outcome": str(facts.outcome),
        "sex": str(facts.sex),
        "age_band": str(facts.age_band),
        "civilian_status": str(facts.civilian_status),
        "group_targeted": [group.strip() for group in facts.group_targeted if group.strip()] or None,
        "known_as": text(facts.known_as),
        "family_consent_to_name": answers[facts.family_consent_to_name],
        "dates": dated(facts.dates),
    }


def _death_cells(facts: DeathFacts) -> Cells:
    return {
        "dates": dated(facts.dates),
        "circumstances": {
            "place": facts.place.strip(),
            "method": str(facts.method),
            "cause_basis": facts.cause_basis.strip(),
        },
        "body": {
            "condition": facts.body_condition.strip(),
            "wounds": facts.wounds.strip(),
            "consistency": str(facts.consistency),
            "autopsy": str(facts.autopsy),
            "certificate": str(facts.certificate),
        },
        "handling_chain": [
            {
                "step": part.step.strip(),
                **dated(part.at),
                "place": part.place.strip(),
                "by_whom": part.by_whom.strip(),
                "note": part.note.strip(),
            }
            for part in facts.chain
        ]
        or None,
        "burial": {
            "grave_ref": facts.grave_ref.strip(),
            "ordered_by": facts.burial_ordered_by.strip(),
            "rites": str(facts.rites),
        },
    }
