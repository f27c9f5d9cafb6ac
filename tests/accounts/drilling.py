"""Drills as tests play them: what a sweep asks, and what custodians answer on laptops of their own."""

from dataclasses import replace

from accounts.actions.drills import answer_drill, drill_paper
from accounts.door import entering
from accounts.models import Drill, User
from tests.custodians import Board, id_of
from vault.custodian import papers
from vault.custodian.papers import Ask, Decision


def of_pair(*people: User) -> Drill:
    """The drill that waits for these two."""
    wanted = {id_of(one) for one in people}
    return next(one for one in Drill.objects.filter(state="asked") if set(one.pair) == wanted)


def answer_of(made: Board, drill: Drill, person: User, *, lying: bool = False) -> bytes:
    """What the person signs; a liar gives back something else in the place of their half."""
    with entering(person, "test"):
        ask = Ask.read(drill_paper(by=person, drill=drill))
    keys = made.keys[id_of(person)]
    said = papers.approve(ask, id_of(person), keys)
    return lie(said, made, person).write() if lying else said.write()


def lie(said: Decision, made: Board, person: User) -> Decision:
    request = said.request
    false = tuple(
        replace(one, encrypted=request.key.encrypt(bytes(32), request.returning(one.binding)))
        for one in said.halves
    )
    unsigned = replace(said, halves=false)
    signature = made.keys[id_of(person)].sign(papers.SIGNED_AS, unsigned.signed_bytes)
    return replace(unsigned, signature=signature)


def say(made: Board, drill: Drill, person: User, *, lying: bool = False) -> Drill:
    """Answer by the door."""
    raw = answer_of(made, drill, person, lying=lying)
    with entering(person, "test"):
        return answer_drill(by=person, drill=drill, answer=raw)
