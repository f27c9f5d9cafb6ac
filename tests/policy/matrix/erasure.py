"""Who may hold, erase and see what is due."""

from django.utils import timezone

from accounts.door import entering
from cases.actions.holds import place_hold
from cases.models import LegalHold, Witness
from exports.actions.disposal import (
    DeedFacts,
    DisposalFacts,
    agree_disposal,
    ask_disposal,
    carry_out_disposal,
)
from exports.models import Destruction, Disposal
from exports.vocabulary import DestructionMethod, Thing
from tests.exports.worlds import World as Sending
from tests.policy.matrix.exports import a_case
from tests.policy.matrix.withdrawal import PAPER
from tests.policy.rows import World, everybody, row

_STRANGERS = {"outsider": 404, "recipient": 404, "sysadmin": 404}
READ = everybody(
    403,
    lead=200,
    investigator=200,
    interpreter=200,
    supervisor=200,
    custodian=200,
    disclosure_officer=200,
    **_STRANGERS,
)
IN = {"case": a_case}


def erasing(world: World) -> Sending:
    """A witness who took everything back, and an erasure that somebody asked for."""
    people = world.people
    made = Sending(
        lead=people["lead"],
        investigator=people["investigator"],
        supervisor=people["supervisor"],
        officer=people["disclosure_officer"],
        contact=people["recipient"],
        outsider=people["outsider"],
        case=world.get(a_case),
    )
    made.__dict__["custodian"] = people["custodian"]
    assert made.consent
    made.withdraw()
    return made


def a_leaver(world: World) -> Witness:
    return world.get(erasing).witness


def an_erasure(world: World) -> Destruction:
    made = world.get(erasing)
    made.__dict__.setdefault("erasure", None)
    if made.__dict__["erasure"] is None:
        from exports.actions.shredding import ask_erasure

        with entering(made.custodian, "test"):
            made.__dict__["erasure"] = ask_erasure(
                by=made.custodian, witness=made.witness, reason="Their word"
            )
    return made.erasure


def a_hold(world: World) -> LegalHold:
    with entering(world.people["lead"], "test"):
        return place_hold(by=world.people["lead"], case=world.get(a_case), authority="Court order 7/2026")


def a_disposal(world: World) -> Disposal:
    """A disk that the lead wants overwritten."""
    with entering(world.people["lead"], "test"):
        return ask_disposal(
            by=world.people["lead"],
            case=world.get(a_case),
            facts=DisposalFacts(
                thing=Thing.MEDIUM,
                method=DestructionMethod.SECURE_ERASE,
                mark="Disk 7, label blue",
                reason="It was copied and is not needed",
                early="A copy of what is kept",
            ),
        )


def a_done_disposal(world: World) -> Disposal:
    """The same, agreed to and carried out: somebody who saw it must confirm it."""
    row, supervisor = world.get(a_disposal), world.people["supervisor"]
    with entering(supervisor, "test"):
        agree_disposal(by=supervisor, disposal=row)
        facts = DeedFacts(
            done_on=timezone.localdate(),
            done_by="The workshop",
            place="The cellar",
            how="Overwritten three times with the maker's own tool; the label was on it",
            present="INV-EV",
        )
        return carry_out_disposal(by=supervisor, disposal=row, facts=facts)


DISPOSAL = {**IN, "disposal": a_disposal}
DECIDERS = {"lead": 200, "supervisor": 200}
DECIDED = {"lead": 302, "supervisor": 302}
ROWS = [
    row("hold-list", IN, GET=READ),
    row(
        "hold-place",
        IN,
        GET=everybody(403, **DECIDERS, **_STRANGERS),
        POST=everybody(403, lead=422, supervisor=422, **_STRANGERS),
    ),
    row(
        "hold-lift",
        {**IN, "hold": a_hold},
        data={"reason": "Lifted"},
        GET=everybody(403, **DECIDERS, **_STRANGERS),
        POST=everybody(403, **DECIDED, **_STRANGERS),
    ),
    row("retention-list", GET=everybody(200)),
    row("erasure-list", IN, GET=READ),
    row(
        "erasure-ask",
        {**IN, "witness": a_leaver},
        GET=everybody(403, custodian=200, **_STRANGERS),
        data={"reason": "Their word"},
        POST=everybody(403, custodian=302, **_STRANGERS),
    ),
    row("erasure-detail", {**IN, "erasure": an_erasure}, GET=READ),
    row(
        "erasure-decide",
        {**IN, "erasure": an_erasure},
        data={"decision": "confirm"},
        GET=everybody(403, custodian=200, **DECIDERS, **_STRANGERS),
        POST=everybody(403, custodian=403, **DECIDED, **_STRANGERS),
    ),
    row("erasure-certificate", {**IN, "erasure": an_erasure}, data=PAPER, GET=READ, POST=READ),
    row("disposal-list", IN, GET=READ),
    row(
        "disposal-ask",
        IN,
        GET=everybody(403, custodian=200, **DECIDERS, **_STRANGERS),
        data={
            "thing": "medium",
            "method": "secure_erase",
            "mark": "Disk 8",
            "reason": "Not needed",
            "early": "A copy",
        },
        POST=everybody(403, custodian=302, **DECIDED, **_STRANGERS),
    ),
    row("disposal-detail", DISPOSAL, GET=READ),
    row(
        "disposal-decide",
        DISPOSAL,
        data={"decision": "confirm"},
        GET=everybody(403, custodian=200, **DECIDERS, **_STRANGERS),
        POST=everybody(403, lead=403, supervisor=302, custodian=302, **_STRANGERS),
    ),
    row(
        "disposal-carry-out",
        DISPOSAL,
        GET=everybody(403, custodian=200, **DECIDERS, **_STRANGERS),
        POST=everybody(403, lead=422, supervisor=422, custodian=422, **_STRANGERS),
    ),
    row("disposal-certificate", DISPOSAL, data=PAPER, GET=READ, POST=READ),
]
