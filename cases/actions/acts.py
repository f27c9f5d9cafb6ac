"""Recording acts, actors, and what is reported of an actor's part in an act.

Promise: as in `records`; nothing here says who is guilty, only what is reported. Called by the act and
actor pages and the demonstration.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from audit.vocabulary import Kind
from cases.actions.records import Cells, dated, insert, may_write, rewrite, text, trace, within
from cases.codes import random_code
from cases.errors import RecordIncomplete, StepNotPossible
from cases.facts import ActFacts, ActorFacts, InvolvementFacts
from cases.models import Act, Actor, ActVictim, Case, Incident, Involvement, Location, Victim


def record_act(
    *,
    by: User,
    incident: Incident,
    facts: ActFacts,
    victims: tuple[Victim, ...] = (),
    location: Location | None = None,
) -> Act:
    """Record an act within an incident, and to whom it was done."""
    may_write(by, incident.case_id)
    within(incident.case_id, location, *victims)
    act = Act(case_id=incident.case_id, incident=incident, location=location, created_by=by)
    act.sensitivity = incident.sensitivity
    insert(act, by=by, kind=Kind.ACT_RECORDED, cells=_act_cells(facts), victims=len(victims))
    for victim in victims:
        _link(by, act, victim)
    return act


def change_act(
    *,
    by: User,
    act: Act,
    expected: int,
    facts: ActFacts,
    victims: tuple[Victim, ...],
    location: Location | None = None,
) -> Act:
    """Correct an act; `victims` are all to whom it was done, links to others are taken back."""
    may_write(by, act.case_id)
    within(act.case_id, location, *victims)
    held = rewrite(
        act,
        by=by,
        kind=Kind.ACT_CHANGED,
        expected=expected,
        cells=_act_cells(facts),
        plain={"location": location},
    )
    wanted = {victim.pk: victim for victim in victims}
    for link in ActVictim.objects.select_for_update().filter(act=held, retracted_at__isnull=True):
        if wanted.pop(link.victim_id, None) is None:
            link.retracted_at = timezone.now()
            link.save(update_fields=["retracted_at"])
            trace(link, by=by, kind=Kind.VICTIM_LINKED, retracted=1)
    for victim in wanted.values():
        _link(by, held, victim)
    return held


def record_actor(*, by: User, case: Case, facts: ActorFacts, unit_of: Actor | None = None) -> Actor:
    """Record somebody who is said to have taken part."""
    may_write(by, case)
    within(case.pk, unit_of)
    while True:
        actor = Actor(case=case, code=random_code("A"), unit_of=unit_of, created_by=by)
        try:
            with transaction.atomic():
                return insert(
                    actor, by=by, kind=Kind.ACTOR_RECORDED, cells=_actor_cells(facts), code=actor.code
                )
        except IntegrityError as error:
            if "code" not in str(error):
                raise


def change_actor(
    *, by: User, actor: Actor, expected: int, facts: ActorFacts, unit_of: Actor | None = None
) -> Actor:
    """Correct what is known of an actor."""
    may_write(by, actor.case_id)
    within(actor.case_id, unit_of)
    above = unit_of
    while above is not None:
        if above.pk == actor.pk:
            raise RecordIncomplete(subject=f"actor:{actor.pk}", scope=actor.case_id, field="unit_of")
        above = above.unit_of
    return rewrite(
        actor,
        by=by,
        kind=Kind.ACTOR_CHANGED,
        expected=expected,
        cells=_actor_cells(facts),
        plain={"unit_of": unit_of},
    )


def record_involvement(*, by: User, act: Act, actor: Actor, facts: InvolvementFacts) -> Involvement:
    """Record that an actor is reported to have taken part in an act, and in which way."""
    may_write(by, act.case_id)
    within(act.case_id, actor)
    involvement = Involvement(
        case_id=act.case_id, act=act, actor=actor, created_by=by, sensitivity=act.sensitivity
    )
    return insert(involvement, by=by, kind=Kind.INVOLVEMENT_RECORDED, cells=_involvement_cells(facts))


def change_involvement(
    *, by: User, involvement: Involvement, expected: int, facts: InvolvementFacts
) -> Involvement:
    """Correct what is reported."""
    may_write(by, involvement.case_id)
    _standing(involvement)
    return rewrite(
        involvement,
        by=by,
        kind=Kind.INVOLVEMENT_CHANGED,
        expected=expected,
        cells=_involvement_cells(facts),
        plain={},
    )


def retract_involvement(*, by: User, involvement: Involvement) -> Involvement:
    """Take a report back; the row and all it said stay."""
    may_write(by, involvement.case_id)
    held = Involvement.objects.select_for_update().get(pk=involvement.pk)
    _standing(held)
    held.retracted_at = timezone.now()
    held.save(update_fields=["retracted_at"])
    trace(held, by=by, kind=Kind.INVOLVEMENT_CHANGED, retracted=1)
    return held


def _standing(involvement: Involvement) -> None:
    if involvement.retracted_at is not None:
        raise StepNotPossible(subject=f"involvement:{involvement.pk}", scope=involvement.case_id)


def _link(by: User, act: Act, victim: Victim) -> None:
    link = ActVictim(case_id=act.case_id, act=act, victim=victim, created_by=by, sensitivity=act.sensitivity)
    link.save(force_insert=True)
    trace(link, by=by, kind=Kind.VICTIM_LINKED)


def _act_cells(facts: ActFacts) -> Cells:
    spoken = facts.stated_reason
    return {
        "type": str(facts.type),
        "method": text(facts.method),
        "stated_reason": None
        if spoken is None or not spoken.words.strip()
        else {
            "words": spoken.words.strip(),
            "spoken_by": spoken.spoken_by.strip(),
            "language": spoken.language.strip(),
        },
        "dates": dated(facts.dates),
        "attribution": text(facts.attribution),
        "description": text(facts.description),
    }


def _actor_cells(facts: ActorFacts) -> Cells:
    return {
        "kind": str(facts.kind),
        "name": text(facts.name),
        "aliases": [alias.strip() for alias in facts.aliases if alias.strip()] or None,
        "side": text(facts.side),
        "rank_or_position": text(facts.rank_or_position),
        "description": text(facts.description),
        "identification_strength": str(facts.identification_strength),
    }


def _involvement_cells(facts: InvolvementFacts) -> Cells:
    return {"degree": str(facts.degree), "status": str(facts.status), "note": text(facts.note)}
